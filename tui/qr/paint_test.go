package qr

import "testing"

func TestPaintFor(t *testing.T) {
	for _, test := range []struct {
		term           string
		noColor, light bool
		want           Paint
	}{
		{"xterm-256color", false, false, Painted},
		{"xterm-256color", false, true, Painted},
		{"xterm-256color", true, false, PlainDark},
		{"xterm-256color", true, true, PlainLight},
		{"tmux-256color", false, false, Painted},
		{"dumb", true, false, PlainDark},
		{"linux", false, false, Painted8},
		{"linux", true, false, Painted8},
		{"vt100", true, false, Reversed},
		{"vt220", false, false, Reversed},
		{"vte-256color", false, false, Painted},
		{"vte-256color", true, true, PlainLight},
	} {
		if got := PaintFor(test.term, test.noColor, test.light); got != test.want {
			t.Errorf("%s, no colour %t, light %t: paint %d, want %d", test.term, test.noColor, test.light, got, test.want)
		}
	}
}
