package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

func set(text string) func([]byte) ([]byte, error) {
	return func([]byte) ([]byte, error) { return []byte(text), nil }
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestFile(t *testing.T) {
	f := NewFile(filepath.Join(t.TempDir(), "a", "b", "state.json"))
	if data, err := f.Read(); data != nil || err != nil {
		t.Errorf("no file: %q, %v", data, err)
	}
	var given []string
	for _, text := range []string{"one", "two"} {
		err := f.Update(ctx, func(old []byte) ([]byte, error) {
			given = append(given, fmt.Sprintf("%q %t", old, old == nil))
			return []byte(text), nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{`"" true`, `"one" false`}; !slices.Equal(given, want) {
		t.Errorf("given %v, want %v", given, want)
	}
	if err := f.Update(ctx, func([]byte) ([]byte, error) { return nil, nil }); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	if err := f.Update(ctx, func([]byte) ([]byte, error) { return []byte("x"), refused }); !errors.Is(err, refused) {
		t.Errorf("the error of the change is %v", err)
	}
	if data, err := f.Read(); string(data) != "two" || err != nil {
		t.Errorf("at the end: %q, %v", data, err)
	}
	if got := names(t, filepath.Dir(f.Path())); !slices.Equal(got, []string{"state.json", "state.json.lock"}) {
		t.Errorf("the folder holds %v", got)
	}
}

func TestLockHasAnEnd(t *testing.T) {
	f := NewFile(newPath(t))
	if err := f.Update(ctx, set("x")); err != nil { // leaves the number of this process
		t.Fatal(err)
	}
	other := flock.New(f.Path() + ".lock")
	if ok, err := other.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	f.patience = 10 * time.Millisecond
	told := ""
	f.OnWait(func(text string) { told += text })
	defer func() {
		if want := fmt.Sprintf("%s is locked by another mfa-tui (process %d); waiting for it, 8ms at most", f.Path(), os.Getpid()); told != want {
			t.Errorf("told %q, want %q", told, want)
		}
	}()
	err := f.Update(ctx, set("y"))
	for _, want := range []string{f.Path(), "another mfa-tui", fmt.Sprintf("(process %d)", os.Getpid()), "end it"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	f.patience = time.Hour
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := f.Update(cancelled, set("y")); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if err := other.Unlock(); err != nil {
		t.Fatal(err)
	}
	if err := f.Update(ctx, set("y")); err != nil {
		t.Error(err)
	}
}

// The advice names the flag that the file was named with.
func TestNamedBy(t *testing.T) {
	path := t.TempDir()
	f := NewFile(path)
	f.NamedBy("--state")
	if _, err := f.Read(); err == nil || err.Error() != path+" is a folder; name a file with --state" {
		t.Errorf("the error is %v", err)
	}
}

// What is no file of one's own is refused with what to do, and left alone.
func TestUnfitFiles(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links and owners are other things there")
	}
	tests := []struct {
		name, want string
		make       func(path string) error
	}{
		{"folder", "is a folder; name a file with --store", func(p string) error { return os.Mkdir(p, 0o700) }},
		{"dangling link", "symbolic link to nowhere; fix it", func(p string) error { return os.Symlink(p+".none", p) }},
		{"device", "not a regular file", func(p string) error { return os.Symlink("/dev/zero", p) }},
		{"too large", "257 MB are more than the 256 MB", func(p string) error {
			return errors.Join(os.WriteFile(p, nil, 0o600), os.Truncate(p, 257<<20))
		}},
		{"folder is a file", "can't read", func(p string) error {
			return errors.Join(os.Remove(filepath.Dir(p)), os.WriteFile(filepath.Dir(p), nil, 0o600))
		}},
	}
	if os.Geteuid() == 0 {
		tests = append(tests, struct {
			name, want string
			make       func(path string) error
		}{"of another user", "belongs to another user", func(p string) error {
			return errors.Join(os.WriteFile(p, []byte("{}"), 0o644), os.Chown(p, 12345, 12345))
		}})
	} else {
		tests = append(tests, struct {
			name, want string
			make       func(path string) error
		}{"no permission", "no permission; make it yours", func(p string) error { return os.WriteFile(p, nil, 0) }})
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := newPath(t)
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), test.make(path)); err != nil {
				t.Fatal(err)
			}
			before, _ := os.Lstat(path)
			_, openErr := Open(Options{Path: path, Environment: "local"})
			_, restoreErr := RestoreBackup(ctx, Options{Path: path, Environment: "local"})
			for what, err := range map[string]error{
				"open": openErr, "update": NewFile(path).Update(ctx, set("x")), "restore": restoreErr,
			} {
				if err == nil || !strings.Contains(err.Error(), path) && !strings.Contains(err.Error(), filepath.Dir(path)) {
					t.Errorf("%s: %v", what, err)
				} else if what == "open" && !strings.Contains(err.Error(), test.want) {
					t.Errorf("%q is not in: %v", test.want, err)
				}
			}
			if after, _ := os.Lstat(path); before != nil && (!os.SameFile(before, after) || before.Mode() != after.Mode()) {
				t.Error("it was touched")
			}
		})
	}
}

// Dotfiles: the link stays, and windows that came by the link and by the name
// itself share one lock and one copy.
func TestSymlinkStays(t *testing.T) {
	target := newPath(t)
	put(t, open(t, target), totp(1))
	link := filepath.Join(t.TempDir(), "link.json")
	for from, to := range map[string]string{link: filepath.Join(filepath.Dir(link), "second"), filepath.Join(filepath.Dir(link), "second"): target} {
		if err := os.Symlink(to, from); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	s := open(t, link)
	put(t, s, totp(2))
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is now %v, %v", info, err)
	}
	if n := len(open(t, target).Records()); n != 2 {
		t.Errorf("the target has %d factors", n)
	}
	if read(t, target) != read(t, target+".bak") {
		t.Error("the copy is not beside the target")
	}
	if got := names(t, filepath.Dir(link)); !slices.Equal(got, []string{"link.json", "second"}) {
		t.Errorf("beside the link is %v", got)
	}
}

// Windows lets nobody read a byte that is locked, and flock locks the first one: the
// number of the process is behind it.
func TestNumberIsNotLocked(t *testing.T) {
	f := NewFile(newPath(t))
	if err := f.Update(ctx, set("x")); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadFile(f.Path() + ".lock")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("\x00%-19d", os.Getpid()); string(left) != want {
		t.Errorf("in the file of the lock is %q, want %q", left, want)
	}
}

func TestPermissions(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are another thing there")
	}
	path := newPath(t)
	dir := filepath.Dir(path)
	put(t, open(t, path), totp(1))
	check := func(when string) {
		t.Helper()
		for p, want := range map[string]os.FileMode{path: 0o600, path + ".bak": 0o600, path + ".lock": 0o600, dir: 0o700} {
			if info, err := os.Stat(p); err != nil || info.Mode().Perm() != want {
				t.Errorf("%s: %s has %v, %v", when, p, info.Mode(), err)
			}
		}
	}
	loosen := func() {
		t.Helper()
		if err := errors.Join(os.Chmod(path, 0o644), os.Chmod(path+".bak", 0o640), os.Chmod(dir, 0o755)); err != nil {
			t.Fatal(err)
		}
	}
	check("new")
	loosen()
	s := open(t, path)
	check("opened")
	if n := s.Notice(); !strings.Contains(n, path) || !strings.Contains(n, "mode 0644") {
		t.Errorf("the person is told %q", n)
	}
	if n := open(t, path).Notice(); n != "" {
		t.Errorf("the person is told again: %q", n)
	}
	loosen()
	put(t, s, totp(2))
	check("written")

	// A folder that is not mfa-tui's own is the person's business.
	home := filepath.Join(t.TempDir(), "home")
	if err := errors.Join(os.Mkdir(home, 0o755), os.Chmod(home, 0o755)); err != nil {
		t.Fatal(err)
	}
	put(t, open(t, filepath.Join(home, "factors.json")), totp(1))
	if info, _ := os.Stat(home); info.Mode().Perm() != 0o755 {
		t.Errorf("the permissions of a folder of the person's are now %v", info.Mode())
	}
}

func TestLeftoversAreRemoved(t *testing.T) {
	path := newPath(t)
	dir := filepath.Dir(path)
	put(t, open(t, path), totp(1))
	others := []string{".factors.json.swp", ".factors.json.local12", "factors.json12", ".factors.jsonx1", "notes"}
	for _, name := range append(others, ".factors.json1234567", ".factors.json.bak42") {
		write(t, filepath.Join(dir, name), secret)
	}
	if err := os.Mkdir(filepath.Join(dir, ".factors.json99"), 0o700); err != nil {
		t.Fatal(err)
	}
	others = append(others, ".factors.json99", "factors.json", "factors.json.bak", "factors.json.lock")
	slices.Sort(others)

	l := flock.New(path + ".lock")
	if ok, err := l.TryLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	open(t, path)
	if n := len(names(t, dir)); n != len(others)+2 {
		t.Error("removed while another window may have been writing")
	}
	if err := l.Unlock(); err != nil {
		t.Fatal(err)
	}
	open(t, path)
	if got := names(t, dir); !slices.Equal(got, others) {
		t.Errorf("left are %v, want %v", got, others)
	}
	// A file that is not opened as a store is tidied by its first change.
	write(t, filepath.Join(dir, ".state.json7"), secret)
	if err := NewFile(filepath.Join(dir, "state.json")).Update(ctx, set("x")); err != nil {
		t.Fatal(err)
	}
	if slices.Contains(names(t, dir), ".state.json7") {
		t.Error("a left-over of another file stayed")
	}
}

func TestReady(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := s.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if got := names(t, filepath.Dir(path)); !slices.Equal(got, []string{"factors.json.lock"}) {
		t.Errorf("left behind are %v", got)
	}
	if err := os.Mkdir(path+".bak", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := s.Ready(ctx); err == nil || !strings.Contains(err.Error(), path+".bak") {
		t.Errorf("a folder where the copy belongs: %v", err)
	}
}

// A file that could be written is written, also where folders can't be synced.
func TestFolderThatCannotSync(t *testing.T) {
	const dir = "/proc/self"
	d, err := os.Open(dir)
	if err != nil {
		t.Skip("no such folder here:", err)
	}
	defer d.Close()
	if d.Sync() == nil {
		t.Skip("it can be synced here")
	}
	if err := syncFolder(dir); err != nil {
		t.Error(err)
	}
}

// A content is moved to where there is none, and otherwise stays.
func TestMoveTo(t *testing.T) {
	dir := t.TempDir()
	from, to := NewFile(filepath.Join(dir, "from.json")), NewFile(filepath.Join(dir, "to.json"))
	if err := from.MoveTo(ctx, to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("nothing is moved: %v", err)
	}
	fill := func(text string) {
		t.Helper()
		if err := from.Update(ctx, set(text)); err != nil {
			t.Fatal(err)
		}
	}
	fill("a")
	if err := from.MoveTo(ctx, to); err != nil {
		t.Fatal(err)
	}
	if data, err := from.Read(); data != nil || err != nil {
		t.Errorf("%q is still there, %v", data, err)
	}
	fill("b")
	if err := from.MoveTo(ctx, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a content is moved over another one: %v", err)
	}
	if read(t, from.Path()) != "b" || read(t, to.Path()) != "a" {
		t.Errorf("the contents are %q and %q", read(t, from.Path()), read(t, to.Path()))
	}
	fill("a") // as if a move had been cut off
	if err := from.MoveTo(ctx, to); err != nil {
		t.Error(err)
	}
	if data, err := from.Read(); data != nil || err != nil || read(t, to.Path()) != "a" {
		t.Errorf("%q is still there, %v", data, err)
	}
}

// A file that can't be filled is not left behind empty.
func TestCreateFileFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), strings.Repeat("x", 250)) // no room for the name of the temporary file
	if err := CreateFile(path, []byte("1")); err == nil {
		t.Error("no error")
	}
	if got := names(t, filepath.Dir(path)); len(got) > 0 {
		t.Errorf("left behind: %v", got)
	}
}
