package tui

import (
	"fmt"
	"strconv"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
	"mfa-tui/workos/watch"
)

// usersList is the users of the server.
func (s *session) usersList() consoleList {
	all := s.live.users
	return consoleList{
		n:    len(all),
		id:   func(i int) string { return all[i].ID },
		text: func(i int) string { return factors.UserText(all[i].User) },
		columns: func(q factors.Query, w int) []consoleColumn {
			const count = 9
			st, email, name := s.styles, max(0, w-count), 0
			if w >= 60 {
				email, name = email*3/5, email-email*3/5
			}
			return []consoleColumn{
				{"E-MAIL ADDRESS", email, func(i, w int) string { return st.cell(q, factors.UserName(all[i].User), w, st.text) }},
				{"NAME", name, func(i, w int) string { return st.cell(q, factors.OwnName(all[i].User), w, st.dim) }},
				{"FACTORS", count, func(i, w int) string { return st.text.Render(fmt.Sprintf("%*d", w, all[i].Factors)) }},
			}
		},
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

// wholeUser is all that is known of a user.
func (s *session) wholeUser(u watch.User, w int) string {
	at := func(t time.Time) string { return moment(s, t, w-labelWidth) }
	facts := append(factors.UserFacts(u.User, at), factors.Fact{"factors", strconv.Itoa(u.Factors)})
	if !u.LastSignInAt.IsZero() {
		facts = append(facts, factors.Fact{"signed in", at(u.LastSignInAt)})
	}
	return table(s.styles, facts, w)
}
