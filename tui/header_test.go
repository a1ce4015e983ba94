package tui

import (
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"mfa-tui/workos"
)

func TestTrailFitted(t *testing.T) {
	long := trail{"Factors", "Foo Corp · alan.turing@example.com", "Code"}
	for _, test := range []struct {
		in   trail
		w    int
		want string
	}{
		{long, 80, "Factors › Foo Corp · alan.turing@example.com › Code"},
		{long, 40, "Factors › Foo Corp · alan.turing… › Code"},
		{long, 26, "Factors › Foo Corp… › Code"},
		{long, 24, "… › Foo Corp · a… › Code"},
		{long, 18, "… › Code"},
		{long, 7, "Code"},
		{long, 2, "C…"},
		{long, 0, ""},
		{trail{"Factors"}, 40, "Factors"},
		{trail{"Factors", "日本語の発行者の名前"}, 20, "Factors › 日本語の…"},
	} {
		if got := strings.Join(test.in.fitted(test.w), trailSign); got != test.want {
			t.Errorf("%q in %d columns is %q, want %q", test.in, test.w, got, test.want)
		}
	}
}

// An enrollment shows how far it is until its first code is right.
func TestSteps(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.seesNo("● type")
	p.press("n").sees("● type · ○ details · ○ scan · ○ verify")
	p.press("down").sees("● type · ○ details · ○ message · ○ verify").press("up", "enter")
	p.sees("✓ type · ● details · ○ scan").types("Foo").press("tab").types("a").press("enter").at("qr")
	p.sees("── ✓ enrolled · step 3 of 4: scan ─").press("enter").sees("✓ details · ✓ enrolled · ✓ scan · ● verify")
	p.types(p.appCode(p.newest().ID)).at("result").sees("✓ details · ✓ enrolled · ✓ scan · ✓ verify")
	p.press("c").at("code").seesNo("● verify")

	p = newPerson(t, 80, 24).enrollTOTP("Foo", "a") // who leaves it has not scanned
	p.sees("step 3 of 4: scan").press("esc").at("factor").press("v").at("qr").seesNo("3 of 4").press("esc", "c").at("code").seesNo("verify ─")
	p = newPerson(t, 80, 24).press("n", "down", "down", "enter", "enter").at("code").sees("✓ enrolled · ● verify")
	p.press("esc", "esc").at("factors").press("c").at("code").seesNo("● verify")

	p = newPerson(t, 40, 12)
	p.press("n").sees("── step 1 of 4: type ─").press("down", "enter").types("+15005550006").press("enter").at("message").sees("── ✓ enrolled · step 3 of 4: message ─")

	st := newStyles(lipgloss.NewRenderer(io.Discard), PlainTheme)
	if got, want := strings.Join(enrollSteps(workos.TOTP, 2).brief(st, false), " · "), "✓ enrolled · ● scan"; got != want {
		t.Errorf("in a narrow column the steps are %q, want %q", got, want)
	}
}
