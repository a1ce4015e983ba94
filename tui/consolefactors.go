package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

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
		text: func(i int) string { return s.SearchText(all[i]) },
		columns: func(q factors.Query, w int) []consoleColumn {
			code, state := 12, 0
			if w >= 74 {
				code, state = 22, 23
			} else if w >= 50 {
				code = 21
			}
			return []consoleColumn{
				{"TYPE", kindWidth, func(i, w int) string { return s.styles.cell(q, factors.ShortTypeName(all[i].Type), w, s.styles.dim) }},
				{"NAME", max(0, w-kindWidth-code-state), func(i, w int) string { return s.styles.cell(q, factors.Name(all[i]), w, s.styles.text) }},
				{"CODE NOW", code, func(i, w int) string { return s.codeWithRing(all[i], w) }},
				{"LAST CHALLENGE", state, func(i, w int) string {
					text, style := factorState(s, all[i])
					return s.styles.cell(q, text, w, style)
				}},
			}
		},
		detail: func(i, w, h int) string { return factorDetails(s, all[i], w, h) },
		open: func(c consoleScreen, i int) (screen, tea.Cmd) {
			return newFactorScreen(s, all[i], c.backTo()), nil
		},
		actions: func(c consoleScreen, i int, ok bool) []action {
			var r store.Record
			if ok {
				r = all[i]
			}
			back := c.backTo()
			return []action{
				{keyCopyCode, s.codeNow(r) != "", shown, func() (screen, tea.Cmd) { return c, s.copyCodeNow(r) }},
				c.openKey(),
				{keyEnroll, true, shown, func() (screen, tea.Cmd) { return enrollTypeScreen{session: s, back: back}, nil }},
				{as(keyShowQR, "v", "QR code, secret"), r.HasSecret(), shown, func() (screen, tea.Cmd) { return newQRScreen(s, r, back), nil }},
				{keyDelete, ok, shown, func() (screen, tea.Cmd) { return newDeleteScreen(s, r, back, back), nil }},
				{keyChallenge, ok && factors.CanChallenge(r.Type), shown, func() (screen, tea.Cmd) { return s.onChallengeKey(c, r, back) }},
			}
		},
	}
}

// codeNow is the code that a phone shows for a factor, empty if it shows none, or if this is
// not a console, where all is shown.
func (s *session) codeNow(r store.Record) string {
	switch {
	case !s.serves():
	case r.Type == workos.TOTP:
		return s.authenticator(r.ID).code
	case r.Type == workos.GenericOTP:
		if f := s.live.factors[r.ID]; s.Now().Before(f.CodeUntil) {
			return f.Code
		}
	case r.Type == workos.SMS:
		i := slices.IndexFunc(s.live.messages, func(m watch.Message) bool { return m.FactorID == r.ID })
		if i >= 0 && s.good(s.live.messages[i]) {
			return s.live.messages[i].Code
		}
	}
	return ""
}

// authenticator is what an authenticator app shows now for a factor.
func (s *session) authenticator(id string) shownCode {
	c := s.live.codes[id]
	if !s.Now().Before(c.until) {
		c.code, _, c.until, _ = s.Serving.AuthenticatorCode(context.Background(), id) // no code without such a factor
	}
	return c
}

// usedFor is how long an authenticator still shows codes of a factor that have worked
// already, 0 if it shows one that was not used.
func (s *session) usedFor(r store.Record) time.Duration {
	return max(0, s.live.factors[r.ID].UsedUntil.Sub(s.Now()).Round(time.Second))
}

// copyCodeNow copies the code that a phone shows, and says if it was used.
func (s *session) copyCodeNow(r store.Record) tea.Cmd {
	what := "code"
	if left := s.usedFor(r); left > 0 {
		what = "used code (next in " + left.String() + ")"
	}
	return s.copySecret(what, s.codeNow(r))
}

// codeText is the code that a phone shows, or when the next one comes if it was used. It is
// empty if a phone shows none.
func (s *session) codeText(r store.Record) string {
	code := s.codeNow(r)
	if code != "" && s.usedFor(r) > 0 {
		return fmt.Sprintf("used · next in %d s", int(s.usedFor(r).Seconds()))
	}
	return words.InHalves(code)
}

// codeWithRing is the code in w columns, of an authenticator with how long it shows it, or
// when the next one comes if it was used.
func (s *session) codeWithRing(r store.Record, w int) string {
	st, text := s.styles, s.codeText(r)
	switch {
	case text == "":
		return st.dim.Render("–")
	case s.usedFor(r) > 0:
		if lipgloss.Width(text) > w {
			text = strings.Replace(text, "· next in ", "", 1)
		}
		return st.dim.Render(text)
	}
	line := st.title.Render(text)
	if r.Type != workos.TOTP {
		return line
	}
	const longest, least = 10, 4 // cells of the ring
	left := factors.NextStep(s.authenticator(r.ID).until, s.Now())
	seconds := fmt.Sprintf(" %2d s", int(left.Seconds()))
	switch bar := min(longest, w-len("123 456 ")-len(seconds)); {
	case bar >= least:
		return line + " " + widget.Ring(bar, float64(left)/float64(factors.CodeStep), st.good.Style, st.dim.Style) + st.dim.Render(seconds)
	case w < len("123 456")+len(seconds):
		return line + st.dim.Render(strings.TrimSuffix(seconds, " s"))
	}
	return line + st.dim.Render(seconds)
}
