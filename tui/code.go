package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// codeScreen takes the code of a challenge. Beside it is the test phone of the
// local engine, or the code of a Generic OTP factor, which the caller delivers.
// codeview.go draws it.
type codeScreen struct {
	session   *session
	record    store.Record
	challenge workos.Challenge
	template  string // of the SMS, to resend it
	back      navigate

	input    widget.Code
	remark   notice // under the cells, until the next key: what is wrong with the code
	tries    int
	closed   bool      // the challenge takes no more codes
	began    time.Time // by this machine's clock
	deadline time.Time // by the same; zero for TOTP
	phone    phonePanel
	fresh    func(codeScreen) (screen, tea.Cmd) // what waits for the authenticator's new code
	clock    int
	showing  int // which time the phone's code is shown
}

func newCodeScreen(s *session, r store.Record, c workos.Challenge, template string, back navigate) (codeScreen, tea.Cmd) {
	code := codeScreen{
		session: s, record: r, challenge: c, template: template, back: back, clock: s.nextID(), began: s.Now(), deadline: factors.Deadline(c, s.Now()),
	}
	var read tea.Cmd
	code.phone, read = newPhonePanel(s, code.clock, r, c)
	return code, tea.Batch(read, s.tick(code.clock))
}

func (s codeScreen) title() trail { return s.session.factorTrail(s.record, "Code") }

func (s codeScreen) steps() steps { return s.session.laterSteps(s.record, 3) }

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
		s.phone.open = s.phone.open && (s.session.serves() || !msg.ends(s.showing))
		return s, nil
	case phoneFoundMsg:
		phone, read := newPhonePanel(s.session, s.clock, s.record, s.challenge)
		phone.open, phone.closed = s.phone.open, s.closed // a Generic OTP code is shown already
		s.phone = phone
		return s, read
	case phoneReadMsg:
		if msg.clock == s.clock {
			return s.phoneRead(msg)
		}
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
	if input == s.input && !refused && !completed {
		return s, nil
	}
	s.input, s.remark = input, notice{}
	switch {
	case completed:
		return s.submit()
	case refused:
		s.remark = notice{warning, "Digits only"}
	}
	return s, nil
}

func (s codeScreen) actions() []action {
	again := "new challenge"
	if s.record.Type == workos.SMS {
		again = "resend"
	}
	return []action{
		{keyVerify, !s.closed, shownIf(s.input.Complete() && s.input.Verdict() != widget.Wrong), s.submit},
		{as(keyAgain, "r", again), true, shown, s.again},
		{keyFill, s.phone.there && !s.closed, shownIf(s.phone.fills()), s.fill},
		{as(keyCode, "o", showOrHide(s.phone.open)+" code"), s.phone.hides(), shown | whileBusy, s.toggle},
		{keyCopyCode, s.phone.code != "", shown | whileBusy, s.copyCode},
		{keyBack, true, shown, s.back},
	}
}

// typing treats the code as text, so that a stray q does not quit.
func (s codeScreen) typing() typing { return digitsTyped }

func (s codeScreen) submit() (screen, tea.Cmd) {
	if s.input.Verdict() == widget.Wrong {
		return s, say(warning, "type the next code") // what is wrong with this one stays under it
	}
	if _, err := factors.CheckCode(s.input.Value()); err != nil {
		s.remark = notice{warning, remarkText(err.Error())}
		return s, nil
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

// fill verifies the code of the phone, as if it were pasted.
func (s codeScreen) fill() (screen, tea.Cmd) {
	if !s.phone.fills() {
		s.remark = notice{warning, "No message yet"}
		if s.record.SMS == nil {
			s.remark.text = "The phone shows no code"
		}
		return s, nil
	}
	return s.withCode(func(s codeScreen) (screen, tea.Cmd) {
		return s.typed(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(s.phone.code), Paste: true})
	})
}

func (s codeScreen) copyCode() (screen, tea.Cmd) {
	return s.withCode(func(s codeScreen) (screen, tea.Cmd) {
		return s, s.session.copySecret("code", s.phone.code)
	})
}

// withCode does something with the code of the phone, once that is read again if it has
// changed.
func (s codeScreen) withCode(do func(codeScreen) (screen, tea.Cmd)) (screen, tea.Cmd) {
	if !s.phone.stale(s.session) {
		return do(s)
	}
	s.fresh = do
	return s, s.phone.load(s.session, s.clock)
}

// phoneRead shows what was read, and does what waited for it.
func (s codeScreen) phoneRead(msg phoneReadMsg) (screen, tea.Cmd) {
	do := s.fresh
	s.phone, s.fresh = s.phone.read(msg), nil
	if msg.sms != "" && s.session.serves() {
		s.session.live.onPhone = s.challenge.ID
		s.session.live.saw()
	}
	if do == nil || msg.err != nil || s.session.busy() {
		return s, nil
	}
	return do(s)
}

// checked follows a verification: it goes to the result, or stays for the next try.
func (s codeScreen) checked(msg codeCheckedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, "the code was not checked: "+s.session.explain(msg.err)+" · enter tries again")
	}
	s.record, s.tries = msg.Record, msg.WrongCodes
	if msg.Result == store.OutcomeVerified {
		next := resultScreen{
			session: s.session, record: msg.Record, verification: msg.Verification,
			code: s.input.Judged(widget.Right), answered: factors.Answered(s.session.Now().Sub(s.began), s.tries),
		}
		return s.session.unlessUnsaved(show(next), "The factor is verified", msg.Record, msg.SaveErr)
	}
	s.input = s.input.Judged(widget.Wrong)
	if msg.Result == store.OutcomeWrongCode {
		s.remark = notice{failure, remarkText(s.session.WrongCode(s.record, s.tries))}
	} else {
		s.closed, s.phone.closed = true, true
		s.remark = notice{failure, remarkText(msg.Ending()) + ". Press r for a new one"}
	}
	if msg.SaveErr != nil {
		return s, say(warning, "not in the factor's history: "+words.Clean(msg.SaveErr.Error()))
	}
	return s, nil
}
