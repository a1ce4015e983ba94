package tui

import (
	"fmt"
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
	// FailNext makes the next call of a kind fail, as one of the experiments names it.
	FailNext(failure string) error
	// RemoveHooks clears failures that are still armed.
	RemoveHooks()
	// MoveClock moves the engine's clock forward, ResetClock resets it.
	MoveClock(time.Duration) error
	ResetClock()
	ClockOffset() time.Duration
	// Armed tells what fails next, each in a few words such as "429 once".
	Armed() []string
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
	arms("any call: too many requests (429)", "it fails: try again after 30 s", "rate_limit"),
	arms("any call: key refused (401)", "it fails, as with a wrong key", "unauthorized"),
	arms("any call: error (500)", "it fails after its retries", "fault"),
	arms("any call: a proxy's page (502)", "it fails after its retries", "page"),
	arms("any call: no response", "none comes; the client has to give up", "timeout"),
	arms("any call: connection breaks", "it fails after its retries", "reset"),
	arms("enroll: phone number refused", "it fails, and says why (422)", "phone_number"),
	arms("enroll: a field refused", "it fails, and names the field (422)", "fields"),
	arms("challenge: factor not found (404)", "it fails; the factor is still there", "not_found"),
	arms("challenge: SMS lost", "it works, but no message arrives", "lost_sms"),
	arms("code: challenge expired", "at verify or sign-in, as after 10 min", "expired"),
	arms("code: verified before", "at verify or sign-in, as used before", "verified"),
	arms("code: too many tries", "at verify or sign-in, as after 5 tries", "too_many_attempts"),
	{"clear armed failures", "the next calls work again", "armed failures cleared", func(l Lab) error { l.RemoveHooks(); return nil }},
	{"move the clock 30 seconds forward", "an authenticator shows its next code", "clock moved 30 seconds forward", moves30s},
	{"move the clock 10 minutes forward", "SMS and Generic OTP challenges expire", "clock moved 10 minutes forward", moves10m},
	{"reset the clock", "it matches this computer's again", "clock reset", func(l Lab) error { l.ResetClock(); return nil }},
}

func moves30s(l Lab) error { return l.MoveClock(30 * time.Second) }
func moves10m(l Lab) error { return l.MoveClock(10*time.Minute + time.Second) }

// armedSign begins what is said of a failure that is armed.
const armedSign = "armed: "

// arms makes the next call of a kind fail.
func arms(name, then, failure string) experiment {
	return experiment{name, then, armedSign + name, func(l Lab) error { return l.FailNext(failure) }}
}

func (s labScreen) title() trail { return factorsTrail("Lab") }

func (s labScreen) update(tea.Msg) (screen, tea.Cmd) { return s, nil }

func (s labScreen) view(w, _ int) string {
	const nameWidth = 34
	st := s.session.styles
	list, above := s.list()
	head := "Make the next call fail, to see what happens."
	if page, pages := list.Pages(); pages > 1 {
		head = fmt.Sprintf("Make calls fail · page %d of %d", page, pages)
	}
	return st.dim.Render(ansi.Truncate(head, w, "…")) + strings.Repeat("\n", above) + list.View(func(i int, chosen bool) string {
		line := st.text.Render(column(experiments[i].name, nameWidth))
		if w >= 70 {
			line += st.dim.Render("  " + experiments[i].then)
		}
		return st.line(chosen, line, w)
	})
}

// list is the experiments, and how many rows are above them.
func (s labScreen) list() (list widget.Picker, above int) {
	_, h := s.session.box()
	above = 1
	if h > 12 {
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
