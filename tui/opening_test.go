package tui

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// Keys pressed before the factors are read are not lost, and ctrl+c need not wait.
func TestOpening(t *testing.T) {
	p := newPerson(t, 40, 12)
	built := false
	m := Opening(func() Model { built = true; return New(p.model.session.Options) })
	if m.View() != "" {
		t.Error("something is drawn before the factors are read")
	}
	for _, msg := range []tea.Msg{tea.WindowSizeMsg{Width: 80, Height: 24}, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("n")}} {
		var cmd tea.Cmd
		if m, cmd = m.Update(msg); cmd != nil {
			t.Errorf("%v does something", msg)
		}
	}
	if _, cmd := m.Update(tea.KeyMsg{Type: tea.KeyCtrlC}); cmd == nil || cmd() != tea.Quit() {
		t.Error("ctrl+c does not quit")
	}
	if built {
		t.Error("built before the command was run")
	}
	m, _ = m.Update(m.Init()())
	opened, ok := m.(Model)
	if !ok {
		t.Fatalf("it became a %T", m)
	}
	if _, ok := opened.screen.(enrollTypeScreen); !ok || opened.session.width != 80 {
		t.Errorf("the screen is a %T of %d columns", opened.screen, opened.session.width)
	}
}

// A terminal that is too small says how large it is, and how to quit.
func TestTooSmall(t *testing.T) {
	p := newPerson(t, 30, 8)
	for size, want := range map[[2]int]string{
		{30, 8}: "mfa-tui needs 40x12, this\nterminal is 30x8 · q quits", {120, 5}: "mfa-tui needs 40x12, this terminal is 120x5 · q quits",
		{20, 1}: "mfa-tui needs 40x12,",
	} {
		if got := ansi.Strip(p.resizes(size[0], size[1]).model.View()); got != want {
			t.Errorf("%v: %q", size, got)
		}
	}
	p.resizes(80, 24).press("u").resizes(30, 8).sees("ctrl+c quits")
}
