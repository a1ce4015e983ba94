package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/renameio/v2"
)

// lockPatience is how long a change waits for another window's.
const lockPatience = 5 * time.Second

// File is a small file that is replaced whole: never half written, never by two
// windows at once, and readable for its owner alone.
type File struct{ path string }

// NewFile names a file. It does no I/O.
func NewFile(path string) *File { return &File{path} }

// Path is where the file is.
func (f *File) Path() string { return f.path }

// Read returns the content, nil if there is no file.
func (f *File) Read() ([]byte, error) {
	data, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) && !dangling(f.path) {
		return nil, nil
	}
	return data, f.explain("read", err)
}

// dangling reports whether path is a symbolic link to nowhere.
func dangling(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// Update changes the content under a lock that other windows respect. change is
// given the content, nil if there is no file, and returns the new one, or nil to
// leave it as it is. The new content is on the disk when Update returns nil.
func (f *File) Update(ctx context.Context, change func(old []byte) ([]byte, error)) error {
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	old, err := f.Read()
	if err != nil {
		return err
	}
	data, err := change(old)
	if err != nil || data == nil {
		return err
	}
	return f.explain("write", f.replace(data))
}

// lock makes the folder and takes the lock.
func (f *File) lock(ctx context.Context) (unlock func(), err error) {
	dir := filepath.Dir(f.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, f.explain("make the folder of", err)
	}
	l := flock.New(f.path+".lock", flock.SetPermissions(0o600))
	waiting, cancel := context.WithTimeout(ctx, lockPatience)
	defer cancel()
	const pause = 5 * time.Millisecond
	switch _, err := l.TryLockContext(waiting, pause); {
	case err == nil:
		return func() { l.Unlock() }, nil // the end of the process would unlock it too
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return nil, fmt.Errorf("%s is locked by another mfa-tui for more than %s; look for one that hangs", f.path, lockPatience)
	default:
		return nil, f.explain("lock", err)
	}
}

// replace writes a new file beside the old one, syncs it and puts it in its
// place; a symbolic link stays and its target is replaced.
func (f *File) replace(data []byte) error {
	path := f.path
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if err := renameio.WriteFile(path, data, 0o600, renameio.WithTempDir(filepath.Dir(path)), renameio.IgnoreUmask()); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes a rename in the folder last.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writable reports why the file could not be replaced now, nil if it could.
func (f *File) writable(ctx context.Context) error {
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	t, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+"-check-*")
	if err != nil {
		return f.explain("write beside", err)
	}
	return f.explain("write beside", errors.Join(t.Close(), os.Remove(t.Name())))
}

// explain says what was tried with which file, and what to do.
func (f *File) explain(tried string, err error) error {
	switch info, statErr := os.Stat(f.path); {
	case err == nil:
		return nil
	case statErr == nil && info.IsDir():
		return fmt.Errorf("%s is a folder; name a file with --store", f.path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("can't %s %s: no permission; make it yours, or name another file with --store: %w", tried, f.path, err)
	}
	return fmt.Errorf("can't %s %s: %w", tried, f.path, err)
}
