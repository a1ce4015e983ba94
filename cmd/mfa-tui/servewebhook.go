package main

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"

	"mfa-tui/workos"
	"mfa-tui/workos/webhook"
)

// checkWebhook checks where webhooks go, and makes a secret if none was given.
func (s *server) checkWebhook(plainHTTP []string) error {
	if s.webhook == "" {
		switch {
		case s.webhookSecret != "":
			return errors.New("--webhook-secret needs --webhook URL")
		case plainHTTP != nil:
			return errors.New("--insecure-http is for --webhook here, and needs it")
		}
		return nil
	}
	switch _, err := workos.ParseBaseURL(s.webhook, plainHTTP...); {
	case errors.Is(err, workos.ErrUnencrypted):
		return fmt.Errorf("--webhook %s: use https; http works only for this machine, or for a host that you allow with --insecure-http HOST", s.webhook)
	case err != nil: // it is about an API
		return errors.New("--webhook: want a URL like http://127.0.0.1:3000/webhooks, without a user name, a password or a query")
	}
	if s.webhookSecret == "" {
		s.madeSecret = rand.Text()
	}
	return nil
}

// webhooks returns a sender that says what is lost, and logs each attempt.
func (p *program) webhooks(s server, logs io.Writer) *webhook.Sender {
	full := sync.OnceFunc(func() {
		p.say("%d events wait for the webhook's endpoint: from now on events are lost until it takes some", webhook.Queue)
	})
	logAttempt, lost := logWebhooks(logs)
	failing := false
	attempt := func(a webhook.Attempt) { // one after the other
		logAttempt(a)
		if !a.OK() && !failing { // the URL may have a token, and is not told
			why := fmt.Sprintf("it answered %d", a.Status)
			if a.Err != nil {
				why = a.Err.Error()
			}
			p.say("the endpoint did not take a webhook and is tried again: %s", why)
		}
		failing = !a.OK()
	}
	return webhook.New(webhook.Options{
		URL: s.webhook, Secret: cmp.Or(s.webhookSecret, s.madeSecret), UserAgent: "mfa-tui/" + version(), Transport: workos.NewTransport(), OnAttempt: attempt,
		OnLost: func(e webhook.Event, err error) {
			lost(e, err)
			switch {
			case errors.Is(err, webhook.ErrQueueFull):
				full()
			case errors.Is(err, webhook.ErrClosed): // all of them are one line, at the end
			default:
				p.say("webhook %s of %s is given up after %d attempts: %v", e.ID, e.Name, webhook.Attempts, err)
			}
		},
	})
}
