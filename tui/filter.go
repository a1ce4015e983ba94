package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
)

// filter is what a person types to see only some factors.
type filter struct {
	input  textinput.Model
	typing bool // keys go into the input
	on     bool // it is typed, or kept
}

func (s *session) newFilter() filter {
	in := s.newInput("")
	in.Prompt = "/ "
	return filter{input: in}
}

// kept reports whether a typed filter stays.
func (f filter) kept() bool { return f.on && !f.typing }

// startFilter continues typing the filter.
func (s factorsScreen) startFilter() (screen, tea.Cmd) {
	s.want()
	s.filter.on, s.filter.typing = true, true
	s.filter.input.CursorEnd()
	return s, s.filter.input.Focus()
}

// typeFilter gives a key to the filter.
func (s factorsScreen) typeFilter(msg tea.KeyMsg) (screen, tea.Cmd) {
	before := s.filter.input.Value()
	msg, dropped := cleaned(msg)
	var cmd tea.Cmd
	s.filter.input, cmd = s.filter.input.Update(msg)
	if dropped != "" {
		cmd = tea.Batch(cmd, say(warning, dropped))
	}
	if s.filter.input.Value() != before {
		s.shows(s.all.Find(s.filter.input.Value()))
	}
	return s, cmd
}

// keepFilter goes back to the filtered list. An empty filter is dropped.
func (s factorsScreen) keepFilter() (screen, tea.Cmd) {
	if strings.TrimSpace(s.filter.input.Value()) == "" {
		return s.endFilter()
	}
	s.want()
	s.filter.typing = false
	s.filter.input.Blur()
	return s, nil
}

// endFilter shows all factors.
func (s factorsScreen) endFilter() (screen, tea.Cmd) {
	if s.filter.kept() {
		s.want()
	}
	s.filter = s.session.newFilter()
	s.shows(s.all.Records)
	return s, nil
}
