package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

func (s confirmScreen) view(w, h int) string {
	st := s.session.styles
	wrapped := func(style pen, text string) []string {
		lines := strings.Split(ansi.Wrap(text, s.session.textWidth(w), " "), "\n")
		for i, l := range lines {
			lines[i] = style.Render(l)
		}
		return lines
	}
	parts := [][]string{s.live(w), wrapped(st.title, s.Of(s.owner)), nil, wrapped(st.warning, "! "+s.Warning), s.answer(w)}
	used := 0
	for _, p := range parts {
		used += len(p)
	}
	names := s.names(w, max(1, h-used))
	parts[2], used = names, used+len(names)
	var lines []string
	for i, p := range slices.DeleteFunc(parts, func(p []string) bool { return len(p) == 0 }) {
		if i > 0 && used < h {
			lines, used = append(lines, ""), used+1
		}
		lines = append(lines, p...)
	}
	return strings.Join(lines, "\n")
}

// live says that real people are concerned, in the colour of the badge.
func (s confirmScreen) live(w int) []string {
	if s.session.Mode != factors.Live {
		return nil
	}
	st := s.session.styles
	line := st.badges[factors.Live].Render("This is a LIVE environment") + st.dim.Render(" "+words.Clean(s.session.Store.Environment()))
	return []string{ansi.Truncate(line, w, "…")}
}

// noButton is the left button.
const noButton = "  [ No ]"

// answer is the buttons, or the field for the proof and what is wrong with it.
func (s confirmScreen) answer(w int) []string {
	st := s.session.styles
	if p := s.proof; p != nil {
		label := fmt.Sprintf("last %d characters of the ID ", proofLength)
		line := st.accent.Render(label) + st.field(p.input, 2*proofLength+2)
		hint := st.dim.Render("type them, then enter · esc goes back")
		if p.refused {
			hint = st.bad.Render(ansi.Truncate("✗ The ID does not end in that", w, "…"))
		}
		return []string{line, hint}
	}
	no, yes := noButton, "  [ "+s.verb+" ]"
	if s.yes {
		yes = st.accent.Render("› [ " + s.verb + " ]")
	} else {
		no = st.accent.Render("› [ No ]")
	}
	return []string{no + "  " + yes}
}

// click answers with the mouse.
func (s confirmScreen) click(x, y int) (screen, tea.Cmd) {
	rows := strings.Split(s.view(s.session.box()), "\n")
	switch {
	case s.proof != nil || y != len(rows)-1 || x >= lipgloss.Width(rows[y]):
		return s, nil
	case x < len(noButton):
		return s.back()
	}
	return s.run()
}

// names says which factors it is about, in at most room lines of w columns.
func (s confirmScreen) names(w, room int) []string {
	st := s.session.styles
	switch len(s.about) {
	case 0:
		return nil
	case 1:
		return s.name(s.about[0], w, room)
	}
	shown := len(s.about)
	if room-1 < shown {
		shown = max(0, room-2)
	}
	rows := [][4]string{{"TYPE", "NAME", "DETAILS", "ID"}}
	for _, r := range s.about[:shown] {
		r.Factor = factors.Masked(r.Factor)
		name, details := factors.NameAndDetails(r)
		rows = append(rows, [4]string{factors.ShortTypeName(r.Type), name, details, words.Clean(r.ID)})
	}
	lines := aligned(rows, w)
	lines[0] = st.dim.Render(lines[0])
	if rest := len(s.about) - shown; rest > 0 {
		lines = append(lines, st.dim.Render(fmt.Sprintf("and %d more", rest)))
	}
	return lines
}

// name is what a factor is and whose, a line each if there is room, else with its ID on
// a line of its own.
func (s confirmScreen) name(r store.Record, w, room int) []string {
	r.Factor = factors.Masked(r.Factor)
	var facts []factors.Fact
	for _, name := range []string{"type", "label", "issuer", "user", "phone", "user ID", "ID"} {
		for _, f := range s.session.Facts(r, words.Stamp) {
			if f[0] == name {
				facts = append(facts, f)
			}
		}
	}
	if lines := strings.Split(table(s.session.styles, facts, w), "\n"); len(lines) <= room {
		return lines
	}
	name, details := factors.NameAndDetails(r)
	what := ansi.Truncate(words.Join("  ", factors.ShortTypeName(r.Type), name, details), w, "…")
	return []string{what, ansi.Truncate(words.Clean(r.ID), w, "…")}[:min(2, room)]
}

// aligned draws rows of type, name, details and ID in columns of w together. An ID is
// never cut: it goes where too little is left for the name and the details.
func aligned(rows [][4]string, w int) []string {
	const gap, least = "  ", 24
	var widest [4]int
	for _, row := range rows {
		for i, cell := range row {
			widest[i] = max(widest[i], lipgloss.Width(cell))
		}
	}
	left, withID := w-widest[0]-2*len(gap), false
	if rest := left - len(gap) - widest[3]; rest >= least {
		left, withID = rest, true
	}
	name := min(widest[1], left*2/3)
	lines := make([]string, len(rows))
	for i, row := range rows {
		lines[i] = column(row[0], widest[0]) + gap + column(row[1], name) + gap + column(row[2], min(widest[2], left-name))
		if withID {
			lines[i] += gap + row[3]
		}
	}
	return lines
}
