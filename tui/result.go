package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// resultScreen is the receipt of a verification: which factor, by which challenge, and
// what became of the factor's challenges so far.
type resultScreen struct {
	session      *session
	record       store.Record
	verification workos.Verification
	code         widget.Code
	answered     string // how long after the challenge, and on which try
	from         int    // the first line shown
}

func (s resultScreen) title() trail { return s.session.factorTrail(s.record, "Result") }

// steps are all done where the challenge was the end of an enrollment.
func (s resultScreen) steps() steps {
	all := s.session.laterSteps(s.record, 0)
	return steps{all.names, len(all.names)}
}

func (s resultScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		s.record = s.session.latest(s.record)
	case challengeStartedMsg:
		return s.session.onChallengeStarted(s, msg, s.factors)
	}
	return s, nil
}

func (s resultScreen) view(w, h int) string { return s.page(w, h).view(s.from, h) }

// page is the receipt and the challenges.
func (s resultScreen) page(w, h int) page {
	st := s.session.styles
	past := timeline{session: s.session, history: s.record.History, exact: true}
	verified := st.good.Bold(true).Render("✓ Verified") + "  "
	if h < airyRows && len(past.history) > 1 { // they are below what is shown
		verified += past.signs(w/3) + "  "
	}
	receipt := []string{verified + st.text.Render(factorName(s.record)) + st.dim.Render(", "+words.Ago(s.record.VerifiedAt.Time, s.session.Now()))}
	if h >= airyRows {
		receipt = slices.Concat(strings.Split(codeCells(st, s.code, false), "\n"), []string{""}, receipt, []string{""})
	}
	left := factsWidth(w)
	facts := []factors.Fact{{"factor ID", words.Clean(s.record.ID)}}
	if s.record.UserID != "" {
		facts = append(facts, factors.Fact{"user", s.session.userName(s.record.UserID)})
	}
	facts = append(facts, []factors.Fact{
		{"challenge ID", words.Clean(s.verification.Challenge.ID)},
		{"created", moment(s.session, s.verification.Challenge.CreatedAt.Time, left-labelWidth)},
		{"answered", s.answered},
	}...)
	return page{s.session, append(receipt, strings.Split(table(st, facts, left), "\n")...), past, w}
}

func (s resultScreen) actions() []action {
	w, h := s.session.box()
	return append([]action{
		{keyFactors, true, shown, s.factors},
		{as(keyChallenge, "c", "again"), true, shown, s.challenge},
		{keyCopyID, true, shown, s.copyID},
		{keyLabel, s.session.Listed(s.record.ID), shown, s.label},
		{keyEnroll, true, shown, s.enroll},
	}, mover{s.page(w, h).picker(s.from, h), s.scroll}.keys("scroll", shown)...)
}

func (s resultScreen) scroll(to int) (screen, tea.Cmd) {
	s.from = to
	return s, nil
}

func (s resultScreen) copyID() (screen, tea.Cmd) {
	return s, s.session.copyText("factor ID", s.record.ID)
}

// label leads to the label and back, to the factor as it is called then.
func (s resultScreen) label() (screen, tea.Cmd) {
	return newLabelScreen(s.session, s.record, func() (screen, tea.Cmd) {
		s.record = s.session.latest(s.record)
		return s, nil
	}), nil
}

func (s resultScreen) factors() (screen, tea.Cmd) {
	return newFactorsScreen(s.session, s.record.ID), nil
}

// enroll enrolls another factor, for the same user if there is one.
func (s resultScreen) enroll() (screen, tea.Cmd) {
	return enrollTypeScreen{session: s.session, back: s.factors, user: workos.User{ID: s.record.UserID}}, nil
}

func (s resultScreen) challenge() (screen, tea.Cmd) {
	s.session.enrolling = ""
	return s.session.onChallengeKey(s, s.record, s.factors)
}
