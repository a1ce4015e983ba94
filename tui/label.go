package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
)

// labelScreen edits the name that a person gives a factor. It is kept here
// alone; WorkOS does not know it.
type labelScreen struct {
	session *session
	work
	record store.Record
	back   way
	input  textinput.Model
}

// labelLimit is the length of the longest label, in characters.
const labelLimit = 60

func newLabelScreen(d *session, r store.Record, back way) labelScreen {
	in := d.newInput(wireName(r))
	in.CharLimit = labelLimit
	in.SetValue(clean(r.Label))
	in.Focus()
	return labelScreen{session: d, record: r, back: back, input: in}
}

func (s labelScreen) title() trail { return factorsTrail(wireName(s.record), "Label") }

func (s labelScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case labelSetMsg:
		s.work = work{}
		if msg.saveErr != nil {
			return s, say(failure, clean(msg.saveErr.Error()))
		}
		return s.back()
	case tea.KeyMsg:
		if next, cmd, ok := s.actions().press(msg); ok {
			return next, cmd
		}
		if !s.busy() {
			s.input, _ = s.input.Update(msg)
		}
	}
	return s, nil
}

func (s labelScreen) actions() actions {
	return actions{
		{keyKeep, !s.busy(), s.save},
		{keyBack, !s.busy(), s.back},
	}
}

func (s labelScreen) help() help { return s.actions().help(true) }

func (s labelScreen) save() (screen, tea.Cmd) {
	s.work = s.session.beginLasting("Saving…")
	return s, s.session.setLabel(s.work.id, s.record.ID, strings.TrimSpace(s.input.Value()))
}

func (s labelScreen) view(w, _ int) string {
	st := s.session.styles
	in := s.input
	in.Width = max(1, w-4)
	return strings.Join([]string{
		st.accent.Render("Label"), in.View(), remark(st.dim, "your own name for this factor; empty for none", w),
	}, "\n")
}
