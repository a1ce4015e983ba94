package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

func (p *program) phoneCommand() *cobra.Command {
	cmd := group("phone", "The test phone of the local engine", p.phoneSMSCommand(), p.phoneCodeCommand())
	cmd.Long = `The local engine has a test phone, which receives the text messages and has the
authenticator app. A script can run the whole flow with it. WorkOS has none.`
	p.jsonFlag(cmd.PersistentFlags())
	return cmd
}

// withPhone makes a command of work that needs the test phone.
func (p *program) withPhone(do work) func(*cobra.Command, []string) error {
	return p.withApp(func(ctx context.Context, a *app, args []string) error {
		if a.engine == nil {
			if a.config.host != "" {
				return usageError{fmt.Errorf("the test phone belongs to the local engine (--local); if mfa-tui serve runs at %s, its messages are at %[1]s/_emulate/sms", a.config.baseURL)}
			}
			return usageError{errors.New("the test phone belongs to the local engine; WorkOS has none (--local)")}
		}
		return do(ctx, a, args)
	})
}

// message is a text message in JSON.
type message struct {
	To          string      `json:"to"`
	Body        string      `json:"body"`
	Code        string      `json:"code"` // empty if the body does not have it
	ChallengeID string      `json:"challenge_id"`
	FactorID    string      `json:"factor_id"`
	SentAt      workos.Time `json:"sent_at"`
}

func (p *program) phoneSMSCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sms",
		Short: "List the text messages that were sent, newest first",
		Long: `sms lists the text messages that the local engine has sent. On a terminal the list
fits it, and says which factor a message is for; --wide prints whole messages. In JSON
each has the fields to, body, code, challenge_id, factor_id and sent_at.`,
		Example: `  mfa-tui phone sms`,
		RunE: p.withPhone(func(ctx context.Context, a *app, _ []string) error {
			sent, err := a.engine.Messages(ctx)
			if err != nil {
				return err
			}
			var messages []message
			var rows [][]string
			for _, m := range sent {
				messages = append(messages, message{m.To, m.Body, m.Code, m.ChallengeID, m.FactorID, workos.At(m.SentAt)})
				rows = append(rows, []string{stamp(m.SentAt), m.To, m.Body})
			}
			if len(rows) == 0 && !p.json {
				p.say("no messages")
			}
			return p.print(newList(messages), func() string { return p.messageTable(a, messages, rows) })
		}),
	}
	p.wideFlag(cmd.Flags())
	return cmd
}

// messageTable writes text messages: rows, or a table for a person.
func (p *program) messageTable(a *app, messages []message, rows [][]string) string {
	return p.table(rows, func(int) table {
		t := table{head: []string{"FACTOR", "CODE", "SENT", "MESSAGE", "TO"}, named: true, spare: 2}
		short := a.ShortIDs()
		for _, m := range messages {
			r, _ := a.Store.Record(m.FactorID)
			sent := agoOf(m.SentAt.Time, a.Now())
			if p.wide {
				sent = stamp(m.SentAt.Time)
			}
			t.rows = append(t.rows, []string{cmp.Or(r.Label, short(m.FactorID)), m.Code, sent, m.Body, m.To})
		}
		return t
	})
}

// code is what the test phone shows for a factor, in JSON.
type code struct {
	Code      string      `json:"code"`
	ExpiresAt workos.Time `json:"expires_at,omitzero"` // when an authenticator app shows the next one
}

func (p *program) phoneCodeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "code FACTOR",
		Short: "Print the code of a factor that the phone shows",
		Long: `code prints the code that the authenticator app shows now for a TOTP factor, or the
code in the message of an SMS factor's newest challenge. In JSON it is code, and
expires_at for a TOTP factor.`,
		Example:           `  mfa-tui verify "$challenge" "$(mfa-tui phone code alan)"`,
		ValidArgsFunction: p.completeFactors(1, func(r store.Record) bool { return r.Type != workos.GenericOTP }),
		RunE: p.withPhone(func(ctx context.Context, a *app, args []string) error {
			r, err := a.Factor(ctx, args[0])
			if err != nil {
				return err
			}
			shown, err := a.phoneCode(ctx, r)
			if err != nil {
				return err
			}
			return p.print(shown, func() string { return shown.Code + "\n" })
		}),
	}
}

func (a *app) phoneCode(ctx context.Context, r store.Record) (code, error) {
	switch {
	case r.TOTP != nil:
		c, _, until, err := a.engine.AuthenticatorCode(ctx, r.ID)
		return code{c, workos.At(until)}, err
	case r.SMS != nil:
		c, err := a.smsCode(ctx, r)
		return code{Code: c}, err
	}
	return code{}, fmt.Errorf("%s is a %s factor, whose codes don't come to a phone; mfa-tui challenge prints them", factors.FullName(r), factors.TypeName(r.Type))
}

// smsCode is the code in the message of a factor's newest challenge: an older one is
// no longer what the person waits for.
func (a *app) smsCode(ctx context.Context, r store.Record) (string, error) {
	challenge, err := a.engine.NewestChallenge(ctx, r.ID)
	if err != nil {
		return "", err
	}
	body, code, err := a.engine.SMS(ctx, challenge)
	switch name := factors.FullName(r); {
	case err != nil:
		return "", err
	case challenge == "":
		return "", fmt.Errorf("%s has received no code yet; mfa-tui challenge sends one", name)
	case body == "":
		return "", fmt.Errorf("the message of challenge %s to %s has not arrived; mfa-tui challenge sends another one", challenge, name)
	case code == "":
		return "", fmt.Errorf("the newest message to %s has no code in it; mfa-tui challenge sends one that does", name)
	}
	return code, nil
}
