package local

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"mfa-tui/workos"
)

// toolPaths begins the paths of the tools.
const toolPaths = "/_emulate/"

// toolRoutes are the tools for tests, below /_emulate/, which WorkOS does not have.
// They need no key, and answer programs on this machine only.
func (e *Engine) toolRoutes() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"GET /_emulate/hooks":         tool(e.getHooks),
		"POST /_emulate/hooks":        tool(e.postHook),
		"DELETE /_emulate/hooks":      tool(e.deleteHooks),
		"DELETE /_emulate/hooks/{id}": tool(e.deleteHook),
		"GET /_emulate/sms":           tool(e.getMessages("", phoneNumber)),
		"DELETE /_emulate/sms":        tool(e.deleteMessages("", phoneNumber)),
		"GET /_emulate/mail":          tool(e.getMessages(Email, mailAddress)),
		"DELETE /_emulate/mail":       tool(e.deleteMessages(Email, mailAddress)),
		"GET /_emulate/clock":         tool(e.getClock),
		"POST /_emulate/clock":        tool(e.postClock),
		"DELETE /_emulate/clock":      tool(e.deleteClock),
		"POST /_emulate/reset":        tool(e.postReset),
	}
}

// tool makes a handler of f, which is given the body. Its responses end in a newline,
// since people read them in a shell; those of the API do not, as at WorkOS.
func tool(f func(r *http.Request, body []byte) response) http.HandlerFunc {
	respond := func(w http.ResponseWriter, r *http.Request) response {
		if !onThisMachine(r) {
			return *forbidden("/_emulate/ answers only programs on this machine")
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

func (e *Engine) postHook(_ *http.Request, body []byte) response {
	var in struct {
		Hook
		ID     *string `json:"id"` // not the caller's to choose
		Status *int    `json:"status"`
		Count  *int    `json:"count"`
	}
	if resp := strict(body, &in); resp != nil {
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

// sent returns which messages of a channel were sent to the ?to= of a request, in the
// channel's own form; all of them without one.
func sent(r *http.Request, channel string, form func(string) string) func(Message) bool {
	to := form(strings.TrimSpace(r.URL.Query().Get("to")))
	return func(m Message) bool {
		return m.Channel == channel && (to == "" || strings.EqualFold(m.To, to))
	}
}

func (e *Engine) getMessages(channel string, form func(string) string) func(*http.Request, []byte) response {
	return func(r *http.Request, _ []byte) response {
		all, err := e.messages(r.Context(), sent(r, channel, form))
		if err != nil {
			return internal(err)
		}
		messages := []wireMessage{}
		for _, m := range all {
			messages = append(messages, wireMessage{m, workos.At(m.SentAt)})
		}
		return response{http.StatusOK, messages}
	}
}

func (e *Engine) deleteMessages(channel string, form func(string) string) func(*http.Request, []byte) response {
	return func(r *http.Request, _ []byte) response {
		err := e.transact(r.Context(), func(s *state) bool {
			s.Outbox = slices.Clone(s.Outbox) // because Flush may be writing the old list
			s.Outbox = slices.DeleteFunc(s.Outbox, sent(r, channel, form))
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
		Advance string     `json:"advance"`
		Set     *time.Time `json:"set"`
	}
	if resp := strict(body, &in); resp != nil {
		return *resp
	}
	if (in.Advance == "") == (in.Set == nil) {
		return badRequest(`needs either advance, such as "10m", or set, such as "2026-01-15T12:00:00Z"`)
	}
	d, err := time.ParseDuration(cmp.Or(in.Advance, "0s"))
	if err != nil {
		return badRequest(`advance must be a duration such as "90s", "10m" or "24h"`)
	}
	if in.Set != nil {
		err = e.SetClock(*in.Set)
	} else {
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
		key := s.SigningKey // clients cache it, and would not look for another at once
		*s = *newState()
		s.SigningKey = key
		e.opts.Seed.addTo(s, e.Time().UTC())
		return true
	})
}
