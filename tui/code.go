package tui

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// codeScreen takes the code of a challenge. Beside it is the test phone of the
// local engine, or the code that the caller of a generic factor has to deliver.
type codeScreen struct {
	session   *session
	record    store.Record
	challenge workos.Challenge
	template  string // of the SMS, for sending it again
	back      navigate

	input    widget.Code
	tries    int
	over     bool      // the challenge takes no more codes
	deadline time.Time // by this machine's clock; zero for TOTP
	phone    phonePanel
	clock    int
	showing  int // names this showing of the phone's code
}

func newCodeScreen(d *session, r store.Record, c workos.Challenge, template string, back navigate) (codeScreen, tea.Cmd) {
	s := codeScreen{
		session: d, record: r, challenge: c, template: template, back: back, clock: d.nextID(), deadline: factors.Deadline(c, d.Now()),
	}
	var read tea.Cmd
	s.phone, read = newPhonePanel(d, s.clock, r, c)
	return s, tea.Batch(read, s.next())
}

// next lets the clock go on while something on the screen counts.
func (s codeScreen) next() tea.Cmd {
	if s.deadline.IsZero() && !s.phone.counts() && s.clocks(false) == "" {
		return nil
	}
	return s.session.tick(s.clock)
}

func (s codeScreen) title() trail { return factorsTrail(factorName(s.record), "Code") }

func (s codeScreen) steps() steps { return laterSteps(s.record, 3) }

func (s codeScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tickMsg:
		if msg.clock != s.clock {
			return s, nil
		}
		return s, tea.Batch(s.phone.refresh(s.session, s.clock), s.next())
	case hideMsg:
		s.phone.open = s.phone.open && msg.showing != s.showing
		return s, nil
	case phoneReadMsg:
		if msg.clock == s.clock {
			s.phone = s.phone.read(msg)
		}
		return s, nil
	case challengeStartedMsg:
		return s.session.challenged(s, msg, s.back)
	case codeCheckedMsg:
		return s.checked(msg)
	case tea.KeyMsg:
		return s.typed(msg)
	}
	return s, nil
}

// typed gives a key to the cells.
func (s codeScreen) typed(msg tea.KeyMsg) (screen, tea.Cmd) {
	if s.over {
		return s, nil
	}
	input, completed, refused := s.input.Update(msg)
	s.input = input
	switch {
	case completed:
		return s.submit()
	case refused:
		return s, say(warning, "only digits go into a code")
	}
	return s, nil
}

func (s codeScreen) view(w, h int) string {
	st := s.session.styles
	cells := s.input.View(widget.CodeStyles{Cell: st.dim, Current: st.accent, Digit: st.title}, !s.over && !s.session.busy())
	prompt := "Enter the code " + factors.CodeSource(s.record.Factor)
	if lipgloss.Width(prompt) > w {
		prompt = "Code " + factors.CodeSource(s.record.Factor)
	}
	leftWidth, panelWidth := min(w, 42), 32
	left := column(st.text.Render(prompt), leftWidth) + "\n" // so that the panel stays where it is
	if h > 10 {
		left += "\n"
	}
	left += cells + "\n" + st.dim.Render(ansi.Wrap(s.state(), leftWidth, " "))
	if clocks := s.clocks(h <= 10); clocks != "" {
		left += "\n" + st.warning.Render(ansi.Wrap("! "+clocks, leftWidth, " "))
	}
	if leftWidth+3+panelWidth > w {
		panelWidth = w
	}
	return beside(left, s.phone.view(s.session, panelWidth, h), w)
}

func (s codeScreen) actions() []action {
	again, code := "new challenge", "show code"
	if s.record.Type == workos.SMS {
		again = "resend"
	}
	if s.phone.open {
		code = "hide code"
	}
	readable := !s.over && s.phone.hides()
	return []action{
		{keyVerify, !s.over && s.input.Complete(), shown, s.submit},
		{as(keyAgain, "r", again), true, shown, s.again},
		{as(keyCode, "o", code), readable, shown | whileBusy, s.toggle},
		{keyCopyCode, readable, shown | whileBusy, s.copyCode},
		{keyBack, true, shown, s.back},
	}
}

// typing counts the code as text, so that a stray q does not quit.
func (s codeScreen) typing() typing { return digitsTyped }

func (s codeScreen) submit() (screen, tea.Cmd) {
	ctx, id := s.session.begin("Checking code…")
	return s, s.session.verifyCode(ctx, id, s.record, s.challenge.ID, s.input.Value())
}

func (s codeScreen) again() (screen, tea.Cmd) {
	if left := s.session.pauseLeft(s.record); left > 0 {
		return s, say(warning, factors.PauseText(left))
	}
	return s, s.session.sendChallenge("Starting a new challenge…", s.record, s.template)
}

// toggle opens the phone, or hides its code again.
func (s codeScreen) toggle() (screen, tea.Cmd) {
	counted := s.next() != nil
	s.phone.open = !s.phone.open
	cmds := []tea.Cmd{s.phone.refresh(s.session, s.clock)}
	if s.phone.open {
		s.showing = s.session.nextID()
		cmds = append(cmds, s.session.hideLater(s.showing))
	}
	if !counted {
		cmds = append(cmds, s.next())
	}
	return s, tea.Batch(cmds...)
}

func (s codeScreen) copyCode() (screen, tea.Cmd) {
	return s, s.session.copySecret("code", s.phone.code)
}

// checked follows a verification: to the result, or on with the next try.
func (s codeScreen) checked(msg codeCheckedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, "not checked: "+s.session.explain(msg.err)+" · enter tries again")
	}
	s.record = msg.record
	if msg.became == store.OutcomeVerified {
		next := newResultScreen(s.session, msg.record, msg.verification)
		return s.session.unlessUnsaved(next, "The factor is verified", msg.record, msg.saveErr)
	}
	s.input = widget.Code{}
	counted := s.next() != nil
	var what string
	switch msg.became {
	case store.OutcomeWrongCode:
		s.tries++
		what = strings.Join(s.session.WrongCode(s.record, s.tries), " · ")
	default:
		s.over, what = true, factors.Ending(msg.became)+" · r starts a new one"
	}
	if msg.saveErr != nil {
		what += " (not in the factor's history: " + clean(msg.saveErr.Error()) + ")"
	}
	if counted {
		return s, say(failure, what)
	}
	return s, tea.Batch(say(failure, what), s.next())
}

// state is what is below the cells: what is over, how long is left, how often
// was tried.
func (s codeScreen) state() string {
	var text string
	switch left := s.deadline.Sub(s.session.Now()).Round(time.Second); {
	case s.over:
		text = "over · r starts anew"
	case s.deadline.IsZero():
		text = "does not expire"
	case left <= 0:
		text = "expired · r starts anew"
	default:
		text = fmt.Sprintf("expires in %d:%02d", int(left.Minutes()), int(left.Seconds())%60)
	}
	if s.tries > 0 {
		text += " · " + english.Plural(s.tries, "wrong code", "")
	}
	if left := s.session.pauseLeft(s.record); left > 0 && !s.over {
		text += fmt.Sprintf("\nr sends anew in %d s", int(left.Seconds()))
	}
	return text
}

// clocks compares the clocks once two codes in a row were wrong; empty before.
func (s codeScreen) clocks(short bool) string {
	advice, compared := s.session.ClockAdvice(s.record, s.tries)
	if advice == "" || short {
		return compared
	}
	return advice + ": " + compared
}
