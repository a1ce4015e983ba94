package tui

import (
	"cmp"
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
)

// refresh is the progress of refreshing all factors of the list: a few are
// under way, each answer starts the next.
type refresh struct {
	ctx             context.Context
	queue           []string // ids not asked for yet
	all, done, gone int
	failed          int
	err             error // the first
}

// startRefresh asks WorkOS for every factor on the list that the filter shows.
func (s factorsScreen) startRefresh() (screen, tea.Cmd) {
	w, ctx := s.session.begin("")
	s.work = w
	s.refresh = refresh{ctx: ctx}
	for _, it := range s.list.Items() {
		s.refresh.queue = append(s.refresh.queue, it.(factorItem).ID)
	}
	s.refresh.all = len(s.refresh.queue)
	s.verb = s.refresh.verb()
	var cmds []tea.Cmd
	for range min(factors.AtOnce, s.refresh.all) {
		cmds = append(cmds, s.refreshNext())
	}
	return s, tea.Batch(cmds...)
}

func (r refresh) verb() string {
	return fmt.Sprintf("Refreshing %d of %d…", min(r.done+1, r.all), r.all)
}

// refreshNext asks for the next factor of the queue.
func (s *factorsScreen) refreshNext() tea.Cmd {
	id := s.refresh.queue[0]
	s.refresh.queue = s.refresh.queue[1:]
	return s.session.refreshFactor(s.refresh.ctx, s.id, id)
}

// refreshed counts an answer, and ends the work with the last one. After a
// failure no more are asked for: the next would fail the same way.
func (s factorsScreen) refreshed(msg factorRefreshedMsg) (screen, tea.Cmd) {
	r := &s.refresh
	r.done++
	if msg.gone {
		r.gone++
	}
	if err := cmp.Or(msg.err, msg.saveErr); err != nil {
		r.failed++
		if r.err == nil {
			r.err = err
		}
		r.done += len(r.queue)
		r.failed += len(r.queue)
		r.queue = nil
	}
	if len(r.queue) > 0 {
		cmd := s.refreshNext()
		s.verb = r.verb()
		return s, cmd
	}
	if r.done < r.all {
		return s, nil
	}
	s.cancel()
	s.work = work{}
	next, cmd := s.reload()
	return next, tea.Batch(cmd, s.refreshDone())
}

func (s factorsScreen) refreshDone() tea.Cmd {
	r := s.refresh
	fresh := count(r.all-r.failed-r.gone, "factor", "factors") + " refreshed"
	switch {
	case r.err != nil:
		return say(failure, fmt.Sprintf("%s, %d not: %s", fresh, r.failed, s.session.explain(r.err)))
	case r.gone > 0:
		return say(warning, fmt.Sprintf("%s, %d gone at %s · d forgets one here", fresh, r.gone, s.session.service()))
	}
	return say(success, fresh)
}
