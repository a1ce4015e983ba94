package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// factorScreen shows everything known about a factor.
type factorScreen struct {
	session *session
	record  store.Record
	back    navigate
	from    int // the first line shown
}

func newFactorScreen(s *session, r store.Record, back navigate) factorScreen {
	return factorScreen{session: s, record: r, back: back}
}

// backTo leads back to this factor as the store has it then.
func (s factorScreen) backTo() navigate {
	return func() (screen, tea.Cmd) {
		return s.reload(), nil
	}
}

func (s factorScreen) reload() factorScreen {
	s.record = s.session.latest(s.record)
	return s
}

func (s factorScreen) title() trail { return s.session.factorTrail(s.record) }

func (s factorScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		return s.reload(), nil
	case challengeStartedMsg:
		return s.session.onChallengeStarted(s, msg, s.backTo())
	case factorRefreshedMsg:
		return s.refreshed(msg)
	}
	return s, nil
}

func (s factorScreen) view(w, h int) string { return s.page(w, h).view(s.from, h) }

// actions of a factor that is gone at WorkOS remove it from the list. Its ID can still be
// copied.
func (s factorScreen) actions() []action {
	w, h := s.session.box()
	lines := s.page(w, h).picker(s.from, h)
	kept, there, file := s.session.Listed(s.record.ID), !gone(s.record), !s.session.serves()
	all := []action{
		{keyRemove, !there && file, shown, s.remove}, // first, where there is room for one
		{keyGone, !there, hidden, func() (screen, tea.Cmd) { return s, s.session.sayGone() }},
		{keyChallengeThis, there && factors.CanChallenge(s.record.Type), shown, s.challenge},
		{keyShowQR, there && s.record.Type == workos.TOTP, shownIf(s.record.HasSecret()), s.showQR},
		{keyCopyCode, s.moves(), shown, func() (screen, tea.Cmd) { return s, s.session.copyCodeNow(s.record) }},
		{keyCopyAnyID, s.moves(), offered, s.copyID}, // y copies the code
		{keyCopyID, !s.moves(), shownIf(there), s.copyID},
		{keyLabel, there && kept && file, shown, s.label},
		{keyRefresh, there && kept, shown, s.refresh},
		{keyDelete, there, shown, s.delete},
		{keyRemove, there && kept && file, shown, s.remove},
		{keyBack, true, shown, s.back},
	}
	return append(all, mover{lines, s.scroll}.keys("scroll", shown)...)
}

// moves reports whether there is a code, which runs out.
func (s factorScreen) moves() bool { return s.session.codeNow(s.record) != "" }

func (s factorScreen) scroll(to int) (screen, tea.Cmd) {
	s.from = to
	return s, nil
}

func (s factorScreen) challenge() (screen, tea.Cmd) {
	return s.session.onChallengeKey(s, s.record, s.backTo())
}

func (s factorScreen) showQR() (screen, tea.Cmd) {
	if !s.record.HasSecret() {
		return s, say(plain, "the QR code is gone: its secret is not kept after the first verification")
	}
	return newQRScreen(s.session, s.record, s.backTo()), nil
}

func (s factorScreen) copyID() (screen, tea.Cmd) {
	return s, s.session.copyText("factor ID", s.record.ID)
}

func (s factorScreen) label() (screen, tea.Cmd) {
	return newLabelScreen(s.session, s.record, s.backTo()), nil
}

func (s factorScreen) delete() (screen, tea.Cmd) {
	return newDeleteScreen(s.session, s.record, s.backTo(), s.back), nil
}

func (s factorScreen) remove() (screen, tea.Cmd) {
	return newRemoveScreen(s.session, s.record, s.backTo(), s.back), nil
}

func (s factorScreen) refresh() (screen, tea.Cmd) {
	return s, s.session.refreshFactor(s.record.ID)
}

func (s factorScreen) refreshed(msg factorRefreshedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, s.session.explain(msg.err))
	}
	if msg.Record.ID != "" {
		s.record = msg.Record
	}
	switch {
	case msg.SaveErr != nil:
		return s, say(failure, words.Clean(msg.SaveErr.Error()))
	case msg.Gone:
		return s, say(warning, s.session.Service()+" no longer has this factor · x removes it from the list")
	}
	return s, say(success, "refreshed")
}

// page is everything known about the factor.
func (s factorScreen) page(w, h int) page {
	state, style := factorState(s.session, s.record)
	facts := []string{style.Render(state)}
	if h >= airyRows {
		facts = append(facts, "")
	}
	past := timeline{session: s.session, history: s.record.History, exact: true}
	facts = append(facts, strings.Split(factorFacts(s.session, s.record, past.besides(w)), "\n")...)
	return page{s.session, facts, past, w}
}
