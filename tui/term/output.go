package term

import (
	"bytes"
	"os"
	"strings"

	"github.com/charmbracelet/x/ansi"
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
}

// Connect wraps a terminal for Bubble Tea's WithInput and WithOutput.
func Connect(in, out *os.File, o Options) (*Input, *Output) {
	input := &Input{File: in, answered: o.Answered, terminal: o.Terminal, patience: patience, filter: filter{mouse: o.Mouse}}
	return input, &Output{File: out, input: input, ask: o.Ask && o.Terminal.Answers, ascii: !o.Terminal.UTF8}
}

// Output is a terminal that Bubble Tea writes to: a frame a Write.
type Output struct {
	*os.File
	input *Input
	ask   bool // after the first frame
	ascii bool
	buf   []byte
}

// Write writes what Bubble Tea draws. The frame and what it turns off and on are
// one write, so that not even a kill comes between them.
func (o *Output) Write(p []byte) (int, error) {
	switch {
	case string(p) == ansi.ResetAltScreenSaveCursorMode: // the end: still raw, and the reader has stopped
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
