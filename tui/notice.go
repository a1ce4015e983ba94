package tui

import tea "github.com/charmbracelet/bubbletea"

// notice is the line above the footer: what happened, then what to do. The
// next key clears it.
type notice struct {
	kind noticeKind
	text string
}

type noticeKind int

const (
	plain noticeKind = iota
	success
	warning
	failure
)

// mark stands before a notice, so that colour alone need not show its kind.
func (k noticeKind) mark() string { return [...]string{"", "✓ ", "! ", "✗ "}[k] }

// noticeMsg asks the root to show a notice.
type noticeMsg struct{ notice }

func say(kind noticeKind, text string) tea.Cmd {
	return func() tea.Msg { return noticeMsg{notice{kind, text}} }
}
