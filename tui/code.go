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
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// codeScreen takes the code of a challenge. Beside it is the test phone of the
// local engine, or the code of a Generic OTP factor, which the caller delivers.
type codeScreen struct {
	session   *session
	record    store.Record
	challenge workos.Challenge
	template  string // of the SMS, to resend it
	back      navigate

	input    widget.Code
	tries    int
	closed   bool      // the challenge takes no more codes
	deadline time.Time // by this machine's clock; zero for TOTP
	phone    phonePanel
	clock    int
	showing  int // which time the phone's code is shown
}

func newCodeScreen(s *session, r store.Record, c workos.Challenge, template string, back navigate) (codeScreen, tea.Cmd) {
	code := codeScreen{
		session: s, record: r, challenge: c, template: template, back: back, clock: s.nextID(), deadline: factors.Deadline(c, s.Now()),
	}
	var read tea.Cmd
	code.phone, read = newPhonePanel(s, code.clock, r, c)
	return code, tea.Batch(read, s.tick(code.clock))
}

func (s codeScreen) title() trail { return factorsTrail(factorName(s.record), "Code") }

func (s codeScreen) steps() steps { return laterSteps(s.record, 3) }

func (s codeScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		s.record = s.session.latest(s.record)
	case tickMsg:
		if msg.clock != s.clock {
			return s, nil
		}
		return s, tea.Batch(s.phone.refresh(s.session, s.clock), s.session.tick(s.clock))
	case hideMsg:
		s.phone.open = s.phone.open && !msg.ends(s.showing)
		return s, nil
	case phoneFoundMsg:
		phone, read := newPhonePanel(s.session, s.clock, s.record, s.challenge)
		phone.open = s.phone.open // a Generic OTP code is shown already
		s.phone = phone
		return s, read
	case phoneReadMsg:
		if msg.clock == s.clock {
			s.phone = s.phone.read(msg)
		}
		return s, nil
	case challengeStartedMsg:
		return s.session.onChallengeStarted(s, msg, s.back)
	case codeCheckedMsg:
		return s.checked(msg)
	case tea.KeyMsg:
		return s.typed(msg)
	}
	return s, nil
}

// typed gives a key to the cells.
func (s codeScreen) typed(msg tea.KeyMsg) (screen, tea.Cmd) {
	if s.closed {
		return s, nil
	}
	input, completed, refused := s.input.Update(msg)
	s.input = input
	switch {
	case completed:
		return s.submit()
	case refused:
		return s, say(warning, "digits only")
	}
	return s, nil
}

func (s codeScreen) view(w, h int) string {
	st := s.session.styles
	cells := s.input.View(widget.CodeStyles{Cell: st.dim, Current: st.accent, Digit: st.title}, !s.closed && !s.session.busy())
	prompt := "Enter the code " + factors.CodeSource(s.record.Factor)
	if lipgloss.Width(prompt) > w {
		prompt = "Code " + factors.CodeSource(s.record.Factor)
	}
	leftWidth := min(w, 42)
	left := column(st.text.Render(prompt), leftWidth) + "\n" // keeps the panel in place
	state := s.state()
	if h > 10 {
		left += "\n"
	} else {
		state = strings.ReplaceAll(state, "\n", " · ")
	}
	left += cells + "\n" + st.dim.Render(ansi.Wrap(state, leftWidth, " "))
	phone := s.phoneView(left, leftWidth, w, h)
	for _, note := range s.clocks() {
		const rowsBelow = 2 // a notice may cover them, and must not cover the phone's code
		with := beside(left+"\n"+st.warning.Render(ansi.Wrap("! "+note, leftWidth, " ")), phone, w)
		if lipgloss.Height(with) <= h-rowsBelow {
			return with
		}
	}
	return beside(left, phone, w)
}

// phoneView draws the phone in a box if it fits beside or below left, else as text where
// most of it fits.
func (s codeScreen) phoneView(left string, leftWidth, w, h int) string {
	room, below := w-leftWidth-besideGap, h-lipgloss.Height(left)
	const panelWidth = 32
	boxWidth := panelWidth
	if boxWidth > room {
		boxWidth = w
	}
	if box := s.phone.box(s.session, boxWidth); h > 10 && lipgloss.Height(beside(left, box, w)) <= h {
		return box
	}
	if room >= panelWidth && room*h > w*below {
		return s.phone.plain(s.session, room, h)
	}
	return s.phone.plain(s.session, w, below)
}

func (s codeScreen) actions() []action {
	again, code := "new challenge", "show code"
	if s.record.Type == workos.SMS {
		again = "resend"
	}
	if s.phone.open {
		code = "hide code"
	}
	readable := s.phone.hides()
	return []action{
		{keyVerify, !s.closed, shownIf(s.input.Complete()), s.submit},
		{as(keyAgain, "r", again), true, shown, s.again},
		{as(keyCode, "o", code), readable, shown | whileBusy, s.toggle},
		{keyCopyCode, readable, shown | whileBusy, s.copyCode},
		{keyBack, true, shown, s.back},
	}
}

// typing treats the code as text, so that a stray q does not quit.
func (s codeScreen) typing() typing { return digitsTyped }

func (s codeScreen) submit() (screen, tea.Cmd) {
	if _, err := factors.CheckCode(s.input.Value()); err != nil {
		return s, say(warning, err.Error())
	}
	return s, s.session.verifyCode(s.record, s.challenge.ID, s.input.Value())
}

func (s codeScreen) again() (screen, tea.Cmd) {
	if left := s.session.pauseLeft(s.record); left > 0 {
		return s, say(warning, factors.PauseText(left))
	}
	return s, s.session.startChallenge("Starting a new challenge…", s.record, s.template)
}

// toggle shows or hides the code on the phone.
func (s codeScreen) toggle() (screen, tea.Cmd) {
	s.phone.open = !s.phone.open
	cmd := s.phone.refresh(s.session, s.clock)
	if s.phone.open {
		s.showing = s.session.nextID()
		cmd = tea.Batch(cmd, s.session.hideLater(s.showing))
	}
	return s, cmd
}

func (s codeScreen) copyCode() (screen, tea.Cmd) {
	return s, s.session.copySecret("code", s.phone.code)
}

// checked follows a verification: it goes to the result, or stays for the next try.
func (s codeScreen) checked(msg codeCheckedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, "the code was not checked: "+s.session.explain(msg.err)+" · enter tries again")
	}
	s.record = msg.Record
	if msg.Result == store.OutcomeVerified {
		next := resultScreen{s.session, msg.Record, msg.Verification}
		return s.session.unlessUnsaved(next, "The factor is verified", msg.Record, msg.SaveErr)
	}
	s.input, s.tries = widget.Code{}, msg.WrongCodes
	var what string
	switch msg.Result {
	case store.OutcomeWrongCode:
		what = strings.Join(s.session.WrongCode(s.record, s.tries), " · ")
	default:
		s.closed, what = true, factors.Ending(msg.Result)+" · r starts a new one"
	}
	if msg.SaveErr != nil {
		what += " (not in the factor's history: " + words.Clean(msg.SaveErr.Error()) + ")"
	}
	return s, say(failure, what)
}

// state is the text below the cells: how long the challenge is open, how many codes
// were wrong, when the person can resend.
func (s codeScreen) state() string {
	var text []string
	switch left := s.deadline.Sub(s.session.Now()).Round(time.Second); {
	case s.closed:
		text = append(text, "this challenge is closed", "r starts a new one")
	case s.deadline.IsZero(): // it does not expire
	case left <= 0:
		text = append(text, "expired", "r starts a new one")
	default:
		text = append(text, fmt.Sprintf("expires in %d:%02d", int(left.Minutes()), int(left.Seconds())%60))
	}
	if s.tries > 0 {
		text = append(text, english.Plural(s.tries, "wrong code", ""))
	}
	state := strings.Join(text, " · ")
	if left := s.session.pauseLeft(s.record); left > 0 && !s.closed {
		state += fmt.Sprintf("\nresend (r) in %d s", int(left.Seconds()))
	}
	return state
}

// clocks are notes on the clocks once two codes in a row were wrong, the longest
// first: the view shows the first that fits. There are none before.
func (s codeScreen) clocks() []string {
	advice, compared := s.session.ClockAdvice(s.record, s.tries)
	if advice == "" {
		return nil
	}
	return []string{advice + ": " + compared, advice}
}
