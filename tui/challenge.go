package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// challenge is what c does wherever a factor is chosen: an SMS factor goes to its
// message first, the others are challenged at once, while the screen stays.
func (s *session) challenge(stay screen, r store.Record, back navigate) (screen, tea.Cmd) {
	if r.Type == workos.SMS {
		next, cmd := newMessageScreen(s, r, back)
		return next, cmd
	}
	return stay, s.sendChallenge("Starting challenge…", r, "")
}

// sendChallenge starts the work of a challenge; template is the message of an SMS.
func (s *session) sendChallenge(verb string, r store.Record, template string) tea.Cmd {
	ctx, id := s.begin(verb)
	if r.Type == workos.SMS {
		s.work.told = " · the message may have been sent anyway"
	}
	return s.startChallenge(ctx, id, r, template)
}

// challenged is what follows the end of startChallenge on any screen: the code,
// or an error on the screen that stays.
func (s *session) challenged(stay screen, msg challengeStartedMsg, back navigate) (screen, tea.Cmd) {
	s.pauses.Begin(msg.record, msg.err, s.Now())
	if msg.err != nil {
		return stay, say(failure, "no challenge: "+s.explain(msg.err))
	}
	next, cmd := newCodeScreen(s, msg.record, msg.challenge, msg.template, back)
	if msg.saveErr != nil {
		cmd = tea.Batch(cmd, say(warning, "the challenge is not in the factor's history: "+clean(msg.saveErr.Error())))
	}
	return next, cmd
}
