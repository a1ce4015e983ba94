package store

import (
	"errors"
	"fmt"
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

// CreateFile writes a new file that only its owner can read, and that is empty until
// all of it is on the disk. If there is anything of that name, the error is
// [fs.ErrExist].
func CreateFile(path string, data []byte) error {
	t, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // takes the name
	if err != nil {
		return err
	}
	if err := errors.Join(t.Close(), ReplaceFile(path, data)); err != nil {
		_ = os.Remove(path) // what went wrong before is what matters
		return err
	}
	return nil
}

// SaveFile writes a file that the person named. If it exists, it is overwritten if
// overwrite says so; the error is [fs.ErrExist] otherwise. What is no regular file never
// is: a link would be replaced, and not what it leads to.
func SaveFile(path string, data []byte, overwrite bool) error {
	if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is %s; name another file", path, kind(info))
	}
	if overwrite {
		return ReplaceFile(path, data)
	}
	return CreateFile(path, data)
}

// fill writes all of a new file to the disk. On an error it removes the file.
func fill(t *os.File, data []byte) error {
	_, err := t.Write(data)
	if err = errors.Join(err, t.Sync(), t.Close()); err != nil {
		_ = os.Remove(t.Name()) // what went wrong before is what matters
	}
	return err
}
