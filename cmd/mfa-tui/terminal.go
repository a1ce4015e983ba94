package main

import (
	"cmp"
	"io"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"mfa-tui/tui"
	"mfa-tui/tui/qr"
)

// look is how the terminal is drawn on: from the flags and the environment
// alone, since the terminal itself is not asked.
type look struct {
	profile termenv.Profile // Ascii for no colours
	light   bool            // the background, for what is drawn without colours
	theme   tui.Theme
	dumb    bool // the terminal has no weights and no reverse video either
}

// themes are the values of --theme.
var themes = []string{"auto", "dark", "light", "none"}

// lookOf returns the look of a terminal with a theme of [themes].
func lookOf(e environ, terminal io.Writer, theme string) look {
	l := look{profile: colorProfile(e, terminal), dumb: e["TERM"] == "dumb"}
	light, known := lightBackground(e)
	switch theme {
	case "none":
		l.profile = termenv.Ascii
	case "dark":
		light, known = false, true
	case "light":
		light, known = true, true
	}
	l.light = light
	switch {
	case l.plain():
		l.theme = tui.PlainTheme
	case known && light:
		l.theme = tui.LightTheme
	case known:
		l.theme = tui.DarkTheme
	}
	return l
}

// colorProfile is what the environment says of the terminal's colours.
func colorProfile(e environ, terminal io.Writer) termenv.Profile {
	if e["TERM"] == "dumb" {
		return termenv.Ascii
	}
	return output(e, terminal).EnvColorProfile()
}

func output(e environ, terminal io.Writer) *termenv.Output {
	return termenv.NewOutput(terminal, termenv.WithEnvironment(e), termenv.WithTTY(true))
}

// paintOf is how QR codes are painted on a terminal, also where no colours are
// wanted.
func paintOf(e environ, terminal io.Writer) qr.Paint {
	return qr.PaintFor(e["TERM"], output(e, terminal).ColorProfile())
}

// plain reports whether there are no colours, or none are wanted.
func (l look) plain() bool { return l.profile == termenv.Ascii }

// theme is what --theme or the environment asks for.
func (p *program) theme() string { return cmp.Or(p.flags.theme, p.env["MFA_TUI_THEME"], "auto") }

// renderer returns the renderer of the look. It asks the terminal nothing: both
// that it would ask for are set.
func (l look) renderer() *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(l.profile)
	if l.plain() && !l.dumb {
		r.SetColorProfile(termenv.ANSI) // or bold and the cursor would go with the colours
	}
	r.SetHasDarkBackground(!l.light)
	return r
}

// lightBackground is what COLORFGBG says of the background, as rxvt, Konsole and
// others set it: "0;15" is black on white. Most terminals do not say.
func lightBackground(e environ) (light, known bool) {
	parts := strings.Split(e["COLORFGBG"], ";")
	bg, err := strconv.Atoi(parts[len(parts)-1])
	if err != nil {
		return false, false
	}
	return bg == 7 || bg > 8 && bg <= 15, true
}
