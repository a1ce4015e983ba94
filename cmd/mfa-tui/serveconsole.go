package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"os"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

// redrawEvery is how often the console shows what is new, at most.
const redrawEvery = 100 * time.Millisecond

// console is the screens of a server: those of mfa-tui, on the engine that listens. Its
// store is in memory, so it neither reads nor writes the person's factor file.
type console struct {
	program *program
	in, out *os.File
	changed chan struct{} // something has happened at the server
	calls   *inspect.Recorder
	notes   *notes
	stuck   bool // the terminal takes no output
}

// console returns the console of a server to come, nil if none is wanted: then serve
// prints lines, as a script needs it.
func (p *program) console(s server) *console {
	if s.headless || s.json || p.accessible() || p.env["TERM"] == "dumb" {
		return nil
	}
	in, out, err := needTerminal(p.in, p.out)
	if err != nil || !foreground(in) {
		return nil
	}
	c := &console{program: p, in: in, out: out, changed: make(chan struct{}, 1), notes: &notes{to: p.errOut, elsewhere: !isTerminal(p.errOut)}}
	p.errOut = c.notes
	return c
}

// close gives standard error back, unless that too would be waited for for ever.
func (c *console) close() {
	if !c.stuck {
		c.program.errOut = c.notes.to
	}
}

// tell tells the screens that something has happened.
func (c *console) tell() {
	select {
	case c.changed <- struct{}{}:
	default: // they know
	}
}

// handler records what the engine answers, but for the tools and the health of the
// server: a test or a container asks for them all the time.
func (c *console) handler(engine *local.Engine, url, key string) http.Handler {
	c.calls = inspect.NewServer(engine, url, key, time.Now)
	c.calls.OnEnd = func(inspect.Call) { c.tell() }
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.tell() // a call that takes long is seen meanwhile
		defer c.tell()
		engine.ServeHTTP(w, r)
	})
	return c.calls.Handler(answer, func(r *http.Request) bool {
		return r.URL.Path == "/" || r.URL.Path == "/health" || strings.HasPrefix(r.URL.Path, local.ToolsPath)
	})
}

// noteHook notes at a call that it was made to fail, and how.
func noteHook(r *http.Request, h local.Hook) { inspect.Note(r.Context(), "hook: "+h.Effect()) }

// run shows the screens until the person quits, a signal comes, or the server has ended.
func (c *console) run(ctx context.Context, engine *local.Engine, s server, at started, served <-chan error) error {
	client, err := workos.NewClient(workos.ClientOpts{
		APIKey: s.apiKey, BaseURL: at.url, PlainHTTP: []string{at.host}, Transport: c.calls, UserAgent: "mfa-tui/" + version(), Now: engine.Time,
	})
	if err != nil {
		return err
	}
	list := &factors.List{
		API: client, Store: store.NewMemory("serve"), Mode: factors.Local, Now: engine.Time, NewKey: rand.Text, CodeLimit: local.MaxWrongCodes,
	}
	c.program.factors = list
	opts := c.program.options(&app{List: list, engine: engine, calls: c.calls}, c.out)
	opts.NoSuspend = true // it would stop the server, and its clients would hang
	opts.Serving = tui.Serving{Server: engine, URL: at.url, Key: s.apiKey, Since: time.Now(), InMemory: s.state == "", Facts: at.facts(s)}
	opts.Notice = c.notes.before()
	model := tui.New(opts)
	ctx, end := context.WithCancel(ctx)
	defer end()
	failed := make(chan error, 1)
	go func() {
		select {
		case err := <-served:
			failed <- err
			end()
		case <-ctx.Done():
		}
	}()
	err = c.program.show(ctx, model, c.in, c.out, true, c.watch, c.notes.feed)
	c.program.signalStatus = exitDone // a server that a signal ends has done its work
	c.stuck, err = errors.Is(err, errStuck), ended(err)
	if !c.stuck {
		c.notes.release()
		err = errors.Join(err, c.program.finish(model))
	}
	select {
	case why := <-failed:
		return errors.Join(why, err)
	default:
		return err
	}
}

// watch tells the screens that something has happened, as often as they may be drawn.
func (c *console) watch(ctx context.Context, send func(tea.Msg)) {
	for {
		select {
		case <-c.changed:
			send(tui.ServerChangedMsg{})
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(redrawEvery):
		case <-ctx.Done():
			return
		}
	}
}
