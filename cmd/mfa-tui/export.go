package main

import (
	"encoding/json"
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
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.withApp(func(a *app) error {
				data, err := a.store.Export(secrets, time.Now())
				if err != nil {
					return err
				}
				_, err = p.out.Write(data)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&secrets, "secrets", false, "with the TOTP secrets that are still kept")
	return cmd
}

func (p *program) importCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE",
		Short: "Take factors in from an export, or from - for standard input",
		Long: `import merges by id and is all or nothing. FILE is what export wrote, or the list
that is printed on standard error when factors could not be saved. The report on
standard output is JSON: added, updated, unchanged, and the reasons of what was
rejected.`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: completeFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			data, err := p.readInput(args[0])
			if err != nil {
				return err
			}
			a, err := p.openApp()
			if err != nil {
				return err
			}
			defer a.close()
			report, err := a.store.Import(cmd.Context(), data)
			if err != nil && !errors.Is(err, store.ErrRejected) {
				return fmt.Errorf("import %s: %w", args[0], err)
			}
			if encodeErr := json.NewEncoder(p.out).Encode(report); encodeErr != nil {
				return encodeErr
			}
			if err != nil {
				return fmt.Errorf("import %s: %w: %s", args[0], err, strings.Join(report.Rejected, "; "))
			}
			return nil
		},
	}
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
