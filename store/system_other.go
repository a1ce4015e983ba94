//go:build !unix

package store

import (
	"io/fs"

	"github.com/rogpeppe/go-internal/robustio"
)

// unfollowed is nothing here: what a link is was looked at before.
const unfollowed = 0

// readFile reads a file, and tries again while somebody replaces it.
func readFile(path string, _ bool) ([]byte, error) { return robustio.ReadFile(path) }

// syncFolder does nothing here.
func syncFolder(string) error { return nil }

// foreign can't be told from the mode of a file here.
func foreign(fs.FileInfo) bool { return false }

// exposed can't be told from the mode of a file here: the rules of its folder keep
// others out.
func exposed(fs.FileInfo) bool { return false }
