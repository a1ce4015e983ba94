package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/sahilm/fuzzy"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// paletteScreen finds by name what can be done here and everywhere, and factors and
// users. It lies over another screen (see over.go), and asks nobody.
type paletteScreen struct {
	session  *session
	under    screen // what lay over the screen before, if anything did
	input    textinput.Model
	commands commands
	factors  *factors.Index // none where the screen may not be left
	found    commands
	at       int
}

// command is a line of the palette.
type command struct {
	name, key, says string
	matched         []int // the places in name of what was typed
	do              doing
}

// doing does what was chosen in the palette, which is closed by then.
type doing func(Model) (tea.Model, tea.Cmd)

// commandMsg asks the root to do it.
type commandMsg struct{ do doing }

// commands can be searched.
type commands []command

func (c commands) Len() int            { return len(c) }
func (c commands) String(i int) string { return c[i].name }

// mostFound is how many factors are shown at most, and how many users.
const mostFound = 50

// showPalette opens the palette over the visible screen.
func (m Model) showPalette() Model {
	in := m.session.newInput("what to do, or the name of a factor or user")
	in.Prompt = ": "
	in.Focus()
	m.over = paletteScreen{session: m.session, under: m.over, input: in}.over(m)
	return m
}

// over returns the palette with what can be done and found now.
func (s paletteScreen) over(m Model) paletteScreen {
	m.over = s.under
	s.commands, s.factors = m.commands(), &factors.Index{}
	if m.mayLeave() {
		if m.session.serves() {
			m.session.mirror()
			m.session.readUsers()
		}
		s.factors.Records = m.session.Sorted(factors.ByNewest)
	}
	at := s.at
	s = s.search()
	s.at = s.list().To(at)
	return s
}

// mayLeave reports whether the palette may leave the open screen.
func (m Model) mayLeave() bool {
	_, unsaved := m.screen.(unsavedScreen)
	return m.session.Store != nil && !m.session.busy() && !unsaved
}

// commands are what can be done on the visible screen, then what can be done on the list
// of factors as a whole, then everywhere.
func (m Model) commands() (all commands) {
	for _, a := range m.actions() {
		if a.how&(shown|offered) != 0 && !movesCursor(a.key) {
			all = append(all, newCommand(a.key, func(m Model) (tea.Model, tea.Cmd) { return m.perform(a.key) }))
		}
	}
	if _, home := m.top().(factorsScreen); !home && m.mayLeave() {
		all = append(all, m.listCommands()...)
	}
	for _, g := range m.generals() {
		if g.when && !same(g.key, m.paletteKey()) {
			all = append(all, newCommand(g.key, g.do))
		}
	}
	return all
}

// listCommands lead to the list of factors, and do there what is not about one of them.
func (m Model) listCommands() commands {
	list := newFactorsScreen(m.session, "")
	lead := func(do navigate) doing {
		return func(m Model) (tea.Model, tea.Cmd) { return m.leaveFor(do) }
	}
	if m.session.serves() {
		return m.consoleCommands(lead)
	}
	all := commands{{name: "factors", says: sentences["factors"], do: lead(list.backTo())}}
	for _, a := range list.actions() {
		if a.when && slices.ContainsFunc([]key.Binding{keyEnroll, keyAddByID, keyUsers, keyLab, keyClear}, func(b key.Binding) bool { return same(a.key, b) }) {
			all = append(all, newCommand(a.key, lead(a.do)))
		}
	}
	return all
}

func newCommand(b key.Binding, do doing) command {
	return command{name: b.Help().Desc, key: b.Help().Key, says: sentence(b), do: do}
}

// same reports whether two bindings are for the same keys.
func same(a, b key.Binding) bool { return slices.Equal(a.Keys(), b.Keys()) }

// movesCursor reports whether a key moves in a list, a text or a form.
func movesCursor(b key.Binding) bool {
	return slices.ContainsFunc(b.Keys(), func(name string) bool {
		return slices.Contains([]string{"up", "down", "left", "right", "pgup", "pgdown", "home", "end", "tab"}, name)
	})
}

// perform does what a key does on the visible screen.
func (m Model) perform(b key.Binding) (tea.Model, tea.Cmd) {
	for _, a := range m.actions() {
		if same(a.key, b) {
			return m.showTop(a.do())
		}
	}
	m.notice = notice{warning, b.Help().Desc + ": not possible any more"}
	return m, nil
}

// leaveFor leaves the open screen, and what lies over it, for another.
func (m Model) leaveFor(next navigate) (tea.Model, tea.Cmd) {
	m.over = nil
	if !m.mayLeave() { // a call has begun meanwhile
		m.notice = notice{warning, "wait for the call, or press esc"}
		return m, nil
	}
	return m.show(next())
}

func (s paletteScreen) title() trail { return trail{"Palette"} }

func (s paletteScreen) typing() typing { return textTyped }

func (s paletteScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	pressed, ok := msg.(tea.KeyMsg)
	if !ok {
		return s, nil
	}
	before := s.input.Value()
	pressed, dropped := cleaned(pressed)
	var cmd tea.Cmd
	s.input, cmd = s.input.Update(pressed)
	if dropped != "" {
		cmd = tea.Batch(cmd, say(warning, dropped))
	}
	if s.input.Value() != before {
		s = s.search()
	}
	return s, cmd
}

// search finds what is typed: all commands if nothing is.
func (s paletteScreen) search() paletteScreen {
	s.at, s.found = 0, s.commands
	text := strings.TrimSpace(s.input.Value())
	if text == "" {
		return s
	}
	s.found = nil
	for _, match := range fuzzy.FindFrom(strings.ReplaceAll(text, " ", ""), s.commands) {
		c := s.commands[match.Index]
		c.matched = match.MatchedIndexes
		s.found = append(s.found, c)
	}
	for i, r := range s.factors.Find(text) {
		if i == mostFound {
			break
		}
		s.found = append(s.found, s.openFactor(r.ID))
	}
	for _, u := range s.session.seenUsers(text, mostFound) {
		s.found = append(s.found, s.openUser(u))
	}
	return s
}

func (s paletteScreen) openFactor(id string) command {
	r, _ := s.session.Store.Record(id)
	return command{name: factorName(r), key: "factor", says: factors.TypeName(r.Type) + " · " + tail(words.Clean(r.ID)), do: func(m Model) (tea.Model, tea.Cmd) {
		return m.leaveFor(newFactorsScreen(m.session, id).open)
	}}
}

func (s paletteScreen) openUser(u workos.User) command {
	return command{name: factors.UserName(u), key: "user", says: words.Clean(u.ID), do: func(m Model) (tea.Model, tea.Cmd) {
		return m.leaveFor(func() (screen, tea.Cmd) {
			if m.session.serves() {
				return newUserFactorsScreen(m.session, u, m.session.live.home.open(usersTab))
			}
			list := newFactorsScreen(m.session, "")
			return newUserFactorsScreen(m.session, u, newUsersScreen(m.session, list.backTo()).begin)
		})
	}}
}

func (s paletteScreen) actions() []action {
	list := mover{s.list(), s.to}
	return slices.Concat([]action{
		{as(keyChoose, "enter", "do it"), len(s.found) > 0, shown, s.choose},
	}, list.lineKeysTyping(shown), list.pageKeysTyping(), []action{{as(keyBack, "esc", "close"), true, shown, show(s.under)}})
}

// choose closes the palette, then does what is chosen.
func (s paletteScreen) choose() (screen, tea.Cmd) {
	chosen := s.found[s.at]
	return s.under, func() tea.Msg { return commandMsg{chosen.do} }
}

func (s paletteScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s, nil
}

func (s paletteScreen) list() widget.Picker {
	_, h := s.session.box()
	return widget.Picker{At: s.at, N: len(s.found), Rows: h - rowsAbove(h)}
}

func (s paletteScreen) click(_, y int) (screen, tea.Cmd) {
	_, h := s.session.box()
	return mover{s.list(), s.to}.clicked(s, y-rowsAbove(h), s.choose)
}

func (s paletteScreen) view(w, h int) string {
	st := s.session.styles
	above := st.field(s.input, w) + strings.Repeat("\n", rowsAbove(h))
	if len(s.found) == 0 {
		return above + st.dim.Render("nothing of this name")
	}
	return above + s.list().View(func(i int, chosen bool) string { return s.line(s.found[i], chosen, w) })
}

// line draws a command: its name with what was typed in it, its key, and its sentence
// where there is room.
func (s paletteScreen) line(c command, chosen bool, w int) string {
	const keyWidth, gap = 7, 2
	st := s.session.styles
	nameWidth := 0
	for _, other := range s.found {
		nameWidth = max(nameWidth, lipgloss.Width(other.name))
	}
	nameWidth = min(nameWidth, w-gap-keyWidth, max(20, w*2/5))
	name := lipgloss.StyleRunes(c.name, c.matched, st.text.Underline(true), st.text.Style)
	line := column(name, nameWidth) + strings.Repeat(" ", gap) + st.key.Render(column(c.key, keyWidth))
	if rest := w - lipgloss.Width(line) - gap; rest >= 20 {
		line += strings.Repeat(" ", gap) + st.dim.Render(column(c.says, rest))
	}
	return st.line(chosen, line, w)
}
