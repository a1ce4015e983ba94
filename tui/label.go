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
	e := s.newEntry("Label", examples["Label"])
	e.input.CharLimit = factors.LabelLimit
	e.input.SetValue(words.Clean(r.Label))
	return labelScreen{s, r, back, e}
}

func (s labelScreen) title() trail { return s.session.factorTrail(s.record, "Label") }

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
		next, cmd := s.back()
		return next, tea.Batch(cmd, say(success, factors.LabelSaved(msg.Record.Label)))
	case recordsChangedMsg:
		s.record = s.session.latest(s.record)
	case tea.KeyMsg:
		s.entry.typed(msg)
	}
	return s, nil
}

func (s labelScreen) view(w, _ int) string {
	const longest = 3 // rows of a mistake, on a small terminal
	st := s.session.styles
	return s.entry.view(st, s.hint(), s.session.textWidth(w), longest)
}

// hint is what is wrong with the label, or what it is.
func (s labelScreen) hint() remark {
	st := s.session.styles
	if _, err := s.session.LabelField(s.record.ID).Check(s.entry.input.Value()); err != nil {
		return st.mistake(err.Error())
	}
	return remark{factors.LabelHint + "; empty for none", st.dim}
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
