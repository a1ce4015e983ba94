package widget

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

var codeKeys = map[string]tea.KeyType{
	"left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	"home": tea.KeyHome, "ctrl+u": tea.KeyCtrlU,
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
