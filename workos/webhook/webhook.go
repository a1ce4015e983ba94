// Package webhook delivers events to an endpoint as WorkOS does: a POST of JSON with the
// header WorkOS-Signature, tried again until the endpoint takes it.
//
//	s := webhook.New(webhook.Options{URL: "http://127.0.0.1:3000/webhooks", Secret: secret})
//	s.Send(webhook.Event{ID: id, Name: "user.created", Body: body})
//	missed := s.Close(time.Second)
//
// Events arrive in the order in which they were sent: while one is tried again, the next
// ones wait in a queue.
package webhook

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// Attempts is how often an event is tried. With the waits between them that takes
	// three minutes, and up to four and a half if the endpoint lets each one wait; WorkOS
	// tries for several minutes in environments for tests.
	Attempts = 9
	// Queue is how many events can wait. More than these are lost.
	Queue = 1000

	firstWait = time.Second
	longWait  = time.Minute
	timeout   = 10 * time.Second // of an attempt
)

// ErrQueueFull is why an event is lost that finds [Queue] others waiting.
var ErrQueueFull = errors.New("the queue is full")

// ErrClosed is why an event is lost that [Sender.Close] did not wait for.
var ErrClosed = errors.New("it was not delivered before the end")

// Options configures a [Sender].
type Options struct {
	URL       string             // required
	Secret    string             // signs; required
	UserAgent string             // that of Go by default
	Transport http.RoundTripper  // sees each attempt; http.DefaultTransport by default
	FirstWait time.Duration      // before the second attempt, doubled for each further one; 1 s by default
	Now       func() time.Time   // the real time, which receivers compare with theirs; time.Now by default
	OnAttempt func(Attempt)      // is told each attempt; nil for nobody
	OnLost    func(Event, error) // is told what is not delivered; it must not wait; nil for nobody
}

// Event is an event to deliver.
type Event struct {
	ID   string
	Name string // such as user.created
	Body []byte // the JSON to send
}

// Attempt is one attempt to deliver an event.
type Attempt struct {
	Event    Event
	N        int // from 1
	Duration time.Duration
	Status   int   // 0 without an answer
	Err      error // why there is no answer
}

// OK reports whether the endpoint took the event.
func (a Attempt) OK() bool { return a.Err == nil && a.Status >= 200 && a.Status <= 299 }

// Sender delivers events to one endpoint. It is safe for concurrent use.
type Sender struct {
	opts   Options
	client *retryablehttp.Client
	stop   context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex // guards the sending end of queue
	closed bool
	queue  chan Event

	attempt Attempt // the one that is made; only the goroutine of run uses it
	began   time.Time

	missed atomic.Int64 // events that were lost, or not delivered when Close ended the attempts
}

// New starts a sender, which [Sender.Close] ends.
func New(opts Options) *Sender {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	ctx, stop := context.WithCancel(context.Background())
	s := &Sender{opts: opts, stop: stop, done: make(chan struct{}), queue: make(chan Event, Queue)}
	s.client = &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: opts.Transport, Timeout: timeout,
			// What was signed for one address is not for another.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax: Attempts - 1, RetryWaitMin: cmp.Or(opts.FirstWait, firstWait), RetryWaitMax: longWait,
		RequestLogHook: func(_ retryablehttp.Logger, r *http.Request, retries int) { s.begin(r, retries+1) },
		CheckRetry:     s.end,
		Backoff: func(least, most time.Duration, retries int, _ *http.Response) time.Duration {
			return min(least<<retries, most)
		},
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	go s.run(ctx)
	return s
}

// Send puts an event into the queue. It does not wait. After Close it does nothing.
func (s *Sender) Send(e Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	select {
	case s.queue <- e:
	default:
		s.lost(e, ErrQueueFull)
	}
}

// Close gives the events in the queue a time to be delivered, and returns how many of all
// events were not, those that were lost before included.
func (s *Sender) Close(grace time.Duration) (missed int64) {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.queue)
	}
	s.mu.Unlock()
	over := time.AfterFunc(grace, s.stop)
	defer over.Stop()
	<-s.done
	s.stop()
	return s.missed.Load()
}

func (s *Sender) run(ctx context.Context) {
	defer close(s.done)
	for e := range s.queue {
		err := s.deliver(ctx, e)
		if err != nil && ctx.Err() != nil {
			err = ErrClosed
		}
		if err != nil {
			s.lost(e, err)
		}
	}
	s.client.HTTPClient.CloseIdleConnections()
}

func (s *Sender) lost(e Event, err error) {
	s.missed.Add(1)
	if s.opts.OnLost != nil {
		s.opts.OnLost(e, err)
	}
}

// deliver tries until the endpoint has taken the event.
func (s *Sender) deliver(ctx context.Context, e Event) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r, err := retryablehttp.NewRequestWithContext(ctx, http.MethodPost, s.opts.URL, e.Body)
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if s.opts.UserAgent != "" {
		r.Header.Set("User-Agent", s.opts.UserAgent)
	}
	s.attempt.Event = e
	resp, err := s.client.Do(r)
	switch {
	case err != nil:
		return reason(err)
	case !s.attempt.OK():
		return fmt.Errorf("it answered %s", resp.Status)
	}
	return nil
}

// begin signs an attempt: receivers refuse a signature that is some minutes old.
func (s *Sender) begin(r *http.Request, n int) {
	s.attempt = Attempt{Event: s.attempt.Event, N: n}
	s.began = time.Now()
	r.Header = r.Header.Clone() // the last attempt may still be writing it
	r.Header.Set("WorkOS-Signature", sign(s.opts.Secret, s.opts.Now(), s.attempt.Event.Body))
}

// end tells an attempt, and decides whether there is another one.
func (s *Sender) end(ctx context.Context, resp *http.Response, err error) (retry bool, _ error) {
	s.attempt.Duration, s.attempt.Err = time.Since(s.began), reason(err)
	if err == nil {
		s.attempt.Status = resp.StatusCode
		resp.Body.Close() // it says nothing, and may never end
	}
	if s.opts.OnAttempt != nil {
		s.opts.OnAttempt(s.attempt)
	}
	return ctx.Err() == nil && !s.attempt.OK(), ctx.Err()
}

// reason is an error without the URL, which may be a secret.
func reason(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// sign returns the value of the header WorkOS-Signature.
func sign(secret string, at time.Time, body []byte) string {
	ms := strconv.FormatInt(at.UnixMilli(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(ms + ".")) // a hash never fails
	mac.Write(body)
	return "t=" + ms + ", v1=" + hex.EncodeToString(mac.Sum(nil))
}
