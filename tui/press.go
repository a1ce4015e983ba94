package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// press answers a key: the ones that work everywhere, then the actions of the
// screen that is seen. A key that is none of them is for its update.
func (m Model) press(msg tea.KeyMsg) (tea.Model, tea.Cmd) {
	m.notice = notice{}
	switch {
	case key.Matches(msg, keyInterrupt):
		return m, tea.Quit
	case key.Matches(msg, keySuspend):
		return m, tea.Suspend
	case m.help.open:
		m.help = m.help.press(msg, m.helpPicker())
		return m, nil
	case key.Matches(msg, m.helpKey()):
		m.help = helpView{open: true}
		return m, nil
	case m.typing() == nothingTyped && key.Matches(msg, keyQuit):
		return m, tea.Quit
	case m.over == nil && key.Matches(msg, m.callsKey()):
		return m.showCalls(), nil
	}
	next, cmd := m.act(msg)
	return next, tea.Batch(cmd, m.session.lookAtStore())
}

func (m Model) act(msg tea.KeyMsg) (tea.Model, tea.Cmd) {
	for _, a := range m.actions() {
		if key.Matches(msg, a.key) {
			return m.showTop(a.do())
		}
	}
	if m.waits() {
		return m, nil
	}
	return m.showTop(m.top().update(msg))
}

// waits reports whether the screen that is seen waits for a call.
func (m Model) waits() bool { return m.over == nil && m.session.busy() }

// typing is what is typed as text on the screen that is seen.
func (m Model) typing() typing {
	if t, ok := aspect[typist](m.top()); ok {
		return t.typing()
	}
	return nothingTyped
}

// helpKey opens the help: a sign where signs are not typed.
func (m Model) helpKey() key.Binding {
	if m.typing() != nothingTyped {
		return keyHelpTyping
	}
	return keyHelp
}

// actions are those of the screen that is seen, as far as they work now. While it
// waits for a call that is esc, which cancels the call or leaves it to itself, and
// what does not mind.
func (m Model) actions() []action {
	all := slices.DeleteFunc(m.top().actions(), func(a action) bool {
		return !a.when || m.waits() && a.how&whileBusy == 0
	})
	switch {
	case !m.waits():
		return all
	case m.session.work.cancel != nil:
		return slices.Insert(all, 0, action{keyCancel, true, shown, m.cancel})
	}
	for i, a := range all {
		if isBack(a.key) {
			all[i].key, all[i].do = as(keyBack, "esc", "leave it running"), m.session.leaving(a.do)
		}
	}
	return all
}

// isBack reports whether a binding is one of those of esc.
func isBack(b key.Binding) bool { return slices.Contains(b.Keys(), "esc") }

// cancel cancels the call in flight. What it has done until then stays done.
func (m Model) cancel() (screen, tea.Cmd) {
	told := m.session.cancelled()
	next, cmd := m.screen.update(recordsChangedMsg{})
	return next, tea.Batch(cmd, told)
}

// screenKeys are the keys that the footer and the help show of the screen that is
// seen, with the one that opens the inspector last, since it is the one that can be
// missed first.
func (m Model) screenKeys() []key.Binding {
	var own []key.Binding
	for _, a := range m.actions() {
		if a.how&shown != 0 {
			own = append(own, a.key)
		}
	}
	if m.over == nil && len(m.session.Calls()) > 0 {
		own = append(own, m.callsKey())
	}
	return own
}

// generalKeys are the keys of every screen that the footer shows.
func (m Model) generalKeys() []key.Binding {
	if m.typing() != nothingTyped {
		return []key.Binding{m.helpKey()}
	}
	return []key.Binding{m.helpKey(), keyQuit}
}
