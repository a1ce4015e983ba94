package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// The API calls and the palette lie over the screen that they were opened from, which
// stays in Model.screen. Keys go to the top screen; results and clocks still go to the one
// below. So a call ends where it was started, a countdown continues, and esc shows that
// screen as it is by then. This is no move of the state machine, and no screen has to
// know about it.

// top is the visible screen.
func (m Model) top() screen {
	if m.over != nil {
		return m.over
	}
	return m.screen
}

// showTop shows a screen in place of the visible one. A nil screen closes what lies
// over another.
func (m Model) showTop(s screen, cmd tea.Cmd) (tea.Model, tea.Cmd) {
	if m.over == nil {
		return m.show(s, cmd)
	}
	m.over = s
	return m, cmd
}

// showCalls opens the API calls.
func (m Model) showCalls() Model {
	calls := m.session.Calls()
	if len(calls) == 0 {
		m.notice = notice{plain, "no API calls yet"}
		return m
	}
	m.over = callsScreen{session: m.session, chosen: calls[0].N}
	return m
}

// callsKey opens the API calls: a letter unless letters are typed.
func (m Model) callsKey() key.Binding {
	if m.typing() == textTyped {
		return keyCallsTyping
	}
	return keyCalls
}

// paletteKey opens the palette: a colon unless text is typed.
func (m Model) paletteKey() key.Binding {
	if m.typing() == textTyped {
		return keyPaletteTyping
	}
	return keyPalette
}

// paletteOpen reports whether the palette is the visible screen.
func (m Model) paletteOpen() bool {
	_, open := m.over.(paletteScreen)
	return open
}
