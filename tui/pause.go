package tui

import (
	"errors"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// smsPause is how long to wait before another message goes to the same phone.
// WorkOS asks for no such wait; it is a choice of this program, so that nobody is
// flooded by a finger that stays on a key.
const smsPause = 30 * time.Second

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

// pauseLeft is how long nothing may be sent to a factor's phone.
func (s *session) pauseLeft(r store.Record) time.Duration { return s.pauses[r.ID].left(s.Now()) }

// pauseText says that nothing is sent yet.
func pauseText(left time.Duration) string {
	return "another message can be sent in " + left.String() + ", so that nobody is flooded"
}

// pauseAfter begins the pause that follows a message to a phone, or the one that
// the other side asks for (429, Retry-After), which wins.
func (s *session) pauseAfter(msg challengeStartedMsg) {
	var api *workos.Error
	wait := time.Duration(0)
	switch {
	case msg.record.Type != workos.SMS:
	case msg.err == nil:
		wait = smsPause
	case errors.As(msg.err, &api) && workos.IsRateLimited(api):
		wait = api.RetryAfter
	}
	if wait == 0 {
		return
	}
	if s.pauses == nil {
		s.pauses = map[string]pause{}
	}
	s.pauses[msg.record.ID] = pause{s.Now(), s.Now().Add(wait)}
}
