//go:build unix

package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/google/renameio/v2"
)

// replace writes a new file beside the old one, syncs it and puts it in its
// place. The permissions are set each time: those of the old file do not count.
func replace(path string, data []byte) (err error) {
	dir := filepath.Dir(path)
	t, err := renameio.TempFile(dir, path) // with mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Cleanup()) }()
	if _, err := t.Write(data); err != nil {
		return err
	}
	if err := t.CloseAtomicallyReplace(); err != nil {
		return err
	}
	return syncFolder(dir)
}

// readFile reads a file, which may be replaced meanwhile.
func readFile(path string) ([]byte, error) { return os.ReadFile(path) }

// syncFolder makes a rename in the folder last.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// foreign reports whether a file belongs to another user.
func foreign(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) != os.Geteuid()
}

// exposed reports whether others may read a file.
func exposed(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }
