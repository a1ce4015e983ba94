package tui

import (
	"strconv"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// enroll is the step of the enrollment: its type, its details, its secret.
func (t *talk) enroll() error {
	var options []option
	for i, e := range enrollTypes {
		options = append(options, option{strconv.Itoa(i + 1), "for " + e.name + ", " + e.does, func() error { return t.details(e.factorType) }})
	}
	return t.choose("Which type of factor? ", append(options, option{"b", "to go back", func() error { return nil }}), nil)
}

// details asks for what a type of factor needs, as the form does, and enrolls it.
func (t *talk) details(factorType workos.FactorType) error {
	s := newEnrollFormScreen(t.session, factorType, workos.User{}, nil, nil)
	for i := range s.fields {
		given, err := t.field(s.fields[i])
		if err != nil || given == "" {
			return err
		}
		s.fields[i].input.SetValue(given)
	}
	msg, err := run[factorEnrolledMsg](t, "Enrolling.", t.enrollFactor(t.nextID(), s.opts()))
	switch {
	case err != nil:
		return err
	case msg.err != nil:
		t.say("Not enrolled: %s.", t.explain(msg.err))
		return nil
	}
	t.say("Enrolled. The id is %s.", clean(msg.record.ID))
	if err := t.keep("The factor is enrolled", msg.record, msg.saveErr); err != nil {
		return err
	}
	if msg.record.HasSecret() {
		t.saySecret(msg.record.TOTP)
	}
	return t.open(msg.record.ID)
}

// field asks for a field until it is right. An empty answer goes back.
func (t *talk) field(f field) (string, error) {
	for {
		answer, err := t.ask("%s, %s; an empty line goes back", f.label, f.hint)
		if err != nil || answer == "" {
			return "", err
		}
		p := f.check(answer)
		if p.text == "" {
			if f.wire == "phone_number" {
				text, _ := phoneRemark(t.styles, answer, f.hint)
				t.say("%s.", text)
			}
			return answer, nil
		}
		t.say("%s %s.", f.label, p.text)
	}
}

// saySecret reads a secret out, in place of the QR code.
func (t *talk) saySecret(totp *workos.TOTPDetails) {
	t.say("Type this secret into your authenticator app, in groups of four: %s.", words.InFours(clean(totp.Secret)))
}
