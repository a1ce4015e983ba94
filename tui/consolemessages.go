package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos/watch"
)

// messagesList is the text messages and the mails.
func (s *session) messagesList() consoleList {
	all := s.live.messages
	return consoleList{
		n:  len(all),
		id: func(i int) string { return all[i].ID },
		text: func(i int) string {
			m := all[i]
			return strings.Join([]string{m.To, m.Body, m.ID, m.FactorID, m.ChallengeID, s.forFactor(m)}, "\n")
		},
		columns: func(q factors.Query, w int) []consoleColumn {
			const code, state = 9, 14
			st, to, whose := s.styles, max(0, w-code-state), 0
			if w >= 50 {
				to, whose = to/2, to-to/2
			}
			return []consoleColumn{
				{"CODE", code, func(i, w int) string {
					return st.cell(q, words.InHalves(all[i].Code), w, s.whileGood(all[i], st.title))
				}},
				{"TO", to, func(i, w int) string { return st.cell(q, words.Clean(all[i].To), w, st.text) }},
				{"FOR", whose, func(i, w int) string { return st.cell(q, s.forFactor(all[i]), w, st.dim) }},
				{"STATE", state, func(i, _ int) string { return s.whileGood(all[i], st.good).Render(s.fate(all[i])) }},
			}
		},
		detail: func(i, w, h int) string { return s.wholeMessage(all[i], w, h) },
		open: func(c consoleScreen, i int) (screen, tea.Cmd) {
			return serverMessageScreen{s, all[i], c.backTo()}, nil
		},
		actions: func(c consoleScreen, i int, ok bool) []action {
			return []action{
				{keyCopyCode, ok && all[i].Code != "", shown, func() (screen, tea.Cmd) { return c, s.copyCodeOf(all[i]) }},
				c.openKey(),
			}
		},
	}
}

// forFactor is what a message is for: the factor's name, or signing in.
func (s *session) forFactor(m watch.Message) string {
	if m.Mail {
		return "sign-in"
	}
	r, _ := s.Store.Record(m.FactorID)
	if i := slices.IndexFunc(s.live.users, func(u watch.User) bool { return u.ID == r.UserID && r.UserID != "" }); i >= 0 {
		return factors.UserName(s.live.users[i].User)
	}
	return "no user"
}

// good reports whether the code of a message can still be used.
func (s *session) good(m watch.Message) bool { return m.Good() && s.Now().Before(m.Until) }

// whileGood is a style for a message whose code can still be used.
func (s *session) whileGood(m watch.Message, p pen) pen {
	if s.good(m) {
		return p
	}
	return s.styles.dim
}

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

// copyCodeOf copies the code of a message, and says if it works no more.
func (s *session) copyCodeOf(m watch.Message) tea.Cmd {
	what := "code"
	if !s.good(m) {
		what = strings.TrimLeft(s.fate(m), "✓✗ ") + " code"
	}
	return s.copySecret(what, m.Code)
}

// inMessage is the text of a message with its code in it.
func (s *session) inMessage(m watch.Message) string {
	st := s.styles
	before, after, found := strings.Cut(words.Clean(m.Body), words.Clean(m.Code))
	if m.Code == "" || !found {
		return st.text.Render(words.Clean(m.Body))
	}
	return st.text.Render(before) + st.accent.Render(words.Clean(m.Code)) + st.text.Render(after)
}
