package tui

import (
	"maps"
	"slices"
	"testing"

	"mfa-tui/workos"
)

// The palette does what the keys of the screen do, by their names.
func TestPaletteDoesWhatKeysDo(t *testing.T) {
	p := threeFactors(t, 80, 24).press("down", ":").sees("enroll", "delete", "users", "quit", "esc close")
	p.types("dlt").sees("delete").seesNo("users").press("enter").at("confirm").sees("Delete this factor", "+• •••-•••-0006")
	p.press(":").types("back").press("enter").at("factors").press(":", "esc").at("factors").sees("3 factors")
	p.press("n", "enter").types("Foo").press("ctrl+p").types("next").press("enter").at("enrollForm").types("a@b.co").press("enter").at("qr")
	p.press(":").types("no such thing").sees("nothing of this name").press("enter", "esc").at("qr")
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
	p.press("ctrl+p").types("500555").sees("+• •••-•••-0006", "factor").press("enter").at("factor").sees("SMS").press("esc").at("factors")

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
