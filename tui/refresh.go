package tui

import (
	"cmp"
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors"
)

// refresh is the progress of refreshing all factors of the list: a few are
// under way, each answer starts the next.
type refresh struct {
	work            work // of all of them
	ctx             context.Context
	queue           []string // ids not asked for yet
	all, done, gone int
	failed          int
	err             error // the first
}

// startRefresh asks WorkOS for every factor on the list that the filter shows.
func (s factorsScreen) startRefresh() (screen, tea.Cmd) {
	ctx, _ := s.session.begin("")
	s.refresh = refresh{work: s.session.work, ctx: ctx, all: len(s.records)}
	for _, r := range s.records {
		s.refresh.queue = append(s.refresh.queue, r.ID)
	}
	var cmds []tea.Cmd
	for range min(factors.AtOnce, s.refresh.all) {
		cmds = append(cmds, s.refreshNext())
	}
	s.goOn()
	return s, tea.Batch(cmds...)
}

// refreshNext asks for the next factor of the queue.
func (s *factorsScreen) refreshNext() tea.Cmd {
	id := s.refresh.queue[0]
	s.refresh.queue = s.refresh.queue[1:]
	return s.session.refreshFactor(s.refresh.ctx, s.refresh.work.id, id)
}

// goOn waits for the next answer: the work does not end with the first.
func (s factorsScreen) goOn() {
	s.session.work = s.refresh.work
	s.session.work.verb = fmt.Sprintf("Refreshing %d of %d…", min(s.refresh.done+1, s.refresh.all), s.refresh.all)
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
		r.failed += 1 + len(r.queue)
		r.done += len(r.queue)
		r.err, r.queue = cmp.Or(r.err, err), nil
	}
	if r.done >= r.all {
		return s.reload(), s.refreshDone()
	}
	var next tea.Cmd
	if len(r.queue) > 0 {
		next = s.refreshNext()
	}
	s.goOn()
	return s, next
}

func (s factorsScreen) refreshDone() tea.Cmd {
	r := s.refresh
	fresh := english.Plural(r.all-r.failed-r.gone, "factor", "") + " refreshed"
	switch {
	case r.err != nil:
		return say(failure, fmt.Sprintf("%s, %d not: %s", fresh, r.failed, s.session.explain(r.err)))
	case r.gone > 0:
		return say(warning, fmt.Sprintf("%s, %d gone at %s · x removes one from the list", fresh, r.gone, s.session.service()))
	}
	return say(success, fresh)
}
