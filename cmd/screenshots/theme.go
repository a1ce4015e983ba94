package main

import (
	"fmt"

	"github.com/hinshun/vt10x"
)

// theme is the colours of a terminal window.
type theme struct {
	name   string // also the program's --theme
	fg, bg string
	bar    string // of the title
	edge   string // of the window
	faint  string // the title
	ansi   [16]string
}

var dark = theme{
	name: "dark", fg: "#d8dee4", bg: "#161b22", bar: "#21262d", edge: "#30363d", faint: "#9198a1",
	ansi: [16]string{
		"#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
		"#6e7681", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
	},
}

var light = theme{
	name: "light", fg: "#1f2328", bg: "#ffffff", bar: "#f6f8fa", edge: "#d1d9e0", faint: "#59636e",
	ansi: [16]string{
		"#24292f", "#cf222e", "#116329", "#4d2d00", "#0969da", "#8250df", "#1b7c83", "#6e7781",
		"#57606a", "#a40e26", "#1a7f37", "#633c01", "#218bff", "#a475f9", "#3192aa", "#8c959f",
	},
}

// colour is how the theme shows a colour of the terminal: one of its own, or of
// the 256 that all terminals have in common.
func (th theme) colour(c vt10x.Color) string {
	switch {
	case c == vt10x.DefaultFG:
		return th.fg
	case c == vt10x.DefaultBG:
		return th.bg
	case c < 16:
		return th.ansi[c]
	case c < 232: // a cube of six steps a side
		step := func(n vt10x.Color) vt10x.Color {
			if n == 0 {
				return 0
			}
			return 55 + 40*n
		}
		c -= 16
		return fmt.Sprintf("#%02x%02x%02x", step(c/36), step(c/6%6), step(c%6))
	case c < 256: // greys
		grey := 8 + 10*(c-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
	return fmt.Sprintf("#%06x", uint32(c)&0xffffff)
}
