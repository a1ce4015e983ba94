package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

func (p *program) environmentsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "environments",
		Short: "List the environments in the factor file, or move factors",
		Long: `environments lists what the factor file has of each environment, and which one is
open. An environment is named by WORKOS_CLIENT_ID, without it after the key, and
another base URL is part of the name. If the name changes, the factors stay under
the old one: environments move carries them to the new one.

In JSON an environment has name, factors (how many) and open.`,
		Example: `  mfa-tui environments
  mfa-tui environments --json`,
		RunE: p.withApp(func(_ context.Context, a *app, _ []string) error {
			all := a.Store.Environments()
			return p.print(newList(all), func() string {
				var rows, cells [][]string
				for _, e := range all {
					open := ""
					if e.Open {
						open = "open"
					}
					count := factors.EnvironmentCount(e)
					rows = append(rows, []string{e.Name, count, open})
					if e.Err == "" {
						count = strconv.Itoa(e.Factors) // the head says of what
					}
					cells = append(cells, []string{e.Name, count, open})
				}
				return p.table(rows, func(int) table { return table{head: []string{"NAME", "FACTORS", "STATE"}, rows: cells, named: true} })
			})
		}),
	}
	p.jsonFlag(cmd.PersistentFlags())
	p.wideFlag(cmd.Flags())
	cmd.AddCommand(p.environmentsMoveCommand())
	return cmd
}

func (p *program) environmentsMoveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "move OLD NEW",
		Short: "Move all factors of an environment to another one",
		Long: `move carries all factors that the factor file has for OLD to NEW, or none if
something is wrong. A factor that both have is merged by its ID: the newer record
wins, and challenges are joined. Nothing changes at WorkOS, so move factors only if
OLD and NEW are names of one environment. Nothing is moved between the local engine
and a server.

With --json the report is JSON: moved, and merged (how many of them NEW had).`,
		Example:           `  mfa-tui environments move key-0123456789ab client_01KF0RK7901MVCGJBDQ04PN1E2`,
		ValidArgsFunction: p.completeEnvironments(2),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			from, to := args[0], args[1]
			switch {
			case to == "" || to != words.Clean(to):
				return usageError{errors.New("NEW must be the name of an environment")}
			case store.EnvironmentName(from) == store.EnvironmentName(to):
				return usageError{fmt.Errorf("%q and %q are the same environment", from, to)}
			}
			moved, err := a.Store.Move(ctx, from, to)
			switch {
			case errors.Is(err, store.ErrNoEnvironment):
				return fmt.Errorf("environment %q: %w in the factor file; see mfa-tui environments", from, factors.ErrNotFound)
			case errors.Is(err, store.ErrLocal):
				return usageError{err}
			case err != nil:
				return fmt.Errorf("nothing was moved: %w", err)
			}
			return p.print(moved, func() string { return factors.Moved(moved, from, to) + "\n" })
		}),
	}
}
