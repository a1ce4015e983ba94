package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// factorsScreen is the first screen: the factors of the open environment.
type factorsScreen struct {
	factorList                // those that match the filter
	all        *factors.Index // all that the store had
	filter     filter
	wanted     string // the ID of the factor that the person chose, not the filter as it is typed
}

// newFactorsScreen shows the records that the store has now, with the factor of this
// ID chosen, if there is one.
func newFactorsScreen(s *session, chosen string) factorsScreen {
	all := s.Index(s.order)
	list := factorsScreen{factorList: factorList{session: s, records: all.Records, head: "LAST CHALLENGE", state: s.StateForms}, all: all, filter: s.newFilter()}
	list.choose(chosen)
	return list
}

// backTo leads back to the list with the same filter, but with the records that
// the store has then.
func (s factorsScreen) backTo() navigate {
	return func() (screen, tea.Cmd) { return s.reload(), nil }
}

// reload reads the records of the store again. The filter stays, and so does the
// chosen factor; if that is gone, the next one is chosen.
func (s factorsScreen) reload() factorsScreen {
	chosen, _ := s.chosen()
	s.all = s.session.Index(s.session.order)
	s.records = s.all.Records
	if s.filter.on {
		s.records = s.all.Find(s.filter.input.Value())
	}
	s.at = s.picker().To(s.at)
	s.choose(chosen.ID)
	return s
}

// shows shows some of the factors. The one that the person chose is chosen if it is
// among them, else the first is.
func (s *factorsScreen) shows(records []*store.Record) {
	s.records, s.at = records, 0
	s.choose(s.wanted)
}

// want notes that the person chose the factor that is chosen, if there is one.
func (s *factorsScreen) want() {
	if r, ok := s.chosen(); ok {
		s.wanted = r.ID
	}
}

func (s factorsScreen) title() trail { return factorsTrail() }

func (s factorsScreen) typing() typing { return s.filter.takes() }

func (s factorsScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		return s.reload(), nil
	case storeVanishedMsg:
		// What is typed is for the filter, and what a call brings is for the list.
		if !s.filter.typing && !s.session.busy() {
			return storeVanishedScreen{s.session, msg.err.Path, s.backTo()}, nil
		}
	case storeWrittenMsg:
		return s.reload(), tellReport(s.session, msg)
	case factorsRefreshedMsg:
		return s.reload(), s.refreshed(msg)
	case challengeStartedMsg:
		return s.session.onChallengeStarted(s, msg, s.backTo())
	case tea.KeyMsg:
		if s.filter.typing {
			return s.typeFilter(msg)
		}
	}
	return s, nil
}

func (s factorsScreen) view(w, h int) string {
	if len(s.all.Records) == 0 {
		return s.empty(w, h)
	}
	list := s.factorList
	list.query = s.filter.query()
	drawn := list.view(s.summary, w, h)
	if len(s.records) == 0 {
		drawn += s.session.styles.dim.Render("No matches · esc shows all")
	}
	return drawn
}

// empty says how to begin, and where other factors are.
func (s factorsScreen) empty(w, h int) string {
	st := s.session.styles
	lines := []string{st.title.Render("No factors on your list yet")}
	if h > 10 {
		lines = append(lines, "")
	}
	say := func(key, text, short string) {
		if h <= 10 || lipgloss.Width(text)+3 > w {
			text = short
		}
		lines = append(lines, st.key.Render(column(key, 3))+text)
	}
	say("n", "enroll one: an authenticator app, text messages, or your own codes", "enroll one")
	if s.session.Mode != factors.Local || h > 10 {
		say("u", "find a user, for example to replace a lost phone", "find a user")
	}
	say("a", "add one that was enrolled elsewhere, by its ID", "add one by its ID")
	if s.movable() {
		say("e", "see the other environments in the factor file, and move factors here", "move factors here")
	}
	if others := s.session.Elsewhere(); others != "" {
		lines = append(lines, "", ansi.Wrap("The factor file also has "+others+"."+s.stuck(), s.session.textWidth(w), " "))
	}
	if s.session.Mode == factors.Local {
		lines = append(lines, "", st.dim.Render(ansi.Wrap("LOCAL is an offline test engine. For WorkOS, set WORKOS_API_KEY.", s.session.textWidth(w), " ")))
	}
	return strings.Join(lines, "\n")
}

// stuck says why factors of other environments can't be moved to this list, if they can't.
func (s factorsScreen) stuck() string {
	switch {
	case len(s.all.Records) > 0 || s.movable() || s.session.Elsewhere() == "":
		return ""
	case s.session.Mode == factors.Local:
		return " They stay there: the local engine does not know them."
	}
	return " They stay there: " + s.session.Service() + " does not know them."
}

// summary is the line above the list: how many factors in which order, or the filter.
func (s factorsScreen) summary(w int) string {
	st, all := s.session.styles, len(s.all.Records)
	count, rest := english.Plural(all, "factor", ""), " · "+s.session.order.String()
	if s.session.Store.Vanished() != nil {
		rest = " · the factor file is gone" + rest
	}
	if page, pages := s.picker().Pages(); pages > 1 {
		rest += fmt.Sprintf(" · page %d of %d", page, pages)
	}
	if !s.filter.on {
		return ansi.Truncate(st.title.Render(count)+st.dim.Render(rest), w, "…")
	}
	count = fmt.Sprintf("%d of %d", len(s.records), all)
	if w >= 60 {
		count += rest
	}
	return s.filter.view(st, count, w)
}

func (s factorsScreen) actions() []action {
	if s.filter.typing {
		list := mover{s.picker(), s.to}
		return slices.Concat([]action{
			{keyKeepFilter, true, shown, s.keepFilter},
			{keyDropFilter, true, shown, s.endFilter},
		}, list.lineKeysTyping(shownIf(len(s.records) > 1)), list.pageKeysTyping())
	}
	chosen, ok := s.chosen()
	all, there := len(s.all.Records), ok && !gone(chosen)
	// One copy of the screen, not one for each of s.enroll, s.open, …
	on := func(do func(factorsScreen) (screen, tea.Cmd)) navigate {
		return func() (screen, tea.Cmd) { return do(s) }
	}
	lost := s.session.Store.Vanished() != nil
	return append([]action{
		{keyWriteBack, lost, shownIf(lost), on(factorsScreen.writeBack)},
		{keyEnroll, true, shown, on(factorsScreen.enroll)},
		{keyMoveHere, s.movable(), shown, on(factorsScreen.environments)},
		{keyOpen, ok, shown, on(factorsScreen.open)},
		{keyChallenge, there && factors.CanChallenge(chosen.Type), shown, on(factorsScreen.challenge)},
		{keyFilter, all > 0, shown, on(factorsScreen.startFilter)},
		{as(keyBack, "esc", "show all"), s.filter.kept(), shown, on(factorsScreen.endFilter)},
		{keySort, all > 1, shown, on(factorsScreen.sort)},
		{keyDelete, there, shown, on(factorsScreen.delete)},
		{keyRemove, ok, shown, on(factorsScreen.remove)},
		{keyLabel, there, shown, on(factorsScreen.label)},
		{keyRefresh, ok, shown, on(factorsScreen.refresh)},
		{keyAddByID, true, shown, on(factorsScreen.add)},
		{keyUsers, true, shown, on(factorsScreen.users)},
		{keyLab, s.session.Lab != nil, shown, on(factorsScreen.lab)},
		{keyLab, s.session.Lab == nil, hidden, func() (screen, tea.Cmd) { return s, say(plain, "The lab is for the local engine") }},
		{keyMoveHere, s.stuck() != "", hidden, func() (screen, tea.Cmd) { return s, say(plain, strings.TrimSpace(s.stuck())) }},
		{keyClear, ok && !s.filter.kept(), offered, on(factorsScreen.clear)},
		{keyGone, ok && !there, hidden, func() (screen, tea.Cmd) { return s, s.session.sayGone() }},
	}, mover{s.picker(), s.to}.keys("move", hidden)...)
}

func (s factorsScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	s.want()
	return s, nil
}

func (s factorsScreen) enroll() (screen, tea.Cmd) {
	return enrollTypeScreen{session: s.session, back: s.backTo()}, nil
}

func (s factorsScreen) writeBack() (screen, tea.Cmd) {
	return s, s.session.writeStoreBack()
}

func (s factorsScreen) open() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return newFactorScreen(s.session, r, s.backTo()), nil
}

func (s factorsScreen) challenge() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return s.session.onChallengeKey(s, r, s.backTo())
}

func (s factorsScreen) delete() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return newDeleteScreen(s.session, r, s.backTo(), s.backTo()), nil
}

func (s factorsScreen) remove() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return newRemoveScreen(s.session, r, s.backTo(), s.backTo()), nil
}

func (s factorsScreen) label() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return newLabelScreen(s.session, r, s.backTo()), nil
}

func (s factorsScreen) clear() (screen, tea.Cmd) {
	return newClearScreen(s.session, s.backTo(), s.session.Store.Records()), nil
}

func (s factorsScreen) add() (screen, tea.Cmd) {
	return newAddScreen(s.session, s.backTo()), nil
}

// movable reports whether factors of other environments can be moved to this list,
// which must be empty.
func (s factorsScreen) movable() bool {
	return len(s.all.Records) == 0 && len(s.session.Store.Movable()) > 0
}

func (s factorsScreen) environments() (screen, tea.Cmd) {
	return newEnvironmentsScreen(s.session, s.backTo()), nil
}

func (s factorsScreen) users() (screen, tea.Cmd) {
	return newUsersScreen(s.session, s.backTo()).begin()
}

func (s factorsScreen) lab() (screen, tea.Cmd) {
	return labScreen{session: s.session, back: s.backTo()}, nil
}

// sort changes to the next order for the rest of the session.
func (s factorsScreen) sort() (screen, tea.Cmd) {
	s.session.order = s.session.order.Next()
	return s.reload(), nil // the summary names the order
}

// refresh asks WorkOS for every factor that is shown.
func (s factorsScreen) refresh() (screen, tea.Cmd) {
	ids := make([]string, len(s.records))
	for i, r := range s.records {
		ids[i] = r.ID
	}
	return s, s.session.refreshFactors(ids)
}

func (s factorsScreen) refreshed(msg factorsRefreshedMsg) tea.Cmd {
	done, gone := 0, 0
	for _, f := range msg.fresh {
		switch {
		case f.Gone:
			gone++
		case f.SaveErr == nil:
			done++
		}
	}
	text := factors.RefreshedCount(done, 0)
	switch {
	case msg.err != nil:
		return say(failure, factors.RefreshedCount(done, msg.asked-done-gone)+": "+s.session.explain(msg.err))
	case gone > 0:
		return say(warning, fmt.Sprintf("%s, %d gone at %s · x removes one from the list", text, gone, s.session.Service()))
	}
	return say(success, text)
}

func (s factorsScreen) click(x, y int) (screen, tea.Cmd) {
	if s.filter.typing {
		return s, nil
	}
	return s.clicked(s, x, y, s.to, s.open)
}
