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

// pressOver gives a key to what lies over the screen. An update that returns no
// screen has closed it.
func (m Model) pressOver(msg tea.Msg) (tea.Model, tea.Cmd) {
	if m.over != nil {
		var cmd tea.Cmd
		m.over, cmd = m.over.update(msg)
		return m, cmd
	}
	calls := m.session.calls()
	if len(calls) == 0 {
		m.notice = notice{plain, "no calls yet: they are shown here when there are some"}
		return m, nil
	}
	m.over = newInspectorScreen(m.session, calls[0].N)
	return m, nil
}

// inspects reports whether a key opens the inspector.
func (m Model) inspects(msg tea.KeyMsg) bool {
	return m.session.Calls != nil && key.Matches(msg, m.inspectKey())
}

// inspectKey opens the inspector from the screen that is open: a letter where
// letters are not typed.
func (m Model) inspectKey() key.Binding {
	if h := m.screen.help(); h.typing && !h.digits {
		return keyInspectTyping
	}
	return keyInspect
}

// screenKeys are the keys of the screen that is seen, with the one that opens
// the inspector last, since it is the one that can be missed first.
func (m Model) screenKeys() []key.Binding {
	own := m.top().help().keys
	if m.over != nil || len(m.session.calls()) == 0 {
		return own
	}
	return append(own[:len(own):len(own)], m.inspectKey())
}
