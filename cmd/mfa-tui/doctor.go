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
	xterm "github.com/charmbracelet/x/term"
	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"mfa-tui/store/factors/words"
	"mfa-tui/tui/term"
)

// doctorTimeout bounds the one call that doctor makes, with its retries: a person
// who asks what is wrong with the network should not wait long for it.
const doctorTimeout = 5 * time.Second

func (p *program) doctorCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check the environment, key, factor file, clock and terminal",
		Long: `doctor checks what mfa-tui works with, and says how to fix what is wrong: ✓ ok,
! warning, ✗ failed. It makes one API call, which costs and changes nothing, and never
prints the key.

The exit status is 0 if nothing failed, 5 if the key was refused, 1 otherwise. With
--json the checks are printed: check, status (ok, warning, failed), message and fix.`,
		Example: `  mfa-tui doctor
  mfa-tui doctor --json`,
		RunE: func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd.Context(), doctorTimeout) },
	}
	p.jsonFlag(cmd.Flags())
	return cmd
}

// The statuses of a check, and their marks.
const (
	ok      = "ok"
	warning = "warning"
	failed  = "failed"
)

var marks = map[string]string{ok: "✓", warning: "!", failed: "✗"}

// check is a line of the report.
type check struct {
	Name    string `json:"check"`
	Status  string `json:"status"`
	Message string `json:"message"`
	Fix     string `json:"fix,omitempty"`
}

// report collects checks.
type report struct {
	*program
	given   environ           // the environment without what the env file adds
	envFile map[string]string // what the env file says
	checks  []check
	cause   error // decides the exit status, unless it is nil
}

func (r *report) add(name, status, fix, format string, args ...any) {
	r.checks = append(r.checks, check{name, status, words.Clean(fmt.Sprintf(format, args...)), words.Clean(fix)})
}

func (r *report) ok(name, format string, args ...any) { r.add(name, ok, "", format, args...) }

// warn and fail say what is wrong, and how to fix it unless that is empty.
func (r *report) warn(name, fix, format string, args ...any) {
	r.add(name, warning, fix, format, args...)
}

func (r *report) fail(name, fix, format string, args ...any) {
	r.add(name, failed, fix, format, args...)
}

// doctor makes the checks and prints them.
func (p *program) doctor(ctx context.Context, patience time.Duration) error {
	r := &report{program: p, given: maps.Clone(p.env)}
	r.ok("version", "mfa-tui %s", version())
	var refused *serverError
	if c, err := p.flags.config(p.env); errors.As(err, &refused) {
		r.fail("environment", refused.fix, "%s", refused.why)
	} else if err != nil {
		r.fail("environment", "fix it and run doctor again: nothing else works until then", "%v", err)
	} else {
		r.envFile, _, _ = p.flags.readEnvFile() // it can be read, or is missing
		r.environment(c)
		r.wired(ctx, c, patience)
	}
	r.terminal()
	if err := p.print(newList(r.checks), r.readable); err != nil {
		return err
	}
	return r.verdict()
}

// wired checks what needs the program wired together.
func (r *report) wired(ctx context.Context, c config, patience time.Duration) {
	a, err := newApp(c)
	if err != nil {
		r.fail("server", "", "%v", err)
		return
	}
	defer a.close()
	r.factors = a.List
	r.server(ctx, a, patience)
	r.clock(a)
	r.factorFile(ctx, a)
}

// verdict is the error that doctor ends with, nil if no check failed.
func (r *report) verdict() error {
	n := 0
	for _, c := range r.checks {
		if c.Status == failed {
			n++
		}
	}
	text := english.Plural(n, "check", "") + " failed"
	switch {
	case n == 0:
		return nil
	case r.cause != nil:
		return fmt.Errorf("%s: %w", text, r.cause)
	}
	return errors.New(text)
}

// readable is the report in signs that the terminal has.
func (r *report) readable() string {
	if r.terminalByEnv().UTF8 {
		return r.text()
	}
	return term.ASCII(r.text())
}

// text is the report for a person, each fix below its check.
func (r *report) text() string {
	indent := 0
	for _, c := range r.checks {
		indent = max(indent, len(c.Name)+4)
	}
	width := 0 // any, where standard output is not a terminal
	if f := terminalOf(r.out); f != nil {
		if cols, _, err := xterm.GetSize(f.Fd()); err == nil {
			width = cols - indent
		}
	}
	margin := "\n" + strings.Repeat(" ", indent)
	var b strings.Builder
	for _, c := range r.checks {
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

// terminalOf returns the first of the streams that is a terminal, nil if none is.
func terminalOf(streams ...any) *os.File {
	for _, s := range streams {
		if isTerminal(s) {
			return raw(s).(*os.File)
		}
	}
	return nil
}
