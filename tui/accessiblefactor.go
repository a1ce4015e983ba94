package tui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// open is the step of one factor.
func (t *talk) open(id string) error {
	return until(func() error {
		r, ok := t.record(id)
		if !ok {
			return errBack
		}
		t.say("%s.", t.line(r))
		options := []option{{"d", "for details", func() error { t.sayDetails(r); return nil }}}
		if factors.CanChallenge(r.Type) {
			options = append([]option{{"c", "to challenge", func() error { return t.challengeFactor(r) }}}, options...)
		}
		if r.HasSecret() {
			options = append(options,
				option{"s", "to hear the secret", func() error { t.saySecret(r.TOTP); return nil }},
				option{"u", "to hear the otpauth address", func() error { t.quote(r.TOTP.URI); return nil }})
		}
		options = append(options,
			option{"e", "to edit the label", func() error { return t.label(r) }},
			option{"r", "to refresh", func() error { return t.refresh(r) }})
		if !gone(r) {
			options = append(options, option{"x", "to delete", func() error { return t.remove(r) }})
		}
		return t.choose("Choose. ", append(options,
			option{"f", "to forget here", func() error { return t.forget(r) }},
			option{"b", "to go back", goBack}, option{"q", "to quit", quit}), nil)
	})
}

func (t *talk) sayDetails(r store.Record) {
	for _, row := range t.Facts(r, func(at time.Time) string { return stamp(at) + ", " + words.Ago(at, t.Now()) }) {
		t.say("%s: %s.", row[0], row[1])
	}
}

func (t *talk) label(r store.Record) error {
	label, err := t.ask("Your own name for it; an empty line for none")
	if err != nil {
		return err
	}
	msg, err := run[labelSetMsg](t, "Saving.", t.setLabel(t.nextID(), r.ID, label))
	if failed := cmp.Or(msg.err, msg.saveErr); err == nil && failed != nil {
		t.say("Not saved: %s.", t.explain(failed))
	}
	return err
}

func (t *talk) refresh(r store.Record) error {
	msg, err := run[factorRefreshedMsg](t, "Refreshing.", t.refreshFactor(t.ctx, t.nextID(), r.ID))
	switch {
	case err != nil:
		return err
	case msg.err != nil:
		t.say("Not refreshed: %s.", t.explain(msg.err))
	case msg.saveErr != nil:
		t.say("Not saved: %s.", clean(msg.saveErr.Error()))
	case msg.gone:
		t.say("Gone: %s does not know this factor any more.", t.service())
	default:
		t.say("Refreshed.")
	}
	return nil
}

// remove deletes a factor once the person has typed yes.
func (t *talk) remove(r store.Record) error {
	yes, err := t.sure(newDeleteScreen(t.session, r, nil, nil))
	if err != nil || !yes {
		return err
	}
	msg, err := run[factorDeletedMsg](t, "Deleting.", t.deleteFactor(t.nextID(), r))
	if err != nil {
		return err
	}
	return t.ended(msg.late(t.session), msg.err == nil && msg.saveErr == nil)
}

// forget takes a factor off the list once the person has typed yes.
func (t *talk) forget(r store.Record) error {
	yes, err := t.sure(newRemoveScreen(t.session, nil, nil, r))
	if err != nil || !yes {
		return err
	}
	msg, err := run[factorsForgottenMsg](t, "Forgetting.", t.forgetFactors(t.nextID(), []string{r.ID}))
	if err != nil {
		return err
	}
	return t.ended(msg.late(t.session), msg.saveErr == nil)
}

// ended tells what became of a factor, and goes back where it is no more.
func (t *talk) ended(n notice, done bool) error {
	t.say("%s.", n.text)
	if done {
		return errBack
	}
	return nil
}

// sure asks what a question on the screen asks.
func (t *talk) sure(s confirmScreen) (bool, error) {
	t.say("%s %s. %s", s.question, strings.Join(strings.Fields(strings.ReplaceAll(s.names[0], " · ", ", ")), " "), s.warning)
	answer, err := t.ask("Type yes to do it, anything else for no")
	yes := strings.EqualFold(answer, "yes")
	if err == nil && !yes {
		t.say("Nothing was done.")
	}
	return yes, err
}

// challengeFactor starts a challenge, with the message of an SMS, and takes its code.
func (t *talk) challengeFactor(r store.Record) error {
	template := ""
	if r.Type == workos.SMS {
		if left := t.pauseLeft(r); left > 0 {
			t.say("%s.", pauseText(left))
			return nil
		}
		var err error
		if template, err = t.message(r); err != nil || template == "" {
			return err
		}
	}
	msg, err := run[challengeStartedMsg](t, "Starting a challenge.", t.startChallenge(t.ctx, t.nextID(), r, template))
	if err != nil {
		return err
	}
	t.pauseAfter(msg)
	if msg.err != nil {
		t.say("No challenge: %s.", t.explain(msg.err))
		return nil
	}
	if msg.saveErr != nil {
		t.say("The challenge is not in the factor's history: %s.", clean(msg.saveErr.Error()))
	}
	s, _ := newCodeScreen(t.session, msg.record, msg.challenge, msg.template, nil)
	return until(func() error { return t.code(&s) })
}

// message asks for the message of an SMS, empty to go back.
func (t *talk) message(r store.Record) (string, error) {
	s, _ := newMessageScreen(t.session, r, nil)
	for {
		answer, err := t.ask("Message, with %s where the code goes. Enter for %q, b to go back", factors.CodePlaceholder, factors.DefaultMessage)
		switch {
		case err != nil || strings.EqualFold(answer, "b"):
			return "", err
		case answer == "":
			return factors.DefaultMessage, nil
		}
		s.input.SetValue(answer)
		if s.problem() == "" {
			return answer, nil
		}
		t.say("%s.", s.problem())
	}
}

// code takes the code of a challenge. It goes back when the challenge is over.
func (t *talk) code(s *codeScreen) error {
	t.say("Enter the code %s. It %s.", s.source(), s.lasting())
	choices := "r for a new challenge, b to go back"
	if s.hasPhone() {
		choices = "o to hear it, " + choices
	}
	answer, err := t.ask("Six digits, or %s", choices)
	switch {
	case err != nil:
		return err
	case strings.EqualFold(answer, "b"):
		return errBack
	case strings.EqualFold(answer, "o") && s.hasPhone():
		return t.sayCode(s)
	case strings.EqualFold(answer, "r") && t.pauseLeft(s.record) > 0:
		t.say("%s.", pauseText(t.pauseLeft(s.record)))
		return nil
	case strings.EqualFold(answer, "r"):
		if err := t.challengeFactor(s.record); err != nil {
			return err
		}
		return errBack
	}
	input, completed, _ := widget.Code{}.Insert(answer)
	if !completed {
		t.say("A code has six digits.")
		return nil
	}
	msg, err := run[codeCheckedMsg](t, "Checking.", t.verifyCode(t.ctx, t.nextID(), s.record, s.challenge.ID, input.Value()))
	if err != nil {
		return err
	}
	return t.checked(s, msg)
}

// lasting is how long the challenge takes codes, in words.
func (s codeScreen) lasting() string {
	left := s.deadline.Sub(s.session.Now()).Round(time.Second)
	switch {
	case s.deadline.IsZero():
		return "does not expire"
	case left <= 0:
		return "has expired"
	}
	return fmt.Sprintf("expires in %d minutes and %d seconds", int(left.Minutes()), int(left.Seconds())%60)
}

// hasPhone reports whether the code can be read out here.
func (s codeScreen) hasPhone() bool {
	return s.challenge.Code != "" || s.session.Phone != nil && (s.record.SMS != nil || s.record.TOTP != nil)
}

// sayCode reads out what the test phone shows, or the code to deliver.
func (t *talk) sayCode(s *codeScreen) error {
	if s.challenge.Code != "" {
		t.say("Deliver this code: %s.", words.InHalves(s.challenge.Code))
		return nil
	}
	msg, err := run[phoneReadMsg](t, "The test phone says:", t.readPhone(0, s.record.Factor))
	switch {
	case err != nil:
		return err
	case msg.err != nil:
		t.say("%s.", clean(msg.err.Error()))
	case s.record.SMS != nil && msg.text == "":
		t.say("No message yet.")
	case s.record.SMS != nil:
		t.quote(msg.text)
	default:
		t.say("%s for %d seconds, then %s.", words.InHalves(msg.text), max(0, int(msg.until.Sub(t.Now()).Seconds())), words.InHalves(msg.next))
	}
	return nil
}

// checked tells what became of a code. It goes back unless another one may do.
func (t *talk) checked(s *codeScreen, msg codeCheckedMsg) error {
	if msg.err != nil {
		t.say("Not checked: %s.", t.explain(msg.err))
		return nil
	}
	s.record = msg.record
	switch msg.became {
	case store.OutcomeVerified:
		t.say("Verified. %s, challenge %s.", spokenName(msg.record), clean(msg.verification.Challenge.ID))
		if err := t.keep("The factor is verified", msg.record, msg.saveErr); err != nil {
			return err
		}
		return errBack
	case store.OutcomeWrongCode:
		s.tries++
		t.say("%s.", s.wrong())
		if text := s.clocks(false); text != "" {
			t.say("%s", text)
		}
	default:
		t.say("%s. Challenge it again for a new one.", factors.Ending(msg.became))
	}
	if msg.saveErr != nil {
		t.say("Not in the factor's history: %s.", clean(msg.saveErr.Error()))
	}
	if msg.became == store.OutcomeWrongCode {
		return nil
	}
	return errBack
}
