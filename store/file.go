package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/rogpeppe/go-internal/robustio"
)

// lockPatience is how long a change waits for another window's.
const lockPatience = 5 * time.Second

// maxSize bounds what is read into memory, in bytes: several hundred thousand
// factors.
const maxSize = 256 << 20

// File is a small file that is replaced whole: never half written, never by two
// windows at once, and readable for its owner alone.
type File struct {
	path     string
	patience time.Duration    // how long to wait for the lock
	backup   bool             // keep a copy of each content that is written
	now      func() time.Time // names what is put aside
	sweep    sync.Once        // of left-over temporary files, under the first lock
}

// NewFile names a file. It does no I/O.
func NewFile(path string) *File {
	return &File{path: path, patience: lockPatience, now: time.Now}
}

// Path is where the file is.
func (f *File) Path() string { return f.path }

// Read returns the content, nil if there is no file.
func (f *File) Read() ([]byte, error) {
	_, data, err := f.read()
	return data, err
}

// read returns what the file looked like before it was read as well, nil if
// there is none.
func (f *File) read() (fs.FileInfo, []byte, error) {
	info, err := os.Stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, f.nowhere()
	}
	if err != nil {
		return nil, nil, f.explain("read", err)
	}
	if err := f.suits(info); err != nil {
		return nil, nil, err
	}
	data, err := robustio.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, f.nowhere() // gone since
	}
	return info, data, f.explain("read", err)
}

// nowhere tells a file that is not there, which is fine, from a symbolic link
// whose target is not there: writing through it could be a mistake.
func (f *File) nowhere() error {
	if _, err := os.Lstat(f.path); err != nil {
		return nil
	}
	return fmt.Errorf("%s is a symbolic link to nowhere; mend it, or name another file with --store", f.path)
}

// suits reports why a file of this kind is not read or replaced.
func (f *File) suits(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return fmt.Errorf("%s is a folder; name a file with --store", f.path)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file; name another one with --store", f.path)
	case foreign(info): // replacing it would take it away from its owner
		return fmt.Errorf("%s belongs to another user; run mfa-tui as that user, or name another file with --store", f.path)
	}
	return f.fits(info.Size())
}

// fits reports that a content is too large to be read back.
func (f *File) fits(size int64) error {
	if size <= maxSize {
		return nil
	}
	return fmt.Errorf("%s: %d MB are more than the %d MB that mfa-tui works with; name another file with --store",
		f.path, size>>20, maxSize>>20)
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
	if err := f.fits(int64(len(data))); err != nil {
		return err
	}
	if f.backup {
		if err := f.writeBackup(old, data); err != nil {
			return err
		}
	}
	return f.explain("write", ReplaceFile(f.target(), data))
}

// target is the file that the path leads to. All that is put beside the file is
// put beside the target, so that windows that came by different links share it.
func (f *File) target() string {
	if target, err := filepath.EvalSymlinks(f.path); err == nil {
		return target
	}
	return f.path
}

// lock makes the folder and takes the lock.
func (f *File) lock(ctx context.Context) (unlock func(), err error) {
	target := f.target()
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, f.explain("make the folder of", err)
	}
	closeFolder(dir)
	l := flock.New(target+".lock", flock.SetPermissions(0o600))
	waiting, cancel := context.WithTimeout(ctx, f.patience)
	defer cancel()
	const pause = 2 * time.Millisecond
	switch _, err := l.TryLockContext(waiting, pause); {
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return nil, fmt.Errorf("%s has been locked by another mfa-tui%s for more than %s; look for one that hangs and end it",
			f.path, holder(l.Path()), f.patience)
	case err != nil:
		return nil, f.explain("lock", err)
	}
	// The number only makes the message above better, so a failure is no harm.
	_ = os.WriteFile(l.Path(), strconv.AppendInt(nil, int64(os.Getpid()), 10), 0o600)
	f.sweep.Do(func() { removeAll(leftovers(target)) })
	return func() { _ = l.Unlock() }, nil // the end of the process would unlock it too
}

// holder names the process that has the lock, if it has left its number.
func holder(path string) string {
	data, err := robustio.ReadFile(path)
	if pid, convErr := strconv.Atoi(string(data)); err == nil && convErr == nil {
		return fmt.Sprintf(" (process %d)", pid)
	}
	return ""
}

// leftovers are the temporary files of a process that was killed while it wrote.
// Only under the lock is it sure that nobody is still writing them.
func leftovers(target string) []string {
	dir, base := filepath.Split(target)
	entries, _ := os.ReadDir(filepath.Clean(dir + ".")) // a folder that can't be read has to be left alone
	var paths []string
	for _, e := range entries {
		number, ok := strings.CutPrefix(e.Name(), "."+base)
		number = strings.TrimPrefix(number, backupSuffix)
		if _, err := strconv.ParseUint(number, 10, 64); ok && err == nil && e.Type().IsRegular() {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	return paths
}

func removeAll(paths []string) {
	for _, p := range paths {
		_ = os.Remove(p) // tried again at the next start
	}
}

// tidy removes temporary files that were left over, unless another window is
// busy just now. It makes no folder and no lock where there is nothing to do.
func (f *File) tidy() {
	if len(leftovers(f.target())) == 0 {
		return
	}
	l := flock.New(f.target()+".lock", flock.SetPermissions(0o600))
	if locked, _ := l.TryLock(); locked {
		removeAll(leftovers(f.target()))
		_ = l.Unlock()
	}
}

// writable reports why the file could not be replaced now, nil if it could.
func (f *File) writable(ctx context.Context) error {
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if info, err := os.Lstat(f.backupPath()); f.backup && err == nil && info.IsDir() {
		return fmt.Errorf("%s is a folder, and the copy of the factor file belongs there; move it away", f.backupPath())
	}
	// Named as the temporary files are, so that a left-over is found.
	t, err := os.CreateTemp(filepath.Dir(f.target()), "."+filepath.Base(f.target())+"*")
	if err != nil {
		return f.explain("write beside", err)
	}
	return f.explain("write beside", errors.Join(t.Close(), os.Remove(t.Name())))
}

// explain says what was tried with which file, and what to do.
func (f *File) explain(tried string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("can't %s %s: no permission; make it yours, or name another file with --store: %w", tried, f.path, err)
	}
	return fmt.Errorf("can't %s %s: %w", tried, f.path, err)
}
