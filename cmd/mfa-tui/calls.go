package main

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"mfa-tui/tui"
)

const (
	keptCalls = 50
	keptBody  = 64 << 10 // bytes
)

// recorder keeps the last attempts of requests for the inspector. What is secret
// is masked before anything is kept; headers are not kept at all, but for the
// request id of an answer. It is safe for concurrent use.
type recorder struct {
	next   http.RoundTripper
	prefix string // the path of the base URL
	now    func() time.Time

	mu    sync.Mutex
	count int
	calls []tui.Call // oldest first
}

// newRecorder records what goes through next, http.DefaultTransport if nil, to
// a base URL with this path.
func newRecorder(next http.RoundTripper, prefix string, now func() time.Time) *recorder {
	if next == nil {
		next = http.DefaultTransport
	}
	return &recorder{next: next, prefix: strings.TrimSuffix(prefix, "/"), now: now}
}

// RoundTrip makes the request and records it: from its start, so that one that
// hangs can be seen.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	hide := newMasker(req)
	sent := requestBody(hide, req) // first, since what is secret in it may be elsewhere too
	call := tui.Call{
		Method: req.Method, Path: hide.path(strings.TrimPrefix(req.URL.EscapedPath(), r.prefix)),
		Start: r.now(), Request: sent, Query: hide.query(req.URL.RawQuery),
	}
	n, start := r.begin(call), time.Now()
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		r.end(n, func(c *tui.Call) { c.Duration, c.Err = time.Since(start), hide.sentence(err.Error()) })
		return resp, err
	}
	var kept []byte
	kept, resp.Body, err = peek(resp.Body)
	took := time.Since(start)
	answer := hide.body(kept, resp.StatusCode >= 400)
	r.end(n, func(c *tui.Call) {
		c.Duration, c.Status, c.Answer = took, resp.StatusCode, answer
		c.RequestID = hide.sentence(resp.Header.Get("X-Request-ID"))
		if err != nil {
			c.Err = hide.sentence("the answer broke off: " + err.Error())
		}
	})
	return resp, nil
}

// requestBody is the body of a request, which stays as it is.
func requestBody(hide *masker, req *http.Request) tui.Body {
	switch {
	case req.Body == nil || req.Body == http.NoBody:
		return tui.Body{}
	case req.GetBody == nil:
		return tui.Body{Note: "not kept"}
	}
	body, err := req.GetBody()
	if err != nil {
		return tui.Body{Note: "not kept"}
	}
	defer body.Close()
	sent, err := io.ReadAll(io.LimitReader(body, keptBody+1))
	if err != nil {
		return tui.Body{Note: "not kept"}
	}
	return hide.body(sent, false)
}

// peek reads as much of a body as is kept and a byte more, and returns it with a
// body that reads the same, its error too.
func peek(body io.ReadCloser) ([]byte, io.ReadCloser, error) {
	seen, err := io.ReadAll(io.LimitReader(body, keptBody+1))
	var rest io.Reader = body
	if err != nil {
		rest = broken{err}
	}
	return seen, readCloser{io.MultiReader(bytes.NewReader(seen), rest), body}, err
}

type readCloser struct {
	io.Reader
	io.Closer
}

// broken is a body that can't be read on.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }

func (r *recorder) begin(c tui.Call) (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	c.N = r.count
	if len(r.calls) == keptCalls {
		r.calls = slices.Delete(r.calls, 0, 1)
	}
	r.calls = append(r.calls, c)
	return c.N
}

// end completes a call, if it is still kept.
func (r *recorder) end(n int, complete func(*tui.Call)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range r.calls {
		if r.calls[i].N == n {
			r.calls[i].Ended = true
			complete(&r.calls[i])
		}
	}
}

// recorded returns the calls that are kept, newest first.
func (r *recorder) recorded() []tui.Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := slices.Clone(r.calls)
	slices.Reverse(calls)
	return calls
}
