package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"
)

// doctorTimeout bounds the one call that doctor makes, all retries included: who
// asks what is wrong with the network should not wait for it.
const doctorTimeout = 5 * time.Second

func (p *program) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check the environment, the key, the factor file, the clock and the terminal",
		Long: `doctor tells what mfa-tui works with, what is wrong with it, and what to do: ✓ is
well, ! works but should be seen to, ✗ does not work. It makes one call, which costs
nothing and changes nothing, and never prints the key.

The exit status is 0 if nothing failed, 5 if the key is refused, 1 otherwise. With
--json the checks are printed: check, status (ok, warning, failed), message and fix.`,
		Example: `  mfa-tui doctor
  mfa-tui doctor --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd.Context(), doctorTimeout) },
	}
	p.jsonFlag(cmd.Flags())
	return cmd
}

// health is the outcome of a check.
type health string

// The outcomes, with the marks that people see.
const (
	well    health = "ok"
	warning health = "warning"
	failed  health = "failed"
)

var marks = map[health]string{well: "✓", warning: "!", failed: "✗"}

// check is one thing that was looked at.
type check struct {
	Name    string `json:"check"`
	Status  health `json:"status"`
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"` // what to do about it
}

// examination collects checks.
type examination struct {
	*program
	given  environ // the environment without what the env file adds
	checks []check
	cause  error // what decides on the exit status, where it is not any failure
}

func (x *examination) note(name string, status health, message, fix string) {
	x.checks = append(x.checks, check{name, status, clean(message), clean(fix)})
}

func (x *examination) ok(name, format string, args ...any) {
	x.note(name, well, fmt.Sprintf(format, args...), "")
}

// doctor makes the checks and prints them.
func (p *program) doctor(ctx context.Context, patience time.Duration) error {
	x := &examination{program: p, given: maps.Clone(p.env)}
	x.ok("version", "mfa-tui %s", version())
	c, err := p.flags.config(p.env)
	if err != nil {
		x.note("environment", failed, err.Error(), "put it right and run doctor again: nothing else works until then")
	} else {
		x.environment(c)
		x.atWork(ctx, c, patience)
	}
	x.terminal()
	if err := p.print(newList(x.checks), x.text); err != nil {
		return err
	}
	return x.verdict()
}

// atWork checks what needs the program wired together.
func (x *examination) atWork(ctx context.Context, c config, patience time.Duration) {
	a, err := newApp(c)
	if err != nil {
		x.note("server", failed, err.Error(), "")
		return
	}
	defer a.close()
	x.server(ctx, a, patience)
	x.factorFile(ctx, a)
}

// verdict is the error to end with, nil if nothing failed.
func (x *examination) verdict() error {
	n := 0
	for _, c := range x.checks {
		if c.Status == failed {
			n++
		}
	}
	text := english.Plural(n, "check", "") + " failed"
	switch {
	case n == 0:
		return nil
	case x.cause != nil:
		return fmt.Errorf("%s: %w", text, x.cause)
	}
	return errors.New(text)
}

// text is the checks for a person, one below the other, what to do about one
// below it.
func (x *examination) text() string {
	indent := 0
	for _, c := range x.checks {
		indent = max(indent, len(c.Name)+4)
	}
	width := x.width() - indent
	margin := "\n" + strings.Repeat(" ", indent)
	var b strings.Builder
	for _, c := range x.checks {
		text := c.Message
		if c.Fix != "" {
			text += "\n→ " + c.Fix
		}
		if width >= 20 {
			text = ansi.Wrap(text, width, "")
		}
		fmt.Fprintf(&b, "%s %-*s%s\n", marks[c.Status], indent-2, c.Name, strings.ReplaceAll(text, "\n", margin))
	}
	return b.String()
}

// width is that of the terminal that standard output is, 0 if it is none.
func (x *examination) width() int {
	f, cols := terminalOf(x.out), 0
	if f != nil {
		cols, _, _ = term.GetSize(f.Fd()) // 0 if it can't be told
	}
	return cols
}

// terminalOf returns the first of the streams that is a terminal, nil if none is.
func terminalOf(streams ...any) *os.File {
	for _, s := range streams {
		if isTerminal(s) {
			return s.(*os.File)
		}
	}
	return nil
}
