package store

import (
	"bytes"
	"context"
	"crypto/rand"
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
)

// lockPatience is how long a change waits for another window's.
const lockPatience = 5 * time.Second

// maxSize is the largest file that is read, in bytes: several hundred thousand
// factors.
const maxSize = 256 << 20

// File is a small file that is replaced whole: never half written, never by two
// windows at once. Only its owner can read it.
type File struct {
	path     string
	patience time.Duration    // how long to wait for the lock
	backup   bool             // write a backup of each content
	beside   bool             // it is beside another file: no link leads to it
	flag     string           // the flag that names the file, for errors
	waiting  func(string)     // is told what is waited for; may be nil
	now      func() time.Time // names what is put aside
	sweep    sync.Once        // of left-over temporary files, under the first lock
}

// NewFile names a file. It does no I/O.
func NewFile(path string) *File {
	return &File{path: path, patience: lockPatience, flag: "--store", now: time.Now}
}

// NamedBy sets the flag that names another file, for errors; it is --store otherwise.
func (f *File) NamedBy(flag string) { f.flag = flag }

// OnWait sets what is called, before the first change, when a change has waited a
// while for another process and goes on waiting.
func (f *File) OnWait(tell func(text string)) { f.waiting = tell }

// Backup is the backup of the file, to read.
func (f *File) Backup() *File {
	return &File{path: f.backupPath(), patience: f.patience, beside: true, flag: f.flag, now: f.now}
}

// Path is where the file is.
func (f *File) Path() string { return f.path }

// Read returns the content, nil if there is no file.
func (f *File) Read() ([]byte, error) {
	_, data, err := f.read()
	return data, err
}

// read also returns the file's state from before it was read, nil if there is no
// file.
func (f *File) read() (fs.FileInfo, []byte, error) {
	stat := os.Stat
	if f.beside {
		stat = os.Lstat
	}
	info, err := stat(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, f.nowhere()
	}
	if err != nil {
		return nil, nil, f.explain("read", err)
	}
	if err := f.suits(info); err != nil {
		return nil, nil, err
	}
	data, err := readFile(f.path, !f.beside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, f.nowhere() // removed meanwhile
	}
	return info, data, f.explain("read", err)
}

// nowhere is about a file that does not exist. That is fine, unless the path is a
// symbolic link, whose target may be missing by mistake.
func (f *File) nowhere() error {
	if _, err := os.Lstat(f.path); err != nil {
		return nil
	}
	return fmt.Errorf("%s is a symbolic link to nowhere; fix it, or name another file with %s", f.path, f.flag)
}

// suits reports why a file of this kind is not read or replaced.
func (f *File) suits(info fs.FileInfo) error {
	if f.beside {
		if err := ours(f.path, info); err != nil {
			return err
		}
	}
	switch {
	case info.IsDir():
		return fmt.Errorf("%s is a folder; name a file with %s", f.path, f.flag)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a regular file; name another one with %s", f.path, f.flag)
	case foreign(info): // replacing it would take it away from its owner
		return fmt.Errorf("%s belongs to another user; run mfa-tui as that user, or name another file with %s", f.path, f.flag)
	}
	return f.fits(info.Size())
}

// free reports why a name beside the file can't be used, nil if nothing or a regular
// file has it. Nothing else is opened: a link would lead away, a pipe would wait.
func free(path string) error {
	info, err := os.Lstat(path)
	if err != nil { // none, or what is done next says why
		return nil
	}
	return ours(path, info)
}

// ours is free for what is known to be there.
func ours(path string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%s is %s, and mfa-tui needs this name for a file of its own; move it away", path, kind(info))
}

// kind says what something is that is no regular file.
func kind(info fs.FileInfo) string {
	switch {
	case info.IsDir():
		return "a folder"
	case info.Mode()&fs.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "not a regular file"
}

// fits reports whether a content is too large to be read back.
func (f *File) fits(size int64) error {
	if size <= maxSize {
		return nil
	}
	return fmt.Errorf("%s: %d MB are more than the %d MB that mfa-tui works with; name another file with %s",
		f.path, size>>20, maxSize>>20, f.flag)
}

// Update changes the content under a lock that other windows respect. change gets
// the content, nil if there is no file, and returns the new one, or nil to leave it
// as it is. When Update returns nil, the new content is on the disk.
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
	var replaced []byte
	if f.backup { // else old need not stay in memory while change works
		replaced = old
	}
	data, err := change(old)
	if err != nil || data == nil {
		return err
	}
	if err := f.fits(int64(len(data))); err != nil {
		return err
	}
	if f.backup {
		if err := f.writeBackup(replaced, data); err != nil {
			return err
		}
	}
	return f.explain("write", ReplaceFile(f.target(), data))
}

// MoveTo moves the content to another file. The error is [fs.ErrNotExist] if there is
// none, and [fs.ErrExist] if the other file has another one: then both stay as they are.
// The same content is there if a move was cut off.
func (f *File) MoveTo(ctx context.Context, to *File) error {
	return f.Update(ctx, func(data []byte) ([]byte, error) {
		if data == nil {
			return nil, fs.ErrNotExist
		}
		err := to.Update(ctx, func(old []byte) ([]byte, error) {
			switch {
			case bytes.Equal(old, data):
				return nil, nil
			case old != nil:
				return nil, fs.ErrExist
			}
			return data, nil
		})
		if err != nil {
			return nil, err
		}
		return nil, f.explain("remove", os.Remove(f.path))
	})
}

// target is the file that the path leads to. The lock, the backup and so on are
// beside the target, so that windows share them whichever link they use.
func (f *File) target() string { return Target(f.path) }

// Target is the file that a path leads to, if it is a symbolic link: what belongs to a
// [File] is beside that.
func Target(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	return path
}

// Claim takes the file for a program that goes on using it, until release or the end of
// the process. Another one can't claim it meanwhile, and does not wait. It can read and
// change the file: this lock is another one than that of Update.
func (f *File) Claim() (release func(), err error) {
	l, err := f.lockNamed(".serve")
	if err != nil {
		return nil, err
	}
	switch claimed, err := l.TryLock(); {
	case err != nil:
		return nil, f.explain("lock", err)
	case !claimed:
		return nil, fmt.Errorf("%s is in use by another mfa-tui%s; end it, or name another file with %s", f.path, holder(l.Path()), f.flag)
	}
	leaveNumber(l)
	return func() { _ = l.Unlock() }, nil
}

// lockNamed is a lock of the file, not taken yet, in a folder that is there.
func (f *File) lockNamed(name string) (*flock.Flock, error) {
	target := f.target()
	dir := filepath.Dir(target)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, f.explain("make the folder of", err)
	}
	closeFolder(dir)
	return newLock(target + name)
}

// lock takes the lock, and waits for it for a time.
func (f *File) lock(ctx context.Context) (unlock func(), err error) {
	l, err := f.lockNamed("")
	if err != nil {
		return nil, err
	}
	silence := f.patience / 5
	err = wait(ctx, l, silence)
	if errors.Is(err, errHeld) {
		if f.waiting != nil {
			f.waiting(fmt.Sprintf("%s is locked by another mfa-tui%s; waiting for it, %s at most", f.path, holder(l.Path()), f.patience-silence))
		}
		err = wait(ctx, l, f.patience-silence)
	}
	switch {
	case errors.Is(err, errHeld):
		return nil, fmt.Errorf("%s has been locked by another mfa-tui%s for more than %s; look for one that hangs and end it",
			f.path, holder(l.Path()), f.patience)
	case err != nil:
		return nil, f.explain("lock", err)
	}
	leaveNumber(l)
	f.sweep.Do(func() { removeAll(leftovers(f.target())) })
	return func() { _ = l.Unlock() }, nil // the end of the process would unlock it too
}

// newLock is the lock of a file, not taken yet.
func newLock(target string) (*flock.Flock, error) {
	path := target + ".lock"
	if err := free(path); err != nil {
		return nil, err
	}
	return flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|unfollowed), flock.SetPermissions(0o600)), nil
}

// errHeld is the error of waiting in vain for a lock.
var errHeld = errors.New("it is locked")

// wait takes a lock, or waits for it for a time.
func wait(ctx context.Context, l *flock.Flock, patience time.Duration) error {
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	const pause = 2 * time.Millisecond
	_, err := l.TryLockContext(waiting, pause)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return errHeld
	}
	return err
}

// The number of a process is behind the first byte of the file of a lock. That byte is
// what is locked, and on Windows nobody else can read it then.
const numberAt, numberWidth = 1, 19

// leaveNumber leaves the number of this process in the file of a lock, unless that
// has another content, which may be anybody's. The number only improves messages, so a
// failure does no harm.
func leaveNumber(l *flock.Flock) {
	locked, err := l.Stat()
	if err != nil {
		return
	}
	file, err := os.OpenFile(l.Path(), os.O_RDWR|unfollowed, 0)
	if err != nil {
		return
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !os.SameFile(info, locked) {
		return
	}
	if _, number := numberIn(file); !number && info.Size() > 0 {
		return
	}
	_, _ = file.WriteAt(fmt.Appendf(nil, "%-*d", numberWidth, os.Getpid()), numberAt)
}

// numberIn reads the number of a process, if the file has one and nothing else.
func numberIn(file *os.File) (pid int, ok bool) {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() != numberAt+numberWidth {
		return 0, false
	}
	data := make([]byte, numberWidth)
	if _, err := file.ReadAt(data, numberAt); err != nil {
		return 0, false
	}
	pid, err = strconv.Atoi(strings.TrimSpace(string(data)))
	return pid, err == nil
}

// holder names the process that has the lock, if it left its number.
func holder(path string) string {
	file, err := os.OpenFile(path, os.O_RDONLY|unfollowed, 0)
	if err != nil {
		return ""
	}
	defer file.Close()
	if pid, ok := numberIn(file); ok {
		return fmt.Sprintf(" (process %d)", pid)
	}
	return ""
}

// leftovers are the temporary files of processes that were killed while they wrote.
// Only under the lock it is certain that nobody is still writing them.
func leftovers(target string) []string {
	dir, base := filepath.Split(target)
	entries, _ := os.ReadDir(filepath.Clean(dir + ".")) // in a folder that can't be read, there is nothing to do
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

// tidy removes leftovers, unless another window is busy just now. Where there is
// nothing to do, it makes no folder and no lock.
func (f *File) tidy() {
	if len(leftovers(f.target())) == 0 {
		return
	}
	l, err := newLock(f.target())
	if err != nil {
		return // the first change says why
	}
	if locked, _ := l.TryLock(); locked {
		removeAll(leftovers(f.target()))
		_ = l.Unlock()
	}
}

// writable reports why the file can't be replaced now by one of this size, nil if it
// can. It writes as much as that, since an empty file fits on a full disk.
func (f *File) writable(ctx context.Context, size int) error {
	unlock, err := f.lock(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if f.backup {
		if err := free(f.backupPath()); err != nil {
			return err
		}
	}
	probe := make([]byte, size)
	_, _ = rand.Read(probe) // never fails; nothing that a file system could compress
	// Named as the temporary files are, so that a leftover is found.
	t, err := os.CreateTemp(filepath.Dir(f.target()), "."+filepath.Base(f.target())+"*")
	if err != nil {
		return f.explain("write beside", err)
	}
	if err := fill(t, probe); err != nil {
		return f.explain("write beside", err)
	}
	return f.explain("write beside", os.Remove(t.Name()))
}

// explain says what was tried with which file, and what to do.
func (f *File) explain(tried string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("can't %s %s: no permission; make it yours, or name another file with %s: %w", tried, f.path, f.flag, err)
	}
	return fmt.Errorf("can't %s %s: %w", tried, f.path, err)
}
