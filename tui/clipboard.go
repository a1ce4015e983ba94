package tui

import (
	"fmt"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors/words"
)

// copiedSecret is the secret or code that was copied last. It is cleared from the
// clipboard after [hideAfter], or when the program ends.
type copiedSecret struct {
	mu    sync.Mutex
	count int
	undo  func() bool // nil if there is nothing to clear, or nobody can
}

// put remembers how to clear what was just copied. What was copied before is no
// longer on the clipboard.
func (c *copiedSecret) put(undo func() bool) (count int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count++
	c.undo = undo
	return c.count
}

// clear empties the clipboard if the secret of this count is on it, or any secret
// if count is 0, and reports whether it was.
func (c *copiedSecret) clear(count int) bool {
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

// secretClearedMsg ends clearLater, if the secret was still on the clipboard.
type secretClearedMsg struct{ what string }

// copyText puts text on the clipboard; what names it in the notice.
func (s *session) copyText(what, text string) tea.Cmd { return s.copy(what, text, false) }

// copySecret puts text on the clipboard for a while.
func (s *session) copySecret(what, text string) tea.Cmd { return s.copy(what, text, true) }

func (s *session) copy(what, text string, secret bool) tea.Cmd {
	return func() tea.Msg {
		c, err := s.Copy(text)
		if err != nil {
			return noticeMsg{notice{failure, "can't copy the " + what + ": " + words.Clean(err.Error())}}
		}
		n := notice{plain, words.Capital(what) + " " + c.How}
		if c.Clear != nil { // it is known to have arrived
			n.kind = success
		}
		switch {
		case !secret:
			s.copied.put(nil)
			return noticeMsg{n}
		case c.Clear == nil:
			n.text += ", and it is not cleared automatically"
		default:
			n.text += fmt.Sprintf(", cleared in %d s", int(hideAfter.Seconds()))
		}
		return secretCopiedMsg{n, what, s.copied.put(c.Clear)}
	}
}

// clearLater clears a copied secret from the clipboard when its time is over.
func (s *session) clearLater(msg secretCopiedMsg) tea.Cmd {
	return s.After(hideAfter, func(time.Time) tea.Msg {
		if s.copied.clear(msg.count) {
			return secretClearedMsg{msg.what}
		}
		return nil
	})
}
