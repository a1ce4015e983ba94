package tui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// usersScreen finds a user by the e-mail address, to help one who lost a phone.
// The one who has it is opened at once; several are shown to choose from. On the
// local engine it adds a user, so that anyone can try it.
type usersScreen struct {
	session *session
	back    navigate
	input   textinput.Model
	refusal string
	absent  string        // the address that nobody was found to have
	found   []workos.User // to choose from
	at      int           // the chosen one
}

func newUsersScreen(d *session, back navigate) usersScreen {
	in := d.newInput("marc@example.com")
	in.Focus()
	return usersScreen{session: d, back: back, input: in}
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
		return next, tea.Batch(cmd, say(success, "added "+factors.UserName(msg.user)+" to "+s.session.service()))
	case tea.KeyMsg:
		return s.typed(msg), nil
	}
	return s, nil
}

// typed gives a key to the field. What was found is for what it had before.
func (s usersScreen) typed(msg tea.KeyMsg) usersScreen {
	before := s.input.Value()
	s.input, _ = s.input.Update(msg)
	if s.input.Value() != before {
		s.refusal, s.absent, s.found, s.at = "", "", nil, 0
	}
	return s
}

func (s usersScreen) typing() typing { return textTyped }

func (s usersScreen) view(w, _ int) string {
	st, lines := s.session.styles, s.head(w)
	switch {
	case len(s.found) > 0:
		lines = append(lines, s.list().View(func(i int, chosen bool) string { return s.row(s.found[i], chosen, w) }))
	case s.refusal == "":
		help := "For somebody who lost a phone: delete its factor, enroll another."
		if s.session.Mode == factors.Local {
			help += "\nOn the local engine any address will do: enter adds the user."
		}
		lines = append(lines, ansi.Wrap(st.dim.Render(help), w, " "))
	}
	return strings.Join(lines, "\n")
}

func (s usersScreen) actions() []action {
	several := len(s.found) > 0
	return slices.Concat([]action{
		{keyOpen, several, shown, s.open},
		{as(keyChoose, "enter", "add this user"), s.addable(), shown, s.add},
		{as(keyChoose, "enter", "find"), !several && !s.addable(), shown, s.find},
	}, lineKeysTyping(shown, s.list(), s.to), []action{{keyBack, true, shown, s.back}})
}

// list is the choice, below the field with its remark.
func (s usersScreen) list() widget.Picker {
	w, h := s.session.box()
	return widget.Picker{At: s.at, N: len(s.found), Rows: h - len(s.head(w))}
}

func (s usersScreen) email() string { return strings.TrimSpace(s.input.Value()) }

// addable reports whether enter adds the user who was not found.
func (s usersScreen) addable() bool { return s.session.Mode == factors.Local && s.absent != "" }

func (s usersScreen) find() (screen, tea.Cmd) {
	if err := factors.CheckEmail(s.email()); err != nil {
		s.refusal = err.Error()
		return s, nil
	}
	ctx, id := s.session.begin("Looking for the user…")
	return s, s.session.findUsers(ctx, id, s.email())
}

// answered follows the search: to the user's factors, a choice, or why not.
func (s usersScreen) answered(msg usersFoundMsg) (screen, tea.Cmd) {
	switch {
	case msg.err != nil:
		return s, say(failure, "no user was looked up: "+s.session.explain(msg.err))
	case len(msg.users) == 0:
		s.absent = s.email()
		s.refusal = "nobody has this address in this environment · is it spelled right?"
		if s.addable() {
			s.refusal = "nobody has this address here · enter adds a user with it"
		}
		return s, nil
	case len(msg.users) == 1 && strings.EqualFold(msg.users[0].Email, s.email()):
		return s.show(msg.users[0])
	}
	s.found, s.at = msg.users, 0 // one with another address is asked for too
	return s, nil
}

func (s usersScreen) open() (screen, tea.Cmd) { return s.show(s.found[s.at]) }

func (s usersScreen) show(u workos.User) (screen, tea.Cmd) {
	s.refusal, s.absent = "", ""
	return newUserFactorsScreen(s.session, u, show(s))
}

func (s usersScreen) add() (screen, tea.Cmd) {
	ctx, id := s.session.begin("Adding the user…")
	return s, s.session.addUser(ctx, id, s.absent)
}

func (s usersScreen) to(at int) (screen, tea.Cmd) {
	s.at = at
	return s, nil
}

// click chooses the user who is clicked on; on the chosen one it is as enter.
func (s usersScreen) click(_, y int) (screen, tea.Cmd) {
	w, _ := s.session.box()
	return clicked(s, s.list(), y-len(s.head(w)), s.to, s.open)
}

// head is the field with its remark and an empty line.
func (s usersScreen) head(w int) []string {
	st, in := s.session.styles, s.input
	in.Width = max(1, w-4)
	text, style := "the whole address", st.dim
	switch {
	case s.refusal != "":
		text, style = "✗ "+s.refusal, st.bad
	case len(s.found) > 0:
		text, style = english.Plural(len(s.found), "user", "")+" found · enter opens one", st.text
	}
	return append([]string{st.accent.Render("E-mail address of a user"), in.View()}, append(strings.Split(remark(style, text, w), "\n"), "")...)
}

// row draws a user as one line of the choice.
func (s usersScreen) row(u workos.User, chosen bool, w int) string {
	st := s.session.styles
	cursor, name := st.row(chosen)
	rest := "  " + tail(clean(u.ID))
	if w >= 60 {
		rest = "  " + column(factors.OwnName(u), w/4) + rest
	}
	return cursor + name.Render(column(factors.UserName(u), max(0, w-2-lipgloss.Width(rest)))) + st.dim.Render(rest)
}
