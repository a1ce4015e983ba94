package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// No line of a help is wider than a usual terminal, and none that is to be copied is wrapped.
func TestHelpFits(t *testing.T) {
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		var out, errOut bytes.Buffer
		args := append(strings.Fields(cmd.CommandPath())[1:], "--help")
		if cmd.IsAdditionalHelpTopicCommand() {
			args = []string{"help", cmd.Name()}
		}
		if status := run(context.Background(), args, nil, strings.NewReader(""), &out, &errOut); status != exitDone || errOut.Len() > 0 {
			t.Errorf("%v: status %d, %s", args, status, errOut.String())
		}
		printed := "\n" + out.String()
		for line := range strings.Lines(printed) {
			if ansi.StringWidth(strings.TrimSuffix(line, "\n")) > 80 {
				t.Errorf("%v: a line of %d columns: %s", args, ansi.StringWidth(line), line)
			}
		}
		for line := range strings.SplitSeq(cmd.Example, "\n") {
			if line != "" && !strings.Contains(printed, "\n"+line+"\n") {
				t.Errorf("%v: this is not printed as it is: %s", args, line)
			}
		}
		for _, c := range cmd.Commands() {
			if short := "\n  " + c.Name(); c.IsAvailableCommand() && !strings.Contains(printed, c.Short+"\n") {
				t.Errorf("%v: %s: the short text takes more than one line", args, short)
			}
			walk(c)
		}
	}
	walk((&program{}).rootCommand())
}

// What is beside a flag stays beside it, and paragraphs are filled.
func TestHelpIsWrapped(t *testing.T) {
	_, out, _ := outcome(t, nil, "qr", "--help")
	for _, want := range []string{
		"qr draws the QR code for an authenticator app, the largest that fits the\nterminal. If standard output",
		"\n      --qr STYLE             draw QR codes in this STYLE if it fits: auto, full,\n                             half, sextant, ascii (remembered for this terminal)\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// A call that lacks something is told all that it lacks, and how the command is called.
func TestWrongCalls(t *testing.T) {
	for call, want := range map[string]string{
		"factors get":          "FACTOR is missing: mfa-tui factors get FACTOR; see mfa-tui factors get --help",
		"factors get a b":      "too many arguments (2): mfa-tui factors get FACTOR; see mfa-tui factors get --help",
		"factors remove":       "FACTOR is missing: mfa-tui factors remove FACTOR…; see mfa-tui factors remove --help",
		"factors label a":      "NAME is missing: mfa-tui factors label FACTOR NAME; see mfa-tui factors label --help",
		"qr a b":               "too many arguments (2): mfa-tui qr [FACTOR]; see mfa-tui qr --help",
		"verify":               "CHALLENGE and CODE are missing: mfa-tui verify CHALLENGE CODE; see mfa-tui verify --help",
		"enroll totp":          "--issuer and --user are missing: mfa-tui enroll totp --issuer NAME --user NAME; see mfa-tui enroll totp --help",
		"enroll totp --user a": "--issuer is missing: mfa-tui enroll totp --issuer NAME --user NAME; see mfa-tui enroll totp --help",
		"export x":             `mfa-tui export takes no argument, but got "x"; see mfa-tui export --help`,
		"completion bash x":    `mfa-tui completion bash takes no argument, but got "x"; see mfa-tui completion bash --help`,
		"enrol":                `unknown command "enrol" for "mfa-tui" (did you mean enroll?); see mfa-tui --help`,
		"factors lst":          `unknown command "lst" for "mfa-tui factors" (did you mean list?); see mfa-tui factors --help`,
		"environments mvoe":    `unknown command "mvoe" for "mfa-tui environments" (did you mean move?); see mfa-tui environments --help`,
		"help factors lst":     `unknown command "lst" for "mfa-tui factors" (did you mean list?); see mfa-tui help --help`,
		"nope":                 `unknown command "nope" for "mfa-tui"; see mfa-tui --help`,
		"serve --port abc":     `--port "abc": want a number; see mfa-tui serve --help`,
		"export --json=x":      `--json "x": want true or false; see mfa-tui export --help`,
		"enroll otp --idempotency-key=": `--idempotency-key "": must not be empty: that would be a new key, and may enroll a second factor; ` +
			"see mfa-tui enroll otp --help",
	} {
		status, out, errOut := outcome(t, []string{"HOME=/nowhere"}, strings.Fields(call)...)
		if status != exitUsage || out != "" || errOut != "mfa-tui: "+want+"\n" {
			t.Errorf("%s: status %d, %q, %s", call, status, out, errOut)
		}
	}
}
