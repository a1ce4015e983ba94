package term

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
)

// Options are for [Connect].
type Options struct {
	Terminal Terminal
	// Ask asks the terminal after the first frame, if it answers, and Answered is
	// called with what it tells. Answered may wait until somebody takes it.
	Ask      bool
	Answered func(AnswerMsg)
	// Mouse says that the terminal reports the mouse.
	Mouse bool
	// Synchronized frames are drawn at once (mode 2026), by terminals that can: for
	// screens that change all the time.
	Synchronized bool
}

// Connect wraps a terminal for Bubble Tea's WithInput and WithOutput.
func Connect(in, out *os.File, o Options) (*Input, *Output) {
	before, _ := term.GetState(in.Fd()) // nil unless it is a terminal
	input := &Input{File: in, answered: o.Answered, terminal: o.Terminal, patience: patience, filter: filter{mouse: o.Mouse}}
	return input, &Output{File: out, input: input, before: before, ask: o.Ask && o.Terminal.Answers, ascii: !o.Terminal.UTF8, synchronized: o.Synchronized}
}

// Output is a terminal that Bubble Tea writes to: a frame a Write.
type Output struct {
	*os.File
	input *Input
	ask   bool // after the first frame
	ascii bool
	buf   []byte

	synchronized bool

	before *term.State
}

// leave turns off what Bubble Tea and a frame that is not written to its end turn on.
const leave = ansi.ResetModeSynchronizedOutput + ansi.SetModeTextCursorEnable + ansi.ResetModeBracketedPaste + ansi.ResetModeMouseButtonEvent + ansi.ResetModeMouseExtSgr +
	ansi.ResetModeAltScreenSaveCursor + ansi.SetModeAutoWrap

// GiveBack leaves the terminal as it was found, whatever Bubble Tea is doing: for
// a program that ends at once. It does not wait long for a terminal that takes no output.
func (o *Output) GiveBack() {
	written := make(chan struct{})
	go func() {
		_, _ = o.File.WriteString(leave) // there is nobody left to tell
		close(written)
	}()
	select {
	case <-written:
	case <-time.After(time.Second):
	}
	if o.before != nil {
		_ = term.Restore(o.input.Fd(), o.before)
	}
}

// Write writes what Bubble Tea draws. The frame and what it turns off and on are
// one write, so that not even a kill comes between them.
func (o *Output) Write(p []byte) (int, error) {
	switch {
	case string(p) == ansi.ResetModeAltScreenSaveCursor: // the end: still raw, and the reader has stopped
		o.input.drain()
		return o.File.Write(p)
	case !bytes.HasPrefix(p, []byte(ansi.CursorHomePosition)) || len(p) == len(ansi.CursorHomePosition):
		return o.File.Write(p) // a mode
	}
	frame := p
	if o.ascii {
		frame = []byte(ASCII(string(p)))
	}
	o.buf = append(append(append(o.buf[:0], ansi.ResetModeAutoWrap...), frame...), ansi.SetModeAutoWrap...)
	if o.synchronized {
		o.buf = slices.Concat([]byte(ansi.SetModeSynchronizedOutput), o.buf, []byte(ansi.ResetModeSynchronizedOutput))
	}
	if _, err := o.File.Write(o.buf); err != nil {
		return 0, err
	}
	if o.ask && strings.TrimSpace(ansi.Strip(string(p))) != "" {
		o.ask = false
		o.input.ask()
		if _, err := o.File.WriteString(questions); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// WriteString is Write, which the file's own would pass by.
func (o *Output) WriteString(s string) (int, error) { return o.Write([]byte(s)) }
