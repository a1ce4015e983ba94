package tui

import tea "github.com/charmbracelet/bubbletea"

// Whatever the mouse does a key does as well. The mouse is off by default: a terminal
// that reports it no longer selects text.

// bodyColumn is where the body begins in the frame.
const bodyColumn = 1

// bodyRow is the row where the body begins in the frame.
func (s *session) bodyRow() int { return 2 + s.margin() }

// mouse treats the wheel as the arrow keys and a click on a key in the footer as that
// key. It gives a click in the body to the screen.
func (m Model) mouse(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	switch {
	case msg.Button == tea.MouseButtonWheelUp:
		return m.press(tea.KeyMsg{Type: tea.KeyUp})
	case msg.Button == tea.MouseButtonWheelDown:
		return m.press(tea.KeyMsg{Type: tea.KeyDown})
	case msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft:
		return m, nil
	case msg.Y == m.session.height-1:
		return m.clickFooter(msg.X - bodyColumn)
	case m.help.open:
		m.help = helpView{}
		return m, nil
	}
	_, h := m.session.box()
	bodyRow := m.session.bodyRow()
	s, ok := m.top().(clickable)
	if !ok || msg.X < bodyColumn || msg.Y < bodyRow || msg.Y >= bodyRow+h || m.zoomed() || m.waits() {
		return m, nil
	}
	m.notice = notice{}
	return m.showTop(s.click(msg.X-bodyColumn, msg.Y-bodyRow))
}

// zoomed reports whether the screen has the whole terminal.
func (m Model) zoomed() bool {
	f, ok := aspect[fullScreen](m.top())
	return ok && f.full()
}

// clickFooter presses the key at a column of the footer.
func (m Model) clickFooter(x int) (tea.Model, tea.Cmd) {
	if m.zoomed() && !m.help.open {
		return m, nil
	}
	_, spots := m.footer(m.session.width - 2)
	for _, s := range spots {
		if pressed := s.key.Keys(); x >= s.from && x < s.to && len(pressed) > 0 {
			return m.press(keyMsg(pressed[0]))
		}
	}
	return m, nil
}

// keyMsg is the message of a key by its name in a binding.
func keyMsg(name string) tea.KeyMsg {
	for _, t := range []tea.KeyType{tea.KeyEnter, tea.KeyEsc, tea.KeyTab, tea.KeyShiftTab, tea.KeyUp, tea.KeyDown, tea.KeyF1} {
		if k := (tea.KeyMsg{Type: t}); k.String() == name {
			return k
		}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}
