// Package inspect keeps the last API calls of a client, to look at and to make
// again.
//
// A [Recorder] is an http.RoundTripper. It keeps each attempt as a [Call], from
// its start, so that a call that hangs can be seen. Everything secret is masked
// before a call is kept: the key, codes, TOTP secrets and their QR codes, all texts
// and numbers in fields that are not known to be harmless, and what was secret in
// one call wherever another call has it. Of the headers only the request ID of a
// response is kept. To recognize a secret again, the recorder keeps its text in
// memory as long as a call that had it.
//
// A call can be written as code that makes it again: [Call.Curl], [Call.Go] and
// [Call.Python]. [Call.Gist] says in a few words what its response means.
package inspect

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"mfa-tui/workos"
)

const (
	keptCalls = 50
	keptBody  = 64 << 10 // bytes
)

// Recorder keeps the last 50 calls that go through it. It is safe for concurrent
// use. [New] makes one.
type Recorder struct {
	// OnEnd, unless nil, is called with each call when it has ended.
	OnEnd func(Call)

	next            http.RoundTripper
	baseURL, prefix string
	now             func() time.Time

	mu    sync.Mutex
	count int
	calls []Call // oldest first
	mask  masker
}

// New returns a recorder of what goes through next, http.DefaultTransport if nil,
// to a base URL, WorkOS's own if empty. Calls are timed by now.
func New(next http.RoundTripper, baseURL string, now func() time.Time) *Recorder {
	r := &Recorder{next: cmp.Or(next, http.DefaultTransport), now: now, mask: masker{secrets: map[string]int{}}}
	if baseURL != workos.DefaultBaseURL {
		r.baseURL = baseURL
	}
	if u, err := url.Parse(baseURL); err == nil { // no request can be made to a URL that can't be parsed
		r.prefix = strings.TrimSuffix(u.EscapedPath(), "/")
	}
	return r
}

// RoundTrip makes the request and records it.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	_, key, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	call := r.keep(Call{
		BaseURL: r.baseURL, Method: req.Method, Path: strings.TrimPrefix(req.URL.EscapedPath(), r.prefix), Query: req.URL.RawQuery,
		Start: r.now(), Request: requestBody(req),
	}, key)
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		call.Err = err.Error()
	} else {
		call.Status, call.RequestID = resp.StatusCode, resp.Header.Get("X-Request-ID")
		var broke error
		if call.Response, resp.Body, broke = peek(resp.Body); broke != nil {
			call.Err = "the response broke off: " + broke.Error()
		}
	}
	call.Duration, call.Ended = r.now().Sub(call.Start), true
	if call = r.keep(call, ""); r.OnEnd != nil {
		r.OnEnd(call)
	}
	return resp, err
}

// Calls returns the calls that are kept, newest first.
func (r *Recorder) Calls() []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := slices.Clone(r.calls)
	slices.Reverse(calls)
	return calls
}

// keep masks a call, keeps it and returns it. A call without a number is new and
// gets one; any other replaces its former state, if that is still kept. A secret
// that is found is masked in the other calls too.
func (r *Recorder) keep(c Call, key string) Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.N == 0 {
		r.count++
		c.N = r.count
		r.calls = append(r.calls, Call{N: c.N})
	}
	if len(r.calls) > keptCalls {
		r.mask.forget(r.calls[0].N)
		r.calls = slices.Delete(r.calls, 0, 1)
	}
	c = r.mask.newCall(c, key)
	for i := range r.calls {
		switch {
		case r.calls[i].N == c.N:
			r.calls[i] = c
		case r.mask.learned(r.calls[i]):
			r.calls[i] = r.mask.call(r.calls[i])
		}
	}
	return c
}

// requestBody reads the body of a request and leaves the request as it is.
func requestBody(req *http.Request) Body {
	if req.Body == nil || req.Body == http.NoBody {
		return Body{}
	}
	if req.GetBody != nil {
		if body, err := req.GetBody(); err == nil {
			defer body.Close()
			if sent, err := io.ReadAll(io.LimitReader(body, keptBody+1)); err == nil {
				return newBody(sent)
			}
		}
	}
	return Body{Note: "not kept"}
}

// newBody is a body that can be kept once it is masked.
func newBody(b []byte) Body {
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return Body{}
	case len(b) > keptBody:
		return Body{Note: fmt.Sprintf("longer than %d KiB, not kept", keptBody>>10)}
	case !json.Valid(b):
		return Body{Note: fmt.Sprintf("not JSON, %d bytes", len(b))}
	}
	return Body{JSON: b}
}

// peek reads as much of a body as is kept and a byte more. It also returns a body
// that reads the same from the start, up to the same error.
func peek(body io.ReadCloser) (Body, io.ReadCloser, error) {
	seen, err := io.ReadAll(io.LimitReader(body, keptBody+1))
	var rest io.Reader = body
	if err != nil {
		rest = broken{err}
	}
	return newBody(seen), readCloser{io.MultiReader(bytes.NewReader(seen), rest), body}, err
}

type readCloser struct {
	io.Reader
	io.Closer
}

// broken is the rest of a body that broke off.
type broken struct{ err error }

func (b broken) Read([]byte) (int, error) { return 0, b.err }
