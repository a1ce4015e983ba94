//go:build !unix

package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/robustio"
)

// replace writes a new file beside the old one, syncs it and puts it in its
// place. A folder can't be synced here.
func replace(path string, data []byte) error {
	t, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"*")
	if err != nil {
		return err
	}
	_, err = t.Write(data)
	err = errors.Join(err, t.Sync(), t.Close())
	if err == nil {
		err = robustio.Rename(t.Name(), path) // again if someone is just reading the old one
	}
	if err != nil {
		_ = os.Remove(t.Name()) // what went wrong before is what matters
	}
	return err
}

// readFile reads again if the file is just being replaced.
func readFile(path string) ([]byte, error) { return robustio.ReadFile(path) }

// syncFolder does nothing here.
func syncFolder(string) error { return nil }

// foreign can't be told from the mode of a file here.
func foreign(fs.FileInfo) bool { return false }

// exposed can't be told from the mode of a file here: the folder's own rules
// keep others out.
func exposed(fs.FileInfo) bool { return false }
