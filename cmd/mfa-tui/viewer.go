package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/cli/browser"

	"mfa-tui/store"
)

// openPNG opens a picture, which has a secret, in the desktop's viewer. It is in a
// folder of its own that only the person can read; remove deletes both.
func openPNG(e environ, png []byte) (remove func() error, err error) {
	parent := e["XDG_RUNTIME_DIR"] // in memory, on most systems that have it
	if !filepath.IsAbs(parent) {
		parent = "" // as the XDG Base Directory Specification says of a relative path
	}
	dir, err := os.MkdirTemp(parent, "mfa-tui-")
	if err != nil {
		dir, err = os.MkdirTemp("", "mfa-tui-")
	}
	if err != nil {
		return nil, err
	}
	remove = func() error { return os.RemoveAll(dir) }
	path := filepath.Join(dir, "qr.png")
	if err := store.CreateFile(path, png); err != nil {
		return remove, err
	}
	return remove, view(path)
}

// view opens a file in the desktop's viewer. It does not wait for a viewer to end,
// only for one that fails at once.
func view(path string) error {
	const patience = 2 * time.Second
	browser.Stdout, browser.Stderr = nil, nil // nothing may write over the screen
	ended := make(chan error, 1)
	go func() { ended <- browser.OpenFile(path) }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("start a viewer: %w", err)
		}
	case <-time.After(patience):
	}
	return nil
}
