package store

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/robustio"
)

// ReplaceFile writes a file that only its owner can read. The old file stays as it
// was until all of the new one is on the disk; its permissions do not matter.
func ReplaceFile(path string, data []byte) error {
	t, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"*") // with mode 0600
	if err != nil {
		return err
	}
	if err := fill(t, data); err != nil {
		return err
	}
	if err := robustio.Rename(t.Name(), path); err != nil { // retries while somebody reads the old one
		_ = os.Remove(t.Name()) // what went wrong before is what matters
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// CreateFile writes a new file that only its owner can read. If the file exists, the
// error is [fs.ErrExist].
func CreateFile(path string, data []byte) error {
	t, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := fill(t, data); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// fill writes all of a new file to the disk. On an error it removes the file.
func fill(t *os.File, data []byte) error {
	_, err := t.Write(data)
	if err = errors.Join(err, t.Sync(), t.Close()); err != nil {
		_ = os.Remove(t.Name()) // what went wrong before is what matters
	}
	return err
}
