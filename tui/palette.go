package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store"
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
	names    []string       // of the factors, made by the first search
	found    commands
	at       int
}

// command is a line of the palette.
type command struct {
	name, key, says string
	matched         []int         // the characters of name that were typed
	query           factors.Query // what was typed, where its words are looked for
	unseen          factors.Fact  // what has them, if nothing else does
	do              doing
}

// doing does what was chosen in the palette, which is closed by then.
type doing func(Model) (tea.Model, tea.Cmd)

// commandMsg asks the root to do it.
type commandMsg struct{ do doing }

// commands can be searched; see palettesearch.go.
type commands []command

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
	s.commands, s.factors, s.names = m.commands(), &factors.Index{}, nil
	if m.mayLeave() {
		if m.session.serves() {
			m.session.mirror()
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
	_, unsaved := aspect[unsavedScreen](m.screen)
	return m.session.Store != nil && !m.session.busy() && !unsaved
}

// commands are what can be done on the visible screen, then what can be done on the list
// of factors as a whole, then everywhere.
func (m Model) commands() (all commands) {
	for _, a := range m.actions() {
		if a.how&(shown|offered) != 0 && a.how&movement == 0 {
			all = append(all, m.newCommand(a.key, func(m Model) (tea.Model, tea.Cmd) { return m.perform(a.key) }))
		}
	}
	if _, home := m.top().(factorsScreen); !home && m.mayLeave() {
		all = append(all, slices.DeleteFunc(m.listCommands(), func(c command) bool { // the screen has its own
			return slices.ContainsFunc(all, func(own command) bool { return own.name == c.name })
		})...)
	}
	for _, g := range m.useful() {
		if !same(g.key, m.paletteKey()) {
			all = append(all, m.newCommand(g.key, g.do))
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
		if a.when && a.how != hidden && slices.ContainsFunc([]key.Binding{keyEnroll, keyAddByID, keyUsers, keyLab, keyClear}, func(b key.Binding) bool { return same(a.key, b) }) {
			all = append(all, m.newCommand(a.key, lead(a.do)))
		}
	}
	return all
}

func (m Model) newCommand(b key.Binding, do doing) command {
	return command{name: b.Help().Desc, key: b.Help().Key, says: m.sentence(b), do: do}
}

// same reports whether two bindings are for the same keys.
func same(a, b key.Binding) bool { return slices.Equal(a.Keys(), b.Keys()) }

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
	if u, ok := m.screen.(usersScreen); ok {
		next = u.leaving(next)
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

func (s paletteScreen) openFactor(r store.Record, q factors.Query) command {
	masked := r
	masked.Factor = q.Masked(r.Factor)
	c := command{name: factors.Name(masked), key: "factor", query: q, do: func(m Model) (tea.Model, tea.Cmd) {
		return m.leaveFor(newFactorsScreen(m.session, r.ID).open)
	}}
	c.says = factors.TypeName(r.Type) + " · " + tail(words.Clean(r.ID))
	if r.Label != "" {
		c.says = factors.TypeName(r.Type) + " · " + factors.EnrolledName(masked.Factor)
	}
	c.unseen, _ = q.Unseen(r, c.name, c.says)
	return c
}

func (s paletteScreen) openUser(u workos.User, q factors.Query) command {
	says := words.Join(" · ", factors.OwnName(u), words.Clean(u.ID))
	return command{name: factors.UserName(u), key: "user", says: says, query: q, do: func(m Model) (tea.Model, tea.Cmd) {
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
	pages := ""
	if page, all := s.list().Pages(); all > 1 {
		pages = fmt.Sprintf("  page %d of %d", page, all)
	}
	above := st.field(s.input, w-lipgloss.Width(pages)) + st.dim.Render(pages) + strings.Repeat("\n", rowsAbove(h))
	if len(s.found) == 0 {
		return above + st.dim.Render("No matches")
	}
	names, keys := s.widths(w)
	return above + s.list().View(func(i int, chosen bool) string { return s.line(s.found[i], chosen, names, keys, w) })
}

// widths are those of the columns with the names and the keys in a body of w columns. They
// have room for all commands, so that they stay where they are while the list narrows. What
// else is known of each takes what long names leave.
func (s paletteScreen) widths(w int) (names, keys int) {
	const least, says = 7, columnGap + 24
	keys = least
	for _, c := range slices.Concat(s.commands, s.found) {
		names, keys = max(names, lipgloss.Width(c.name)), max(keys, lipgloss.Width(c.key))
	}
	most := w - columnGap - keys
	if most >= 2*says {
		most -= says
	}
	return min(names, most), keys
}

// line draws a command: its name with what was typed in it, its key, and its sentence
// where there is room.
func (s paletteScreen) line(c command, chosen bool, names, keys, w int) string {
	const gap = "  "
	st := s.session.styles
	name := st.found(c.query, column(extract(c.query, c.name, names), names), st.text)
	if c.matched != nil {
		name = column(lipgloss.StyleRunes(c.name, c.matched, st.accent.Underline(true), st.text.Style), names)
	}
	line := name + gap + st.key.Render(column(c.key, keys))
	if rest := w - lipgloss.Width(line+gap); rest >= 20 {
		if c.unseen != (factors.Fact{}) {
			c.says = around(c.query, c.unseen, rest)
		}
		line += gap + st.found(c.query, column(extract(c.query, c.says, rest), rest), st.dim)
	}
	return st.line(chosen, line, w)
}
