package factors

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// CheckEmail checks an e-mail address for what people mistype.
func CheckEmail(email string) error {
	name, domain, _ := strings.Cut(email, "@")
	if name == "" || domain == "" || strings.ContainsAny(email, " <>") {
		return errors.New("not an e-mail address (name@domain)")
	}
	return nil
}

// UserName is the name of a user: the address, or the ID without one.
func UserName(u workos.User) string { return cmp.Or(words.Clean(u.Email), words.Clean(u.ID)) }

// OwnName is a user's own name, empty if it is not known.
func OwnName(u workos.User) string {
	return strings.TrimSpace(words.Clean(u.FirstName) + " " + words.Clean(u.LastName))
}

// FindUsers asks for the user with an e-mail address, or without one for the first
// page of all users. A server that matches addresses loosely may return several.
func (l *List) FindUsers(ctx context.Context, email string) ([]workos.User, error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	const most = 100
	page, err := l.API.ListUsers(ctx, workos.ListUsersOpts{Email: email, Limit: most})
	return page.Data, err
}

// AddUser adds a user, at the local engine and servers like it.
func (l *List) AddUser(ctx context.Context, email string) (workos.User, error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	return l.API.CreateUser(ctx, workos.CreateUserOpts{Email: email})
}

// userFactorsPage is how many of a user's factors are asked for at a time.
const userFactorsPage = 25

// UserFactors asks for a page of a user's factors, newest first: the first page, or
// the one after a factor. next is what after must be for the page that follows,
// empty if there is none.
func (l *List) UserFactors(ctx context.Context, userID, after string) (page []workos.Factor, next string, err error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	got, err := l.API.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: userID, Limit: userFactorsPage, After: after})
	// A factor without an ID can be neither challenged nor deleted.
	return slices.DeleteFunc(got.Data, func(f workos.Factor) bool { return f.ID == "" }), got.ListMetadata.After, err
}
