package tui

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/list"
	"github.com/charmbracelet/bubbles/paginator"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// factorsScreen is the first screen: the factors of the open environment, with
// the chosen one beside them where there is room.
type factorsScreen struct {
	session *session
	work
	list    list.Model // of the factors that the filter lets through
	filter  filter
	refresh refresh
}

// wideWidth is the terminal width from which on the chosen factor is shown
// beside the list.
const wideWidth = 100

// newFactorsScreen shows the records that the store has now, with the factor
// that has this id selected, if there is one.
func newFactorsScreen(d *session, selected string) factorsScreen {
	l := list.New(nil, factorLine{d}, 0, 0)
	l.Paginator.Type = paginator.Arabic // the dots cost time quadratic in the pages
	l.SetShowTitle(false)
	l.SetShowStatusBar(false)
	l.SetShowFilter(false)
	l.SetShowPagination(false)
	l.SetShowHelp(false)
	l.DisableQuitKeybindings()
	l.KeyMap.ShowFullHelp.SetEnabled(false)
	l.KeyMap.CloseFullHelp.SetEnabled(false)
	l.SetFilteringEnabled(false) // see filter.go
	items := d.factorItems()
	l.SetItems(items)
	s := factorsScreen{session: d, list: l, filter: d.newFilter(items)}
	s.resize()
	s.choose(selected)
	return s
}

// backTo is the way back to the list as it is now, with the same filter, but
// with the records that the store has then.
func (s factorsScreen) backTo() way {
	return func() (screen, tea.Cmd) {
		s.work = work{}
		return s.reload()
	}
}

// reload takes over the records of the store and keeps the filter and the
// selection; the next one takes the place of a factor that is no longer there.
func (s factorsScreen) reload() (factorsScreen, tea.Cmd) {
	at := s.list.Index()
	r, _ := s.selected()
	s.list.SetItems(s.refilter(s.session.factorItems()))
	s.resize()
	s.list.Select(max(0, min(at, len(s.list.Items())-1)))
	s.choose(r.ID)
	return s, nil
}

func (s *factorsScreen) resize() {
	w, h := s.session.box()
	s.list.SetSize(w, max(1, h-2))
}

func (s *factorsScreen) choose(id string) {
	if id == "" {
		return
	}
	i := slices.IndexFunc(s.list.Items(), func(it list.Item) bool { return it.(factorItem).ID == id })
	if i >= 0 {
		s.list.Select(i)
	}
}

func (s factorsScreen) selected() (store.Record, bool) {
	if it, ok := s.list.SelectedItem().(factorItem); ok {
		return *it.Record, true
	}
	return store.Record{}, false
}

// all is how many factors there are, filtered or not.
func (s factorsScreen) all() int { return len(s.filter.in.items) }

func (s factorsScreen) title() trail { return factorsTrail() }

func (s factorsScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.resize()
		return s, nil
	case recordsChangedMsg:
		return s.reload()
	case factorsFoundMsg:
		return s.found(msg)
	case factorRefreshedMsg:
		return s.refreshed(msg)
	case challengeStartedMsg:
		s.work = work{}
		return s.session.challenged(s, msg, s.backTo())
	case tea.KeyMsg:
		next, cmd := s.press(msg)
		return next, tea.Batch(cmd, s.session.lookAtStore())
	}
	var cmd tea.Cmd
	s.list, cmd = s.list.Update(msg)
	return s, cmd
}

func (s factorsScreen) press(msg tea.KeyMsg) (screen, tea.Cmd) {
	if next, cmd, ok := s.actions().press(msg); ok {
		return next, cmd
	}
	if s.filter.typing {
		return s.typeFilter(msg)
	}
	if s.busy() {
		return s, nil
	}
	var cmd tea.Cmd
	s.list, cmd = s.list.Update(msg)
	return s, cmd
}

func (s factorsScreen) actions() actions {
	chosen, any := s.selected()
	idle := !s.busy() && !s.filter.typing
	// Not s.enroll and so on, each of which would take a copy of the list along.
	on := func(do func(factorsScreen) (screen, tea.Cmd)) func() (screen, tea.Cmd) {
		return func() (screen, tea.Cmd) { return do(s) }
	}
	return actions{
		{keyCancel, s.busy(), on(factorsScreen.stop)},
		{keyEnroll, idle, on(factorsScreen.enroll)},
		{keyOpen, idle && any, on(factorsScreen.open)},
		{keyChallenge, idle && any && canVerify(chosen.Type), on(factorsScreen.challenge)},
		{keyFilter, idle && s.all() > 0, on(factorsScreen.startFilter)},
		{as(keyBack, "esc", "show all"), idle && s.filter.kept(), on(factorsScreen.endFilter)},
		{keySort, idle && s.all() > 1, on(factorsScreen.sort)},
		{keyRemove, idle && any && !gone(chosen), on(factorsScreen.remove)},
		{as(keyRemove, "d", "forget here"), idle && any && gone(chosen), on(factorsScreen.remove)},
		{keyRefresh, idle && any, on(factorsScreen.startRefresh)},
		{keyAdopt, idle, on(factorsScreen.adopt)},
		{keyUsers, idle, on(factorsScreen.users)},
		{keyClear, idle && any && !s.filter.kept(), on(factorsScreen.clear)},
		{keyLab, idle && s.session.Lab != nil, on(factorsScreen.lab)},
	}
}

func (s factorsScreen) help() help {
	if s.filter.typing {
		return help{keys: []key.Binding{keyKeepFilter, keyDropFilter}, typing: true}
	}
	return s.actions().help(false)
}

func (s factorsScreen) enroll() (screen, tea.Cmd) {
	return newEnrollTypeScreen(s.session, workos.User{}, s.backTo()), nil
}

func (s factorsScreen) open() (screen, tea.Cmd) {
	r, _ := s.selected()
	return newFactorScreen(s.session, r, s.backTo()), nil
}

func (s factorsScreen) challenge() (screen, tea.Cmd) {
	r, _ := s.selected()
	back := s.backTo()
	w, next, cmd := s.session.challenge(r, back)
	if next != nil {
		return next, cmd
	}
	s.work = w
	return s, cmd
}

// stop ends the work: the factors that were refreshed so far stay so.
func (s factorsScreen) stop() (screen, tea.Cmd) {
	s.cancel()
	s.work = work{}
	next, cmd := s.reload()
	return next, tea.Batch(cmd, say(plain, "cancelled"))
}

func (s factorsScreen) remove() (screen, tea.Cmd) {
	r, _ := s.selected()
	if gone(r) {
		return newForgetScreen(s.session, s.backTo(), s.backTo(), r), nil
	}
	return newDeleteScreen(s.session, r, s.backTo(), s.backTo()), nil
}

func (s factorsScreen) clear() (screen, tea.Cmd) {
	return newForgetScreen(s.session, s.backTo(), s.backTo(), s.session.Store.Records()...), nil
}

func (s factorsScreen) adopt() (screen, tea.Cmd) {
	return newAdoptScreen(s.session, s.backTo()), nil
}

func (s factorsScreen) users() (screen, tea.Cmd) {
	return newUsersScreen(s.session, s.backTo()), nil
}

func (s factorsScreen) lab() (screen, tea.Cmd) {
	return newLabScreen(s.session, s.backTo()), nil
}

// click chooses the factor that is clicked on; on the chosen one it is as enter.
func (s factorsScreen) click(x, y int) (screen, tea.Cmd) {
	const above = 2 // the summary and an empty line
	w, _ := s.session.box()
	pages, row := s.list.Paginator, y-above
	i := pages.Page*pages.PerPage + row
	switch {
	case row < 0 || row >= pages.PerPage || i >= len(s.list.Items()) || x >= s.session.listWidth(w) || s.filter.typing:
		return s, nil
	case i == s.list.Index():
		return s.open()
	}
	s.list.Select(i)
	return s, s.session.lookAtStore()
}

func (s factorsScreen) view(w, h int) string {
	if s.all() == 0 {
		return s.empty(w)
	}
	listWidth := s.session.listWidth(w)
	l := s.list
	l.SetDelegate(factorLine{s.session})
	l.SetWidth(listWidth)
	left := s.summary(listWidth) + "\n\n"
	if len(l.Items()) == 0 {
		left += s.session.styles.dim.Render("no match · esc shows all")
	} else {
		left += l.View()
	}
	r, any := s.selected()
	if listWidth == w || !any {
		return left
	}
	return withDetails(s.session, left, r, listWidth, w, h)
}

// withDetails draws all there is to know of a factor beside the list that it is
// chosen in.
func withDetails(d *session, list string, r store.Record, listWidth, w, h int) string {
	rows, details := fit(list, listWidth, h), fit(factorDetails(d, r, w-listWidth-3), w-listWidth-3, h)
	for i := range rows {
		rows[i] = column(rows[i], listWidth) + d.styles.dim.Render(" │ ") + details[i]
	}
	return strings.Join(rows, "\n")
}

// listWidth is the width of the list in a body of w columns.
func (d *session) listWidth(w int) int {
	if d.width >= wideWidth {
		return w * 11 / 20
	}
	return w
}

func (s factorsScreen) empty(w int) string {
	st := s.session.styles
	lines := []string{"", st.title.Render("No current factors"), ""}
	lines = append(lines, "Press "+st.key.Render("n")+" to enroll one,")
	lines = append(lines, "or "+st.key.Render("a")+" to adopt one that you know the id of.", "")
	if s.session.Mode == Local {
		lines = append(lines, st.dim.Width(w).Render("LOCAL: a test engine that works offline. Set WORKOS_API_KEY to use WorkOS."))
	}
	return strings.Join(lines, "\n")
}

// summary is the line above the list: how many factors, or the filter.
func (s factorsScreen) summary(w int) string {
	st := s.session.styles
	shown, all := len(s.list.Items()), s.all()
	count := fmt.Sprintf("%d factors", all)
	if all == 1 {
		count = "1 factor"
	}
	if s.session.order != byNewest {
		count += " · " + s.session.order.String()
	}
	if s.filter.on {
		count = fmt.Sprintf("%d of %d", shown, all)
	}
	if pages := s.list.Paginator.TotalPages; pages > 1 {
		count += fmt.Sprintf(" · page %d of %d", s.list.Paginator.Page+1, pages)
	}
	if !s.filter.on {
		return st.dim.Render(count)
	}
	in := s.filter.input
	in.Width = max(1, w-lipgloss.Width(count)-6)
	return column(in.View(), w-lipgloss.Width(count)-2) + "  " + st.dim.Render(count)
}

// factorItem is a record in the list. It points into the store's snapshot, so
// that 100,000 of them cost no copies.
type factorItem struct{ *store.Record }

// FilterValue is what a list.Item has to have; the list's own filter is off.
func (it factorItem) FilterValue() string { return it.ID }

// factorLine draws a factor as one line of the list.
type factorLine struct{ session *session }

func (factorLine) Height() int                         { return 1 }
func (factorLine) Spacing() int                        { return 0 }
func (factorLine) Update(tea.Msg, *list.Model) tea.Cmd { return nil }

func (f factorLine) Render(w io.Writer, m list.Model, index int, it list.Item) {
	item, ok := it.(factorItem)
	if !ok {
		return
	}
	st, r := f.session.styles, *item.Record
	cursor, name := "  ", st.text
	if index == m.Index() {
		cursor, name = st.accent.Render("› "), st.accent
	}
	state, style := factorState(f.session, r)
	// Below 60 columns the state is its mark alone, so that the name has room.
	if m.Width() < 60 {
		state = strings.Fields(state)[0]
	}
	nameWidth := max(0, m.Width()-2-6-2-lipgloss.Width(state))
	fmt.Fprint(w, cursor, st.dim.Render(column(typeName(r.Type), 6)),
		name.Render(column(factorName(r), nameWidth)), "  ", style.Render(state))
}
