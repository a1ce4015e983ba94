package tui

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"mfa-tui/store/factors"
)

// styles are all colours and weights. The renderer leaves them out on a terminal
// without colours and in tests.
type styles struct {
	renderer *lipgloss.Renderer
	reverse  bool // the bar of a chosen row is in reverse video

	text    pen
	name    pen // the program's
	title   pen
	dim     pen
	accent  pen // what is selected or has the focus
	bar     pen // a chosen row
	edge    pen // lines between parts
	key     pen
	good    pen
	warning pen
	bad     pen
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

// palette is the colours of a theme, from the 256 of every terminal. An empty colour
// is that of the terminal.
type palette struct {
	text, strong, accent, grey, good, warning, bad lipgloss.Color
	bar                                            lipgloss.Color // the background of a chosen row
	edge                                           lipgloss.Color // lines and boxes, which say nothing
}

var palettes = [...]palette{
	AnyTheme:   {accent: "99", grey: "244", edge: "244", good: "64", warning: "100", bad: "196"},
	DarkTheme:  {text: "252", strong: "231", accent: "141", grey: "247", good: "78", warning: "221", bad: "210", bar: "236", edge: "240"},
	LightTheme: {text: "236", strong: "16", accent: "55", grey: "240", good: "22", warning: "58", bad: "124", bar: "189", edge: "248"},
	PlainTheme: {},
}

// palettes16 are for a terminal with 16 colours, whose own text is the most readable: its
// yellow is not on a light background, and its bright black may be a dark background, as in
// Solarized, whose bright green and yellow are greys.
var palettes16 = [...]palette{
	AnyTheme:   {accent: "5", good: "2", bad: "1"},
	DarkTheme:  {accent: "13", good: "2", warning: "3", bad: "9"},
	LightTheme: {accent: "4", grey: "8", edge: "7", good: "2", bad: "1"},
	PlainTheme: {},
}

// line draws a line of a list: two columns for the mark, which hang out of the box at
// its left, then w columns of text, which may have styles of its own. A chosen one is a
// bar across the row.
func (st styles) line(chosen bool, text string, w int) string {
	mark := st.accent.Render("▌")
	switch text = column(text, w); {
	case !chosen:
		return hanging + "  " + text
	case st.reverse: // in which a mark would be a gap
		return hanging + mark + st.bar.ground(" "+underlines(text))
	}
	return hanging + st.bar.ground(mark+" "+text)
}

// styling is a sequence that begins a style, or ends all.
var styling = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\x1b\[[0-9;]*m`) })

// underlines is a text with no style of its own but that: in reverse video colours would
// become backgrounds, and what was searched for must be seen.
func underlines(text string) string {
	return styling().ReplaceAllStringFunc(text, func(sequence string) string {
		switch codes := strings.Split(sequence[2:len(sequence)-1], ";"); {
		case sequence == "\x1b[0m":
			return sequence
		case slices.Contains(codes, "4"):
			return "\x1b[4m"
		}
		return ""
	})
}

// pen is a style of a line. It draws a line as [lipgloss.Style.Render] does, which takes
// half the time of a frame.
type pen struct {
	lipgloss.Style
	begin, end string
}

func newPen(s lipgloss.Style) pen {
	begin, end, _ := strings.Cut(s.Render("x"), "x")
	return pen{s, begin, end}
}

// Render draws text.
func (p pen) Render(text string) string {
	switch {
	case strings.ContainsAny(text, "\n\t"):
		return p.Style.Render(text)
	case text == "" || p.begin == "":
		return text
	}
	return p.begin + text + p.end
}

// ground draws a line whose own styles end with this one coming back.
func (p pen) ground(line string) string {
	const reset = "\x1b[0m"
	if line == "" || p.begin == "" {
		return line
	}
	return p.begin + strings.ReplaceAll(line, reset, reset+p.begin) + p.end
}

// newStyles returns the styles of a theme.
func newStyles(r *lipgloss.Renderer, t Theme) styles {
	p := palettes[t]
	if r.ColorProfile() == termenv.ANSI {
		p = palettes16[t]
	}
	plain := t == PlainTheme
	reverse := p.bar == "" // no bar suits every background, and none of 16 colours suits text
	bar := r.NewStyle().Foreground(p.strong).Background(p.bar)
	if reverse {
		bar = r.NewStyle().Reverse(true)
	}
	badge := func(fg, bg lipgloss.Color) lipgloss.Style {
		if plain {
			return r.NewStyle().Bold(true).Reverse(true).Padding(0, 1)
		}
		return r.NewStyle().Bold(true).Foreground(fg).Background(bg).Padding(0, 1)
	}
	const black, white = lipgloss.Color("16"), lipgloss.Color("231")
	return styles{
		renderer: r,
		reverse:  reverse,
		text:     newPen(r.NewStyle().Foreground(p.text)),
		name:     newPen(r.NewStyle().Bold(true).Foreground(p.accent)),
		title:    newPen(r.NewStyle().Bold(true).Foreground(p.strong)),
		dim:      newPen(r.NewStyle().Foreground(p.grey).Faint(p.grey == "")),
		accent:   newPen(r.NewStyle().Bold(true).Foreground(p.accent)),
		bar:      newPen(bar),
		edge:     newPen(r.NewStyle().Foreground(p.edge).Faint(p.edge == "")),
		key:      newPen(r.NewStyle().Bold(true).Foreground(p.accent)),
		good:     newPen(r.NewStyle().Foreground(p.good)),
		warning:  newPen(r.NewStyle().Foreground(p.warning).Bold(p.warning == "")),
		bad:      newPen(r.NewStyle().Bold(true).Foreground(p.bad)),
		badges: map[factors.Mode]lipgloss.Style{
			factors.Local: badge(white, "61"),
			factors.Test:  badge(black, "172"),
			factors.Live:  badge(white, "160"),
		},
		box: r.NewStyle().Border(lipgloss.RoundedBorder()).BorderForeground(p.edge).Padding(0, 1),
	}
}
