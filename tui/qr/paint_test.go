package qr

import (
	"testing"

	"github.com/muesli/termenv"
)

func TestPaintFor(t *testing.T) {
	for _, test := range []struct {
		term    string
		profile termenv.Profile
		want    Paint
	}{
		{"xterm-kitty", termenv.TrueColor, Painted},
		{"xterm-256color", termenv.ANSI256, Painted},
		{"xterm", termenv.ANSI, Painted16},
		{"screen", termenv.Ascii, Painted16},
		{"dumb", termenv.Ascii, Painted16},
		{"linux", termenv.ANSI, Painted16},
		{"vt100", termenv.Ascii, Reversed},
		{"vt220", termenv.Ascii, Reversed},
		{"xterm-mono", termenv.Ascii, Reversed},
		{"rxvt-m", termenv.Ascii, Reversed},
		{"vte-256color", termenv.ANSI256, Painted},
	} {
		if got := PaintFor(test.term, test.profile); got != test.want {
			t.Errorf("%s, %v: paint %d, want %d", test.term, test.profile, got, test.want)
		}
	}
}
