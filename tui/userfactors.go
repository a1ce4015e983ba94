package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// userFactorsScreen shows the factors that WorkOS has for a user, also those that
// were enrolled elsewhere. They come in pages: the next one when the choice
// reaches the end.
type userFactorsScreen struct {
	session *session
	user    workos.User
	back    navigate
	loaded  bool // there is at least a first page
	factors []workos.Factor
	next    string // where the next page begins, empty if there is none
	at      int    // the chosen one
}

// newUserFactorsScreen begins to load the factors of a user.
func newUserFactorsScreen(d *session, u workos.User, back navigate) (screen, tea.Cmd) {
	return userFactorsScreen{session: d, user: u, back: back}.load("")
}

func (s userFactorsScreen) title() trail { return usersTrail(factors.UserName(s.user)) }

func (s userFactorsScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case userFactorsLoadedMsg:
		return s.received(msg)
	case challengeStartedMsg:
		next, cmd := s.session.challenged(s, msg, show(s))
		return s.enter(next, cmd)
	case recordsChangedMsg:
		return s.noted(msg), nil
	}
	return s, nil
}

func (s userFactorsScreen) view(w, h int) string {
	chosen, ok := s.chosen()
	if !ok {
		return s.empty(w)
	}
	width := s.session.listWidth(w)
	list := s.session.styles.dim.Render(ansi.Truncate(s.summary(), width, "…")) + strings.Repeat("\n", s.above(h)) +
		s.list().View(func(i int, chosen bool) string { return s.row(s.record(i), chosen, width) })
	if width == w {
		return list
	}
	return withDetails(s.session, list, chosen, width, w, h)
}

func (s userFactorsScreen) actions() []action {
	chosen, ok := s.chosen()
	return append([]action{
		{keyOpen, ok, shown, s.open},
		{keyDelete, ok, shown, s.delete},
		{keyEnroll, true, shown, s.enroll},
		{keyChallenge, ok && factors.CanChallenge(chosen.Type), shown, s.challenge},
		{keyRefresh, true, shown, func() (screen, tea.Cmd) { return s.load("") }},
		{keyBack, true, shown, s.back},
	}, moveKeys("move", shownIf(len(s.factors) > 1), s.list(), s.choose)...)
}

// load asks for the first page, or for the one that begins at a place.
func (s userFactorsScreen) load(from string) (screen, tea.Cmd) {
	verb := "Loading factors…"
	if from != "" {
		verb = "Loading more factors…"
	}
	ctx, id := s.session.begin(verb)
	return s, s.session.loadUserFactors(ctx, id, s.user.ID, from)
}

// received takes over a page. One that has nothing new is the last one, whatever
// it says, so that a list that comes back to its beginning has an end.
func (s userFactorsScreen) received(msg userFactorsLoadedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, s.explain(msg.err))
	}
	chosen, _ := s.chosen()
	old := s.factors
	if msg.from == "" {
		old = nil
	}
	s.loaded, s.factors, s.next = true, slices.Clone(old), msg.next
	for _, f := range msg.factors {
		if s.index(f.ID) < 0 {
			s.factors = append(s.factors, f)
		}
	}
	if len(s.factors) == len(old) {
		s.next = ""
	}
	s.at = max(0, s.index(chosen.ID))
	return s, nil
}

func (s userFactorsScreen) explain(err error) string {
	if workos.IsNotFound(err) {
		return s.session.service() + " does not know this user any more (404) · esc goes back to find another"
	}
	return "the factors were not loaded: " + s.session.explain(err)
}

func (s userFactorsScreen) index(factorID string) int {
	return slices.IndexFunc(s.factors, func(f workos.Factor) bool { return f.ID == factorID })
}

// chosen is the factor that the keys are about, as the factor file has it if it
// does.
func (s userFactorsScreen) chosen() (store.Record, bool) {
	if s.at >= len(s.factors) {
		return store.Record{}, false
	}
	return s.record(s.at), true
}

func (s userFactorsScreen) record(i int) store.Record {
	if r, ok := s.session.Store.Record(s.factors[i].ID); ok {
		return r
	}
	return store.Record{Factor: s.factors[i]}
}

// choose goes to a factor, and loads the next page at the end.
func (s userFactorsScreen) choose(i int) (screen, tea.Cmd) {
	s.at = i
	return s.fill()
}

// fill loads what is missing at the place that is looked at.
func (s userFactorsScreen) fill() (screen, tea.Cmd) {
	switch {
	case s.session.busy():
		return s, nil
	case !s.loaded:
		return s.load("")
	case s.next != "" && s.at >= len(s.factors)-1:
		return s.load(s.next)
	}
	return s, nil
}

// noted takes over that a factor was enrolled for the user, or deleted.
func (s userFactorsScreen) noted(msg tea.Msg) userFactorsScreen {
	if changed, ok := msg.(recordsChangedMsg); ok {
		msg = changed.by
	}
	switch msg := msg.(type) {
	case factorEnrolledMsg:
		if msg.err == nil && msg.opts.UserID == s.user.ID && s.loaded {
			return s.with(msg.record.Factor)
		}
	case factorDeletedMsg:
		if i := s.index(msg.record.ID); msg.err == nil && i >= 0 {
			return s.without(i)
		}
	}
	return s
}

// with has a new factor first, without its secrets.
func (s userFactorsScreen) with(f workos.Factor) userFactorsScreen {
	if s.index(f.ID) >= 0 {
		return s
	}
	if f.TOTP != nil {
		f.TOTP = &workos.TOTPDetails{Issuer: f.TOTP.Issuer, User: f.TOTP.User}
	}
	if len(s.factors) > 0 {
		s.at++
	}
	s.factors = slices.Insert(slices.Clone(s.factors), 0, f)
	return s
}

// without has no longer the factor at a place; the next one is chosen. A page
// that began behind it begins behind the one before.
func (s userFactorsScreen) without(i int) userFactorsScreen {
	id := s.factors[i].ID
	s.factors = slices.Delete(slices.Clone(s.factors), i, i+1)
	if i < s.at || s.at == len(s.factors) {
		s.at = max(0, s.at-1)
	}
	switch {
	case s.next != id:
	case len(s.factors) == 0:
		s.next, s.loaded = "", false
	default:
		s.next = s.factors[len(s.factors)-1].ID
	}
	return s
}

// enter goes to a screen of the usual flow, which leads back here.
func (s userFactorsScreen) enter(next screen, cmd tea.Cmd) (screen, tea.Cmd) {
	return forUserScreen{list: s}.lead(next, cmd)
}

func (s userFactorsScreen) open() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return s.enter(newFactorScreen(s.session, r, show(s)), nil)
}

func (s userFactorsScreen) delete() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return s.enter(newDeleteScreen(s.session, r, show(s), show(s)), nil)
}

func (s userFactorsScreen) enroll() (screen, tea.Cmd) {
	return s.enter(newEnrollTypeScreen(s.session, s.user, show(s)), nil)
}

func (s userFactorsScreen) challenge() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return s.enter(s.session.challenge(s, r, show(s)))
}

// click chooses the factor that is clicked on; on the chosen one it is as enter.
func (s userFactorsScreen) click(x, y int) (screen, tea.Cmd) {
	w, h := s.session.box()
	if x >= s.session.listWidth(w) {
		return s, nil
	}
	return clicked(s, s.list(), y-s.above(h), s.choose, s.open)
}

// above is how many rows are above the factors.
func (s userFactorsScreen) above(h int) int {
	if h > 10 {
		return 2
	}
	return 1
}

// list is the choice.
func (s userFactorsScreen) list() widget.Picker {
	_, h := s.session.box()
	return widget.Picker{At: s.at, N: len(s.factors), Rows: h - s.above(h)}
}

// summary is how many factors there are, and whose.
func (s userFactorsScreen) summary() string {
	parts := []string{english.Plural(len(s.factors), "factor", "")}
	if s.next != "" {
		parts[0] += " so far, more below"
	}
	if name := factors.OwnName(s.user); name != "" {
		parts = append(parts, name)
	}
	return strings.Join(append(parts, clean(s.user.ID)), " · ")
}

// row draws a factor as one line of the list. When it was created tells the
// factor of a lost phone from the others.
func (s userFactorsScreen) row(r store.Record, chosen bool, w int) string {
	st := s.session.styles
	cursor, name := st.row(chosen)
	created := ""
	if w >= 50 && !r.CreatedAt.IsZero() {
		created = "  created " + words.Ago(r.CreatedAt, s.session.Now())
	}
	nameWidth := max(0, w-2-6-lipgloss.Width(created))
	return cursor + st.dim.Render(column(typeName(r.Type), 6)) + name.Render(column(factorName(r), nameWidth)) + st.dim.Render(created)
}

func (s userFactorsScreen) empty(w int) string {
	st, who := s.session.styles, factors.UserName(s.user)
	if id := clean(s.user.ID); id != who {
		who += " · " + id
	}
	lines := []string{st.dim.Render(ansi.Truncate(who, w, "…")), ""}
	switch {
	case s.loaded:
		lines = append(lines, st.title.Render("No factors"), "", "Press "+st.key.Render("n")+" to enroll one for this user.")
	case !s.session.busy():
		lines = append(lines, st.title.Render("The factors are not loaded"), "", "Press "+st.key.Render("r")+" to try again.")
	}
	return strings.Join(lines, "\n")
}
