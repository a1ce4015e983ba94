package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/emulate"
)

func (p *program) phoneCommand() *cobra.Command {
	cmd := group("phone", "The test phone of the local engine", p.phoneSMSCommand(), p.phoneCodeCommand())
	cmd.Long = `The local engine has a test phone, which receives the text messages and has the
authenticator app. A script can run the whole flow with it, also with an engine that
mfa-tui serve runs on this machine, or on a host of --insecure-http. WorkOS has none.`
	p.jsonFlag(cmd.PersistentFlags())
	return cmd
}

// phoneOf returns what looks for a test phone: nil where nothing may be asked. That is
// WorkOS, any other server with a LIVE key, and one that is neither on this machine nor
// on a host of --insecure-http.
func phoneOf(c config, transport http.RoundTripper) func(context.Context) (*emulate.Client, error) {
	if c.mode == factors.Local {
		client := emulate.New("http://localhost", transport)
		return func(context.Context) (*emulate.Client, error) { return client, nil }
	}
	if c.mode != factors.Test || c.host == "" {
		return nil
	}
	if _, err := workos.ParseBaseURL((&url.URL{Scheme: "http", Host: c.host}).String(), c.plainHTTP...); err != nil {
		return nil
	}
	client := emulate.New(c.baseURL, transport)
	var once sync.Once
	var err error
	return func(ctx context.Context) (*emulate.Client, error) {
		once.Do(func() { err = client.Find(ctx) })
		return client, err
	}
}

// findPhone looks for the test phone of a server, for the screens.
func (a *app) findPhone(ctx context.Context) factors.TestPhone {
	if phone, err := a.phone(ctx); err == nil {
		return phone
	}
	return nil
}

// withPhone makes a command of work that needs the test phone.
func (p *program) withPhone(do func(context.Context, *app, *emulate.Client, []string) error) func(*cobra.Command, []string) error {
	return p.withApp(func(ctx context.Context, a *app, args []string) error {
		ctx, stop := untilSignal(ctx, endSignals()...)
		defer stop()
		switch {
		case a.config.host == "" && a.engine == nil:
			return usageError{errors.New("the test phone belongs to the local engine; WorkOS has none (--local)")}
		case a.phone == nil:
			return usageError{fmt.Errorf("the test phone belongs to the local engine (--local); %s is asked for one only with a test key, if it is this machine or a host of --insecure-http", a.config.baseURL)}
		}
		phone, err := a.phone(ctx)
		if err != nil {
			err = usageError{fmt.Errorf("the test phone belongs to the local engine (--local); no mfa-tui serve answers at %s: %w", a.config.baseURL, err)}
		} else {
			err = do(ctx, a, phone, args)
		}
		if p.signalStatus = signalStatus(ctx); p.signalStatus != exitDone {
			return nil
		}
		return err
	})
}

func (p *program) phoneSMSCommand() *cobra.Command {
	var since string
	var follow bool
	cmd := &cobra.Command{
		Use:   "sms",
		Short: "List the text messages that were sent, newest first",
		Long: `sms lists the text messages that the engine has sent. On a terminal the list fits it,
and says which factor a message is for; --wide prints whole messages. In JSON each has
the fields id, to, body, code, challenge_id, factor_id and sent_at.

With --follow it prints each new message as it comes, on a line, in JSON one object a
line, until ctrl+c ends it (status 130).`,
		Example: `  mfa-tui phone sms
  mfa-tui phone sms --follow --json`,
		RunE: p.withPhone(func(ctx context.Context, a *app, phone *emulate.Client, _ []string) error {
			if follow {
				return p.followMessages(ctx, phone, since)
			}
			sent, err := phone.Messages(ctx, since)
			if err != nil {
				return err
			}
			var rows [][]string
			for _, m := range sent {
				rows = append(rows, messageRow(m))
			}
			if len(rows) == 0 && !p.json {
				p.say("no messages")
			}
			return p.print(newList(sent), func() string { return p.messageTable(a, sent, rows) })
		}),
	}
	p.wideFlag(cmd.Flags())
	cmd.Flags().BoolVar(&follow, "follow", false, "print each new message as it comes")
	sinceFlag(cmd, &since)
	return cmd
}

func sinceFlag(cmd *cobra.Command, since *string) {
	cmd.Flags().StringVar(since, "since", "", "only messages after the one with this `ID`, or from this time (RFC 3339) on")
}

func messageRow(m emulate.Message) []string { return []string{stamp(m.SentAt.Time), m.To, m.Body} }

// followMessages prints each message after since, or from now on, until ctx is done.
func (p *program) followMessages(ctx context.Context, phone *emulate.Client, since string) error {
	if since == "" {
		sent, err := phone.Messages(ctx, "")
		if err != nil {
			return err
		}
		if len(sent) > 0 {
			since = sent[0].ID
		}
	}
	for {
		next, err := phone.Next(ctx, since)
		if err != nil {
			return err
		}
		for _, m := range next {
			since = m.ID
			if p.json {
				err = encodeJSON(p.out, m, "")
			} else {
				_, err = io.WriteString(p.out, columns([][]string{messageRow(m)}))
			}
			if err != nil {
				return err
			}
		}
	}
}

// messageTable writes text messages: rows, or a table for a person.
func (p *program) messageTable(a *app, messages []emulate.Message, rows [][]string) string {
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
	var since string
	var wait time.Duration
	cmd := &cobra.Command{
		Use:   "code FACTOR",
		Short: "Print the code of a factor that the phone shows",
		Long: `code prints the code that the authenticator app shows now for a TOTP factor, or the
code in the message of an SMS factor's newest challenge. In JSON it is code, and
expires_at for a TOTP factor.

With --wait it waits for a code that would be accepted: not for a used one.`,
		Example: `  mfa-tui verify "$challenge" "$(mfa-tui phone code alan)"
  mfa-tui phone code alan --wait 10s`,
		ValidArgsFunction: p.completeFactors(1, func(r store.Record) bool { return r.Type != workos.GenericOTP }),
		RunE: p.withPhone(func(ctx context.Context, a *app, phone *emulate.Client, args []string) error {
			switch {
			case wait < 0:
				return usageError{errors.New("--wait needs a duration such as 10s")}
			case since != "" && wait == 0:
				return usageError{errors.New("--since is for --wait here, and needs it")}
			}
			r, err := a.Factor(ctx, args[0])
			if err != nil {
				return err
			}
			shown, err := phoneCode(ctx, phone, r, since, wait)
			if err != nil {
				return err
			}
			return p.print(shown, func() string { return shown.Code + "\n" })
		}),
	}
	cmd.Flags().DurationVar(&wait, "wait", 0, "wait so `LONG` for a code, such as 10s")
	sinceFlag(cmd, &since)
	return cmd
}

// phoneCode is what the phone shows for a factor. It waits for that if wait is not 0.
func phoneCode(ctx context.Context, phone *emulate.Client, r store.Record, since string, wait time.Duration) (code, error) {
	if r.TOTP == nil && r.SMS == nil {
		return code{}, fmt.Errorf("%s is a %s factor, whose codes don't come to a phone; mfa-tui challenge prints them", factors.FullName(r), factors.TypeName(r.Type))
	}
	if r.TOTP != nil {
		c, _, until, err := phone.AuthenticatorCode(ctx, r.ID)
		return code{c, workos.At(until)}, err
	}
	name := factors.FullName(r)
	if wait > 0 {
		shown, found, err := phone.AwaitCode(ctx, r.ID, since, wait)
		if err == nil && !found {
			err = fmt.Errorf("no code came to %s in %s; mfa-tui challenge sends one", name, wait)
		}
		return code{Code: shown.Code}, err
	}
	// An older challenge's code is no longer what the person waits for.
	switch shown, err := phone.Code(ctx, r.ID); {
	case err != nil:
		return code{}, err
	case shown.ChallengeID == "":
		return code{}, fmt.Errorf("%s has received no code yet; mfa-tui challenge sends one", name)
	case shown.Body == "":
		return code{}, fmt.Errorf("the message of challenge %s to %s has not arrived; mfa-tui challenge sends another one", shown.ChallengeID, name)
	case shown.Code == "":
		return code{}, fmt.Errorf("the newest message to %s has no code in it; mfa-tui challenge sends one that does", name)
	default:
		return code{Code: shown.Code}, nil
	}
}
