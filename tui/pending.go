package tui

import "sync"

// lasting counts the effects that must be finished even if the person quits: an
// enrollment whose id is not saved yet would be lost for good.
type pending struct {
	mu     sync.Mutex
	closed bool
	count  int
	idle   chan struct{} // closed when count is zero after close
}

// enter says whether an effect may begin; leave must follow if so.
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

// close lets no further effect begin and returns how many are under way, and a
// channel that is closed when the last of them has ended.
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
