package local

import (
	"errors"
	"sync/atomic"
	"time"
)

// clock is the engine's time: that of Options.Now, moved by an offset.
type clock struct {
	now    func() time.Time
	offset atomic.Int64 // nanoseconds
}

// maxOffset is how far the clock can be moved, either way. IDs contain a time, which
// can't be before 1970.
const maxOffset = 50 * 365 * 24 * time.Hour

// Time is the time at the engine.
func (e *Engine) Time() time.Time { return e.clock.now().Add(e.ClockOffset()) }

// ClockOffset is how far the engine's clock was moved.
func (e *Engine) ClockOffset() time.Duration { return time.Duration(e.clock.offset.Load()) }

// MoveClock moves the engine's clock by d more, so that a test need not wait until
// something expires.
func (e *Engine) MoveClock(d time.Duration) error {
	for {
		old := e.clock.offset.Load()
		moved := time.Duration(old) + d
		if d.Abs() > maxOffset || moved.Abs() > maxOffset || e.clock.now().Add(moved).Unix() < 0 {
			return errors.New("the clock can be moved by 50 years at most, and not before 1970")
		}
		if e.clock.offset.CompareAndSwap(old, int64(moved)) {
			return nil
		}
	}
}

// SetClock sets the engine's clock to t; it runs on from there.
func (e *Engine) SetClock(t time.Time) error { return e.MoveClock(t.Sub(e.Time())) }

// ResetClock sets the engine's clock back to the real time.
func (e *Engine) ResetClock() { e.clock.offset.Store(0) }
