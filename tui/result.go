package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// resultScreen says that a factor is verified, and for which challenge.
type resultScreen struct {
	session *session
	work
	record       store.Record
	verification workos.Verification
}

func newResultScreen(d *session, r store.Record, v workos.Verification) resultScreen {
	return resultScreen{session: d, record: r, verification: v}
}

func (s resultScreen) title() trail { return factorsTrail(factorName(s.record), "Result") }

func (s resultScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case challengeStartedMsg:
		s.work = work{}
		return s.session.challenged(s, msg, s.factors)
	case tea.KeyMsg:
		if next, cmd, ok := s.actions().press(msg); ok {
			return next, cmd
		}
	}
	return s, nil
}

func (s resultScreen) actions() actions {
	return actions{
		{keyCancel, s.busy(), s.stop},
		{keyFactors, !s.busy(), s.factors},
		{as(keyChallenge, "c", "challenge again"), !s.busy(), s.challenge},
		{keyBack, !s.busy(), s.factors},
	}
}

func (s resultScreen) help() help { return s.actions().help(false) }

func (s resultScreen) factors() (screen, tea.Cmd) {
	return newFactorsScreen(s.session, s.record.ID), nil
}

func (s resultScreen) challenge() (screen, tea.Cmd) {
	w, next, cmd := s.session.challenge(s.record, s.factors)
	if next != nil {
		return next, cmd
	}
	s.work = w
	return s, cmd
}

func (s resultScreen) stop() (screen, tea.Cmd) {
	s.cancel()
	s.work = work{}
	return s, say(plain, "cancelled")
}

func (s resultScreen) view(w, _ int) string {
	st, c := s.session.styles, s.verification.Challenge
	rows := [][2]string{
		{"factor", typeName(s.record.Type) + "  " + factorName(s.record)},
		{"challenge", clean(c.ID)},
		{"created", moment(s.session, c.CreatedAt, w-labelWidth)},
	}
	if !c.ExpiresAt.IsZero() {
		rows = append(rows, [2]string{"expires", moment(s.session, c.ExpiresAt, w-labelWidth)})
	}
	return "\n" + st.good.Bold(true).Render("✓ Verified") + "\n\n" + table(st, rows, w)
}
