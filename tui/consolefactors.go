package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
	"mfa-tui/workos/watch"
)

// factorsList is all factors of the server.
func (s *session) factorsList() consoleList {
	all := s.live.records
	return consoleList{
		n:    len(all),
		id:   func(i int) string { return all[i].ID },
		text: func(i int) string { return factorText(all[i]) },
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
		open: func(c consoleScreen, i int) (screen, tea.Cmd) {
			return newFactorScreen(s, all[i], c.backTo()), nil
		},
		actions: func(c consoleScreen, i int, ok bool) []action {
			var r store.Record
			if ok {
				r = all[i]
			}
			code, back := s.codeNow(r), c.backTo()
			return []action{
				{keyCopyCode, code != "", shown, func() (screen, tea.Cmd) { return c, s.copySecret("code", code) }},
				c.openKey(),
				{keyEnroll, true, shown, func() (screen, tea.Cmd) { return enrollTypeScreen{session: s, back: back}, nil }},
				{as(keyShowQR, "v", "QR code, secret"), r.HasSecret(), shown, func() (screen, tea.Cmd) { return newQRScreen(s, r, back), nil }},
				{keyDelete, ok, shown, func() (screen, tea.Cmd) { return newDeleteScreen(s, r, back, back), nil }},
				{keyChallenge, ok && factors.CanChallenge(r.Type), shown, func() (screen, tea.Cmd) { return s.onChallengeKey(c, r, back) }},
			}
		},
	}
}

// factorText is what a filter searches of a factor.
func factorText(r store.Record) string {
	text := strings.Join([]string{r.ID, string(r.Type), r.UserID, r.Label, factors.Name(r)}, "\n")
	if r.SMS != nil {
		text += "\n" + r.SMS.PhoneNumber
	}
	return text
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
		return line + " " + widget.Ring(bar, float64(left)/float64(factors.CodeStep), st.good.Style, st.dim.Style) + st.dim.Render(seconds)
	case w < len("123 456")+len(seconds):
		return line + st.dim.Render(strings.TrimSuffix(seconds, " s"))
	}
	return line + st.dim.Render(seconds)
}
