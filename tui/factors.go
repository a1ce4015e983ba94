package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// factorsScreen is the first screen: the factors of the open environment, with
// the chosen one beside them where there is room.
type factorsScreen struct {
	session *session
	all     *factors.Index  // of the factors that the store had
	records []*store.Record // those that the filter lets through
	at      int             // the chosen one
	filter  filter
	refresh refresh
}

// wideWidth is the terminal width from which on the chosen factor is shown
// beside the list.
const wideWidth = 100

// newFactorsScreen shows the records that the store has now, with the factor
// that has this id selected, if there is one.
func newFactorsScreen(d *session, selected string) factorsScreen {
	all := &factors.Index{Records: d.Sorted(d.order)}
	s := factorsScreen{session: d, all: all, records: all.Records, filter: d.newFilter()}
	s.choose(selected)
	return s
}

// backTo leads back to the list as it is now, with the same filter, but with the
// records that the store has then.
func (s factorsScreen) backTo() navigate {
	return func() (screen, tea.Cmd) { return s.reload(), nil }
}

// reload takes over the records of the store and keeps the filter and the
// selection; the next one takes the place of a factor that is no longer there.
func (s factorsScreen) reload() factorsScreen {
	chosen, _ := s.selected()
	s.all = &factors.Index{Records: s.session.Sorted(s.session.order)}
	s.records = s.all.Records
	if s.filter.on {
		s.records = s.all.Find(s.filter.input.Value())
	}
	s.at = s.list().To(s.at)
	s.choose(chosen.ID)
	return s
}

// shows shows some of the factors. The selection stays on its factor; if that is
// not among them, it goes to the first.
func (s *factorsScreen) shows(records []*store.Record) {
	chosen, _ := s.selected()
	s.records, s.at = records, 0
	s.choose(chosen.ID)
}

// choose selects the factor with an id, if it is shown.
func (s *factorsScreen) choose(id string) {
	if i := slices.IndexFunc(s.records, func(r *store.Record) bool { return r.ID == id }); i >= 0 {
		s.at = i
	}
}

func (s factorsScreen) selected() (store.Record, bool) {
	if s.at >= len(s.records) {
		return store.Record{}, false
	}
	return *s.records[s.at], true
}

func (s factorsScreen) title() trail { return factorsTrail() }

func (s factorsScreen) typing() typing {
	if s.filter.typing {
		return textTyped
	}
	return nothingTyped
}

func (s factorsScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		return s.reload(), nil
	case factorRefreshedMsg:
		return s.refreshed(msg)
	case challengeStartedMsg:
		return s.session.challenged(s, msg, s.backTo())
	case tea.KeyMsg:
		if s.filter.typing {
			return s.typeFilter(msg)
		}
	}
	return s, nil
}

// list is the factors that are seen, below the summary and an empty line.
func (s factorsScreen) list() widget.Picker {
	_, h := s.session.box()
	return widget.Picker{At: s.at, N: len(s.records), Rows: h - factorsAbove}
}

const factorsAbove = 2

func (s factorsScreen) view(w, h int) string {
	if len(s.all.Records) == 0 {
		return s.empty(w)
	}
	width := s.session.listWidth(w)
	list := s.summary(width) + "\n\n" + s.list().View(func(i int, chosen bool) string { return s.row(*s.records[i], chosen, width) })
	r, ok := s.selected()
	switch {
	case !ok:
		return list + s.session.styles.dim.Render("no match · esc shows all")
	case width == w:
		return list
	}
	return withDetails(s.session, list, r, width, w, h)
}

// withDetails draws all there is to know of a factor beside the list that it is
// chosen in.
func withDetails(d *session, list string, r store.Record, listWidth, w, h int) string {
	return divided(d.styles, list, factorDetails(d, r, w-listWidth-dividerWidth), listWidth, w, h)
}

// listWidth is the width of the list in a body of w columns.
func (s *session) listWidth(w int) int {
	if s.width >= wideWidth {
		return w * 11 / 20
	}
	return w
}

func (s factorsScreen) empty(w int) string {
	st := s.session.styles
	lines := []string{"", st.title.Render("No current factors"), ""}
	lines = append(lines, "Press "+st.key.Render("n")+" to enroll one,")
	lines = append(lines, "or "+st.key.Render("a")+" to add an existing factor by its ID.", "")
	if s.session.Mode == factors.Local {
		lines = append(lines, st.dim.Width(w).Render("LOCAL: a test engine that works offline. Set WORKOS_API_KEY to use WorkOS."))
	}
	return strings.Join(lines, "\n")
}

// summary is the line above the list: how many factors, or the filter.
func (s factorsScreen) summary(w int) string {
	st, all := s.session.styles, len(s.all.Records)
	count := english.Plural(all, "factor", "")
	if s.session.order != factors.ByNewest {
		count += " · " + s.session.order.String()
	}
	if s.filter.on {
		count = fmt.Sprintf("%d of %d", len(s.records), all)
	}
	if page, pages := s.list().Pages(); pages > 1 {
		count += fmt.Sprintf(" · page %d of %d", page, pages)
	}
	if !s.filter.on {
		return st.dim.Render(count)
	}
	in := s.filter.input
	in.Width = max(1, w-lipgloss.Width(count)-6)
	return column(in.View(), w-lipgloss.Width(count)-2) + "  " + st.dim.Render(count)
}

// row draws a factor as one line of the list.
func (s factorsScreen) row(r store.Record, chosen bool, w int) string {
	st := s.session.styles
	cursor, name := st.row(chosen)
	state, style := factorState(s.session, r)
	// Below 60 columns the state is its mark alone, so that the name has room.
	if w < 60 {
		state = strings.Fields(state)[0]
	}
	nameWidth := max(0, w-2-6-2-lipgloss.Width(state))
	return cursor + st.dim.Render(column(typeName(r.Type), 6)) + name.Render(column(factorName(r), nameWidth)) + "  " + style.Render(state)
}

func (s factorsScreen) actions() []action {
	if s.filter.typing {
		return append(lineKeysTyping(hidden, s.list(), s.to),
			action{keyKeepFilter, true, shown, s.keepFilter},
			action{keyDropFilter, true, shown, s.endFilter})
	}
	chosen, ok := s.selected()
	all, there := len(s.all.Records), ok && !gone(chosen)
	// Not s.enroll and so on, each of which would take a copy of the screen along.
	on := func(do func(factorsScreen) (screen, tea.Cmd)) navigate {
		return func() (screen, tea.Cmd) { return do(s) }
	}
	return append([]action{
		{keyEnroll, true, shown, on(factorsScreen.enroll)},
		{keyOpen, ok, shown, on(factorsScreen.open)},
		{keyChallenge, there && factors.CanChallenge(chosen.Type), shown, on(factorsScreen.challenge)},
		{keyFilter, all > 0, shown, on(factorsScreen.startFilter)},
		{as(keyBack, "esc", "show all"), s.filter.kept(), shown, on(factorsScreen.endFilter)},
		{keySort, all > 1, shown, on(factorsScreen.sort)},
		{keyDelete, there, shown, on(factorsScreen.delete)},
		{keyRemove, ok, shown, on(factorsScreen.remove)},
		{keyRefresh, ok, shown, on(factorsScreen.startRefresh)},
		{keyAdopt, true, shown, on(factorsScreen.adopt)},
		{keyUsers, true, shown, on(factorsScreen.users)},
		{keyLab, s.session.Lab != nil, shown, on(factorsScreen.lab)},
		{keyClear, ok && !s.filter.kept(), shown, on(factorsScreen.clear)},
	}, moveKeys("move", hidden, s.list(), func(at int) (screen, tea.Cmd) { return s.to(at) })...)
}

func (s factorsScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s, nil
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
	return s.session.challenge(s, r, s.backTo())
}

func (s factorsScreen) delete() (screen, tea.Cmd) {
	r, _ := s.selected()
	return newDeleteScreen(s.session, r, s.backTo(), s.backTo()), nil
}

func (s factorsScreen) remove() (screen, tea.Cmd) {
	r, _ := s.selected()
	return newRemoveScreen(s.session, s.backTo(), s.backTo(), r), nil
}

func (s factorsScreen) clear() (screen, tea.Cmd) {
	return newRemoveScreen(s.session, s.backTo(), s.backTo(), s.session.Store.Records()...), nil
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
	w, _ := s.session.box()
	if x >= s.session.listWidth(w) || s.filter.typing {
		return s, nil
	}
	return clicked(s, s.list(), y-factorsAbove, s.to, s.open)
}
