package tui

import (
	"slices"
	"sync"
)

// pending is the work that must be finished even if the person quits. An enrollment
// whose ID is not saved yet would be lost for good. It keeps each result until the
// person is told: a result that ends after the screens is told on quitting.
type pending struct {
	mu     sync.Mutex
	closed bool
	count  int
	idle   chan struct{} // closed when count is zero after close
	untold []untold      // oldest first
}

// untold is work that has ended, but not on the screens yet.
type untold struct {
	verb   string // of the work
	result result
}

// enter reports whether work may begin; if so, leave must follow.
func (l *pending) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	l.count++
	return true
}

// leave ends work with its result.
func (l *pending) leave(verb string, r result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.untold = append(l.untold, untold{verb, r})
	l.count--
	if l.closed && l.count == 0 {
		close(l.idle)
	}
}

// told says that the result with this ID is on the screens.
func (l *pending) told(id int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.untold = slices.DeleteFunc(l.untold, func(u untold) bool { return u.result.workID() == id })
}

// left is what has ended without being told.
func (l *pending) left() []untold {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.untold)
}

// close lets no more work begin. It returns how much is under way, and a channel that
// is closed when all of it has ended.
func (l *pending) close() (int, <-chan struct{}) {
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
