package tui

import (
	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store/factors/words"
)

// inputLimit is the longest text of a field, in characters.
const inputLimit = 4000

// newInput returns a text field. Draw it with [styles.field].
func (s *session) newInput(placeholder string) textinput.Model {
	in := textinput.New()
	in.Placeholder = placeholder
	in.Prompt = "› "
	in.CharLimit = inputLimit
	in.Cursor.SetMode(cursor.CursorStatic) // an idle screen writes nothing
	return in
}

// field draws a text field in w columns.
func (st styles) field(in textinput.Model, w int) string {
	in.Width = max(1, w-4)
	in.PromptStyle, in.TextStyle, in.PlaceholderStyle = st.accent, st.text, st.dim
	in.Cursor.Style, in.Cursor.TextStyle = st.renderer.NewStyle(), st.text
	return in.View()
}

// entry is a text field with its label above it. Below it stands a hint, or why the
// value was refused until it is changed, or what was not taken of the last key.
type entry struct {
	label   string
	input   textinput.Model
	refusal string
	dropped string
}

// newEntry returns a focused field.
func (s *session) newEntry(label, placeholder string) entry {
	e := entry{label: label, input: s.newInput(placeholder)}
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

// view draws the field in w columns, with a hint unless the value was refused.
func (e entry) view(st styles, hint string, style lipgloss.Style, w int) string {
	label := st.text
	if e.input.Focused() {
		label = st.accent
	}
	switch {
	case e.refusal != "":
		hint, style = "✗ "+e.refusal, st.bad
	case e.dropped != "":
		hint, style = "! "+e.dropped, st.warning
	}
	return label.Render(e.label) + "\n" + st.field(e.input, w) + "\n" + remark(style, hint, w)
}
