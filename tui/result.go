package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// resultScreen says that a factor is verified, by which challenge.
type resultScreen struct {
	session      *session
	record       store.Record
	verification workos.Verification
}

func (s resultScreen) title() trail { return factorsTrail(factorName(s.record), "Result") }

func (s resultScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		s.record = s.session.latest(s.record)
	case challengeStartedMsg:
		return s.session.onChallengeStarted(s, msg, s.factors)
	}
	return s, nil
}

func (s resultScreen) view(w, _ int) string {
	st, c := s.session.styles, s.verification.Challenge
	rows := []factors.Fact{
		{"factor", factors.ShortTypeName(s.record.Type) + "  " + factorName(s.record)},
		{"challenge", words.Clean(c.ID)},
		{"created", moment(s.session, c.CreatedAt.Time, w-labelWidth)},
	}
	if !c.ExpiresAt.IsZero() {
		rows = append(rows, factors.Fact{"expires", moment(s.session, c.ExpiresAt.Time, w-labelWidth)})
	}
	return "\n" + st.good.Bold(true).Render("✓ Verified") + "\n\n" + table(st, rows, w)
}

func (s resultScreen) actions() []action {
	return []action{
		{keyFactors, true, shown, s.factors},
		{as(keyChallenge, "c", "challenge again"), true, shown, s.challenge},
		{keyEnroll, true, shown, s.enroll},
		{keyBack, true, shown, s.factors},
	}
}

func (s resultScreen) factors() (screen, tea.Cmd) {
	return newFactorsScreen(s.session, s.record.ID), nil
}

// enroll enrolls another factor, for the same user if there is one.
func (s resultScreen) enroll() (screen, tea.Cmd) {
	return enrollTypeScreen{session: s.session, back: s.factors, user: workos.User{ID: s.record.UserID}}, nil
}

func (s resultScreen) challenge() (screen, tea.Cmd) {
	return s.session.onChallengeKey(s, s.record, s.factors)
}
