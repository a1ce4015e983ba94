package main

import (
	"io"
	"strings"

	"github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"
)

// clipboardWriter copies text: with the system's tool on this machine, through the
// terminal (OSC 52) over SSH or where there is no tool.
type clipboardWriter struct {
	terminal io.Writer
	env      environ
}

func (c clipboardWriter) copy(text string) (how string, err error) {
	if !clipboard.Unsupported && c.env["SSH_TTY"] == "" && c.env["SSH_CONNECTION"] == "" {
		if clipboard.WriteAll(text) == nil {
			return "to the clipboard", nil
		}
	}
	seq := osc52.New(text)
	switch {
	case c.env["TMUX"] != "":
		seq = seq.Tmux()
	case strings.HasPrefix(c.env["TERM"], "screen"):
		seq = seq.Screen()
	}
	if _, err := seq.WriteTo(c.terminal); err != nil {
		return "", err
	}
	return "by way of the terminal (OSC 52), if it allows that", nil
}
