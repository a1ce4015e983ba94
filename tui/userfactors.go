package tui

import (
	"fmt"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// userFactorsScreen shows the factors that WorkOS has for a user, including those
// enrolled elsewhere. The next page is loaded when the cursor reaches the end.
type userFactorsScreen struct {
	factorList
	user   workos.User
	back   navigate
	loaded bool   // there is at least a first page
	next   string // where the next page begins, empty if there is none
}

// newUserFactorsScreen begins to load the factors of a user.
func newUserFactorsScreen(s *session, u workos.User, back navigate) (screen, tea.Cmd) {
	return userFactorsScreen{factorList: factorList{session: s, head: "STATE", state: s.resultOrAge}, user: u, back: back}.load("")
}

func (s userFactorsScreen) title() trail {
	return s.session.sideTrail("Users", factors.UserName(s.user))
}

func (s userFactorsScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case userFactorsLoadedMsg:
		return s.received(msg)
	case challengeStartedMsg:
		next, cmd := s.session.onChallengeStarted(s, msg, show(s))
		return s.enter(next, cmd)
	case factorAddedMsg:
		return s.added(msg)
	case recordsChangedMsg:
		return s.noted(msg), nil
	}
	return s, nil
}

func (s userFactorsScreen) view(w, h int) string {
	if len(s.records) == 0 {
		return s.empty(w)
	}
	return s.factorList.view(s.summary, w, h)
}

func (s userFactorsScreen) actions() []action {
	chosen, ok := s.chosen()
	return append([]action{
		{keyOpen, ok, shown, s.open},
		{keyCopyCode, ok && s.session.codeNow(chosen) != "", shown, func() (screen, tea.Cmd) { return s, s.session.copyCodeNow(chosen) }},
		{keyDelete, ok, shown, s.delete},
		{keyEnroll, true, shown, s.enroll},
		{keyChallenge, ok && factors.CanChallenge(chosen.Type), shown, s.challenge},
		{keyPutOnList, ok && !s.session.serves() && !s.session.Listed(chosen.ID), shown, s.putOnList},
		{keyRefresh, true, shown, func() (screen, tea.Cmd) { return s.load("") }},
		{keyBack, true, shown, s.back},
	}, mover{s.picker(), s.to}.keys("move", shownIf(len(s.records) > 1))...)
}

// load asks for the first page, or the one after a factor.
func (s userFactorsScreen) load(from string) (screen, tea.Cmd) {
	return s, s.session.loadUserFactors(s.user.ID, from)
}

// received takes over a page. A page with nothing new is the last one, whatever it
// says, so that a server that starts over does not make the list endless.
func (s userFactorsScreen) received(msg userFactorsLoadedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, s.explain(msg.err))
	}
	chosen, _ := s.chosen()
	old := s.records
	if msg.from == "" {
		old = nil
	}
	s.loaded, s.records, s.next, s.at = true, slices.Clone(old), msg.next, 0
	for _, f := range msg.factors {
		if s.index(f.ID) < 0 {
			s.records = append(s.records, &store.Record{Factor: f})
		}
	}
	if len(s.records) == len(old) {
		s.next = ""
	}
	s.choose(chosen.ID)
	return s, nil
}

func (s userFactorsScreen) explain(err error) string {
	if workos.IsNotFound(err) {
		return s.session.Service() + " no longer has this user (404) · esc goes back to find another"
	}
	return "loading the factors failed: " + s.session.explain(err)
}

// to moves to a factor, and loads the next page at the end.
func (s userFactorsScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s.fill()
}

// fill loads the page that is missing where the cursor is.
func (s userFactorsScreen) fill() (screen, tea.Cmd) {
	switch {
	case s.session.busy():
		return s, nil
	case !s.loaded:
		return s.load("")
	case s.next != "" && s.at >= len(s.records)-1:
		return s.load(s.next)
	}
	return s, nil
}

// noted updates the list after a factor of the user was enrolled or deleted.
func (s userFactorsScreen) noted(msg tea.Msg) userFactorsScreen {
	if changed, ok := msg.(recordsChangedMsg); ok {
		if s.session.serves() {
			return s.served()
		}
		msg = changed.by
	}
	switch msg := msg.(type) {
	case factorEnrolledMsg:
		if msg.err == nil && msg.opts.UserID == s.user.ID && s.loaded {
			return s.with(msg.Record.Factor)
		}
	case codeCheckedMsg: // a factor that is not in the file has its history here alone
		if i := s.index(msg.Record.ID); msg.err == nil && i >= 0 {
			s.records = slices.Clone(s.records)
			s.records[i] = &msg.Record
		}
	case factorDeletedMsg:
		if i := s.index(msg.Record.ID); msg.err == nil && i >= 0 {
			return s.without(i)
		}
	}
	return s
}

// served is the list with what a server has now, which the store has too.
func (s userFactorsScreen) served() userFactorsScreen {
	chosen, _ := s.chosen()
	s.loaded, s.records, s.next = true, nil, ""
	for _, r := range s.session.Store.Records() {
		if r.UserID == s.user.ID {
			s.records = append(s.records, &r)
		}
	}
	s.at = max(0, min(s.at, len(s.records)-1))
	s.choose(chosen.ID)
	return s
}

// with puts a new factor first, without its secrets.
func (s userFactorsScreen) with(f workos.Factor) userFactorsScreen {
	if s.index(f.ID) >= 0 {
		return s
	}
	if f.TOTP != nil {
		f.TOTP = &workos.TOTPDetails{Issuer: f.TOTP.Issuer, User: f.TOTP.User}
	}
	if len(s.records) > 0 {
		s.at++
	}
	s.records = slices.Insert(slices.Clone(s.records), 0, &store.Record{Factor: f})
	return s
}

// without removes a factor and chooses the next one. If the next page began after that
// factor, it now begins after the one before.
func (s userFactorsScreen) without(i int) userFactorsScreen {
	id := s.records[i].ID
	s.records = slices.Delete(slices.Clone(s.records), i, i+1)
	if i < s.at || s.at == len(s.records) {
		s.at = max(0, s.at-1)
	}
	switch {
	case s.next != id:
	case len(s.records) == 0:
		s.next, s.loaded = "", false
	default:
		s.next = s.records[len(s.records)-1].ID
	}
	return s
}

// enter goes to a screen that leads back here.
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
	return s.enter(enrollTypeScreen{session: s.session, user: s.user, back: show(s)}, nil)
}

func (s userFactorsScreen) challenge() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return s.enter(s.session.onChallengeKey(s, r, show(s)))
}

// putOnList adds the chosen factor to the list of the person at the keyboard.
func (s userFactorsScreen) putOnList() (screen, tea.Cmd) {
	r, _ := s.chosen()
	return s, s.session.addFactor(r.ID)
}

func (s userFactorsScreen) added(msg factorAddedMsg) (screen, tea.Cmd) {
	switch {
	case msg.err != nil:
		return s, say(failure, s.session.explain(msg.err))
	case msg.SaveErr != nil:
		return s, say(failure, "not put on your list: "+words.Clean(msg.SaveErr.Error()))
	}
	return s, say(success, "on your list now: "+factorName(msg.Record))
}

func (s userFactorsScreen) click(x, y int) (screen, tea.Cmd) {
	return s.clicked(s, x, y, s.to, s.open)
}

// summary is how many factors there are, and whose.
func (s userFactorsScreen) summary(w int) string {
	parts := []string{english.Plural(len(s.records), "factor", "")}
	if s.next != "" {
		parts[0] += " so far, more below"
	}
	switch page, pages := s.picker().Pages(); {
	case s.next != "": // nobody knows of how many
		parts = append(parts, fmt.Sprint("page ", page))
	case pages > 1:
		parts = append(parts, fmt.Sprintf("page %d of %d", page, pages))
	}
	if name := factors.OwnName(s.user); name != "" {
		parts = append(parts, name)
	}
	return s.session.styles.dim.Render(ansi.Truncate(strings.Join(append(parts, words.Clean(s.user.ID)), " · "), w, "…"))
}

// resultOrAge is the end of a factor's line: the result of its last challenge, or when it
// was created. That time helps to find the factor of a lost phone.
func (s *session) resultOrAge(r store.Record) (factors.State, []string) {
	state, forms := s.ResultForms(r)
	if state == factors.Unchallenged && !r.CreatedAt.IsZero() {
		forms = []string{"created " + words.ShortAgo(r.CreatedAt.Time, s.Now())}
	}
	if code := s.codeText(r); code != "" {
		forms = []string{"code " + code}
	}
	return state, forms
}

// moves reports whether a code runs out.
func (s userFactorsScreen) moves() bool {
	return slices.ContainsFunc(s.records, func(r *store.Record) bool { return s.session.codeNow(*r) != "" })
}

func (s userFactorsScreen) empty(w int) string {
	st, who := s.session.styles, factors.UserName(s.user)
	if id := words.Clean(s.user.ID); id != who {
		who += " · " + id
	}
	lines := []string{st.dim.Render(ansi.Truncate(who, w, "…")), ""}
	switch {
	case s.loaded:
		lines = append(lines, st.title.Render("No factors"), "", "Press "+st.key.Render("n")+" to enroll one for this user.")
	case !s.session.busy():
		lines = append(lines, st.title.Render("The factors could not be loaded"), "", "Press "+st.key.Render("r")+" to try again.")
	}
	return strings.Join(lines, "\n")
}

// rest says which factors the user has beside one.
func (s userFactorsScreen) rest(id string) string {
	const most = 3 // that are named
	var names []string
	for _, r := range s.records {
		name := factorName(*r)
		if kind := factors.ShortTypeName(r.Type); !strings.HasSuffix(name, kind) {
			name = kind + " " + name
		}
		if r.ID != id {
			names = append(names, name)
		}
	}
	n := len(names)
	if n == 0 && s.next == "" {
		return "! This is the last factor of " + factors.UserName(s.user)
	}
	count, stay := english.Plural(n, "other factor", ""), " stay: "
	switch {
	case s.next != "":
		count = fmt.Sprintf("%d or more other factors", n)
	case n == 1:
		stay = " stays: "
	}
	if n > most {
		names = append(names[:most], "…")
	}
	return count + stay + strings.Join(names, ", ")
}
