package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var now = time.UnixMilli(1_750_000_000_123)

// endpoint is a receiver that answers with these statuses, and then 200.
type endpoint struct {
	mu       sync.Mutex
	statuses []int
	got      []*http.Request
	bodies   []string
	server   *httptest.Server
}

func newEndpoint(t *testing.T, statuses ...int) *endpoint {
	e := &endpoint{statuses: statuses}
	e.server = httptest.NewServer(e)
	t.Cleanup(e.server.Close)
	return e
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.got, e.bodies = append(e.got, r), append(e.bodies, string(body))
	if len(e.statuses) > 0 {
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(e.statuses[0])
		e.statuses = e.statuses[1:]
	}
}

// told is what a sender says of its work.
type told struct {
	attempts []string
	lost     []string
}

func sender(url string, t *told) *Sender {
	at := now
	return New(Options{
		URL: url, Secret: "whsec", UserAgent: "test", FirstWait: time.Microsecond,
		Now: func() time.Time { at = at.Add(time.Millisecond); return at },
		OnAttempt: func(a Attempt) {
			t.attempts = append(t.attempts, fmt.Sprint(a.Event.ID, " ", a.N, " ", a.Status, " ", a.Err != nil))
		},
		OnLost: func(e Event, err error) { t.lost = append(t.lost, e.ID+" "+err.Error()) },
	})
}

func event(id string) Event {
	return Event{ID: id, Name: "user.created", Body: []byte(`{"id":"` + id + `"}`)}
}

// Each attempt is signed anew, and an event waits for the one before it.
func TestDelivery(t *testing.T) {
	e := newEndpoint(t, 500, 302, 404)
	var told told
	s := sender(e.server.URL+"/hook", &told)
	for _, id := range []string{"a", "b", "c"} {
		s.Send(event(id))
	}
	if missed := s.Close(time.Minute); missed != 0 || told.lost != nil {
		t.Errorf("%d missed, lost %q", missed, told.lost)
	}
	if want := []string{"a 1 500 false", "a 2 302 false", "a 3 404 false", "a 4 200 false", "b 1 200 false", "c 1 200 false"}; !slices.Equal(told.attempts, want) {
		t.Errorf("%q", told.attempts)
	}
	if want := []string{`{"id":"a"}`, `{"id":"a"}`, `{"id":"a"}`, `{"id":"a"}`, `{"id":"b"}`, `{"id":"c"}`}; !slices.Equal(e.bodies, want) {
		t.Errorf("%q", e.bodies)
	}
	// Of openssl: printf '%s' '1750000000124.{"id":"a"}' | openssl dgst -sha256 -hmac whsec, and with 125.
	for i, want := range []string{
		"t=1750000000124, v1=4887794c6b686c487478d877057a5f2ef5e8f5d7bf1300de9f2ef0c69b90461e",
		"t=1750000000125, v1=df4f6da2db5b2d35033e1a60734199461ee10762f2bb21326b5f61abd03103c7",
	} {
		r := e.got[i]
		if got := r.Header.Get("WorkOS-Signature"); got != want {
			t.Errorf("signature %s, want %s", got, want)
		}
		if r.Method != "POST" || r.URL.Path != "/hook" || r.Header.Get("Content-Type") != "application/json" || r.UserAgent() != "test" {
			t.Errorf("%s %s %v", r.Method, r.URL, r.Header)
		}
	}
}

// What the endpoint does not take is given up after some time, and the next one is tried.
func TestGivingUp(t *testing.T) {
	e := newEndpoint(t, slices.Repeat([]int{503}, Attempts)...)
	var told told
	s := sender(e.server.URL, &told)
	s.Send(event("a"))
	s.Send(event("b"))
	if missed := s.Close(time.Minute); missed != 1 || !slices.Equal(told.lost, []string{"a it answered 503 Service Unavailable"}) {
		t.Errorf("%d missed, lost %q", missed, told.lost)
	}
	if len(told.attempts) != Attempts+1 || told.attempts[Attempts] != "b 1 200 false" {
		t.Errorf("%q", told.attempts)
	}
}

// The waits grow, and all of them take some minutes.
func TestWaits(t *testing.T) {
	s := sender("http://127.0.0.1:1/", &told{})
	defer s.Close(0)
	s.client.RetryWaitMin = firstWait
	var waits []string
	var sum time.Duration
	for n := range s.client.RetryMax {
		wait := s.client.Backoff(s.client.RetryWaitMin, s.client.RetryWaitMax, n, nil)
		waits, sum = append(waits, wait.String()), sum+wait
	}
	if got := strings.Join(waits, " "); got != "1s 2s 4s 8s 16s 32s 1m0s 1m0s" || sum < 3*time.Minute {
		t.Errorf("%s: %s", got, sum)
	}
}

// transport answers in the place of an endpoint.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// At the end, what can't be delivered in time is told and counted. Later events are ignored.
func TestClose(t *testing.T) {
	began := make(chan struct{}, 1)
	hangs := transport(func(r *http.Request) (*http.Response, error) {
		began <- struct{}{}
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	var told told
	s := New(Options{URL: "http://x/", Transport: hangs, OnLost: func(e Event, err error) { told.lost = append(told.lost, fmt.Sprint(e.ID, errors.Is(err, ErrClosed))) }})
	for _, id := range []string{"a", "b", "c"} {
		s.Send(event(id))
	}
	<-began
	if missed := s.Close(0); missed != 3 || !slices.Equal(told.lost, []string{"atrue", "btrue", "ctrue"}) {
		t.Errorf("%d missed, lost %q", missed, told.lost)
	}
	s.Send(event("d"))
	if missed := s.Close(0); missed != 3 {
		t.Errorf("the second time %d missed", missed)
	}
}

// endless is the body of an answer that would never end.
type endless struct{ read, closed bool }

func (b *endless) Read([]byte) (int, error) {
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	b.read = true
	return 0, io.EOF // so that this test ends
}

func (b *endless) Close() error { b.closed = true; return nil }

// The status is the answer: nobody waits for the body.
func TestEndlessAnswer(t *testing.T) {
	bodies := []*endless{{}, {}, {}}
	n := 0
	answers := transport(func(r *http.Request) (*http.Response, error) {
		n++
		return &http.Response{StatusCode: []int{500, 200, 200}[n-1], Body: bodies[n-1], Request: r}, nil
	})
	s := New(Options{URL: "http://x/", Transport: answers, FirstWait: time.Microsecond})
	s.Send(event("a"))
	s.Send(event("b"))
	if missed := s.Close(time.Minute); missed != 0 || n != 3 {
		t.Errorf("%d missed, %d attempts", missed, n)
	}
	for i, b := range bodies {
		if b.read || !b.closed {
			t.Errorf("body %d is read: %t, closed: %t", i, b.read, b.closed)
		}
	}
}

// Send never waits: what finds the queue full is lost, and that is said.
func TestFullQueue(t *testing.T) {
	began, goOn := make(chan struct{}, Queue+2), make(chan struct{})
	slow := transport(func(r *http.Request) (*http.Response, error) {
		began <- struct{}{}
		<-goOn
		return &http.Response{StatusCode: 200, Body: http.NoBody, Request: r}, nil
	})
	var lost []error
	s := New(Options{URL: "http://x/", Transport: slow, OnLost: func(_ Event, err error) { lost = append(lost, err) }})
	s.Send(event("first"))
	<-began
	for range Queue + 2 {
		s.Send(event("x"))
	}
	close(goOn)
	if missed := s.Close(time.Minute); missed != 2 || len(lost) != 2 || !errors.Is(lost[0], ErrQueueFull) || len(began) != Queue {
		t.Errorf("%d missed, %d lost, %d more delivered", missed, len(lost), len(began))
	}
}

// An error does not have the URL, which may be a secret.
func TestErrorWithoutTheURL(t *testing.T) {
	var got Attempt
	var lost error
	s := New(Options{URL: "http://x/t0ken", FirstWait: time.Microsecond,
		Transport: transport(func(*http.Request) (*http.Response, error) { return nil, errors.New("refused") }),
		OnAttempt: func(a Attempt) { got = a }, OnLost: func(_ Event, err error) { lost = err }})
	s.Send(event("a"))
	s.Close(time.Minute)
	for _, err := range []error{got.Err, lost} {
		if err == nil || err.Error() != "refused" {
			t.Errorf("%v", err)
		}
	}
	if !errors.Is(reason(context.Canceled), context.Canceled) {
		t.Error("another error is changed")
	}
}
