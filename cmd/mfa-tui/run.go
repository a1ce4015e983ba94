package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	tea "github.com/charmbracelet/bubbletea"
	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui"
	"mfa-tui/tui/accessible"
	"mfa-tui/workos"
)

// Exit statuses.
const (
	exitDone         = 0
	exitFailed       = 1
	exitUsage        = 2
	exitNotValid     = 3 // the code is wrong
	exitNotFound     = 4
	exitUnauthorized = 5
)

// usageError is a mistake in how the program was called or configured.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// program is one run: what it was given, and the flags that every command has.
type program struct {
	env    environ
	in     io.Reader
	out    io.Writer // data
	errOut io.Writer // messages
	flags  flags
	json   bool // print data as JSON

	factors *factors.List // once they were opened: it explains errors
}

// run is the whole program with all that it uses as parameters, so that a test
// calls what the binary runs. It returns the exit status.
func run(ctx context.Context, args, env []string, in io.Reader, out, errOut io.Writer) int {
	p := &program{env: newEnviron(env), in: in, out: out, errOut: errOut, factors: &factors.List{}}
	cmd := p.rootCommand()
	cmd.SetArgs(args)
	cmd, err := cmd.ExecuteContextC(ctx)
	if err != nil {
		p.say("%s", p.explain(cmd, err))
	}
	return exitStatus(err)
}

// exitStatus is what a run with this error exits with.
func exitStatus(err error) int {
	var usage usageError
	var input *factors.InputError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage), errors.As(err, &input):
		return exitUsage
	case errors.Is(err, errNotValid):
		return exitNotValid
	case errors.Is(err, factors.ErrNotFound), workos.IsNotFound(err):
		return exitNotFound
	case workos.IsUnauthorized(err):
		return exitUnauthorized
	}
	return exitFailed
}

// explain tells what failed, then what to do about it. A field that was typed as a
// flag is called so.
func (p *program) explain(cmd *cobra.Command, err error) string {
	text := strings.Join(p.factors.Explain(err), "; ")
	var input *factors.InputError
	if errors.As(err, &input) && cmd.Flag(input.Field) != nil {
		text = strings.Replace(text, input.Error(), "--"+input.Error(), 1)
	}
	return text
}

func (p *program) rootCommand() *cobra.Command {
	var showVersion bool
	cmd := &cobra.Command{
		Use:   "mfa-tui",
		Short: "WorkOS multi-factor authentication in a terminal",
		Long: `mfa-tui enrolls authentication factors, challenges them and verifies codes.

With WORKOS_API_KEY (and WORKOS_CLIENT_ID) in the environment or in .env it works
with WorkOS. Without a key it runs on a local engine of its own, with real TOTP
codes and a test phone on the screen: no account, no phone, no network.`,
		Example: `  mfa-tui                     # the terminal UI
  mfa-tui --local             # the local engine, even with a key
  mfa-tui --theme light --qr half`,
		Args:              noArgs,
		SilenceErrors:     true,
		SilenceUsage:      true,
		CompletionOptions: cobra.CompletionOptions{DisableNoDescFlag: true},
		RunE: func(cmd *cobra.Command, _ []string) error {
			if showVersion {
				_, err := fmt.Fprintln(p.out, "mfa-tui", version())
				return err
			}
			return p.openUI(cmd.Context())
		},
	}
	cmd.SetIn(p.in)
	cmd.SetOut(p.out)
	cmd.SetErr(p.errOut)
	// Not cobra's own: its template would keep every exported method of the
	// program in the binary, a sixth of its size.
	cmd.Flags().BoolVarP(&showVersion, "version", "v", false, "print the version")
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	p.flags.register(cmd.PersistentFlags())
	cmd.AddCommand(
		p.exportCommand(), p.importCommand(), p.serveCommand(),
		p.factorsCommand(), p.enrollCommand(), p.challengeCommand(), p.verifyCommand(), p.qrCommand(), p.phoneCommand(),
		p.usersCommand(), p.doctorCommand(), p.manCommand(),
	)
	cmd.AddCommand(helpTopics()...)
	finishOwn(cmd)
	cmd.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	completeFlags(cmd, p.flagValues())
	return cmd
}

// noArgs refuses words after a command.
func noArgs(cmd *cobra.Command, args []string) error { return usage(cobra.NoArgs)(cmd, args) }

// usage makes a check of arguments one of usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// open wires the program together as its flags and environment say.
func (p *program) open() (*app, error) {
	c, err := p.flags.config(p.env)
	if err != nil {
		return nil, err
	}
	return newApp(c)
}

// openUI runs the terminal UI until the person quits.
func (p *program) openUI(ctx context.Context) error {
	var terminal *os.File // none is needed where nothing is drawn
	if !p.accessible() {
		var err error
		if terminal, err = needTerminal(p.in, p.out); err != nil {
			return err
		}
	}
	c, err := p.flags.config(p.env)
	if err != nil {
		return err
	}
	if terminal == nil {
		return p.openAccessible(ctx, c)
	}
	app, err := wire(c)
	if err != nil {
		return err
	}
	defer app.close()

	// Closing the window must not lose a factor that is being enrolled: the hangup
	// ends the screens as q does, and not the wait for it.
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGHUP)
	defer stop()
	var opened atomic.Pointer[tui.Model]
	err = p.show(ctx, tui.Opening(func() tui.Model {
		// All that is read is kept: nothing to collect until then.
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		app.Store, app.storeErr = app.openStore()
		model := tui.New(p.options(app, terminal))
		opened.Store(&model)
		return model
	}), terminal)
	model := opened.Load()
	if model == nil { // ended before the factors were read
		return ended(err)
	}
	return errors.Join(ended(err), p.finish(*model), p.tellUnsaved(app.Store), model.StoreErr())
}

// options is what the screens need on a terminal.
func (p *program) options(app *app, terminal *os.File) tui.Options {
	look := lookOf(p.env, terminal, p.theme())
	opts := app.options(clipboardWriter{terminal, p.env})
	opts.Renderer, opts.Theme = look.renderer(), look.theme
	opts.Paint = paintOf(p.env, terminal)
	choices := qrChoicesFor(p.env)
	opts.QR, opts.RememberQR = choices.load(p.flags.qr), choices.save
	return opts
}

// accessible reports whether plain lines are wanted in place of screens.
func (p *program) accessible() bool {
	if p.flags.accessible {
		return true
	}
	wanted, err := strconv.ParseBool(p.env["ACCESSIBLE"])
	return wanted || err != nil && p.env["ACCESSIBLE"] != ""
}

// openAccessible runs the program without screens until the person quits. The
// first signal ends it in good order, the second at once.
func (p *program) openAccessible(ctx context.Context, c config) error {
	app, err := newApp(c)
	if err != nil {
		return err
	}
	defer app.close()
	opts := accessible.Options{
		List: app.List, StoreErr: app.storeErr, Notice: app.config.notice, OpenStore: app.openStore, RestoreStore: app.restoreStore,
		Calls: app.calls.Calls,
	}
	if app.engine != nil {
		opts.Phone = app.engine
	}
	ctx, stop := signal.NotifyContext(ctx, endSignals()...)
	defer stop()
	context.AfterFunc(ctx, stop)
	err = accessible.Run(ctx, opts, p.in, p.out)
	return errors.Join(err, p.tellUnsaved(app.Store))
}

// show runs a model on the terminal, which is left as it was found.
func (p *program) show(ctx context.Context, model tea.Model, terminal *os.File) error {
	settings := []tea.ProgramOption{
		tea.WithContext(ctx), tea.WithInput(p.in), tea.WithOutput(terminal), tea.WithAltScreen(), tea.WithFPS(120),
	}
	if p.flags.mouse {
		settings = append(settings, tea.WithMouseCellMotion())
	}
	_, err := tea.NewProgram(model, settings...).Run()
	return err
}

// ended is what went wrong with the program; that somebody ended it is nothing wrong.
func ended(err error) error {
	if errors.Is(err, tea.ErrInterrupted) || errors.Is(err, tea.ErrProgramKilled) && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// finish waits for what must not be lost.
func (p *program) finish(model tui.Model) error {
	const patience = 35 * time.Second // a little longer than the longest call
	finished := model.Finish(patience, func(int) {
		p.say("finishing what is under way, so that no factor is lost (%s at most) …", patience)
	})
	if !finished {
		return errors.New("a call did not end in time; what it did at WorkOS is not known")
	}
	return nil
}

// tellUnsaved prints what could not be written to the factor file, which is nil if
// it could not be read, since it is nowhere else.
func (p *program) tellUnsaved(s *store.Store) error {
	if s == nil || len(s.Unsaved()) == 0 {
		return nil
	}
	return errors.Join(printJSON(p.errOut, s.Unsaved()),
		errors.New("these factors are not in the factor file: keep this output, their IDs are the only way back to them"))
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

// release is the version that a release is built as: its linker flags set it.
var release string

// version is the release, or else the module version or the commit that the
// binary was built from.
func version() string {
	if release != "" {
		return release
	}
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
