package factors

import (
	"errors"
	"fmt"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// resendPause is how long to wait before another message goes to the same phone.
// WorkOS asks for no such wait; it is a choice of this program, so that a finger
// that stays on a key does not flood anybody. Scripts may send as they like.
const resendPause = 30 * time.Second

// Pauses are the times in which no message is sent to the phone of a factor, by
// the factor's ID. They are for where keys are pressed; the zero value has none.
type Pauses struct{ byID map[string]pause }

// pause is a time in which nothing is sent.
type pause struct{ from, until time.Time }

// left is how long a pause still lasts, to the second. A clock that was moved
// back ends it.
func (p pause) left(now time.Time) time.Duration {
	if now.Before(p.from.Add(-time.Second)) || !now.Before(p.until) {
		return 0
	}
	return p.until.Sub(now).Round(time.Second)
}

// Left is how long no message may be sent to a factor's phone.
func (p *Pauses) Left(id string, now time.Time) time.Duration { return p.byID[id].left(now) }

// PauseText says how long no message is sent yet.
func PauseText(left time.Duration) string {
	return fmt.Sprintf("you can resend in %d s", int(left.Seconds()))
}

// Begin begins the pause that follows a challenge of an SMS factor, err being what
// failed: the usual one, or the one that the other side asks for (429,
// Retry-After), which wins.
func (p *Pauses) Begin(r store.Record, err error, now time.Time) {
	var api *workos.Error
	wait := time.Duration(0)
	switch {
	case r.Type != workos.SMS:
	case err == nil:
		wait = resendPause
	case errors.As(err, &api) && workos.IsRateLimited(api):
		wait = api.RetryAfter
	}
	if wait == 0 {
		return
	}
	if p.byID == nil {
		p.byID = map[string]pause{}
	}
	p.byID[r.ID] = pause{now, now.Add(wait)}
}
