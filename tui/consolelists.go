package tui

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/watch"
)

// consoleList is what a list of the console shows, and does.
type consoleList struct {
	n       int
	id      func(i int) string
	text    func(i int) string // what a filter searches
	head    func(w int) string // the names of the columns
	line    func(i, w int) string
	detail  func(i, w, h int) string // what stands beside the list
	open    func(consoleScreen) (screen, tea.Cmd)
	actions func(consoleScreen) []action
}

// list is the open one.
func (s consoleScreen) list() consoleList {
	return [...]func(*session) consoleList{(*session).callsList, (*session).messagesList, (*session).factorsList, (*session).usersList}[s.tab](s.session)
}

// clean is words.Clean for what a server has of others.
func clean(text string) string { return words.Clean(text) }

// zoned is a time of the day where the person is.
func (s *session) zoned(t time.Time) string {
	return t.In(s.Serving.Since.Location()).Format("15:04:05")
}

// callsList is the calls of all clients.
func (s *session) callsList() consoleList {
	calls := s.live.calls
	return consoleList{
		n:  len(calls),
		id: func(i int) string { return strconv.Itoa(calls[i].N) },
		text: func(i int) string {
			c := calls[i]
			return strings.Join([]string{c.Method, c.Path, c.Query, callStatus(c), s.gist(c).text, c.RequestID, string(c.Request.JSON), string(c.Response.JSON)}, "\n")
		},
		head: func(w int) string {
			before, path, gist := callColumns(w)
			line := column("METHOD", 8) + column("PATH", path)
			if before > 0 {
				line = column("TIME", before) + line
			}
			if gist > 0 {
				line += column("RESULT", gist)
			}
			if before > 0 {
				line += "STATUS"
			}
			return line
		},
		line: func(i, w int) string { return s.callLine(calls[i], w) },
		open: func(c consoleScreen) (screen, tea.Cmd) {
			i, ok := c.chosen()
			if !ok {
				return c, nil
			}
			return c, func() tea.Msg { return openCallMsg{calls[i].N} }
		},
		actions: func(c consoleScreen) []action {
			i, ok := c.chosen()
			return []action{
				{keyOpen, ok, shown, func() (screen, tea.Cmd) { return c.list().open(c) }},
				{as(keyCopyShown, "y", "copy as curl"), ok, shown, func() (screen, tea.Cmd) { return c, s.copyText("curl code", calls[i].Curl()) }},
			}
		},
	}
}

// openCallMsg opens a call over the console.
type openCallMsg struct{ n int }

// callColumns are the widths of the columns of a call in w columns: the time, the path
// and what the call came to; 0 for none.
func callColumns(w int) (before, path, gist int) {
	const method, status, took = 8, 3, 9
	rest := w - method - status
	if w >= 60 {
		before, rest = 10, rest-10-took
	}
	if w >= 52 {
		gist = min(28, rest*2/5)
	} else {
		gist = max(0, min(14, rest-14))
	}
	return before, max(0, rest-gist), gist
}

// callLine is a call in w columns. The path gets the width that is left.
func (s *session) callLine(c inspect.Call, w int) string {
	st := s.styles
	before, path, width := callColumns(w)
	line := st.accent.Render(column(clean(c.Method), 8)) + st.text.Render(column(shortPath(c, path-2), path))
	if before > 0 {
		line = st.dim.Render(column(s.zoned(c.Start), before)) + line
	}
	if width > 0 {
		g := s.gist(c)
		line += [...]lipgloss.Style{st.dim, st.good, st.warning, st.bad}[g.kind].Render(column(g.in(width-2), width))
	}
	line += st.status(c).Render(callStatus(c))
	if before > 0 {
		line += st.dim.Render(fmt.Sprintf("  %7s", callTook(c)))
	}
	return line
}

// messagesList is the text messages and the mails.
func (s *session) messagesList() consoleList {
	all := s.live.messages
	on := func(c consoleScreen, do func(watch.Message) (screen, tea.Cmd)) navigate {
		return func() (screen, tea.Cmd) {
			i, _ := c.chosen()
			return do(all[i])
		}
	}
	return consoleList{
		n:  len(all),
		id: func(i int) string { return all[i].ID },
		text: func(i int) string {
			m := all[i]
			return strings.Join([]string{m.To, m.Body, m.ID, m.FactorID, m.ChallengeID, s.forFactor(m)}, "\n")
		},
		head: func(w int) string {
			code, to, whose := messageColumns(w)
			line := column("CODE", code) + column("TO", to)
			if whose > 0 {
				line += column("FOR", whose)
			}
			return line + "STATE"
		},
		line:   func(i, w int) string { return s.messageLine(all[i], w) },
		detail: func(i, w, h int) string { return s.wholeMessage(all[i], w, h) },
		open: func(c consoleScreen) (screen, tea.Cmd) {
			return on(c, func(m watch.Message) (screen, tea.Cmd) { return serverMessageScreen{s, m, c.backTo()}, nil })()
		},
		actions: func(c consoleScreen) []action {
			i, ok := c.chosen()
			coded := ok && all[i].Code != ""
			return []action{
				{keyCopyCode, coded, shown, on(c, func(m watch.Message) (screen, tea.Cmd) { return c, s.copySecret("code", m.Code) })},
				{keyOpen, ok, shown, func() (screen, tea.Cmd) { return c.list().open(c) }},
			}
		},
	}
}

func messageColumns(w int) (code, to, whose int) {
	const state = 14
	code = 9
	if rest := w - code - state; w >= 50 {
		return code, rest / 2, rest - rest/2
	}
	return code, max(0, w-code-state), 0
}

func (s *session) messageLine(m watch.Message, w int) string {
	st := s.styles
	code, to, whose := messageColumns(w)
	codeStyle, fate := st.dim, st.dim
	if s.good(m) {
		codeStyle, fate = st.title, st.good
	}
	line := codeStyle.Render(column(words.InHalves(m.Code), code)) + st.text.Render(column(ansi.Truncate(clean(m.To), to-2, "…"), to))
	if whose > 0 {
		line += st.dim.Render(column(ansi.Truncate(s.forFactor(m), whose-2, "…"), whose))
	}
	return line + fate.Render(s.fate(m))
}

// forFactor is what a message is for: the factor's name, or signing in.
func (s *session) forFactor(m watch.Message) string {
	if m.Mail {
		return "sign-in"
	}
	r, _ := s.Store.Record(m.FactorID)
	if r.Label != "" {
		return clean(r.Label)
	}
	if i := slices.IndexFunc(s.live.users, func(u watch.User) bool { return u.ID == r.UserID && r.UserID != "" }); i >= 0 {
		return factors.UserName(s.live.users[i].User)
	}
	return "factor " + tail(clean(m.FactorID))
}

// good reports whether the code of a message can still be used.
func (s *session) good(m watch.Message) bool { return m.Good() && s.Now().Before(m.Until) }

// fate is what became of the code of a message.
func (s *session) fate(m watch.Message) string {
	switch {
	case m.Good() && s.good(m):
		left := m.Until.Sub(s.Now()).Round(time.Second)
		return fmt.Sprintf("good for %d:%02d", int(left.Minutes()), int(left.Seconds())%60)
	case m.Good() || m.Verdict == watch.Expired:
		return "expired"
	case m.Verdict == watch.Used:
		return "✓ used"
	case m.Verdict == watch.TooMany:
		return "✗ locked"
	}
	return "replaced"
}

// inMessage is the text of a message with its code in it.
func (s *session) inMessage(m watch.Message) string {
	st := s.styles
	before, after, found := strings.Cut(clean(m.Body), clean(m.Code))
	if m.Code == "" || !found {
		return st.text.Render(clean(m.Body))
	}
	return st.text.Render(before) + st.accent.Render(clean(m.Code)) + st.text.Render(after)
}

// factorsList is all factors of the server.
func (s *session) factorsList() consoleList {
	all := s.Store.Records()
	on := func(c consoleScreen, do func(store.Record) (screen, tea.Cmd)) navigate {
		return func() (screen, tea.Cmd) {
			i, _ := c.chosen()
			return do(all[i])
		}
	}
	return consoleList{
		n:  len(all),
		id: func(i int) string { return all[i].ID },
		text: func(i int) string {
			r := all[i]
			text := strings.Join([]string{r.ID, string(r.Type), r.UserID, r.Label, factors.Name(r)}, "\n")
			if r.SMS != nil {
				text += "\n" + r.SMS.PhoneNumber
			}
			return text
		},
		head: func(w int) string {
			name, code, state := factorColumns(w)
			line := column("TYPE", 6) + column("NAME", name) + column("CODE NOW", code)
			if state > 0 {
				line += "LAST CHALLENGE"
			}
			return line
		},
		line:   func(i, w int) string { return s.factorLine(all[i], w) },
		detail: func(i, w, h int) string { return factorDetails(s, all[i], w, h) },
		open: func(c consoleScreen) (screen, tea.Cmd) {
			return on(c, func(r store.Record) (screen, tea.Cmd) { return newFactorScreen(s, r, c.backTo()), nil })()
		},
		actions: func(c consoleScreen) []action {
			i, ok := c.chosen()
			var code string
			coded, secret := false, false
			if ok {
				code = s.codeNow(all[i])
				coded, secret = code != "", all[i].HasSecret()
			}
			return []action{
				{keyCopyCode, coded, shown, func() (screen, tea.Cmd) { return c, s.copySecret("code", code) }},
				{keyOpen, ok, shown, func() (screen, tea.Cmd) { return c.list().open(c) }},
				{keyEnroll, true, shown, func() (screen, tea.Cmd) { return enrollTypeScreen{session: s, back: c.backTo()}, nil }},
				{keyShowQR, secret, shown, on(c, func(r store.Record) (screen, tea.Cmd) { return newQRScreen(s, r, c.backTo()), nil })},
				{keyDelete, ok, shown, on(c, func(r store.Record) (screen, tea.Cmd) { return newDeleteScreen(s, r, c.backTo(), c.backTo()), nil })},
				{keyChallenge, ok && factors.CanChallenge(all[i].Type), shown, on(c, func(r store.Record) (screen, tea.Cmd) { return s.onChallengeKey(c, r, c.backTo()) })},
			}
		},
	}
}

func factorColumns(w int) (name, code, state int) {
	const kind = 6
	switch {
	case w >= 74:
		code, state = 22, 23
	case w >= 50:
		code = 21
	default:
		code = 12
	}
	return max(0, w-kind-code-state), code, state
}

func (s *session) factorLine(r store.Record, w int) string {
	st := s.styles
	name, code, state := factorColumns(w)
	line := st.dim.Render(column(factors.ShortTypeName(r.Type), 6)) + st.text.Render(column(ansi.Truncate(factors.Name(r), name-2, "…"), name))
	line += column(s.codeWithRing(r, code-2), code)
	if state > 0 {
		text, style := factorState(s, r)
		line += style.Render(column(text, state))
	}
	return line
}

// codeNow is the code that a phone shows for a factor, empty if it shows none.
func (s *session) codeNow(r store.Record) string {
	switch r.Type {
	case workos.TOTP:
		code, _, _, err := s.Serving.AuthenticatorCode(context.Background(), r.ID)
		if err == nil {
			return code
		}
	case workos.SMS:
		i := slices.IndexFunc(s.live.messages, func(m watch.Message) bool { return m.FactorID == r.ID })
		if i >= 0 && s.good(s.live.messages[i]) {
			return s.live.messages[i].Code
		}
	}
	return ""
}

// codeWithRing is the code in w columns, of an authenticator with how long it shows it.
func (s *session) codeWithRing(r store.Record, w int) string {
	st, code := s.styles, s.codeNow(r)
	if code == "" {
		return st.dim.Render("–")
	}
	line := st.title.Render(words.InHalves(code))
	if r.Type != workos.TOTP {
		return line
	}
	const longest, least = 10, 4 // cells of the ring
	left := factors.CodeStep - time.Duration(s.Now().Unix())*time.Second%factors.CodeStep
	seconds := fmt.Sprintf(" %2d s", int(left.Seconds()))
	switch bar := min(longest, w-len("123 456 ")-len(seconds)); {
	case bar >= least:
		return line + " " + widget.Ring(bar, float64(left)/float64(factors.CodeStep), st.good, st.dim) + st.dim.Render(seconds)
	case w < len("123 456")+len(seconds):
		return line + st.dim.Render(strings.TrimSuffix(seconds, " s"))
	}
	return line + st.dim.Render(seconds)
}

// usersList is the users of the server.
func (s *session) usersList() consoleList {
	all := s.live.users
	return consoleList{
		n:  len(all),
		id: func(i int) string { return all[i].ID },
		text: func(i int) string {
			u := all[i]
			return strings.Join([]string{u.ID, u.Email, factors.OwnName(u.User), u.ExternalID}, "\n")
		},
		head: func(w int) string {
			email, name := userColumns(w)
			line := column("E-MAIL ADDRESS", email)
			if name > 0 {
				line += column("NAME", name)
			}
			return line + "FACTORS"
		},
		line:   func(i, w int) string { return s.userLine(all[i], w) },
		detail: func(i, w, _ int) string { return s.wholeUser(all[i], w) },
		open: func(c consoleScreen) (screen, tea.Cmd) {
			i, _ := c.chosen()
			return newUserFactorsScreen(s, all[i].User, c.backTo())
		},
		actions: func(c consoleScreen) []action {
			i, ok := c.chosen()
			return []action{
				{keyOpen, ok, shown, func() (screen, tea.Cmd) { return c.list().open(c) }},
				{keyNewUser, true, shown, func() (screen, tea.Cmd) { return newAddUserScreen(s, c.backTo()), nil }},
				{as(keyDelete, "d", "delete user"), ok, shown, func() (screen, tea.Cmd) { return newDeleteUserScreen(s, all[i].User, c.backTo()), nil }},
			}
		},
	}
}

func userColumns(w int) (email, name int) {
	const count = 9
	if w < 60 {
		return max(0, w-count), 0
	}
	rest := w - count
	return rest * 3 / 5, rest - rest*3/5
}

func (s *session) userLine(u watch.User, w int) string {
	st := s.styles
	email, name := userColumns(w)
	line := st.text.Render(column(ansi.Truncate(factors.UserName(u.User), email-2, "…"), email))
	if name > 0 {
		line += st.dim.Render(column(ansi.Truncate(factors.OwnName(u.User), name-2, "…"), name))
	}
	return line + st.text.Render(fmt.Sprintf("%7d", u.Factors))
}

// wholeUser is all that is known of a user.
func (s *session) wholeUser(u watch.User, w int) string {
	at := func(t time.Time) string { return moment(s, t, w-labelWidth) }
	facts := append(factors.UserFacts(u.User, at), factors.Fact{"factors", strconv.Itoa(u.Factors)})
	if !u.LastSignInAt.IsZero() {
		facts = append(facts, factors.Fact{"signed in", at(u.LastSignInAt)})
	}
	return table(s.styles, facts, w)
}
