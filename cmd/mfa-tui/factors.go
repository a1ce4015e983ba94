package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

func (p *program) factorsCommand() *cobra.Command {
	list, refresh := p.factorsListCommand(), p.factorsRefreshCommand()
	p.wideFlag(list.Flags())
	p.wideFlag(refresh.Flags())
	cmd := group("factors", "The factors of this environment",
		list, p.factorsGetCommand(), p.factorsAddCommand(), p.factorsLabelCommand(),
		p.factorsRemoveCommand(), p.factorsDeleteCommand(), refresh)
	cmd.Long = `The factors that the factor file has for this environment.

A FACTOR is named by its label, its ID, or the beginning of its ID: as lists have it,
at least ` + strconv.Itoa(factors.ShortID) + ` characters, or auth_factor_ and any number of them.

On a terminal a list fits it: IDs are short, phone numbers masked, times relative.
--wide prints everything. In a pipe a list has no header, whole IDs, and a line for
each factor.

In JSON a factor is as the API has it (object, id, type, user_id, totp, sms,
created_at, updated_at) with what only this list has: label, verified_at, gone_at, and
its challenges (challenge_id, at, outcome, wrong_codes). Its secret is left out: only
enroll and qr print it.`
	p.jsonFlag(cmd.PersistentFlags())
	return cmd
}

// argument is how a command line names a factor: by its label if that is one word of
// any shell, else by its short ID.
func (a *app) argument(r store.Record) string {
	if oneWord(r.Label) {
		return r.Label
	}
	return a.ShortIDs()(r.ID)
}

// oneWord reports whether no shell reads text as anything but a word, and no command as
// a flag.
func oneWord(text string) bool {
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("_.@+-", r)
	}
	return text != "" && !strings.ContainsFunc(text, special) && !strings.ContainsAny(text[:1], ".@+-")
}

// redacted is a factor without its secret, to be printed.
func redacted(r store.Record) store.Record {
	if r.TOTP != nil {
		r.TOTP = &workos.TOTPDetails{Issuer: r.TOTP.Issuer, User: r.TOTP.User}
	}
	return r
}

func (p *program) factorsListCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the factors, newest first",
		Example: `  mfa-tui factors list
  mfa-tui factors list --wide
  mfa-tui factors list --json`,
		RunE: p.withApp(func(_ context.Context, a *app, _ []string) error {
			defer p.sayElsewhere(a)
			return p.printFactors(a, a.Store.Records())
		}),
	}
}

// sayElsewhere says where factors are if the list is empty.
func (p *program) sayElsewhere(a *app) {
	others := a.Elsewhere()
	if others == "" || len(a.Store.Records()) > 0 {
		return
	}
	text := fmt.Sprintf("this environment is %s; also in the factor file: %s", a.Store.Environment(), others)
	if len(a.Store.Movable()) > 0 {
		text += "; mfa-tui environments move OLD NEW moves factors"
	}
	p.say("%s", text)
}

// printFactors prints a list of factors.
func (p *program) printFactors(a *app, records []store.Record) error {
	if len(records) == 0 && !p.json {
		p.say("no factors; mfa-tui enroll makes one, mfa-tui factors add adds an existing one by its ID")
		return nil
	}
	data := make([]store.Record, len(records))
	for i, r := range records {
		data[i] = redacted(r)
	}
	return p.print(newList(data), func() string {
		var rows [][]string
		for _, r := range records {
			rows = append(rows, []string{r.ID, string(r.Type), factors.Name(r), factorState(r)})
		}
		return p.factorTable(a, records, rows)
	})
}

// factorTable writes factors: rows, or a table for a person.
func (p *program) factorTable(a *app, records []store.Record, rows [][]string) string {
	const narrow = 60
	return p.table(rows, func(cols int) table {
		t := table{head: []string{"ID", "TYPE", "LABEL", "FACTOR", "STATE", "CREATED", "USER ID"}, named: true, spare: 2}
		short := a.ShortIDs()
		for _, r := range records {
			id, label, name, created, user := short(r.ID), r.Label, factors.EnrolledName(factors.Masked(r.Factor)), agoOf(r.CreatedAt.Time, a.Now()), ""
			kind, state := a.State(r)
			switch {
			case p.wide:
				id, name, created, user = r.ID, factors.EnrolledName(r.Factor), momentOf(r.CreatedAt.Time), r.UserID
				if _, state = a.StateAt(r, stamp); kind == factors.Gone {
					state = factorState(r) // with the time
				}
			case cols < narrow && r.Label != "": // one name is enough
				name, label = r.Label, ""
			case cols < narrow && r.SMS != nil:
				name = factors.LastDigits(r.Factor)
			}
			t.rows = append(t.rows, []string{id, factors.ShortTypeName(r.Type), label, name, state, created, user})
		}
		return t
	})
}

// printDone says what was done with factors.
func (p *program) printDone(a *app, done string, records []store.Record) error {
	if p.json {
		return p.printFactors(a, records)
	}
	p.say("%s %s", done, names(records))
	return nil
}

func (p *program) printFactor(r store.Record) error {
	return p.print(redacted(r), func() string { return factorDetails(r) })
}

func (p *program) factorsGetCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "get FACTOR",
		Short: "Show a factor",
		Example: `  mfa-tui factors get alan
  mfa-tui factors get auth_factor_01KG --json`,
		ValidArgsFunction: p.completeFactors(1, anyFactor),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			r, err := a.Factor(ctx, args[0])
			if err != nil {
				return err
			}
			return p.printFactor(r)
		}),
	}
}

func (p *program) factorsAddCommand() *cobra.Command {
	var label string
	cmd := &cobra.Command{
		Use:     "add ID",
		Aliases: []string{"adopt"},
		Short:   "Add a factor that was enrolled elsewhere, by its ID",
		Example: `  mfa-tui factors add auth_factor_01KGXQ6T3ZJ5V8 --label alan`,
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			return p.printSaved(a)(a.Add(ctx, args[0], label))
		}),
	}
	cmd.Flags().StringVar(&label, "label", "", "your own `NAME` for it")
	return cmd
}

// printSaved prints the factor that a use case has saved.
func (p *program) printSaved(a *app) func(factors.Done, error) error {
	return func(done factors.Done, err error) error {
		if err != nil {
			return err
		}
		return errors.Join(p.printFactor(done.Record), p.printUnsaved(a.Store, done))
	}
}

func (p *program) factorsLabelCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "label FACTOR NAME",
		Short: "Give a factor your own name; '' removes it",
		Example: `  mfa-tui factors label auth_factor_01KG alan
  mfa-tui factors label alan ''`,
		ValidArgsFunction: p.completeFactors(1, anyFactor),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			r, err := a.Find(args[0])
			if err != nil {
				return err
			}
			return p.printSaved(a)(a.Label(ctx, r.ID, args[1]))
		}),
	}
}

func (p *program) factorsRemoveCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:               "remove FACTOR…",
		Aliases:           []string{"forget"},
		Short:             "Remove factors from the list, not at WorkOS",
		Example:           `  mfa-tui factors remove alan phone`,
		ValidArgsFunction: p.completeFactors(anyNumber, anyFactor),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			records, err := factors.Named(args, a.Find)
			if err != nil {
				return err
			}
			question := fmt.Sprintf("Remove %s from the list? You need the ID to add a factor again.", names(records))
			if err := p.confirm(yes, question); err != nil {
				return err
			}
			if err := a.Remove(ctx, idsOf(records)...); err != nil {
				return err
			}
			return p.printDone(a, "removed", records)
		}),
	}
	yesFlag(cmd, &yes)
	return cmd
}

func (p *program) factorsDeleteCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "delete FACTOR…",
		Short: "Delete factors permanently, at WorkOS and on the list",
		Example: `  mfa-tui factors delete alan           # asks
  mfa-tui factors delete alan --yes     # does not`,
		ValidArgsFunction: p.completeFactors(anyNumber, anyFactor),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			records, err := factors.Named(args, func(word string) (store.Record, error) { return a.Factor(ctx, word) })
			if err != nil {
				return err
			}
			if err := p.confirm(yes, words.Sentences(a.LiveRemark(), fmt.Sprintf("Delete %s at %s permanently?", names(records), a.place()))); err != nil {
				return err
			}
			return p.deleteFactors(ctx, a, records)
		}),
	}
	yesFlag(cmd, &yes)
	return cmd
}

// deleteFactors deletes factors in turn, up to one that fails, and prints those
// that are deleted.
func (p *program) deleteFactors(ctx context.Context, a *app, records []store.Record) error {
	var deleted []store.Record
	var failed error
	for _, r := range records {
		if failed = p.runToCompletion(func() (err error) { r, err = a.deleteFactor(ctx, r); return err }); failed != nil {
			failed = fmt.Errorf("delete %s: %w", r.ID, failed)
			break
		}
		deleted = append(deleted, r)
	}
	if len(deleted) == 0 {
		return failed
	}
	if p.json {
		return errors.Join(p.printFactors(a, deleted), failed)
	}
	for _, r := range deleted {
		p.say("%s", a.Deleted(r, names([]store.Record{r})))
	}
	return failed
}

func (a *app) deleteFactor(ctx context.Context, r store.Record) (store.Record, error) {
	done, err := a.Delete(ctx, r)
	if err == nil && done.SaveErr != nil {
		err = fmt.Errorf("deleted at %s, but it is still in the factor file: %w", a.Service(), done.SaveErr)
	}
	return done.Record, err
}

func (p *program) factorsRefreshCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "refresh [FACTOR…]",
		Short: "Ask WorkOS for factors again, for all if none is named",
		Long: `refresh updates factors with what WorkOS has now. A factor that is gone there gets
gone_at and stays on the list; if you named it, the exit status is 4.`,
		Example: `  mfa-tui factors refresh
  mfa-tui factors refresh alan --json`,
		ValidArgsFunction: p.completeFactors(anyNumber, anyFactor),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			records := a.Store.Records()
			if len(args) == 0 {
				defer p.sayElsewhere(a)
			} else {
				var err error
				if records, err = factors.Named(args, a.Find); err != nil {
					return err
				}
			}
			fresh, err := a.RefreshAll(ctx, idsOf(records)...)
			if len(fresh) == 0 && err != nil {
				return err
			}
			var refreshed []store.Record
			for _, f := range fresh {
				refreshed = append(refreshed, f.Record)
				if f.Gone && len(args) > 0 {
					err = errors.Join(err, fmt.Errorf("%s: %w at %s", factors.FullName(f.Record), factors.ErrNotFound, a.Service()))
				}
			}
			return errors.Join(p.printFactors(a, refreshed), err)
		}),
	}
}

// names names factors, each with the user that it belongs to.
func names(records []store.Record) string {
	var all []string
	for _, r := range records {
		name := factors.FullName(r)
		if r.UserID != "" {
			name += " of " + r.UserID
		}
		all = append(all, name)
	}
	return strings.Join(all, ", ")
}

func idsOf(records []store.Record) []string {
	var ids []string
	for _, r := range records {
		ids = append(ids, r.ID)
	}
	return ids
}

func yesFlag(cmd *cobra.Command, yes *bool) {
	cmd.Flags().BoolVarP(yes, "yes", "y", false, "do not ask")
}
