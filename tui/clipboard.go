package tui

import (
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors/words"
)

// copiedSecret is the secret or code that was copied last. It is taken off the
// clipboard after [hideAfter], or when the program ends.
type copiedSecret struct {
	mu    sync.Mutex
	count int
	undo  func() bool // nil if there is nothing to take off, or nobody can
}

// put remembers how to clear what was just copied, in place of what was before,
// which is no longer on the clipboard.
func (c *copiedSecret) put(undo func() bool) (count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	c.undo = undo
	return c.count
}

// takeOff clears the clipboard if the secret of this count is on it, or any
// secret if count is 0.
func (c *copiedSecret) takeOff(count int) bool {
	c.mu.Lock()
	var undo func() bool
	if count == 0 || count == c.count {
		undo, c.undo = c.undo, nil
	}
	c.mu.Unlock()
	return undo != nil && undo()
}

// secretCopiedMsg ends copySecret.
type secretCopiedMsg struct {
	notice notice
	what   string
	count  int
}

// secretClearedMsg ends clearSecret, if the secret was still on the clipboard.
type secretClearedMsg struct{ what string }

// copyText puts text on the clipboard; what names it in the notice.
func (s *session) copyText(what, text string) tea.Cmd {
	return func() tea.Msg {
		c, err := s.Copy(text)
		if err != nil {
			return noticeMsg{notice{failure, "can't copy the " + what + ": " + words.Clean(err.Error())}}
		}
		s.copied.put(nil)
		return noticeMsg{notice{success, what + " copied " + c.How}}
	}
}

// copySecret puts text on the clipboard for a while; what names it in the notice.
func (s *session) copySecret(what, text string) tea.Cmd {
	return func() tea.Msg {
		c, err := s.Copy(text)
		if err != nil {
			return noticeMsg{notice{failure, "can't copy the " + what + ": " + words.Clean(err.Error())}}
		}
		n := notice{success, what + " copied " + c.How}
		if c.Clear == nil {
			n.text += " · it stays there until you copy something else"
		} else {
			n.text += ", for " + hideAfter.String()
		}
		return secretCopiedMsg{n, what, s.copied.put(c.Clear)}
	}
}

// clearLater takes a copied secret off the clipboard when its time is over.
func (s *session) clearLater(msg secretCopiedMsg) tea.Cmd {
	return s.After(hideAfter, func(time.Time) tea.Msg {
		if s.copied.takeOff(msg.count) {
			return secretClearedMsg{msg.what}
		}
		return nil
	})
}
