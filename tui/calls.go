package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/cellbuf"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos/inspect"
)

// callsScreen shows the last API calls of the session: a list, and the request, the
// response or code for the chosen one. It lies over another screen (see over.go). It
// reads the calls each time that it is drawn, so that a running call is seen to end.
type callsScreen struct {
	session *session
	chosen  int  // the number of a call
	open    bool // the detail takes the place of the list, where there is no room for both
	tab     int  // of callViews
	offset  int  // the first line of the detail shown
	leaves  bool // esc leaves the detail, and shows no list
}

func (s callsScreen) title() trail { return trail{"API calls"} }

func (s callsScreen) update(tea.Msg) (screen, tea.Cmd) { return s, nil }

func (s callsScreen) view(w, h int) string {
	if !s.wide() {
		if s.open {
			return s.detail(w, h)
		}
		return s.drawList(w)
	}
	return divided(s.session.styles, s.drawList(listWidth(w)), s.detail(w-listWidth(w)-dividerWidth, h), listWidth(w), w, h)
}

// actions are those of the list and of the detail. Where both are shown, the arrows
// move in the list and pgup and pgdn in the detail. Leaving returns no screen.
func (s callsScreen) actions() []action {
	list, text := mover{s.list(), s.choose}, mover{s.textPage(), s.scroll}
	turn := func(by int) navigate { return func() (screen, tea.Cmd) { return s.turn(by), nil } }
	all := []action{
		{keyOpen, !s.showsDetail(), shown, s.toggle},
		{keyNextView, s.showsDetail(), shown, turn(1)},
		{keyPreviousView, s.showsDetail(), twin, turn(-1)},
		{keyCopyShown, s.showsDetail(), shown, s.copy},
	}
	back, leave := show(nil), show(nil)
	switch {
	case s.alone():
		if !s.leaves {
			back = s.toggle
		}
		all = slices.Concat(all, text.upDownKeys("scroll", shown), text.pageKeys("page", shown), text.endKeys(shown))
	case s.wide():
		all = slices.Concat(all, list.upDownKeys("move", shown), text.pageKeys("scroll", shown), list.endKeys(shown))
	default:
		all = slices.Concat(all, list.lineKeys("move", shown), list.pageKeys("page", hidden), list.endKeys(shown))
	}
	return append(all, action{keyBack, true, shown, back}, action{as(keyCalls, "i", "close"), true, shown, leave})
}

// wide reports whether list and detail stand side by side.
func (s callsScreen) wide() bool { return s.session.width >= wideWidth }

// alone reports whether the detail has a narrow terminal for itself.
func (s callsScreen) alone() bool { return s.open && !s.wide() }

func (s callsScreen) showsDetail() bool { return s.open || s.wide() }

// call is the chosen call and its place in the list, or the nearest one if it is no
// longer kept.
func (s callsScreen) call() (inspect.Call, int) {
	calls := s.session.Calls()
	if len(calls) == 0 {
		return inspect.Call{}, 0
	}
	i := slices.IndexFunc(calls, func(c inspect.Call) bool { return c.N <= s.chosen })
	if i < 0 {
		i = len(calls) - 1
	}
	return calls[i], i
}

func (s callsScreen) choose(at int) (screen, tea.Cmd) {
	if calls := s.session.Calls(); at < len(calls) {
		s.chosen, s.offset = calls[at].N, 0
	}
	return s, nil
}

func (s callsScreen) turn(by int) callsScreen {
	s.tab, s.offset = (s.tab+by+len(callViews))%len(callViews), 0
	return s
}

// shown is how the chosen call is shown.
func (s callsScreen) shown() callView { return callViews[s.tab] }

func (s callsScreen) toggle() (screen, tea.Cmd) {
	s.open = !s.open
	return s, nil
}

func (s callsScreen) copy() (screen, tea.Cmd) {
	c, _ := s.call()
	return s, s.session.copyText(s.shown().copied, s.shown().text(c))
}

func (s callsScreen) scroll(to int) (screen, tea.Cmd) {
	s.offset = to
	return s, nil
}

// detailBox is the size of the detail.
func (s callsScreen) detailBox() (w, h int) {
	w, h = s.session.fullBox()
	if s.wide() {
		w -= listWidth(w) + dividerWidth
	}
	return w, h
}

// textPage is the visible part of the text.
func (s callsScreen) textPage() widget.Picker {
	w, h := s.detailBox()
	c, _ := s.call()
	rows := max(1, h-s.headHeight(h))
	return widget.Picker{At: s.offset, N: max(1, len(s.drawn(c, w))-rows+1), Rows: rows}
}

// drawn is the text, cleaned and wrapped. What is not code is JSON behind a line that
// says what was called or how it ended.
func (s callsScreen) drawn(c inspect.Call, w int) []string {
	st := s.session.styles
	lines := strings.Split(strings.TrimSuffix(s.shown().text(c), "\n"), "\n")
	for i, l := range lines {
		l = words.Clean(strings.ReplaceAll(l, "\t", "    "))
		fits, begins := lipgloss.Width(l) <= w, len(l)-len(strings.TrimLeft(l, " "))
		room := max(1, w-begins-hung)
		longest := lipgloss.Width(slices.MaxFunc(strings.Fields(l+" x"), shorter))
		if i > 0 && !s.shown().code {
			l = st.json(l)
		}
		if lines[i] = l; fits {
			continue
		}
		l = l[begins:]
		if longest > room || i == 0 && !s.shown().code { // a path stays with its method
			l = ansi.Hardwrap(l, room, true)
		}
		margin := strings.Repeat(" ", begins)
		l = cellbuf.Wrap(l, room, ",") // in which no colour leaves its line
		lines[i] = margin + strings.ReplaceAll(l, "\n", "\n"+margin+strings.Repeat(" ", hung))
	}
	return strings.Split(strings.Join(lines, "\n"), "\n")
}

// hung is how far the rest of a line that was wrapped stands to the right of its beginning.
const hung = 2

func shorter(a, b string) int { return lipgloss.Width(a) - lipgloss.Width(b) }

// listWidth is the width of a list with the detail beside it, which has room for a line of
// JSON with an ID.
func listWidth(w int) int {
	const least, most, detail = 44, 80, 50
	return max(least, min(most, w-dividerWidth-detail))
}

// list is the calls.
func (s callsScreen) list() widget.Picker {
	_, h := s.session.fullBox()
	_, at := s.call()
	return widget.Picker{At: at, N: len(s.session.Calls()), Rows: h - s.above()}
}

// above is how many rows are above the list.
func (s callsScreen) above() int {
	if _, h := s.session.fullBox(); h > MinHeight {
		return 2
	}
	return 1
}

// drawList draws the calls.
func (s callsScreen) drawList(w int) string {
	calls, st := s.session.Calls(), s.session.styles
	head := st.title.Render(english.Plural(len(calls), "call", ""))
	if page, pages := s.list().Pages(); pages > 1 {
		head += st.dim.Render(fmt.Sprintf(" · page %d of %d", page, pages))
	}
	head += st.dim.Render(" · newest first")
	if w >= timedFrom {
		head += st.dim.Render(" · times are UTC")
	}
	at := columnsOfCall(w)
	if w < gistFrom { // the detail says the rest
		at = at.marked()
	}
	return ansi.Truncate(head, w, "…") + strings.Repeat("\n", s.above()) + s.list().View(func(i int, chosen bool) string {
		return st.line(chosen, s.session.callLine(calls[i], at, chosen), w)
	})
}

// headHeight is how many rows are above the text of the detail.
func (s callsScreen) headHeight(h int) int {
	switch {
	case h > 20:
		return 5
	case h > MinHeight:
		return 4
	}
	return 2
}

// detail draws the chosen call: what it was, the views to choose from, the text.
func (s callsScreen) detail(w, h int) string {
	st := s.session.styles
	c, _ := s.call()
	seen := s.textPage()
	from, text := seen.To(seen.At), s.drawn(c, w)
	lines := text[from:min(len(text), from+seen.Rows)]
	method, status := words.Clean(c.Method)+" ", ""
	if s.headHeight(h) == 2 {
		status = st.status(c).Render(strings.TrimSpace(callStatus(c))) + " "
	}
	head := status + st.title.Render(method+shortPath(c, w-lipgloss.Width(status+method)))
	if status != "" {
		return strings.Join(append([]string{ansi.Truncate(head, w, "…"), s.tabs(seen, len(text), w)}, lines...), "\n")
	}
	facts := " · " + words.Stamp(c.Start)
	if c.Ended {
		facts = " · " + callTook(c) + facts
	}
	facts = st.dim.Render(facts)
	if g := s.session.gist(c); g.text != "" {
		facts = " · " + st.gist(g, w) + facts
	}
	facts = st.status(c).Render(c.Outcome()) + facts
	above := []string{ansi.Truncate(head, w, "…"), ansi.Truncate(facts, w, "…"), s.tabs(seen, len(text), w), s.remark(w)}
	if s.headHeight(h) > len(above) && s.shown().code {
		above = append(above, "")
	}
	return strings.Join(append(above, lines...), "\n")
}

// tabs names the views, and says which lines are shown if there are more.
func (s callsScreen) tabs(text widget.Picker, lines, w int) string {
	st := s.session.styles
	var line string
	for i := s.tabsFrom(w); i < len(callViews); i++ {
		v := callViews[i]
		if i == s.tab {
			line += st.accent.Render("[" + v.name + "]")
		} else {
			line += st.dim.Render(" " + v.name + " ")
		}
	}
	if text.N == 1 {
		return ansi.Truncate(line, w, "…")
	}
	from := text.To(text.At)
	seen := fmt.Sprintf("  %d–%d of %d", from+1, min(lines, from+text.Rows), lines)
	if lipgloss.Width(line+seen) > w {
		line = ansi.Truncate(line, w-1, "…")
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

// tabsFrom is the first view whose name has room beside the others in w columns, with a
// mark for more text: the chosen one at the latest.
func (s callsScreen) tabsFrom(w int) int {
	width := 1
	for i := len(callViews) - 1; i >= 0; i-- {
		if width += len(callViews[i].name) + 2; width > w {
			return min(i+1, s.tab)
		}
	}
	return 0
}

// remark says that the code does not call the local engine, if the call did.
func (s callsScreen) remark(w int) string {
	if !s.shown().code || s.session.Mode != factors.Local || s.session.serves() {
		return ""
	}
	return s.session.styles.dim.Render(ansi.Truncate(inspect.CodeNote, w, "…"))
}

// click chooses a call, opens the chosen one, or changes the view.
func (s callsScreen) click(x, y int) (screen, tea.Cmd) {
	w, h := s.session.fullBox()
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
	return mover{s.list(), s.choose}.clicked(s, y-s.above(), open)
}

func (s callsScreen) clickTabs(x, y, h int) callsScreen {
	if y != s.headHeight(h)/2 {
		return s
	}
	from := 0
	w, _ := s.detailBox()
	for i := s.tabsFrom(w); i < len(callViews); i++ {
		to := from + len(callViews[i].name) + 2
		if x >= from && x < to {
			return s.turn(i - s.tab)
		}
		from = to
	}
	return s
}
