package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// factorScreen shows all there is to know of one factor.
type factorScreen struct {
	session *session
	work
	record store.Record
	back   way
	from   int // the first line that is seen
}

func newFactorScreen(d *session, r store.Record, back way) factorScreen {
	return factorScreen{session: d, record: r, back: back}
}

// backTo is the way back to this factor, as the store has it then.
func (s factorScreen) backTo() way {
	return func() (screen, tea.Cmd) {
		s.work = work{}
		return s.reload(), nil
	}
}

func (s factorScreen) reload() factorScreen {
	if r, ok := s.session.Store.Record(s.record.ID); ok {
		s.record = r
	}
	return s
}

func (s factorScreen) title() trail { return factorsTrail(factorName(s.record)) }

func (s factorScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		return s.reload(), nil
	case challengeStartedMsg:
		s.work = work{}
		return s.session.challenged(s, msg, s.backTo())
	case factorRefreshedMsg:
		s.work = work{}
		return s.refreshed(msg)
	case tea.KeyMsg:
		if next, cmd, ok := s.actions().press(msg); ok {
			return next, cmd
		}
		if s.record.Type == workos.TOTP && key.Matches(msg, keyShowQR) {
			return s, say(plain, "the QR code is gone: its secret is not kept after the first verification")
		}
	}
	return s, nil
}

func (s factorScreen) actions() actions {
	idle := !s.busy()
	_, h := s.session.box()
	over := len(s.lines()) - h // what is out of sight
	kept := s.session.kept(s.record.ID)
	return actions{
		{keyCancel, s.busy(), s.stop},
		{keyChallengeThis, idle && canVerify(s.record.Type), s.challenge},
		{keyShowQR, idle && s.record.HasSecret(), s.showQR},
		{keyCopyID, idle, s.copyID},
		{keyLabel, idle && kept, s.label},
		{keyRefresh, idle && kept, s.startRefresh},
		{keyRemove, idle && !gone(s.record), s.remove},
		{keyForget, idle && kept, s.forget},
		{keyBack, idle, s.back},
		{as(keyLineDown, "↑↓", "scroll"), over > 0, func() (screen, tea.Cmd) { return s.scroll(1, over) }},
		{keyLineUp, over > 0, func() (screen, tea.Cmd) { return s.scroll(-1, over) }},
	}
}

// help shows both directions as one key.
func (s factorScreen) help() help {
	h := s.actions().help(false)
	if n := len(h.keys); n > 0 && h.keys[n-1].Help() == keyLineUp.Help() {
		h.keys = h.keys[:n-1]
	}
	return h
}

func (s factorScreen) scroll(by, last int) (screen, tea.Cmd) {
	s.from = min(max(0, min(s.from, last)+by), last)
	return s, nil
}

func (s factorScreen) challenge() (screen, tea.Cmd) {
	w, next, cmd := s.session.challenge(s.record, s.backTo())
	if next != nil {
		return next, cmd
	}
	s.work = w
	return s, cmd
}

func (s factorScreen) stop() (screen, tea.Cmd) {
	s.cancel()
	s.work = work{}
	return s, say(plain, "cancelled")
}

func (s factorScreen) showQR() (screen, tea.Cmd) {
	return newQRScreen(s.session, s.record, s.backTo()), nil
}

func (s factorScreen) copyID() (screen, tea.Cmd) { return s, s.session.copyText("id", s.record.ID) }

func (s factorScreen) label() (screen, tea.Cmd) {
	return newLabelScreen(s.session, s.record, s.backTo()), nil
}

func (s factorScreen) remove() (screen, tea.Cmd) {
	return newDeleteScreen(s.session, s.record, s.backTo(), s.back), nil
}

func (s factorScreen) forget() (screen, tea.Cmd) {
	return newForgetScreen(s.session, s.backTo(), s.back, s.record), nil
}

func (s factorScreen) startRefresh() (screen, tea.Cmd) {
	w, ctx := s.session.begin("Refreshing…")
	s.work = w
	return s, s.session.refreshFactor(ctx, w.id, s.record.ID)
}

func (s factorScreen) refreshed(msg factorRefreshedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, s.session.explain(msg.err))
	}
	if msg.record.ID != "" {
		s.record = msg.record
	}
	switch {
	case msg.saveErr != nil:
		return s, say(failure, clean(msg.saveErr.Error()))
	case msg.gone:
		return s, say(warning, "gone: "+s.session.service()+" does not know this factor any more · f forgets it here")
	}
	return s, say(success, "refreshed")
}

func (s factorScreen) view(_, h int) string { return window(s.lines(), s.from, h) }

// lines are all there is to see of the factor, its challenges last.
func (s factorScreen) lines() []string {
	st, r := s.session.styles, s.record
	w, h := s.session.box()
	state, style := factorState(s.session, r)
	lines := []string{style.Render(state)}
	if h > 12 {
		lines = append(lines, "")
	}
	lines = append(lines, strings.Split(factorDetails(s.session, r, w), "\n")...)
	if n := len(r.History); n > 1 {
		lines = append(lines, "", st.dim.Render("challenges, newest first"))
		for i := n - 1; i >= 0; i-- {
			a := r.History[i]
			lines = append(lines, column(outcomes[a.Outcome], 18)+st.dim.Render(column(moment(s.session, a.At, w-18), w-18)))
		}
	}
	return lines
}

// canVerify reports whether a factor type can be challenged with a code here.
func canVerify(t workos.FactorType) bool {
	return t == workos.TOTP || t == workos.SMS || t == workos.GenericOTP
}
