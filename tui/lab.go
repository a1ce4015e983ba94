package tui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
)

// Lab is what can be done to the local engine on purpose, to see what happens.
type Lab interface {
	// FailNext lets the next call go wrong: rate_limit, fault, timeout,
	// lost_sms, expired or too_many_attempts.
	FailNext(mishap string) error
	// RemoveHooks lets calls work again.
	RemoveHooks()
	// MoveClock moves the engine's clock on, ResetClock puts it right again.
	MoveClock(time.Duration) error
	ResetClock()
	ClockOffset() time.Duration
}

// labScreen makes the local engine fail on purpose, so that anyone can see what
// each error looks like.
type labScreen struct {
	session *session
	at      int
	back    way
}

// experiment is a line of the lab.
type experiment struct {
	name, then string // what it does, and what is then to be seen where
	do         func(Lab) error
}

var experiments = []experiment{
	{"move the clock 30 seconds on", "an authenticator shows its next code", moves30s},
	{"move the clock 10 minutes on", "open SMS and generic challenges expire", moves10m},
	{"put the clock right", "it is as this machine's again", func(l Lab) error { l.ResetClock(); return nil }},
	{"next call: too many requests (429)", "any call is told to wait", fails("rate_limit")},
	{"next call: fault (500)", "any call fails after its retries", fails("fault")},
	{"next call: no answer", "any call hangs until esc", fails("timeout")},
	{"next SMS: lost", "no message on the phone", fails("lost_sms")},
	{"next code: challenge expired", "as ten minutes later", fails("expired")},
	{"next code: too many tries", "as after five wrong codes", fails("too_many_attempts")},
	{"let calls work again", "what was arranged and not used is gone", func(l Lab) error { l.RemoveHooks(); return nil }},
}

func moves30s(l Lab) error { return l.MoveClock(30 * time.Second) }
func moves10m(l Lab) error { return l.MoveClock(10*time.Minute + time.Second) }

func fails(mishap string) func(Lab) error {
	return func(l Lab) error { return l.FailNext(mishap) }
}

func newLabScreen(d *session, back way) labScreen { return labScreen{session: d, back: back} }

func (s labScreen) title() trail { return factorsTrail("Lab") }

func (s labScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	if msg, ok := msg.(tea.KeyMsg); ok {
		if next, cmd, ok := s.actions().press(msg); ok {
			return next, cmd
		}
	}
	return s, nil
}

func (s labScreen) actions() actions {
	return actions{
		{as(keyChoose, "enter", "do it"), true, s.do},
		{keyUp, true, func() (screen, tea.Cmd) { return s.move(-1) }},
		{keyDown, true, func() (screen, tea.Cmd) { return s.move(1) }},
		{keyBack, true, s.back},
	}
}

// help shows both directions as one key.
func (s labScreen) help() help {
	return help{keys: []key.Binding{as(keyChoose, "enter", "do it"), keyMove, keyBack}}
}

func (s labScreen) move(by int) (screen, tea.Cmd) {
	s.at = (s.at + by + len(experiments)) % len(experiments)
	return s, nil
}

// do arranges what the line says; it does no I/O, since the engine is in memory.
func (s labScreen) do() (screen, tea.Cmd) {
	e := experiments[s.at]
	if err := e.do(s.session.Lab); err != nil {
		return s, say(failure, clean(err.Error()))
	}
	return s, say(success, e.name+" · "+e.then)
}

// click goes to the line that is clicked on; on the chosen one it is as enter.
func (s labScreen) click(_, y int) (screen, tea.Cmd) {
	_, h := s.session.box()
	above, first := s.rows(h)
	switch i := first + y - above; {
	case y < above || i >= len(experiments):
		return s, nil
	case i != s.at:
		s.at = i
		return s, nil
	}
	return s.do()
}

// rows are how many rows of h are above the experiments, and the first of these
// that is shown.
func (s labScreen) rows(h int) (above, first int) {
	above = 1
	if h > len(experiments)+2 {
		above = 2
	}
	return above, min(max(0, s.at-max(1, h-above)+1), max(0, len(experiments)-max(1, h-above)))
}

func (s labScreen) view(w, h int) string {
	st := s.session.styles
	state := "The clock is right."
	if off := s.session.Lab.ClockOffset(); off != 0 {
		state = "The clock is " + off.Round(time.Second).String() + " ahead."
	}
	lines := []string{st.dim.Render(ansi.Truncate("Make the local engine fail, to see what happens. "+state, w, "…"))}
	above, first := s.rows(h)
	if above > 1 {
		lines = append(lines, "")
	}
	for i := first; i < min(len(experiments), first+max(1, h-above)); i++ {
		e := experiments[i]
		cursor, style := "  ", st.text
		if i == s.at {
			cursor, style = st.accent.Render("› "), st.accent
		}
		line := cursor + style.Render(column(e.name, 36))
		if w >= 76 {
			line += st.dim.Render("  " + e.then)
		}
		lines = append(lines, ansi.Truncate(line, w, "…"))
	}
	return strings.Join(lines, "\n")
}
