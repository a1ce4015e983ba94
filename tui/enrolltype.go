package tui

import (
	"maps"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// enrollTypeScreen asks which type of factor to enroll.
type enrollTypeScreen struct {
	session *session
	back    navigate
	at      int
	user    workos.User       // whose factor it will be; zero for no user
	typed   map[string]string // in the forms of this enrollment, by the names of their fields
}

var enrollTypes = factors.Kinds()

// keeping is the screen with what was typed in a form.
func (s enrollTypeScreen) keeping(fields []field) enrollTypeScreen {
	s.typed = maps.Clone(s.typed)
	if s.typed == nil {
		s.typed = map[string]string{}
	}
	for _, f := range fields {
		s.typed[f.Name] = f.input.Value()
	}
	return s
}

func (s enrollTypeScreen) title() trail { return factorsTrail("Enroll") }

func (s enrollTypeScreen) steps() steps { return enrollSteps(enrollTypes[s.at].Type, 0) }

func (s enrollTypeScreen) update(tea.Msg) (screen, tea.Cmd) { return s, nil }

func (s enrollTypeScreen) view(w, h int) string {
	st, tall := s.session.styles, s.cardRows(h)
	w = s.session.textWidth(w)
	question := "Which type of factor?"
	if s.user.ID != "" {
		question = "Which type of factor for " + factors.UserName(s.user) + "?"
	}
	head := st.text.Render(ansi.Truncate(question, w, "…")) + "\n\n"
	types := s.list().View(func(i int, chosen bool) string {
		if tall > 1 {
			return st.card(enrollTypes[i], chosen, w, tall)
		}
		does := enrollTypes[i].Does
		if lipgloss.Width(does) > w-13 {
			does = enrollTypes[i].Short
		}
		return st.line(chosen, st.text.Render(column(enrollTypes[i].Name, 13))+st.dim.Render(does), w)
	})
	if tall > 1 {
		return head + types
	}
	k, rest := enrollTypes[s.at], max(1, h-lipgloss.Height(head+types)-1)
	about := shortened(strings.Split(ansi.Wrap(k.When+" · "+k.Needs, w, " "), "\n"), rest)
	return head + types + "\n\n" + st.dim.Render(strings.Join(about, "\n"))
}

// cardRows is how many rows each type has.
func (s enrollTypeScreen) cardRows(h int) int {
	const head, text, gap = 2, 3, 1 // the question; what it is, when to take it, what it needs
	if h < head+len(enrollTypes)*(text+gap)-gap {
		return 1
	}
	return text + gap
}

// card draws a type with what to know about it.
func (st styles) card(k factors.Kind, chosen bool, w, rows int) string {
	lines := make([]string, 0, rows)
	for i, text := range []string{k.Does, k.When, k.Needs} {
		name, style := "", st.dim
		if i == 0 {
			name, style = k.Name, st.text
		}
		lines = append(lines, st.line(chosen, st.title.Render(column(name, 13))+style.Render(words.Capital(text)), w))
	}
	return strings.Join(append(lines, ""), "\n")
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
	return newEnrollFormScreen(s, enrollTypes[s.at].Type), nil
}

// click chooses a type.
func (s enrollTypeScreen) click(_, y int) (screen, tea.Cmd) {
	const above = 2 // the question and an empty line
	_, h := s.session.box()
	if y < above {
		return s, nil
	}
	at, ok := s.list().Row((y - above) / s.cardRows(h))
	if !ok {
		return s, nil
	}
	s.at = at
	return s.choose()
}
