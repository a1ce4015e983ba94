package tui

import (
	"errors"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/phone"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

func (s enrollFormScreen) view(w, h int) string {
	lines, _ := s.drawn(w, h)
	return strings.Join(lines, "\n")
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
	text, owner := "", ""
	if s.factorType == workos.GenericOTP {
		text = "Generic OTP needs no details: " + s.session.Service() + " makes a code for each challenge, and you deliver it."
	}
	switch {
	case s.from.user.ID != "":
		owner = "This factor will belong to " + factors.UserName(s.from.user) + "."
	case s.session.serves():
		owner = "The factor will belong to no user. For a user's, open the user in list 4."
	}
	if text = words.Join(" ", text, owner); text == "" {
		return nil
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
		case f.check() == nil:
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
		text = words.Join(" · ", text, "still to fix: "+strings.Join(wrong, ", "))
	}
	return words.Capital(text)
}
