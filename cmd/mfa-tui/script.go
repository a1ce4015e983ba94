package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// What the commands share: where their output goes, how they ask, and how they
// keep a factor from being lost.

// jsonFlag lets a command print JSON.
func (p *program) jsonFlag(fs *pflag.FlagSet) {
	fs.BoolVar(&p.json, "json", false, "print JSON, with the field names of the API")
}

// group makes a command that has commands and does nothing itself.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short}
	cmd.AddCommand(commands...)
	needSubcommand(cmd, commands)
	return cmd
}

// needSubcommand makes calling a command without one of its own a usage error.
// Cobra would print the help and exit with 0.
func needSubcommand(cmd *cobra.Command, commands []*cobra.Command) {
	var names []string
	for _, c := range commands {
		names = append(names, c.Name())
	}
	cmd.RunE = func(*cobra.Command, []string) error {
		return usageError{fmt.Errorf("%s needs one of its commands: %s", cmd.Name(), strings.Join(names, ", "))}
	}
}

// checkBuiltins makes a mistake in a call of completion or help, the commands that
// cobra adds, a usage error as everywhere. Cobra would exit with 0.
func checkBuiltins(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Long += `
The tab key then completes commands, flags and their values, and what is in the
factor file: IDs and labels of factors, open challenges, users and environments. It
makes no calls.`
			needSubcommand(c, c.Commands())
			for _, shell := range c.Commands() {
				shell.RunE = func(*cobra.Command, []string) error { return writeScript(root, shell.Name(), root.OutOrStdout()) }
			}
		case "help":
			c.Args = func(_ *cobra.Command, words []string) error {
				found, rest, err := root.Find(words)
				if err == nil && len(rest) > 0 {
					err = unknownCommand(found, rest[0])
				}
				return err
			}
		}
	}
}

// list is every list in JSON, as the API has it.
type list[T any] struct {
	Object string `json:"object"`
	Data   []T    `json:"data"`
}

// newList returns a list that is [] without data, never null.
func newList[T any](data []T) list[T] { return list[T]{"list", append([]T{}, data...)} }

// print writes data to standard output: v as JSON, or what text says.
func (p *program) print(v any, text func() string) error {
	if !p.json {
		_, err := io.WriteString(p.out, text())
		return err
	}
	return printJSON(p.out, v)
}

func printJSON(w io.Writer, v any) error { return encodeJSON(w, v, "  ") }

// encodeJSON writes JSON with an indent, on one line without one. All JSON is printed
// here, with what is not fit for a terminal escaped.
func encodeJSON(w io.Writer, v any, indent string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(words.EscapeJSON(b.Bytes()))
	return err
}

// say writes a message to standard error.
func (p *program) say(format string, args ...any) {
	fmt.Fprintln(p.errOut, "mfa-tui:", words.Clean(fmt.Sprintf(format, args...)))
}

// sayWrapped is say for what a person types: a terminal would break it anywhere.
func (p *program) sayWrapped(text string) {
	text = "mfa-tui: " + words.Clean(text)
	if f := terminalOf(p.errOut); f != nil {
		cols, _ := canvas(f)
		text = ansi.Wordwrap(text, cols, "")
	}
	fmt.Fprintln(p.errOut, text)
}

// waits says what the program waits for.
func (p *program) waits(text string) { p.say("%s", text) }

// confirm asks before something that can't be undone. Without a terminal to ask
// on, --yes is needed.
func (p *program) confirm(yes bool, question string) error {
	if yes {
		return nil
	}
	if !isTerminal(p.in) || !isTerminal(p.errOut) {
		return usageError{errors.New("there is no terminal to ask on; pass --yes to confirm")}
	}
	fmt.Fprint(p.errOut, words.Clean(question), " [y/N] ")
	line, err := bufio.NewReader(p.in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the answer: %w", err)
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	}
	return errors.New("cancelled; nothing was done")
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := raw(stream).(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// work is what a command does with its arguments.
type work func(ctx context.Context, a *app, args []string) error

// withApp makes a command of work that needs the factor file.
func (p *program) withApp(do work) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		c, err := p.flags.config(p.env)
		if err != nil {
			return err
		}
		a, err := newApp(c)
		if err != nil {
			return err
		}
		defer a.close()
		if a.waiting = p.waits; isTerminal(p.errOut) {
			a.retrying = p.waits
		}
		p.factors = a.List
		if notice := a.notices(); notice != "" {
			p.say("%s", notice)
		}
		if a.storeErr != nil {
			return a.storeErr
		}
		if notice := a.Store.Notice(); notice != "" {
			p.say("%s", notice)
		}
		return do(cmd.Context(), a, args)
	}
}

// runToCompletion runs an effect that must be finished: a call whose result is
// lost if it is not saved. The first signal says that it is still running, the
// second ends the program.
func (p *program) runToCompletion(effect func() error) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, endSignals()...)
	ended := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		defer signal.Stop(signals)
		select {
		case <-signals:
			p.say("finishing what is under way, so that no factor is lost …")
		case <-ended:
		}
	}()
	err := effect()
	close(ended)
	<-stopped
	return err
}

// printUnsaved prints the factors that could not be saved, since they are nowhere
// else, and returns why. It does nothing if the save worked.
func (p *program) printUnsaved(s *store.Store, done factors.Done) error {
	if done.SaveErr == nil {
		return nil
	}
	unsaved := s.Unsaved()
	if len(unsaved) == 0 && done.Record.ID != "" {
		unsaved = []store.Record{done.Record}
	}
	if err := printJSON(p.errOut, unsaved); err != nil {
		return errors.Join(done.SaveErr, err)
	}
	return fmt.Errorf("done, but not saved: %w; keep the JSON above: mfa-tui import reads it", done.SaveErr)
}
