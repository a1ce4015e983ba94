package term

import (
	"os"
	"sync"
	"time"
)

const (
	// patience is for the rest of an unfinished sequence. A terminal writes it
	// whole; what lies between may tear it.
	patience = 20 * time.Millisecond
	// farewell is for answers that are under way when the program ends.
	farewell = 100 * time.Millisecond
)

// Input is a terminal to read from, as Bubble Tea wants it: a file, whose Read is
// called when the file has something to read.
type Input struct {
	*os.File
	answered func(AnswerMsg)
	terminal Terminal

	patience time.Duration // but in tests the constant

	mu     sync.Mutex
	asked  bool // and not answered
	filter filter
	out    []byte // filtered, but there was no room for it
}

// Read reads what was typed. It does not wait for a key: it returns 0 if there is
// none.
func (in *Input) Read(p []byte) (int, error) {
	in.mu.Lock()
	asked := in.asked
	err := in.read(len(p))
	n := copy(p, in.out)
	in.out = in.out[:copy(in.out, in.out[n:])]
	answer := in.filter.replies.message(in.terminal)
	answered := asked && !in.asked
	in.mu.Unlock() // Bubble Tea may wait for this Read before it takes a message
	if answered {
		in.answered(answer)
	}
	return n, err
}

// read filters what can be read now into out, for a reader with so much room. What
// it leaves in the file wakes the reader again, what it has no room for would not.
func (in *Input) read(room int) error {
	for wait := time.Duration(0); len(in.out) < room && ready(in.File, wait); {
		if err := in.take(in.portion(room)); err != nil {
			in.out = in.filter.settle(in.out, in.asked)
			return err
		}
		switch held := in.filter.held; {
		case len(held) == 0:
			return nil
		case len(held) == 1 && held[0] == esc && !in.asked:
			wait = 0 // the key: nobody waits for an answer
		default:
			wait = in.patience
		}
	}
	in.out = in.filter.settle(in.out, in.asked)
	return nil
}

// portion is how much to read at once. While an answer may come that is one key or
// answer: the escape key before an answer must not be followed by the next key,
// which it would be the alt of. A key may be mended to twice its length, and Bubble
// Tea waits for more after a read that has filled its room.
func (in *Input) portion(room int) int {
	if in.asked || len(in.filter.held) > 0 {
		return 1
	}
	return max(1, room/4)
}

// take filters so many bytes.
func (in *Input) take(count int) error {
	buf := make([]byte, count)
	n, err := in.File.Read(buf)
	for _, b := range buf[:n] {
		in.out = in.filter.feed(in.out, b)
	}
	if in.filter.answered {
		in.asked, in.filter.waiting = false, ""
	}
	return err
}

// ask is told that the terminal is asked now.
func (in *Input) ask() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.asked, in.filter.answered, in.filter.replies = true, false, replies{}
}

// drain takes out an answer that is still under way, and what was typed before it,
// so that a shell does not read it.
func (in *Input) drain() {
	in.mu.Lock()
	defer in.mu.Unlock()
	end := time.Now().Add(farewell)
	for in.asked && ready(in.File, time.Until(end)) {
		if in.take(1) != nil {
			break
		}
	}
	in.out, in.filter.held, in.filter.waiting = nil, nil, ""
}
