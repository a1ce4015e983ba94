//go:build linux

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The viewer gets a picture that only the person can read, writes nothing on the
// terminal, and the picture is gone afterwards.
func TestOpenPNG(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	work := t.TempDir()
	t.Chdir(work)
	viewer := func(script string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	seen := filepath.Join(dir, "seen")
	// A viewer that does not end keeps what it was started with.
	viewer(`f="${1#file://}"; { cat "$f"; stat -c ' %a' "$f" "$(dirname "$f")"; echo "$f"; readlink /proc/$$/fd/1 /proc/$$/fd/2; } >` + seen)
	for _, e := range []environ{{}, {"XDG_RUNTIME_DIR": dir}, {"XDG_RUNTIME_DIR": filepath.Join(dir, "none")}, {"XDG_RUNTIME_DIR": "."}} {
		remove, err := openPNG(e, []byte("picture"))
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(seen)
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.TrimSpace(string(data)), "\n")
		if len(got) != 5 || got[0] != "picture 600" || got[1] != " 700" || got[3] != seen || got[4] != os.DevNull {
			t.Errorf("%v: the viewer saw %q", e, got)
			continue
		}
		if in := e["XDG_RUNTIME_DIR"]; in == dir && !strings.HasPrefix(got[2], dir) {
			t.Errorf("the picture was in %s, not in %s", got[2], in)
		}
		if !filepath.IsAbs(got[2]) || filepath.Dir(filepath.Dir(got[2])) == work {
			t.Errorf("%v: the picture was in the working folder: %s", e, got[2])
		}
		if err := remove(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(filepath.Dir(got[2])); !os.IsNotExist(err) {
			t.Errorf("the folder is still there: %v", err)
		}
	}
	viewer("exit 3")
	remove, err := openPNG(environ{}, nil)
	if err == nil {
		t.Error("a viewer that fails is no error")
	}
	if err := remove(); err != nil {
		t.Error(err)
	}
}
