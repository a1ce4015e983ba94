package accessible

import (
	"cmp"
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
	var options []option
	for i, kind := range factors.Kinds() {
		options = append(options, option{strconv.Itoa(i + 1), "for " + kind.Name + " (" + kind.Does + ")",
			func() error { return s.form(kind.Type, user) }})
	}
	options = append(options, option{"b", "to go back", func() error { return nil }})
	s.say("which type of factor?")
	return s.choose("", append(options, s.anywhere()...), nil)
}

// form asks for what a type of factor needs, and enrolls it.
func (s *session) form(t workos.FactorType, user workos.User) error {
	opts := workos.EnrollFactorOpts{Type: t, UserID: user.ID}
	for _, field := range factors.Fields(t) {
		text, err := s.field(field, user)
		if err != nil || text == "" {
			return err
		}
		field.Set(&opts, text)
	}
	label, err := s.askLabel("")
	if err != nil {
		return err
	}
	s.say("enrolling")
	done, err := s.Enroll(s.ctx, opts, label)
	if err != nil {
		return s.failed("not enrolled", err)
	}
	s.say("enrolled", "the ID is "+words.Clean(done.Record.ID))
	if err := s.keep("the factor is enrolled", done.Done); err != nil {
		return err
	}
	return s.verifyFirst(done.Record)
}

// field asks for a text of an enrollment, empty to go back. The user's own address
// is offered.
func (s *session) field(f factors.Field, user workos.User) (string, error) {
	preset := ""
	if f.Wire == "totp_user" {
		preset = words.Clean(user.Email)
	}
	text, err := s.askUntil(f.Name, f.Hint, preset, f.Check)
	if err == nil && text != "" && f.Wire == "phone_number" {
		n, _ := factors.CheckPhone(text) // checked before
		s.say(n.Text + ", " + cmp.Or(n.Country, "of no country"))
		if !n.Used {
			s.say("no such numbers are known to be in use")
		}
	}
	return text, err
}

// verifyFirst is what follows an enrollment: the secret, and the first challenge.
// Then the factor is opened.
func (s *session) verifyFirst(r store.Record) error {
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
	return s.factor(r)
}

// saySecret reads a secret out, in place of the QR code.
func (s *session) saySecret(r store.Record) {
	s.say("type this secret into your authenticator app, in groups of four: " +
		strings.TrimSpace(words.InFours(words.Clean(r.TOTP.Secret))))
}
