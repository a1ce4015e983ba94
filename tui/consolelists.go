package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
)

// consoleList is what a list of the console shows, and does.
type consoleList struct {
	n       int
	id      func(i int) string
	text    func(i int) string // what a filter searches
	ended   func(i int) bool   // that text stays as it is; nil for never
	columns func(q factors.Query, w int) []consoleColumn
	detail  func(i, w, h int) string // what stands beside the list
	open    func(c consoleScreen, i int) (screen, tea.Cmd)
	actions func(c consoleScreen, i int, ok bool) []action // of the chosen line, if ok
}

// consoleColumn is a column of a list, the gap behind it included; 0 wide for none.
type consoleColumn struct {
	head  string
	width int
	draw  func(i, w int) string // a line in it
}

// head is the names of the columns.
func (l consoleList) head(w int) string {
	return joined(l.columns(nil, w), func(c consoleColumn) string { return c.head })
}

// line is a line with what was searched for highlighted.
func (l consoleList) line(i int, q factors.Query, w int) string {
	return joined(l.columns(q, w), func(c consoleColumn) string { return c.draw(i, c.width-columnGap) })
}

func joined(columns []consoleColumn, text func(consoleColumn) string) (line string) {
	for _, c := range columns {
		if c.width > 0 {
			line += column(text(c), c.width)
		}
	}
	return line
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
