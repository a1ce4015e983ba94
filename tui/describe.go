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

// wireName is what a factor was enrolled with.
func wireName(r store.Record) string { return factors.EnrolledName(factors.Masked(r.Factor)) }

func gone(r store.Record) bool { return !r.GoneAt.IsZero() }

// factorState is the state of a factor in a few words that begin with a mark.
func factorState(s *session, r store.Record) (string, lipgloss.Style) {
	st := s.styles
	switch state, text := s.State(r); state {
	case factors.Unsaved:
		return "! " + text, st.warning
	case factors.Gone:
		return "✗ " + text, st.warning
	case factors.Verified:
		return "✓ " + text, st.good
	default:
		return "– " + text, st.dim
	}
}

// resultName is the result of a challenge, after a mark.
func resultName(o store.Outcome) string {
	switch o {
	case store.OutcomeOpen:
		return "– " + factors.ResultName(o)
	case store.OutcomeVerified:
		return "✓ " + factors.ResultName(o)
	}
	return "✗ " + factors.ResultName(o)
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

// moment is the exact time, in UTC and on the wall, and how long ago that was, or as much
// of it as fits into w columns.
func moment(s *session, at time.Time, w int) string {
	if at.IsZero() {
		return "–"
	}
	exact, ago := words.Stamp(at), words.Ago(at, s.Now())
	local := words.Join(" · ", exact, words.Local(at, s.Now()))
	for _, text := range []string{local + " · " + ago, local, exact + " · " + ago, exact} {
		if lipgloss.Width(text) <= w {
			return text
		}
	}
	return ago
}
