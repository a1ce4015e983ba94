package tui

import (
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// factorName is the name of a factor with its phone number masked: others may see
// the screen.
func factorName(r store.Record) string {
	r.Factor = factors.Masked(r.Factor)
	return factors.Name(r)
}

// fullName is factorName with the ID.
func fullName(r store.Record) string {
	r.Factor = factors.Masked(r.Factor)
	return factors.FullName(r)
}

// wireName is what a factor was enrolled with.
func wireName(r store.Record) string { return factors.EnrolledName(factors.Masked(r.Factor)) }

func gone(r store.Record) bool { return !r.GoneAt.IsZero() }

// factorState is the state of a factor in a few words that begin with a mark.
func factorState(s *session, r store.Record) (string, lipgloss.Style) {
	state, text := s.State(r)
	return state.Mark() + " " + text, s.styles.ofState(state)
}

// ofState is the colour of a state.
func (st styles) ofState(s factors.State) lipgloss.Style {
	switch s {
	case factors.Verified:
		return st.good
	case factors.Failed:
		return st.bad
	case factors.Expired, factors.Gone, factors.Unsaved:
		return st.warning
	}
	return st.dim
}

// resultName is the result of a challenge, after a mark.
func resultName(o store.Outcome) string {
	return factors.ResultState(o).Mark() + " " + factors.ResultName(o)
}

// factorDetails is everything known about a factor, a line each, in w columns.
func factorDetails(s *session, r store.Record, w int) string {
	return table(s.styles, s.Facts(r, func(at time.Time) string { return moment(s, at, w-labelWidth) }), w)
}

// labelWidth is the width of the names in a table.
const labelWidth = 12

// table draws rows of a name and a value. A value that is too wide for its column,
// such as an ID on a small terminal, gets lines of its own.
func table(st styles, rows []factors.Fact, w int) string {
	lines := make([]string, len(rows))
	for i, row := range rows {
		if lipgloss.Width(row[1]) > w-labelWidth {
			lines[i] = st.text.Render(ansi.Hardwrap(row[1], max(1, w), true))
		} else {
			lines[i] = st.dim.Render(column(row[0], labelWidth)) + st.text.Render(column(row[1], w-labelWidth))
		}
	}
	return strings.Join(lines, "\n")
}

// moment is the exact time and how long ago that was, or as much of it as fits into w
// columns.
func moment(s *session, at time.Time, w int) string {
	if at.IsZero() {
		return "–"
	}
	exact, ago := words.Stamp(at), words.Ago(at, s.Now())
	switch both := exact + " · " + ago; {
	case lipgloss.Width(both) <= w:
		return both
	case lipgloss.Width(exact) <= w:
		return exact
	}
	return ago
}
