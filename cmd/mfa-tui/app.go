package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui"
	"mfa-tui/workos"
	"mfa-tui/workos/emulate"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

// app is the program wired together: one client, for WorkOS or the local engine, and
// the factor file.
type app struct {
	*factors.List // without a Store if storeErr says why
	config        config
	engine        *local.Engine // nil at WorkOS
	state         *store.File   // of the engine
	notice        string        // to tell the person of state at the start
	calls         *inspect.Recorder
	storeErr      error
	waiting       func(text string) // tells what a change waits for, where no spinner turns; may be nil
	retrying      func(text string) // the same of a call, for a person who watches; may be nil
	closers       []func() error

	phone func(context.Context) (*emulate.Client, error) // the test phone of the engine or of a server of ours, which is asked once; nil if nothing may be asked
}

func newApp(c config) (*app, error) {
	a, err := wire(c)
	if err != nil {
		return nil, err
	}
	a.Store, a.storeErr = a.openStore()
	return a, nil
}

// wire puts together everything but the factor file, which takes time to read.
func wire(c config) (*app, error) {
	a := &app{config: c, List: &factors.List{Mode: c.mode, Host: c.host, Now: time.Now, NewKey: rand.Text}}
	calls := workos.NewTransport()
	direct := calls.Clone() // a proxy is another server, which is asked nothing
	direct.Proxy = nil
	var transport, toPhone http.RoundTripper = calls, direct
	if c.mode == factors.Local {
		a.state, a.notice = engineFile(context.Background(), c.storePath)
		a.state.OnWait(a.waits)
		a.engine = local.New(local.Options{Storage: a.state})
		transport, toPhone, a.Now, a.CodeLimit = a.engine, a.engine, a.engine.Time, local.MaxWrongCodes
	}
	a.phone = phoneOf(c, toPhone)
	a.calls = inspect.New(transport, c.baseURL, time.Now)
	if c.logPath != "" {
		log, err := openLog(c.logPath)
		if err != nil {
			return nil, usageError{err}
		}
		a.closers = append(a.closers, log.Close)
		a.calls.OnEnd = logCalls(log)
	}
	var err error
	a.API, err = workos.NewClient(workos.ClientOpts{
		APIKey: cmp.Or(c.apiKey, "local"), BaseURL: c.baseURL, PlainHTTP: c.plainHTTP, Transport: a.calls, UserAgent: "mfa-tui/" + version(), Now: a.Now,
		OnRetry: func(attempt int) {
			if a.retrying != nil {
				a.retrying(fmt.Sprintf("waiting for %s, attempt %d of %d", a.Service(), attempt, workos.Attempts))
			}
		},
	})
	if err != nil {
		return nil, usageError{err}
	}
	return a, nil
}

// enginePath is where the local engine keeps its state, beside the factor file.
func enginePath(storePath string) string {
	ext := filepath.Ext(storePath)
	return strings.TrimSuffix(storePath, ext) + ".local" + ext
}

// engineFile is the file of the local engine for a factor file. If that is a symbolic
// link, older versions had it beside the link: it is moved to where the link leads. The
// notice says what became of it.
func engineFile(ctx context.Context, storePath string) (file *store.File, notice string) {
	file, old := store.NewFile(enginePath(store.Target(storePath))), store.NewFile(enginePath(storePath))
	there, err := os.Stat(old.Path())
	if err != nil {
		return file, ""
	}
	if here, err := os.Stat(file.Path()); err == nil {
		if os.SameFile(here, there) {
			return file, ""
		}
		if old.MoveTo(ctx, file) == nil { // the program ended between the two steps of a move
			return file, moved(old, file)
		}
		return file, fmt.Sprintf("the local engine uses %s; %s beside the link is not used: move it away", file.Path(), old.Path())
	}
	_, err = local.New(local.Options{Storage: old}).Messages(ctx) // something else is left alone
	if err == nil {
		err = old.MoveTo(ctx, file)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrExist): // another window has just moved it
		return file, ""
	case err != nil:
		return old, fmt.Sprintf("the local engine's file stays beside the link: %v", err)
	}
	return file, moved(old, file)
}

func moved(old, file *store.File) string {
	return fmt.Sprintf("the local engine's file was moved from %s to %s, where the link leads", old.Path(), file.Path())
}

// notices is what to tell the person at the start.
func (a *app) notices() string {
	return words.Join(" · ", a.config.notice.text, a.notice)
}

func (a *app) openStore() (*store.Store, error) {
	s, err := store.Open(a.storeOptions())
	if err == nil {
		_ = s.WriteMerged(context.Background()) // tried again at the next start
	}
	return s, err
}

// restoreStore restores the backup of a broken factor file.
func (a *app) restoreStore(ctx context.Context) (kept string, err error) {
	return store.RestoreBackup(ctx, a.storeOptions())
}

func (a *app) storeOptions() store.Options {
	return store.Options{Path: a.config.storePath, Environment: a.config.environment, KeepSecrets: a.config.keepSecrets, OnWait: a.waits}
}

func (a *app) waits(text string) {
	if a.waiting != nil {
		a.waiting(text)
	}
}

// place names the service in a question, with the mode at WorkOS: test or live.
func (a *app) place() string {
	if a.Mode == factors.Local {
		return a.Service()
	}
	return fmt.Sprintf("%s (%s)", a.Service(), a.Mode)
}

func (a *app) close() {
	for _, c := range a.closers {
		_ = c() // the log, which is written unbuffered
	}
}

// options is what the screens need, except how the terminal draws.
func (a *app) options(clipboard clipboardWriter) tui.Options {
	opts := tui.Options{
		List: a.List, StoreErr: a.storeErr, Notice: a.notices(), OpenStore: a.openStore,
		RestoreStore: a.restoreStore,
		Copy:         clipboard.copy, SavePNG: savePNG, After: tea.Tick, Calls: a.calls.Calls,
	}
	if a.engine != nil {
		opts.Phone, opts.Lab = a.engine, a.engine
	} else if a.phone != nil {
		opts.FindPhone = a.findPhone
	}
	return opts
}
