package tui

import "github.com/charmbracelet/lipgloss"

// styles are all the colours and weights there are. They come from a renderer,
// so that a terminal without colours, or a test, gets plain text.
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
	badges  map[Mode]lipgloss.Style
	box     lipgloss.Style
}

// newStyles picks colours that read on dark and on light terminals, so that
// nothing has to be asked of the terminal before the first frame.
func newStyles(r *lipgloss.Renderer) styles {
	const (
		violet = lipgloss.Color("99")
		grey   = lipgloss.Color("244")
		green  = lipgloss.Color("35")
		orange = lipgloss.Color("172")
		red    = lipgloss.Color("203")
		black  = lipgloss.Color("16")
		white  = lipgloss.Color("231")
		blue   = lipgloss.Color("26")
	)
	badge := func(fg, bg lipgloss.Color) lipgloss.Style {
		return r.NewStyle().Bold(true).Foreground(fg).Background(bg).Padding(0, 1)
	}
	return styles{
		renderer: r,
		text:     r.NewStyle(),
		name:     r.NewStyle().Bold(true).Foreground(violet),
		title:    r.NewStyle().Bold(true),
		dim:      r.NewStyle().Foreground(grey),
		accent:   r.NewStyle().Bold(true).Foreground(violet),
		key:      r.NewStyle().Bold(true),
		good:     r.NewStyle().Foreground(green),
		warning:  r.NewStyle().Foreground(orange),
		bad:      r.NewStyle().Bold(true).Foreground(red),
		badges: map[Mode]lipgloss.Style{
			Local: badge(white, blue),
			Test:  badge(black, orange),
			Live:  badge(white, lipgloss.Color("160")),
		},
		box: r.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(grey).Padding(0, 1),
	}
}
