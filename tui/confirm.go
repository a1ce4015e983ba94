package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// confirmScreen asks before something that can't be undone. No is chosen at first,
// so that a stray enter does nothing.
type confirmScreen struct {
	factors.Question
	session *session
	trail   trail
	owner   string   // whose factor it is, if it is known
	names   []string // of the factors
	verb    string   // on the button
	command func() tea.Cmd
	yes     bool
	back    navigate // on no
	done    navigate // on yes
}

// newDeleteScreen asks before a factor is deleted at WorkOS and here.
func newDeleteScreen(s *session, r store.Record, back, done navigate) confirmScreen {
	return confirmScreen{
		session: s, Question: factors.DeleteQuestion, back: back, done: done, names: []string{confirmName(r)},
		trail: factorsTrail(factorName(r), "Delete"), verb: "Delete",
		command: func() tea.Cmd { return s.deleteFactor(r) },
	}
}

// newRemoveScreen asks before factors are removed from the list.
func newRemoveScreen(s *session, back, done navigate, records ...store.Record) confirmScreen {
	question := confirmScreen{
		session: s, Question: s.RemoveQuestion(records...), back: back, done: done,
		trail: factorsTrail("Clear list"), verb: "Remove",
	}
	if len(records) == 1 {
		question.trail = factorsTrail(factorName(records[0]), "Remove")
	}
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
		question.names = append(question.names, confirmName(r))
	}
	question.command = func() tea.Cmd { return s.removeFactors(ids) }
	return question
}

// idGap is between the name of a factor and its ID.
const idGap = "   "

func confirmName(r store.Record) string {
	return typeName(r.Type) + "  " + factorName(r) + idGap + words.Clean(r.ID)
}

func (s confirmScreen) title() trail { return s.trail }

func (s confirmScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case factorDeletedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		return s.finished(msg)
	case factorsRemovedMsg:
		if msg.err != nil {
			return s, say(failure, words.Clean(msg.err.Error()))
		}
		return s.finished(msg)
	}
	return s, nil
}

// finished leaves the screen and says what was done.
func (s confirmScreen) finished(msg result) (screen, tea.Cmd) {
	next, cmd := s.done()
	return next, tea.Batch(cmd, func() tea.Msg { return noticeMsg{msg.report(s.session)} })
}

func (s confirmScreen) view(w, h int) string {
	st := s.session.styles
	no, yes := noButton, "  [ "+s.verb+" ]"
	if s.yes {
		yes = st.accent.Render("› [ " + s.verb + " ]")
	} else {
		no = st.accent.Render("› [ No ]")
	}
	top := strings.Split(ansi.Wrap(st.title.Render(s.asks()), w, " "), "\n")
	bottom := append(strings.Split(ansi.Wrap(st.warning.Render("! "+s.Warning), w, " "), "\n"), no+"  "+yes)
	if h > 10 {
		bottom = slices.Insert(bottom, len(bottom)-1, "")
	}
	room := max(1, h-len(top)-len(bottom))
	names := s.about(w, room)
	if len(names)+2 <= room {
		names = append(append([]string{""}, names...), "")
	}
	return strings.Join(slices.Concat(top, names, bottom), "\n")
}

func (s confirmScreen) actions() []action {
	answer, back := "no", s.back
	if s.yes {
		answer = strings.ToLower(s.verb)
	}
	if s.session.busy() {
		back = s.done
	}
	return []action{
		{as(keyYes, "y", strings.ToLower(s.verb)), true, shown, s.run},
		{keyNo, true, shown, s.back},
		{as(keyChoose, "enter", answer), true, shown, s.choose},
		{as(keyUp, "←→", "choose"), true, shown, s.turn},
		{keyDown, true, hidden, s.turn},
		{keyBack, true, shown | whileBusy, back},
	}
}

func (s confirmScreen) turn() (screen, tea.Cmd) {
	s.yes = !s.yes
	return s, nil
}

func (s confirmScreen) choose() (screen, tea.Cmd) {
	if !s.yes {
		return s.back()
	}
	return s.run()
}

func (s confirmScreen) run() (screen, tea.Cmd) {
	return s, s.command()
}

// noButton is the left button.
const noButton = "  [ No ]"

// click answers with the mouse.
func (s confirmScreen) click(x, y int) (screen, tea.Cmd) {
	rows := strings.Split(s.view(s.session.box()), "\n")
	switch {
	case y != len(rows)-1 || x >= lipgloss.Width(rows[y]):
		return s, nil
	case x < len(noButton):
		return s.back()
	}
	return s.run()
}

// asks is the question, with the owner of the factor.
func (s confirmScreen) asks() string {
	if s.owner == "" {
		return s.Text
	}
	return strings.Replace(s.Text, "this factor", "this factor of "+s.owner, 1)
}

// about is the names of the factors, in w columns and at most room lines.
func (s confirmScreen) about(w, room int) []string {
	names := slices.Clone(s.names)
	if len(names) == 1 && lipgloss.Width(names[0]) > w && room > 1 { // the ID gets its own line
		names = strings.SplitN(names[0], idGap, 2)
	}
	if len(names) > room-2 && len(names) > 2 { // leave out names that do not fit between two empty lines
		shown := max(1, room-3)
		rest := fmt.Sprintf(" and %d more", len(names)-shown)
		last := ansi.Truncate(names[shown-1], max(0, w-len(rest)), "…") + rest
		names = append(names[:shown-1], last)
	}
	for i, n := range names {
		names[i] = column(n, w)
	}
	return names
}
