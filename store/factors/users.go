package factors

import (
	"context"
	"slices"

	"mfa-tui/workos"
)

// FindUsers asks for the users with an e-mail address. There is one at most, unless
// the other side takes the address for less than it is.
func (l *List) FindUsers(ctx context.Context, email string) ([]workos.User, error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	const most = 100
	page, err := l.API.ListUsers(ctx, workos.ListUsersOpts{Email: email, Limit: most})
	return page.Data, err
}

// AddUser adds a user. It is for the local engine and servers like it.
func (l *List) AddUser(ctx context.Context, email string) (workos.User, error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	return l.API.CreateUser(ctx, workos.CreateUserOpts{Email: email})
}

// userFactorsPage is how many of a user's factors are asked for at a time.
const userFactorsPage = 25

// UserFactors asks for the page of a user's factors that begins behind a factor,
// the first one if that is empty, newest first. next is where the page after it
// begins, empty if there is none.
func (l *List) UserFactors(ctx context.Context, userID, from string) (page []workos.Factor, next string, err error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	got, err := l.API.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: userID, Limit: userFactorsPage, After: from})
	// What can't be named can be neither challenged nor deleted.
	return slices.DeleteFunc(got.Data, func(f workos.Factor) bool { return f.ID == "" }), got.ListMetadata.After, err
}
