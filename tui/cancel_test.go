package tui

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// hangs presses a key whose call gets no answer until it is cancelled or let go.
// arrive gives its result to the machine.
func (p *person) hangs(name string) (letGo, arrive func()) {
	p.t.Helper()
	release := make(chan struct{})
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		select {
		case <-release:
			return nil, nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	late := make(chan []tea.Cmd)
	cmds := p.update(keyPress(name))
	go func() { late <- resolve(cmds) }()
	return func() { close(release) }, func() {
		p.t.Helper()
		var ended []tea.Cmd
		select {
		case ended = <-late:
		case <-time.After(20 * time.Second):
			p.t.Fatal("the call keeps running")
		}
		for _, cmd := range ended {
			for queue := p.run(cmd); len(queue) > 0; queue = queue[1:] {
				queue = append(queue, p.run(queue[0])...)
			}
		}
	}
}

// Wherever a call hangs, esc cancels it and leaves everything as it was, so that
// the same key does it after all.
func TestEscCancels(t *testing.T) {
	for name, test := range map[string]struct {
		to       func(*person)
		key      string
		at, next string
	}{
		"add": {func(p *person) {
			id := p.newest().ID
			p.press("enter", "x", "y").at("factors").press("a").types(id)
		}, "enter", "add", "factor"},
		"code":    {func(p *person) { p.press("c").at("code").types(p.shownCode()[:5]) }, "", "code", "result"},
		"factor":  {func(p *person) { p.press("enter").at("factor") }, "r", "factor", "factor"},
		"message": {func(p *person) { p.press("down", "c").at("message") }, "enter", "message", "code"},
		"qr":      {func(p *person) { p.press("down", "down", "enter", "v").at("qr") }, "enter", "qr", "code"},
		"result":  {func(p *person) { p.press("c").types(p.shownCode()).at("result") }, "c", "result", "code"},
	} {
		t.Run(name, func(t *testing.T) {
			p := threeFactors(t, 80, 24)
			test.to(p)
			key := test.key
			if name == "code" {
				key = p.shownCode()[5:]
			}
			_, arrive := p.hangs(key)
			p.sees("esc cancel", "…")
			p.press("esc").at(test.at).sees("Cancelled").seesNo("esc cancel")
			arrive()
			p.at(test.at).seesNo("✗") // what was cancelled is no failure
			p.wire.fault = nil
			if name == "code" {
				p.press("backspace")
			}
			p.press(key).at(test.next).seesNo("✗")
		})
	}
}

// A deletion can't be undone: esc leaves it running, and its result is announced.
func TestLeaveADeletion(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("d").at("confirm")
	letGo, arrive := p.hangs("y")
	p.sees("Deleting").press("esc").at("factors").sees("Deleting keeps running in the background", "3 factors")
	letGo()
	arrive()
	p.at("factors").sees("2 factors", "✓")
}

// The id of a factor that can't be saved can be taken along.
func TestCopyAnUnsavedID(t *testing.T) {
	p := threeFactors(t, 80, 24)
	r := p.newest()
	s := p.model.session
	p.model.screen = unsavedScreen{s, "The factor is enrolled", r, http.ErrServerClosed, show(newFactorsScreen(s, ""))}
	p.press("y").sees("copied")
	if n := len(p.copied); n != 1 || p.copied[0] != r.ID {
		t.Errorf("copied %q", p.copied)
	}
}

// A refresh of all factors says how many are done.
func TestRefreshCounts(t *testing.T) {
	p := threeFactors(t, 80, 24)
	var first string
	var once sync.Once
	var done *atomic.Int64
	p.wire.fault = func(*http.Request) (*http.Response, error) {
		once.Do(func() { first, done = p.model.session.work.text(), p.model.session.work.done })
		return nil, nil
	}
	p.press("r").sees("3 factors refreshed")
	if first != "Refreshing 1 of 3…" || done.Load() != 3 {
		t.Errorf("the spinner says %q at first, %d are done at the end", first, done.Load())
	}
	if got := (work{verb: "Refreshing", all: 3, done: done}).text(); got != "Refreshing 3 of 3…" {
		t.Errorf("the spinner says %q at the end", got)
	}
}
