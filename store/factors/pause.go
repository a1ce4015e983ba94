package factors

import (
	"errors"
	"fmt"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// resendPause is how long to wait before another message goes to the same phone.
// WorkOS asks for no such wait: this program does, so that a key that is held down
// does not flood anybody.
const resendPause = 30 * time.Second

// Pauses are the times in which no message is sent to the phone of a factor. They
// are a rule of the screens and the accessible mode alone: commands send at once.
// The zero value has no pauses.
type Pauses struct{ byID map[string]pause }

type pause struct{ from, until time.Time }

// Left is how long no message may be sent to a factor's phone, to the second. A
// clock that is moved back ends a pause.
func (p *Pauses) Left(id string, now time.Time) time.Duration {
	pause := p.byID[id]
	if now.Before(pause.from.Add(-time.Second)) || !now.Before(pause.until) {
		return 0
	}
	return pause.until.Sub(now).Round(time.Second)
}

// PauseText says when a message can be sent again.
func PauseText(left time.Duration) string {
	return fmt.Sprintf("you can resend in %d s", int(left.Seconds()))
}

// Begin begins the pause after a challenge of an SMS factor, which failed if err is
// not nil: the usual pause, or the one that the service asks for (429, Retry-After).
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
