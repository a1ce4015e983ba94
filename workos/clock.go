package workos

import (
	"net/http"
	"sync/atomic"
	"time"
)

// serverClock is how far the server's clock is ahead of this machine's.
type serverClock struct {
	now  func() time.Time
	skew atomic.Pointer[time.Duration]
}

// see reads the Date of a response (RFC 9110 §6.6.1), which has no fractions of a
// second. A date that can't be read is ignored.
func (c *serverClock) see(date string) {
	server, err := http.ParseTime(date)
	if err != nil {
		return
	}
	skew := server.Sub(c.now().Truncate(time.Second))
	c.skew.Store(&skew)
}

// ClockSkew returns how far the server's clock was ahead of this machine's at the
// last response, to the second: negative if it was behind. It reports false before
// the first response with a date. TOTP codes are checked by the server's clock
// (RFC 6238 §5.2), so with a skew of more than 30 s right codes are refused.
func (c *Client) ClockSkew() (time.Duration, bool) {
	skew := c.clock.skew.Load()
	if skew == nil {
		return 0, false
	}
	return *skew, true
}
