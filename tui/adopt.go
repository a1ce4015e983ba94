package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// adoptScreen adds a factor to the list by its ID.
type adoptScreen struct {
	session *session
	back    navigate
	input   textinput.Model
	refusal string
}

func newAdoptScreen(d *session, back navigate) adoptScreen {
	in := d.newInput("auth_factor_01…")
	in.Focus()
	return adoptScreen{session: d, back: back, input: in}
}

func (s adoptScreen) title() trail { return factorsTrail("Add by ID") }

func (s adoptScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case factorAdoptedMsg:
		return s.adopted(msg)
	case tea.KeyMsg:
		s.refusal = ""
		s.input, _ = s.input.Update(msg)
	}
	return s, nil
}

func (s adoptScreen) view(w, _ int) string {
	st := s.session.styles
	in := s.input
	in.Width = max(1, w-4)
	text, style := factors.IDHint, st.dim
	if _, err := factors.CheckID(s.id()); err == nil {
		text, style = "✓ a factor ID", st.good
	}
	if s.refusal != "" {
		text, style = "✗ "+s.refusal, st.bad
	}
	return strings.Join([]string{
		st.accent.Render("Factor ID"), in.View(), remark(style, text, w), "",
		st.dim.Render(ansi.Wrap("WorkOS can't list factors. Add one that was enrolled elsewhere by its ID.", w, " ")),
	}, "\n")
}

func (s adoptScreen) actions() []action {
	return []action{
		{as(keySubmit, "enter", "add"), true, shown, s.adopt},
		{keyBack, true, shown, s.back},
	}
}

func (s adoptScreen) typing() typing { return textTyped }

func (s adoptScreen) id() string { return strings.TrimSpace(s.input.Value()) }

// adopt asks for the factor, unless it is on the list already.
func (s adoptScreen) adopt() (screen, tea.Cmd) {
	if _, err := factors.CheckID(s.id()); err != nil {
		s.refusal = err.Error()
		return s, nil
	}
	if r, ok := s.session.Store.Record(s.id()); ok {
		return newFactorsScreen(s.session, r.ID), say(plain, factorName(r)+" is on the list already")
	}
	ctx, id := s.session.begin("Looking for the factor…")
	return s, s.session.adoptFactor(ctx, id, s.id())
}

func (s adoptScreen) adopted(msg factorAdoptedMsg) (screen, tea.Cmd) {
	switch {
	case workos.IsNotFound(msg.err):
		s.refusal = s.session.service() + " knows no factor with this ID in this environment"
		return s, nil
	case msg.err != nil:
		return s, say(failure, s.session.explain(msg.err))
	}
	next := newFactorScreen(s.session, msg.record, func() (screen, tea.Cmd) {
		return newFactorsScreen(s.session, msg.record.ID), nil
	})
	return s.session.unlessUnsaved(next, "The factor was found", msg.record, msg.saveErr)
}
