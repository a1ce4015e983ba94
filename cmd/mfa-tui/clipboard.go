package main

import (
	"io"
	"strings"
	"time"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"

	"mfa-tui/tui"
)

// clipboardWriter copies text: with the system's tool on this machine, through the
// terminal (OSC 52) over SSH or where there is no tool.
type clipboardWriter struct {
	terminal io.Writer
	env      environ
}

func (c clipboardWriter) copy(text string) (tui.Copied, error) {
	if hasClipboard() && c.env["SSH_TTY"] == "" && c.env["SSH_CONNECTION"] == "" {
		if clipboard.WriteAll(text) == nil {
			return tui.Copied{How: "copied to the clipboard", Clear: func() bool { return clearClipboard(text) }}, nil
		}
	}
	seq := osc52.New(text)
	switch {
	case c.env["TMUX"] != "": // takes the one or the other, as it is configured
		if _, err := seq.WriteTo(c.terminal); err != nil {
			return tui.Copied{}, err
		}
		seq = seq.Tmux()
	case strings.HasPrefix(c.env["TERM"], "screen"):
		seq = seq.Screen()
	}
	if _, err := seq.WriteTo(c.terminal); err != nil {
		return tui.Copied{}, err
	}
	// The terminal's clipboard can't be read, and what the person copied since must
	// not be cleared.
	return tui.Copied{How: "sent to the terminal's clipboard (OSC 52). Your terminal may ignore that"}, nil
}

// clearClipboard clears the clipboard if it has this text, and reports whether it
// had. It does not wait for a tool that hangs.
func clearClipboard(text string) bool {
	const patience = 2 * time.Second
	cleared := make(chan bool, 1)
	go func() {
		now, err := clipboard.ReadAll()
		cleared <- err == nil && now == text && clipboard.WriteAll("") == nil
	}()
	select {
	case done := <-cleared:
		return done
	case <-time.After(patience):
		return false
	}
}
