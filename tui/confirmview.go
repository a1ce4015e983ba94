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
	"mfa-tui/workos"
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
	style := st.text
	if strings.HasPrefix(s.rest, "!") {
		style = st.warning
	}
	warned, rest := wrapped(st.warning, "! "+s.Warning), wrapped(style, s.rest)
	switch {
	case s.rest == "":
		rest = nil
	case h <= tight: // it says more
		warned, rest = nil, []string{style.Render(ansi.Truncate(s.rest, w, "…"))}
	}
	parts := [][]string{s.live(w), wrapped(st.title, s.Of(s.owner)), nil, slices.Concat(warned, rest), s.answer(w, h)}
	used := 0
	for _, p := range parts {
		used += len(p)
	}
	room := max(1, h-used)
	if airy := room - len(parts) + 1; len(s.about) > 1 && airy >= 4 { // fewer of them, and a blank row between the parts
		room = airy
	}
	names := s.names(w, room)
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
	remark, st := s.session.LiveRemark(), s.session.styles
	if remark == "" {
		return nil
	}
	line := st.badges[factors.Live].Render(remark) + st.dim.Render(" "+words.Clean(s.session.Store.Environment()))
	return []string{ansi.Truncate(line, w, "…")}
}

// tight is the height of a body in which a question has no row to spare.
const tight = 10

// noWidth is the columns of the left button.
const noWidth = 8

// answer is the buttons, or the field for the proof and what is wrong with it.
func (s confirmScreen) answer(w, h int) []string {
	st := s.session.styles
	if p := s.proof; p != nil {
		e, hint := p.entry, remark{"Type them, then press enter", st.dim}
		if h > tight {
			return strings.Split(e.view(st, hint, s.session.textWidth(w), 1), "\n")
		}
		r := e.remark(st, hint)
		return []string{e.row(st, false, lipgloss.Width(e.label)+1, w), r.style.Render(ansi.Truncate(r.text, w, "…"))}
	}
	button := func(text string, chosen bool) string {
		if text = "[ " + text + " ]"; chosen {
			return st.fieldBar(true) + st.accent.Reverse(true).Render(text)
		}
		return "  " + st.text.Render(text)
	}
	return []string{column(button("No", !s.yes), noWidth) + "  " + button(s.verb, s.yes)}
}

// click answers with the mouse.
func (s confirmScreen) click(x, y int) (screen, tea.Cmd) {
	rows := strings.Split(s.view(s.session.box()), "\n")
	switch {
	case s.proof != nil || y != len(rows)-1 || x >= lipgloss.Width(rows[y]):
		return s, nil
	case x < noWidth:
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
// a line of its own. A phone number is whole: it is compared with the lost phone's.
func (s confirmScreen) name(r store.Record, w, room int) []string {
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
	if r.SMS != nil {
		r.SMS = &workos.SMSDetails{PhoneNumber: factors.Phone(r.Factor)}
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
