package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
)

// factorList is factors to choose from, with the chosen one beside the list where
// there is room. It shows each factor as the factor file has it, if it does.
type factorList struct {
	session *session
	records []*store.Record
	at      int // the chosen one
}

// wideWidth is the terminal width from which on a list has what belongs to the
// chosen line beside it.
const wideWidth = 100

func (l factorList) record(i int) store.Record { return l.session.latest(*l.records[i]) }

// chosen is the factor that the keys are about, false if there is none.
func (l factorList) chosen() (store.Record, bool) {
	if l.at >= len(l.records) {
		return store.Record{}, false
	}
	return l.record(l.at), true
}

// index is the place of a factor, -1 if it is not in the list.
func (l factorList) index(id string) int {
	return slices.IndexFunc(l.records, func(r *store.Record) bool { return r.ID == id })
}

// choose chooses a factor, if it is in the list.
func (l *factorList) choose(id string) {
	if i := l.index(id); i >= 0 {
		l.at = i
	}
}

func (l factorList) picker() widget.Picker {
	_, h := l.session.box()
	return widget.Picker{At: l.at, N: len(l.records), Rows: h - rowsAbove(h)}
}

// rowsAbove is how many rows of a body of h rows are above its list.
func rowsAbove(h int) int {
	if h > 10 {
		return 2
	}
	return 1
}

// width is the width of the list in a body of w columns.
func (l factorList) width(w int) int {
	if l.session.width >= wideWidth {
		return w * 11 / 20
	}
	return w
}

// view draws a line above the list and the list, in which last is what a line
// ends with.
func (l factorList) view(above string, last func(store.Record, int) string, w, h int) string {
	width := l.width(w)
	list := above + strings.Repeat("\n", rowsAbove(h)) + l.picker().View(func(i int, chosen bool) string {
		r := l.record(i)
		return l.row(r, chosen, last(r, width), width)
	})
	r, ok := l.chosen()
	if !ok || width == w {
		return list
	}
	return divided(l.session.styles, list, factorDetails(l.session, r, w-width-dividerWidth), width, w, h)
}

// row draws a factor as one line of the list.
func (l factorList) row(r store.Record, chosen bool, last string, w int) string {
	st := l.session.styles
	name := column(factorName(r), w-2-6-lipgloss.Width(last))
	return st.line(chosen, st.dim.Render(column(factors.ShortTypeName(r.Type), 6))+st.text.Render(name)+last, w-2)
}

// clicked is what a click in the body does on the screen that has the list.
func (l factorList) clicked(stay screen, x, y int, to func(int) (screen, tea.Cmd), open navigate) (screen, tea.Cmd) {
	w, h := l.session.box()
	if x >= l.width(w) {
		return stay, nil
	}
	return mover{l.picker(), to}.clicked(stay, y-rowsAbove(h), open)
}
