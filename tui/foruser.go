package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
)

// forUserScreen wraps a screen that was opened from a user's factors, such as an
// enrollment. Four things change: the header shows the user, a question names the
// user, what is enrolled is theirs, and what leads to the list of all factors leads to
// the user's factors.
type forUserScreen struct {
	screen
	list userFactorsScreen
}

func (s forUserScreen) title() trail {
	own := s.screen.title()
	return slices.Concat(s.list.title(), own[min(1, len(own)):])
}

// update gives a message to the screen, and to the user's factors, which it may
// change.
func (s forUserScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	s.list = s.list.noted(msg)
	return s.lead(s.screen.update(msg))
}

// lead wraps the next screen, or goes back to the user's factors.
func (s forUserScreen) lead(next screen, cmd tea.Cmd) (screen, tea.Cmd) {
	switch next := next.(type) {
	case factorsScreen:
		r, _ := next.chosen()
		return s.home(r.ID, cmd)
	case userFactorsScreen: // as it was when the screen was opened
		return s.home("", cmd)
	case enrollTypeScreen:
		next.user = s.list.user
		s.screen = next
	case confirmScreen:
		next.owner = factors.UserName(s.list.user)
		if len(next.about) == 1 && next.verb == "Delete" {
			next.rest = s.list.rest(next.about[0].ID)
		}
		s.screen = next
	default:
		s.screen = next
	}
	return s, cmd
}

// home is the user's factors as they are now, with a factor chosen if one is named.
func (s forUserScreen) home(factorID string, cmd tea.Cmd) (screen, tea.Cmd) {
	s.list.choose(factorID)
	next, load := s.list.fill()
	return next, tea.Batch(cmd, load)
}

// actions are those of the screen, whose next screens are wrapped as well.
func (s forUserScreen) actions() []action {
	all := s.screen.actions()
	for i, a := range all {
		all[i].do = func() (screen, tea.Cmd) { return s.lead(a.do()) }
	}
	return all
}

func (s forUserScreen) click(x, y int) (screen, tea.Cmd) {
	if c, ok := s.screen.(clickable); ok {
		return s.lead(c.click(x, y))
	}
	return s, nil
}
