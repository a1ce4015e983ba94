package tui

import tea "github.com/charmbracelet/bubbletea"

// sort goes on to the next order; it holds for the rest of the session.
func (s factorsScreen) sort() (screen, tea.Cmd) {
	s.session.order = s.session.order.Next()
	return s.reload(), nil // the summary tells the order
}
