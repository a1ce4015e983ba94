package tui

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// consoleScreen is the first screen of a server: what its clients call, what was sent,
// and who is there, in four lists. It takes the place of the list of factors.
type consoleScreen struct {
	session *session
	tab     consoleTab
	lists   [4]consoleCursor
	found   []int // the lines of the open list that match its filter, by their places
}

// consoleTab is one of the lists.
type consoleTab int

const (
	callsTab consoleTab = iota
	messagesTab
	factorsTab
	usersTab
)

// consoleCursor is where a person is in a list that grows at its top while they look.
type consoleCursor struct {
	chosen string // the ID of the line; empty for the top, whichever it is
	at     int    // where that was last among those that match
	row    int    // the row of the page that it is in, where it stays
	filter filter

	known    map[string]bool // whether it finds the lines that stay as they are, by ID
	knownFor string          // the text of the filter then
}

func newConsoleScreen(s *session) consoleScreen {
	c := consoleScreen{session: s}
	for i := range c.lists {
		c.lists[i].filter = s.newFilter()
	}
	return c
}

// backTo leads back to the list as it is by then.
func (s consoleScreen) backTo() navigate { return show(s) }

func (s consoleScreen) title() trail { return trail{"Console"} }

func (s consoleScreen) typing() typing { return s.lists[s.tab].filter.takes() }

func (s consoleScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case challengeStartedMsg:
		return s.session.onChallengeStarted(s, msg, s.backTo())
	case tea.KeyMsg:
		if s.typing() == textTyped {
			cmd := s.lists[s.tab].filter.typed(msg)
			return s, cmd
		}
	}
	return s, nil
}

// settled is the screen with what the server has now: the lines that match, and the
// cursor on the line that it was on, in the row that it was in.
func (s consoleScreen) settled() consoleScreen {
	s.session.live.home.tab = s.tab
	s.session.look()
	list, c := s.list(), &s.lists[s.tab]
	s.found = c.search(list)
	if c.chosen == "" {
		c.at, c.row = 0, 0
	} else if at := slices.IndexFunc(s.found, func(i int) bool { return list.id(i) == c.chosen }); at >= 0 {
		c.at = at
	}
	c.at = max(0, min(c.at, len(s.found)-1))
	rows := s.rows()
	c.row = max(0, min(c.row, c.at, rows-1))
	if first := max(0, min(c.at-c.row, len(s.found)-rows)); c.at-first < rows { // no empty rows below the last line
		c.row = c.at - first
	}
	if s.tab == factorsTab {
		s.session.readCodes(s.records())
	}
	return s
}

// records are the factors that are shown.
func (s consoleScreen) records() (shown []store.Record) {
	for _, i := range s.page() {
		shown = append(shown, s.session.live.records[i])
	}
	return shown
}

// search finds the lines that match the filter. What became of a call that has ended is
// searched once.
func (c *consoleCursor) search(list consoleList) []int {
	q, text := c.filter.query(), c.filter.input.Value()
	found, known := make([]int, 0, list.n), make(map[string]bool)
	for i := range list.n {
		id := list.id(i)
		hit, ok := c.known[id]
		if !ok || c.knownFor != text {
			hit = len(q) == 0 || q.In(list.text(i))
		}
		if hit {
			found = append(found, i)
		}
		if len(q) > 0 && list.ended != nil && list.ended(i) {
			known[id] = hit
		}
	}
	c.known, c.knownFor = known, text
	return found
}

// look reads what the open list shows and nobody else needs.
func (s *session) look() {
	s.readServer()
	l := s.live
	switch l.home.tab {
	case messagesTab:
		if len(l.messages) > 0 {
			l.seen = l.messages[0].N
		}
		s.mirror() // whose the messages are
	case factorsTab:
		s.mirror()
		l.records = s.Store.Records() // a call under way may change what the store has
	case usersTab:
		s.mirror()
	}
}

// chosen is the place in the list of the line that the keys are about, false if there is
// none.
func (s consoleScreen) chosen() (int, bool) {
	if at := s.lists[s.tab].at; at < len(s.found) && s.found[at] < s.list().n {
		return s.found[at], true
	}
	return 0, false
}

// rows is how many lines of a list are shown.
func (s consoleScreen) rows() int {
	_, h := s.session.fullBox()
	return max(1, h-1-s.newsRows())
}

// page is the lines that are shown. While something lay over the screen there may have
// become fewer.
func (s consoleScreen) page() []int {
	c, n := s.lists[s.tab], s.list().n
	first := min(max(0, c.at-c.row), len(s.found))
	page := s.found[first:min(len(s.found), first+s.rows())]
	return page[:sort.Search(len(page), func(i int) bool { return page[i] >= n })]
}

// picker is the list for the keys that move.
func (s consoleScreen) picker() widget.Picker {
	return widget.Picker{At: s.lists[s.tab].at, N: len(s.found), Rows: s.rows()}
}

// to goes to a line. At the top the cursor stays there, whatever comes.
func (s consoleScreen) to(at int) (screen, tea.Cmd) {
	c := &s.lists[s.tab]
	c.row += at - c.at
	c.at, c.chosen = at, ""
	if at > 0 && at < len(s.found) {
		c.chosen = s.list().id(s.found[at])
	}
	return s, nil
}

// open goes to another list.
func (s consoleScreen) open(tab consoleTab) navigate {
	return func() (screen, tea.Cmd) {
		s.tab = tab
		return s, nil
	}
}

func (s consoleScreen) actions() []action {
	if s.lists[s.tab].filter.typing {
		return append(mover{s.picker(), s.to}.lineKeysTyping(hidden),
			action{keyKeepFilter, true, shown, s.keepFilter}, action{keyDropFilter, true, shown, s.dropFilter})
	}
	list := s.list()
	kept := s.lists[s.tab].filter.kept()
	i, ok := s.chosen()
	all := append(list.actions(s, i, ok), []action{
		{keyFilter, list.n > 0, shown, s.startFilter},
		{as(keyBack, "esc", "show all"), kept, shown, s.dropFilter},
		{keyLab, true, shown, func() (screen, tea.Cmd) { return labScreen{session: s.session, back: s.backTo()}, nil }},
		{keyCopyURL, true, shown, func() (screen, tea.Cmd) { return s, s.session.copyText("URL", s.session.Serving.URL) }},
		{keyCopyKey, true, offered, func() (screen, tea.Cmd) { return s, s.session.copyText("API key", s.session.Serving.Key) }},
		{keyNextList, true, shown, s.open((s.tab + 1) % 4)},
		{keyPreviousList, true, twin, s.open((s.tab + 3) % 4)},
	}...)
	for i, k := range keyLists {
		all = append(all, action{k, true, offered, s.open(consoleTab(i))})
	}
	at := mover{s.picker(), s.to}
	return slices.Concat(all, at.upDownKeys("move", hidden), at.pageKeys("page", hidden), at.endKeys(hidden))
}

func (s consoleScreen) startFilter() (screen, tea.Cmd) {
	cmd := s.lists[s.tab].filter.start()
	return s, cmd
}

func (s consoleScreen) keepFilter() (screen, tea.Cmd) {
	if !s.lists[s.tab].filter.keep() {
		return s.dropFilter()
	}
	return s, nil
}

func (s consoleScreen) dropFilter() (screen, tea.Cmd) {
	s.lists[s.tab].filter = s.session.newFilter()
	return s, nil
}

func (s consoleScreen) view(w, h int) string {
	list := s.list()
	if list.n == 0 {
		return s.empty(w)
	}
	width := s.listWidth(w)
	lines, q := []string{s.above(list, width)}, s.lists[s.tab].filter.query()
	at, ok := s.chosen()
	for _, i := range s.page() {
		lines = append(lines, s.session.styles.line(ok && i == at, list.line(i, q, width), width))
	}
	if len(s.found) == 0 {
		lines = append(lines, s.session.styles.dim.Render("No matches · esc shows all"))
	}
	if width < w {
		detail := ""
		if ok {
			detail = list.detail(at, w-width-dividerWidth, h)
		}
		return divided(s.session.styles, strings.Join(lines, "\n"), detail, width, w, h)
	}
	return strings.Join(append(fit(strings.Join(lines, "\n"), w, s.rows()+1), s.news(w)...), "\n")
}

// listWidth is the width of the open list: calls need all of it.
func (s consoleScreen) listWidth(w int) int {
	if s.tab == callsTab {
		return w
	}
	return s.session.listWidth(w, 0)
}

// above is the line above the list: its columns, or the filter.
func (s consoleScreen) above(list consoleList, w int) string {
	st, f := s.session.styles, s.lists[s.tab].filter
	if !f.on {
		return st.dim.Render(list.head(w))
	}
	return f.view(st, fmt.Sprintf("%d of %d", len(s.found), list.n), w)
}

// newsRows is how many rows below the calls are for the newest message: in a small
// terminal one that no call needs.
func (s consoleScreen) newsRows() int {
	const enough = 14 // rows of a body
	switch _, h := s.session.fullBox(); {
	case s.tab != callsTab:
		return 0
	case h >= enough:
		return 3
	case s.session.live.unseen() > 0 && len(s.found) < h-1:
		return 1
	}
	return 0
}

// news is the newest message, until the person has looked at the messages.
func (s consoleScreen) news(w int) []string {
	news := make([]string, s.newsRows())
	if len(news) == 0 || s.session.live.unseen() == 0 {
		return news
	}
	st, m := s.session.styles, s.session.live.messages[0]
	line := st.warning.Render("new message") + "  " + st.text.Render(words.Clean(m.To)) + st.dim.Render(" · "+s.session.fate(m)+" · press ") +
		st.key.Render("2") + st.dim.Render(" to see it")
	news[0] = line
	if len(news) > 1 {
		copy(news, []string{"", line, s.session.inMessage(m)})
	}
	for i := range news {
		news[i] = ansi.Truncate(news[i], w, "…")
	}
	return news
}

// moves reports whether a clock runs on the screen.
func (s consoleScreen) moves() bool {
	l := s.session.live
	return l.rate() > 0 ||
		s.tab == messagesTab && slices.ContainsFunc(s.page(), func(i int) bool { return s.session.good(l.messages[i]) }) ||
		s.tab == factorsTab && slices.ContainsFunc(s.records(), func(r store.Record) bool { return r.Type == workos.TOTP })
}

// rule is the names of the lists, with how many there are of each, in w columns. Where
// that is too wide only what is new is counted.
func (s consoleScreen) rule(w int) string {
	st, l := s.session.styles, s.session.live
	calls := fmt.Sprint(len(l.calls))
	if len(l.calls) > 0 && l.calls[0].N > len(l.calls) {
		calls = fmt.Sprintf("last %d of %d", len(l.calls), l.calls[0].N)
	}
	counts := []string{calls, fmt.Sprint(l.counts.Messages), fmt.Sprint(l.counts.Factors), fmt.Sprint(l.counts.Users)}
	line := st.edge.Render("── ") + s.tabs([4]string{"API calls", "messages", "factors", "users"}, counts, st.edge.Render(" · "))
	if lipgloss.Width(line)+3 > w {
		line = s.tabs([4]string{"calls", "msgs", "factors", "users"}, nil, " ")
	}
	line = ansi.Truncate(line, w, "…")
	return line + " " + st.edge.Render(strings.Repeat("─", max(0, w-lipgloss.Width(line)-1)))
}

// tabs are the lists with their keys, and how many each has if counts tells.
func (s consoleScreen) tabs(names [4]string, counts []string, gap string) string {
	st := s.session.styles
	drawn := make([]string, len(names))
	for i, name := range names {
		if name = fmt.Sprintf("%d %s", i+1, name); consoleTab(i) == s.tab {
			drawn[i] = st.accent.Render("[" + name + "]")
		} else {
			drawn[i] = st.text.Render(name)
		}
		switch news := s.session.live.unseen(); {
		case consoleTab(i) == messagesTab && news > 0 && counts == nil:
			drawn[i] += " " + st.warning.Render(fmt.Sprintf("+%d", news))
		case consoleTab(i) == messagesTab && news > 0:
			drawn[i] += " " + st.warning.Render(fmt.Sprintf("%d new", news))
		case counts != nil:
			drawn[i] += " " + st.dim.Render(counts[i])
		}
	}
	return strings.Join(drawn, gap)
}

// empty says what a list without lines waits for, and how to get there.
func (s consoleScreen) empty(w int) string {
	st, key := s.session.styles, s.session.styles.key.Render
	var lines []string
	switch s.tab {
	case callsTab:
		lines = []string{st.title.Render("No calls yet"), "", "Set your app's base URL to " + st.accent.Render(words.Clean(s.session.Serving.URL)) + ".",
			key("U") + " copies the URL, " + key("K") + " the API key."}
		if !slices.ContainsFunc(s.session.Serving.Facts, func(f factors.Fact) bool { return f[0] == "Client ID" }) {
			lines[len(lines)-1] += " Any client ID will do."
		}
		lines = append(lines, "")
		for _, f := range s.session.Serving.Facts {
			lines = append(lines, st.dim.Render(column(f[0], 16))+st.text.Render(f[1]))
		}
	case messagesTab:
		lines = []string{st.title.Render("No messages yet"), "", "Text messages and sign-in mails come here instead of to a phone,", "with their codes."}
	case factorsTab:
		lines = []string{st.title.Render("No factors yet"), "", "Press " + key("n") + " to enroll one by hand, or let your app do it."}
	case usersTab:
		lines = []string{st.title.Render("No users yet"), "", "Press " + key("n") + " to add one, or let your app do it."}
	}
	return ansi.Wrap(strings.Join(lines, "\n"), w, " ")
}

// click chooses a line; on the chosen one it does what enter does.
func (s consoleScreen) click(x, y int) (screen, tea.Cmd) {
	page, c := s.page(), s.lists[s.tab]
	w, _ := s.session.fullBox()
	switch row := y - 1; {
	case row < 0 || row >= len(page) || x >= s.listWidth(w):
		return s, nil
	case row == c.row:
		return s.openChosen()
	default:
		return s.to(c.at - c.row + row)
	}
}
