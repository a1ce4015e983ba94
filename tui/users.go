package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/workos"
)

// usersScreen finds a user by the e-mail address, to help one who lost a phone.
// The one who has it is opened at once; several are shown to choose from. On the
// local engine it adds a user, so that anyone can try it.
type usersScreen struct {
	session *session
	work
	back    way
	input   textinput.Model
	refusal string
	absent  string        // the address that nobody was found to have
	found   []workos.User // to choose from
	at      int           // the chosen one
}

func newUsersScreen(d *session, back way) usersScreen {
	in := d.newInput("marc@example.com")
	in.Focus()
	return usersScreen{session: d, back: back, input: in}
}

func (s usersScreen) title() trail { return usersTrail() }

// usersTrail is the trail of a screen below the users.
func usersTrail(names ...string) trail { return append(factorsTrail("Users"), names...) }

// userName is what a user is called.
func userName(u workos.User) string {
	if email := clean(u.Email); email != "" {
		return email
	}
	return clean(u.ID)
}

func (s usersScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case usersFoundMsg:
		s.work = work{}
		return s.answered(msg)
	case userAddedMsg:
		s.work = work{}
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		next, cmd := s.show(msg.user)
		return next, tea.Batch(cmd, say(success, "added "+userName(msg.user)+" to "+s.session.service()))
	case tea.KeyMsg:
		if next, cmd, ok := s.actions().press(msg); ok {
			return next, cmd
		}
		if !s.busy() {
			return s.typed(msg), nil
		}
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

func (s usersScreen) actions() actions {
	idle, several := !s.busy(), len(s.found) > 0
	return actions{
		{keyCancel, s.busy(), s.stop},
		{keyOpen, idle && several, s.open},
		{as(keyChoose, "enter", "add this user"), idle && s.addable(), s.add},
		{as(keyChoose, "enter", "find"), idle && !several && !s.addable(), s.find},
		{as(keyNext, "↑↓", "move"), idle && several, func() (screen, tea.Cmd) { return s.move(1) }},
		{keyBack, idle, s.back},
		{keyPrevious, idle && several, func() (screen, tea.Cmd) { return s.move(-1) }},
	}
}

// help shows both directions as one key.
func (s usersScreen) help() help {
	h := s.actions().help(true)
	if len(s.found) > 0 && !s.busy() {
		h.keys = h.keys[:len(h.keys)-1]
	}
	return h
}

func (s usersScreen) email() string { return strings.TrimSpace(s.input.Value()) }

// addable reports whether enter adds the user who was not found.
func (s usersScreen) addable() bool { return s.session.Mode == Local && s.absent != "" }

func (s usersScreen) find() (screen, tea.Cmd) {
	if name, domain, _ := strings.Cut(s.email(), "@"); name == "" || domain == "" || strings.ContainsAny(s.email(), " <>") {
		s.refusal = "not an e-mail address: it has a name, an @ and a domain"
		return s, nil
	}
	w, ctx := s.session.begin("Looking for the user…")
	s.work = w
	return s, s.session.findUsers(ctx, w.id, s.email())
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
	w, ctx := s.session.begin("Adding the user…")
	s.work = w
	return s, s.session.addUser(ctx, w.id, s.absent)
}

func (s usersScreen) stop() (screen, tea.Cmd) {
	s.cancel()
	s.work = work{}
	return s, say(plain, "cancelled")
}

func (s usersScreen) move(by int) (screen, tea.Cmd) {
	s.at = min(max(0, s.at+by), len(s.found)-1)
	return s, nil
}

// click chooses the user who is clicked on; on the chosen one it is as enter.
func (s usersScreen) click(_, y int) (screen, tea.Cmd) {
	w, h := s.session.box()
	head := s.head(w)
	first, shown := visible(s.at, len(s.found), h-len(head))
	switch row := y - len(head); {
	case row < 0 || row >= shown:
		return s, nil
	case first+row == s.at:
		return s.open()
	default:
		s.at = first + row
		return s, nil
	}
}

func (s usersScreen) view(w, h int) string {
	st, lines := s.session.styles, s.head(w)
	first, shown := visible(s.at, len(s.found), h-len(lines))
	for i := first; i < first+shown; i++ {
		lines = append(lines, s.row(i, w))
	}
	if len(s.found) == 0 && s.refusal == "" {
		help := "For somebody who lost a phone: delete its factor, enroll another."
		if s.session.Mode == Local {
			help += "\nOn the local engine any address will do: enter adds the user."
		}
		lines = append(lines, strings.Split(ansi.Wrap(st.dim.Render(help), w, " "), "\n")...)
	}
	return strings.Join(lines, "\n")
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
		text, style = count(len(s.found), "user", "users")+" found · enter opens one", st.text
	}
	return append([]string{st.accent.Render("E-mail address of a user"), in.View()}, append(strings.Split(remark(style, text, w), "\n"), "")...)
}

// row draws a user as one line of the choice.
func (s usersScreen) row(i, w int) string {
	st, u := s.session.styles, s.found[i]
	cursor, name := "  ", st.text
	if i == s.at {
		cursor, name = st.accent.Render("› "), st.accent
	}
	rest := "  " + tail(clean(u.ID))
	if w >= 60 {
		rest = "  " + column(fullName(u), w/4) + rest
	}
	return cursor + name.Render(column(userName(u), max(0, w-2-lipgloss.Width(rest)))) + st.dim.Render(rest)
}

// fullName is a user's own name, empty if it is not known.
func fullName(u workos.User) string {
	return strings.TrimSpace(clean(u.FirstName) + " " + clean(u.LastName))
}

// visible is the part of count lines that is shown in so many rows, with the one
// at a place among them.
func visible(at, count, rows int) (first, shown int) {
	shown = min(count, max(1, rows))
	return min(max(0, at-shown+1), count-shown), shown
}
