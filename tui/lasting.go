package tui

import (
	"sync"

	"mfa-tui/workos"
)

// enrollKeys remembers the Idempotency-Key of each enrollment whose outcome is
// not known, so that sending the same form again can't enroll twice.
type enrollKeys struct {
	mu   sync.Mutex
	keys map[workos.EnrollFactorOpts]string
}

// keyed returns opts with the key of the same enrollment tried before, or a new one.
func (e *enrollKeys) keyed(opts workos.EnrollFactorOpts, newKey func() string) workos.EnrollFactorOpts {
	e.mu.Lock()
	defer e.mu.Unlock()
	key, ok := e.keys[opts]
	if !ok {
		key = newKey()
		if e.keys == nil {
			e.keys = map[workos.EnrollFactorOpts]string{}
		}
		e.keys[opts] = key
	}
	opts.IdempotencyKey = key
	return opts
}

// settled forgets the key of an enrollment whose outcome is known.
func (e *enrollKeys) settled(opts workos.EnrollFactorOpts) {
	e.mu.Lock()
	defer e.mu.Unlock()
	opts.IdempotencyKey = ""
	delete(e.keys, opts)
}

// lasting counts the effects that must be finished even if the person quits: an
// enrollment whose id is not saved yet would be lost for good.
type lasting struct {
	mu     sync.Mutex
	closed bool
	count  int
	idle   chan struct{} // closed when count is zero after close
}

// enter says whether an effect may begin; leave must follow if so.
func (l *lasting) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.count++
	return true
}

func (l *lasting) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count--
	if l.closed && l.count == 0 {
		close(l.idle)
	}
}

// close lets no further effect begin and returns how many are under way, and a
// channel that is closed when the last of them has ended.
func (l *lasting) close() (int, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed, l.idle = true, make(chan struct{})
		if l.count == 0 {
			close(l.idle)
		}
	}
	return l.count, l.idle
}
