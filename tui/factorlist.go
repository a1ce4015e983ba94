package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
)

// factorList is factors to choose from, with the chosen one beside the list where
// there is room. It shows each factor as the factor file has it, if it does.
type factorList struct {
	session *session
	records []*store.Record
	at      int           // the chosen one
	query   factors.Query // what to highlight
	head    string        // of the last column
	// state is what a line ends with, from the longest form to the shortest.
	state func(store.Record) (factors.State, []string)
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
	return widget.Picker{At: l.at, N: len(l.records), Rows: h - l.above(h)}
}

// rowsAbove is how many rows of a body of h rows are above its list.
func rowsAbove(h int) int {
	if h > 10 {
		return 2
	}
	return 1
}

// above is rowsAbove with the heads of the columns.
func (l factorList) above(h int) int {
	if h > 10 {
		return 3
	}
	return rowsAbove(h)
}

// listWidth is the width of a list in a body of w columns, which has room for so many
// columns of it where it can: what belongs to the chosen line takes what is left.
func (s *session) listWidth(w, wanted int) int {
	if s.width < wideWidth {
		return w
	}
	const all, id, facts = 62, 38, 38 + labelWidth // of the list, of an ID, of an ID and its name
	return max(w-facts-dividerWidth, min(max(all, wanted), w-id-dividerWidth))
}

// width is the width of the list in a body of w columns.
func (l factorList) width(w int) int {
	return l.session.listWidth(w, l.widest().wanted())
}

// listColumns are the widths of the columns of a list, the gaps in front of them
// included.
type listColumns struct{ kind, name, details, last int }

const (
	columnGap  = 2 // spaces between two columns
	kindWidth  = 6
	stateWidth = columnGap + 26 // of the last column, unless there is little room, or more than enough
)

// widths are the columns that the lines of a page need to be whole, and the widest name
// without details, which has the room of both.
type widths struct {
	listColumns
	alone int
}

// widest are the widths of the page shown.
func (l factorList) widest() (all widths) {
	first, end := l.picker().Page()
	all.last = lipgloss.Width(l.head)
	for i := first; i < end; i++ {
		r := l.record(i)
		_, forms := l.state(r)
		all.last = max(all.last, lipgloss.Width(forms[0]))
		r.Factor = factors.Masked(r.Factor)
		switch name, details := factors.NameAndDetails(r); details {
		case "":
			all.alone = max(all.alone, lipgloss.Width(name))
		default:
			all.name, all.details = max(all.name, lipgloss.Width(name)), max(all.details, columnGap+lipgloss.Width(details))
		}
	}
	all.last += columnGap
	return all
}

// wanted is the width of a list with nothing cut.
func (all widths) wanted() int {
	return kindWidth + max(all.name+all.details, all.alone) + min(all.last, stateWidth)
}

// columns are those of a list of w columns. Where there is little room the details stand
// behind the name, and what a line ends with is a mark.
func (all widths) columns(w int) listColumns {
	c := listColumns{kind: kindWidth, last: columnGap + 1}
	if w >= 50 {
		c.last = min(all.last, stateWidth, w*2/5)
		for _, last := range []int{stateWidth, all.last} { // a longer form, or a wider gap
			if kindWidth+max(all.name+all.details, all.alone)+last <= w {
				c.last = max(c.last, last)
			}
		}
	}
	c.name = max(0, w-c.kind-c.last)
	if w >= 62 {
		both := c.name
		c.name = max(all.name, min(max(all.alone, both/3), both-all.details))
		c.name = min(c.name, max(both-all.details, both*2/5))
		c.details = both - c.name
	}
	return c
}

// view draws a line above the list and the list.
func (l factorList) view(above func(w int) string, w, h int) string {
	all := l.widest()
	width := l.session.listWidth(w, all.wanted())
	c := all.columns(width)
	lines := []string{above(width)}
	if l.above(h) > rowsAbove(h) && len(l.records) > 0 {
		lines = append(lines, "", l.session.styles.dim.Render(c.heads(l.head)))
	} else {
		lines = append(lines, make([]string, l.above(h)-1)...)
	}
	list := strings.Join(lines, "\n") + "\n" + l.picker().View(func(i int, chosen bool) string {
		r := l.record(i)
		return l.session.styles.line(chosen, l.row(r, chosen, c)+"  "+l.end(r, c.last-columnGap), width)
	})
	r, ok := l.chosen()
	if !ok || width == w {
		return list
	}
	return divided(l.session.styles, list, factorDetails(l.session, r, w-width-dividerWidth, h), width, w, h)
}

// end draws the end of a factor's line in so many columns: the longest form of its state
// that has room there, or its mark alone.
func (l factorList) end(r store.Record, room int) string {
	st := l.session.styles
	state, forms := l.state(r)
	if room == 1 {
		return st.ofState(state).Render(state.Mark())
	}
	text := forms[len(forms)-1]
	if i := slices.IndexFunc(forms, func(f string) bool { return lipgloss.Width(f) <= room }); i >= 0 {
		text = forms[i]
	}
	text = ansi.Truncate(text, room, "…")
	last := strings.LastIndex(text, " · ")
	if len(forms) == 1 || last < 0 {
		last = len(text)
	}
	return st.found(l.query, text[:last], st.ofState(state)) + st.found(l.query, text[last:], st.dim)
}

// heads are the heads of the columns.
func (c listColumns) heads(last string) string {
	line := column("TYPE", c.kind) + column("NAME", c.name)
	if c.details > 0 {
		line += "  " + column("DETAILS", c.details-columnGap)
	}
	if c.last > columnGap+1 {
		line += "  " + last
	}
	return line
}

// row draws the type, the name and the details of a factor, with what was searched for
// highlighted. If none of it shows why the factor was found, the details say so.
func (l factorList) row(r store.Record, chosen bool, c listColumns) string {
	st, q := l.session.styles, l.query
	r.Factor = q.Masked(r.Factor)
	kind := factors.ShortTypeName(r.Type)
	name, details := factors.NameAndDetails(r)
	nameWidth, room := c.name, c.details-columnGap
	unseen := false // only if there are no details: else there is room to say so
	if details == "" {
		_, unseen = q.Unseen(r, kind, name)
	}
	switch {
	case details == "" && !unseen:
		nameWidth, room = c.name+c.details, 0
	case c.details == 0:
		nameWidth = min(lipgloss.Width(name), max(c.name/2, c.name-columnGap-lipgloss.Width(details)))
		room = c.name - nameWidth - columnGap
	}
	if over := lipgloss.Width(details) - room; r.SMS != nil && over > 0 && room > 0 { // the end tells phones apart
		details = ansi.TruncateLeft(details, over+1, "…")
	}
	if name = middleCut(name, nameWidth); room > 0 {
		details = middleCut(details, room)
	}
	if fact, ok := q.Unseen(r, kind, name, details); ok {
		details = around(q, fact, room)
	}
	dim := st.dim
	if chosen {
		dim = st.text
	}
	line := st.found(q, column(kind, c.kind), dim) + st.found(q, column(name, nameWidth), st.text)
	if room > 0 {
		line += "  " + st.found(q, column(details, room), dim)
	}
	return line
}

// around is a fact in w columns, with the part in sight that was searched for.
func around(q factors.Query, f factors.Fact, w int) string {
	name, value := f[0]+" ", f[1]
	w -= lipgloss.Width(name)
	if hits := q.Hits(value); len(hits) > 0 {
		if over := lipgloss.Width(value[:hits[0].To]) + 1 - w; lipgloss.Width(value) > w && over > 0 {
			value = ansi.TruncateLeft(value, over+1, "…")
		}
	}
	return name + ansi.Truncate(value, max(0, w), "…")
}

// found draws a text with what was searched for underlined.
func (st styles) found(q factors.Query, text string, base pen) string {
	drawn, at := "", 0
	for _, s := range q.Hits(text) {
		drawn += base.Render(text[at:s.From]) + st.accent.Underline(true).Render(text[s.From:s.To])
		at = s.To
	}
	return drawn + base.Render(text[at:])
}

// clicked is what a click in the body does on the screen that has the list.
func (l factorList) clicked(stay screen, x, y int, to func(int) (screen, tea.Cmd), open navigate) (screen, tea.Cmd) {
	w, h := l.session.box()
	if x >= l.width(w) {
		return stay, nil
	}
	return mover{l.picker(), to}.clicked(stay, y-l.above(h), open)
}
