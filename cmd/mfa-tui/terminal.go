package main

import (
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// colorProfile is what the environment says of the terminal's colours; the
// terminal itself is not asked.
func colorProfile(e environ, terminal io.Writer) termenv.Profile {
	if e["TERM"] == "dumb" {
		return termenv.Ascii
	}
	return termenv.NewOutput(terminal, termenv.WithEnvironment(e), termenv.WithTTY(true)).EnvColorProfile()
}

// newRenderer returns the renderer of a terminal with these colours. It asks the
// terminal nothing: both that it would ask for are set.
func newRenderer(profile termenv.Profile, light bool) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(profile)
	r.SetHasDarkBackground(!light)
	return r
}

// lightBackground is what COLORFGBG says of the background, as rxvt, Konsole and
// others set it: "0;15" is black on white. Without it the terminal counts as dark.
func lightBackground(e environ) bool {
	parts := strings.Split(e["COLORFGBG"], ";")
	bg, err := strconv.Atoi(parts[len(parts)-1])
	return err == nil && (bg == 7 || bg > 8 && bg <= 15)
}
