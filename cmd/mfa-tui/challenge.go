package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// codePlaceholder is where the code goes in the message of an SMS factor.
const codePlaceholder = "{{code}}"

func (p *program) challengeCommand() *cobra.Command {
	var message string
	cmd := &cobra.Command{
		Use:   "challenge FACTOR",
		Short: "Start a challenge of a factor: send the text message, or make the code",
		Long: `challenge prints the id of the challenge, for verify, and below it the code of a
generic factor, which you deliver yourself.

With --json the challenge is printed as on the wire: id, authentication_factor_id,
created_at, updated_at, expires_at (not for TOTP) and code (for a generic factor).`,
		Example: `  challenge=$(mfa-tui challenge alan)
  mfa-tui challenge phone --message 'Foo Corp: {{code}}'`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: p.completeFactor,
		RunE: func(cmd *cobra.Command, args []string) error {
			given := cmd.Flags().Changed("message")
			if given && !strings.Contains(message, codePlaceholder) {
				return usageError{fmt.Errorf("--message needs %s, else nobody gets the code", codePlaceholder)}
			}
			return p.withApp(func(a *app) error {
				r, err := a.factor(cmd.Context(), args[0])
				switch {
				case err != nil:
					return err
				case given && r.Type != workos.SMS:
					return usageError{fmt.Errorf("--message is for an SMS factor; %s is none", fullName(r))}
				}
				return p.challenge(cmd.Context(), a, r, message)
			})
		},
	}
	cmd.Flags().StringVar(&message, "message", "", "`TEXT` of an SMS factor's message, with "+codePlaceholder+" for the code")
	p.jsonFlag(cmd.Flags())
	return cmd
}

// challenge starts a challenge, saves that it was started and prints it.
func (p *program) challenge(ctx context.Context, a *app, r store.Record, message string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	c, err := a.client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: r.ID, SMSTemplate: message})
	if err != nil {
		return err
	}
	if c.FactorID == "" {
		c.FactorID = r.ID
	}
	printErr := p.print(c, func() string { return strings.TrimRight(c.ID+"\n"+c.Code, "\n") + "\n" })
	if !p.json {
		p.say("%s", challenged(r, c))
	}
	if !a.kept(r.ID) {
		return printErr
	}
	ctx, cancelSave := saving(ctx)
	defer cancelSave()
	started, saveErr := a.store.Started(ctx, r.ID, c)
	return errors.Join(printErr, p.keep(a.store, started, saveErr))
}

// challenged tells what to do about a challenge.
func challenged(r store.Record, c workos.Challenge) string {
	text := "deliver the code to the person"
	switch r.Type {
	case workos.SMS:
		text = "the code was sent to " + factorName(store.Record{Factor: r.Factor})
	case workos.TOTP:
		text = "the code is in the authenticator app"
	}
	if !c.ExpiresAt.IsZero() {
		text += ", good until " + stamp(c.ExpiresAt)
	}
	return text
}

// errNotValid is the error for a wrong code.
var errNotValid = errors.New("the code is not valid")

func (p *program) verifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "verify CHALLENGE CODE",
		Short: "Check a code against a challenge",
		Long: `verify checks a code of six digits. With - it is read from standard input, since
others on the machine can read a command line.

The exit status is 0 for the right code and 3 for a wrong one, which may be tried
again. A challenge that is expired, used, or has had too many wrong codes is of no
more use: exit status 1, start a new one. With --json the answer is printed as on
the wire: challenge and valid, for a wrong code too.`,
		Example: `  mfa-tui verify "$challenge" 123456
  echo 123456 | mfa-tui verify "$challenge" -`,
		Args:              usage(cobra.ExactArgs(2)),
		ValidArgsFunction: p.completeChallenge,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !strings.HasPrefix(args[0], "auth_challenge_") {
				return usageError{fmt.Errorf("%q is not the id of a challenge; mfa-tui challenge prints one", clean(args[0]))}
			}
			code, err := p.readCode(args[1])
			if err != nil {
				return err
			}
			return p.withApp(func(a *app) error { return p.verify(cmd.Context(), a, args[0], code) })
		},
	}
	p.jsonFlag(cmd.Flags())
	return cmd
}

// readCode returns the digits of a code, which people write in groups.
func (p *program) readCode(arg string) (string, error) {
	if arg == "-" {
		data, err := io.ReadAll(io.LimitReader(p.in, 1<<10))
		if err != nil {
			return "", fmt.Errorf("read the code: %w", err)
		}
		arg = string(data)
	}
	code := strings.NewReplacer(" ", "", "-", "").Replace(strings.TrimSpace(arg))
	if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
		return "", usageError{errors.New("a code is six digits")} // without the digits, which may be right
	}
	return code, nil
}

// verify checks a code, saves the outcome and prints it.
func (p *program) verify(ctx context.Context, a *app, id, code string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	v, callErr := a.client.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: id, Code: code})
	became, ended := outcomeOf(v, callErr)
	if became == "" {
		return callErr
	}
	var printErr error
	if callErr == nil {
		printErr = p.printVerification(v)
	}
	factor := firstOf(factorOfChallenge(a.store.Records(), id), v.Challenge.FactorID)
	if !a.kept(factor) {
		return errors.Join(ended, printErr)
	}
	ctx, cancelSave := saving(ctx)
	defer cancelSave()
	finished, saveErr := a.store.Finished(ctx, factor, id, became, time.Now())
	return errors.Join(ended, printErr, p.keep(a.store, finished, saveErr))
}

func (p *program) printVerification(v workos.Verification) error {
	if !v.Valid && !p.json {
		return nil // the error says it
	}
	return p.print(v, func() string { return "verified\n" })
}

// outcomeOf is what becomes of a challenge, nothing if the call failed, and the
// error to end with.
func outcomeOf(v workos.Verification, err error) (store.Outcome, error) {
	const again = "%w; start a new challenge"
	switch {
	case workos.IsExpired(err):
		return store.OutcomeExpired, fmt.Errorf(again, err)
	case workos.IsAlreadyVerified(err):
		return store.OutcomeAlreadyVerified, fmt.Errorf(again, err)
	case workos.IsTooManyAttempts(err):
		return store.OutcomeTooManyAttempts, fmt.Errorf(again, err)
	case err != nil:
		return "", err
	case v.Valid:
		return store.OutcomeVerified, nil
	}
	return store.OutcomeWrongCode, errNotValid
}

// factorOfChallenge returns the id of the factor whose challenge this is, empty if
// it was started elsewhere.
func factorOfChallenge(records []store.Record, id string) string {
	for _, r := range records {
		if slices.ContainsFunc(r.History, func(a store.Attempt) bool { return a.ChallengeID == id }) {
			return r.ID
		}
	}
	return ""
}
