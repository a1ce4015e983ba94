package tui

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// Going back to the type, and to another type, keeps what was typed, as long as the
// enrollment lasts.
func TestFormKeepsWhatWasTyped(t *testing.T) {
	p := newPerson(t, 80, 24).press("n", "enter").types("My Shop").press("tab").types("a@b.co").press("tab").types("mine")
	p.press("esc").at("enrollType").press("down", "enter").sees("│ mine").types("+1500555").press("esc", "up", "enter")
	p.sees("┃ My Shop", "│ a@b.co", "│ mine").press("esc", "down", "enter").sees("┃ +1500555")
	p.press("esc", "esc", "n", "enter").seesNo("My Shop", "a@b.co", "mine")
}

// The label that is given with an enrollment is saved with it. One that names another
// factor is refused at its field before a call is made, also if another window has
// given it meanwhile.
func TestLabelWhenEnrolling(t *testing.T) {
	p := newPerson(t, 80, 24).press("n", "down", "enter").types("+15005550006").press("tab").types("phone").press("enter")
	p.at("message").sees("✓ Enrolled phone").press("esc", "esc").at("factors").sees("phone")
	if got := p.newest().Label; got != "phone" {
		t.Errorf("the label is %q", got)
	}
	calls := len(p.wire.calls)
	p.press("n", "down", "down", "enter").types("phone").sees(`✗ "phone" already names`, "( Enroll )", "Still to fix: Label").press("enter").at("enrollForm")
	p.press("ctrl+u").types("mail")
	p.inAnotherWindow(func(t testing.TB, other *store.Store) {
		if _, err := other.SetLabel(t.Context(), other.Records()[0].ID, "mail"); err != nil {
			t.Fatal(err)
		}
	})
	p.send(keyPress("enter")) // before the window has looked at the file
	if p.at("enrollForm").sees(`✗ "mail" already names`).seesNo("label:"); len(p.wire.calls) != calls {
		t.Errorf("called: %v", p.wire.calls[calls:])
	}
	p.types("box").press("enter").at("code").sees("✓ Enrolled mailbox")
}

// The button says when it works, what will be enrolled, and what is missing.
func TestEnrollButton(t *testing.T) {
	p := newPerson(t, 80, 24).press("n", "enter").sees("( Enroll ) Still empty: Issuer, User", "enter next").types("Foo: Corp")
	p.sees("( Enroll ) Still empty: User · still to fix: Issuer").press("ctrl+u").types("Foo").press("tab").types("a@b.co")
	p.sees("[ Enroll ] in the app: Foo (a@b.co)", "enter enroll")
	p.press("esc", "down", "enter").types("+1 500 555 0006").sees("[ Enroll ] codes go to +1 500-555-0006 · United States")
}

// What the server refused once can be sent again as it is.
func TestRefusedFieldAgain(t *testing.T) {
	p := newPerson(t, 80, 24).press("n", "down", "enter").types("+15005550006")
	p.wire.fault = answer(422, "application/json", `{"code":"invalid_phone_number","message":"Phone number is invalid"}`)
	p.press("enter").at("enrollForm").sees("✗ Phone number is invalid", "[ Enroll ]", "enter enroll")
	p.wire.fault = nil
	p.press("enter").at("message").sees("✓ enrolled")
}

// No mistake moves what is below it.
func TestFormDoesNotJump(t *testing.T) {
	for _, size := range [][2]int{{60, 24}, {40, 12}} {
		p := newPerson(t, size[0], size[1]).press("n", "enter")
		row := func(text string) int {
			return strings.Count(strings.SplitAfter(p.screen(), text)[0], "\n")
		}
		label, button := row("Label"), row("Enroll )")
		for _, keys := range []string{"a", ":", " enter", "tab x", "tab y", "tab"} {
			p.press(strings.Fields(keys)...)
			if row("Label") != label || row("Enroll )") != button {
				t.Errorf("%v: the form has moved:\n%s", size, p.screen())
			}
		}
	}
}

// A field that is too small for its text shows where the cursor is, or the beginning.
func TestLongValue(t *testing.T) {
	p := newPerson(t, 40, 12).press("n", "enter").types("the beginning " + strings.Repeat("x", 40) + " the end")
	p.sees("x the end").seesNo("the beginning").press("home").sees("the beginning").seesNo("the end")
	p.press("end", "tab").sees("the beginning").seesNo("the end")
}

// On a small terminal a mistake in a field without the focus leaves a mark.
func TestMistakeElsewhere(t *testing.T) {
	p := newPerson(t, 40, 12).press("n", "enter").types("a:b").sees("┃ Issuer", "✗ Must not contain a colon")
	p.press("tab").sees("✗ Issuer  a:b", "whose factor it is", "( Enroll )")
}

// An enrollment ends verified, or with esc at the factor. If the first challenge of a
// Generic OTP factor fails, the factor is there to try again.
func TestFirstChallenge(t *testing.T) {
	p := newPerson(t, 80, 24).press("n", "down", "down", "enter")
	fault := answer(429, "application/json", `{"code":"rate_limit_exceeded"}`, "Retry-After", "30")
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/challenge") {
			return fault(r)
		}
		return nil, nil
	}
	p.press("enter").at("factor").sees("The challenge could not be started", "(429)")
	p.wire.fault = nil
	p.press("c").at("code").press("esc").at("factor").press("esc").at("factors").sees("1 factor")
	p.press("n", "down", "down", "enter", "enter").at("code").sees("✓ Enrolled Generic OTP", "● verify").types(p.shownCode()).at("result")
}

// Before a message is paid for the screen shows the number in full, and in LIVE what
// sending it means.
func TestMessageBeforeItCosts(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {40, 12}} {
		p := newPerson(t, size[0], size[1]).enrollSMS("+15005550006").press("c")
		p.sees("To +1 500-555-0006 · United States", "test phone shows it").seesNo("LIVE")
		p.model.session.Mode = factors.Live
		p.sees("! LIVE: a real text message is sent, which may cost money").seesNo("test phone")
	}
}

// Times are shown in UTC and as the wall has them, as far as there is room.
func TestLocalTime(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.now = p.now.In(time.FixedZone("CET", 3600))
	p.press("enter").at("factor").sees("2026-01-15 12:02:00 UTC · 13:02:00 CET · 1 minute ago")
	p.resizes(40, 12).seesNo("CET")
}

// The factor page behind an enrollment shows what became of the first challenge.
func TestFactorBehindAnEnrollmentIsUpToDate(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co").press("enter").at("code").types("000000").sees("wrong code").
		press("esc").at("qr").press("esc").at("factor").sees("✗ wrong code just now", "challenges ✗ 0 of 1 verified").press("esc")
	p.press("n", "down", "enter").types("+15005550006").press("tab", "enter").at("message").press("enter").at("code").
		press("esc").at("factor").sees("– not answered").press("esc").sees("– not answered")
	p.press("n", "down", "down", "enter", "enter").at("code").press("esc").at("factor").sees("– not answered").press("esc").sees("– not answered")
}
