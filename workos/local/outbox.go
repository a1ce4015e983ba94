package local

import (
	"context"
	"slices"
	"strings"
	"time"

	"mfa-tui/workos"
)

// defaultOutbox is how many messages are kept, the newest ones.
const defaultOutbox = 100

// Email is the channel of an e-mail.
const Email = "email"

// Message is a text message or an e-mail that was "sent".
type Message struct {
	Channel     string    `json:"channel,omitempty"` // [Email], or empty for a text message
	To          string    `json:"to"`
	Body        string    `json:"body"`
	Code        string    `json:"code"`         // empty if the body does not have it
	ChallengeID string    `json:"challenge_id"` // empty in an e-mail
	FactorID    string    `json:"factor_id"`    // empty, too, if an older version sent it and has forgotten the challenge
	SentAt      time.Time `json:"sent_at"`
}

// wireMessage is a message on the wire.
type wireMessage struct {
	Message
	SentAt workos.Time `json:"sent_at"`
}

// send puts a message into the outbox, with its code in place of {{code}}, unless a hook
// loses it.
func (r *request) send(m Message) {
	if r.http.Context().Value(lostSMS{}) != nil {
		return
	}
	m.SentAt = r.now
	template := m.Body
	if m.Body = strings.ReplaceAll(template, codePlaceholder, m.Code); m.Body == template {
		m.Code = ""
	}
	r.Outbox = appended(r.Outbox, m, r.engine.opts.Outbox)
	r.dirty = true
}

// Messages returns the text messages in the outbox, newest first.
func (e *Engine) Messages(ctx context.Context) ([]Message, error) {
	return e.messages(ctx, func(m Message) bool { return m.Channel != Email })
}

func (e *Engine) messages(ctx context.Context, wanted func(Message) bool) ([]Message, error) {
	var all []Message
	err := e.transact(ctx, func(s *state) bool {
		all = slices.Clone(newest(s.Outbox, e.opts.Outbox))
		return false
	})
	all = slices.DeleteFunc(all, func(m Message) bool { return !wanted(m) })
	slices.Reverse(all)
	return all, err
}

// SMS returns the message of a challenge and the code in it. It is empty if none is in
// the outbox: the message was lost, or it was not a text message.
func (e *Engine) SMS(ctx context.Context, challengeID string) (body, code string, err error) {
	all, err := e.Messages(ctx)
	for _, m := range all {
		if m.ChallengeID == challengeID {
			return m.Body, m.Code, err
		}
	}
	return "", "", err
}
