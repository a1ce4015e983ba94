package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/tui"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

// app is the program wired together: one client for WorkOS and for the local
// engine alike, and the factor file.
type app struct {
	config   config
	client   *workos.Client
	engine   *local.Engine // nil at WorkOS
	calls    *inspect.Recorder
	store    *store.Store // nil if it can't be opened, for storeErr
	storeErr error
	closers  []func() error
}

func newApp(c config) (*app, error) {
	a, err := wire(c)
	if err != nil {
		return nil, err
	}
	a.store, a.storeErr = a.openStore()
	return a, nil
}

// wire puts together all but the factor file, which takes time to read.
func wire(c config) (*app, error) {
	a := &app{config: c}
	var transport http.RoundTripper
	now := time.Now
	if c.mode == tui.Local {
		a.engine = local.New(local.Options{Storage: store.NewFile(enginePath(c.storePath))})
		transport, now = a.engine, a.engine.Time
	}
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
	a.client, err = workos.NewClient(workos.ClientOpts{
		APIKey: cmp.Or(c.apiKey, "local"), BaseURL: c.baseURL, Transport: a.calls, UserAgent: "mfa-tui/" + version(), Now: now,
	})
	if err != nil {
		return nil, usageError{err}
	}
	return a, nil
}

// enginePath is the state of the local engine, beside the factor file.
func enginePath(storePath string) string {
	ext := filepath.Ext(storePath)
	return strings.TrimSuffix(storePath, ext) + ".local" + ext
}

func (a *app) openStore() (*store.Store, error) {
	return store.Open(a.storeOptions())
}

func (a *app) storeOptions() store.Options {
	return store.Options{Path: a.config.storePath, Environment: a.config.environment, KeepSecrets: a.config.keepSecrets}
}

// service names the other side of the calls for a person.
func (a *app) service() string {
	if a.config.mode == tui.Local {
		return "the local engine"
	}
	return "WorkOS"
}

// place is the service with what a person should know before a change there.
func (a *app) place() string {
	if a.config.mode == tui.Local {
		return a.service()
	}
	return fmt.Sprintf("%s (%s)", a.service(), a.config.mode)
}

func (a *app) close() {
	for _, c := range a.closers {
		c() // only the log, which was written unbuffered
	}
}

// options is what the terminal UI needs, but for its look.
func (a *app) options(clipboard clipboardWriter) tui.Options {
	opts := tui.Options{
		API: a.client, Mode: a.config.mode, Host: a.config.host, StoreErr: a.storeErr, Notice: a.config.notice,
		OpenStore: func() (tui.Store, error) {
			s, err := a.openStore()
			if err != nil {
				return nil, err
			}
			return s, nil
		},
		RestoreStore: func(ctx context.Context) (string, error) { return store.RestoreBackup(ctx, a.storeOptions()) },
		Copy:         clipboard.copy, SavePNG: savePNG, Now: time.Now, After: tea.Tick, NewKey: rand.Text, Calls: a.calls.Calls,
	}
	if a.store != nil {
		opts.Store = a.store
	}
	if a.engine != nil {
		opts.Phone, opts.Lab, opts.Now = a.engine, a.engine, a.engine.Time
	}
	return opts
}
