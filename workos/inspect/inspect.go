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
// [NewServer] makes a recorder of what a test server answers: [Recorder.Handler] wraps
// its handler. There the codes and secrets are made up, and who watches the server wants
// to see them, so only keys and passwords are masked: those a person may have sent there
// by mistake, or use elsewhere too.
//
// A call can be written as code that makes it again: [Call.Curl], [Call.Go] and
// [Call.Python]. [Call.Gist] says in a few words what its response means.
package inspect

import (
	"bytes"
	"cmp"
	"context"
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

	keptMethod = 32 // bytes; a client may send anything

	keptServerCalls = 1000
	keptServerBytes = 16 << 20 // of all calls together
)

// Recorder keeps the last calls that go through it: 50, or of a server 1,000. It is safe
// for concurrent use. [New] and [NewServer] make one.
type Recorder struct {
	// OnEnd, unless nil, is called with each call when it has ended.
	OnEnd func(Call)

	next            http.RoundTripper
	baseURL, prefix string
	now             func() time.Time
	most, mostBytes int // of all calls that are kept

	mu    sync.Mutex
	count int
	calls []Call // oldest first, their numbers in a row
	bytes int    // what they take, about
	mask  masker
}

// New returns a recorder of what goes through next, http.DefaultTransport if nil,
// to a base URL, WorkOS's own if empty. Calls are timed by now.
func New(next http.RoundTripper, baseURL string, now func() time.Time) *Recorder {
	r := &Recorder{
		next: cmp.Or(next, http.DefaultTransport), now: now, mask: masker{secrets: map[string]int{}},
		most: keptCalls, mostBytes: 2 * keptCalls * keptBody,
	}
	if baseURL != workos.DefaultBaseURL {
		r.baseURL = baseURL
	}
	if u, err := url.Parse(baseURL); err == nil { // no request can be made to a URL that can't be parsed
		r.prefix = strings.TrimSuffix(u.EscapedPath(), "/")
	}
	return r
}

// NewServer returns a recorder of what a test server answers at a URL, where clients have
// this key. What goes through next, the server itself, is recorded with the rest.
func NewServer(next http.RoundTripper, url, key string, now func() time.Time) *Recorder {
	r := New(next, url, now)
	r.most, r.mostBytes = keptServerCalls, keptServerBytes
	r.mask.shows, r.mask.key = true, key
	r.mask.learn(key)
	return r
}

// RoundTrip makes the request and records it.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	_, key, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	call := r.keep(Call{
		BaseURL: r.baseURL, Method: req.Method, Path: strings.TrimPrefix(req.URL.EscapedPath(), r.prefix), Query: req.URL.RawQuery,
		Start: r.now(), Request: requestBody(req),
	}, key)
	resp, err := r.next.RoundTrip(req.WithContext(context.WithValue(req.Context(), noteKey{}, &call.Note)))
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
		r.bytes += Call{}.size()
	}
	if len(c.Method) > keptMethod {
		c.Method = strings.Clone(c.Method[:keptMethod])
	}
	c = r.mask.newCall(c, key).kept()
	if i := r.place(c.N); i >= 0 {
		r.bytes += c.size() - r.calls[i].size()
		r.calls[i] = c
	}
	r.bound()
	if r.mask.fresh != nil {
		for i, other := range r.calls {
			if other.N != c.N && r.mask.learned(other) {
				r.calls[i] = r.mask.call(other).kept()
			}
		}
	}
	return c
}

// place is where a call is among those that are kept, -1 if it is not.
func (r *Recorder) place(n int) int {
	if len(r.calls) == 0 {
		return -1
	}
	return max(-1, n-r.calls[0].N)
}

// bound drops the oldest calls while there are too many, but never the newest one.
func (r *Recorder) bound() {
	for len(r.calls) > r.most || len(r.calls) > 1 && r.bytes > r.mostBytes {
		r.bytes -= r.calls[0].size()
		r.mask.forget(r.calls[0].N)
		r.calls[0] = Call{} // for the garbage collector, which sees the whole array
		r.calls = r.calls[1:]
	}
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

// compacting has buffers for newBody.
var compacting = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// newBody is a body that can be kept once it is masked.
func newBody(b []byte) Body {
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return Body{}
	case len(b) > keptBody:
		return Body{Note: fmt.Sprintf("longer than %d KiB, not kept", keptBody>>10)}
	}
	compact := compacting.Get().(*bytes.Buffer)
	defer compacting.Put(compact)
	compact.Reset()
	switch err := json.Compact(compact, b); {
	case err != nil:
		return Body{Note: notJSON(b)}
	case compact.Len() == len(b): // as servers send it
		return Body{JSON: b}
	}
	return Body{JSON: bytes.Clone(compact.Bytes())}
}

func notJSON(b []byte) string { return fmt.Sprintf("not JSON, %d bytes", len(b)) }

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
