package tui

import (
	"image"

	tea "github.com/charmbracelet/bubbletea"
)

// Whatever the mouse does a key does as well. The mouse is off by default: a terminal
// that reports it no longer selects text.

// mouse treats the wheel as the arrow keys and a click on a key in the footer as that
// key. It gives a click in the body to the screen.
func (m Model) mouse(msg tea.MouseMsg) (tea.Model, tea.Cmd) {
	switch {
	case msg.Button == tea.MouseButtonWheelUp:
		return m.press(tea.KeyMsg{Type: tea.KeyUp})
	case msg.Button == tea.MouseButtonWheelDown:
		return m.press(tea.KeyMsg{Type: tea.KeyDown})
	case msg.Action != tea.MouseActionPress || msg.Button != tea.MouseButtonLeft || m.session.tooSmall():
		return m, nil
	}
	f, at := m.frame(), image.Pt(msg.X, msg.Y)
	s, ok := m.top().(clickable)
	switch {
	case at.In(f.foot):
		return m.clickFooter(f.spots, at.Sub(f.foot.Min))
	case m.help.open:
		m.help = helpView{}
		return m, nil
	case at.In(f.tape):
		return m.showCalls().forward(hideMsg{})
	case !ok || !at.In(withMarks(f.body)) || m.waits():
		return m, nil
	}
	m.notice = notice{}
	at = at.Sub(f.body.Min)
	return m.showTop(s.click(at.X, at.Y))
}

// withMarks is a body with the marks of a list, which stand left of it.
func withMarks(body image.Rectangle) image.Rectangle {
	body.Min.X -= markWidth
	return body
}

// clickFooter presses the key at a place in the footer.
func (m Model) clickFooter(spots []spot, at image.Point) (tea.Model, tea.Cmd) {
	for _, s := range spots {
		if pressed := s.key.Keys(); at.In(s.at) && len(pressed) > 0 {
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
