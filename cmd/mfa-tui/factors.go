package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// refreshAtOnce is how many factors are asked for at the same time.
const refreshAtOnce = 4

func (p *program) factorsCommand() *cobra.Command {
	cmd := group("factors", "The factors of this environment",
		p.factorsListCommand(), p.factorsGetCommand(), p.factorsAdoptCommand(),
		p.factorsForgetCommand(), p.factorsDeleteCommand(), p.factorsRefreshCommand())
	cmd.Long = `The factors that the factor file has for this environment.

A FACTOR is named by its id, the beginning of its id, or its label. In JSON a
factor is as on the wire (id, type, user_id, totp, sms, created_at, updated_at)
with what is known here alone: label, verified_at, gone_at, and its challenges
(challenge_id, at, outcome, wrong_codes). Its secret is not among them: only enroll
and qr tell it.`
	p.jsonFlag(cmd.PersistentFlags())
	return cmd
}

// public is a factor as it is printed: without what its QR code is made of.
func public(r store.Record) store.Record {
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
  mfa-tui factors list --json`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.withApp(func(a *app) error { return p.printFactors(a.store.Records()) })
		},
	}
}

// printFactors prints a list of factors.
func (p *program) printFactors(records []store.Record) error {
	if len(records) == 0 && !p.json {
		p.say("no factors; mfa-tui enroll makes one, mfa-tui factors adopt takes one in by its id")
		return nil
	}
	data := make([]store.Record, len(records))
	for i, r := range records {
		data[i] = public(r)
	}
	return p.print(newList(data), func() string {
		var rows [][]string
		for _, r := range records {
			rows = append(rows, []string{r.ID, string(r.Type), factorName(r), factorState(r)})
		}
		return columns(rows)
	})
}

// printDone tells what was done with factors.
func (p *program) printDone(done string, records []store.Record) error {
	if p.json {
		return p.printFactors(records)
	}
	p.say("%s %s", done, names(records))
	return nil
}

func (p *program) printFactor(r store.Record) error {
	return p.print(public(r), func() string { return factorDetails(r) })
}

func (p *program) factorsGetCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "get FACTOR",
		Short: "Show a factor",
		Example: `  mfa-tui factors get alan
  mfa-tui factors get auth_factor_01KG --json`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: p.completeFactor,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(func(a *app) error {
				r, err := a.factor(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				return p.printFactor(r)
			})
		},
	}
}

func (p *program) factorsAdoptCommand() *cobra.Command {
	var label string
	cmd := &cobra.Command{
		Use:     "adopt ID",
		Short:   "Take a factor that was enrolled elsewhere into the factor file, by its id",
		Example: `  mfa-tui factors adopt auth_factor_01KGXQ6T3ZJ5V8 --label alan`,
		Args:    usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !factorID.MatchString(args[0]) {
				return usageError{fmt.Errorf("%q is not the id of a factor: auth_factor_ and letters and digits", args[0])}
			}
			return p.withApp(func(a *app) error { return p.adopt(cmd.Context(), a, args[0], label) })
		},
	}
	cmd.Flags().StringVar(&label, "label", "", "your own `NAME` for it")
	return cmd
}

func (p *program) adopt(ctx context.Context, a *app, id, label string) error {
	if err := a.checkLabel(label, id); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	f, err := a.client.GetFactor(ctx, workos.GetFactorOpts{FactorID: id})
	if err != nil {
		return err
	}
	f.ID = id
	ctx, cancel = saving(ctx)
	defer cancel()
	r, saveErr := a.put(ctx, f, label)
	return errors.Join(p.printFactor(r), p.keep(a.store, r, saveErr))
}

// put saves a factor, with a label if there is one, and returns its record.
func (a *app) put(ctx context.Context, f workos.Factor, label string) (store.Record, error) {
	added := store.Record{Factor: f, Label: label}
	_, err := a.store.Put(ctx, added)
	r, ok := a.store.Record(f.ID)
	if !ok {
		return added, err
	}
	if err == nil && label != "" && r.Label != label { // it was there, with another one
		return a.store.SetLabel(ctx, f.ID, label)
	}
	return r, err
}

func (p *program) factorsForgetCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:               "forget FACTOR…",
		Short:             "Take factors out of the factor file; they stay at WorkOS",
		Example:           `  mfa-tui factors forget alan phone`,
		Args:              usage(cobra.MinimumNArgs(1)),
		ValidArgsFunction: p.completeFactors,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(func(a *app) error {
				records, err := findAll(args, func(word string) (store.Record, error) { return find(a.store.Records(), word) })
				if err != nil {
					return err
				}
				question := fmt.Sprintf("Forget %s? Only the id leads back to a factor at WorkOS.", names(records))
				if err := p.confirm(yes, question); err != nil {
					return err
				}
				if err := a.store.Forget(cmd.Context(), idsOf(records)...); err != nil {
					return err
				}
				return p.printDone("forgot", records)
			})
		},
	}
	yesFlag(cmd, &yes)
	return cmd
}

func (p *program) factorsDeleteCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "delete FACTOR…",
		Short: "Delete factors at WorkOS for good, and take them out of the factor file",
		Example: `  mfa-tui factors delete alan           # asks
  mfa-tui factors delete alan --yes     # does not`,
		Args:              usage(cobra.MinimumNArgs(1)),
		ValidArgsFunction: p.completeFactors,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(func(a *app) error {
				records, err := findAll(args, func(word string) (store.Record, error) { return a.factor(cmd.Context(), word) })
				if err != nil {
					return err
				}
				question := fmt.Sprintf("Delete %s at %s for good?", names(records), a.place())
				if err := p.confirm(yes, question); err != nil {
					return err
				}
				return p.deleteFactors(cmd.Context(), a, records)
			})
		},
	}
	yesFlag(cmd, &yes)
	return cmd
}

// deleteFactors deletes one after the other and prints those that are deleted.
func (p *program) deleteFactors(ctx context.Context, a *app, records []store.Record) error {
	var deleted []store.Record
	var failed error
	for _, r := range records {
		if failed = p.lastingly(ctx, func(ctx context.Context) error { return a.deleteFactor(ctx, r) }); failed != nil {
			failed = fmt.Errorf("delete %s: %w", r.ID, failed)
			break
		}
		deleted = append(deleted, r)
	}
	if len(deleted) == 0 {
		return failed
	}
	return errors.Join(p.printDone("deleted", deleted), failed)
}

// deleteFactor deletes a factor there, then here. One that WorkOS does not know
// any more is as good as deleted.
func (a *app) deleteFactor(ctx context.Context, r store.Record) error {
	err := a.client.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: r.ID})
	if err != nil && !workos.IsNotFound(err) {
		return err
	}
	ctx, cancel := saving(ctx)
	defer cancel()
	if err := a.store.Forget(ctx, r.ID); err != nil {
		return fmt.Errorf("it is deleted at %s, but still in the factor file: %w", a.service(), err)
	}
	return nil
}

func (p *program) factorsRefreshCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "refresh [FACTOR…]",
		Short: "Ask WorkOS for factors again, all of them if none is named",
		Long: `refresh takes over what WorkOS says of the factors now. One that is gone there gets
gone_at and stays in the factor file; if it was named, the exit status is 4.`,
		Example: `  mfa-tui factors refresh
  mfa-tui factors refresh alan --json`,
		ValidArgsFunction: p.completeFactors,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withApp(func(a *app) error {
				if len(args) == 0 {
					return p.printFresh(a.refresh(cmd.Context(), a.store.Records()))
				}
				records, err := findAll(args, func(word string) (store.Record, error) { return find(a.store.Records(), word) })
				if err != nil {
					return err
				}
				fresh, err := a.refresh(cmd.Context(), records)
				for _, r := range fresh {
					if !r.GoneAt.IsZero() {
						err = errors.Join(err, fmt.Errorf("%s: %w at %s any more", fullName(r), errNotFound, a.service()))
					}
				}
				return p.printFresh(fresh, err)
			})
		},
	}
}

// printFresh prints the factors that were refreshed, and what kept the others from it.
func (p *program) printFresh(fresh []store.Record, err error) error {
	if len(fresh) == 0 && err != nil {
		return err
	}
	return errors.Join(p.printFactors(fresh), err)
}

// refresh asks for factors and returns those that were answered. After a failure
// no more are asked for: the next would fail the same way.
func (a *app) refresh(ctx context.Context, records []store.Record) ([]store.Record, error) {
	answers := make([]store.Record, len(records))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(refreshAtOnce)
	for i, r := range records {
		work.Go(func() (err error) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			answers[i], err = a.refreshFactor(ctx, r.ID)
			return err
		})
	}
	err := work.Wait()
	var fresh []store.Record
	for _, r := range answers {
		if r.ID != "" {
			fresh = append(fresh, r)
		}
	}
	return fresh, err
}

func (a *app) refreshFactor(ctx context.Context, id string) (store.Record, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	f, err := a.client.GetFactor(ctx, workos.GetFactorOpts{FactorID: id})
	ctx, cancelSave := saving(ctx)
	defer cancelSave()
	switch {
	case workos.IsNotFound(err):
		return a.store.MarkGone(ctx, id, time.Now())
	case err != nil:
		return store.Record{}, err
	}
	f.ID = id
	return a.store.Refreshed(ctx, f)
}

// findAll finds every factor that is named, or none; one that is named twice is
// there once.
func findAll(words []string, find func(string) (store.Record, error)) ([]store.Record, error) {
	var records []store.Record
	seen := map[string]bool{}
	for _, word := range words {
		r, err := find(word)
		if err != nil {
			return nil, err
		}
		if !seen[r.ID] {
			records = append(records, r)
		}
		seen[r.ID] = true
	}
	return records, nil
}

// names names factors in a question: with the user that one belongs to.
func names(records []store.Record) string {
	var all []string
	for _, r := range records {
		name := fullName(r)
		if r.UserID != "" {
			name += " of " + clean(r.UserID)
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
