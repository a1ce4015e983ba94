package local

import (
	"context"
	"net/http"
	"slices"
	"strconv"
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
	ID          string    `json:"id"`                // they count up
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

const messagePrefix = "message_"

// messageNumber counts the messages that an engine has sent; it is 0 if this is not the
// id of one.
func messageNumber(id string) uint64 {
	digits, _ := strings.CutPrefix(id, messagePrefix)
	n, err := strconv.ParseUint(digits, 10, 64)
	if err != nil || id == digits {
		return 0
	}
	return n
}

// nextMessageID is the id of the next message.
func (s *state) nextMessageID() string {
	s.Sent++
	return messagePrefix + strconv.FormatUint(s.Sent, 10)
}

// send puts a message into the outbox, with its code in place of {{code}}, unless a hook
// loses it.
func (r *request) send(m Message) {
	if r.http.Context().Value(lostSMS{}) != nil {
		return
	}
	m.ID, m.SentAt = r.nextMessageID(), r.now
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
		for _, m := range slices.Backward(newest(s.Outbox, e.opts.Outbox)) {
			if wanted(m) {
				all = append(all, m)
			}
		}
		return false
	})
	return all, err
}

// SMS returns the message of a challenge and the code in it. It is empty if none is in
// the outbox: the message was lost, or it was not a text message.
func (e *Engine) SMS(ctx context.Context, challengeID string) (body, code string, err error) {
	err = e.transact(ctx, func(s *state) bool {
		m := e.messageOf(s, challengeID)
		body, code = m.Body, m.Code
		return false
	})
	return body, code, err
}

// messageOf is the text message of a challenge, the zero one if it is not in the outbox.
func (e *Engine) messageOf(s *state, challengeID string) Message {
	for _, m := range slices.Backward(newest(s.Outbox, e.opts.Outbox)) {
		if m.Channel != Email && m.ChallengeID == challengeID {
			return m
		}
	}
	return Message{}
}

// shownCode is what a phone shows for a factor.
type shownCode struct {
	Code        string      `json:"code"`
	Next        string      `json:"next,omitempty"` // of an authenticator app
	Now         workos.Time `json:"now"`
	ExpiresAt   workos.Time `json:"expires_at,omitzero"` // when the app shows the next code, or the challenge expires
	ChallengeID string      `json:"challenge_id,omitempty"`
	Body        string      `json:"body,omitempty"` // of the challenge's message, empty if it has not come
}

// getCode answers with what the phone shows for a factor: the code of its authenticator
// app, or that of its newest challenge. One that waits gets only a code that would be
// accepted.
func (e *Engine) getCode(r *http.Request, _ []byte) response {
	id := r.PathValue("id")
	after, refused := e.since(r)
	if refused != nil {
		return *refused
	}
	return e.await(r, func() (resp response, found bool) {
		err := e.transact(r.Context(), func(s *state) bool {
			resp, found = e.shown(s, id, e.Time().UTC(), after)
			return false
		})
		if err != nil {
			return internal(err), true
		}
		return resp, found
	})
}

func (e *Engine) shown(s *state, factorID string, now time.Time, after func(Message) bool) (resp response, ready bool) {
	f := s.Factors[factorID]
	shows := shownCode{Now: workos.At(now)}
	switch {
	case f == nil:
		return notFound("Authentication Factor", factorID), true
	case f.Type == typeTOTP:
		var until time.Time
		var err error
		if shows.Code, shows.Next, until, err = f.shows(now); err != nil {
			return internal(err), true
		}
		shows.ExpiresAt = workos.At(until)
		return response{http.StatusOK, shows}, true
	case f.Type != typeSMS:
		return badRequest("No code of a generic_otp factor comes to a phone: the response to a challenge has it."), true
	}
	c := s.Challenges[f.Challenge]
	if c == nil {
		return response{http.StatusOK, shows}, false
	}
	shows.ChallengeID, shows.ExpiresAt = c.ID, workos.At(c.ExpiresAt)
	m := e.messageOf(s, c.ID)
	if m.ID != "" && after(m) {
		shows.Body, shows.Code = m.Body, m.Code
	}
	return response{http.StatusOK, shows}, shows.Code != "" && c.open(now)
}
