package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// opening stands for the model while the factor file is read. Meanwhile the terminal
// is set up and keys are collected. Nothing is drawn before the real first frame.
type opening struct {
	build func() Model
	early []tea.Msg // what came too early: the size, keys
}

// openedMsg brings the model.
type openedMsg struct{ model Model }

// Opening returns a tea.Model that becomes the one that build returns. Bubble Tea calls
// build as a command, so it may do I/O. What a person types meanwhile is not lost.
func Opening(build func() Model) tea.Model { return opening{build: build} }

func (o opening) Init() tea.Cmd {
	return func() tea.Msg { return openedMsg{o.build()} }
}

func (o opening) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case openedMsg:
		return o.handOver(msg.model)
	case tea.KeyMsg:
		if key.Matches(msg, keyInterrupt) {
			return o, tea.Quit
		}
	}
	o.early = append(o.early, msg)
	return o, nil
}

// handOver gives the model all messages that came before it, in order.
func (o opening) handOver(m tea.Model) (tea.Model, tea.Cmd) {
	cmds := []tea.Cmd{m.Init()}
	for _, msg := range o.early {
		var cmd tea.Cmd
		m, cmd = m.Update(msg)
		cmds = append(cmds, cmd)
	}
	return m, tea.Batch(cmds...)
}

func (o opening) View() string { return "" }
