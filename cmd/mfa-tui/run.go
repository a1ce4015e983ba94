package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"
	"github.com/spf13/cobra"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/tui"
	"mfa-tui/tui/qr"
)

// Exit statuses.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

// usageError is a mistake in how the program was called or configured.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// run is the whole program with all that it uses as parameters, so that a test
// calls what the binary runs. It returns the exit status.
func run(ctx context.Context, args, env []string, in io.Reader, out, errOut io.Writer) int {
	e := newEnviron(env)
	cmd := rootCommand(e, in, out, errOut)
	cmd.SetArgs(args)
	cmd.SetIn(in)
	cmd.SetOut(out)
	cmd.SetErr(errOut)
	err := cmd.ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		fmt.Fprintln(errOut, "mfa-tui:", err)
		return exitUsage
	}
	fmt.Fprintln(errOut, "mfa-tui:", err)
	return exitFailed
}

func rootCommand(e environ, in io.Reader, out, errOut io.Writer) *cobra.Command {
	var f flags
	cmd := &cobra.Command{
		Use:   "mfa-tui",
		Short: "WorkOS multi-factor authentication in a terminal",
		Long: `mfa-tui enrolls authentication factors, challenges them and verifies codes.

With WORKOS_API_KEY (and WORKOS_CLIENT_ID) in the environment or in .env it works
with WorkOS. Without a key it runs on a local engine of its own, with real TOTP
codes and a test phone on the screen: no account, no phone, no network.`,
		Args:              usageArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		Version:           version(),
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return openUI(cmd.Context(), f, e, in, out, errOut)
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	cmd.SetVersionTemplate("mfa-tui {{.Version}}\n")
	f.register(cmd.Flags())
	return cmd
}

func usageArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usageError{err}
	}
	return nil
}

// openUI runs the terminal UI until the person quits.
func openUI(ctx context.Context, f flags, e environ, in io.Reader, out, errOut io.Writer) error {
	terminal, err := needTerminal(in, out)
	if err != nil {
		return err
	}
	c, err := f.config(e)
	if err != nil {
		return err
	}
	app, err := newApp(c, e, terminal)
	if err != nil {
		return err
	}
	defer app.close()

	profile := colorProfile(e, terminal)
	light := lightBackground(e)
	renderer := lipgloss.NewRenderer(io.Discard, termenv.WithProfile(profile))
	renderer.SetHasDarkBackground(!light)
	opts := app.options()
	opts.Renderer = renderer
	opts.Paint = qr.PaintFor(e["TERM"], profile == termenv.Ascii, light)
	opts.OtherPaint = qr.PaintFor(e["TERM"], profile == termenv.Ascii, !light)

	model := tui.New(opts)
	program := tea.NewProgram(model, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(terminal),
		tea.WithAltScreen(), tea.WithFPS(120))
	_, err = program.Run()
	return errors.Join(ended(err), finish(model, errOut))
}

// ended is what went wrong with the program; that somebody ended it is nothing wrong.
func ended(err error) error {
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// finish waits for what must not be lost and prints what could not be saved.
func finish(model tui.Model, errOut io.Writer) error {
	const patience = 35 * time.Second // a little longer than the longest call
	finished := model.Finish(patience, func(int) {
		fmt.Fprintln(errOut, "mfa-tui: finishing what is under way, so that no factor is lost …")
	})
	unsaved, err := model.Unsaved()
	if err != nil {
		return fmt.Errorf("print what is not saved: %w", err)
	}
	if unsaved != nil {
		fmt.Fprintln(errOut, string(unsaved))
		return errors.New("these factors are not in the factor file: keep this output, their ids are the only way back to them")
	}
	if !finished {
		return errors.New("a call did not end in time; what it did at WorkOS is not known")
	}
	return nil
}

// needTerminal returns the terminal that out is, if in is one as well.
func needTerminal(in io.Reader, out io.Writer) (*os.File, error) {
	if f, ok := in.(*os.File); !ok || !term.IsTerminal(f.Fd()) {
		return nil, usageError{errors.New("standard input is not a terminal; the terminal UI needs one")}
	}
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return nil, usageError{errors.New("standard output is not a terminal; the terminal UI needs one")}
	}
	return f, nil
}

// version is the module version or the commit that the binary was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				v += " " + s.Value
			}
		}
	}
	return v
}
