package tui

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// The palette does what the keys of the screen do, by their names.
func TestPaletteDoesWhatKeysDo(t *testing.T) {
	p := threeFactors(t, 80, 24).press("down", ":").sees("enroll", "delete", "users", "quit", "esc close")
	p.types("dlt").sees("delete").seesNo("users").press("enter").at("confirm").sees("Delete this factor", "+• •••-•••-0006")
	p.press(":").types("back").press("enter").at("factors").press(":", "esc").at("factors").sees("3 factors")
	p.press("n", "enter").types("Foo").press("ctrl+p").types("next").seesNo("next field").press("enter").at("enrollForm").types("a@b.co").press("enter").at("qr")
	p.press(":").types("no such thing").sees("No matches").press("enter", "esc").at("qr")
	if p.press("ctrl+p").types("quit").press("enter"); !p.quit {
		t.Error("it does not quit")
	}
}

// It leads from any screen to what is done on the list, to a factor and to a user who
// was seen, and asks nobody for them.
func TestPaletteGoesAnywhere(t *testing.T) {
	p := threeFactors(t, 80, 24).press("enter").at("factor")
	for text, screen := range map[string]string{"factors": "factors", "users": "users", "lab": "lab", "add by": "add", "enroll": "enrollType", "clear": "confirm"} {
		p.press("ctrl+p").types(text).press("enter").at(screen)
	}
	p.press("ctrl+p").types("500555").sees("+• 500-555-0006", "factor").press("enter").at("factor").sees("SMS").press("esc").at("factors")

	p.hasUser("marc@example.com", 1)
	calls := len(p.wire.calls)
	if p.press(":").types("marc").seesNo("marc@").press("esc"); len(p.wire.calls) != calls {
		t.Errorf("the palette asked for %v", p.wire.calls[calls:])
	}
	p.press("u").at("users").waits(listPause).press("esc", ":").types("marc").sees("marc@example.com", "user").press("esc")
	p.opens("marc@example.com").press("esc", "esc", ":").types("marc").sees("marc@example.com", "user").press("enter").at("userFactors").sees("1 factor")
	for _, screen := range anywhere {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(p.walked)), func(m move) bool { return m.by == "command" && m.to == screen }) {
			t.Errorf("the palette did not lead to %s", screen)
		}
	}
	p.press("i", "enter").sees("[Request]").press(":").types("quit").press("esc").sees("[Request]").press("i").at("userFactors")
}

// Factors and users are found by the letters of their names, in order, and by what no name
// has, which is then shown. What was typed is marked in each.
func TestPaletteFindsByName(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.hasUser("marc@example.com", 0)
	p.press("u").at("users").waits(listPause).press("esc")
	var totp string
	for _, r := range p.store.Records() {
		if r.Type == workos.TOTP {
			totp = r.ID
		}
	}
	p.press(":").types("fcturing").sees("Foo Corp · alan.turing@example.com factor TOTP").press("enter").at("factor").sees(totp)
	p.press(":").types("mrcexm").sees("▌ marc@example.com user").press("esc")
	p.press(":").types(strings.ToLower(totp[len(totp)-8:])).sees("Foo Corp", "factor ID ").sees(totp[len(totp)-8:]).press("esc")

	p.press("e").types("phone").press("ctrl+u").types("日本 phone").press("enter").at("factor")
	p.press(":").types("turing").sees("日本 phone factor TOTP · Foo Corp · alan.turing@").press("esc")
	s := p.model.showPalette().over.(paletteScreen)
	s.input.SetValue("本pe")
	if found := s.search().found; len(found) != 1 || !slices.Equal(found[0].matched, []int{1, 3, 7}) {
		t.Errorf("found, and marked: %+v", found)
	}
}

// What a screen and the list both have is there once, as the screen has it, with its whole
// key.
func TestPaletteHasNothingTwice(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c")
	p.types(p.shownCode()).at("result").press(":").sees("factors enter")
	if n := strings.Count(p.screen(), " enroll "); n != 1 {
		t.Errorf("enroll is there %d times:\n%s", n, p.screen())
	}
	p.press("esc", "i", "enter", ":").sees("view tab").seesNo("scroll").press("enter").sees("[Response]")
}

// What is not saved is not left by way of the palette, and neither is a call that can't
// be cancelled.
func TestPaletteStays(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.model.screen = unsavedScreen{p.model.session, "The factor is enrolled", p.newest(), errDisk, show(newFactorsScreen(p.model.session, ""))}
	p.press(":").sees("save again").seesNo("users", "lab").press("esc").at("unsaved")

	p = threeFactors(t, 80, 24).press("d")
	p.update(keyPress("y"))
	p.sees("Deleting").press(":").sees("leave it running").seesNo("users").press("esc").sees("Deleting")
}

var errDisk = &workos.Error{Message: "no space left on device"}

// What is typed is looked for in the sentences too, below the names, and the name of a
// factor has the room that there is, with what was typed in sight.
func TestPaletteSearchesSentences(t *testing.T) {
	p := threeFactors(t, 80, 24).press("enter", ":")
	for typed, want := range map[string]string{"totp": "enroll n Add a factor: TOTP", "sms": "enroll n", "rename": "▌ edit label e Rename", "curl": "▌ API calls i"} {
		p.types(typed).sees(want).press("ctrl+u")
	}
	p.types("list").sees("▌ clear list X", "add by ID a List a factor").press("esc", "esc")

	user := "grace.hopper@navy-labs-international-department.example.com"
	p.holds([]store.Record{{Factor: workos.Factor{ID: "auth_factor_1", Type: workos.TOTP, TOTP: &workos.TOTPDetails{Issuer: "Navy Labs International Department", User: user}}}})
	p.press(":").types("grace").sees("▌ …y Labs International Department · grace… factor").resizes(120, 40).sees("Navy Labs International Department · grace.hopper").resizes(40, 12).sees("…", "grace").types("xxx").sees("No matches")
}
