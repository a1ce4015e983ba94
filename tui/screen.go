package tui

import (
	"context"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// screen is one state of the machine. It is a value: update takes it as it is
// and returns the screen to show next, often itself with a change.
type screen interface {
	// title is the way to the screen, for the header.
	title() trail
	// update answers a message and returns the screen to show next.
	update(tea.Msg) (screen, tea.Cmd)
	// view draws the body in a box of w columns and h rows. It may return less.
	view(w, h int) string
	// help returns the keys that work now.
	help() help
}

// fullScreen is a screen that may want the whole terminal, without header and footer.
type fullScreen interface {
	full() bool
}

// help is what the footer and the full help show.
type help struct {
	keys   []key.Binding
	typing bool // letters go into a field, so that ? and q are not keys
	digits bool // with typing: only digits do, so that a harmless letter may be a key
}

// action is a key of a screen with what it does, when it works.
type action struct {
	key  key.Binding
	when bool
	do   func() (screen, tea.Cmd)
}

// actions is the one list of a screen's keys: press and help both read it.
type actions []action

// press does what a key is bound to. It reports false for a key that is bound
// to nothing now.
func (as actions) press(msg tea.KeyMsg) (screen, tea.Cmd, bool) {
	for _, a := range as {
		if a.when && key.Matches(msg, a.key) {
			next, cmd := a.do()
			return next, cmd, true
		}
	}
	return nil, nil, false
}

// help returns the keys that work now, in the order of the list.
func (as actions) help(typing bool) help {
	h := help{typing: typing}
	for _, a := range as {
		if a.when {
			h.keys = append(h.keys, a.key)
		}
	}
	return h
}

// way leads to a screen, newly built, such as the one that esc goes back to.
type way func() (screen, tea.Cmd)

// show is the way to a screen that is already built.
func show(s screen) way {
	return func() (screen, tea.Cmd) { return s, nil }
}

// work is a call in flight that a screen waits for. Screens that call embed it.
// The zero value is no work.
type work struct {
	id     int
	verb   string             // for the spinner: "Sending code…"
	cancel context.CancelFunc // nil where the work goes on when its screen is left
}

// working returns the work that the screen waits for.
func (w work) working() work { return w }

func (w work) busy() bool { return w.id != 0 }

// waits reports whether a result with this id is the one waited for.
func (w work) waits(id int) bool { return w.id != 0 && w.id == id }

// worker is a screen that may wait for a call.
type worker interface {
	working() work
}

// begin starts work that esc cancels.
func (d *session) begin(verb string) (work, context.Context) {
	ctx, cancel := context.WithCancel(context.Background())
	return work{id: d.nextID(), verb: verb, cancel: cancel}, ctx
}

// beginLasting starts work that goes on when its screen is left, since what it
// does at WorkOS can't be undone and its result must be kept.
func (d *session) beginLasting(verb string) work {
	return work{id: d.nextID(), verb: verb}
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
