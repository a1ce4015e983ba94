package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/inconshreveable/mousetrap"
	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
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

// A double click on Windows opens the screens. Cobra would refuse it.
func init() { cobra.MousetrapHelpText = "" }

// usageError is a mistake in a call or in the configuration.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// program is one run: what it was given, and the flags that every command has.
type program struct {
	env    environ
	system string // a GOOS
	in     io.Reader
	out    io.Writer // data
	errOut io.Writer // messages
	flags  flags
	json   bool // print data as JSON
	wide   bool // print tables with all that they have, as wide as that is

	bare    bool // standard output shows sequences instead of obeying them
	running bool // the call was right, and a command began
	// signalStatus is the exit status if a signal ended the screens and nothing else
	// went wrong.
	signalStatus int
	factors      *factors.List // explains errors, once it is opened
}

// run is the whole program. What it uses are parameters, so that a test calls what
// the binary runs. It returns the exit status.
func run(ctx context.Context, args, env []string, in io.Reader, out, errOut io.Writer) int {
	p := &program{env: newEnviron(env, runtime.GOOS), system: runtime.GOOS, in: in, out: cleaned{out}, errOut: cleaned{errOut}, factors: &factors.List{}}
	cmd := p.rootCommand()
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		args = slices.Clone(args) // cobra writes them past errOut
		for i, arg := range args {
			args[i] = words.Clean(arg)
		}
	}
	cmd.SetArgs(args)
	cmd, err := cmd.ExecuteContextC(ctx)
	if err == nil {
		return p.signalStatus
	}
	defer p.keepWindow()
	if !p.running {
		p.say("%s; see %s --help", p.explain(cmd, err), cmd.CommandPath())
		return exitUsage
	}
	p.say("%s", p.explain(cmd, err))
	return exitStatus(err)
}

// keepWindow keeps the window that a double click opened on Windows until the person
// has read what went wrong.
func (p *program) keepWindow() {
	if isTerminal(p.in) && isTerminal(p.errOut) && mousetrap.StartedByExplorer() {
		p.say("press enter to close this window")
		_, _ = bufio.NewReader(p.in).ReadString('\n') // or it closes now
	}
}

// exitStatus is the exit status of a command that ended with this error.
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

// explain says what failed, then what to do. A field that is a flag of the command
// gets the flag's name.
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

With WORKOS_API_KEY and WORKOS_CLIENT_ID in the environment or in .env it works with
WorkOS. Without a key it works on a local engine, with real TOTP codes and a test
phone on the screen: no account, no phone, no network.`,
		Example: `  mfa-tui                     # the terminal UI
  mfa-tui --local             # on the local engine, even with a key
  mfa-tui --theme light --qr half`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRun:  func(*cobra.Command, []string) { p.running = true },
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
	// Cobra's own version flag uses a template, which would keep every exported method
	// in the binary, a sixth of its size.
	cmd.Flags().BoolVarP(&showVersion, "version", "v", false, "print the version")
	p.flags.register(cmd.PersistentFlags())
	cmd.AddCommand(
		p.exportCommand(), p.importCommand(), p.environmentsCommand(), p.serveCommand(),
		p.factorsCommand(), p.enrollCommand(), p.challengeCommand(), p.verifyCommand(), p.qrCommand(), p.phoneCommand(),
		p.usersCommand(), p.doctorCommand(), p.manCommand(),
	)
	cmd.AddCommand(helpTopics()...)
	checkBuiltins(cmd)
	checkUsage(cmd)
	cmd.SetFlagErrorFunc(wrongFlag)
	cmd.SetHelpFunc(help)
	cmd.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	completeFlags(cmd, p.flagValues())
	return cmd
}

// openUI runs the terminal UI until the person quits.
func (p *program) openUI(ctx context.Context) error {
	c, err := p.flags.config(p.env) // adds the env file to the environment
	if err != nil {
		return err
	}
	if p.accessible() {
		return p.openAccessible(ctx, c)
	}
	in, out, err := needTerminal(p.in, p.out)
	if err != nil {
		return err
	}
	app, err := wire(c)
	if err != nil {
		return err
	}
	defer app.close()

	// Closing the window must not lose a factor that is being enrolled: the signal ends
	// the screens as q does, and then finish waits.
	ctx, stop := ctx, func() {}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		ctx, stop = untilSignal(ctx, syscall.SIGHUP)
	}
	defer stop()
	var opened atomic.Pointer[tui.Model]
	err = p.show(ctx, tui.Opening(func() tui.Model {
		// Everything that is read is kept, so there is nothing to collect.
		defer debug.SetGCPercent(debug.SetGCPercent(-1))
		app.Store, app.storeErr = app.openStore()
		model := tui.New(p.options(app, out))
		opened.Store(&model)
		return model
	}), in, out, false)
	model := opened.Load()
	if model == nil { // ended before the factors were read
		return ended(err)
	}
	return errors.Join(ended(err), p.finish(*model), tellKeys(app.List), p.tellUnsaved(app.Store), model.StoreErr())
}

// options is what the screens need, with how the terminal draws.
func (p *program) options(app *app, terminal *os.File) tui.Options {
	look, known := p.look(), p.terminalByEnv()
	opts := app.options(clipboardWriter{terminal, p.env})
	opts.Desktop, opts.Glyphs = known.Desktop, p.glyphs()
	opts.NoSuspend = p.system == windowsOS
	if !known.UTF8 {
		opts.Notice = words.Join(" · ", opts.Notice, p.notUTF8(), fixUTF8)
	}
	opts.Renderer, opts.Theme = look.renderer(), look.theme
	opts.Paint = p.paint()
	opts.QR, opts.RememberQR = p.qrChoice()
	opts.OpenPNG = func(png []byte) (func() error, error) { return openPNG(p.env, png) }
	return opts
}

// accessible reports whether the person wants plain lines instead of screens.
func (p *program) accessible() bool {
	if p.flags.accessible {
		return true
	}
	wanted, err := strconv.ParseBool(p.env["ACCESSIBLE"])
	return wanted || err != nil && p.env["ACCESSIBLE"] != ""
}

// openAccessible runs the program as a conversation until the person quits. The
// first signal ends it in good order, the second at once.
func (p *program) openAccessible(ctx context.Context, c config) error {
	app, err := newApp(c)
	if err != nil {
		return err
	}
	defer app.close()
	app.waiting = p.waits
	p.factors = app.List
	opts := accessible.Options{
		List: app.List, StoreErr: app.storeErr, Notice: app.notices(), OpenStore: app.openStore, RestoreStore: app.restoreStore,
		Calls: app.calls.Calls,
	}
	if app.engine != nil {
		opts.Phone = app.engine
	} else if app.phone != nil {
		opts.FindPhone = app.findPhone
	}
	ctx, stop := untilSignal(ctx, endSignals()...)
	defer stop()
	context.AfterFunc(ctx, stop)
	err = accessible.Run(ctx, opts, p.in, p.out)
	if p.signalStatus = signalStatus(ctx); p.signalStatus == 128+int(syscall.SIGINT) {
		p.signalStatus = exitDone // ctrl+c, with which a person quits
	}
	return errors.Join(err, tellKeys(app.List), p.tellUnsaved(app.Store))
}

// ended is the error that the screens ended with, nil if a person or a signal ended
// them. A terminal that is stuck can't be told so.
func ended(err error) error {
	if errors.Is(err, tea.ErrProgramKilled) && errors.Is(err, context.Canceled) || errors.Is(err, errStuck) {
		return nil
	}
	return err
}

// finish waits for what must not be lost, and tells what became of it.
func (p *program) finish(model tui.Model) error {
	const patience = 35 * time.Second // a little longer than the longest call
	outcomes, ended := model.Finish(patience, func(int) {
		p.say("finishing what is under way, so that no factor is lost (%s at most) …", patience)
	})
	var failed []error
	for _, o := range outcomes {
		if o.Failed {
			failed = append(failed, errors.New(o.Text))
		} else {
			p.say("%s", o.Text)
		}
	}
	if !ended {
		failed = append(failed, errors.New("a call did not end in time; what it did at WorkOS is not known"))
	}
	return errors.Join(failed...)
}

// tellKeys tells the keys of the enrollments whose outcome is not known. Only with its
// key is one safe to repeat in another process.
func tellKeys(l *factors.List) error {
	var open []error
	for _, opts := range l.UncertainEnrollments() {
		open = append(open, fmt.Errorf("it is not known whether %s was enrolled; to enroll it once, use mfa-tui enroll with the same details and --%s %s",
			factors.EnrolledName(factors.Masked(factors.ToEnroll(opts))), keyFlag, opts.IdempotencyKey))
	}
	return errors.Join(open...)
}

// tellUnsaved prints the factors that could not be saved, since they are nowhere
// else. The store is nil if the factor file could not be read.
func (p *program) tellUnsaved(s *store.Store) error {
	if s == nil {
		return nil
	}
	if gone := s.Vanished(); gone != nil && len(s.Records()) > 0 {
		return errors.Join(printJSON(p.errOut, s.Records()),
			fmt.Errorf("factor file %s is gone; keep this output: mfa-tui import reads it", gone.Path))
	}
	if len(s.Unsaved()) == 0 {
		return nil
	}
	return errors.Join(printJSON(p.errOut, s.Unsaved()),
		errors.New("these factors are not in the factor file; keep this output: you need their IDs to find them again"))
}

// needTerminal returns both streams if they are a terminal.
func needTerminal(in io.Reader, out io.Writer) (from, to *os.File, err error) {
	switch {
	case !isTerminal(in):
		return nil, nil, usageError{errors.New("standard input is not a terminal; the terminal UI needs one")}
	case !isTerminal(out):
		return nil, nil, usageError{errors.New("standard output is not a terminal; the terminal UI needs one")}
	}
	return terminalOf(in), terminalOf(out), nil
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
