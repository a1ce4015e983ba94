package factors

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

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
	return cmp.Or(strings.TrimSpace(words.Clean(u.FirstName)+" "+words.Clean(u.LastName)), words.Clean(u.Name))
}

// largestPage is the largest page that the API gives.
const largestPage = 100

// FirstUsers asks for the first page of users. more says that there are others.
func (l *List) FirstUsers(ctx context.Context) (page []workos.User, more bool, err error) {
	page, next, err := l.users(ctx, "", "")
	return page, next != "", err
}

// UserText is what is searched of a user.
func UserText(u workos.User) string {
	return strings.Join([]string{UserName(u), OwnName(u), u.ID, u.ExternalID}, " ")
}

// MatchingUsers are the users whose address, name or ID has all words of a text.
func MatchingUsers(users []workos.User, text string) (matching []workos.User) {
	q := NewQuery(text)
	for _, u := range users {
		if q.In(UserText(u)) {
			matching = append(matching, u)
		}
	}
	return matching
}

// UserFacts is all that is known of a user. moment writes a time.
func UserFacts(u workos.User, moment func(time.Time) string) []Fact {
	at := func(t workos.Time) string {
		if t.IsZero() {
			return ""
		}
		return moment(t.Time)
	}
	facts := []Fact{
		{"e-mail", words.Clean(u.Email)}, {"name", OwnName(u)}, {"ID", words.Clean(u.ID)}, {"external ID", words.Clean(u.ExternalID)},
		{"created", at(u.CreatedAt)}, {"updated", at(u.UpdatedAt)},
	}
	return slices.DeleteFunc(facts, func(f Fact) bool { return f[1] == "" })
}

// FindUsers asks for the user with an e-mail address. A server that matches addresses
// loosely may return several.
func (l *List) FindUsers(ctx context.Context, email string) ([]workos.User, error) {
	users, _, err := l.users(ctx, email, "")
	return users, err
}

// UsersByEmail asks for all users with an e-mail address.
func (l *List) UsersByEmail(ctx context.Context, email string) ([]workos.User, error) {
	if err := refuseEmail(email); err != nil {
		return nil, err
	}
	return allPages(func(after string) ([]workos.User, string, error) { return l.users(ctx, email, after) })
}

func (l *List) users(ctx context.Context, email, after string) (page []workos.User, next string, err error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	got, err := l.API.ListUsers(ctx, workos.ListUsersOpts{Email: email, Limit: largestPage, After: after})
	return got.Data, got.ListMetadata.After, err
}

// UserID returns the ID of the user that a word names: by ID, or by an e-mail address
// that no other user has.
func (l *List) UserID(ctx context.Context, word string) (string, error) {
	word = strings.TrimSpace(word)
	switch {
	case word == "":
		return "", refuse("", "name a user by ID or by e-mail address")
	case !strings.Contains(word, "@"):
		return word, nil
	}
	users, err := l.UsersByEmail(ctx, word)
	switch {
	case err != nil:
		return "", err
	case len(users) == 0:
		return "", l.NoUser(word)
	case len(users) == 1:
		return users[0].ID, nil
	}
	var ids []string
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	return "", refuse("", "%d users have the e-mail address %s: %s; use the ID of one", len(users), word, strings.Join(ids, ", "))
}

// NoUser is the error for an e-mail address that no user has.
func (l *List) NoUser(email string) error {
	err := fmt.Errorf("user %s %w at %s", email, ErrNotFound, l.Service())
	if l.Mode == Local {
		return fmt.Errorf("%w; mfa-tui users add %s creates one", err, email)
	}
	return fmt.Errorf("%w; check the spelling, and that the key belongs to the user's environment", err)
}

// CanAddUsers reports whether a person is offered to add users: where these are no real
// people, as on the local engine, or on a server with a test phone.
func (l *List) CanAddUsers(phone TestPhone) bool {
	return l.Mode == Local || l.Mode == Test && phone != nil
}

// AddUser adds a user, unless that would be a real person. The same user is not added
// twice: no two have one e-mail address.
func (l *List) AddUser(ctx context.Context, opts workos.CreateUserOpts) (workos.User, error) {
	for _, text := range []*string{&opts.Email, &opts.FirstName, &opts.LastName} {
		*text = strings.TrimSpace(words.Clean(*text))
	}
	if err := refuseEmail(opts.Email); err != nil {
		return workos.User{}, err
	}
	if l.Mode == Live {
		return workos.User{}, refuse("", "no user is added with a LIVE key, since users there are real people; use a test key, or --local")
	}
	ctx, cancel := Bounded(ctx)
	defer cancel()
	return l.API.CreateUser(ctx, opts)
}

// DeleteUserQuestion asks before a user is deleted.
func DeleteUserQuestion(u workos.User) Question {
	return Question{Text: "Delete the user " + UserName(u) + "?", Warning: "The user's factors are deleted too."}
}

// DeleteUser deletes a user, with their factors. One who is already gone counts as
// deleted.
func (l *List) DeleteUser(ctx context.Context, userID string) error {
	ctx, cancel := finishing(ctx)
	defer cancel()
	if err := l.API.DeleteUser(ctx, workos.DeleteUserOpts{UserID: userID}); !workos.IsNotFound(err) {
		return err
	}
	return nil
}

// refuseEmail is CheckEmail for an address whose field is not on a screen.
func refuseEmail(email string) error {
	if err := CheckEmail(email); err != nil {
		return refuse("", "%q is %w", words.Clean(email), err)
	}
	return nil
}

// userFactorsPage is how many of a user's factors are asked for at a time.
const userFactorsPage = 25

// UserFactors asks for a page of a user's factors, newest first: the first page, or
// the one after a factor. next is what after must be for the page that follows,
// empty if there is none.
func (l *List) UserFactors(ctx context.Context, userID, after string) (page []workos.Factor, next string, err error) {
	return l.userFactors(ctx, userID, after, userFactorsPage)
}

// AllUserFactors asks for all factors of a user, newest first.
func (l *List) AllUserFactors(ctx context.Context, userID string) ([]workos.Factor, error) {
	return allPages(func(after string) ([]workos.Factor, string, error) {
		return l.userFactors(ctx, userID, after, largestPage)
	})
}

func (l *List) userFactors(ctx context.Context, userID, after string, limit int) (page []workos.Factor, next string, err error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	got, err := l.API.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: userID, Limit: limit, After: after})
	// A factor without an ID can be neither challenged nor deleted.
	return slices.DeleteFunc(got.Data, func(f workos.Factor) bool { return f.ID == "" }), got.ListMetadata.After, err
}

// allPages reads a list to its end.
func allPages[T any](read func(after string) (page []T, next string, err error)) ([]T, error) {
	var all []T
	seen := map[string]bool{"": true}
	for after := ""; ; {
		page, next, err := read(after)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if next == "" {
			return all, nil
		}
		if seen[next] {
			return nil, fmt.Errorf("the list has no end: the page after %s came twice, which is an error of the server", words.Clean(next))
		}
		seen[next], after = true, next
	}
}
