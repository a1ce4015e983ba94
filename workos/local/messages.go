package local

import (
	"context"
	"slices"
	"time"
)

// Message is a text message that was "sent".
type Message struct {
	To, Body string
	SentAt   time.Time
}

// Messages returns the messages in the outbox, newest first.
func (e *Engine) Messages(ctx context.Context) ([]Message, error) {
	var all []Message
	err := e.transact(ctx, func(s *state) bool {
		for _, m := range slices.Backward(s.Outbox) {
			var sent Message
			sent.To, sent.Body, sent.SentAt = m.To, m.Body, m.SentAt
			all = append(all, sent)
		}
		return false
	})
	return all, err
}
