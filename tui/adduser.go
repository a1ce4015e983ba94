package tui

import (
	"context"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// addUserScreen adds a user to a server by an e-mail address.
type addUserScreen struct {
	session *session
	back    navigate
	entry   entry
}

func newAddUserScreen(s *session, back navigate) addUserScreen {
	return addUserScreen{s, back, s.newEntry("E-mail address of the new user", "marc@example.com")}
}

func (s addUserScreen) title() trail { return trail{"Users", "Add"} }

func (s addUserScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case userAddedMsg:
		if msg.err != nil {
			s.entry.refusal = s.session.explain(msg.err)
			return s, nil
		}
		next, cmd := s.back()
		return next, tea.Batch(cmd, say(success, "created "+factors.UserName(msg.user)))
	case tea.KeyMsg:
		s.entry.typed(msg)
	}
	return s, nil
}

func (s addUserScreen) view(w, _ int) string {
	st := s.session.styles
	return s.entry.view(st, remark{"any address will do: no e-mail leaves this computer · no password: a code by e-mail signs in", st.dim}, s.session.textWidth(w), 2)
}

func (s addUserScreen) actions() []action {
	return []action{
		{as(keyChoose, "enter", "add this user"), true, shown, s.add},
		{keyBack, true, shown, s.back},
	}
}

func (s addUserScreen) typing() typing { return textTyped }

func (s addUserScreen) add() (screen, tea.Cmd) {
	email := strings.TrimSpace(s.entry.input.Value())
	if err := factors.CheckEmail(email); err != nil {
		s.entry.refusal = err.Error()
		return s, nil
	}
	return s, s.session.addUser(email)
}

// newDeleteUserScreen asks before a user of a server is deleted.
func newDeleteUserScreen(s *session, u workos.User, back navigate) confirmScreen {
	return confirmScreen{
		session: s, Question: factors.DeleteUserQuestion(u), back: back, done: back,
		trail: trail{"Users", factors.UserName(u), "Delete"}, verb: "Delete",
		command: func() tea.Cmd { return s.deleteUser(u) },
	}
}

// userDeletedMsg ends deleteUser.
type userDeletedMsg struct {
	outcome
	user workos.User
}

func (m userDeletedMsg) report(s *session) notice {
	if m.err != nil {
		return notice{failure, "deleting " + factors.UserName(m.user) + " failed: " + s.explain(m.err)}
	}
	return notice{success, "deleted " + factors.UserName(m.user)}
}

// deleteUser deletes a user.
func (s *session) deleteUser(u workos.User) tea.Cmd {
	return s.runToCompletion("Deleting…", func(ctx context.Context, id int) result {
		return userDeletedMsg{outcome{id, s.List.DeleteUser(ctx, u.ID)}, u}
	})
}
