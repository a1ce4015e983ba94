package local

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"mfa-tui/workos"
)

// ToolsPath begins the paths of the tools.
const ToolsPath = "/_emulate/"

// toolRoutes are the tools for tests, below /_emulate/, which WorkOS does not have.
// They need no key, and answer programs on this machine and those of Options.EmulateFrom.
func (e *Engine) toolRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /_emulate/hooks":             e.tool(e.getHooks),
		"POST /_emulate/hooks":            e.tool(e.postHook),
		"DELETE /_emulate/hooks":          e.tool(e.deleteHooks),
		"DELETE /_emulate/hooks/{id}":     e.tool(e.deleteHook),
		"GET /_emulate/sms":               e.tool(e.getMessages("", phoneNumber)),
		"DELETE /_emulate/sms":            e.tool(e.deleteMessages("", phoneNumber)),
		"GET /_emulate/mail":              e.tool(e.getMessages(Email, mailAddress)),
		"DELETE /_emulate/mail":           e.tool(e.deleteMessages(Email, mailAddress)),
		"GET /_emulate/factors/{id}/code": e.tool(e.getCode),
		"GET /_emulate/clock":             e.tool(e.getClock),
		"POST /_emulate/clock":            e.tool(e.postClock),
		"DELETE /_emulate/clock":          e.tool(e.deleteClock),
		"POST /_emulate/reset":            e.tool(e.postReset),
	}
}

// tool makes a handler of f, which is given the body. Its responses end in a newline,
// since people read them in a shell; those of the API do not, as at WorkOS.
func (e *Engine) tool(f func(r *http.Request, body []byte) response) http.HandlerFunc {
	respond := func(w http.ResponseWriter, r *http.Request) response {
		if refused := e.mayUseTools(r); refused != nil {
			return *refused
		}
		body, refused := readBody(w, r)
		if refused != nil {
			return *refused
		}
		return f(r, body)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		resp := respond(w, r)
		write(w, resp)
		if resp.body != nil {
			w.Write([]byte("\n")) // fails only if the client has gone
		}
	}
}

func (e *Engine) getHooks(*http.Request, []byte) response {
	return response{http.StatusOK, e.Hooks()}
}

func (e *Engine) postHook(r *http.Request, body []byte) response {
	var in struct {
		Hook
		ID     *string `json:"id"` // not the caller's to choose
		Status *int    `json:"status"`
		Count  *int    `json:"count"`
	}
	if resp := strict(r, body, &in); resp != nil {
		return *resp
	}
	if in.ID != nil {
		return badRequest("id is chosen by the engine")
	}
	h := in.Hook
	h.Status, h.Count = given(in.Status), given(in.Count)
	h, err := e.AddHook(h)
	if err != nil {
		return badRequest(err.Error())
	}
	return response{http.StatusCreated, h}
}

// given is a number in a request: 0 if it is missing, -1 for a 0, so that
// [Hook.check] refuses it.
func given(n *int) int {
	switch {
	case n == nil:
		return 0
	case *n == 0:
		return -1
	}
	return *n
}

func (e *Engine) deleteHooks(*http.Request, []byte) response {
	e.RemoveHooks()
	return response{status: http.StatusNoContent}
}

func (e *Engine) deleteHook(r *http.Request, _ []byte) response {
	id := r.PathValue("id")
	if !e.RemoveHook(id) {
		return notFound("Hook", id)
	}
	return response{status: http.StatusNoContent}
}

// sent returns which messages of a channel a request is about: those to its ?to=, in the
// channel's own form, of its ?challenge=, and after its ?since=; all of them without.
func (e *Engine) sent(r *http.Request, channel string, form func(string) string) (func(Message) bool, *response) {
	query := r.URL.Query()
	to, challenge := form(strings.TrimSpace(query.Get("to"))), query.Get("challenge")
	after, refused := e.since(r)
	return func(m Message) bool {
		return m.Channel == channel && (to == "" || strings.EqualFold(m.To, to)) && (challenge == "" || m.ChallengeID == challenge) && after(m)
	}, refused
}

// since returns which messages are new to a caller: those after the message whose id is the
// ?since= of a request, or sent at that time or later; all of them without one.
func (e *Engine) since(r *http.Request) (after func(Message) bool, refused *response) {
	text := strings.TrimSpace(r.URL.Query().Get("since"))
	if text == "" {
		return func(Message) bool { return true }, nil
	}
	if n := messageNumber(text); n > 0 {
		return func(m Message) bool { return messageNumber(m.ID) > n }, e.unlessSent(r, n)
	}
	from, err := time.Parse(time.RFC3339, strings.ReplaceAll(text, " ", "+")) // a plus that was not escaped
	if err != nil {
		resp := badRequest(`since must be the id of a message, or a time such as "2026-01-15T12:00:00Z"`)
		return nil, &resp
	}
	return func(m Message) bool { return !m.SentAt.Before(from) }, nil
}

// unlessSent refuses the number of a message that was never sent. It is one of an engine
// that has been started again since, and nothing would come after it for long.
func (e *Engine) unlessSent(r *http.Request, n uint64) *response {
	var last uint64
	err := e.transact(r.Context(), func(s *state) bool {
		last = s.Sent
		return false
	})
	var resp response
	switch {
	case err != nil:
		resp = internal(err)
	case n > last:
		resp = badRequest(fmt.Sprintf("since must be the id of a message that was sent, and %s%d was not yet: was the engine started again?", messagePrefix, n))
	default:
		return nil
	}
	return &resp
}

func (e *Engine) getMessages(channel string, form func(string) string) func(*http.Request, []byte) response {
	return func(r *http.Request, _ []byte) response {
		wanted, refused := e.sent(r, channel, form)
		if refused != nil {
			return *refused
		}
		return e.await(r, func() (response, bool) {
			all, err := e.messages(r.Context(), wanted)
			if err != nil {
				return internal(err), true
			}
			messages := []wireMessage{}
			for _, m := range all {
				messages = append(messages, wireMessage{m, workos.At(m.SentAt)})
			}
			return response{http.StatusOK, messages}, len(messages) > 0
		})
	}
}

func (e *Engine) deleteMessages(channel string, form func(string) string) func(*http.Request, []byte) response {
	return func(r *http.Request, _ []byte) response {
		gone, refused := e.sent(r, channel, form)
		if refused != nil {
			return *refused
		}
		err := e.transact(r.Context(), func(s *state) bool {
			s.Outbox = slices.Clone(s.Outbox) // because Flush may be writing the old list
			s.Outbox = slices.DeleteFunc(s.Outbox, gone)
			return true
		})
		if err != nil {
			return internal(err)
		}
		return response{status: http.StatusNoContent}
	}
}

// phoneNumber is a number whose plus may have become a space, because it was not escaped.
func phoneNumber(to string) string {
	if to != "" && !strings.HasPrefix(to, "+") {
		to = "+" + to
	}
	return to
}

// mailAddress is an address whose plus may have become a space.
func mailAddress(to string) string { return strings.ReplaceAll(to, " ", "+") }

func (e *Engine) getClock(*http.Request, []byte) response {
	return response{http.StatusOK, struct {
		Now    workos.Time `json:"now"`
		Offset string      `json:"offset"` // from the real time, such as 10m0s
	}{workos.At(e.Time()), e.ClockOffset().Round(time.Second).String()}}
}

func (e *Engine) postClock(r *http.Request, body []byte) response {
	var in struct {
		Advance string  `json:"advance"`
		Set     *string `json:"set"`
	}
	if resp := strict(r, body, &in); resp != nil {
		return *resp
	}
	if (in.Advance == "") == (in.Set == nil) {
		return badRequest(`needs either advance, such as "10m", or set, such as "2026-01-15T12:00:00Z"`)
	}
	var err error
	if in.Set != nil {
		t, wrong := time.Parse(time.RFC3339, *in.Set)
		if wrong != nil {
			return badRequest(`set must be a time such as "2026-01-15T12:00:00Z"`)
		}
		err = e.SetClock(t)
	} else {
		d, wrong := time.ParseDuration(in.Advance)
		if wrong != nil {
			return badRequest(`advance must be a duration such as "90s", "10m" or "24h"`)
		}
		err = e.MoveClock(d)
	}
	if err != nil {
		return badRequest(err.Error())
	}
	return e.getClock(r, nil)
}

func (e *Engine) deleteClock(*http.Request, []byte) response {
	e.ResetClock()
	return response{status: http.StatusNoContent}
}

func (e *Engine) postReset(r *http.Request, _ []byte) response {
	if err := e.Reset(r.Context()); err != nil {
		return internal(err)
	}
	return response{status: http.StatusNoContent}
}

// Reset brings the engine back to its start: the users and factors of the seed and
// nothing else but the key that signs access tokens, no hooks, the real time.
func (e *Engine) Reset(ctx context.Context) error {
	e.ResetClock()
	e.RemoveHooks()
	e.limiter.reset()
	return e.transact(ctx, func(s *state) bool {
		kept := state{SigningKey: s.SigningKey, Sent: s.Sent}
		*s = *newState()
		s.SigningKey = kept.SigningKey // clients cache it, and would not look for another at once
		s.Sent = kept.Sent             // or a message would have the id of an older one
		e.opts.Seed.addTo(s, e.Time().UTC())
		return true
	})
}
