package tui

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/workos"
)

// usersFoundMsg ends findUsers.
type usersFoundMsg struct {
	outcome
	users []workos.User
}

// findUsers asks for the users with an e-mail address. There is one at most,
// unless the other side takes the address for less than it is.
func (d *session) findUsers(ctx context.Context, id int, email string) tea.Cmd {
	return call(ctx, func(ctx context.Context) tea.Msg {
		const most = 100
		page, err := d.API.ListUsers(ctx, workos.ListUsersOpts{Email: email, Limit: most})
		return usersFoundMsg{outcome{id: id, err: err}, page.Data}
	})
}

// userAddedMsg ends addUser.
type userAddedMsg struct {
	outcome
	user workos.User
}

// addUser adds a user. It is for the local engine alone.
func (d *session) addUser(ctx context.Context, id int, email string) tea.Cmd {
	return call(ctx, func(ctx context.Context) tea.Msg {
		user, err := d.API.CreateUser(ctx, workos.CreateUserOpts{Email: email})
		return userAddedMsg{outcome{id: id, err: err}, user}
	})
}

// userFactorsPage is how many of a user's factors are asked for at a time.
const userFactorsPage = 25

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
	return call(ctx, func(ctx context.Context) tea.Msg {
		page, err := d.API.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: userID, Limit: userFactorsPage, After: from})
		msg := userFactorsLoadedMsg{outcome{id: id, err: err}, from, page.Data, page.ListMetadata.After}
		// What can't be named can be neither challenged nor deleted.
		msg.factors = slices.DeleteFunc(msg.factors, func(f workos.Factor) bool { return f.ID == "" })
		return msg
	})
}
