package local

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"mfa-tui/workos"
)

// maxDelay is the longest delay of a hook.
const maxDelay = 10 * time.Minute

// maxHooks is how many hooks are kept, the newest ones.
const maxHooks = 1000

// maxHook is the size of a hook's path, headers and body together, in bytes.
const maxHook = 64 << 10

// Hook makes calls of the API fail on purpose. The first hook that matches a
// call, and only that one, is used.
type Hook struct {
	ID     string `json:"id"`
	Method string `json:"method"` // "*", the default, for any
	// Path is the path of the calls. A * stands for one part of it, at the end for
	// all that follows, and alone for any path.
	Path string `json:"path"`
	// Status is the status of the response; with 0 and no code the call works as usual,
	// after the delay.
	Status int `json:"status,omitempty"`
	// Code makes the response the error that WorkOS, or the engine, has of this code, in
	// the form of the endpoint. A code that comes with one status needs none beside it.
	Code string `json:"code,omitempty"`
	// Body is the body of the response; by default one like WorkOS's for the status.
	// A JSON string is sent as plain text.
	Body    json.RawMessage   `json:"body,omitempty"`
	Headers map[string]string `json:"headers,omitempty"`
	DelayMS int               `json:"delay_ms,omitempty"` // milliseconds before the response
	Count   int               `json:"count,omitempty"`    // how many calls; 0 for all until the hook is removed
	// CutAfter ends the connection after so many bytes of a longer body. The call has
	// its effect, unless the hook has a status.
	CutAfter *int `json:"cut_after,omitempty"`
	// Reset resets the connection in place of a response. The call has no effect.
	Reset bool `json:"reset,omitempty"`
	// LostSMS lets the call work, but loses its text message.
	LostSMS bool `json:"lost_sms,omitempty"`

	signIn string // the code at a sign-in by TOTP, unless the hook is not for that
}

// complete adds what a hook does not say: any method, and the status of a code that
// comes with one only.
func (h *Hook) complete() {
	h.Method = cmp.Or(h.Method, "*")
	if statuses := statusesOf(h.Code); h.Status == 0 && len(statuses) == 1 {
		h.Status = statuses[0]
	}
}

// check reports all that is wrong with a complete hook, each with its field.
func (h Hook) check() error {
	var wrong []string
	refuse := func(mistake bool, message string) {
		if mistake {
			wrong = append(wrong, message)
		}
	}
	responds := h.Status != 0 || h.Code != ""
	refuse(h.Path != "*" && !strings.HasPrefix(h.Path, "/"), "path must be * or begin with /")
	refuse(strings.Contains(h.Path, "?"), "path must not have a query")
	refuse(strings.HasPrefix(h.Path, ToolsPath), "path must not be one of the tools")
	refuse(!responds && h.DelayMS == 0 && h.CutAfter == nil && !h.Reset && !h.LostSMS,
		"what should happen? status, code, delay_ms, cut_after, reset or lost_sms says it")
	refuse(h.Status != 0 && (h.Status < 200 || h.Status > 599), "status must be 200 to 599")
	if statuses := statusesOf(h.Code); h.Code != "" {
		refuse(len(statuses) == 0, fmt.Sprintf("code %q is not known; send an error with it as a body", h.Code))
		refuse(len(statuses) > 0 && !slices.Contains(statuses, h.Status),
			fmt.Sprintf("code %s needs the status %s", h.Code, strings.ReplaceAll(strings.Trim(fmt.Sprint(statuses), "[]"), " ", " or ")))
	}
	refuse(h.Code != "" && h.Body != nil, "body can't be combined with code, which has its own")
	refuse(!responds && h.Body != nil, "body needs a status")
	refuse(!responds && h.Headers != nil, "headers need a status or a code")
	refuse(h.LostSMS && responds, "lost_sms can't be combined with status and code: nothing is sent then")
	refuse(h.Reset && (responds || h.CutAfter != nil || h.LostSMS), "reset can't be combined with status, code, cut_after and lost_sms: there is no response then")
	refuse(h.CutAfter != nil && *h.CutAfter < 0, "cut_after must be a number of bytes, 0 or more")
	refuse(h.DelayMS < 0 || int64(h.DelayMS) > maxDelay.Milliseconds(), "delay_ms must be 0 to 600000")
	refuse(h.Count < 0, "count must be 1 or more; without it the hook stays until it is removed")
	size := len(h.Method) + len(h.Path) + len(h.Body)
	for name, value := range h.Headers {
		size += len(name) + len(value)
		switch http.CanonicalHeaderKey(name) {
		case "Content-Length", "Transfer-Encoding":
			refuse(true, "headers can't have "+name+", which is set from the body; cut_after breaks a body")
		}
	}
	refuse(size > maxHook, "path, headers and body must be at most 64 KB together")
	if wrong == nil {
		return nil
	}
	slices.Sort(wrong) // headers come in any order
	return errors.New(strings.Join(wrong, "; "))
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
func (s *hooks) take(r *http.Request) *Hook {
	byTOTP := s.forSignIn() && signsInByTOTP(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.all, func(h *Hook) bool { return h.matches(r.Method, r.URL.Path) || byTOTP && h.signIn != "" })
	if i < 0 {
		return nil
	}
	taken := *s.all[i]
	if byTOTP && taken.signIn != "" {
		taken.Code, taken.Status = taken.signIn, http.StatusBadRequest
	}
	switch {
	case taken.Count == 1:
		s.all = slices.Delete(s.all, i, i+1)
	case taken.Count > 1:
		s.all[i].Count--
	}
	return &taken
}

// forSignIn reports whether a hook is for sign-ins by TOTP, of which the path does not tell.
func (s *hooks) forSignIn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.all, func(h *Hook) bool { return h.signIn != "" })
}

// signsInByTOTP reports whether a call is a sign-in by TOTP. It leaves the body as it is.
func signsInByTOTP(r *http.Request) bool {
	if r.URL.Path != authenticatePath || r.Body == nil {
		return false
	}
	var in signIn
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxBody))
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(body), r.Body), r.Body}
	return err == nil && json.Unmarshal(body, &in) == nil && in.GrantType == grantTOTP
}

// AddHook adds a hook and returns it as it is kept, with its id.
func (e *Engine) AddHook(h Hook) (Hook, error) {
	h.complete()
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

// serve applies the hook to a call, and hands it on to next if the hook does not respond.
func (h *Hook) serve(w http.ResponseWriter, r *http.Request, now time.Time, next http.HandlerFunc) {
	if h.DelayMS > 0 {
		delay := time.NewTimer(time.Duration(h.DelayMS) * time.Millisecond)
		defer delay.Stop()
		select {
		case <-delay.C:
		case <-r.Context().Done():
			return
		}
	}
	if h.Status != 0 {
		next = func(w http.ResponseWriter, r *http.Request) { h.write(w, r, now) }
	}
	if h.LostSMS {
		r = r.WithContext(context.WithValue(r.Context(), lostSMS{}, true))
	}
	switch {
	case h.Reset:
		reset(w)
	case h.CutAfter != nil:
		whole := httptest.NewRecorder()
		next(whole, r)
		cut(w, r, whole, *h.CutAfter)
	default:
		next(w, r)
	}
}

// reset resets the connection.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil { // there is no connection of its own to reset
		panic(http.ErrAbortHandler)
	}
	var raw any = conn
	if encrypted, ok := raw.(*tls.Conn); ok {
		raw = encrypted.NetConn()
	}
	if tcp, ok := raw.(interface{ SetLinger(sec int) error }); ok {
		_ = tcp.SetLinger(0) // without it the connection ends in good order
	}
	if closer, ok := raw.(io.Closer); ok {
		_ = closer.Close() // which is all there is to do
	}
}

// cut sends the first n bytes of a response's body and ends the connection.
func cut(w http.ResponseWriter, r *http.Request, whole *httptest.ResponseRecorder, n int) {
	body := whole.Body.Bytes()
	maps.Copy(w.Header(), whole.Header())
	if n >= len(body) {
		w.WriteHeader(whole.Code)
		w.Write(body) // fails only if the client has gone
		return
	}
	if r.Body != nil { // what is not read makes the end a reset, which may overtake the body
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, MaxBody))
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(whole.Code)
	w.Write(body[:n])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func (h *Hook) write(w http.ResponseWriter, r *http.Request, now time.Time) {
	if h.Status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "1")
	}
	w.Header().Set(workos.OnPurposeHeader, "1")
	body := []byte(h.Body)
	if body == nil {
		body, _ = json.Marshal(errorBody(h.Status, newHooked(h.Code, r, now))) // only texts and times, which never fails
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
