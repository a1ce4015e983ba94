package accessible

import (
	"errors"
	"strconv"
	"strings"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// nobody is the owner of a factor that is enrolled for no user.
var nobody workos.User

// enroll is the step of an enrollment, for a user or for nobody: its type, its
// details, its first verification.
func (s *session) enroll(user workos.User) error {
	var types []option
	whose := ""
	if name := factors.UserName(user); name != "" {
		whose = " for " + name
	}
	s.say("which type of factor" + whose + "?")
	for i, kind := range factors.Kinds() {
		s.say(kind.Name+": "+kind.Does, kind.When, kind.Needs)
		types = append(types, option{strconv.Itoa(i + 1), true, "for " + kind.Name, func() error { return s.form(kind.Type, user) }})
	}
	return stay(s.choose(s.backAnd(types...), "", nil))
}

// form asks for what a type of factor needs, and enrolls it.
func (s *session) form(t workos.FactorType, user workos.User) error {
	opts, label, err := s.askForm(t, user)
	switch {
	case errors.Is(err, errBack):
		return nil
	case errors.Is(err, errEnd):
		s.say("ended", "nothing was enrolled")
		return err
	case err != nil:
		return err
	}
	done, err := s.enrollFactor(opts, label)
	if err != nil || done.Record.ID == "" {
		return err
	}
	s.say("enrolled", "the ID is "+words.Clean(done.Record.ID))
	if err := s.keep("the factor is enrolled", done.Done); err != nil {
		return err
	}
	return s.verifyFirst(done.Record, user)
}

// enrollFactor enrolls a factor, and asks whether to try again while it is not known
// whether that worked. Without a factor and an error it said why.
func (s *session) enrollFactor(opts workos.EnrollFactorOpts, label string) (factors.Enrolled, error) {
	for {
		s.say("enrolling")
		done, err := s.Enroll(s.ctx, opts, label)
		said := s.failed("the enrollment failed", err)
		if said != nil || !errors.As(err, new(*factors.UncertainError)) {
			return done, said
		}
		answer, err := s.ask(factors.SafeAgain+", press enter to do so", "Or b to go back")
		if err != nil || strings.EqualFold(answer, "b") {
			return done, err
		}
	}
}

// askForm asks for what a type of factor needs, and for its label.
func (s *session) askForm(t workos.FactorType, user workos.User) (opts workos.EnrollFactorOpts, label string, err error) {
	opts = workos.EnrollFactorOpts{Type: t, UserID: user.ID}
	for _, field := range factors.Fields(t) {
		text, err := s.field(field, user)
		if err == nil && text == "" {
			err = errBack
		}
		if err != nil {
			return opts, "", err
		}
		field.Set(&opts, text)
	}
	label, err = s.askLabel("label (optional)", "")
	return opts, label, err
}

// field asks for a text of an enrollment, empty to go back. The user's own address
// is offered.
func (s *session) field(f factors.Field, user workos.User) (string, error) {
	check := func(text string) error { _, err := f.Check(text); return err }
	if preset := words.Clean(user.Email); preset != "" && f.Wire == "totp_user" {
		return s.askWithPreset(f.Name, f.Hint, preset, check)
	}
	text, err := s.askUntil(f.Name, f.Hint, emptyGoesBack, check)
	if text != "" && f.Wire == "phone_number" {
		n, _ := factors.CheckPhone(text) // which has no error now
		s.say(factors.PhoneRemark(n))
	}
	return text, err
}

// verifyFirst follows an enrollment: it says the secret, starts the first challenge,
// then opens the factor.
func (s *session) verifyFirst(r store.Record, user workos.User) error {
	later := false
	if r.HasSecret() {
		s.saySecret(r)
		answer, err := s.ask("press enter when the app shows a code, or b to verify it later")
		if err != nil {
			return err
		}
		later = strings.EqualFold(answer, "b")
	}
	if !later {
		if err := s.challenge(r); err != nil {
			return err
		}
	}
	return s.factor(r, user)
}

// saySecret reads a secret out, in place of the QR code.
func (s *session) saySecret(r store.Record) {
	s.say("type this secret into your authenticator app, in groups of four: " +
		strings.TrimSpace(words.InFours(words.Clean(r.TOTP.Secret))))
}
