package tui

import (
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// challenge is what c does wherever a factor is chosen: an SMS factor goes to
// its message first, the others are challenged at once. It returns either the
// screen to show or the work that has begun.
func (d *session) challenge(r store.Record, back way) (work, screen, tea.Cmd) {
	if r.Type == workos.SMS {
		next, cmd := newMessageScreen(d, r, back)
		return work{}, next, cmd
	}
	w, ctx := d.begin("Starting challenge…")
	return w, nil, d.startChallenge(ctx, w.id, r, "")
}

// challenged is what follows the end of startChallenge on any screen: the code,
// or an error on the screen that stays.
func (d *session) challenged(stay screen, msg challengeStartedMsg, back way) (screen, tea.Cmd) {
	d.pauseAfter(msg)
	if msg.err != nil {
		return stay, say(failure, "no challenge: "+d.explain(msg.err))
	}
	next, cmd := newCodeScreen(d, msg.record, msg.challenge, msg.template, back)
	if msg.saveErr != nil {
		cmd = tea.Batch(cmd, say(warning, "the challenge is not in the factor's history: "+clean(msg.saveErr.Error())))
	}
	return next, cmd
}
