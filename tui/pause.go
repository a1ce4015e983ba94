package tui

import (
	"time"

	"mfa-tui/store"
)

// pauseLeft is how long nothing may be sent to a factor's phone.
func (s *session) pauseLeft(r store.Record) time.Duration { return s.pauses.Left(r.ID, s.Now()) }
