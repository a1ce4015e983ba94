package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// usersScreen finds a user by e-mail address, to help someone who lost a phone. A
// single match is opened at once; several are listed. On the local engine it can
// create the user, so that anyone can try it.
type usersScreen struct {
	session *session
	back    navigate
	entry   entry
	absent  string        // the address that no user has
	found   []workos.User // to choose from
	at      int           // the chosen one
}

func newUsersScreen(s *session, back navigate) usersScreen {
	return usersScreen{session: s, back: back, entry: s.newEntry("E-mail address of a user", "marc@example.com")}
}

func (s usersScreen) title() trail { return usersTrail() }

// usersTrail is the trail of a screen below the users.
func usersTrail(names ...string) trail { return append(factorsTrail("Users"), names...) }

func (s usersScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case usersFoundMsg:
		return s.answered(msg)
	case userAddedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		next, cmd := s.show(msg.user)
		return next, tea.Batch(cmd, say(success, "created "+factors.UserName(msg.user)+" at "+s.session.Service()))
	case tea.KeyMsg:
		return s.typed(msg), nil
	}
	return s, nil
}

// typed gives a key to the field. A change drops what was found.
func (s usersScreen) typed(msg tea.KeyMsg) usersScreen {
	if s.entry.typed(msg) {
		s.absent, s.found, s.at = "", nil, 0
	}
	return s
}

func (s usersScreen) typing() typing { return textTyped }

func (s usersScreen) view(w, _ int) string {
	st, lines := s.session.styles, s.head(w)
	switch {
	case len(s.found) > 0:
		lines = append(lines, s.list().View(func(i int, chosen bool) string { return s.row(s.found[i], chosen, w) }))
	case s.entry.refusal == "":
		help := "To help someone who lost a phone: delete its factor, enroll another."
		if s.session.Mode == factors.Local {
			help += "\nOn the local engine any address will do: press enter to create the user."
		}
		lines = append(lines, ansi.Wrap(st.dim.Render(help), w, " "))
	}
	return strings.Join(lines, "\n")
}

func (s usersScreen) actions() []action {
	several := len(s.found) > 0
	return slices.Concat([]action{
		{keyOpen, several, shown, s.open},
		{as(keyChoose, "enter", "create this user"), s.addable(), shown, s.add},
		{as(keyChoose, "enter", "find"), !several && !s.addable(), shown, s.find},
	}, mover{s.list(), s.to}.lineKeysTyping(shown), []action{{keyBack, true, shown, s.back}})
}

// list is the users found, below the field.
func (s usersScreen) list() widget.Picker {
	w, h := s.session.box()
	return widget.Picker{At: s.at, N: len(s.found), Rows: h - len(s.head(w))}
}

func (s usersScreen) email() string { return strings.TrimSpace(s.entry.input.Value()) }

// addable reports whether enter creates the user who was not found.
func (s usersScreen) addable() bool { return s.session.Mode == factors.Local && s.absent != "" }

func (s usersScreen) find() (screen, tea.Cmd) {
	if err := factors.CheckEmail(s.email()); err != nil {
		s.entry.refusal = err.Error()
		return s, nil
	}
	return s, s.session.findUsers(s.email())
}

// answered follows the search: it goes to the user's factors, or shows a list of users
// or why there is none.
func (s usersScreen) answered(msg usersFoundMsg) (screen, tea.Cmd) {
	switch {
	case msg.err != nil:
		return s, say(failure, "the search failed: "+s.session.explain(msg.err))
	case len(msg.users) == 0:
		s.absent = s.email()
		s.entry.refusal = "no user has this address in this environment · check the spelling"
		if s.addable() {
			s.entry.refusal = "no user has this address · press enter to create one"
		}
		return s, nil
	case len(msg.users) == 1 && strings.EqualFold(msg.users[0].Email, s.email()):
		return s.show(msg.users[0])
	}
	s.found, s.at = msg.users, 0 // also if the only one has another address
	return s, nil
}

func (s usersScreen) open() (screen, tea.Cmd) { return s.show(s.found[s.at]) }

func (s usersScreen) show(u workos.User) (screen, tea.Cmd) {
	s.entry.refusal, s.absent = "", ""
	return newUserFactorsScreen(s.session, u, show(s))
}

func (s usersScreen) add() (screen, tea.Cmd) {
	return s, s.session.addUser(s.absent)
}

func (s usersScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s, nil
}

// click chooses a user; on the chosen one it does what enter does.
func (s usersScreen) click(_, y int) (screen, tea.Cmd) {
	w, _ := s.session.box()
	return mover{s.list(), s.to}.clicked(s, y-len(s.head(w)), s.open)
}

// head is the field and an empty line.
func (s usersScreen) head(w int) []string {
	st := s.session.styles
	hint := remark{"the full address", st.dim}
	if n := len(s.found); n > 0 {
		hint = remark{english.Plural(n, "user", "") + " found · enter opens one", st.text}
	}
	return strings.Split(s.entry.view(st, hint, s.session.textWidth(w), 2), "\n")
}

// row draws a user as one line of the list.
func (s usersScreen) row(u workos.User, chosen bool, w int) string {
	st := s.session.styles
	rest := "  " + tail(words.Clean(u.ID))
	if w >= 60 {
		rest = "  " + column(factors.OwnName(u), w/4) + rest
	}
	return st.line(chosen, st.text.Render(column(factors.UserName(u), w-2-lipgloss.Width(rest)))+st.dim.Render(rest), w-2)
}
