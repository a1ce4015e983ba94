package tui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// opening is the machine before it is there. A factor file takes time to read;
// meanwhile the terminal is made ready and listened to. Nothing is drawn, so that
// the first frame is the right one.
type opening struct {
	build func() Model
	early []tea.Msg // what came too soon: the size, keys
}

// openedMsg brings the machine.
type openedMsg struct{ model Model }

// Opening returns a tea.Model that becomes the one that build returns, which may
// do I/O: Bubble Tea calls it as a command, and draws only then. What a person
// types meanwhile is not lost.
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

// handOver gives the machine all that came before it, in that order.
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
