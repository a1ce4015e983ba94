package tui

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// enrollFormScreen takes what a type of factor needs, and a label. The button works
// once the fields are valid. A failed call keeps what was typed, and so does going
// back to the choice of the type.
type enrollFormScreen struct {
	session    *session
	factorType workos.FactorType
	from       enrollTypeScreen
	fields     []field
	at         int // the field with the focus; len(fields) is the button
}

// field is a text field with what the API asks of it.
type field struct {
	factors.Field
	entry
}

// examples are what to type in the fields, by their names.
var examples = map[string]string{"Issuer": "Foo Corp", "User": "alan.turing@example.com", "Phone number": "+1 500 555 0006", "Label": "work phone"}

func newEnrollFormScreen(from enrollTypeScreen, t workos.FactorType) enrollFormScreen {
	s := enrollFormScreen{session: from.session, factorType: t, from: from}
	asked := factors.Fields(t)
	if !s.session.serves() { // a server keeps no labels
		asked = append(asked, s.session.LabelField(""))
	}
	for _, f := range asked {
		e := s.session.newEntry(f.Name, examples[f.Name])
		typed, ok := from.typed[f.Name]
		if !ok && f.Wire == "totp_user" {
			typed = words.Clean(from.user.Email)
		}
		e.input.SetValue(typed)
		if f.Optional {
			e.label += " (optional)"
			e.input.CharLimit = factors.LabelLimit
		}
		s.fields = append(s.fields, field{f, e})
	}
	return s.focus(0)
}

// focus moves to a field or the button.
func (s enrollFormScreen) focus(at int) enrollFormScreen {
	s.at = min(max(at, 0), len(s.fields))
	s.fields = slices.Clone(s.fields)
	for i := range s.fields {
		if i == s.at {
			s.fields[i].input.Focus()
		} else {
			s.fields[i].input.Blur()
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

func (s enrollFormScreen) actions() []action {
	back, word := s.back, "next"
	if s.session.busy() {
		back = s.from.back
	}
	if s.valid() {
		word = "enroll"
	}
	return []action{
		{as(keySubmit, "enter", word), true, shown, s.submit},
		{keyNext, true, shown | movement, s.down},
		{keyPrevious, true, shown | movement, s.up},
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

// back leads to the choice of the type, which keeps what was typed.
func (s enrollFormScreen) back() (screen, tea.Cmd) {
	return s.from.keeping(s.fields), nil
}

// invalid returns the first field that is not valid, -1 if all are.
func (s enrollFormScreen) invalid() int {
	return slices.IndexFunc(s.fields, func(f field) bool { return f.check() != nil })
}

func (s enrollFormScreen) valid() bool { return s.invalid() < 0 }

// opts is the form as the API wants it.
func (s enrollFormScreen) opts() workos.EnrollFactorOpts {
	o := workos.EnrollFactorOpts{Type: s.factorType, UserID: s.from.user.ID}
	for _, f := range s.fields {
		f.Set(&o, f.input.Value())
	}
	return o
}

// label is the last field, unless this is below the console.
func (s enrollFormScreen) label() string {
	if s.session.serves() {
		return ""
	}
	return s.fields[len(s.fields)-1].input.Value()
}

// submit enrolls the factor, or goes to the first field that is not valid. A field
// that is still to be filled in has no mistake yet, and what was refused once may be
// taken now.
func (s enrollFormScreen) submit() (screen, tea.Cmd) {
	i, at := s.invalid(), s.at
	if i < 0 {
		s.fields = slices.Clone(s.fields)
		for i := range s.fields {
			s.fields[i].refusal = ""
		}
		return s, s.session.enrollFactor(s.opts(), s.label())
	}
	s = s.focus(i)
	if err := s.fields[i].check(); err != nil && i <= at {
		s.fields[i].refusal = err.Error()
	}
	return s, nil
}

// enrolled follows the enrollment to the first verification: it goes to the QR code,
// the message of an SMS, or starts the challenge of a Generic OTP factor.
func (s enrollFormScreen) enrolled(msg factorEnrolledMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s.refused(msg.err)
	}
	s.session.enrolling = msg.Record.ID
	factor := newFactorScreen(s.session, msg.Record, func() (screen, tea.Cmd) { return newFactorsScreen(s.session, msg.Record.ID), nil })
	told := say(success, "enrolled "+factorName(msg.Record))
	var next navigate
	switch msg.Record.Type {
	case workos.TOTP:
		next, told = show(newQRScreen(s.session, msg.Record, factor.backTo())), nil // nothing may cover what is beside the code
	case workos.SMS:
		message, _ := newMessageScreen(s.session, msg.Record, factor.backTo()) // no pause is counted yet
		next = show(message)
	default:
		next = func() (screen, tea.Cmd) {
			return factor, s.session.startChallenge("Starting challenge…", msg.Record, "")
		}
	}
	if msg.SaveErr != nil {
		told = nil
	}
	after, cmd := s.session.unlessUnsaved(next, "The factor is enrolled", msg.Record, msg.SaveErr)
	return after, tea.Batch(told, cmd)
}

// refused shows an error at its field, or else in the notice line.
func (s enrollFormScreen) refused(err error) (screen, tea.Cmd) {
	for i, f := range s.fields {
		if text := refusalOf(f, err); text != "" {
			s = s.focus(i)
			if workos.IsOnPurpose(err) {
				text += " (made on purpose)"
			}
			s.fields[i].refusal = text
			return s, nil
		}
	}
	text := s.session.explain(err)
	if errors.As(err, new(*factors.UncertainError)) {
		text += " · " + factors.SafeAgain + ": press enter"
	}
	return s, say(failure, text)
}

// fieldCodes are words for the error codes of the API.
var fieldCodes = map[string]string{"required": "Required", "too_long": "Too long for a QR code", "invalid": "Refused"}

// refusalOf is what an error says about a field, empty if nothing.
func refusalOf(f field, err error) string {
	var input *factors.InputError
	if errors.As(err, &input) && f.Optional { // the others were checked with what is in memory
		return input.Err.Error()
	}
	var api *workos.Error
	if !errors.As(err, &api) {
		return ""
	}
	if f.Wire == "phone_number" && workos.IsInvalidPhoneNumber(err) {
		return words.Clean(api.Message)
	}
	for _, e := range api.Fields {
		if e.Field == f.Wire {
			if text, ok := fieldCodes[e.Code]; ok {
				return text
			}
			return words.Clean(cmp.Or(e.Message, strings.TrimSpace(api.Message+" "+e.Code)))
		}
	}
	return ""
}

// click goes to a field; on the button it does what enter does.
func (s enrollFormScreen) click(_, y int) (screen, tea.Cmd) {
	_, from := s.drawn(s.session.box())
	if y == from[len(s.fields)] {
		return s.submit()
	}
	for i := len(s.fields) - 1; i >= 0; i-- {
		if y >= from[i] {
			return s.focus(i), nil
		}
	}
	return s, nil
}

// check returns what is wrong with what is typed.
func (f field) check() error {
	_, err := f.Check(f.input.Value())
	return err
}
