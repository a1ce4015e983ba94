package store

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// A file that vanishes, alone or with its folder, empties no list that is open, and no
// change begins a new file. It is written back as it was, with what came after it.
func TestVanished(t *testing.T) {
	for name, remove := range map[string]func(path string) error{
		"file":             os.Remove,
		"file with backup": func(path string) error { return errors.Join(os.Remove(path), os.Remove(path+".bak")) },
		"folder":           func(path string) error { return os.RemoveAll(filepath.Dir(path)) },
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			put(t, openWith(t, Options{Path: path, Environment: "client_1"}), totp(7))
			before := open(t, path)
			put(t, before, totp(1), sms(2))
			write(t, path, `{"new":[1],`+read(t, path)[1:]) // a field that only a later version knows
			s := open(t, path)
			want := read(t, path)
			if err := remove(path); err != nil {
				t.Fatal(err)
			}
			left := s.Records()

			var gone *VanishedError
			if changed, err := s.Reload(); !changed || !errors.As(err, &gone) || gone.Path != path {
				t.Fatalf("Reload says %v, %v", changed, err)
			}
			if changed, err := s.Reload(); changed || !errors.As(err, &gone) {
				t.Errorf("the second Reload says %v, %v", changed, err)
			}
			if err := s.Ready(ctx); !errors.As(err, &gone) {
				t.Errorf("Ready says %v", err)
			}
			if _, err := s.Move(ctx, "client_1", "client_2"); !errors.As(err, &gone) {
				t.Errorf("Move says %v", err)
			}
			if s.Vanished() == nil || !slices.Equal(ids(s.Records()), ids(left)) {
				t.Errorf("vanished is %v, the list is %v", s.Vanished(), ids(s.Records()))
			}
			if _, err := os.Stat(filepath.Dir(path)); name == "folder" && err == nil {
				t.Error("the folder was made again")
			}

			if err := s.WriteBack(ctx); err != nil || s.Vanished() != nil {
				t.Fatalf("WriteBack says %v, vanished is %v", err, s.Vanished())
			}
			if got := read(t, path); got != want {
				t.Errorf("written back is\n%s\nwant\n%s", got, want)
			}
			if err := s.Ready(ctx); err != nil {
				t.Error(err)
			}
		})
	}
}

// What is changed while the file is gone is not lost, and comes back with it.
func TestChangedWhileVanished(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1), totp(2))
	if err := os.RemoveAll(filepath.Dir(path)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetLabel(ctx, totp(1).ID, "mine"); !errors.As(err, new(*VanishedError)) {
		t.Fatalf("the change says %v", err)
	}
	if len(s.Unsaved()) != 1 || len(s.Records()) != 2 || s.Vanished() == nil {
		t.Errorf("unsaved are %v, records %v", ids(s.Unsaved()), ids(s.Records()))
	}
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("the change made the folder again")
	}
	if err := s.WriteBack(ctx); err != nil || len(s.Unsaved()) != 0 {
		t.Fatalf("WriteBack says %v, unsaved are %v", err, ids(s.Unsaved()))
	}
	if r, _ := open(t, path).Record(totp(1).ID); r.Label != "mine" {
		t.Errorf("the label is %q", r.Label)
	}
	if err := errors.Join(os.Remove(path), s.WriteBack(ctx)); err != nil {
		t.Fatal(err)
	}
	if aside, _ := filepath.Glob(path + ".bak-*"); len(aside) > 0 { // it would keep secrets that are erased later
		t.Errorf("the same backup is kept twice: %v", aside)
	}
}

// A file that comes back by itself is read again, as it is then, and WriteBack replaces
// no file that is there.
func TestVanishedAndBack(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1))
	for _, change := range []func(){
		func() {},
		func() { put(t, open(t, path+".away"), totp(2)) },
	} {
		if err := os.Rename(path, path+".away"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Reload(); !errors.As(err, new(*VanishedError)) {
			t.Fatalf("Reload says %v", err)
		}
		change()
		if err := os.Rename(path+".away", path); err != nil {
			t.Fatal(err)
		}
		if changed, err := s.Reload(); !changed || err != nil || s.Vanished() != nil {
			t.Errorf("Reload says %v, %v", changed, err)
		}
	}
	if err := s.WriteBack(ctx); err != nil || len(s.Records()) != 2 {
		t.Errorf("WriteBack says %v, and the list has %v", err, ids(s.Records()))
	}
}

// A first start without a file has nothing to miss.
func TestNeverThere(t *testing.T) {
	s := open(t, newPath(t))
	if _, err := s.Reload(); err != nil || s.Vanished() != nil {
		t.Errorf("Reload says %v, vanished is %v", err, s.Vanished())
	}
	put(t, s, totp(1))
}

// A change finds out that the file is gone. When the very file is moved back, with the
// same time and size, it is found there.
func TestMovedBackAfterAChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "factors.json")
	put(t, open(t, path), totp(1))
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	away := path + ".away"
	if err := os.Rename(path, away); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SetLabel(t.Context(), totp(1).ID, "one"); !errors.As(err, new(*VanishedError)) {
		t.Fatalf("the change says %v", err)
	}
	if err := os.Rename(away, path); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reload(); err != nil || s.Vanished() != nil {
		t.Errorf("Reload says %v, vanished is %v", err, s.Vanished())
	}
}
