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
)

// confirmScreen asks before something that can't be undone. The choice stands
// on no, so that a stray enter does nothing.
type confirmScreen struct {
	factors.Question
	session  *session
	trail    trail
	owner    string   // whose factor it is, where that is known
	names    []string // of the factors it is about
	verb     string   // on the button
	busyVerb string
	command  func(workID int) tea.Cmd
	yes      bool
	back     navigate // on no
	done     navigate // on yes
}

// newDeleteScreen asks before a factor is deleted at WorkOS and here.
func newDeleteScreen(d *session, r store.Record, back, done navigate) confirmScreen {
	return confirmScreen{
		session: d, Question: factors.DeleteQuestion, back: back, done: done, names: []string{confirmName(r)},
		trail: factorsTrail(factorName(r), "Delete"), verb: "Delete", busyVerb: "Deleting…",
		command: func(id int) tea.Cmd { return d.deleteFactor(id, r) },
	}
}

// newRemoveScreen asks before factors are taken off the list.
func newRemoveScreen(d *session, back, done navigate, records ...store.Record) confirmScreen {
	s := confirmScreen{
		session: d, Question: d.RemoveQuestion(records...), back: back, done: done,
		trail: factorsTrail("Clear list"), verb: "Remove", busyVerb: "Removing…",
	}
	if len(records) == 1 {
		s.trail = factorsTrail(factorName(records[0]), "Remove")
	}
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
		s.names = append(s.names, confirmName(r))
	}
	s.command = func(id int) tea.Cmd { return d.forgetFactors(id, ids) }
	return s
}

// idGap is between the name of a factor and its id.
const idGap = "   "

func confirmName(r store.Record) string {
	return typeName(r.Type) + "  " + factorName(r) + idGap + clean(r.ID)
}

func (s confirmScreen) title() trail { return s.trail }

func (s confirmScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case factorDeletedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		return s.finished(msg)
	case factorsForgottenMsg:
		if msg.saveErr != nil {
			return s, say(failure, clean(msg.saveErr.Error()))
		}
		return s.finished(msg)
	}
	return s, nil
}

// finished goes on once it is done, and tells what was.
func (s confirmScreen) finished(msg result) (screen, tea.Cmd) {
	next, cmd := s.done()
	return next, tea.Batch(cmd, func() tea.Msg { return noticeMsg{msg.late(s.session)} })
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
	return s, s.command(s.session.beginLasting(s.busyVerb))
}

// noButton is the left one of the two.
const noButton = "  [ No ]"

// click is an answer by the mouse.
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

// asks is the question, with whose factor it is about.
func (s confirmScreen) asks() string {
	if s.owner == "" {
		return s.Text
	}
	return strings.Replace(s.Text, "this factor", "this factor of "+s.owner, 1)
}

// about are the names of the factors in at most so many lines of w columns.
func (s confirmScreen) about(w, room int) []string {
	names := slices.Clone(s.names)
	if len(names) == 1 && lipgloss.Width(names[0]) > w && room > 1 { // the id has a line for itself
		names = strings.SplitN(names[0], idGap, 2)
	}
	if len(names) > room-2 && len(names) > 2 { // leaves out the names that have no room between empty lines
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
