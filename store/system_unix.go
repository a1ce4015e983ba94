//go:build unix

package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// unfollowed opens what is there itself, not what a link leads to, and waits for
// nobody at the other end of a pipe.
const unfollowed = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// readFile reads a regular file. It was looked at before, and if something else is in
// its place now, that is an error and no wait.
func readFile(path string, follow bool) ([]byte, error) {
	flags := unfollowed
	if follow {
		flags = syscall.O_NONBLOCK
	}
	file, err := os.OpenFile(path, os.O_RDONLY|flags, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is not a regular file any more: %w", fs.ErrInvalid)
	}
	var b bytes.Buffer
	b.Grow(int(min(info.Size(), maxSize)) + bytes.MinRead) // or a large file would be copied again and again
	_, err = b.ReadFrom(file)
	return b.Bytes(), err
}

// syncFolder makes sure that a rename in the folder is on the disk.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) {
		err = nil // some file systems can't
	}
	return errors.Join(err, d.Close())
}

// foreign reports whether a file belongs to another user.
func foreign(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) != os.Geteuid()
}

// exposed reports whether others may read a file.
func exposed(info fs.FileInfo) bool { return info.Mode().Perm()&0o077 != 0 }
