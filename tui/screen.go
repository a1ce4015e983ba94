package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/tui/widget"
)

// screen is a state of the machine. It is a value: update returns the screen to show
// next, often the same one with a change.
type screen interface {
	// title is the names of the screens up to this one, for the header.
	title() trail
	// update handles a message and returns the screen to show next. It gets the keys
	// that no action has, and none during a call.
	update(tea.Msg) (screen, tea.Cmd)
	// view draws the body in a box of w columns and h rows. It may return less, or more:
	// the root cuts what is below or right of the box, so that goes last.
	view(w, h int) string
	// actions are the keys of the screen. The root matches and shows them.
	actions() []action
}

// action is a key of a screen and what it does.
type action struct {
	key  key.Binding
	when bool // it works now
	how  how
	do   navigate
}

// how says where an action is shown, and when it works.
type how int

const (
	hidden   how = 0         // nowhere, such as a key that only says why it does nothing
	shown    how = 1 << iota // in the footer, the help and the palette
	offered                  // in the help and the palette, not in the footer
	movement                 // in the help, not in the palette: it moves in a list, a text or a form
	twin                     // in the help, with the action before, which does the same the other way
	// whileBusy is for an action that also works during a call. With esc it leaves
	// the screen while work that can't be cancelled keeps running.
	whileBusy
)

// shownIf is shown if ok, else hidden.
func shownIf(ok bool) how {
	if ok {
		return shown
	}
	return hidden
}

// navigate builds the screen to show next.
type navigate func() (screen, tea.Cmd)

// show leads to a screen that exists.
func show(s screen) navigate {
	return func() (screen, tea.Cmd) { return s, nil }
}

// What else a screen may be; the root asks with [aspect].
type (
	// pictured may have a picture at the left of its view.
	pictured interface{ picture() picture }
	// typist may take what is typed as text.
	typist interface{ typing() typing }
	// stepper may be a part of an enrollment.
	stepper interface {
		steps() steps // none if it is not
	}
	// clickable has something to click on.
	clickable interface {
		// click answers a click in the body, whose first column and row are 0.
		click(x, y int) (screen, tea.Cmd)
	}
)

// typing says which keys are text on a screen.
type typing int

const (
	nothingTyped typing = iota
	digitsTyped         // letters may be keys
	textTyped
)

// aspect returns what else a screen is, or the screen inside a [forUserScreen].
func aspect[T any](s screen) (T, bool) {
	if wrapped, ok := s.(forUserScreen); ok {
		s = wrapped.screen
	}
	t, ok := s.(T)
	return t, ok
}

// mover is a list or a text that keys move in; to leads to a place of it.
type mover struct {
	widget.Picker
	to func(at int) (screen, tea.Cmd)
}

// pair is two keys that lead to two places, shown as one. With a single place they may
// still have something to do, but do not move.
func (m mover) pair(first key.Binding, at int, second key.Binding, other int, seen how) []action {
	one, both := seen|movement, twin
	if m.N < 2 {
		one, both = hidden, hidden
	}
	return []action{
		{first, m.N > 0, one | whileBusy, func() (screen, tea.Cmd) { return m.to(at) }},
		{second, m.N > 0, both | whileBusy, func() (screen, tea.Cmd) { return m.to(other) }},
	}
}

// lineKeys go a line up or down.
func (m mover) lineKeys(label string, seen how) []action {
	return m.pair(as(keyUp, "↑↓", label), m.By(-1), keyDown, m.By(1), seen)
}

// upDownKeys are the same where tab, ← and → do something else.
func (m mover) upDownKeys(label string, seen how) []action {
	return m.pair(as(keyUpAlone, "↑↓", label), m.By(-1), keyDownAlone, m.By(1), seen)
}

// lineKeysTyping are the same where letters are typed.
func (m mover) lineKeysTyping(seen how) []action {
	return m.pair(keyUpTyping, m.By(-1), keyDownTyping, m.By(1), seen)
}

// pageKeysTyping go a page down or up where letters are typed.
func (m mover) pageKeysTyping() []action {
	return m.pair(keyPageDownTyping, m.ByPages(1), keyPageUp, m.ByPages(-1), hidden)
}

// pageKeys go a page down or up.
func (m mover) pageKeys(label string, seen how) []action {
	return m.pair(as(keyPageDown, "pgdn pgup", label), m.ByPages(1), keyPageUp, m.ByPages(-1), seen)
}

// endKeys go to the first line and the last.
func (m mover) endKeys(seen how) []action {
	return m.pair(as(keyFirst, "home end", "first, last"), 0, keyLast, m.To(m.N), seen)
}

// keys are all of these. The footer has the first of them at most.
func (m mover) keys(label string, seen how) []action {
	return slices.Concat(m.lineKeys(label, seen), m.pageKeys("page", hidden), m.endKeys(hidden))
}

// clicked is what a click on a row does: it chooses, and opens what is chosen
// already.
func (m mover) clicked(stay screen, row int, open navigate) (screen, tea.Cmd) {
	switch at, ok := m.Row(row); {
	case !ok:
		return stay, nil
	case at == m.At:
		return open()
	default:
		return m.to(at)
	}
}

// work is a call in flight that the open screen waits for. There is one at most,
// and the session has it, so that no screen has to end it. The zero value is none.
type work struct {
	id      int
	verb    string             // for the spinner: "Sending code…"
	all     int                // how many calls it makes, 0 for a single one
	done    *atomic.Int64      // how many of them have ended
	cancel  context.CancelFunc // nil where the work keeps running when its screen is left
	warning string             // what to add to "cancelled"
}

// text is what the spinner shows.
func (w work) text() string {
	if w.all == 0 {
		return w.verb
	}
	return fmt.Sprintf("%s %d of %d…", w.verb, min(int(w.done.Load())+1, w.all), w.all)
}

func (s *session) busy() bool { return s.work.id != 0 }

// ends reports whether the screen waits for the result with this ID, and then stops
// waiting.
func (s *session) ends(id int) bool {
	if !s.busy() || s.work.id != id {
		return false
	}
	s.work = work{}
	return true
}

// cancelled cancels the work and says so.
func (s *session) cancelled() tea.Cmd {
	w := s.work
	w.cancel()
	s.work = work{}
	return say(plain, "cancelled"+w.warning)
}

// leaving leaves a screen and says that its work keeps running.
func (s *session) leaving(do navigate) navigate {
	return func() (screen, tea.Cmd) {
		doing := strings.TrimSuffix(s.work.verb, "…")
		s.work = work{}
		next, cmd := do()
		return next, tea.Batch(cmd, say(plain, doing+" keeps running in the background; you will see the result here"))
	}
}

// result is the message that ends work.
type result interface {
	workID() int
	failed() error // why the work failed, nil if it did not
	// report is the result in a sentence, for a person who may be on another screen by
	// then. It is empty where only the waiting screen has something to say.
	report(*session) notice
}

// recordsChangedMsg tells a screen that the records have changed.
type recordsChangedMsg struct {
	by result // what changed them, if known
}

// tickMsg is a second of a screen's clock. A screen ignores the clock of another.
type tickMsg struct{ clock int }
