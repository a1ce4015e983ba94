package widget

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

var codeKeys = map[string]tea.KeyType{
	"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	"home": tea.KeyHome, "ctrl+u": tea.KeyCtrlU, "enter": tea.KeyEnter,
}

func TestCode(t *testing.T) {
	tests := []struct {
		keys, value string
		at          int
		completed   bool
	}{
		{"0 0 7", "007", 3, false},
		{"1 2 3 4 5 6", "123456", 6, true},
		{"1 2 backspace", "1", 1, false},
		{"backspace", "", 0, false},
		{"1 2 3 left left 9", "193", 2, false},
		{"1 2 left left left 8 right 7", "827", 3, false},
		{"a - 1", "1", 1, false},
		{"1 2 3 ctrl+u 4", "4", 1, false},
		{"1 2 3 home delete", "23", 0, false},
		{"1 2 3 4 5 right right 6", "123456", 6, true},
	}
	for _, tt := range tests {
		t.Run(tt.keys, func(t *testing.T) {
			var c Code
			completed := false
			for _, k := range strings.Fields(tt.keys) {
				msg := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
				if special, ok := codeKeys[k]; ok {
					msg = tea.KeyMsg{Type: special}
				}
				c, completed, _ = c.Update(msg)
			}
			if c.Value() != tt.value || c.at != tt.at || completed != tt.completed {
				t.Errorf("value %q at %d, completed %v; want %q at %d, %v", c.Value(), c.at, completed, tt.value, tt.at, tt.completed)
			}
		})
	}
}

// The digits of a wrong code stay. The next digit, or a paste, begins afresh; backspace
// and the arrows correct what is there.
func TestWrongCode(t *testing.T) {
	key := func(k string) tea.KeyMsg {
		if special, ok := codeKeys[k]; ok {
			return tea.KeyMsg{Type: special}
		}
		return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(k)}
	}
	for keys, want := range map[string]string{
		"": "123456 wrong", "x": "123456 wrong", "enter": "123456 wrong", "7": "7", "7 8": "78", "654 321": "654321", "78": "78",
		"backspace": "12345", "backspace 7": "123457", "left": "123456", "left 7": "123457", "home 9": "923456", "ctrl+u": "",
	} {
		c := CodeOf("123456").Judged(Wrong)
		pressed := strings.Fields(keys)
		if keys == "654 321" { // in one paste
			pressed = []string{keys}
		}
		for _, k := range pressed {
			c, _, _ = c.Update(key(k))
		}
		got := c.Value()
		if c.Verdict() == Wrong {
			got += " wrong"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", keys, got, want)
		}
	}
}

// Every state of the cells has its style, for digits and frames.
func TestCodeStyles(t *testing.T) {
	mark := func(sign string) lipgloss.Style {
		return lipgloss.NewStyle().Transform(func(s string) string {
			return strings.Map(func(r rune) rune { return []rune(sign)[0] }, s)
		})
	}
	st := CodeStyles{Cell: mark("c"), Current: mark("_"), Digit: mark("d"), Wrong: mark("w"), Right: mark("r")}
	for want, c := range map[string]Code{"cd": CodeOf("123456"), "w": CodeOf("123456").Judged(Wrong), "r": CodeOf("123456").Judged(Right)} {
		if got := strings.Trim(c.View(st, true), want+"\n "); got != "" {
			t.Errorf("the cells are not all %q:\n%s", want, c.View(st, true))
		}
	}
}
