package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

// helpView is the list of all keys, which lies over the screen. Keys that move
// scroll it where it is longer than the terminal, any other closes it.
type helpView struct {
	open bool
	from int // the first line that is shown
}

// helpKeys are the keys of the help.
func (m Model) helpKeys() []key.Binding {
	if _, h := m.session.box(); len(m.helpLines()) > h {
		return []key.Binding{as(keyMove, "↑↓", "scroll"), as(keyBack, "esc", "close")}
	}
	return []key.Binding{as(keyBack, "any key", "close")}
}

// press answers a key where the help can be scrolled down to the line last.
func (v helpView) press(msg tea.KeyMsg, last int) helpView {
	v.from = min(v.from, last) // the terminal may have grown
	switch {
	case key.Matches(msg, keyLineUp):
		v.from = max(0, v.from-1)
	case key.Matches(msg, keyLineDown):
		v.from = min(last, v.from+1)
	case key.Matches(msg, keyPageUp):
		v.from = max(0, v.from-helpPage)
	case key.Matches(msg, keyPageDown):
		v.from = min(last, v.from+helpPage)
	default:
		return helpView{}
	}
	return v
}

// helpPage is how far the help scrolls at a time, in lines.
const helpPage = 6

// helpLines are all keys: those of the screen, then the ones that work on every
// screen, beside each other if there is room.
func (m Model) helpLines() []string {
	w, _ := m.session.box()
	own, general := m.keyTable("On this screen", m.screenKeys()), m.keyTable("Everywhere", m.everywhere())
	if lipgloss.Width(own)+lipgloss.Width(general)+4 <= w {
		return strings.Split(lipgloss.JoinHorizontal(lipgloss.Top, own, "    ", general), "\n")
	}
	return strings.Split(own+"\n\n"+general, "\n")
}

// everywhere are the keys that work on every screen now.
func (m Model) everywhere() []key.Binding {
	general := []key.Binding{
		bind("↑↓ kj", "move"), bind("←→ hl", "move"), bind("tab shift+tab", "next, previous field"), bind("enter", "confirm, go on"),
		bind("esc", "back, cancel; never quits"), bind("? f1", "this help"), bind("q", "quit"),
	}
	if m.top().help().typing { // letters are text
		general = []key.Binding{
			bind("↑↓", "move"), bind("←→", "move in the field"), bind("tab shift+tab", "next, previous field"), bind("enter", "confirm, go on"),
			bind("esc", "back, cancel; never quits"), bind("ctrl+u", "empty the field"), bind("f1", "this help"),
		}
	}
	return append(general, bind("ctrl+z", "suspend; fg comes back"), bind("ctrl+c", "quit at once"))
}

// keyTable is a title and a line for each key.
func (m Model) keyTable(title string, list []key.Binding) string {
	st, width := m.session.styles, 0
	for _, b := range list {
		width = max(width, lipgloss.Width(b.Help().Key))
	}
	lines := []string{st.title.Render(title)}
	for _, b := range list {
		lines = append(lines, st.key.Render(column(b.Help().Key, width))+"  "+st.dim.Render(b.Help().Desc))
	}
	return strings.Join(lines, "\n")
}
