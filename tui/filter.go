package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store/factors"
)

// filter is what a person types to see only some lines of a list.
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

// query is what is searched for, nothing without a filter.
func (f filter) query() factors.Query {
	if !f.on {
		return nil
	}
	return factors.NewQuery(f.input.Value())
}

// takes is what a list with the filter takes for typed text.
func (f filter) takes() typing {
	if f.typing {
		return textTyped
	}
	return nothingTyped
}

// start continues typing the filter.
func (f *filter) start() tea.Cmd {
	f.on, f.typing = true, true
	f.input.CursorEnd()
	return f.input.Focus()
}

// typed gives a key to the filter.
func (f *filter) typed(msg tea.KeyMsg) (cmd tea.Cmd) {
	msg, dropped := cleaned(msg)
	if f.input, cmd = f.input.Update(msg); dropped != "" {
		cmd = tea.Batch(cmd, say(warning, dropped))
	}
	return cmd
}

// keep ends the typing, and reports whether there is something to keep.
func (f *filter) keep() bool {
	if strings.TrimSpace(f.input.Value()) == "" {
		return false
	}
	f.typing = false
	f.input.Blur()
	return true
}

// view draws the filter in w columns, with how many it has found at the right.
func (f filter) view(st styles, count string, w int) string {
	left := w - lipgloss.Width(count) - columnGap
	return column(st.field(f.input, left), left) + "  " + st.dim.Render(count)
}

// startFilter continues typing the filter.
func (s factorsScreen) startFilter() (screen, tea.Cmd) {
	s.want()
	cmd := s.filter.start()
	return s, cmd
}

// typeFilter gives a key to the filter.
func (s factorsScreen) typeFilter(msg tea.KeyMsg) (screen, tea.Cmd) {
	before := s.filter.input.Value()
	cmd := s.filter.typed(msg)
	if s.filter.input.Value() != before {
		s.shows(s.all.Find(s.filter.input.Value()))
	}
	return s, cmd
}

// keepFilter goes back to the filtered list. An empty filter is dropped.
func (s factorsScreen) keepFilter() (screen, tea.Cmd) {
	if !s.filter.keep() {
		return s.endFilter()
	}
	s.want()
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
