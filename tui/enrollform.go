package tui

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/phone"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// enrollFormScreen takes what a type of factor needs: issuer and user, a phone
// number, or nothing. The button works once the fields are valid. A failed call
// keeps what was typed.
type enrollFormScreen struct {
	session    *session
	factorType workos.FactorType
	user       workos.User // whose factor it will be; zero for no user
	back       navigate    // to the choice of the type
	factors    navigate
	fields     []field
	at         int // the field with the focus; len(fields) is the button
}

// field is a text field with what the API asks of it.
type field struct {
	factors.Field
	entry
}

func newEnrollFormScreen(s *session, t workos.FactorType, user workos.User, back, list navigate) enrollFormScreen {
	form := enrollFormScreen{session: s, factorType: t, user: user, back: back, factors: list}
	examples := map[string]string{"totp_issuer": "Foo Corp", "totp_user": "alan.turing@example.com", "phone_number": "+1 500 555 0006"}
	for _, f := range factors.Fields(t) {
		e := s.newEntry(f.Name, examples[f.Wire])
		if f.Wire == "totp_user" {
			e.input.SetValue(words.Clean(user.Email))
		}
		form.fields = append(form.fields, field{f, e})
	}
	return form.focus(0)
}

// focus moves to a field or the button.
func (s enrollFormScreen) focus(at int) enrollFormScreen {
	s.at = min(max(at, 0), len(s.fields))
	s.fields = slices.Clone(s.fields)
	for i := range s.fields {
		if i == s.at {
			s.fields[i].input.Focus()
			s.fields[i].input.Prompt = "› "
		} else {
			s.fields[i].input.Blur()
			s.fields[i].input.Prompt = "  "
		}
	}
	return s
}

func (s enrollFormScreen) title() trail {
	return factorsTrail("Enroll", factors.TypeName(s.factorType))
}

func (s enrollFormScreen) steps() steps { return enrollSteps(s.factorType, 1) }

func (s enrollFormScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case factorEnrolledMsg:
		return s.enrolled(msg)
	case tea.KeyMsg:
		if s.at < len(s.fields) {
			return s.typed(msg)
		}
	}
	return s, nil
}

// typed gives a key to the field with the focus.
func (s enrollFormScreen) typed(msg tea.KeyMsg) (screen, tea.Cmd) {
	s.fields = slices.Clone(s.fields)
	s.fields[s.at].typed(msg)
	return s, nil
}

func (s enrollFormScreen) view(w, h int) string {
	var lines []string
	if len(s.fields) == 0 {
		lines = append(lines, ansi.Wrap("Generic OTP needs no details: "+s.session.Service()+" makes a code for each challenge, and you deliver it.", w, " "), "")
	}
	for _, f := range s.fields {
		lines = append(lines, s.field(f, w, h))
	}
	return strings.Join(append(lines, s.button()), "\n")
}

func (s enrollFormScreen) actions() []action {
	back, word := s.back, "next"
	if s.session.busy() {
		back = s.factors
	}
	if s.valid() {
		word = "enroll"
	}
	return []action{
		{as(keySubmit, "enter", word), true, shown, s.submit},
		{keyNext, len(s.fields) > 0, shown, s.down},
		{keyPrevious, len(s.fields) > 0, shown, s.up},
		{keyBack, true, shown | whileBusy, back},
	}
}

func (s enrollFormScreen) typing() typing {
	if s.at < len(s.fields) {
		return textTyped
	}
	return nothingTyped
}

func (s enrollFormScreen) down() (screen, tea.Cmd) {
	return s.focus((s.at + 1) % (len(s.fields) + 1)), nil
}

func (s enrollFormScreen) up() (screen, tea.Cmd) {
	return s.focus((s.at + len(s.fields)) % (len(s.fields) + 1)), nil
}

// invalid returns the first field that is not valid, -1 if all are.
func (s enrollFormScreen) invalid() int {
	return slices.IndexFunc(s.fields, func(f field) bool { return f.check() != nil || f.refusal != "" })
}

func (s enrollFormScreen) valid() bool { return s.invalid() < 0 }

// opts is the form as the API wants it.
func (s enrollFormScreen) opts() workos.EnrollFactorOpts {
	o := workos.EnrollFactorOpts{Type: s.factorType, UserID: s.user.ID}
	for _, f := range s.fields {
		f.Set(&o, f.input.Value())
	}
	return o
}

// submit enrolls the factor, or goes to the first field that is not valid. A field
// that is still to be filled in has no mistake yet.
func (s enrollFormScreen) submit() (screen, tea.Cmd) {
	i, at := s.invalid(), s.at
	if i < 0 {
		return s, s.session.enrollFactor(s.opts())
	}
	s = s.focus(i)
	if err := s.fields[i].check(); err != nil && i <= at {
		s.fields[i].refusal = err.Error()
	}
	return s, nil
}

// enrolled follows the enrollment: it goes to the QR code or the factor.
func (s enrollFormScreen) enrolled(msg factorEnrolledMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s.refused(msg.err)
	}
	toList := func() (screen, tea.Cmd) { return newFactorsScreen(s.session, msg.Record.ID), nil }
	var next screen = newFactorScreen(s.session, msg.Record, toList)
	if msg.Record.Type == workos.TOTP {
		next = newQRScreen(s.session, msg.Record, show(next))
	}
	return s.session.unlessUnsaved(next, "The factor is enrolled", msg.Record, msg.SaveErr)
}

// refused shows an error at its field, or else in the notice line.
func (s enrollFormScreen) refused(err error) (screen, tea.Cmd) {
	var api *workos.Error
	if errors.As(err, &api) {
		for i, f := range s.fields {
			if text := refusalOf(f, api); text != "" {
				s = s.focus(i)
				s.fields[i].refusal = text
				return s, nil
			}
		}
	}
	text := s.session.explain(err)
	if errors.As(err, new(*factors.UncertainError)) {
		text += " · " + factors.SafeAgain + ": press enter"
	}
	return s, say(failure, text)
}

// fieldCodes are words for the error codes of the API.
var fieldCodes = map[string]string{"required": "is required", "too_long": "is too long for a QR code", "invalid": "is refused"}

// refusalOf is what an error says about a field, empty if nothing.
func refusalOf(f field, err *workos.Error) string {
	if f.Wire == "phone_number" && workos.IsInvalidPhoneNumber(err) {
		return words.Clean(err.Message)
	}
	for _, e := range err.Fields {
		if e.Field == f.Wire {
			if text, ok := fieldCodes[e.Code]; ok {
				return text
			}
			return words.Clean(cmp.Or(e.Message, strings.TrimSpace(err.Message+" "+e.Code)))
		}
	}
	return ""
}

// click goes to a field; on the button it does what enter does.
func (s enrollFormScreen) click(_, y int) (screen, tea.Cmd) {
	w, h := s.session.box()
	if y == lipgloss.Height(s.view(w, h))-1 { // the button
		return s.submit()
	}
	for i, f := range s.fields {
		if y -= lipgloss.Height(s.field(f, w, h)); y < 0 {
			return s.focus(i), nil
		}
	}
	return s, nil
}

// field draws a field, and an empty line where there is room.
func (s enrollFormScreen) field(f field, w, h int) string {
	hint, style := s.hint(f)
	lines := f.view(s.session.styles, hint, style, w)
	if h > 10 {
		lines += "\n"
	}
	return lines
}

// hint is the mistake in a field, or what is expected. What is only unfinished is
// no mistake while it is typed.
func (s enrollFormScreen) hint(f field) (string, lipgloss.Style) {
	st, value := s.session.styles, f.input.Value()
	switch err := f.check(); {
	case err != nil && value != "" && !errors.Is(err, phone.ErrTooShort):
		return "✗ " + err.Error(), st.bad
	case f.Wire == "phone_number":
		return phoneRemark(st, value, f.Hint)
	}
	return f.Hint, st.dim
}

// phoneRemark is what is known of a phone number without a mistake so far.
func phoneRemark(st styles, value, hint string) (string, lipgloss.Style) {
	n, err := phone.Parse(value)
	switch {
	case err != nil && n.Country != "":
		return n.Country + ", keep typing", st.dim
	case err != nil:
		return hint, st.dim
	case !n.Used:
		return "! " + factors.PhoneRemark(n), st.warning
	}
	return "✓ " + factors.PhoneRemark(n), st.good
}

func (s enrollFormScreen) button() string {
	st, text := s.session.styles, "[ Enroll ]"
	switch {
	case !s.valid() || s.session.busy():
		text = st.dim.Render(text)
	case s.at == len(s.fields):
		text = st.accent.Render(text)
	default:
		text = st.title.Render(text)
	}
	if s.at == len(s.fields) {
		return st.accent.Render("› ") + text
	}
	return "  " + text
}

// check returns what is wrong with what is typed.
func (f field) check() error {
	_, err := f.Check(f.input.Value())
	return err
}
