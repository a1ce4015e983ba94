package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// onChallengeKey is what c does wherever a factor is chosen: it opens the message of
// an SMS factor, and challenges any other one while the screen stays.
func (s *session) onChallengeKey(stay screen, r store.Record, back navigate) (screen, tea.Cmd) {
	if r.Type == workos.SMS {
		next, cmd := newMessageScreen(s, r, back)
		return next, cmd
	}
	return stay, s.startChallenge("Starting challenge…", r, "")
}

// sayGone says why a key does nothing with a factor that is gone at WorkOS.
func (s *session) sayGone() tea.Cmd {
	return say(warning, "gone at "+s.Service()+" · x removes it from the list")
}

// onChallengeStarted follows startChallenge on any screen: it goes to the code, or
// stays with an error.
func (s *session) onChallengeStarted(stay screen, msg challengeStartedMsg, back navigate) (screen, tea.Cmd) {
	s.pauses.Begin(msg.Record, msg.err, s.Now())
	if msg.err != nil {
		text := "the challenge could not be started: " + s.explain(msg.err)
		if workos.IsNotFound(msg.err) && !workos.IsOnPurpose(msg.err) && s.Listed(msg.Record.ID) {
			text += " · press r on its screen to refresh it"
		}
		return stay, say(failure, text)
	}
	next, cmd := newCodeScreen(s, msg.Record, msg.Challenge, msg.template, back)
	if msg.SaveErr != nil {
		cmd = tea.Batch(cmd, say(warning, "the challenge is not in the factor's history: "+words.Clean(msg.SaveErr.Error())))
	}
	return next, cmd
}
