package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
	"mfa-tui/workos/inspect"
)

// inspectorScreen shows the last calls of the session: a list, and of the chosen
// one the request, the response, or the code that makes it again. It lies over
// another screen (see over.go), and looks at the calls as they are when it is
// drawn, so that one under way is seen to end.
type inspectorScreen struct {
	session *session
	chosen  int  // the number of a call
	open    bool // the detail takes the place of the list, where there is no room for both
	form    callForm
	offset  int // the first line of the detail that is seen
}

func newInspectorScreen(d *session, chosen int) inspectorScreen {
	return inspectorScreen{session: d, chosen: chosen}
}

func (s inspectorScreen) title() trail { return trail{"API calls"} }

func (s inspectorScreen) update(tea.Msg) (screen, tea.Cmd) { return s, nil }

func (s inspectorScreen) view(w, h int) string {
	if !s.wide() {
		if s.open {
			return s.detail(w, h)
		}
		return s.drawList(w)
	}
	return divided(s.session.styles, s.drawList(listWidth(w)), s.detail(w-listWidth(w)-dividerWidth, h), listWidth(w), w, h)
}

// actions are those of the list and of the detail. Where both are seen, lines are
// those of the list and pages those of the detail. Leaving returns no screen.
func (s inspectorScreen) actions() []action {
	list, text := s.list(), s.textSeen()
	turn := func(by int) navigate { return func() (screen, tea.Cmd) { return s.turn(by), nil } }
	all := []action{
		{as(keyOpen, "enter", "see"), !s.detailSeen(), shown, s.toggle},
		{keyNextForm, s.detailSeen(), shown, turn(1)},
		{keyPreviousForm, s.detailSeen(), hidden, turn(-1)},
		{keyCopyShown, s.detailSeen(), shown, s.copy},
	}
	back, leave := show(nil), show(nil)
	switch {
	case s.alone():
		back = s.toggle
		all = slices.Concat(all, lineKeys("scroll", shown, text, s.scroll), pageKeys("page", shown, text, s.scroll), endKeys(shown, text, s.scroll))
	case s.wide():
		all = slices.Concat(all, lineKeys("move", shown, list, s.choose), pageKeys("scroll", shown, text, s.scroll), endKeys(shown, list, s.choose))
	default:
		all = slices.Concat(all, lineKeys("move", shown, list, s.choose), pageKeys("page", hidden, list, s.choose), endKeys(shown, list, s.choose))
	}
	return append(all, action{keyBack, true, shown, back}, action{as(keyInspect, "i", "leave"), true, shown, leave})
}

// wide reports whether list and detail stand side by side.
func (s inspectorScreen) wide() bool { return s.session.width >= wideWidth }

// alone reports whether the detail has a narrow terminal for itself.
func (s inspectorScreen) alone() bool { return s.open && !s.wide() }

func (s inspectorScreen) detailSeen() bool { return s.open || s.wide() }

// call is the chosen one with its place in the list, or the one that comes
// closest where that is not kept any more.
func (s inspectorScreen) call() (inspect.Call, int) {
	calls := s.session.calls()
	if len(calls) == 0 {
		return inspect.Call{}, 0
	}
	i := slices.IndexFunc(calls, func(c inspect.Call) bool { return c.N <= s.chosen })
	if i < 0 {
		i = len(calls) - 1
	}
	return calls[i], i
}

func (s inspectorScreen) choose(at int) (screen, tea.Cmd) {
	if calls := s.session.calls(); at < len(calls) {
		s.chosen, s.offset = calls[at].N, 0
	}
	return s, nil
}

func (s inspectorScreen) turn(by int) inspectorScreen {
	s.form, s.offset = (s.form+callForm(by)+callForms)%callForms, 0
	return s
}

func (s inspectorScreen) toggle() (screen, tea.Cmd) {
	s.open = !s.open
	return s, nil
}

func (s inspectorScreen) copy() (screen, tea.Cmd) {
	c, _ := s.call()
	return s, s.session.copyText(s.form.copied(), s.form.text(c))
}

func (s inspectorScreen) scroll(to int) (screen, tea.Cmd) {
	s.offset = to
	return s, nil
}

// detailBox is the size of the detail.
func (s inspectorScreen) detailBox() (w, h int) {
	w, h = s.session.box()
	if s.wide() {
		w -= listWidth(w) + dividerWidth
	}
	return w, h
}

// textSeen is the part of the text that is seen.
func (s inspectorScreen) textSeen() widget.Picker {
	w, h := s.detailBox()
	c, _ := s.call()
	rows := max(1, h-s.headHeight(h))
	return widget.Picker{At: s.offset, N: max(1, len(s.drawn(c, w))-rows+1), Rows: rows}
}

// drawn is the text, broken to a width, in which nothing can do harm.
func (s inspectorScreen) drawn(c inspect.Call, w int) []string {
	lines := strings.Split(strings.TrimSuffix(s.form.text(c), "\n"), "\n")
	for i, l := range lines {
		l = clean(strings.ReplaceAll(l, "\t", "    "))
		if longest := slices.MaxFunc(strings.Fields(l+" x"), shorter); lipgloss.Width(longest) > w {
			lines[i] = ansi.Hardwrap(l, max(1, w), true)
		} else {
			lines[i] = ansi.Wrap(l, max(1, w), ",")
		}
	}
	return strings.Split(strings.Join(lines, "\n"), "\n")
}

func shorter(a, b string) int { return lipgloss.Width(a) - lipgloss.Width(b) }

// listWidth is what the list gets where the detail is beside it: enough for the
// end of each path, and no more, since the lines of code are long.
func listWidth(w int) int { return max(44, w*2/5) }

// list is the calls, below so many rows.
func (s inspectorScreen) list() widget.Picker {
	_, h := s.session.box()
	_, at := s.call()
	return widget.Picker{At: at, N: len(s.session.calls()), Rows: h - s.above()}
}

// above is how many rows are above the list.
func (s inspectorScreen) above() int {
	if _, h := s.session.box(); h > minHeight {
		return 2
	}
	return 1
}

// drawList draws the calls.
func (s inspectorScreen) drawList(w int) string {
	calls := s.session.calls()
	head := s.session.styles.dim.Render(column(english.Plural(len(calls), "call", "")+", newest first", w))
	return head + strings.Repeat("\n", s.above()) + s.list().View(func(i int, chosen bool) string { return s.line(calls[i], chosen, w) })
}

// line draws a call as a line of the list: its path gets what the others leave.
func (s inspectorScreen) line(c inspect.Call, chosen bool, w int) string {
	const methodWidth, tookWidth = 6, 6
	st := s.session.styles
	cursor, style := st.row(chosen)
	end := "  " + s.statusStyle(c).Render(callStatus(c))
	if w >= 50 {
		end += fmt.Sprintf("  %*s", tookWidth, callTook(c))
	}
	switch id := clean(c.RequestID); {
	case w >= 90:
		end += "  " + st.dim.Render(column(id, 30))
	case w >= 60:
		end += "  " + st.dim.Render(column(tail(id), 7))
	}
	room := w - lipgloss.Width(cursor) - methodWidth - 1 - lipgloss.Width(end)
	left := style.Render(column(clean(c.Method), methodWidth) + " " + column(shortPath(c, room), room))
	return cursor + left + end
}

func (s inspectorScreen) statusStyle(c inspect.Call) lipgloss.Style {
	st := s.session.styles
	switch {
	case !c.Ended:
		return st.dim
	case c.Status == 0 || c.Status >= 500:
		return st.bad
	case c.Status >= 400:
		return st.warning
	}
	return st.good
}

// headHeight is how many rows are above the text of the detail.
func (s inspectorScreen) headHeight(h int) int {
	switch {
	case h > 20:
		return 5
	case h > minHeight:
		return 4
	}
	return 2
}

// detail draws the chosen call: what it was, the forms to choose from, the text.
func (s inspectorScreen) detail(w, h int) string {
	st := s.session.styles
	c, _ := s.call()
	seen := s.textSeen()
	from, text := seen.To(seen.At), s.drawn(c, w)
	lines := text[from:min(len(text), from+seen.Rows)]
	method, status := clean(c.Method)+" ", ""
	if s.headHeight(h) == 2 {
		status = s.statusStyle(c).Render(strings.TrimSpace(callStatus(c))) + " "
	}
	head := status + st.title.Render(method+shortPath(c, w-lipgloss.Width(status+method)))
	if status != "" {
		return strings.Join(append([]string{ansi.Truncate(head, w, "…"), s.tabs(seen, len(text), w)}, lines...), "\n")
	}
	facts := " · " + stamp(c.Start)
	if c.Ended {
		facts = " · " + callTook(c) + facts
	}
	facts = s.statusStyle(c).Render(c.Outcome()) + st.dim.Render(facts)
	above := []string{ansi.Truncate(head, w, "…"), ansi.Truncate(facts, w, "…"), s.tabs(seen, len(text), w), s.remark(w)}
	if s.headHeight(h) > len(above) && s.form.code() {
		above = append(above, "")
	}
	return strings.Join(append(above, lines...), "\n")
}

// tabs names the forms, and what of so many lines is seen if that is not all.
func (s inspectorScreen) tabs(text widget.Picker, lines, w int) string {
	st := s.session.styles
	var line string
	for f := range callForms {
		if f == s.form {
			line += st.accent.Render("[" + f.String() + "]")
		} else {
			line += st.dim.Render(" " + f.String() + " ")
		}
	}
	if text.N == 1 {
		return ansi.Truncate(line, w, "…")
	}
	from := text.To(text.At)
	seen := fmt.Sprintf("  %d–%d of %d", from+1, min(lines, from+text.Rows), lines)
	if lipgloss.Width(line+seen) > w {
		seen = "↕"
		switch from {
		case 0:
			seen = "↓"
		case text.N - 1:
			seen = "↑"
		}
	}
	return ansi.Truncate(line+st.dim.Render(seen), w, "…")
}

// remark says where the code goes to, if that is not where the call went to.
func (s inspectorScreen) remark(w int) string {
	if !s.form.code() || s.session.Mode != factors.Local {
		return ""
	}
	return s.session.styles.dim.Render(ansi.Truncate(inspect.CodeNote, w, "…"))
}

// click chooses a call, opens the one that is chosen, or turns to a form.
func (s inspectorScreen) click(x, y int) (screen, tea.Cmd) {
	w, h := s.session.box()
	if s.wide() {
		x -= listWidth(w) + dividerWidth
	}
	if s.alone() || s.wide() && x >= 0 {
		return s.clickTabs(x, y, h), nil
	}
	open := s.toggle
	if s.wide() {
		open = show(s)
	}
	return clicked(s, s.list(), y-s.above(), s.choose, open)
}

func (s inspectorScreen) clickTabs(x, y, h int) inspectorScreen {
	if y != s.headHeight(h)/2 {
		return s
	}
	from := 0
	for f := range callForms {
		to := from + len(f.String()) + 2
		if x >= from && x < to {
			return s.turn(int(f - s.form))
		}
		from = to
	}
	return s
}
