package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mfa-tui/store"
)

func (p *program) exportCommand() *cobra.Command {
	var secrets bool
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the factors of this environment as JSON to standard output",
		Long: `export writes what import takes. It is JSON with or without --json: version,
environment, exported_at and factors, each as factors list prints it. TOTP secrets
are among them only with --secrets.`,
		Example: `  mfa-tui export >factors-export.json`,
		Args:    noArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.withApp(func(a *app) error {
				data, err := a.Store.Export(secrets, time.Now())
				if err != nil {
					return err
				}
				_, err = p.out.Write(data)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&secrets, "secrets", false, "with the TOTP secrets that are still kept")
	p.jsonFlag(cmd.Flags())
	return cmd
}

func (p *program) importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Take factors in from an export, or from - for standard input",
		Long: `import merges by id and is all or nothing. FILE is what export wrote, or the list
that is printed on standard error when factors could not be saved.

With --json the report is JSON: added, updated, unchanged, and the reasons of what
was rejected.`,
		Example: `  mfa-tui import factors-export.json
  mfa-tui export --store old.json | mfa-tui import -`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: completeFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := p.readInput(args[0])
			if err != nil {
				return err
			}
			return p.withApp(func(a *app) error {
				if err := p.importFactors(cmd.Context(), a, data); err != nil {
					return fmt.Errorf("import %s: %w", args[0], err)
				}
				return nil
			})
		},
	}
	p.jsonFlag(cmd.Flags())
	return cmd
}

// importFactors imports factors and prints what came of it.
func (p *program) importFactors(ctx context.Context, a *app, data []byte) error {
	report, err := a.Store.Import(ctx, data)
	rejected := errors.Is(err, store.ErrRejected)
	switch {
	case rejected:
		err = fmt.Errorf("%w: %s", err, strings.Join(report.Rejected, "; "))
	case err != nil:
		return err
	}
	if rejected && !p.json {
		return err
	}
	return errors.Join(err, p.print(report, func() string {
		return fmt.Sprintf("%d added, %d updated, %d unchanged\n", report.Added, report.Updated, report.Unchanged)
	}))
}

// readInput reads a file, or standard input for "-".
func (p *program) readInput(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(p.in)
	}
	return os.ReadFile(name)
}

func noticeOf(s *store.Store) string {
	if s == nil {
		return ""
	}
	return s.Notice()
}
