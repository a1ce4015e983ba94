package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
)

// environmentsScreen lists the other environments that have factors, to move those of
// one to an empty list.
type environmentsScreen struct {
	session *session
	others  []store.Environment
	at      int
	back    navigate
}

func newEnvironmentsScreen(s *session, back navigate) environmentsScreen {
	return environmentsScreen{session: s, others: s.Store.Movable(), back: back}
}

func (s environmentsScreen) title() trail { return factorsTrail("Other environments") }

func (s environmentsScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	if _, ok := msg.(recordsChangedMsg); ok {
		s.others = s.session.Store.Movable()
		if len(s.others) == 0 || len(s.session.Store.Records()) > 0 { // another window has moved them
			return s.back()
		}
		s.at = s.list(s.session.box()).To(s.at)
	}
	return s, nil
}

func (s environmentsScreen) head(w int) []string {
	text := ansi.Wrap("This list is "+words.Clean(s.session.Store.Environment())+". The factor file also has:", w, " ")
	return append(strings.Split(s.session.styles.dim.Render(text), "\n"), "")
}

// list is the environments, below the head.
func (s environmentsScreen) list(w, h int) widget.Picker {
	return widget.Picker{At: s.at, N: len(s.others), Rows: h - len(s.head(w))}
}

func (s environmentsScreen) view(w, h int) string {
	const gap = "  "
	st := s.session.styles
	name, count := 0, 0 // the widths of the columns
	for _, e := range s.others {
		name = max(name, lipgloss.Width(words.Clean(e.Name)))
		count = max(count, lipgloss.Width(factors.EnvironmentCount(e)))
	}
	name = min(name, w-len(gap)-count)
	return strings.Join(append(s.head(w), s.list(w, h).View(func(i int, chosen bool) string {
		e := s.others[i]
		return st.line(chosen, st.text.Render(column(words.Clean(e.Name), name))+gap+st.dim.Render(factors.EnvironmentCount(e)), w)
	})), "\n")
}

func (s environmentsScreen) actions() []action {
	return slices.Concat(
		[]action{{as(keyChoose, "enter", "move its factors here"), true, shown, s.move}},
		mover{s.list(s.session.box()), s.to}.keys("choose", shown),
		[]action{{keyBack, true, shown, s.back}},
	)
}

func (s environmentsScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s, nil
}

// move asks before the factors of the chosen environment are moved.
func (s environmentsScreen) move() (screen, tea.Cmd) {
	from := s.others[s.at]
	return confirmScreen{
		session: s.session, Question: s.session.MoveQuestion(from), back: show(s), done: s.back,
		trail: factorsTrail("Move"), verb: "Move",
		command: func() tea.Cmd { return s.session.moveFactors(from.Name) },
	}, nil
}

// click chooses an environment; on the chosen one it does what enter does.
func (s environmentsScreen) click(_, y int) (screen, tea.Cmd) {
	w, h := s.session.box()
	return mover{s.list(w, h), s.to}.clicked(s, y-len(s.head(w)), s.move)
}
