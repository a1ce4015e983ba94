package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// enrollTypeScreen asks which type of factor to enroll.
type enrollTypeScreen struct {
	session *session
	back    navigate
	at      int
	user    workos.User // whose factor it will be; zero for no user
}

var enrollTypes = factors.Kinds()

func (s enrollTypeScreen) title() trail { return factorsTrail("Enroll") }

func (s enrollTypeScreen) steps() steps { return enrollSteps(enrollTypes[s.at].Type, 0) }

func (s enrollTypeScreen) update(tea.Msg) (screen, tea.Cmd) { return s, nil }

func (s enrollTypeScreen) view(w, _ int) string {
	st := s.session.styles
	return st.dim.Render("Which type of factor?") + "\n\n" + s.list().View(func(i int, chosen bool) string {
		does := enrollTypes[i].Does
		if lipgloss.Width(does) > w-13 {
			does = enrollTypes[i].Short
		}
		return st.line(chosen, st.text.Render(column(enrollTypes[i].Name, 13))+st.dim.Render(does), w)
	})
}

// list is the choice.
func (s enrollTypeScreen) list() widget.Picker {
	return widget.Picker{At: s.at, N: len(enrollTypes), Rows: len(enrollTypes)}
}

func (s enrollTypeScreen) actions() []action {
	return slices.Concat(
		[]action{{keyChoose, true, shown, s.choose}},
		mover{s.list(), s.to}.keys("move", shown),
		[]action{{keyBack, true, shown, s.back}},
	)
}

func (s enrollTypeScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s, nil
}

func (s enrollTypeScreen) choose() (screen, tea.Cmd) {
	return newEnrollFormScreen(s.session, enrollTypes[s.at].Type, s.user, show(s), s.back), nil
}

// click chooses a type.
func (s enrollTypeScreen) click(_, y int) (screen, tea.Cmd) {
	const above = 2 // the question and an empty line
	at, ok := s.list().Row(y - above)
	if !ok {
		return s, nil
	}
	s.at = at
	return s.choose()
}
