package tui

import (
	"errors"
	"strings"
	"unicode"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/phone"
	"mfa-tui/workos"
)

// enrollFormScreen takes what a type of factor needs: issuer and user, a phone
// number, or nothing. The button is dead until the fields are valid, and what
// was typed survives a failed call.
type enrollFormScreen struct {
	session    *session
	factorType workos.FactorType
	user       workos.User // whose factor it will be; zero for nobody's
	back       navigate    // to the choice of the type
	factors    navigate
	fields     []field
	at         int // the field with the focus; len(fields) is the button
}

// field is a text field with its check.
type field struct {
	factors.Field
	input   textinput.Model
	refusal string // what the API said of the value, until it is changed
}

// problem is what is wrong with a value. One that is only unfinished is not
// shown as a mistake while the person types.
type problem struct {
	text       string
	unfinished bool
}

func newEnrollFormScreen(d *session, t workos.FactorType, user workos.User, back, list navigate) enrollFormScreen {
	s := enrollFormScreen{session: d, factorType: t, user: user, back: back, factors: list}
	examples := map[string]string{"totp_issuer": "Foo Corp", "totp_user": "alan.turing@example.com", "phone_number": "+1 500 555 0006"}
	for _, f := range factors.Fields(t) {
		in := d.newInput(examples[f.Wire])
		if f.Wire == "totp_user" {
			in.SetValue(clean(user.Email))
		}
		s.fields = append(s.fields, field{Field: f, input: in})
	}
	return s.focus(0)
}

// focus moves the focus to a field or the button.
func (s enrollFormScreen) focus(at int) enrollFormScreen {
	s.at = min(max(at, 0), len(s.fields))
	s.fields = append([]field(nil), s.fields...)
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
	s.fields = append([]field(nil), s.fields...)
	f := &s.fields[s.at]
	before := f.input.Value()
	cut := msg.Paste && strings.ContainsFunc(string(msg.Runes), unicode.IsControl)
	f.input, _ = f.input.Update(msg)
	if f.input.Value() != before {
		f.refusal = ""
	}
	if cut {
		return s, say(warning, "line breaks and control characters were left out of what was pasted")
	}
	return s, nil
}

func (s enrollFormScreen) view(w, h int) string {
	var lines []string
	if len(s.fields) == 0 {
		lines = append(lines, ansi.Wrap("A generic factor needs no details: "+s.session.service()+" makes a code for each challenge, and you deliver it.", w, " "), "")
	}
	for _, f := range s.fields {
		lines = append(lines, s.field(f, w, h))
	}
	return strings.Join(append(lines, s.button()), "\n")
}

func (s enrollFormScreen) actions() []action {
	last := s.at >= len(s.fields)-1
	back := s.back
	if s.session.busy() {
		back = s.factors
	}
	return []action{
		{keySubmit, s.valid() && last, shown, s.submit},
		{as(keyChoose, "enter", s.advanceWord()), !(s.valid() && last), shown, s.advance},
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

// advance is enter before the form can be sent: on to the next field, or to the
// first one with a problem, which is then shown as a mistake.
func (s enrollFormScreen) advance() (screen, tea.Cmd) {
	if s.at < len(s.fields)-1 && s.fields[s.at].problem().text == "" {
		return s.focus(s.at + 1), nil
	}
	for i, f := range s.fields {
		if p := f.problem(); p.text != "" {
			s = s.focus(i)
			s.fields[i].refusal = p.text
			return s, nil
		}
	}
	return s.focus(s.at + 1), nil
}

// advanceWord is what enter does before the form can be sent.
func (s enrollFormScreen) advanceWord() string {
	if len(s.fields) > 1 && s.at < len(s.fields)-1 {
		return "next"
	}
	return "check"
}

func (s enrollFormScreen) valid() bool {
	for _, f := range s.fields {
		if f.problem().text != "" || f.refusal != "" {
			return false
		}
	}
	return true
}

// opts is the form as the API takes it.
func (s enrollFormScreen) opts() workos.EnrollFactorOpts {
	o := workos.EnrollFactorOpts{Type: s.factorType, UserID: s.user.ID}
	for _, f := range s.fields {
		f.Set(&o, f.input.Value())
	}
	return o
}

func (s enrollFormScreen) submit() (screen, tea.Cmd) {
	return s, s.session.enrollFactor(s.session.beginLasting("Enrolling…"), s.opts())
}

// enrolled follows the enrollment: to the QR code or the factor.
func (s enrollFormScreen) enrolled(msg factorEnrolledMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s.refused(msg.err)
	}
	toList := func() (screen, tea.Cmd) { return newFactorsScreen(s.session, msg.record.ID), nil }
	var next screen = newFactorScreen(s.session, msg.record, toList)
	if msg.record.Type == workos.TOTP {
		next = newQRScreen(s.session, msg.record, show(next))
	}
	return s.session.unlessUnsaved(next, "The factor is enrolled", msg.record, msg.saveErr)
}

// refused shows an error at the field it is about, else in the notice line.
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
	return s, say(failure, s.session.explain(err))
}

// fieldCodes are the words for the codes that the API gives of a field.
var fieldCodes = map[string]string{"required": "is required", "too_long": "is too long for a QR code", "invalid": "is refused"}

// refusalOf is what an error says of a field, empty if nothing.
func refusalOf(f field, err *workos.Error) string {
	if f.Wire == "phone_number" && workos.IsInvalidPhoneNumber(err) {
		return clean(err.Message)
	}
	for _, e := range err.Fields {
		if e.Field == f.Wire {
			if text, ok := fieldCodes[e.Code]; ok {
				return text
			}
			return clean(strings.TrimSpace(err.Message + " " + e.Code))
		}
	}
	return ""
}

// click goes to the field that is clicked on; on the button it is as enter there.
func (s enrollFormScreen) click(_, y int) (screen, tea.Cmd) {
	w, h := s.session.box()
	switch button := lipgloss.Height(s.view(w, h)) - 1; {
	case y == button && s.valid():
		return s.submit()
	case y == button:
		return s.advance()
	}
	for i, f := range s.fields {
		if y -= lipgloss.Height(s.field(f, w, h)); y < 0 {
			return s.focus(i), nil
		}
	}
	return s, nil
}

// field draws a field with its label and its remark, and an empty line where
// there is room.
func (s enrollFormScreen) field(f field, w, h int) string {
	st := s.session.styles
	label := st.text
	if f.input.Focused() {
		label = st.accent
	}
	in := f.input
	in.Width = max(1, w-4)
	lines := []string{label.Render(f.Name), in.View(), s.remark(f, w)}
	if h > 10 {
		lines = append(lines, "")
	}
	return strings.Join(lines, "\n")
}

// remark is the line below a field: the mistake, or what is expected.
func (s enrollFormScreen) remark(f field, w int) string {
	st, value := s.session.styles, f.input.Value()
	p := f.problem()
	text, style := f.Hint, st.dim
	switch {
	case f.refusal != "":
		text, style = "✗ "+f.refusal, st.bad
	case p.text != "" && !p.unfinished:
		text, style = "✗ "+p.text, st.bad
	case f.Wire == "phone_number":
		text, style = phoneRemark(st, value, f.Hint)
	}
	return remark(style, text, w)
}

// phoneRemark is what is known of a phone number that is right so far.
func phoneRemark(st styles, value, hint string) (string, lipgloss.Style) {
	n, err := phone.Parse(value)
	switch {
	case err != nil && n.Country != "":
		return n.Country + ", go on typing", st.dim
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

// problem is what is wrong with what is typed.
func (f field) problem() problem {
	value := f.input.Value()
	if _, err := f.Check(value); err != nil {
		return problem{err.Error(), value == "" || errors.Is(err, phone.ErrTooShort)}
	}
	return problem{}
}
