//go:build unix

package store

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What is not a regular file where the lock or the backup belongs is not opened: no
// link is followed, and nothing waits for the other end of a pipe.
func TestNotARegularFileBeside(t *testing.T) {
	for _, suffix := range []string{".lock", ".bak"} {
		for kind, create := range map[string]func(target, path string) error{
			"a symbolic link":    os.Symlink,
			"not a regular file": func(_, path string) error { return syscall.Mkfifo(path, 0o600) },
			"a folder":           func(_, path string) error { return os.Mkdir(path, 0o700) },
		} {
			t.Run(suffix+" "+kind, func(t *testing.T) {
				path := newPath(t)
				target := filepath.Join(t.TempDir(), "target")
				s := open(t, path)
				write(t, target, "precious")
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), create(target, path+suffix)); err != nil {
					t.Fatal(err)
				}
				before, err := os.Lstat(path + suffix)
				if err != nil {
					t.Fatal(err)
				}
				want := path + suffix + " is " + kind
				for what, do := range map[string]func() error{
					"ready": func() error { return s.Ready(ctx) },
					"put":   func() error { _, err := s.Put(ctx, Record{Factor: sms(1)}); return err },
					"restore": func() error {
						_, err := RestoreBackup(ctx, Options{Path: path, Environment: "local"})
						return err
					},
				} {
					done := inBackground(do)
					select {
					case err := <-done:
						if err == nil || !strings.Contains(err.Error(), want) {
							t.Errorf("%s: %v, want %q", what, err, want)
						}
					case <-time.After(10 * time.Second):
						t.Fatalf("%s waits", what)
					}
				}
				after, err := os.Lstat(path + suffix)
				if err != nil || !os.SameFile(before, after) || read(t, target) != "precious" {
					t.Errorf("touched: %v, %v, %q", after, err, read(t, target))
				}
			})
		}
	}
}

func inBackground(do func() error) <-chan error {
	done := make(chan error, 1)
	go func() { done <- do() }()
	return done
}

// A lock that is another name of somebody's file takes the lock, but not the file.
func TestLockIsNotTruncated(t *testing.T) {
	path := newPath(t)
	other := filepath.Join(t.TempDir(), "other")
	write(t, other, "precious")
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.Link(other, path+".lock")); err != nil {
		t.Skip("no hard links here:", err)
	}
	put(t, open(t, path), sms(1))
	if got := read(t, other); got != "precious" {
		t.Errorf("it became %q", got)
	}
}

// Where an empty file can be written but no factor, nothing is ready for one. The
// limit of a process stands for a full disk.
func TestReadyNeedsRoom(t *testing.T) {
	path, _ := many(t, 300)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for limit, want := range map[string]string{"unlimited": "<nil>", "20": "can't write beside " + path} { // blocks of 512 or 1024 bytes
		cmd := exec.Command("sh", "-c", "ulimit -f "+limit+` && exec "$0"`, self)
		cmd.Env = append(os.Environ(), readyPath+"="+path)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), want) {
			t.Errorf("limit %s: %v, %s, want %q", limit, err, out, want)
		}
	}
	for _, name := range names(t, filepath.Dir(path)) {
		if strings.HasPrefix(name, ".") {
			t.Errorf("left behind is %s", name)
		}
	}
}
