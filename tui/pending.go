package tui

import "sync"

// pending counts the work that must be finished even if the person quits. An
// enrollment whose ID is not saved yet would be lost for good.
type pending struct {
	mu     sync.Mutex
	closed bool
	count  int
	idle   chan struct{} // closed when count is zero after close
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

func (l *pending) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.count--
	if l.closed && l.count == 0 {
		close(l.idle)
	}
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
