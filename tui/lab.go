package tui

import (
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
)

// Lab makes the local engine fail on purpose, to see what happens.
type Lab interface {
	// FailNext makes the next call fail: rate_limit, fault, timeout,
	// lost_sms, expired or too_many_attempts.
	FailNext(failure string) error
	// RemoveHooks clears failures that are still pending.
	RemoveHooks()
	// MoveClock moves the engine's clock forward, ResetClock resets it.
	MoveClock(time.Duration) error
	ResetClock()
	ClockOffset() time.Duration
}

// labScreen lets anyone see what each error looks like.
type labScreen struct {
	session *session
	at      int
	back    navigate
}

// experiment is a line of the lab.
type experiment struct {
	name, then string // what it does, and what happens then
	done       string // what it has done
	do         func(Lab) error
}

var experiments = []experiment{
	{"move the clock 30 seconds forward", "an authenticator shows its next code", "clock moved 30 seconds forward", moves30s},
	{"move the clock 10 minutes forward", "SMS and Generic OTP challenges expire", "clock moved 10 minutes forward", moves10m},
	{"reset the clock", "it matches this computer's again", "clock reset", func(l Lab) error { l.ResetClock(); return nil }},
	{"next call: too many requests (429)", "it fails: try again in 30 s", "pending: 429 for the next call", fails("rate_limit")},
	{"next call: error (500)", "it fails after its retries", "pending: 500 for the next call", fails("fault")},
	{"next call: no response", "it hangs until you press esc", "pending: no response to the next call", fails("timeout")},
	{"next SMS: lost", "no message arrives on the test phone", "pending: the next SMS is lost", fails("lost_sms")},
	{"next code: challenge expired", "as if ten minutes had passed", "pending: the next code comes too late", fails("expired")},
	{"next code: too many tries", "as after five wrong codes", "pending: the next code is one too many", fails("too_many_attempts")},
	{"clear pending failures", "what has not failed yet works", "pending failures cleared", func(l Lab) error { l.RemoveHooks(); return nil }},
}

func moves30s(l Lab) error { return l.MoveClock(30 * time.Second) }
func moves10m(l Lab) error { return l.MoveClock(10*time.Minute + time.Second) }

func fails(failure string) func(Lab) error {
	return func(l Lab) error { return l.FailNext(failure) }
}

func (s labScreen) title() trail { return factorsTrail("Lab") }

func (s labScreen) update(tea.Msg) (screen, tea.Cmd) { return s, nil }

func (s labScreen) view(w, _ int) string {
	st := s.session.styles
	state := "Clock in sync."
	if off := s.session.Lab.ClockOffset(); off != 0 {
		state = "Clock " + off.Round(time.Second).String() + " ahead."
	}
	list, above := s.list()
	head := st.dim.Render(ansi.Truncate("Make the local engine fail, to see what happens. "+state, w, "…"))
	return head + strings.Repeat("\n", above) + list.View(func(i int, chosen bool) string {
		line := st.text.Render(column(experiments[i].name, 36))
		if w >= 76 {
			line += st.dim.Render("  " + experiments[i].then)
		}
		return st.line(chosen, line, w-2)
	})
}

// list is the experiments, and how many rows are above them.
func (s labScreen) list() (list widget.Picker, above int) {
	_, h := s.session.box()
	above = 1
	if h > len(experiments)+2 {
		above = 2
	}
	return widget.Picker{At: s.at, N: len(experiments), Rows: h - above}, above
}

func (s labScreen) actions() []action {
	list, _ := s.list()
	return slices.Concat(
		[]action{{as(keyChoose, "enter", "do it"), true, shown, s.do}},
		mover{list, s.to}.keys("move", shown),
		[]action{{keyBack, true, shown, s.back}},
	)
}

func (s labScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s, nil
}

// do does what the line says, without I/O: the engine is in memory.
func (s labScreen) do() (screen, tea.Cmd) {
	e := experiments[s.at]
	if err := e.do(s.session.Lab); err != nil {
		return s, say(failure, words.Clean(err.Error()))
	}
	return s, say(success, e.done+" · "+e.then)
}

// click chooses a line; on the chosen one it does what enter does.
func (s labScreen) click(_, y int) (screen, tea.Cmd) {
	list, above := s.list()
	return mover{list, s.to}.clicked(s, y-above, s.do)
}
