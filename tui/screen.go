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

// screen is one state of the machine. It is a value: update takes it as it is
// and returns the screen to show next, often itself with a change.
type screen interface {
	// title names the screens that lead to this one, and it, for the header.
	title() trail
	// update answers a message and returns the screen to show next. Of the keys
	// it gets those that no action has, and none while a call is in flight.
	update(tea.Msg) (screen, tea.Cmd)
	// view draws the body in a box of w columns and h rows. It may return less.
	view(w, h int) string
	// actions are the keys of the screen. The root presses them and shows them.
	actions() []action
}

// action is a key of a screen with what it does.
type action struct {
	key  key.Binding
	when bool // it works now
	how  how
	do   navigate
}

// how says where an action is seen, and when it works.
type how int

const (
	hidden how = 0         // not told: another key tells of it, or it is there to say why it does nothing
	shown  how = 1 << iota // in the footer and in the help
	// whileBusy is for an action that also works while a call is in flight. If its
	// key is esc, it leaves the screen to work that can't be cancelled.
	whileBusy
)

// shownIf is shown if ok, else hidden.
func shownIf(ok bool) how {
	if ok {
		return shown
	}
	return hidden
}

// navigate leads to a screen, newly built, such as the one that esc goes back to.
type navigate func() (screen, tea.Cmd)

// show leads to a screen that is already built.
func show(s screen) navigate {
	return func() (screen, tea.Cmd) { return s, nil }
}

// What a screen may be besides; the root asks for it with [aspect].
type (
	// fullScreen may want the whole terminal, without header and footer.
	fullScreen interface{ full() bool }
	// typist may take what is typed as text.
	typist interface{ typing() typing }
	// asider has a column that a notice of more than one line is drawn in, since
	// what is beside it must not be covered.
	asider interface {
		aside(w int) (from, width int) // from 0 for all of the body
	}
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

// typing says which keys are text on a screen, and so do nothing else.
type typing int

const (
	nothingTyped typing = iota
	digitsTyped         // only digits are, so that a harmless letter may be a key
	textTyped
)

// wrapper is a screen around another one.
type wrapper interface{ unwrap() screen }

// aspect returns what else a screen is, or the one that it wraps.
func aspect[T any](s screen) (T, bool) {
	if t, ok := s.(T); ok {
		return t, true
	}
	if w, ok := s.(wrapper); ok {
		return aspect[T](w.unwrap())
	}
	var none T
	return none, false
}

// mover is a list or a text that keys move in; to leads to a place of it.
type mover struct {
	widget.Picker
	to func(at int) (screen, tea.Cmd)
}

// pair is two keys that lead to two places, shown as one.
func (m mover) pair(first key.Binding, at int, second key.Binding, other int, seen how) []action {
	return []action{
		{first, m.N > 0, seen | whileBusy, func() (screen, tea.Cmd) { return m.to(at) }},
		{second, m.N > 0, whileBusy, func() (screen, tea.Cmd) { return m.to(other) }},
	}
}

// lineKeys go a line up or down.
func (m mover) lineKeys(label string, seen how) []action {
	return m.pair(as(keyUp, "↑↓", label), m.By(-1), keyDown, m.By(1), seen)
}

// lineKeysTyping are the same where letters are typed.
func (m mover) lineKeysTyping(seen how) []action {
	return m.pair(keyUpTyping, m.By(-1), keyDownTyping, m.By(1), seen)
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
	all     int                // calls that it is made of, 0 for one
	done    *atomic.Int64      // how many of them have ended
	cancel  context.CancelFunc // nil where the work goes on when its screen is left
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

// ends reports whether a result with this id is the one waited for, and no longer
// waits for it if so.
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

// leaving does what leaves a screen whose work goes on, and tells that it does.
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
	// late is what to tell when nobody waits for the result any more.
	late(*session) notice
}

// recordsChangedMsg tells a screen that the records are not what they were when
// it was built.
type recordsChangedMsg struct {
	by result // what changed them, if that is known
}

// tickMsg is a second of a screen's clock. A screen ignores the clock of another.
type tickMsg struct{ clock int }
