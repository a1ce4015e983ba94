package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

func (p *program) challengeCommand() *cobra.Command {
	var message string
	cmd := &cobra.Command{
		Use:   "challenge FACTOR",
		Short: "Start a challenge: send the text message, or make the code",
		Long: `challenge prints the ID of the challenge, which verify takes. For a Generic OTP
factor it also prints the code, which you deliver yourself.

With --json the challenge is printed as the API has it: object, id,
authentication_factor_id, created_at, updated_at, expires_at (not for TOTP) and code
(Generic OTP only).`,
		Example: `  challenge=$(mfa-tui challenge alan)
  mfa-tui challenge phone --message 'Foo Corp: {{code}}'`,
		ValidArgsFunction: p.completeFactors(1, anyFactor),
	}
	cmd.RunE = p.withApp(func(ctx context.Context, a *app, args []string) error {
		if cmd.Flags().Changed("message") && message == "" {
			return usageError{errors.New("--message is empty; leave it out for the usual text")}
		}
		r, err := a.Factor(ctx, args[0])
		if err != nil {
			return err
		}
		return p.challenge(ctx, a, r, message)
	})
	cmd.Flags().StringVar(&message, "message", "", "`TEXT` of the message to an SMS factor, with "+factors.CodePlaceholder+" for the code")
	p.jsonFlag(cmd.Flags())
	return cmd
}

// challenge starts a challenge, saves that it was started and prints it.
func (p *program) challenge(ctx context.Context, a *app, r store.Record, message string) error {
	done, err := a.Challenge(ctx, r, message)
	if err != nil {
		return err
	}
	c := done.Challenge
	printErr := p.print(c, func() string { return strings.TrimRight(words.Clean(c.ID)+"\n"+words.Clean(c.Code), "\n") + "\n" })
	if !p.json {
		p.say("%s", a.nextStep(r, c))
	}
	return errors.Join(printErr, p.printUnsaved(a.Store, done.Done))
}

// nextStep says where the code of a challenge is, and how long it is valid.
func (a *app) nextStep(r store.Record, c workos.Challenge) string {
	text := "deliver the code to the person"
	switch r.Type {
	case workos.SMS:
		text = "the code was sent to " + factors.EnrolledName(r.Factor)
	case workos.TOTP:
		text = "the code is in the authenticator app"
	}
	if now := a.Now(); !c.ExpiresAt.IsZero() {
		text += ", valid for " + strings.TrimSpace(humanize.RelTime(now, factors.Deadline(c, now), "", ""))
	}
	if a.engine != nil && r.Type != workos.GenericOTP {
		text += "; mfa-tui phone code " + a.argument(r) + " prints it"
	}
	return text
}

// errNotValid is the error for a wrong code.
var errNotValid = errors.New("the code is not valid")

func (p *program) verifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify CHALLENGE CODE",
		Short: "Check a code against a challenge",
		Long: `verify checks a code of six digits. - reads it from standard input: others on the
machine can read a command line.

The exit status is 0 for the right code and 3 for a wrong one. You can try again,
unless the message says that there were too many wrong codes. A challenge that has
expired, was used, or has had too many wrong codes takes no more: exit status 1, and
mfa-tui challenge starts a new one. With --json the response is printed as the API has
it, for a wrong code too: challenge and valid.`,
		Example: `  mfa-tui verify "$challenge" 123456
  echo 123456 | mfa-tui verify "$challenge" -`,
		ValidArgsFunction: p.completeChallenges(1),
		RunE: p.withApp(func(ctx context.Context, a *app, args []string) error {
			code, err := p.readCode(args[1])
			if err != nil {
				return err
			}
			return p.verify(ctx, a, args[0], code)
		}),
	}
	p.jsonFlag(cmd.Flags())
	return cmd
}

// readCode returns a code, from standard input for "-".
func (p *program) readCode(arg string) (string, error) {
	if arg == "-" {
		data, err := io.ReadAll(io.LimitReader(p.in, 1<<10))
		if err == nil {
			data, err = store.DecodeText(data)
		}
		if err != nil {
			return "", fmt.Errorf("read the code: %w", err)
		}
		if arg = strings.TrimSpace(string(data)); arg == "" {
			return "", usageError{errors.New("standard input is empty: it should have the code")}
		}
	}
	return arg, nil
}

// startNew says how to start a new challenge of a factor, which is not known if it is not
// on the list.
func startNew(a *app, r store.Record) string {
	name := "FACTOR"
	if r.ID != "" {
		name = a.ShortIDs()(r.ID)
	}
	return "mfa-tui challenge " + words.Clean(name) + " starts a new one"
}

// verify checks a code, saves the result and prints it.
func (p *program) verify(ctx context.Context, a *app, id, code string) error {
	done, err := a.Verify(ctx, store.Record{}, id, code)
	if err != nil {
		return err
	}
	var notVerified, printErr error
	compared := done.Verification.Challenge.ID != ""
	switch ending := done.Ending(); {
	case ending != "" && compared: // the last code that the challenge takes
		notVerified = fmt.Errorf("%w; %s; %s", errNotValid, ending, startNew(a, done.Record))
	case ending != "":
		notVerified = fmt.Errorf("%s; %s", ending, startNew(a, done.Record))
	case done.Result != store.OutcomeVerified:
		notVerified = errNotValid
		if a.MayBeUsed(done.Record) {
			notVerified = fmt.Errorf("%w; a code works only once: %s", errNotValid, factors.UsedCode)
		}
	}
	switch {
	case notVerified == nil:
		printErr = p.print(done.Verification, func() string { return "verified\n" })
	case p.json && compared:
		printErr = printJSON(p.out, done.Verification)
	}
	return errors.Join(notVerified, printErr, p.printUnsaved(a.Store, done.Done))
}
