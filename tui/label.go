package tui

import (
	"errors"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// labelScreen edits the name that a person gives a factor. It is kept here
// alone; WorkOS does not know it.
type labelScreen struct {
	session *session
	record  store.Record
	back    navigate
	input   textinput.Model
	refusal string
}

func newLabelScreen(s *session, r store.Record, back navigate) labelScreen {
	in := s.newInput(wireName(r))
	in.CharLimit = factors.LabelLimit
	in.SetValue(words.Clean(r.Label))
	in.Focus()
	return labelScreen{session: s, record: r, back: back, input: in}
}

func (s labelScreen) title() trail { return factorsTrail(wireName(s.record), "Label") }

func (s labelScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case labelSetMsg:
		var input *factors.InputError
		switch {
		case errors.As(msg.err, &input):
			s.refusal = input.Err.Error()
			return s, nil
		case msg.SaveErr != nil:
			return s, say(failure, words.Clean(msg.SaveErr.Error()))
		}
		return s.back()
	case tea.KeyMsg:
		s.refusal = ""
		s.input, _ = s.input.Update(msg)
	}
	return s, nil
}

func (s labelScreen) view(w, _ int) string {
	st := s.session.styles
	in := s.input
	in.Width = max(1, w-4)
	text, style := "your own name for this factor; empty for none", st.dim
	if s.refusal != "" {
		text, style = "✗ "+s.refusal, st.bad
	}
	return strings.Join([]string{st.accent.Render("Label"), in.View(), remark(style, text, w)}, "\n")
}

func (s labelScreen) actions() []action {
	return []action{
		{keyKeep, true, shown, s.save},
		{keyBack, true, shown, s.back},
	}
}

func (s labelScreen) typing() typing { return textTyped }

func (s labelScreen) save() (screen, tea.Cmd) {
	return s, s.session.setLabel(s.record.ID, s.input.Value())
}
