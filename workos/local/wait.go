package local

import (
	"net/http"
	"sync"
	"time"
)

// Bounds of a request that waits, with ?wait=, for a message.
const (
	maxWait    = time.Minute
	maxWaiting = 100 // requests at the same time

	// lookEvery is how often a storage that other processes may write is read meanwhile:
	// they can't wake anybody here.
	lookEvery = 200 * time.Millisecond
)

// waiting is the requests that wait for a message.
type waiting struct {
	mu      sync.Mutex
	count   int
	changed chan struct{} // closed when the state changes; nil if nobody waits for that
	ended   chan struct{} // closed by EndWaits
	end     sync.Once
}

// enter reports whether one more request may wait. It then has to leave.
func (w *waiting) enter() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.count >= maxWaiting {
		return false
	}
	w.count++
	return true
}

func (w *waiting) leave() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count--
}

// next is closed when the state changes next: a message was sent, a factor is gone.
func (w *waiting) next() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changed == nil {
		w.changed = make(chan struct{})
	}
	return w.changed
}

// wake lets all that wait look again. The state is locked then, so that they see the
// change as soon as it is kept.
func (w *waiting) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changed != nil {
		close(w.changed)
		w.changed = nil
	}
}

// EndWaits answers the requests that wait for a message, and all that would wait from now
// on, because the server ends.
func (e *Engine) EndWaits() {
	e.waiting.end.Do(func() { close(e.waiting.ended) })
}

// await is what look returns, as soon as it has found something if the request has a
// ?wait=: 204 if that is over first.
func (e *Engine) await(r *http.Request, look func() (resp response, found bool)) response {
	text := r.URL.Query().Get("wait")
	if text == "" {
		resp, _ := look()
		return resp
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > maxWait {
		return badRequest(`wait must be a duration of at most 1m, such as "10s"`)
	}
	if !e.waiting.enter() {
		return unavailable("Too many requests wait: at most 100 can. Try again later.")
	}
	defer e.waiting.leave()
	over := time.NewTimer(d)
	defer over.Stop()
	for last := false; ; {
		changed := e.waiting.next() // before the look, or a message could come between
		resp, found := look()
		switch {
		case found:
			return resp
		case last:
			return response{status: http.StatusNoContent}
		}
		var again <-chan time.Time
		if e.opts.Storage != nil && !e.opts.Deferred {
			again = time.After(lookEvery)
		}
		select {
		case <-changed:
		case <-again:
		case <-over.C:
			last = true // what another process has sent may be there by now
		case <-r.Context().Done(): // nobody reads the response
			return unavailable("The request was given up.")
		case <-e.waiting.ended:
			return unavailable("The server ends.")
		}
	}
}

func unavailable(message string) response {
	return response{http.StatusServiceUnavailable, problem{Message: message, Code: codeUnavailable}}
}
