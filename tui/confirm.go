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
	owner   string // whose factor it is, if it is known
	about   []store.Record
	verb    string // on the button
	command func() tea.Cmd
	yes     bool
	back    navigate // on no
	done    navigate // on yes
}

// newDeleteScreen asks before a factor is deleted at WorkOS and here.
func newDeleteScreen(s *session, r store.Record, back, done navigate) confirmScreen {
	return confirmScreen{
		session: s, Question: factors.DeleteQuestion, back: back, done: done, about: []store.Record{r},
		trail: factorsTrail(factorName(r), "Delete"), verb: "Delete",
		command: func() tea.Cmd { return s.deleteFactor(r) },
	}
}

// newRemoveScreen asks before a factor is removed from the list.
func newRemoveScreen(s *session, r store.Record, back, done navigate) confirmScreen {
	return confirmScreen{
		session: s, Question: s.RemoveQuestion(r), back: back, done: done, about: []store.Record{r},
		trail: factorsTrail(factorName(r), "Remove"), verb: "Remove",
		command: func() tea.Cmd { return s.removeFactor(r) },
	}
}

// newClearScreen asks before all factors are removed from the list.
func newClearScreen(s *session, back navigate, all []store.Record) confirmScreen {
	return confirmScreen{
		session: s, Question: s.ClearQuestion(len(all)), back: back, done: back, about: all,
		trail: factorsTrail("Clear list"), verb: "Remove",
		command: func() tea.Cmd { return s.clearFactors(all) },
	}
}

func (s confirmScreen) title() trail { return s.trail }

func (s confirmScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case factorDeletedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		return s.finished(msg)
	case userDeletedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		return s.finished(msg)
	case factorsRemovedMsg:
		if msg.err != nil {
			return s, say(failure, words.Clean(msg.err.Error()))
		}
		return s.finished(msg)
	case factorsMovedMsg:
		if msg.err != nil {
			return s, func() tea.Msg { return noticeMsg{msg.report(s.session)} }
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
	names := s.names(w, room)
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

// names names the factors, in columns of w together and at most room lines.
func (s confirmScreen) names(w, room int) []string {
	const gap, leastName = "  ", 12
	rows := make([][3]string, len(s.about))
	var widest [3]int
	for i, r := range s.about {
		rows[i] = [3]string{factors.ShortTypeName(r.Type), factorName(r), words.Clean(r.ID)}
		for j, cell := range rows[i] {
			widest[j] = max(widest[j], lipgloss.Width(cell))
		}
	}
	if len(rows) == 1 && widest[0]+widest[1]+widest[2]+2*len(gap) > w && room > 1 { // the ID gets its own line
		return []string{column(rows[0][0]+gap+rows[0][1], w), column(rows[0][2], w)}
	}
	nameWidth := min(widest[1], max(leastName, w-widest[0]-widest[2]-2*len(gap)))
	names := make([]string, len(rows))
	for i, row := range rows {
		names[i] = column(column(row[0], widest[0])+gap+column(row[1], nameWidth)+gap+row[2], w)
	}
	if len(names) > room-2 && len(names) > 2 { // leave out names that do not fit between two empty lines
		shown := max(1, room-3)
		rest := fmt.Sprintf(" and %d more", len(names)-shown)
		last := column(names[shown-1], max(0, w-len(rest))) + rest
		names = append(names[:shown-1], last)
	}
	return names
}
