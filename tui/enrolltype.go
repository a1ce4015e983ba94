package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/workos"
)

// enrollTypeScreen asks which type of factor to enroll.
type enrollTypeScreen struct {
	session *session
	back    way
	at      int
	user    workos.User // whose factor it will be; zero for nobody's
}

var enrollTypes = []struct {
	factorType workos.FactorType
	name, does string
}{
	{workos.TOTP, "TOTP", "an authenticator app shows a code every 30 seconds"},
	{workos.SMS, "SMS", "a text message brings the code"},
	{workos.GenericOTP, "Generic OTP", "you deliver the code yourself, by e-mail for one"},
}

// enrollName is a factor type as the choice has it.
func enrollName(t workos.FactorType) string {
	for _, e := range enrollTypes {
		if e.factorType == t {
			return e.name
		}
	}
	return typeName(t)
}

func newEnrollTypeScreen(d *session, user workos.User, back way) enrollTypeScreen {
	return enrollTypeScreen{session: d, user: user, back: back}
}

func (s enrollTypeScreen) title() trail { return factorsTrail("Enroll") }

func (s enrollTypeScreen) steps() steps { return enrollSteps(enrollTypes[s.at].factorType, 0) }

func (s enrollTypeScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	if msg, ok := msg.(tea.KeyMsg); ok {
		if next, cmd, ok := s.actions().press(msg); ok {
			return next, cmd
		}
	}
	return s, nil
}

func (s enrollTypeScreen) actions() actions {
	return actions{
		{keyChoose, true, s.choose},
		{keyUp, true, s.up},
		{keyDown, true, s.down},
		{keyBack, true, s.back},
	}
}

func (s enrollTypeScreen) help() help {
	return help{keys: []key.Binding{keyChoose, keyMove, keyBack}}
}

func (s enrollTypeScreen) choose() (screen, tea.Cmd) {
	return newEnrollFormScreen(s.session, enrollTypes[s.at].factorType, s.user, show(s), s.back), nil
}

func (s enrollTypeScreen) up() (screen, tea.Cmd) {
	s.at = max(0, s.at-1)
	return s, nil
}

func (s enrollTypeScreen) down() (screen, tea.Cmd) {
	s.at = min(len(enrollTypes)-1, s.at+1)
	return s, nil
}

// click takes the type that is clicked on.
func (s enrollTypeScreen) click(_, y int) (screen, tea.Cmd) {
	const above = 2 // the question and an empty line
	if i := y - above; i >= 0 && i < len(enrollTypes) {
		s.at = i
		return s.choose()
	}
	return s, nil
}

func (s enrollTypeScreen) view(w, _ int) string {
	st := s.session.styles
	lines := []string{st.dim.Render("Which type of factor?"), ""}
	for i, t := range enrollTypes {
		cursor, name := "  ", st.text
		if i == s.at {
			cursor, name = st.accent.Render("› "), st.accent
		}
		lines = append(lines, cursor+name.Render(column(t.name, 13))+st.dim.Render(column(t.does, w-15)))
	}
	return strings.Join(lines, "\n")
}
