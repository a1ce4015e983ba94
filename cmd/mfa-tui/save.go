package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos/local"
)

// saver keeps the state of an engine in a file: every saveEvery while it changes,
// and at the end.
type saver struct {
	engine *local.Engine
	file   *store.File // nil for no file
	errOut io.Writer
	ticks  <-chan time.Time

	saved   uint64   // the engine's changes that are in the file
	content [32]byte // hash of what the file should hold
	told    string   // the trouble that was told last
}

// newSaver loads the state that a file has into an engine. It takes the file at
// once, so that trouble with it shows before anybody relies on it.
func newSaver(ctx context.Context, engine *local.Engine, path string, errOut io.Writer) (*saver, error) {
	s := &saver{engine: engine, errOut: errOut}
	if path == "" {
		return s, nil
	}
	s.file = store.NewFile(path)
	err := s.file.Update(ctx, func(old []byte) ([]byte, error) {
		if err := engine.Load(old); err != nil {
			return nil, fmt.Errorf("%s %w", path, err)
		}
		data, changes, err := engine.Snapshot()
		s.saved, s.content = changes, sha256.Sum256(data)
		return data, err
	})
	if err != nil {
		return nil, fmt.Errorf("load the state: %w", err)
	}
	return s, nil
}

// run saves until ctx is done, and a last time then.
func (s *saver) run(ctx context.Context) error {
	if s.file == nil {
		<-ctx.Done()
		return nil
	}
	if s.ticks == nil {
		ticker := time.NewTicker(saveEvery)
		defer ticker.Stop()
		s.ticks = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return s.save()
		case <-s.ticks:
			s.tell(s.save())
		}
	}
}

// tell tells a trouble once; the next save tries again.
func (s *saver) tell(err error) {
	message := ""
	if err != nil {
		message = err.Error()
	}
	if message != s.told && message != "" {
		fmt.Fprintln(s.errOut, "mfa-tui:", message)
	}
	s.told = message
}

// save writes the state if it was changed since the last time.
func (s *saver) save() error {
	if s.engine.Changes() == s.saved {
		return nil
	}
	data, changes, err := s.engine.Snapshot()
	if err != nil {
		return fmt.Errorf("save the state: %w", err)
	}
	err = s.file.Update(context.Background(), func(old []byte) ([]byte, error) {
		if sha256.Sum256(old) != s.content {
			return nil, errors.New("another program has changed " + s.file.Path() + ", so it is left as it is; end that program, or this one")
		}
		return data, nil
	})
	if err != nil {
		return fmt.Errorf("save the state: %w", err)
	}
	s.saved, s.content = changes, sha256.Sum256(data)
	return nil
}
