package tui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

// clicks presses and releases the left button on a text that the terminal shows.
func (p *person) clicks(text string) *person {
	p.t.Helper()
	for y, line := range strings.Split(p.screen(), "\n") {
		before, _, ok := strings.Cut(line, text)
		if !ok {
			continue
		}
		at := tea.MouseMsg{X: lipgloss.Width(before), Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress}
		p.send(at)
		at.Action = tea.MouseActionRelease
		p.send(at)
		return p
	}
	p.t.Fatalf("%q is not on the screen:\n%s", text, p.screen())
	return p
}

func (p *person) wheels(b tea.MouseButton) *person {
	p.t.Helper()
	p.send(tea.MouseMsg{X: 5, Y: 5, Button: b, Action: tea.MouseActionPress})
	return p
}

// The mouse does the whole flow, except for typing.
func TestMouse(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.clicks("n enroll").at("enrollType").clicks("SMS").at("enrollForm").types("+15005550006").clicks("[ Enroll ]").at("message").clicks("esc back").at("factor")
	p.clicks("esc back").at("factors").clicks("n enroll").clicks("TOTP").at("enrollForm")
	p.clicks("User").types("a@b.co").clicks("( Enroll )").at("enrollForm").sees("✗ Must not be empty", "Still empty: Issuer").types("Foo")
	p.clicks("[ Enroll ]").at("qr").resizes(50, 24).press("z").clicks("▀").clicks("esc zoom out").resizes(80, 24).clicks("esc back").clicks("esc back").at("factors")

	p.sees("▌ TOTP").clicks("SMS").sees("▌ SMS").wheels(tea.MouseButtonWheelUp).sees("▌ TOTP").wheels(tea.MouseButtonWheelDown).sees("▌ SMS")
	p.clicks("SMS").at("factor").press("d").at("confirm").clicks("factor").at("confirm").clicks("[ No ]").at("factor")
	p.press("d").clicks("[ Delete ]").at("factors").sees("1 factor", "Deleted").seesNo("SMS")
	p.clicks("? help").sees("On this screen").clicks("esc close").seesNo("On this screen").clicks("? help").clicks("Everywhere").at("factors")
	p.press("L").clicks("lost").sees("▌ challenge: SMS lost").clicks("lost").sees("✓ Armed: challenge: SMS lost")
	if p.clicks("esc back").at("factors").clicks("q quit"); !p.quit {
		t.Error("the footer's quit does not quit")
	}
}

// Beside the list, on a filter that is typed and on a page, a click finds the
// factor that is seen there.
func TestMouseOnTheList(t *testing.T) {
	p := newPerson(t, 120, 12)
	for _, user := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		p.enrollTOTP("Foo", user+"@b.co").press("esc", "esc")
	}
	p.clicks("f@b.co").sees("▌ TOTP Foo f@b.co")
	p.clicks("created").at("factors").sees("▌ TOTP Foo f@b.co") // the detail
	p.press("G").sees("page 2 of 2").clicks("a@b.co").at("factor").press("esc")
	p.press("/").types("f@").clicks("f@b.co").at("factors")
}

// The other buttons and moving do nothing.
func TestMouseMoves(t *testing.T) {
	p := threeFactors(t, 80, 24)
	before := p.screen()
	for y := range 24 {
		p.send(tea.MouseMsg{X: 5, Y: y, Button: tea.MouseButtonRight, Action: tea.MouseActionPress})
		p.send(tea.MouseMsg{X: 5, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionMotion})
		p.send(tea.MouseMsg{X: -1, Y: -y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	}
	if p.screen() != before {
		t.Errorf("the screen is\n%s", p.screen())
	}
	p.resizes(1, 1)
	p.send(tea.MouseMsg{Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	if p.resizes(80, 24).screen() != before {
		t.Errorf("after a click where nothing is shown the screen is\n%s", p.screen())
	}
}
