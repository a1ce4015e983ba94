package qr

import (
	"strings"

	"github.com/muesli/termenv"
)

// Paint is how black and white are made. A code is black on white whatever the
// terminal's theme, and also where no colours are wanted: it is a picture.
type Paint int

// The paints.
const (
	// Painted paints both colours, black 16 and white 231 of the 256, which no
	// theme changes.
	Painted Paint = iota
	// Painted16 paints both with the first 8 colours, and white with the bright
	// one where there are 16.
	Painted16
	// Reversed has the style of spaces alone, white in reverse video on a dark
	// screen: for terminals such as the VT100 that have neither colours nor block
	// characters.
	Reversed
	// Bare has nothing but blocks, white in the colour of text on a dark screen: for a
	// console that shows sequences instead of obeying them.
	Bare
)

// PaintFor returns the paint for a terminal: its TERM and the colours that it has,
// wanted or not.
func PaintFor(term string, profile termenv.Profile) Paint {
	switch {
	case strings.HasPrefix(term, "vt") && !strings.HasPrefix(term, "vte"), // VTE is a modern terminal
		strings.HasSuffix(term, "-mono"), strings.HasSuffix(term, "-m"): // as terminfo names them
		return Reversed
	case profile == termenv.TrueColor || profile == termenv.ANSI256:
		return Painted
	}
	return Painted16
}

// normal is the SGR sequence that ends a row.
const normal = "\x1b[0m"

// paints are the SGR sequences that begin a row, on white, those that make the
// background black and white again, and the one that ends the row. The glyph has the
// other colour.
var paints = [...]struct{ begin, black, white, end string }{
	Painted:   {"\x1b[38;5;16;48;5;231m", "\x1b[7m", "\x1b[27m", normal},
	Painted16: {"\x1b[30;47;107m", "\x1b[7m", "\x1b[27m", normal}, // a terminal without 107 keeps 47
	Reversed:  {"\x1b[7m", normal, "\x1b[7m", normal},             // a VT100 has no 27
	Bare:      {},
}
