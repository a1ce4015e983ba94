package tui

import (
	"errors"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// labelScreen edits a person's own name for a factor. WorkOS does not know it.
type labelScreen struct {
	session *session
	record  store.Record
	back    navigate
	entry   entry
}

func newLabelScreen(s *session, r store.Record, back navigate) labelScreen {
	e := s.newEntry("Label", wireName(r))
	e.input.CharLimit = factors.LabelLimit
	e.input.SetValue(words.Clean(r.Label))
	return labelScreen{s, r, back, e}
}

func (s labelScreen) title() trail { return factorsTrail(wireName(s.record), "Label") }

func (s labelScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case labelSetMsg:
		var input *factors.InputError
		switch {
		case errors.As(msg.err, &input):
			s.entry.refusal = input.Err.Error()
			return s, nil
		case msg.SaveErr != nil:
			return s, say(failure, words.Clean(msg.SaveErr.Error()))
		}
		return s.back()
	case tea.KeyMsg:
		s.entry.typed(msg)
	}
	return s, nil
}

func (s labelScreen) view(w, _ int) string {
	st := s.session.styles
	return s.entry.view(st, "your own name for this factor; empty for none", st.dim, w)
}

func (s labelScreen) actions() []action {
	return []action{
		{keyKeep, true, shown, s.save},
		{keyBack, true, shown, s.back},
	}
}

func (s labelScreen) typing() typing { return textTyped }

func (s labelScreen) save() (screen, tea.Cmd) {
	return s, s.session.setLabel(s.record.ID, s.entry.input.Value())
}
