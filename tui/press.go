package tui

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors/words"
)

// press handles the keys that work everywhere, then those of the visible screen's
// actions. All other keys go to that screen's update.
func (m Model) press(msg tea.KeyMsg) (tea.Model, tea.Cmd) {
	if msg.Type == tea.KeyRunes && len(msg.Runes) > 1 && !msg.Paste { // they came at once, and may spell the name of a key
		if m.typing() != textTyped {
			return m.pressEach(msg.Runes)
		}
		msg.Paste = true
	}
	m.notice = notice{}
	if msg.Type == tea.KeyRunes && !(msg.Paste && m.typing() == textTyped) { // a field says what it drops
		visible := []rune(words.Visible(string(msg.Runes)))
		if msg.Paste && len(visible) < len(msg.Runes) {
			m.notice = notice{warning, "invisible characters were removed from the pasted text"}
		}
		if msg.Runes = visible; len(visible) == 0 {
			return m, nil
		}
	}
	switch {
	case key.Matches(msg, keyInterrupt):
		return m, tea.Quit
	case key.Matches(msg, keySuspend) && m.session.serves():
		m.notice = notice{plain, "ctrl+z would stop the server, and its clients would wait"}
		return m, nil
	case key.Matches(msg, keySuspend) && !m.session.NoSuspend:
		return m, tea.Suspend
	case m.help.open:
		m.help = m.help.press(msg, m.helpPicker())
		return m, nil
	}
	for _, g := range m.generals() {
		if g.when && key.Matches(msg, g.key) {
			return g.do(m)
		}
	}
	next, cmd := m.act(msg)
	return next, tea.Batch(cmd, m.session.lookAtStore())
}

// pressEach presses letters one by one.
func (m Model) pressEach(runes []rune) (tea.Model, tea.Cmd) {
	var cmds []tea.Cmd
	for _, r := range runes {
		next, cmd := m.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
		m, cmds = next.(Model), append(cmds, cmd)
	}
	return m, tea.Batch(cmds...)
}

// general is a key that works on every screen.
type general struct {
	key  key.Binding
	when bool
	do   doing
}

// generals are the keys that work on every screen, beside ctrl+c and ctrl+z.
func (m Model) generals() []general {
	open := func(m Model) (tea.Model, tea.Cmd) { return m.forward(hideMsg{}) }
	return []general{
		{m.callsKey(), m.over == nil, func(m Model) (tea.Model, tea.Cmd) { return open(m.showCalls()) }},
		{m.paletteKey(), !m.paletteOpen(), func(m Model) (tea.Model, tea.Cmd) { return open(m.showPalette()) }},
		{m.helpKey(), true, func(m Model) (tea.Model, tea.Cmd) { return open(m.showHelp()) }},
		{m.quitKey(), m.typing() == nothingTyped, Model.stop},
	}
}

// useful are those of generals that have something to do: before the first API call there
// are none to show.
func (m Model) useful() []general {
	return slices.DeleteFunc(m.generals(), func(g general) bool {
		return !g.when || same(g.key, m.callsKey()) && len(m.session.Calls()) == 0
	})
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

// waits reports whether the visible screen waits for a call.
func (m Model) waits() bool { return m.over == nil && m.session.busy() }

// typing is what is typed as text on the visible screen.
func (m Model) typing() typing {
	if t, ok := aspect[typist](m.top()); ok {
		return t.typing()
	}
	return nothingTyped
}

// helpKey opens the help: f1 alone while text is typed.
func (m Model) helpKey() key.Binding {
	if m.typing() == textTyped {
		return keyHelpTyping
	}
	return keyHelp
}

// actions are those of the visible screen that work now. During a call those are
// esc, which cancels the call or leaves it running, and those that are whileBusy.
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

// isBack reports whether a binding is for esc.
func isBack(b key.Binding) bool { return slices.Contains(b.Keys(), "esc") }

// cancel cancels the call in flight.
func (m Model) cancel() (screen, tea.Cmd) {
	told := m.session.cancelled()
	next, cmd := m.screen.update(recordsChangedMsg{})
	return next, tea.Batch(cmd, told)
}

// screenKeys are the keys of the visible screen for the footer. The key for the API calls
// comes last, the first to be left out where there is no room.
func (m Model) screenKeys() (own []key.Binding) {
	for _, a := range m.actions() {
		if a.how&shown != 0 {
			own = append(own, a.key)
		}
	}
	if home, ok := m.top().(consoleScreen); m.over == nil && len(m.session.Calls()) > 0 && !(ok && home.tab == callsTab) {
		own = append(own, m.callsKey())
	}
	return own
}

// generalKeys are the keys that the footer shows on every screen.
func (m Model) generalKeys() (keys []key.Binding) {
	for _, g := range m.generals()[1:] {
		if g.when {
			keys = append(keys, g.key)
		}
	}
	return keys
}

// quitKey is the key that quits, and with it stops the server if this is its console.
func (m Model) quitKey() key.Binding {
	switch {
	case m.session.serves() && m.session.width < 60: // esc has to be beside it
		return as(keyStop, "q", "stop")
	case m.session.serves():
		return keyStop
	}
	return keyQuit
}
