package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/cellbuf"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// trail is the names of the screens from the first one to this one.
type trail []string

// factorsTrail is the trail of a screen below the factors.
func factorsTrail(names ...string) trail { return append(trail{"Factors"}, names...) }

// sideTrail is the trail of a screen about other things than factors. It is below them,
// but not in a console.
func (s *session) sideTrail(names ...string) trail {
	if s.serves() {
		return names
	}
	return factorsTrail(names...)
}

// factorTrail is the trail of a screen about a factor.
func (s *session) factorTrail(r store.Record, names ...string) trail {
	return append(factorsTrail(s.nameOf(r)), names...)
}

const (
	trailSign = " › "
	leastName = 8 // columns that a shortened name keeps
)

// fitted returns the trail in at most w columns: it shortens the longest name, then
// leaves out names at the beginning.
func (t trail) fitted(w int) trail {
	t = append(trail(nil), t...)
	for {
		over := lipgloss.Width(strings.Join(t, trailSign)) - w
		if over <= 0 {
			return t
		}
		longest := 0
		for i, name := range t {
			if lipgloss.Width(name) > lipgloss.Width(t[longest]) {
				longest = i
			}
		}
		room := lipgloss.Width(t[longest]) - over
		switch {
		case room >= leastName || len(t) == 1:
			t[longest] = ansi.Truncate(t[longest], max(0, room), "…")
			return t
		case t[0] != "…":
			t[0] = "…"
		case len(t) > 2:
			t = append(trail{"…"}, t[2:]...)
		default:
			t = t[1:]
		}
	}
}

// head is the header and the rule below it. Beside a picture, where there are few
// columns and many rows, the trail has rows of its own.
func (m Model) head(w int, narrow bool) []string {
	t := m.top().title()
	if !narrow {
		return []string{m.header(w, t), m.rule(w)}
	}
	lines := strings.Split(cellbuf.Wrap(m.trail(t.fitted(2*w)), w, ""), "\n")
	return slices.Concat([]string{m.header(w, nil)}, lines, []string{m.rule(w)})
}

// header is the first row, with the trail if there is one.
func (m Model) header(w int, t trail) string {
	s := m.session.styles
	badge := s.badges[m.session.Mode].Render(m.session.Mode.String())
	if m.session.serves() {
		badge = s.badges[m.session.Mode].Render("SERVE")
	}
	if host := m.session.Host; host != "" && w+2 >= 80 {
		badge = s.dim.Render(ansi.Truncate(words.Clean(host), (w+2)/4, "…")) + " " + badge
	}
	left := s.name.Render("mfa-tui")
	most := w - lipgloss.Width(left) - lipgloss.Width(badge) - 2
	if len(t) > 0 {
		most = w * 2 / 5
	}
	if arranged := m.session.arranged(most); arranged != "" {
		badge = s.warning.Render(arranged) + " " + badge
	}
	if len(t) > 0 {
		left += "  "
		room := w - lipgloss.Width(left) - lipgloss.Width(badge) - 1
		if own, ok := m.top().(interface{ heading(w int) string }); ok {
			left += own.heading(room)
		} else {
			left += m.trail(t.fitted(room))
		}
	}
	return left + strings.Repeat(" ", max(0, w-lipgloss.Width(left)-lipgloss.Width(badge))) + badge
}

// arranged is what the lab has arranged, in at most w columns, empty if nothing. It is
// on every screen, so that no error made on purpose is taken for a real one.
func (s *session) arranged(w int) string {
	if s.Lab == nil {
		return ""
	}
	armed, off := s.arms()
	var long, short []string
	if n := len(armed); n > 0 {
		more := ""
		if n > 1 {
			more = fmt.Sprintf(" +%d", n-1)
		}
		long, short = append(long, "armed: "+armed[0]+more), append(short, armed[0]+more)
	}
	if off != 0 {
		moved := off.String()
		if off > 0 {
			moved = "+" + moved
		}
		long, short = append(long, "clock "+moved), append(short, moved)
	}
	if len(long) == 0 {
		return ""
	}
	for _, parts := range [][]string{long, short} {
		if text := "! " + strings.Join(parts, " · "); lipgloss.Width(text) <= w {
			return text
		}
	}
	return "! lab"
}

// arms is what is armed, and how far the clock was moved.
func (s *session) arms() ([]string, time.Duration) {
	if s.serves() {
		return s.live.armed, s.live.offset.Round(time.Second)
	}
	return s.Lab.Armed(), s.Lab.ClockOffset().Round(time.Second)
}

// trail draws a trail: the last name is where the person is.
func (m Model) trail(t trail) string {
	s, drawn := m.session.styles, ""
	for i, name := range t {
		if last := len(t) - 1; i < last {
			drawn += s.dim.Render(name) + s.edge.Render(trailSign)
		} else {
			drawn += s.title.Render(name)
		}
	}
	return drawn
}

// steps are the parts of an enrollment and the current one.
type steps struct {
	names []string
	at    int // counts from 0
}

// lastOfEnrolling is the step after which the factor exists.
const lastOfEnrolling = 1

// enrollSteps are the parts of enrolling a type of factor.
func enrollSteps(t workos.FactorType, at int) steps {
	names := []string{"type", "details", "verify"}
	switch t {
	case workos.TOTP:
		names = []string{"type", "details", "scan", "verify"}
	case workos.SMS:
		names = []string{"type", "details", "message", "verify"}
	}
	return steps{names, min(at, len(names)-1)}
}

// laterSteps are the steps once the factor exists, none when the person has left its
// enrollment.
func (s *session) laterSteps(r store.Record, at int) steps {
	if r.ID != s.enrolling {
		return steps{}
	}
	return enrollSteps(r.Type, at)
}

// rule is the line below the header, with the steps of an enrollment.
func (m Model) rule(w int) string {
	st := m.session.styles
	var s steps
	if own, ok := m.top().(interface{ rule(w int) string }); ok {
		return own.rule(w)
	}
	if is, ok := aspect[stepper](m.top()); ok {
		s = is.steps()
	}
	if len(s.names) == 0 {
		return st.edge.Render(strings.Repeat("─", w))
	}
	line := ""
	for _, form := range [][]string{s.all(st), s.brief(st, true), s.brief(st, false)} {
		line = st.edge.Render("── ") + strings.Join(form, st.edge.Render(" · "))
		if lipgloss.Width(line) <= w {
			break
		}
	}
	return line + " " + st.edge.Render(strings.Repeat("─", max(0, w-lipgloss.Width(line)-1)))
}

// all are the steps with their marks, and that the factor exists once it does.
func (s steps) all(st styles) []string {
	var all []string
	for i, name := range s.names {
		switch {
		case i < s.at:
			all = append(all, st.did(name))
		case i == s.at:
			all = append(all, st.accent.Render("● "+name))
		default:
			all = append(all, st.dim.Render("○ "+name))
		}
		if i == lastOfEnrolling && i < s.at {
			all = append(all, st.did("enrolled"))
		}
	}
	return all
}

// brief is the current step where there is no room for all, counted or not.
func (s steps) brief(st styles, counted bool) []string {
	if s.at == len(s.names) {
		return []string{st.did("all steps")}
	}
	now := "● " + s.names[s.at]
	if counted {
		now = fmt.Sprintf("step %d of %d: %s", s.at+1, len(s.names), s.names[s.at])
	}
	if s.at <= lastOfEnrolling {
		return []string{st.accent.Render(now)}
	}
	return []string{st.did("enrolled"), st.accent.Render(now)}
}

// did is a step that is done.
func (st styles) did(name string) string { return st.good.Render("✓") + st.text.Render(" "+name) }
