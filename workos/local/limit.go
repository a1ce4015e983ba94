package local

import (
	"cmp"
	"net/http"
	"strconv"
	"sync"
	"time"
)

const (
	limitWindow = time.Minute
	// defaultLimitShown is the limit that WorkOS documents for a minute. Without
	// Options.RateLimit, it is shown but not enforced.
	defaultLimitShown = 6000
)

// limiter counts the requests of a window, by the engine's clock.
type limiter struct {
	mu    sync.Mutex
	limit int // 0 for none
	start time.Time
	used  int
}

// take counts a request and sets the headers that say how many are left. If none
// is, it returns how long to wait.
func (l *limiter) take(h http.Header, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	if age := now.Sub(l.start); age < 0 || age >= limitWindow {
		l.start, l.used = now, 0
	}
	shown := cmp.Or(l.limit, defaultLimitShown)
	reset := l.start.Add(limitWindow)
	if l.limit > 0 && l.used >= l.limit {
		wait = reset.Sub(now)
	} else {
		l.used++
	}
	left := max(0, shown-l.used)
	l.mu.Unlock()

	seconds := (reset.UnixNano() + int64(time.Second) - 1) / int64(time.Second)
	h.Set("X-RateLimit-Limit", strconv.Itoa(shown))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("X-RateLimit-Reset", strconv.FormatInt(seconds, 10))
	return wait
}

func (l *limiter) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.start, l.used = time.Time{}, 0
}

// tooMany is the response to a request over the limit.
func tooMany(w http.ResponseWriter, wait time.Duration) {
	seconds := (wait + time.Second - 1) / time.Second
	w.Header().Set("Retry-After", strconv.Itoa(int(seconds)))
	write(w, response{http.StatusTooManyRequests, problem{Message: "Too many requests.", Code: codeRateLimit}})
}
