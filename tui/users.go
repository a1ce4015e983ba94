package tui

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// usersScreen finds a user, to help someone who lost a phone. It lists the first page
// of users, and what is typed chooses from them; a whole address is asked for with
// enter. Where users are not real people it can add one, so that anyone can try it.
type usersScreen struct {
	session *session
	back    navigate
	entry   entry
	absent  string        // the address that no user has
	found   []workos.User // by an address, to choose from
	at      int           // the chosen one
	picked  bool          // with a key
	listing listing
}

// listing is the first page of users, which is asked for once.
type listing struct {
	id     int // of the pause before it, or of the call; 0 once it has ended
	cancel context.CancelFunc
	users  []workos.User
	more   bool
	err    error
}

// listPause is how long nothing is typed before the first users are asked for: who
// types an address at once needs no list.
const listPause = 300 * time.Millisecond

func newUsersScreen(s *session, back navigate) usersScreen {
	return usersScreen{session: s, back: back, entry: s.newEntry("E-mail address or name", "marc@example.com"), listing: listing{id: s.nextID()}}
}

// begin opens the screen, at first or again: the list comes after a pause, if it is
// not there.
func (s usersScreen) begin() (screen, tea.Cmd) {
	if s.listing.id == 0 {
		return s, nil
	}
	s.listing.id = s.session.nextID()
	return s, s.session.pauseBeforeList(s.listing.id)
}

// leaving cancels the list, which is asked for again when the person comes back.
func (s usersScreen) leaving(to navigate) navigate {
	return func() (screen, tea.Cmd) {
		if s.listing.cancel != nil {
			s.listing.cancel()
		}
		return to()
	}
}

func (s usersScreen) title() trail { return s.session.sideTrail("Users") }

func (s usersScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case listPausedMsg:
		if msg.listing != s.listing.id {
			return s, nil
		}
		var ctx context.Context
		ctx, s.listing.cancel = context.WithCancel(context.Background())
		return s, s.session.listUsers(ctx, msg.listing)
	case usersListedMsg:
		if msg.listing == s.listing.id {
			s.listing = listing{users: msg.users, more: msg.more, err: msg.err}
		}
	case usersFoundMsg:
		return s.answered(msg)
	case userAddedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		s.listing.users = slices.Insert(slices.Clone(s.listing.users), 0, msg.user)
		next, cmd := s.show(msg.user)
		return next, tea.Batch(cmd, say(success, "Created "+factors.UserName(msg.user)+" at "+s.session.Service()))
	case tea.KeyMsg:
		return s.typed(msg)
	}
	return s, nil
}

// typed gives a key to the field. A change drops what was found, and makes the pause
// begin again.
func (s usersScreen) typed(msg tea.KeyMsg) (screen, tea.Cmd) {
	if !s.entry.typed(msg) {
		return s, nil
	}
	s.absent, s.found, s.at, s.picked = "", nil, 0, false
	if s.listing.cancel != nil {
		return s, nil
	}
	return s.begin()
}

func (s usersScreen) typing() typing { return textTyped }

func (s usersScreen) view(w, h int) string {
	left := s.width(w)
	all, names := s.shown(), 0
	for _, u := range all {
		names = max(names, min(lipgloss.Width(factors.OwnName(u)), left/4))
	}
	list := strings.Join(s.head(left), "\n") + "\n" + s.list().View(func(i int, chosen bool) string {
		return s.row(all[i], chosen, names, left)
	})
	if len(all) > 0 && left < w {
		chosen := all[s.list().To(s.at)]
		w -= left + dividerWidth
		facts := factors.UserFacts(chosen, func(at time.Time) string { return moment(s.session, at, w-labelWidth) })
		return divided(s.session.styles, list, table(s.session.styles, facts, w), left, left+dividerWidth+w, h)
	}
	return list
}

// width is the width of the list in a body of w columns.
func (s usersScreen) width(w int) int { return s.session.listWidth(w, 0) }

func (s usersScreen) actions() []action {
	enter, does, create := s.find, "find", shown
	switch {
	case s.creates():
		enter, does, create = s.add, "create user", offered
	case s.unlistable():
		enter, does = s.listAgain, "try again"
	case !s.asks() && len(s.shown()) > 0:
		enter, does = s.open, "open"
	}
	return slices.Concat([]action{
		{as(keyOpen, "enter", does), true, shown, enter},
		{keyAddUser, s.addable(), create, s.add},
	}, mover{s.list(), s.to}.lineKeysTyping(shown), mover{s.list(), s.to}.pageKeysTyping(), []action{{keyBack, true, shown, s.leaving(s.back)}})
}

// shown is the users to choose from: those with the address that was asked for, or
// those on the first page with what is typed.
func (s usersScreen) shown() []workos.User {
	if len(s.found) > 0 {
		return s.found
	}
	return factors.MatchingUsers(s.listing.users, s.text())
}

// list is the users shown, below the field.
func (s usersScreen) list() widget.Picker {
	w, h := s.session.box()
	return widget.Picker{At: s.at, N: len(s.shown()), Rows: h - len(s.head(s.width(w)))}
}

func (s usersScreen) text() string { return strings.TrimSpace(s.entry.input.Value()) }

// unlisted reports whether what is typed is an address that no user shown has.
func (s usersScreen) unlisted() bool {
	return factors.CheckEmail(s.text()) == nil && !slices.ContainsFunc(s.shown(), func(u workos.User) bool { return strings.EqualFold(u.Email, s.text()) })
}

// asks reports whether enter asks for the address, not for the chosen user.
func (s usersScreen) asks() bool { return len(s.found) == 0 && !s.picked && s.unlisted() }

// ours reports whether users can be added here.
func (s usersScreen) ours() bool { return s.session.CanAddUsers(s.session.Phone) }

// addable reports whether a user with what is typed can be added.
func (s usersScreen) addable() bool { return s.ours() && s.unlisted() }

// creates reports whether enter creates a user: nobody else is offered, and the address,
// which no user has, is whole. At a server others may use, that is for a key of its own.
func (s usersScreen) creates() bool {
	_, domain, _ := strings.Cut(s.absent, "@")
	return strings.Contains(domain, ".") && len(s.shown()) == 0 && s.session.Mode == factors.Local && s.ours()
}

// unlistable reports whether there is no list to type for.
func (s usersScreen) unlistable() bool { return s.listing.err != nil && s.text() == "" }

// listAgain asks for the list once more.
func (s usersScreen) listAgain() (screen, tea.Cmd) {
	s.listing = listing{id: s.session.nextID()}
	return s.update(listPausedMsg{listing: s.listing.id})
}

func (s usersScreen) find() (screen, tea.Cmd) {
	if err := factors.CheckEmail(s.text()); err != nil {
		s.entry.refusal = err.Error()
		return s, nil
	}
	return s, s.session.findUsers(s.text())
}

// answered follows the search: it goes to the user's factors, or shows a list of users
// or why there is none.
func (s usersScreen) answered(msg usersFoundMsg) (screen, tea.Cmd) {
	switch {
	case msg.err != nil:
		return s, say(failure, "The search failed: "+s.session.explain(msg.err))
	case len(msg.users) == 0:
		s.absent = s.text()
		return s, nil
	case len(msg.users) == 1 && strings.EqualFold(msg.users[0].Email, s.text()):
		return s.show(msg.users[0])
	}
	s.found, s.at = msg.users, 0 // also if the only one has another address
	return s, nil
}

func (s usersScreen) open() (screen, tea.Cmd) { return s.show(s.shown()[s.list().To(s.at)]) }

func (s usersScreen) show(u workos.User) (screen, tea.Cmd) {
	s.absent = ""
	return s.leaving(func() (screen, tea.Cmd) {
		s.listing.cancel = nil
		return newUserFactorsScreen(s.session, u, s.begin)
	})()
}

func (s usersScreen) add() (screen, tea.Cmd) { return s, s.session.addUser(s.text()) }

func (s usersScreen) to(at int) (screen, tea.Cmd) {
	s.at, s.picked = at, true
	return s, nil
}

// click chooses a user; on the chosen one it does what enter does.
func (s usersScreen) click(x, y int) (screen, tea.Cmd) {
	w, _ := s.session.box()
	if w = s.width(w); x >= w {
		return s, nil
	}
	return mover{s.list(), s.to}.clicked(s, y-len(s.head(w)), s.open)
}

// head is the field and what is listed below it.
func (s usersScreen) head(w int) []string {
	st := s.session.styles
	hint := remark{"Type a part, or the whole address", st.dim}
	switch {
	case s.creates():
		hint = st.mistake("No user has this address. Press enter to create one")
	case s.absent != "" && s.ours():
		hint = st.mistake("No user has this address. Check the spelling · ctrl+n creates one")
	case s.absent != "":
		hint = st.mistake("No user has this address in this environment. Check the spelling")
	case s.asks():
		hint = remark{"Press enter to ask for this address", st.text}
	case s.unlistable():
		hint = remark{"Press enter to list them again", st.text}
	case len(s.listing.users) == 0:
		hint.text = "Type the whole address"
	}
	lines := strings.Split(s.entry.view(st, hint, s.session.textWidth(w), 2), "\n")
	below := remark{s.summary(), st.dim}
	if s.unlistable() {
		below = st.mistake(s.failure())
	}
	for _, l := range strings.Split(ansi.Wrap(below.text, w, " "), "\n") {
		lines = append(lines, below.style.Render(l))
	}
	return lines
}

// failure is why there is no list, and what works without one: a call less often, not one
// to a server that is down or refuses the key.
func (s usersScreen) failure() string {
	advice := ""
	if workos.IsRateLimited(s.listing.err) {
		advice = "type a whole address instead"
	}
	why := s.session.Explain(s.listing.err)
	return remarkText(append(append([]string{"users could not be listed: " + why[0]}, why[1:]...), advice)...)
}

// summary is how many users are listed, and what to do if that is not all.
func (s usersScreen) summary() string {
	n, listed := len(s.shown()), len(s.listing.users)
	if len(s.found) > 0 {
		return english.Plural(n, "user", "") + " found"
	}
	const whole = "type the whole address and press enter"
	count := english.Plural(listed, "user", "")
	if s.listing.more {
		count = "The first " + count + "; for others, " + whole
	}
	switch {
	case s.listing.err != nil:
		return ""
	case s.listing.id != 0:
		return "To help someone who lost their phone, delete its factor and enroll a new one."
	case listed == 0 && s.ours():
		return "No users yet: type an address and press ctrl+n to create one"
	case listed == 0:
		return "No users"
	case n < listed:
		count = english.Plural(n, "match", "matches") + " in " + count
	}
	return count
}

// row draws a user as one line of the list, with so many columns for the own name.
func (s usersScreen) row(u workos.User, chosen bool, names, w int) string {
	const wide = 50
	st, rest := s.session.styles, ""
	if !u.CreatedAt.IsZero() && w >= wide {
		rest = "  " + column("created "+words.Ago(u.CreatedAt.Time, s.session.Now()), 22)
	}
	if w >= wide {
		rest = "  " + column(factors.OwnName(u), names) + rest
	}
	name := column(factors.UserName(u), max(0, w-lipgloss.Width(rest)))
	return st.line(chosen, st.text.Render(name)+st.dim.Render(rest), w)
}
