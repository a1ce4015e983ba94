package qr

import "strings"

// Paint is how black and white are made.
type Paint int

// The paints.
const (
	// Painted sets both colours, black 16 on white 231 of the 256, so that the
	// terminal's theme does not matter.
	Painted Paint = iota
	// Painted8 sets both from the 8 colours of the Linux console, whose font has
	// half blocks but no sextants.
	Painted8
	// Reversed draws only spaces, white in reverse video on a dark screen, for
	// terminals such as the VT100 without colours and block characters.
	Reversed
	// PlainDark uses no colour: on a dark terminal the blocks are white.
	PlainDark
	// PlainLight uses no colour: on a light terminal the blocks are black.
	PlainLight
)

// PaintFor returns the paint for a terminal, by its TERM, whether it has no colours or
// none are wanted (NO_COLOR), and whether its background is light, which matters only
// without colours. The Linux console always keeps its paint, since the plain ones may
// draw sextants.
func PaintFor(term string, noColor, light bool) Paint {
	switch {
	case term == "linux":
		return Painted8
	case strings.HasPrefix(term, "vt") && !strings.HasPrefix(term, "vte"): // VTE is a modern terminal
		return Reversed
	case noColor && light:
		return PlainLight
	case noColor:
		return PlainDark
	}
	return Painted
}

// backgrounds are the escape sequences that make a space black and white.
func (p Paint) backgrounds() (black, white string) {
	const reverse = "\x1b[7m"
	switch p {
	case Painted:
		return "\x1b[48;5;16m", "\x1b[48;5;231m"
	case Painted8:
		return "\x1b[40m", "\x1b[47m"
	case PlainLight:
		return reverse, ""
	}
	return "", reverse
}

// sequences are the escape sequences that begin and end a row.
func (p Paint) sequences() (begin, end string) {
	switch p {
	case Painted:
		return "\x1b[38;5;16;48;5;231m", "\x1b[0m"
	case Painted8:
		return "\x1b[30;47m", "\x1b[0m"
	}
	return "", ""
}
