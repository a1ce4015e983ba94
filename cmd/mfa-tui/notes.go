package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/tui"
)

// mostNotes is how many lines are kept until the screens have ended.
const mostNotes = 100

// notes is standard error while screens are on the terminal. What is written then is
// shown there, kept, and printed when they have ended. Before and after, and where it is
// not on that terminal, it is printed at once.
type notes struct {
	to        io.Writer
	elsewhere bool // not on the terminal

	mu      sync.Mutex
	early   []string // lines that were printed before the screens
	held    bool     // the screens are there
	lines   []string // written since
	dropped int
	news    chan string
}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	lines := strings.Split(string(bytes.TrimSuffix(p, []byte("\n"))), "\n")
	if n.held {
		select {
		case n.news <- plainNote(lines[0]):
		default: // the one before is not shown yet
		}
	} else {
		n.early = append(n.early, lines...)
	}
	if !n.held || n.elsewhere {
		return n.to.Write(p)
	}
	for _, line := range lines {
		if len(n.lines) == mostNotes {
			n.lines, n.dropped = n.lines[1:], n.dropped+1
		}
		n.lines = append(n.lines, line)
	}
	return len(p), nil
}

// plainNote is a line without the name of the program, which is on the screen.
func plainNote(line string) string { return strings.TrimPrefix(line, "mfa-tui: ") }

// before is what was written so far, for a notice. From now on lines are held back.
func (n *notes) before() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.held, n.news = true, make(chan string, 1)
	var texts []string
	for _, line := range n.early {
		texts = append(texts, plainNote(line))
	}
	return strings.Join(texts, " · ")
}

// feed shows what is written.
func (n *notes) feed(ctx context.Context, send func(tea.Msg)) {
	for {
		select {
		case text := <-n.news:
			send(tui.ServerNoteMsg{Text: text})
		case <-ctx.Done():
			return
		}
	}
}

// release prints what was held back.
func (n *notes) release() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.held = false
	if n.dropped > 0 {
		fmt.Fprintf(n.to, "mfa-tui: %s left out\n", english.Plural(n.dropped, "earlier line was", "earlier lines were"))
	}
	for _, line := range n.lines {
		fmt.Fprintln(n.to, line)
	}
	n.lines, n.dropped = nil, 0
}
