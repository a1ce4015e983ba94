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
func factorState(s *session, r store.Record) (string, pen) {
	state, text := s.State(r)
	return state.Mark() + " " + text, s.styles.ofState(state)
}

// ofState is the colour of a state.
func (st styles) ofState(s factors.State) pen {
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

// factorFacts is everything known about a factor but its challenges, in w columns.
func factorFacts(s *session, r store.Record, w int) string {
	facts := s.Facts(r, func(at time.Time) string { return moment(s, at, w-labelWidth) })
	for i, f := range facts {
		if f[0] == "secret" && s.serves() { // it was made up here
			facts[i][1] = words.InFours(words.Clean(r.TOTP.Secret))
		}
	}
	drawn := table(s.styles, facts, w)
	if s.codeNow(r) != "" {
		drawn = s.styles.dim.Render(column("code", labelWidth)) + s.codeWithRing(r, w-labelWidth) + "\n" + drawn
	}
	return drawn
}

// nameOf is the name of a factor for a title: whole in a console, where all is shown.
func (s *session) nameOf(r store.Record) string {
	if s.serves() {
		return factors.Name(r)
	}
	return factorName(r)
}

// factorDetails is what is known about a factor in a box of w columns and h rows: its
// name, facts, then as many of its challenges as fit.
func factorDetails(s *session, r store.Record, w, h int) string {
	facts := factorFacts(s, r, w)
	if h >= airyRows {
		facts = s.styles.title.Render(ansi.Truncate(s.nameOf(r), w, "…")) + "\n\n" + facts
	}
	challenges := timeline{session: s, history: r.History}.view(w, h-lipgloss.Height(facts)-1)
	return strings.Join(append([]string{facts, ""}, challenges...), "\n")
}

// labelWidth is the width of the names in a table.
const labelWidth = 13

// nameWidth is the width of the names of rows in w columns: less than labelWidth where
// that keeps the longest word, such as an ID, beside its name.
func nameWidth(rows []factors.Fact, w int) int {
	name, word := 0, 0
	for _, row := range rows {
		name = max(name, lipgloss.Width(row[0])+1)
		for _, f := range strings.Fields(row[1]) {
			word = max(word, lipgloss.Width(f))
		}
	}
	if name+word > w {
		return labelWidth
	}
	return max(name, min(labelWidth, w-word))
}

// table draws rows of a name and a value. A value that is too wide for its column is
// wrapped in it; one with a word that is stands below its name.
func table(st styles, rows []factors.Fact, w int) string {
	var lines []string
	names := nameWidth(rows, w)
	for _, row := range rows {
		name, room := st.dim.Render(column(row[0], names)), w-names
		for _, word := range strings.Fields(row[1]) {
			if lipgloss.Width(word) > room {
				lines = append(lines, name)
				name, room = "", w
				break
			}
		}
		for _, l := range strings.Split(ansi.Wrap(row[1], max(1, room), ""), "\n") {
			lines = append(lines, name+st.text.Render(l))
			name = strings.Repeat(" ", w-room)
		}
	}
	return strings.Join(lines, "\n")
}

// remarkText is the parts as sentences on a line of its own, which needs no full stop.
func remarkText(parts ...string) string { return strings.TrimSuffix(words.Sentences(parts...), ".") }

// moment is the exact time, in UTC and on the wall, and how long ago that was, or as much
// of it as fits into w columns.
func moment(s *session, at time.Time, w int) string {
	if at.IsZero() {
		return "–"
	}
	now := s.Now()
	exact, local, ago := words.Stamp(at), words.Local(at, now), words.Aside(at, now)
	for _, parts := range [][]string{{exact, local, ago}, {exact, local}, {exact, ago}, {exact}} {
		if text := words.Join(" · ", parts...); lipgloss.Width(text) <= w {
			return text
		}
	}
	return words.Ago(at, now)
}
