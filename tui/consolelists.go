package tui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// consoleList is what a list of the console shows, and does.
type consoleList struct {
	n       int
	id      func(i int) string
	text    func(i int) string // what a filter searches
	head    func(w int) string // the names of the columns
	line    func(i, w int) string
	detail  func(i, w, h int) string // what stands beside the list
	open    func(c consoleScreen, i int) (screen, tea.Cmd)
	actions func(c consoleScreen, i int, ok bool) []action // of the chosen line, if ok
}

// list is the open one.
func (s consoleScreen) list() consoleList {
	return [...]func(*session) consoleList{(*session).callsList, (*session).messagesList, (*session).factorsList, (*session).usersList}[s.tab](s.session)
}

// openKey opens the chosen line.
func (s consoleScreen) openKey() action {
	_, ok := s.chosen()
	return action{keyOpen, ok, shown, s.openChosen}
}

func (s consoleScreen) openChosen() (screen, tea.Cmd) {
	if i, ok := s.chosen(); ok {
		return s.list().open(s, i)
	}
	return s, nil
}

// zoned is a time of the day where the person is.
func (s *session) zoned(t time.Time) string {
	return t.In(s.Serving.Since.Location()).Format("15:04:05")
}
