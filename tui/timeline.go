package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
)

// timeline is the challenges of a factor, newest first.
type timeline struct {
	session *session
	history []store.Attempt // oldest first
	open    string          // the ID of the challenge that is being answered, empty for none
	wrong   int             // how many wrong codes that has had
	exact   bool            // with exact times, where there is room for them
}

// resultColumn is the width of a result after its mark.
const resultColumn = 16

// mark is the sign of a result.
func (st styles) mark(o store.Outcome) string {
	state := factors.ResultState(o)
	return st.ofState(state).Render(state.Mark())
}

// empty reports whether nothing is worth a timeline: there is no challenge but the one
// whose first code is awaited.
func (t timeline) empty() bool { return len(t.past()) == 0 && t.wrong == 0 }

// past is the challenges that are not being answered now.
func (t timeline) past() []store.Attempt {
	var past []store.Attempt
	for _, a := range t.history {
		if t.open == "" || a.ChallengeID != t.open {
			past = append(past, a)
		}
	}
	return past
}

// marks are the results as a line of signs, oldest first, and how many are verified: as
// many of the newest as fit into w columns.
func (t timeline) marks(w int) string {
	count := "   " + factors.VerifiedCount(t.past())
	return t.signs(w-len(count)) + t.session.styles.dim.Render(count)
}

// signs are the newest results that fit into w columns, oldest first.
func (t timeline) signs(w int) string {
	past := t.past()
	past = past[max(0, len(past)-max(1, w/2)):]
	signs := make([]string, len(past))
	for i, a := range past {
		signs[i] = t.session.styles.mark(a.Outcome)
	}
	return strings.Join(signs, " ")
}

// rows are the challenges, one a row of w columns, the newest first.
func (t timeline) rows(w int) []string {
	st, past := t.session.styles, t.past()
	var rows []string
	row := func(mark, result, when string) {
		rows = append(rows, mark+" "+column(result, resultColumn)+st.dim.Render(column(when, w-resultColumn-2)))
	}
	if t.open != "" {
		wrong := "no code yet"
		if t.wrong > 0 {
			wrong = english.Plural(t.wrong, "wrong code", "")
		}
		row(st.accent.Render("●"), "now", wrong)
	}
	for i := len(past) - 1; i >= 0; i-- {
		row(st.mark(past[i].Outcome), factors.ResultName(past[i].Outcome), t.when(past[i].At.Time, w-resultColumn-2))
	}
	return rows
}

// when is the time of a challenge in w columns.
func (t timeline) when(at time.Time, w int) string {
	if t.exact {
		return moment(t.session, at, w)
	}
	return words.When(at, t.session.Now())
}

// view draws the heading, the signs, and as many of the challenges as fit into h rows,
// nothing if none does.
func (t timeline) view(w, h int) []string {
	const above = 2
	if h <= above || t.empty() {
		return nil
	}
	rows := t.rows(w)
	if over := len(rows) - (h - above); over > 0 {
		rows = append(rows[:len(rows)-over-1], t.session.styles.dim.Render(fmt.Sprintf("  %d earlier", over+1)))
	}
	return append([]string{t.heading(w), ""}, rows...)
}

// heading names what follows, with the signs of the results.
func (t timeline) heading(w int) string {
	heading := t.session.styles.dim.Render(column("challenges", labelWidth))
	if len(t.past()) > 0 {
		heading += t.marks(w - labelWidth)
	}
	return heading
}

// page is facts and the challenges of a factor: beside each other where there is room,
// else below each other.
type page struct {
	session *session
	facts   []string
	past    timeline
	w       int
}

// factsWidth is the columns of the facts in a body of w columns. The IDs and times fit
// into them beside their names, and the challenges into the others.
func factsWidth(w int) int {
	const facts, challenges = 54, 36
	if w < facts+dividerWidth+challenges {
		return w
	}
	return facts
}

// besides is factsWidth, or all of w where no challenges need the rest.
func (t timeline) besides(w int) int {
	if len(t.history) == 0 {
		return w
	}
	return factsWidth(w)
}

// columns are the texts of the two columns, or all in the first one.
func (p page) columns() (left, right []string) {
	width := factsWidth(p.w)
	if len(p.past.history) == 0 {
		return p.facts, nil
	}
	const all = 1 << 10 // rows, more than any history has
	if width < p.w {
		return p.facts, p.past.view(p.w-width-dividerWidth, all)
	}
	return slices.Concat(p.facts, []string{""}, p.past.view(p.w, all)), nil
}

// picker is the place in a page that does not fit into h rows.
func (p page) picker(from, h int) widget.Picker {
	left, right := p.columns()
	return scroll(from, max(len(left), len(right)), h)
}

// view draws h rows of a page beginning at from. Each column stops at its end.
func (p page) view(from, h int) string {
	left, right := p.columns()
	if right == nil {
		return window(left, from, h)
	}
	return divided(p.session.styles, window(left, from, h), window(right, from, h), factsWidth(p.w), p.w, h)
}
