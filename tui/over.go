package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// The inspector lies over the screen that it was opened from, which stays in
// Model.screen. Keys go to the one that is seen; everything else, results and
// clocks above all, goes to the one below as if nothing lay over it. So work in
// flight ends where it was begun, a countdown goes on, and esc shows that screen
// as it is by then. It is no move of the machine, and no screen has to know of it.

// top is the screen that is seen.
func (m Model) top() screen {
	if m.over != nil {
		return m.over
	}
	return m.screen
}

// showTop shows a screen in place of the one that is seen. What lies over another
// is closed by no screen in its place.
func (m Model) showTop(s screen, cmd tea.Cmd) (tea.Model, tea.Cmd) {
	if m.over == nil {
		return m.show(s, cmd)
	}
	m.over = s
	return m, cmd
}

// inspect opens the inspector.
func (m Model) showCalls() Model {
	calls := m.session.Calls()
	if len(calls) == 0 {
		m.notice = notice{plain, "no API calls yet"}
		return m
	}
	m.over = callsScreen{session: m.session, chosen: calls[0].N}
	return m
}

// callsKey opens the inspector: a letter where letters are not typed.
func (m Model) callsKey() key.Binding {
	if m.typing() == textTyped {
		return keyCallsTyping
	}
	return keyCalls
}
