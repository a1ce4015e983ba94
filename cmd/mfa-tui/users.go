package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

func (p *program) usersCommand() *cobra.Command {
	cmd := group("users", "The users of WorkOS User Management, and their factors",
		p.usersFindCommand(), p.usersAddCommand(), p.usersFactorsCommand())
	cmd.Long = `A USER is named by ID, or by an e-mail address that no other user has. If somebody
has lost their phone, find the user, look at their factors, delete the lost one and
enroll another with --user-id.

With --json a list is printed as the API has it, with all of its pages: object,
data, and list_metadata whose before and after are null.`
	p.jsonFlag(cmd.PersistentFlags())
	p.wideFlag(cmd.PersistentFlags())
	return cmd
}

// wholeList is a list with all of its pages, in JSON as the API has it.
type wholeList[T any] struct {
	list[T]
	Metadata struct {
		Before *string `json:"before"`
		After  *string `json:"after"`
	} `json:"list_metadata"`
}

func newWholeList[T any](data []T) wholeList[T] { return wholeList[T]{list: newList(data)} }

func (p *program) usersFindCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "find EMAIL",
		Short: "Find users by their e-mail address",
		Long: `find prints ID, e-mail address and name of each user with this e-mail address. If
there is none, the exit status is 4.`,
		Example: `  mfa-tui users find alan@example.com`,
		Args:    cobra.ExactArgs(1),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			email := strings.TrimSpace(args[0])
			users, err := a.UsersByEmail(ctx, email)
			if err != nil {
				return err
			}
			if len(users) == 0 {
				err = a.noUser(email)
			}
			return errors.Join(p.printUsers(users), err)
		}),
	}
}

func (p *program) printUsers(users []workos.User) error {
	return p.print(newWholeList(users), func() string { return p.userRows(users...) })
}

// userRows writes users, a line each.
func (p *program) userRows(users ...workos.User) string {
	var rows [][]string
	for _, u := range users {
		rows = append(rows, []string{u.ID, u.Email, factors.OwnName(u)})
	}
	return p.table(rows, func(int) table { return table{head: []string{"ID", "E-MAIL", "NAME"}, rows: rows, named: true} })
}

func (p *program) usersAddCommand() *cobra.Command {
	var opts workos.CreateUserOpts
	cmd := &cobra.Command{
		Use:   "add EMAIL",
		Short: "Add a user, on the local engine or with a test key",
		Long: `add adds a user and prints ID, e-mail address and name, as find does. With --json
the user is printed as the API has it. No user is added with a LIVE key: users there
are real people.`,
		Example: `  mfa-tui users add alan@example.com --first-name Alan --last-name Turing`,
		Args:    cobra.ExactArgs(1),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			opts.Email = args[0]
			user, err := a.AddUser(ctx, opts)
			switch {
			case a.Uncertain(err):
				return errors.Join(err, fmt.Errorf("the user may have been added: check with mfa-tui users find %s", strings.TrimSpace(opts.Email)))
			case err != nil:
				return err
			}
			return p.print(user, func() string { return p.userRows(user) })
		}),
	}
	cmd.Flags().StringVar(&opts.FirstName, "first-name", "", "first `NAME` of the user")
	cmd.Flags().StringVar(&opts.LastName, "last-name", "", "last `NAME` of the user")
	return cmd
}

func (p *program) usersFactorsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "factors USER",
		Short: "List all factors of a user, newest first",
		Long: `factors lists the factors that WorkOS has for a user, wherever they were enrolled. A
factor need not be on your list to be challenged or deleted by its ID.`,
		Example: `  mfa-tui users factors alan@example.com
  mfa-tui users factors user_01ALAN --json`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: p.completeUsers(1),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			id, err := a.userID(ctx, strings.TrimSpace(args[0]))
			if err != nil {
				return err
			}
			found, err := a.AllUserFactors(ctx, id)
			if err != nil {
				return err
			}
			return p.printUserFactors(a, id, found)
		}),
	}
}

// printUserFactors prints factors as WorkOS has them. What only the factor file
// knows is not in the JSON.
func (p *program) printUserFactors(a *app, user string, found []workos.Factor) error {
	var data []workos.Factor
	var rows [][]string
	var records []store.Record
	for _, f := range found {
		r, kept := a.Store.Record(f.ID)
		state := "not in the factor file"
		if kept {
			state = factorState(r)
		}
		r.Factor = f
		data, records = append(data, redacted(r).Factor), append(records, r)
		rows = append(rows, []string{f.ID, string(f.Type), factors.Name(r), "created " + momentOf(f.CreatedAt.Time), state})
	}
	if len(rows) == 0 && !p.json {
		p.say("%s has no factors; mfa-tui enroll totp --user-id enrolls one", user)
	}
	return p.print(newWholeList(data), func() string { return p.factorTable(a, records, rows) })
}

// userID returns the ID of the user that a word names.
func (a *app) userID(ctx context.Context, word string) (string, error) {
	switch {
	case word == "":
		return "", usageError{errors.New("name a user by ID or by e-mail address")}
	case !strings.Contains(word, "@"):
		return word, nil
	}
	users, err := a.UsersByEmail(ctx, word)
	switch {
	case err != nil:
		return "", err
	case len(users) == 0:
		return "", a.noUser(word)
	case len(users) == 1:
		return users[0].ID, nil
	}
	var ids []string
	for _, u := range users {
		ids = append(ids, u.ID)
	}
	return "", usageError{fmt.Errorf("%d users have the e-mail address %s: %s; use the ID of one", len(users), word, strings.Join(ids, ", "))}
}

// noUser is the error for an e-mail address that no user has.
func (a *app) noUser(email string) error {
	err := fmt.Errorf("user %s %w at %s", email, factors.ErrNotFound, a.Service())
	if a.Mode == factors.Local {
		return fmt.Errorf("%w; mfa-tui users add %s creates one", err, email)
	}
	return fmt.Errorf("%w; check the spelling, and that the key belongs to the user's environment", err)
}
