package accessible

import (
	"cmp"
	"fmt"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// attempt is a challenge whose code is asked for.
type attempt struct {
	record    store.Record
	challenge workos.Challenge
	message   string // of an SMS, to resend it
	began     time.Time
	deadline  time.Time // zero if the challenge does not expire
	wrong     int       // how many codes were
}

// challenge is the step of a challenge: the message of an SMS, and the code.
func (s *session) challenge(r store.Record) error {
	message := ""
	if r.Type == workos.SMS {
		if s.pausing(r) {
			return nil
		}
		var err error
		if message, err = s.message(r); err != nil || message == "" {
			return err
		}
	}
	a, err := s.start(r, message)
	if err != nil || a == nil {
		return err
	}
	return until(func() error { return s.code(a) })
}

// pausing reports whether no message can be sent to a phone yet, and says so.
func (s *session) pausing(r store.Record) bool {
	left := s.pauses.Left(r.ID, s.Now())
	if left > 0 {
		s.say(factors.PauseText(left))
	}
	return left > 0
}

// message asks for the message of an SMS, empty to go back.
func (s *session) message(r store.Record) (string, error) {
	s.say("to "+factors.SentTo(r.Factor), s.SendRemark())
	text, err := s.askWithPreset("message", "with "+factors.CodePlaceholder+" where the code goes", factors.DefaultMessage, factors.CheckMessage)
	if text != "" {
		s.say(factors.MessageSize(text), factors.MessageRemark(text))
	}
	return text, err
}

// start starts a challenge. It returns nil if that failed, after saying why.
func (s *session) start(r store.Record, message string) (*attempt, error) {
	s.say("starting a challenge")
	done, err := s.Challenge(s.ctx, r, message)
	s.pauses.Begin(r, err, s.Now())
	if err != nil {
		return nil, s.failed("the challenge could not be started", err)
	}
	return &attempt{done.Record, done.Challenge, message, s.Now(), factors.Deadline(done.Challenge, s.Now()), 0},
		s.failed("the challenge is not in the factor's history", done.SaveErr)
}

// code is the step that asks for the code of a challenge. It goes back when the
// challenge is closed.
func (s *session) code(a *attempt) error {
	s.findPhone()
	s.say("enter the code "+factors.CodeSource(a.record.Factor), a.lasts(s.Now()))
	again := "for a new challenge"
	if a.record.Type == workos.SMS {
		again = "to resend"
	}
	known := a.challenge.Code != "" || s.Phone != nil && (a.record.SMS != nil || a.record.TOTP != nil)
	return s.choose(s.backAnd(
		option{"o", known, "to hear it", func() error { return s.sayCode(a) }},
		option{"f", known, "to fill it in", func() error { return s.fill(a) }},
		option{"r", true, again, func() error { return s.again(a) }},
	), "Six digits", func(answer string) (func() error, bool) {
		return func() error { return s.verify(a, answer) }, true
	})
}

// findPhone looks for the test phone of a server, once.
func (s *session) findPhone() {
	if s.Phone == nil && s.FindPhone != nil {
		s.Phone, s.FindPhone = s.FindPhone(s.ctx), nil
	}
}

// lasts says how long the code may be used: until the challenge expires, or the app shows
// the next one.
func (a *attempt) lasts(now time.Time) string {
	left := a.deadline.Sub(now).Round(time.Second)
	switch {
	case a.record.Type == workos.TOTP:
		return "the app shows a new code in " + words.Span(factors.NextCode(now))
	case a.deadline.IsZero():
		return ""
	case left <= 0:
		return "the challenge has expired"
	}
	return fmt.Sprintf("the challenge expires in %d minutes and %d seconds", int(left.Minutes()), int(left.Seconds())%60)
}

// again replaces a challenge by a new one.
func (s *session) again(a *attempt) error {
	if s.pausing(a.record) {
		return nil
	}
	next, err := s.start(a.record, a.message)
	if next != nil {
		*a = *next
	}
	return err
}

// sayCode reads out what the test phone shows, or the code to deliver.
func (s *session) sayCode(a *attempt) error {
	if a.challenge.Code != "" {
		s.say("deliver this code: " + words.InHalves(a.challenge.Code))
		return nil
	}
	s.say("the test phone says:")
	on, err := s.look(a)
	switch {
	case on == nil:
		return err
	case a.record.SMS != nil:
		s.quote(cmp.Or(on.message, "No message yet."))
	default:
		s.say(fmt.Sprintf("%s for %d seconds, then %s", words.InHalves(on.code), max(0, int(on.until.Sub(s.Now()).Seconds())), words.InHalves(on.next)))
	}
	return nil
}

// fill verifies the code that sayCode reads out.
func (s *session) fill(a *attempt) error {
	on, err := s.look(a)
	switch {
	case on == nil:
		return err
	case on.code == "":
		s.say("no message yet")
		return nil
	}
	return s.verify(a, on.code)
}

// seen is what is on the test phone.
type seen struct {
	message, code, next string
	until               time.Time
}

// look looks at the test phone. It returns nil if that failed, after saying why.
func (s *session) look(a *attempt) (*seen, error) {
	ctx, cancel := factors.Bounded(s.ctx)
	defer cancel()
	var on seen
	var err error
	switch {
	case a.challenge.Code != "":
		on.code = a.challenge.Code
	case a.record.SMS != nil:
		on.message, on.code, err = s.Phone.SMS(ctx, a.challenge.ID)
	default:
		on.code, on.next, on.until, err = s.Phone.AuthenticatorCode(ctx, a.record.ID)
	}
	if err != nil {
		return nil, s.failed("the test phone can't be read", err)
	}
	return &on, nil
}

// verify checks a code. It goes back unless the challenge takes another one.
func (s *session) verify(a *attempt, code string) error {
	if _, err := factors.CheckCode(code); err != nil {
		s.say(err.Error())
		return nil
	}
	s.say("checking")
	done, err := s.Verify(s.ctx, a.record, a.challenge.ID, code)
	if err != nil {
		return s.failed("not checked", err)
	}
	a.record, a.wrong = done.Record, done.WrongCodes
	switch done.Result {
	case store.OutcomeVerified:
		s.say("verified: "+name(a.record)+", ID "+words.Clean(a.record.ID)+", challenge "+words.Clean(done.Verification.Challenge.ID),
			"answered "+factors.Answered(s.Now().Sub(a.began), a.wrong), "challenges: "+factors.VerifiedCount(a.record.History))
		if err := s.keep("the factor is verified", done.Done); err != nil {
			return err
		}
		return errBack
	case store.OutcomeWrongCode:
		s.say(s.WrongCode(a.record, a.wrong))
		advice, why := s.WrongCodeAdvice(a.record, a.wrong)
		s.say(words.Join(": ", advice, why))
	default:
		s.say(done.Ending(), "challenge it again for a new code")
		err = errBack
	}
	return cmp.Or(s.failed("not in the factor's history", done.SaveErr), err)
}
