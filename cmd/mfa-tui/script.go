package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// What the commands for scripts share: where their output goes, how they ask,
// and how they see to it that no factor is lost.

// jsonFlag lets a command print JSON.
func (p *program) jsonFlag(fs *pflag.FlagSet) {
	fs.BoolVar(&p.json, "json", false, "print JSON, with the field names of the API")
}

// group makes a command that is only there for the commands below it.
func group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{Use: use, Short: short}
	cmd.AddCommand(commands...)
	onlyBelow(cmd, commands)
	return cmd
}

// onlyBelow makes calling a command itself, and not one below it, a usage error.
func onlyBelow(cmd *cobra.Command, below []*cobra.Command) {
	var names []string
	for _, c := range below {
		names = append(names, c.Name())
	}
	cmd.Args = noArgs
	cmd.RunE = func(*cobra.Command, []string) error {
		return usageError{fmt.Errorf("%s needs one of its commands: %s", cmd.Name(), strings.Join(names, ", "))}
	}
}

// needFlags reports the first of these flags that is missing or blank.
func needFlags(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if strings.TrimSpace(cmd.Flag(name).Value.String()) == "" {
			return usageError{fmt.Errorf("%s needs --%s", cmd.CommandPath(), name)}
		}
	}
	return nil
}

// list is the form of every list in JSON, as on the wire.
type list[T any] struct {
	Data []T `json:"data"`
}

// newList returns a list that is [] where there is nothing, never null.
func newList[T any](data []T) list[T] { return list[T]{append([]T{}, data...)} }

// print writes data to standard output: v as JSON, or what text says.
func (p *program) print(v any, text func() string) error {
	if !p.json {
		_, err := io.WriteString(p.out, text())
		return err
	}
	return printJSON(p.out, v)
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// say writes a message to standard error.
func (p *program) say(format string, args ...any) {
	fmt.Fprintf(p.errOut, "mfa-tui: "+format+"\n", args...)
}

// confirm asks before something that can't be undone. Where nobody can be asked,
// --yes has to say it.
func (p *program) confirm(yes bool, question string) error {
	if yes {
		return nil
	}
	if !isTerminal(p.in) || !isTerminal(p.errOut) {
		return usageError{errors.New("there is no terminal to ask on; say --yes if you mean it")}
	}
	fmt.Fprintf(p.errOut, "%s [y/N] ", question)
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
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// openApp wires the program together for a command that needs the factor file.
func (p *program) openApp() (*app, error) {
	a, err := p.open()
	if err != nil {
		return nil, err
	}
	p.factors = a.List
	for _, text := range []string{a.config.notice, noticeOf(a.Store)} {
		if text != "" {
			p.say("%s", text)
		}
	}
	if a.storeErr != nil {
		a.close()
		return nil, a.storeErr
	}
	return a, nil
}

// withApp runs the work of a command and closes what it needed.
func (p *program) withApp(work func(*app) error) error {
	a, err := p.openApp()
	if err != nil {
		return err
	}
	defer a.close()
	return work(a)
}

// runToCompletion runs an effect that must be finished: a call whose result is lost
// if it is not saved. The first signal only says that it is still running, the second ends
// the program.
func (p *program) runToCompletion(effect func() error) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, endSignals()...)
	ended := make(chan struct{})
	told := make(chan struct{})
	go func() {
		defer close(told)
		defer signal.Stop(signals)
		select {
		case <-signals:
			p.say("finishing what is under way, so that no factor is lost …")
		case <-ended:
		}
	}()
	err := effect()
	close(ended)
	<-told
	return err
}

// keep prints what a save left out of the factor file, since it is nowhere else,
// and says so. It does nothing if the save worked.
func (p *program) keep(s *store.Store, done factors.Done) error {
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
	return fmt.Errorf("done, but not saved: %w; keep the JSON above, mfa-tui import takes it", done.SaveErr)
}
