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
	if name = extract(q, name, nameWidth); room > 0 {
		details = detailed(q, r, kind, name, details, room)
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

// detailed is the details of a factor in w columns, with what was searched for and is
// neither in them nor in the other columns.
func detailed(q factors.Query, r store.Record, kind, name, details string, w int) string {
	shown, facts := []string{kind, name, details}, []factors.Fact(nil)
	for f, ok := q.Unseen(r, shown...); ok; f, ok = q.Unseen(r, shown...) {
		shown, facts = append(shown, f[1]), append(facts, f)
	}
	var parts []string
	if len(facts) == 0 || len(q.Hits(details)) > 0 {
		parts = []string{extract(q, details, w/(len(facts)+1))}
	}
	for i, f := range facts {
		left := w - lipgloss.Width(strings.Join(append(parts, ""), " · "))
		parts = append(parts, around(q, f, left/(len(facts)-i)))
	}
	return strings.Join(parts, " · ")
}

// around is a fact in w columns, with the part in sight that was searched for.
func around(q factors.Query, f factors.Fact, w int) string {
	name := f[0] + " "
	return ansi.Truncate(name+extract(q, f[1], w-lipgloss.Width(name)), max(0, w), "…")
}

// extract is a text in w columns, with all in sight that was searched for, as far as there
// is room.
func extract(q factors.Query, text string, w int) string {
	hits, all := q.Hits(text), lipgloss.Width(text)
	if all <= w || len(hits) == 0 {
		return middleCut(text, w)
	}
	first, last := hits[0], hits[len(hits)-1]
	from, to := lipgloss.Width(text[:first.From]), lipgloss.Width(text[:last.To])
	switch {
	case to < w:
		return ansi.Truncate(text, w, "…")
	case to-from+2 > w && len(hits) > 1: // what is between them is left out
		head := text[first.From:first.To]
		if first.From > 0 {
			head = "…" + head
		}
		return head + extract(q, text[first.To:], w-lipgloss.Width(head))
	}
	cut := min(from, min(to+2, all+1)-w)
	return ansi.Truncate(ansi.TruncateLeft(text, cut, "…"), max(0, w), "…")
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

// cell draws a text in w columns, with what was searched for in sight and underlined. Else
// its beginning is in sight.
func (st styles) cell(q factors.Query, text string, w int, base pen) string {
	if w = max(0, w); len(q.Hits(text)) > 0 {
		text = extract(q, text, w)
	}
	return st.found(q, ansi.Truncate(text, w, "…"), base)
}

// clicked is what a click in the body does on the screen that has the list.
func (l factorList) clicked(stay screen, x, y int, to func(int) (screen, tea.Cmd), open navigate) (screen, tea.Cmd) {
	w, h := l.session.box()
	if x >= l.width(w) {
		return stay, nil
	}
	return mover{l.picker(), to}.clicked(stay, y-l.above(h), open)
}
