package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// confirmScreen asks before something that can't be undone. No is chosen at first,
// so that a stray enter does nothing.
type confirmScreen struct {
	factors.Question
	session *session
	trail   trail
	owner   string // whose factor it is, if it is known
	rest    string // which factors the owner has then
	about   []store.Record
	verb    string // on the button
	command func() tea.Cmd
	yes     bool
	proof   *proof   // what must be typed first, nil if nothing
	back    navigate // on no
	done    navigate // on yes
}

// proof is the field for a [factors.List.Proof].
type proof struct {
	want  string // the last characters of its ID
	entry entry
}

func (s *session) newProof(want string) *proof {
	e := s.newEntry(fmt.Sprintf("Last %d characters of the ID", factors.ProofLength), "")
	e.input.CharLimit = 2 * factors.ProofLength
	return &proof{want: want, entry: e}
}

// newDeleteScreen asks before a factor is deleted at WorkOS and here.
func newDeleteScreen(s *session, r store.Record, back, done navigate) confirmScreen {
	asked := confirmScreen{
		session: s, Question: factors.DeleteQuestion, back: back, done: done, about: []store.Record{r},
		trail: s.factorTrail(r, "Delete"), verb: "Delete",
		command: func() tea.Cmd { return s.deleteFactor(r) },
	}
	if want := s.Proof(r); want != "" {
		asked.proof = s.newProof(want)
	}
	return asked
}

// newRemoveScreen asks before a factor is removed from the list.
func newRemoveScreen(s *session, r store.Record, back, done navigate) confirmScreen {
	return confirmScreen{
		session: s, Question: s.RemoveQuestion(r), back: back, done: done, about: []store.Record{r},
		trail: s.factorTrail(r, "Remove"), verb: "Remove",
		command: func() tea.Cmd { return s.removeFactor(r) },
	}
}

// newClearScreen asks before all factors are removed from the list.
func newClearScreen(s *session, back navigate, all []store.Record) confirmScreen {
	return confirmScreen{
		session: s, Question: s.ClearQuestion(len(all)), back: back, done: back, about: all,
		trail: factorsTrail("Clear list"), verb: "Remove",
		command: func() tea.Cmd { return s.clearFactors(all) },
	}
}

func (s confirmScreen) title() trail { return s.trail }

func (s confirmScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case factorDeletedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		return s.finished(msg)
	case userDeletedMsg:
		if msg.err != nil {
			return s, say(failure, s.session.explain(msg.err))
		}
		return s.finished(msg)
	case factorsRemovedMsg:
		if msg.err != nil {
			return s, say(failure, words.Clean(msg.err.Error()))
		}
		return s.finished(msg)
	case factorsMovedMsg:
		if msg.err != nil {
			return s, func() tea.Msg { return noticeMsg{msg.report(s.session)} }
		}
		return s.finished(msg)
	case tea.KeyMsg:
		if s.proof != nil {
			return s.typed(msg), nil
		}
	}
	return s, nil
}

func (s confirmScreen) typing() typing {
	if s.proof != nil {
		return textTyped
	}
	return nothingTyped
}

// typed gives a key to the field.
func (s confirmScreen) typed(msg tea.KeyMsg) confirmScreen {
	p := *s.proof
	p.entry.typed(msg)
	s.proof = &p
	return s
}

// prove does it if what was typed is the end of the ID.
func (s confirmScreen) prove() (screen, tea.Cmd) {
	p := *s.proof
	typed := strings.TrimSpace(p.entry.input.Value())
	if factors.Proves(typed, p.want) {
		return s.run()
	}
	if p.entry.refusal = "type them first"; typed != "" {
		p.entry.refusal = "the ID does not end in " + typed
	}
	s.proof = &p
	return s, nil
}

// finished leaves the screen and says what was done.
func (s confirmScreen) finished(msg result) (screen, tea.Cmd) {
	next, cmd := s.done()
	return next, tea.Batch(cmd, func() tea.Msg { return noticeMsg{msg.report(s.session)} })
}

func (s confirmScreen) actions() []action {
	answer, back := "no", s.back
	if s.yes || s.proof != nil {
		answer = strings.ToLower(s.verb)
	}
	if s.session.busy() {
		back = s.done
	}
	if s.proof != nil {
		return []action{
			{as(keyChoose, "enter", answer), true, shown, s.prove},
			{keyBack, true, shown | whileBusy, back},
		}
	}
	return []action{
		{as(keyYes, "y", strings.ToLower(s.verb)), true, shown, s.run},
		{keyNo, true, shown, s.back},
		{as(keyChoose, "enter", answer), true, shown, s.choose},
		{as(keyUp, "←→", "choose"), true, shown | movement, s.turn},
		{keyDown, true, twin, s.turn},
		{keyBack, true, shown | whileBusy, back},
	}
}

func (s confirmScreen) turn() (screen, tea.Cmd) {
	s.yes = !s.yes
	return s, nil
}

func (s confirmScreen) choose() (screen, tea.Cmd) {
	if !s.yes {
		return s.back()
	}
	return s.run()
}

func (s confirmScreen) run() (screen, tea.Cmd) {
	return s, s.command()
}
