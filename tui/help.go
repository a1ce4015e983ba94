package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/tui/widget"
)

// helpView is the list of all keys, shown in place of the screen.
type helpView struct {
	open bool
	from int // the first line shown
}

// helpKeys are the keys of the help.
func (m Model) helpKeys() []key.Binding {
	if m.helpPicker().N > 0 {
		return []key.Binding{as(keyUp, "↑↓", "scroll"), as(keyBack, "esc", "close")}
	}
	return []key.Binding{as(keyBack, "any key", "close")}
}

// press scrolls a long list with the keys that move; any other key closes the help.
func (v helpView) press(msg tea.KeyMsg, p widget.Picker) helpView {
	to := mover{p, func(at int) (screen, tea.Cmd) { v.from = at; return nil, nil }}
	for _, a := range to.keys("scroll", hidden) {
		if a.when && key.Matches(msg, a.key) {
			a.do()
			return v
		}
	}
	return helpView{}
}

// helpPicker is the visible part of the help.
func (m Model) helpPicker() widget.Picker {
	_, h := m.session.box()
	return scroll(m.help.from, len(m.helpLines()), h)
}

// helpLines are the keys of the screen and those of every screen, beside each other
// if there is room.
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
		bind("↑↓ kj", "move"), bind("←→ hl", "move"), bind("pgdn pgup space", "page"), bind("home end gG", "first, last"),
		bind("tab shift+tab", "next, previous field"), bind("enter", "confirm"), bind("esc", "back, cancel; never quits"),
		bind("? f1", "this help"), bind("f2", "API calls"), m.quitKey(),
	}
	if m.typing() != nothingTyped { // letters are text
		general = []key.Binding{
			bind("↑↓", "move"), bind("←→", "move in the field"), bind("tab shift+tab", "next, previous field"), bind("enter", "confirm"),
			bind("esc", "back, cancel; never quits"), bind("ctrl+u", "empty the field"), bind("f1", "this help"),
		}
	}
	if !m.session.NoSuspend {
		general = append(general, bind("ctrl+z", "suspend; fg resumes"))
	}
	return append(general, bind("ctrl+c", "quit at once"))
}

// keyTable is a title and a line for each key.
func (m Model) keyTable(title string, bindings []key.Binding) string {
	st, width := m.session.styles, 0
	for _, b := range bindings {
		width = max(width, lipgloss.Width(b.Help().Key))
	}
	lines := []string{st.title.Render(title)}
	for _, b := range bindings {
		lines = append(lines, st.key.Render(column(b.Help().Key, width))+"  "+st.dim.Render(b.Help().Desc))
	}
	return strings.Join(lines, "\n")
}
