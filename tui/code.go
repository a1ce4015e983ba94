package tui

import (
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// codeScreen takes the code of a challenge. Beside it is the test phone of the
// local engine, or the code that the caller of a generic factor has to deliver.
type codeScreen struct {
	session *session
	work
	record    store.Record
	challenge workos.Challenge
	template  string // of the SMS, for sending it again
	back      way

	input    codeInput
	tries    int
	over     bool      // the challenge takes no more codes
	deadline time.Time // by this machine's clock; zero for TOTP
	phone    phonePanel
	clock    int
	showing  int // names this showing of the phone's code
}

func newCodeScreen(d *session, r store.Record, c workos.Challenge, template string, back way) (codeScreen, tea.Cmd) {
	s := codeScreen{session: d, record: r, challenge: c, template: template, back: back, clock: d.nextID()}
	if !c.ExpiresAt.IsZero() {
		s.deadline = c.ExpiresAt
		if !c.CreatedAt.IsZero() { // count from now, so that a wrong clock here does not show
			s.deadline = d.Now().Add(c.ExpiresAt.Sub(c.CreatedAt))
		}
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
		s.work = work{}
		return s.session.challenged(s, msg, s.back)
	case codeCheckedMsg:
		s.work = work{}
		return s.checked(msg)
	case tea.KeyMsg:
		return s.press(msg)
	}
	return s, nil
}

func (s codeScreen) press(msg tea.KeyMsg) (screen, tea.Cmd) {
	if next, cmd, ok := s.actions().press(msg); ok {
		return next, cmd
	}
	if s.busy() || s.over {
		return s, nil
	}
	input, completed, refused := s.input.update(msg)
	s.input = input
	switch {
	case completed:
		return s.submit()
	case refused:
		return s, say(warning, "only digits go into a code")
	}
	return s, nil
}

func (s codeScreen) actions() actions {
	shown := "show code"
	if s.phone.open {
		shown = "hide code"
	}
	return actions{
		{keyCancel, s.busy(), s.stop},
		{keyVerify, !s.busy() && !s.over && s.input.complete(), s.submit},
		{keyAgain, !s.busy(), s.again},
		{as(keyCode, "o", shown), !s.over && s.phone.hides(), s.toggle},
		{keyCopyCode, !s.over && s.phone.hides(), s.copyCode},
		{keyBack, !s.busy(), s.back},
	}
}

// help counts the code as text, so that a stray q does not quit.
func (s codeScreen) help() help {
	h := s.actions().help(true)
	h.digits = true
	return h
}

func (s codeScreen) submit() (screen, tea.Cmd) {
	w, ctx := s.session.begin("Checking code…")
	s.work = w
	return s, s.session.verifyCode(ctx, w.id, s.record, s.challenge.ID, s.input.value())
}

func (s codeScreen) again() (screen, tea.Cmd) {
	if left := s.session.pauseLeft(s.record); left > 0 {
		return s, say(warning, pauseText(left))
	}
	w, ctx := s.session.begin("Starting a new challenge…")
	s.work = w
	return s, s.session.startChallenge(ctx, w.id, s.record, s.template)
}

func (s codeScreen) stop() (screen, tea.Cmd) {
	s.cancel()
	s.work = work{}
	return s, say(plain, "cancelled")
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
	s.input = codeInput{}
	counted := s.next() != nil
	var what string
	switch msg.became {
	case store.OutcomeWrongCode:
		s.tries++
		what = s.wrong()
	default:
		s.over, what = true, endings[msg.became]+" · r starts a new one"
	}
	if msg.saveErr != nil {
		what += " (not in the factor's history: " + clean(msg.saveErr.Error()) + ")"
	}
	if counted {
		return s, say(failure, what)
	}
	return s, tea.Batch(say(failure, what), s.next())
}

// endings are the words for a challenge that takes no more codes.
var endings = map[store.Outcome]string{
	store.OutcomeExpired:         "the challenge has expired",
	store.OutcomeAlreadyVerified: "the challenge was verified before, and a code is good only once",
	store.OutcomeTooManyAttempts: "too many wrong codes on this challenge",
}

// codeLife is how long an authenticator's code may still be taken, with a step
// of drift on either side: a code that was used before may be typed that long.
const codeLife = 90 * time.Second

// wrong says that a code was wrong, and the usual cause.
func (s codeScreen) wrong() string {
	what := "wrong code, " + count(s.tries, "try", "tries") + " so far"
	switch {
	case s.record.Type != workos.TOTP:
	case s.session.Now().Sub(s.record.VerifiedAt) < codeLife:
		return what + " · a code is good only once: wait for the next one"
	}
	return what + " · type the next one, or r for a new challenge"
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func (s codeScreen) view(w, h int) string {
	st := s.session.styles
	cells := s.input.view(st, !s.over && !s.busy())
	prompt := "Enter the code " + s.source()
	if lipgloss.Width(prompt) > w {
		prompt = "Code " + s.source()
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

// source says where the code comes from.
func (s codeScreen) source() string {
	switch {
	case s.record.SMS != nil:
		return "sent to " + fullPhone(s.record.SMS.PhoneNumber)
	case s.record.Type == workos.GenericOTP:
		return "that you delivered"
	}
	return "from your authenticator app"
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
		text += " · " + count(s.tries, "wrong code", "wrong codes")
	}
	if left := s.session.pauseLeft(s.record); left > 0 && !s.over {
		text += fmt.Sprintf("\nr sends anew in %d s", int(left.Seconds()))
	}
	return text
}

// clocks compares the clocks once two codes of an authenticator in a row were
// wrong, since a wrong clock is the usual cause; empty before.
func (s codeScreen) clocks(short bool) string {
	if s.record.Type != workos.TOTP || s.tries < 2 {
		return ""
	}
	text := "here it is " + s.session.Now().UTC().Format("15:04:05 UTC")
	if !short {
		text = "A wrong clock is the usual cause. H" + text[1:]
	}
	skew, known := s.session.API.ClockSkew()
	switch service := s.session.service(); {
	case !known:
		return text + "."
	case skew.Abs() <= time.Second && short:
		return text + ", as at " + service
	case skew.Abs() <= time.Second:
		return text + ", as at " + service + ": look at the phone's."
	case skew > 0:
		return fmt.Sprintf("%s, %s behind %s: set this machine's.", text, skew, service)
	default:
		return fmt.Sprintf("%s, %s ahead of %s: set this machine's.", text, skew.Abs(), service)
	}
}
