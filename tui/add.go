package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// addScreen adds a factor to the list by its ID.
type addScreen struct {
	session *session
	back    navigate
	entry   entry
}

func newAddScreen(s *session, back navigate) addScreen {
	return addScreen{s, back, s.newEntry("Factor ID", "auth_factor_01…")}
}

func (s addScreen) title() trail { return factorsTrail("Add by ID") }

func (s addScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case factorAddedMsg:
		return s.added(msg)
	case tea.KeyMsg:
		s.entry.typed(msg)
	}
	return s, nil
}

func (s addScreen) view(w, _ int) string {
	st := s.session.styles
	hint := remark{factors.IDHint, st.dim}
	if _, err := factors.CheckID(s.id()); err == nil {
		hint = remark{"✓ a factor ID", st.good}
	}
	w = s.session.textWidth(w)
	return s.entry.view(st, hint, w, 2) + "\n" +
		st.dim.Render(ansi.Wrap("WorkOS can't list factors that belong to no user. Add one that was enrolled elsewhere by its ID.", w, " "))
}

func (s addScreen) actions() []action {
	return []action{
		{as(keySubmit, "enter", "add"), true, shown, s.add},
		{keyBack, true, shown, s.back},
	}
}

func (s addScreen) typing() typing { return textTyped }

func (s addScreen) id() string { return strings.TrimSpace(s.entry.input.Value()) }

// add asks for the factor unless it is already on the list.
func (s addScreen) add() (screen, tea.Cmd) {
	if _, err := factors.CheckID(s.id()); err != nil {
		s.entry.refusal = err.Error()
		return s, nil
	}
	if r, ok := s.session.Store.Record(s.id()); ok {
		return newFactorsScreen(s.session, r.ID), say(plain, factorName(r)+" is already on the list")
	}
	return s, s.session.addFactor(s.id())
}

func (s addScreen) added(msg factorAddedMsg) (screen, tea.Cmd) {
	switch {
	case workos.IsNotFound(msg.err):
		s.entry.refusal = s.session.Service() + " has no factor with this ID"
		if s.session.Mode != factors.Local {
			s.entry.refusal += " in this environment"
		}
		return s, nil
	case msg.err != nil:
		return s, say(failure, s.session.explain(msg.err))
	}
	next := newFactorScreen(s.session, msg.Record, func() (screen, tea.Cmd) {
		return newFactorsScreen(s.session, msg.Record.ID), nil
	})
	return s.session.unlessUnsaved(show(next), "The factor was found", msg.Record, msg.SaveErr)
}
