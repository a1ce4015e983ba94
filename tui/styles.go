package tui

import (
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store/factors"
)

// styles are all colours and weights. The renderer leaves them out on a terminal
// without colours and in tests.
type styles struct {
	renderer *lipgloss.Renderer

	text    lipgloss.Style
	name    lipgloss.Style // the program's
	title   lipgloss.Style
	dim     lipgloss.Style
	accent  lipgloss.Style // what is selected or has the focus
	key     lipgloss.Style
	good    lipgloss.Style
	warning lipgloss.Style
	bad     lipgloss.Style
	badges  map[factors.Mode]lipgloss.Style
	box     lipgloss.Style
}

// Theme says on which background the colours must be readable.
type Theme int

// The themes. [AnyTheme] is readable on dark and on light backgrounds, so that the
// terminal need not be asked before the first frame.
const (
	AnyTheme Theme = iota
	DarkTheme
	LightTheme
	// PlainTheme has no colours, only weights and reverse video.
	PlainTheme
)

// palette is the colours of a theme, from the 256 of every terminal.
type palette struct {
	accent, grey, good, warning, bad lipgloss.Color
}

var palettes = [...]palette{
	AnyTheme:   {accent: "99", grey: "244", good: "29", warning: "130", bad: "160"},
	DarkTheme:  {accent: "141", grey: "247", good: "78", warning: "214", bad: "210"},
	LightTheme: {accent: "55", grey: "241", good: "22", warning: "94", bad: "124"},
	PlainTheme: {}, // an empty colour is that of the terminal
}

// row returns the mark before a line of a list, and the style of its name.
func (st styles) row(chosen bool) (cursor string, name lipgloss.Style) {
	if chosen {
		return st.accent.Render("› "), st.accent
	}
	return "  ", st.text
}

// newStyles returns the styles of a theme.
func newStyles(r *lipgloss.Renderer, t Theme) styles {
	p := palettes[t]
	plain := t == PlainTheme
	badge := func(fg, bg lipgloss.Color) lipgloss.Style {
		if plain {
			return r.NewStyle().Bold(true).Reverse(true).Padding(0, 1)
		}
		return r.NewStyle().Bold(true).Foreground(fg).Background(bg).Padding(0, 1)
	}
	const black, white = lipgloss.Color("16"), lipgloss.Color("231")
	return styles{
		renderer: r,
		text:     r.NewStyle(),
		name:     r.NewStyle().Bold(true).Foreground(p.accent),
		title:    r.NewStyle().Bold(true),
		dim:      r.NewStyle().Foreground(p.grey).Faint(plain),
		accent:   r.NewStyle().Bold(true).Foreground(p.accent),
		key:      r.NewStyle().Bold(true),
		good:     r.NewStyle().Foreground(p.good),
		warning:  r.NewStyle().Foreground(p.warning).Bold(plain),
		bad:      r.NewStyle().Bold(true).Foreground(p.bad),
		badges: map[factors.Mode]lipgloss.Style{
			factors.Local: badge(white, "26"),
			factors.Test:  badge(black, "172"),
			factors.Live:  badge(white, "160"),
		},
		box: r.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(p.grey).Padding(0, 1),
	}
}
