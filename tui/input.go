package tui

import (
	"github.com/charmbracelet/bubbles/cursor"
	"github.com/charmbracelet/bubbles/textinput"
)

// inputLimit bounds what can be typed or pasted into a field, in characters.
const inputLimit = 4000

// newInput returns a text field in the program's style.
func (s *session) newInput(placeholder string) textinput.Model {
	in := textinput.New()
	in.Placeholder = placeholder
	in.Prompt = "› "
	in.CharLimit = inputLimit
	s.plainInput(&in)
	return in
}

// plainInput gives a field the program's style, and a cursor that does not
// blink, so that an idle screen writes nothing.
func (s *session) plainInput(in *textinput.Model) {
	st := s.styles
	in.PromptStyle, in.TextStyle, in.PlaceholderStyle = st.accent, st.text, st.dim
	in.Cursor.Style, in.Cursor.TextStyle = st.renderer.NewStyle(), st.text
	in.Cursor.SetMode(cursor.CursorStatic)
}
