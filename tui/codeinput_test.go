package tui

import (
	"strings"
	"testing"
)

func TestCodeInput(t *testing.T) {
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
			var c codeInput
			completed := false
			for _, k := range strings.Fields(tt.keys) {
				c, completed, _ = c.update(keyPress(k))
			}
			if c.value() != tt.value || c.at != tt.at || completed != tt.completed {
				t.Errorf("value %q at %d, completed %v; want %q at %d, %v", c.value(), c.at, completed, tt.value, tt.at, tt.completed)
			}
		})
	}
}

func TestSMSSegments(t *testing.T) {
	tests := []struct {
		text string
		want int
	}{
		{"", 1},
		{strings.Repeat("a", 160), 1},
		{strings.Repeat("a", 161), 2},
		{strings.Repeat("a", 306), 2},
		{strings.Repeat("a", 307), 3},
		{strings.Repeat("€", 80), 1},
		{strings.Repeat("€", 81), 2},
		{strings.Repeat("я", 70), 1},
		{strings.Repeat("я", 71), 2},
		{strings.Repeat("😀", 35), 1},
		{strings.Repeat("😀", 36), 2},
	}
	for _, tt := range tests {
		if got := smsSegments(tt.text); got != tt.want {
			t.Errorf("%d × %.4q: %d segments, want %d", len([]rune(tt.text)), tt.text, got, tt.want)
		}
	}
}
