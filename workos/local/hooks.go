package local

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxDelay is the longest delay of a hook.
const maxDelay = 10 * time.Minute

// maxHooks is how many hooks are kept, the newest ones.
const maxHooks = 1000

// Hook makes calls of the API fail on purpose. The first hook that matches a
// call, and only that one, is used.
type Hook struct {
	ID     string `json:"id"`
	Method string `json:"method"` // "*" for any
	// Path is the path of the calls. A * stands for one part of it, at the end for
	// all that follows, and alone for any path.
	Path string `json:"path"`
	// Status is the status of the response; with 0 the call works as usual, after
	// the delay.
	Status int `json:"status,omitempty"`
	// Body is the body of the response; by default one like WorkOS's for the status.
	// A JSON string is sent as plain text.
	Body    json.RawMessage   `json:"body,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	DelayMS int               `json:"delay_ms,omitempty"` // milliseconds before the response
	Count   int               `json:"count,omitempty"`    // how many calls; 0 for all until the hook is removed
	// LostSMS lets the call work, but loses its text message.
	LostSMS bool `json:"lost_sms,omitempty"`
}

// check reports what is wrong with a hook.
func (h Hook) check() error {
	framing := false
	for name := range h.Headers {
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "Transfer-Encoding":
			framing = true
		}
	}
	switch {
	case h.Method == "" || h.Path == "":
		return errors.New("needs a method and a path; * matches any")
	case h.Path != "*" && !strings.HasPrefix(h.Path, "/"):
		return errors.New("path must be * or begin with /")
	case h.Status == 0 && h.DelayMS == 0 && !h.LostSMS:
		return errors.New("needs a status, delay_ms or lost_sms")
	case h.Status != 0 && (h.Status < 200 || h.Status > 599):
		return errors.New("status must be 200 to 599")
	case h.Status == 0 && (h.Body != nil || h.Headers != nil):
		return errors.New("body and headers need a status")
	case h.Status != 0 && h.LostSMS:
		return errors.New("lost_sms can't be combined with a status")
	case h.DelayMS < 0 || int64(h.DelayMS) > maxDelay.Milliseconds():
		return errors.New("delay_ms must be 0 to 600000")
	case h.Count < 0:
		return errors.New("count must be 1 or more; without it the hook stays until it is removed")
	case framing:
		return errors.New("headers can't have Content-Length and Transfer-Encoding, which are set from the body")
	}
	return nil
}

func (h *Hook) matches(method, path string) bool {
	return (h.Method == "*" || strings.EqualFold(h.Method, method)) && matchPath(h.Path, path)
}

func matchPath(pattern, path string) bool {
	if pattern == "*" {
		return true
	}
	want, rest := strings.CutSuffix(pattern, "/*")
	wants, parts := strings.Split(want, "/"), strings.Split(path, "/")
	if len(parts) < len(wants) || !rest && len(parts) > len(wants) {
		return false
	}
	for i, w := range wants {
		if w != "*" && w != parts[i] {
			return false
		}
	}
	return true
}

// hooks are the hooks of an engine, the oldest first.
type hooks struct {
	mu  sync.Mutex
	all []*Hook
}

// take returns the hook for a call, nil if there is none, and counts it.
func (s *hooks) take(method, path string) *Hook {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.all, func(h *Hook) bool { return h.matches(method, path) })
	if i < 0 {
		return nil
	}
	taken := *s.all[i]
	switch {
	case taken.Count == 1:
		s.all = slices.Delete(s.all, i, i+1)
	case taken.Count > 1:
		s.all[i].Count--
	}
	return &taken
}

// AddHook adds a hook and returns it with its id.
func (e *Engine) AddHook(h Hook) (Hook, error) {
	if err := h.check(); err != nil {
		return Hook{}, err
	}
	var err error
	if h.ID, err = e.ids.next(hookPrefix, e.Time()); err != nil {
		return Hook{}, err
	}
	e.hooks.mu.Lock()
	defer e.hooks.mu.Unlock()
	e.hooks.all = append(e.hooks.all[max(0, len(e.hooks.all)+1-maxHooks):], &h)
	return h, nil
}

// Hooks returns the hooks that are set, the oldest first; Count is how many calls
// are left.
func (e *Engine) Hooks() []Hook {
	e.hooks.mu.Lock()
	defer e.hooks.mu.Unlock()
	all := make([]Hook, 0, len(e.hooks.all))
	for _, h := range e.hooks.all {
		all = append(all, *h)
	}
	return all
}

// RemoveHook removes a hook and reports whether it was there.
func (e *Engine) RemoveHook(id string) bool {
	e.hooks.mu.Lock()
	defer e.hooks.mu.Unlock()
	before := len(e.hooks.all)
	e.hooks.all = slices.DeleteFunc(e.hooks.all, func(h *Hook) bool { return h.ID == id })
	return len(e.hooks.all) < before
}

// RemoveHooks removes all hooks.
func (e *Engine) RemoveHooks() {
	e.hooks.mu.Lock()
	defer e.hooks.mu.Unlock()
	e.hooks.all = nil
}

// lostSMS is the key of a context in which text messages are lost.
type lostSMS struct{}

// run applies the hook. It returns the request to continue with, nil if the hook
// has responded or the client no longer waits.
func (h *Hook) run(w http.ResponseWriter, r *http.Request) *http.Request {
	if h.DelayMS > 0 {
		delay := time.NewTimer(time.Duration(h.DelayMS) * time.Millisecond)
		defer delay.Stop()
		select {
		case <-delay.C:
		case <-r.Context().Done():
			return nil
		}
	}
	switch {
	case h.LostSMS:
		return r.WithContext(context.WithValue(r.Context(), lostSMS{}, true))
	case h.Status == 0:
		return r
	}
	h.write(w)
	return nil
}

func (h *Hook) write(w http.ResponseWriter) {
	if h.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	body := []byte(h.Body)
	if body == nil {
		body, _ = json.Marshal(usualProblem(h.Status)) // only strings, which never fails
	}
	w.Header().Set("Content-Type", jsonType)
	var text string
	if json.Unmarshal(body, &text) == nil {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		body = []byte(text)
	}
	for name, value := range h.Headers {
		w.Header().Set(name, value)
	}
	if h.Status == http.StatusNoContent || h.Status == http.StatusNotModified {
		w.Header().Del("Content-Type")
		body = nil
	}
	w.WriteHeader(h.Status)
	w.Write(body) // fails only if the client has gone
}

// usualProblem is the body that WorkOS sends with a status.
func usualProblem(status int) problem {
	codes := map[int]string{
		400: codeBadRequest, 403: "forbidden", 404: codeNotFound, 409: "conflict", 422: "unprocessable_entity",
		429: codeRateLimit, 500: "server_error", 503: "service_unavailable",
	}
	message := http.StatusText(status)
	if message == "" {
		message = "Status set by a hook"
	}
	return problem{Message: message, Code: codes[status]}
}
