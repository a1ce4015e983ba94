package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/viewport"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// inspectorScreen shows the last calls of the session: a list, and of the chosen
// one the request, the answer, or the code that makes it again. It lies over
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

func (s inspectorScreen) title() trail { return trail{"Calls"} }

// update returns no screen when it is closed.
func (s inspectorScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	press, ok := msg.(tea.KeyMsg)
	if !ok {
		return s, nil
	}
	if next, cmd, ok := s.actions().press(press); ok {
		return next, cmd
	}
	if s.detailSeen() {
		return s.scroll(press)
	}
	return s, nil
}

func (s inspectorScreen) actions() actions {
	list, shown := !s.alone(), s.detailSeen()
	to := func(i int) func() (screen, tea.Cmd) {
		return func() (screen, tea.Cmd) { return s.choose(i), nil }
	}
	_, at := s.call()
	leave := func() (screen, tea.Cmd) { return nil, nil }
	return actions{
		{keyOpen, !shown, s.toggle},
		{keyNextForm, shown, func() (screen, tea.Cmd) { return s.turn(1), nil }},
		{keyPreviousForm, shown, func() (screen, tea.Cmd) { return s.turn(-1), nil }},
		{keyCopyShown, shown, s.copy},
		{keyLineUp, list, to(at - 1)},
		{keyLineDown, list, to(at + 1)},
		{keyFirstLine, list, to(0)},
		{keyLastLine, list, to(len(s.session.calls()) - 1)},
		{keyBack, !list, s.toggle},
		{keyBack, list, leave},
		{keyInspect, true, leave},
	}
}

// help shows both directions as one key.
func (s inspectorScreen) help() help {
	ends, leave := as(keyFirstLine, "home end", "first, last"), as(keyInspect, "i", "leave")
	switch {
	case s.alone():
		return help{keys: []key.Binding{keyNextForm, keyCopyShown, as(keyMove, "↑↓", "scroll"), as(keyPageDown, "pgdn pgup", "page"), ends, keyBack, leave}}
	case s.wide():
		return help{keys: []key.Binding{keyMove, keyNextForm, keyCopyShown, as(keyPageDown, "pgdn pgup", "scroll"), ends, keyBack, leave}}
	}
	return help{keys: []key.Binding{as(keyOpen, "enter", "see"), keyMove, ends, keyBack, leave}}
}

// wide reports whether list and detail stand side by side.
func (s inspectorScreen) wide() bool { return s.session.width >= wideWidth }

// alone reports whether the detail has a narrow terminal for itself.
func (s inspectorScreen) alone() bool { return s.open && !s.wide() }

func (s inspectorScreen) detailSeen() bool { return s.open || s.wide() }

// call is the chosen one with its place in the list, or the one that comes
// closest where that is not kept any more.
func (s inspectorScreen) call() (Call, int) {
	calls := s.session.calls()
	if len(calls) == 0 {
		return Call{}, 0
	}
	i := slices.IndexFunc(calls, func(c Call) bool { return c.N <= s.chosen })
	if i < 0 {
		i = len(calls) - 1
	}
	return calls[i], i
}

func (s inspectorScreen) choose(i int) inspectorScreen {
	calls := s.session.calls()
	if i >= 0 && i < len(calls) {
		s.chosen, s.offset = calls[i].N, 0
	}
	return s
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
	return s, s.session.copyText(s.form.copied(), s.text(c))
}

// scroll moves the detail: by pages, and by lines where the list does not need
// the arrow keys.
func (s inspectorScreen) scroll(msg tea.KeyMsg) (screen, tea.Cmd) {
	w, h := s.session.box()
	if s.wide() {
		w -= listWidth(w) + dividerWidth
	}
	vp := s.viewport(w, h)
	switch {
	case key.Matches(msg, keyFirstLine):
		vp.GotoTop()
	case key.Matches(msg, keyLastLine):
		vp.GotoBottom()
	}
	vp, cmd := vp.Update(msg)
	s.offset = vp.YOffset
	return s, cmd
}

// viewport is the part of the detail that is seen in a box of this size.
func (s inspectorScreen) viewport(w, h int) viewport.Model {
	c, _ := s.call()
	vp := viewport.New(w, max(1, h-s.headHeight(h)))
	vp.KeyMap = viewport.KeyMap{PageUp: keyPageUp, PageDown: keyPageDown, Up: keyLineUp, Down: keyLineDown}
	vp.SetContent(s.drawn(c, w))
	vp.SetYOffset(s.offset)
	return vp
}

// text is what is shown of a call, and copied.
func (s inspectorScreen) text(c Call) string {
	switch s.form {
	case asRequest:
		return c.request()
	case asAnswer:
		return c.answer()
	case asCurl:
		return newSnippet(c, s.session.BaseURL).curl()
	case asGo:
		return newSnippet(c, s.session.BaseURL).golang()
	}
	return newSnippet(c, s.session.BaseURL).python()
}

// drawn is the text, broken to a width, in which nothing can do harm.
func (s inspectorScreen) drawn(c Call, w int) string {
	lines := strings.Split(strings.TrimSuffix(s.text(c), "\n"), "\n")
	for i, l := range lines {
		l = clean(strings.ReplaceAll(l, "\t", "    "))
		if longest := slices.MaxFunc(strings.Fields(l+" x"), shorter); lipgloss.Width(longest) > w {
			lines[i] = ansi.Hardwrap(l, max(1, w), true)
		} else {
			lines[i] = ansi.Wrap(l, max(1, w), ",")
		}
	}
	return strings.Join(lines, "\n")
}

func shorter(a, b string) int { return lipgloss.Width(a) - lipgloss.Width(b) }

const dividerWidth = 3

// listWidth is what the list gets where the detail is beside it: enough for the
// end of each path, and no more, since the lines of code are long.
func listWidth(w int) int { return max(44, w*2/5) }

func (s inspectorScreen) view(w, h int) string {
	if !s.wide() {
		if s.open {
			return s.detail(w, h)
		}
		return s.list(w, h)
	}
	left := listWidth(w)
	rows, details := fit(s.list(left, h), left, h), fit(s.detail(w-left-dividerWidth, h), w-left-dividerWidth, h)
	for i := range rows {
		rows[i] = column(rows[i], left) + s.session.styles.dim.Render(" │ ") + details[i]
	}
	return strings.Join(rows, "\n")
}

// list draws the calls around the chosen one.
func (s inspectorScreen) list(w, h int) string {
	calls := s.session.calls()
	_, at := s.call()
	head, first, last := s.listed(h, at, len(calls))
	lines := append(make([]string, 0, h), s.session.styles.dim.Render(column(count(len(calls), "call", "calls")+", newest first", w)))
	for len(lines) < head {
		lines = append(lines, "")
	}
	for i := first; i < last; i++ {
		lines = append(lines, s.line(calls[i], i == at, w))
	}
	return strings.Join(lines, "\n")
}

// listed tells how many rows are above the list, and which of n calls are drawn
// below them.
func (s inspectorScreen) listed(h, at, n int) (head, first, last int) {
	head = 1
	if h > minHeight {
		head = 2
	}
	room := max(1, h-head)
	first = min(max(0, at-room/2), max(0, n-room))
	return head, first, min(n, first+room)
}

// line draws a call as a line of the list: its path gets what the others leave.
func (s inspectorScreen) line(c Call, chosen bool, w int) string {
	const methodWidth, tookWidth = 6, 6
	st := s.session.styles
	cursor, style := "  ", st.text
	if chosen {
		cursor, style = st.accent.Render("› "), st.accent
	}
	end := "  " + s.statusStyle(c).Render(c.status())
	if w >= 50 {
		end += fmt.Sprintf("  %*s", tookWidth, c.took())
	}
	switch id := clean(c.RequestID); {
	case w >= 90:
		end += "  " + st.dim.Render(column(id, 30))
	case w >= 60:
		end += "  " + st.dim.Render(column(tail(id), 7))
	}
	room := w - lipgloss.Width(cursor) - methodWidth - 1 - lipgloss.Width(end)
	left := style.Render(column(clean(c.Method), methodWidth) + " " + column(c.shortPath(room), room))
	return cursor + left + end
}

func (s inspectorScreen) statusStyle(c Call) lipgloss.Style {
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
	vp := s.viewport(w, h)
	method, status := clean(c.Method)+" ", ""
	if s.headHeight(h) == 2 {
		status = s.statusStyle(c).Render(strings.TrimSpace(c.status())) + " "
	}
	head := status + st.title.Render(method+c.shortPath(w-lipgloss.Width(status+method)))
	if status != "" {
		return strings.Join([]string{ansi.Truncate(head, w, "…"), s.tabs(vp), vp.View()}, "\n")
	}
	facts := " · " + stamp(c.Start)
	if c.Ended {
		facts = " · " + c.took() + facts
	}
	facts = s.statusStyle(c).Render(c.outcome()) + st.dim.Render(facts)
	lines := []string{ansi.Truncate(head, w, "…"), ansi.Truncate(facts, w, "…"), s.tabs(vp), s.remark(w)}
	if s.headHeight(h) > len(lines) && s.form.code() {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, vp.View()), "\n")
}

// tabs names the forms, and what of the text is seen if that is not all.
func (s inspectorScreen) tabs(vp viewport.Model) string {
	st := s.session.styles
	var line string
	for f := range callForms {
		if f == s.form {
			line += st.accent.Render("[" + f.String() + "]")
		} else {
			line += st.dim.Render(" " + f.String() + " ")
		}
	}
	n := vp.TotalLineCount()
	if n <= vp.Height {
		return ansi.Truncate(line, vp.Width, "…")
	}
	seen := fmt.Sprintf("  %d–%d of %d", vp.YOffset+1, min(n, vp.YOffset+vp.Height), n)
	if lipgloss.Width(line+seen) > vp.Width {
		seen = " ↕"
		switch {
		case vp.AtTop():
			seen = " ↓"
		case vp.AtBottom():
			seen = " ↑"
		}
	}
	return ansi.Truncate(line+st.dim.Render(seen), vp.Width, "…")
}

// remark says where the code goes to, if that is not where the call went to.
func (s inspectorScreen) remark(w int) string {
	if !s.form.code() || s.session.Mode != Local {
		return ""
	}
	return s.session.styles.dim.Render(ansi.Truncate("the code calls WorkOS; this call went to the local engine", w, "…"))
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
	return s.clickList(y, h)
}

func (s inspectorScreen) clickList(y, h int) (screen, tea.Cmd) {
	calls := s.session.calls()
	_, at := s.call()
	head, first, last := s.listed(h, at, len(calls))
	i := first + y - head
	switch {
	case y < head || i >= last:
		return s, nil
	case i == at && !s.wide():
		return s.toggle()
	}
	return s.choose(i), nil
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
