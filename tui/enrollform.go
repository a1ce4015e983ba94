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
	for _, f := range append(factors.Fields(t), s.session.LabelField("")) {
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

func (s enrollFormScreen) view(w, h int) string {
	lines, _ := s.drawn(w, h)
	return strings.Join(lines, "\n")
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
		{keyNext, true, shown, s.down},
		{keyPrevious, true, shown, s.up},
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
	return slices.IndexFunc(s.fields, func(f field) bool { return f.check() != nil || f.refusal != "" })
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

// label is the last field.
func (s enrollFormScreen) label() string { return s.fields[len(s.fields)-1].input.Value() }

// submit enrolls the factor, or goes to the first field that is not valid. A field
// that is still to be filled in has no mistake yet.
func (s enrollFormScreen) submit() (screen, tea.Cmd) {
	i, at := s.invalid(), s.at
	if i < 0 {
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
	factor := newFactorScreen(s.session, msg.Record, func() (screen, tea.Cmd) { return newFactorsScreen(s.session, msg.Record.ID), nil })
	var next screen = factor
	told := say(success, "enrolled "+factorName(msg.Record))
	switch {
	case msg.Record.Type == workos.TOTP:
		next, told = newQRScreen(s.session, msg.Record, show(factor)), nil // nothing may cover what is beside the code
	case msg.Record.Type == workos.SMS:
		next, _ = newMessageScreen(s.session, msg.Record, show(factor)) // no pause is counted yet
	case msg.SaveErr == nil:
		return factor, tea.Batch(told, s.session.startChallenge("Starting challenge…", msg.Record, ""))
	}
	if msg.SaveErr != nil {
		told = nil
	}
	next, cmd := s.session.unlessUnsaved(next, "The factor is enrolled", msg.Record, msg.SaveErr)
	return next, tea.Batch(cmd, told)
}

// refused shows an error at its field, or else in the notice line.
func (s enrollFormScreen) refused(err error) (screen, tea.Cmd) {
	for i, f := range s.fields {
		if text := refusalOf(f, err); text != "" {
			s = s.focus(i)
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
var fieldCodes = map[string]string{"required": "is required", "too_long": "is too long for a QR code", "invalid": "is refused"}

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

// drawn is the lines of the form, and the row of each field and of the button. Where
// there are few rows, the fields have one each, and the remark of the one with the
// focus is below all.
func (s enrollFormScreen) drawn(w, h int) (lines []string, from []int) {
	const remarkRows = 2
	st, labelWidth := s.session.styles, 0
	w = s.session.textWidth(w)
	lines = s.intro(w)
	spacious := len(lines)+len(s.fields)*(entryHead+remarkRows)+1 <= h
	if len(lines)+len(s.fields)+remarkRows+1 > h {
		lines = nil
	}
	for _, f := range s.fields {
		labelWidth = max(labelWidth, lipgloss.Width(f.Name)+barWidth)
	}
	add := func(drawn string) { lines = append(lines, strings.Split(drawn, "\n")...) }
	for _, f := range s.fields {
		from = append(from, len(lines))
		if spacious {
			add(f.view(st, s.hint(f), w, remarkRows))
			continue
		}
		f.label = f.Name
		add(f.row(st, f.check() != nil && f.input.Value() != "", labelWidth, w))
	}
	if !spacious {
		add(s.below(w, remarkRows))
	}
	return append(lines, s.button(w)), append(from, len(lines))
}

// intro says what a form without fields of its own is for.
func (s enrollFormScreen) intro(w int) []string {
	text := ""
	switch {
	case len(s.fields) == 1:
		text = "Generic OTP needs no details: " + s.session.Service() + " makes a code for each challenge, and you deliver it."
	case s.from.user.ID == "":
		return nil
	}
	if s.from.user.ID != "" {
		text = strings.TrimSpace(text + " The factor will be one of " + factors.UserName(s.from.user) + ".")
	}
	return append(strings.Split(s.session.styles.dim.Render(ansi.Wrap(text, w, " ")), "\n"), "")
}

// below is the remark of the field with the focus, in so many rows.
func (s enrollFormScreen) below(w, rows int) string {
	drawn := make([]string, rows)
	if s.at < len(s.fields) {
		r := s.fields[s.at].remark(s.session.styles, s.hint(s.fields[s.at]))
		wrapped := fit(ansi.Wrap(r.text, w-barWidth, " "), w-barWidth, rows)
		for i := range drawn {
			drawn[i] = strings.Repeat(" ", barWidth) + r.style.Render(wrapped[i])
		}
	}
	return strings.Join(drawn, "\n")
}

// hint is the mistake in a field, or what is expected. What is only unfinished is
// no mistake while it is typed.
func (s enrollFormScreen) hint(f field) remark {
	st, value := s.session.styles, f.input.Value()
	switch err := f.check(); {
	case err != nil && value != "" && !errors.Is(err, phone.ErrTooShort):
		return st.mistake(err.Error())
	case f.Wire == "phone_number":
		return phoneRemark(st, value, f.Hint)
	}
	return remark{f.Hint, st.dim}
}

// phoneRemark is what is known of a phone number without a mistake so far.
func phoneRemark(st styles, value, hint string) remark {
	n, err := phone.Parse(value)
	switch {
	case err != nil && n.Country != "":
		return remark{n.Country + ", keep typing", st.dim}
	case err != nil:
		return remark{hint, st.dim}
	case !n.Used:
		return st.caution(factors.PhoneRemark(n))
	}
	return remark{"✓ " + factors.PhoneRemark(n), st.good}
}

// button is lit when it works. Beside it stands what will be enrolled, or what is
// missing.
func (s enrollFormScreen) button(w int) string {
	st, edge, text := s.session.styles, strings.Repeat(" ", barWidth), " Enroll "
	if s.at == len(s.fields) {
		edge = st.fieldBar(true)
	}
	drawn, beside := st.accent.Reverse(true).Render("["+text+"]"), st.text.Render(factors.EnrollPreview(s.opts()))
	if !s.valid() || s.session.busy() {
		drawn, beside = st.dim.Render("("+text+")"), st.dim.Render(s.missing())
	}
	return edge + ansi.Truncate(drawn+"  "+beside, max(0, w-barWidth), "…")
}

// missing says which fields keep the form from being enrolled.
func (s enrollFormScreen) missing() string {
	var empty, wrong []string
	for _, f := range s.fields {
		switch {
		case f.check() == nil && f.refusal == "":
		case strings.TrimSpace(f.input.Value()) == "":
			empty = append(empty, f.Name)
		default:
			wrong = append(wrong, f.Name)
		}
	}
	text := ""
	if len(empty) > 0 {
		text = "still empty: " + strings.Join(empty, ", ")
	}
	if len(wrong) > 0 {
		text = words.Join(" · ", text, "not right yet: "+strings.Join(wrong, ", "))
	}
	return text
}

// check returns what is wrong with what is typed.
func (f field) check() error {
	_, err := f.Check(f.input.Value())
	return err
}
