package tui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
)

// forUserScreen is a screen of the usual flow, an enrollment for one, that was
// entered from a user's factors. It leaves that screen as it is but for this: the
// header shows the way by the user, a question names the user, and what would
// lead to the list of all factors leads back to the user's.
type forUserScreen struct {
	screen
	list userFactorsScreen
}

func (s forUserScreen) title() trail {
	own := s.screen.title()
	return slices.Concat(s.list.title(), own[min(1, len(own)):])
}

// update lets the screen answer a message, and the user's factors note what it
// has changed.
func (s forUserScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	s.list = s.list.noted(msg)
	return s.lead(s.screen.update(msg))
}

// lead goes on to the next screen, or back to the user's factors.
func (s forUserScreen) lead(next screen, cmd tea.Cmd) (screen, tea.Cmd) {
	switch next := next.(type) {
	case factorsScreen:
		r, _ := next.selected()
		return s.home(r.ID, cmd)
	case userFactorsScreen: // as it was when it was left
		return s.home("", cmd)
	case confirmScreen:
		next.owner = factors.UserName(s.list.user)
		s.screen = next
	default:
		s.screen = next
	}
	return s, cmd
}

// home is the user's factors as they are now, with one of them chosen if it is
// named.
func (s forUserScreen) home(factorID string, cmd tea.Cmd) (screen, tea.Cmd) {
	if i := s.list.index(factorID); i >= 0 {
		s.list.at = i
	}
	next, load := s.list.fill()
	return next, tea.Batch(cmd, load)
}

// actions are those of the screen; what they lead to leads back to the user.
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

// unwrap gives what else the screen may be.
func (s forUserScreen) unwrap() screen { return s.screen }
