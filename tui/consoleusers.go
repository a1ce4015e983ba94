package tui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/workos/watch"
)

// usersList is the users of the server.
func (s *session) usersList() consoleList {
	all := s.live.users
	return consoleList{
		n:  len(all),
		id: func(i int) string { return all[i].ID },
		text: func(i int) string {
			u := all[i]
			return strings.Join([]string{u.ID, u.Email, factors.OwnName(u.User), u.ExternalID}, "\n")
		},
		head: func(w int) string {
			email, name := userColumns(w)
			line := column("E-MAIL ADDRESS", email)
			if name > 0 {
				line += column("NAME", name)
			}
			return line + "FACTORS"
		},
		line:   func(i, w int) string { return s.userLine(all[i], w) },
		detail: func(i, w, _ int) string { return s.wholeUser(all[i], w) },
		open: func(c consoleScreen, i int) (screen, tea.Cmd) {
			return newUserFactorsScreen(s, all[i].User, c.backTo())
		},
		actions: func(c consoleScreen, i int, ok bool) []action {
			return []action{
				c.openKey(),
				{keyNewUser, true, shown, func() (screen, tea.Cmd) { return newAddUserScreen(s, c.backTo()), nil }},
				{as(keyDelete, "d", "delete user"), ok, shown, func() (screen, tea.Cmd) { return newDeleteUserScreen(s, all[i].User, c.backTo()), nil }},
			}
		},
	}
}

func userColumns(w int) (email, name int) {
	const count = 9
	if w < 60 {
		return max(0, w-count), 0
	}
	rest := w - count
	return rest * 3 / 5, rest - rest*3/5
}

func (s *session) userLine(u watch.User, w int) string {
	st := s.styles
	email, name := userColumns(w)
	line := st.text.Render(column(ansi.Truncate(factors.UserName(u.User), email-2, "…"), email))
	if name > 0 {
		line += st.dim.Render(column(ansi.Truncate(factors.OwnName(u.User), name-2, "…"), name))
	}
	return line + st.text.Render(fmt.Sprintf("%7d", u.Factors))
}

// wholeUser is all that is known of a user.
func (s *session) wholeUser(u watch.User, w int) string {
	at := func(t time.Time) string { return moment(s, t, w-labelWidth) }
	facts := append(factors.UserFacts(u.User, at), factors.Fact{"factors", strconv.Itoa(u.Factors)})
	if !u.LastSignInAt.IsZero() {
		facts = append(facts, factors.Fact{"signed in", at(u.LastSignInAt)})
	}
	return table(s.styles, facts, w)
}
