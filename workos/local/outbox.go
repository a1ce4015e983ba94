package local

import (
	"context"
	"slices"
	"strings"
	"time"
)

// defaultOutbox is how many messages are kept, the newest ones.
const defaultOutbox = 100

// Message is a text message that was "sent".
type Message struct {
	To          string    `json:"to"`
	Body        string    `json:"body"`
	Code        string    `json:"code"` // empty if the body does not have it
	ChallengeID string    `json:"challenge_id"`
	FactorID    string    `json:"factor_id"` // empty if an older version sent it and has forgotten the challenge
	SentAt      time.Time `json:"sent_at"`
}

// wireMessage is a message on the wire.
type wireMessage struct {
	Message
	SentAt wireTime `json:"sent_at"`
}

// send puts the message of a challenge into the outbox, unless a hook loses it.
func (r *request) send(to, template string, c *challenge) {
	if r.http.Context().Value(lostSMS{}) != nil {
		return
	}
	m := Message{To: to, Body: strings.ReplaceAll(template, codePlaceholder, c.Code), ChallengeID: c.ID, FactorID: c.FactorID, SentAt: r.now}
	if strings.Contains(template, codePlaceholder) {
		m.Code = c.Code
	}
	r.Outbox = append(r.Outbox, m)
	if size := r.engine.opts.Outbox; len(r.Outbox) >= 2*size { // rarely, because it copies
		r.Outbox = slices.Clone(r.Outbox[len(r.Outbox)-size:])
	}
	r.dirty = true
}

// outbox are the messages that are kept, oldest first.
func (e *Engine) outbox(s *state) []Message {
	return s.Outbox[max(0, len(s.Outbox)-e.opts.Outbox):]
}

// Messages returns the messages in the outbox, newest first.
func (e *Engine) Messages(ctx context.Context) ([]Message, error) {
	var all []Message
	err := e.transact(ctx, func(s *state) bool {
		all = slices.Clone(e.outbox(s))
		return false
	})
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
