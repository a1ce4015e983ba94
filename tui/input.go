package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
)

// inputLimit is the longest text of a field, in characters.
const inputLimit = 4000

// newInput returns a line to type in. Draw it with [styles.field].
func (s *session) newInput(placeholder string) textinput.Model {
	in := textinput.New()
	in.Placeholder, in.Prompt = placeholder, ""
	in.CharLimit = inputLimit
	in.Cursor.SetMode(cursor.CursorStatic) // an idle screen writes nothing
	return in
}

// field draws what is typed in exactly w columns, underlined: the part with the cursor,
// or the beginning without one.
func (st styles) field(in textinput.Model, w int) string {
	at, line := in.Position(), st.dim.Underline(true)
	in.Width = max(1, w-1-lipgloss.Width(in.Prompt))
	in.PromptStyle, in.TextStyle, in.PlaceholderStyle = st.accent.Style, st.text.Underline(true), line.Italic(true)
	in.Cursor.Style, in.Cursor.TextStyle = st.renderer.NewStyle(), in.TextStyle
	in.Placeholder = ansi.Truncate(in.Placeholder, in.Width, "…")
	if in.CursorEnd(); !in.Focused() {
		at = 0
	}
	in.SetCursor(at)
	in.Width = 0 // its own padding has the colour of the text
	drawn := in.View()
	return drawn + line.Render(strings.Repeat(" ", max(0, w-lipgloss.Width(drawn))))
}

// entry is a text field: a bar at its left, its label, and what is typed. Below it
// stands a hint, or why the value was refused until it is changed, or what was not
// taken of the last key.
type entry struct {
	label   string
	note    string // after the label
	input   textinput.Model
	refusal string
	dropped string
}

// newEntry returns a focused field, with an example of what to type.
func (s *session) newEntry(label, example string) entry {
	if example != "" {
		example = "e.g. " + example
	}
	e := entry{label: label, input: s.newInput(example)}
	e.input.Focus()
	return e
}

// typed gives a key to the field, and reports whether the value has changed.
func (e *entry) typed(msg tea.KeyMsg) (changed bool) {
	before := e.input.Value()
	msg, e.dropped = cleaned(msg)
	e.input, _ = e.input.Update(msg)
	if changed = e.input.Value() != before; changed {
		e.refusal = ""
	}
	return changed
}

// cleaned is a key without the characters that a field does not take, which a paste
// may have, and what was dropped.
func cleaned(msg tea.KeyMsg) (tea.KeyMsg, string) {
	if msg.Type != tea.KeyRunes {
		return msg, ""
	}
	text, dropped := words.Typed(string(msg.Runes))
	msg.Runes = []rune(text)
	return msg, dropped
}

// remark is what stands below a field: words, and their style.
type remark struct {
	text  string
	style pen
}

// mistake is the remark that something is wrong: sentences, unlike a hint.
func (st styles) mistake(text string) remark { return remark{"✗ " + words.Capital(text), st.bad} }

// caution is the remark that something may be wrong.
func (st styles) caution(text string) remark { return remark{"! " + words.Capital(text), st.warning} }

// remark is a hint, unless there is something to say of what was typed.
func (e entry) remark(st styles, hint remark) remark {
	switch {
	case e.refusal != "":
		return st.mistake(e.refusal)
	case e.dropped != "":
		return st.caution(e.dropped)
	}
	return hint
}

// fieldBar is the left of a field or a button.
func (st styles) fieldBar(focused bool) string {
	if focused {
		return st.accent.Render("┃ ")
	}
	return st.edge.Render("│ ")
}

// name is the label in the style of the field.
func (e entry) name(st styles) pen {
	if e.input.Focused() {
		return st.accent
	}
	return st.dim
}

const (
	entryHead = 2 // the rows of a field above its remark
	barWidth  = 2
)

// view draws the field in w columns, with so many rows for the remark, also where that
// is shorter: what is below does not move.
func (e entry) view(st styles, hint remark, w, rows int) string {
	r := e.remark(st, hint)
	below := shortened(strings.Split(ansi.Wrap(r.text, max(1, w-barWidth), " "), "\n"), rows)
	lines := []string{e.name(st).Render(e.label) + st.dim.Render(e.note), st.field(e.input, w-barWidth)}
	for _, l := range below {
		lines = append(lines, r.style.Render(l))
	}
	for i, l := range lines {
		lines[i] = st.fieldBar(e.input.Focused()) + l
	}
	for len(lines) < entryHead+rows {
		lines = append(lines, "")
	}
	return strings.Join(lines, "\n")
}

// row draws the field in one row of w columns, where there is no room for more. Its
// mistake, if it has one, stands elsewhere once it has the focus.
func (e entry) row(st styles, mistaken bool, labelWidth, w int) string {
	bar := st.fieldBar(e.input.Focused())
	if mistaken && !e.input.Focused() {
		bar = st.bad.Render("✗ ")
	}
	return bar + e.name(st).Render(column(e.label, labelWidth)) + st.field(e.input, w-barWidth-labelWidth)
}
