package main

import (
	"context"
	"os"
	"runtime"

	tea "github.com/charmbracelet/bubbletea"
)

// panicking is a model that panics at a key: in the update for u, in a command
// for c, in the view for v.
type panicking struct{ inView bool }

func (m panicking) Init() tea.Cmd { return nil }

func (m panicking) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if msg, ok := msg.(tea.KeyMsg); ok {
		switch msg.String() {
		case "u":
			panic("in the update")
		case "c":
			return m, func() tea.Msg { panic("in a command") }
		case "v":
			m.inView = true
		}
	}
	return m, nil
}

func (m panicking) View() string {
	if m.inView {
		panic("in the view")
	}
	return "press u, c or v"
}

// panickingMain is what main does, with the model that panics.
func panickingMain() {
	p := &program{system: runtime.GOOS, in: os.Stdin, out: os.Stdout, errOut: os.Stderr}
	p.flags.mouse = true
	if err := p.show(context.Background(), panicking{}, os.Stdin, os.Stdout, false); err != nil {
		os.Exit(exitFailed)
	}
}
