package tui

import (
	"errors"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// labelScreen edits the name that a person gives a factor. It is kept here
// alone; WorkOS does not know it.
type labelScreen struct {
	session *session
	work
	record  store.Record
	back    way
	input   textinput.Model
	refusal string
}

func newLabelScreen(d *session, r store.Record, back way) labelScreen {
	in := d.newInput(wireName(r))
	in.CharLimit = factors.LabelLimit
	in.SetValue(clean(r.Label))
	in.Focus()
	return labelScreen{session: d, record: r, back: back, input: in}
}

func (s labelScreen) title() trail { return factorsTrail(wireName(s.record), "Label") }

func (s labelScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case labelSetMsg:
		s.work = work{}
		var input *factors.InputError
		switch {
		case errors.As(msg.err, &input):
			s.refusal = input.Err.Error()
			return s, nil
		case msg.saveErr != nil:
			return s, say(failure, clean(msg.saveErr.Error()))
		}
		return s.back()
	case tea.KeyMsg:
		if next, cmd, ok := s.actions().press(msg); ok {
			return next, cmd
		}
		if !s.busy() {
			s.refusal = ""
			s.input, _ = s.input.Update(msg)
		}
	}
	return s, nil
}

func (s labelScreen) actions() actions {
	return actions{
		{keys.keep, !s.busy(), s.save},
		{keys.back, !s.busy(), s.back},
	}
}

func (s labelScreen) help() help { return s.actions().help(true) }

func (s labelScreen) save() (screen, tea.Cmd) {
	s.work = s.session.beginLasting("Saving…")
	return s, s.session.setLabel(s.work.id, s.record.ID, s.input.Value())
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
