package local

import (
	"context"
	"time"
)

// outboxSize is how many messages are kept, the newest ones.
const outboxSize = 100

// message is a text message that was "sent".
type message struct {
	To     string    `json:"to"`
	Body   string    `json:"body"`
	SentAt time.Time `json:"sent_at"`
}

// send puts a message into the outbox.
func (r *request) send(to, body string) {
	r.Outbox = append(r.Outbox, message{To: to, Body: body, SentAt: r.now})
	if over := len(r.Outbox) - outboxSize; over > 0 {
		r.Outbox = append([]message(nil), r.Outbox[over:]...)
	}
	r.dirty = true
}

// LastSMS returns the newest message to a phone number, an empty one if there is none.
func (e *Engine) LastSMS(ctx context.Context, phoneNumber string) (body string, sentAt time.Time, err error) {
	err = e.transact(ctx, func(s *state) bool {
		for i := len(s.Outbox) - 1; i >= 0; i-- {
			if s.Outbox[i].To == phoneNumber {
				body, sentAt = s.Outbox[i].Body, s.Outbox[i].SentAt
				break
			}
		}
		return false
	})
	return body, sentAt, err
}
