package tui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/workos"
)

// usersFoundMsg ends findUsers.
type usersFoundMsg struct {
	outcome
	users []workos.User
}

// findUsers asks for the users with an e-mail address.
func (d *session) findUsers(ctx context.Context, id int, email string) tea.Cmd {
	return func() tea.Msg {
		users, err := d.FindUsers(ctx, email)
		return usersFoundMsg{outcome{id: id, err: err}, users}
	}
}

// userAddedMsg ends addUser.
type userAddedMsg struct {
	outcome
	user workos.User
}

// addUser adds a user. It is for the local engine alone.
func (d *session) addUser(ctx context.Context, id int, email string) tea.Cmd {
	return func() tea.Msg {
		user, err := d.AddUser(ctx, email)
		return userAddedMsg{outcome{id: id, err: err}, user}
	}
}

// userFactorsLoadedMsg ends loadUserFactors: the page behind the factor from, or
// the first one if that is empty.
type userFactorsLoadedMsg struct {
	outcome
	from    string
	factors []workos.Factor
	next    string // where the next page begins, empty if there is none
}

// loadUserFactors asks for a page of a user's factors, newest first.
func (d *session) loadUserFactors(ctx context.Context, id int, userID, from string) tea.Cmd {
	return func() tea.Msg {
		page, next, err := d.UserFactors(ctx, userID, from)
		return userFactorsLoadedMsg{outcome{id: id, err: err}, from, page, next}
	}
}
