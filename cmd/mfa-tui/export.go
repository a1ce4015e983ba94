package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
)

func (p *program) exportCommand() *cobra.Command {
	var secrets, force bool
	var output string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write the factors of this environment as JSON",
		Long: `export writes JSON that import takes, with or without --json: version,
environment, exported_at and factors, each as factors list prints it. TOTP secrets
are included only with --secrets.

A file of --output is written whole or not at all, and only you can read it. In
PowerShell use it instead of >, which may write the text in another encoding.`,
		Example: `  mfa-tui export --output factors-export.json
  mfa-tui export >factors-export.json`,
		Args: cobra.NoArgs,
		RunE: p.withApp(func(_ context.Context, a *app, _ []string) error {
			if force && output == "-" {
				return usageError{errors.New("--force needs --output")}
			}
			p.sayElsewhere(a) // or an empty export would pass for a backup
			data, err := a.Store.Export(secrets, time.Now())
			if err != nil {
				return err
			}
			data = words.EscapeJSON(data)
			switch output {
			case "-":
				_, err = p.out.Write(data)
				return err
			case "":
				return usageError{errors.New("--output needs the name of a file, or - for standard output")}
			}
			if err := saveExport(a, output, data, force); err != nil {
				return fmt.Errorf("export to %s: %w", output, err)
			}
			p.say("%s exported to %s", english.Plural(len(a.Store.Records()), "factor", ""), output)
			return nil
		}),
	}
	cmd.Flags().StringVar(&output, "output", "-", "write to a new `FILE`, - for standard output")
	cmd.Flags().BoolVar(&force, "force", false, "overwrite the file of --output if it exists")
	cmd.Flags().BoolVar(&secrets, "secrets", false, "include the TOTP secrets that are still kept")
	p.jsonFlag(cmd.Flags())
	return cmd
}

// saveExport writes an export to a file that only the person can read.
func saveExport(a *app, path string, data []byte, force bool) error {
	if !force {
		err := store.CreateFile(path, data)
		if errors.Is(err, fs.ErrExist) {
			return errors.New("it already exists; pass --force to overwrite it")
		}
		return err
	}
	if err := a.checkOverwrite(path); err != nil {
		return err
	}
	return store.OverwriteFile(path, data)
}

// checkOverwrite refuses to overwrite what has the only way back to the factors. A
// link may lead to the factor file: the others are where it leads, or an older version
// left them beside the link.
func (a *app) checkOverwrite(path string) error {
	for _, factorFile := range []string{a.config.storePath, store.Target(a.config.storePath)} {
		for _, own := range []string{factorFile, store.NewFile(factorFile).Backup().Path(), enginePath(factorFile)} {
			if sameFile(path, own) {
				return errors.New("mfa-tui keeps its factors there; name another file")
			}
		}
	}
	return nil
}

// sameFile reports whether two names lead to one file that exists.
func sameFile(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

func (p *program) importCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Add factors from an export, or from - for standard input",
		Long: `import merges by ID, and imports all factors or none. FILE is what export wrote, or
the list that is printed on standard error when factors could not be saved.

With --json the report is JSON: added, updated, unchanged, and in rejected why
factors were refused.`,
		Example: `  mfa-tui import factors-export.json
  mfa-tui export --store old.json | mfa-tui import -`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: completeFile,
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			data, err := p.readInput(args[0])
			if file := (*fs.PathError)(nil); errors.As(err, &file) {
				err = file.Err // without the name, which is said below
			}
			if err == nil {
				err = p.importFactors(ctx, a, data)
			}
			if err != nil {
				return fmt.Errorf("import %s: %w", args[0], err)
			}
			return nil
		}),
	}
	p.jsonFlag(cmd.Flags())
	return cmd
}

// importFactors imports factors and prints the report.
func (p *program) importFactors(ctx context.Context, a *app, data []byte) error {
	report, err := a.Store.Import(ctx, data)
	rejected := errors.Is(err, store.ErrRejected)
	var other *store.EnvironmentError
	switch {
	case errors.As(err, &other):
		return fmt.Errorf("%w; %s", err, howToOpen(other.Environment))
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

// howToOpen says how to open an environment.
func howToOpen(environment string) string {
	if environment == store.Local {
		return "to import it, open the local engine with --local"
	}
	name, host, elsewhere := strings.Cut(environment, "@")
	text := "to import it, set WORKOS_CLIENT_ID=" + name + " and WORKOS_API_KEY to a key of that environment"
	if strings.HasPrefix(name, keyNamePrefix) {
		text = "to import it, set WORKOS_API_KEY to the key that it was exported with, without WORKOS_CLIENT_ID"
	}
	if elsewhere {
		text += ", and WORKOS_BASE_URL to " + host
	}
	return text
}

// readInput reads a file, or standard input for "-".
func (p *program) readInput(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(p.in)
	}
	return os.ReadFile(name)
}
