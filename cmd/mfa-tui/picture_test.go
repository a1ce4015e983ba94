package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The picture holds the secret: it is for the person alone, and only replaces
// another one if that is asked for.
func TestSavePNG(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const name = "auth_factor_1.png"
	save := func(content string, replace bool) error {
		path, err := savePNG(name, []byte(content), replace)
		if filepath.Base(path) != name || !filepath.IsAbs(path) {
			t.Errorf("saved to %q", path)
		}
		return err
	}
	holds := func(want string) {
		t.Helper()
		info, err := os.Stat(name)
		if err != nil || !private(info) {
			t.Errorf("%v, %v", info, err)
		}
		if data, err := os.ReadFile(name); err != nil || string(data) != want {
			t.Errorf("holds %q, %v", data, err)
		}
	}
	if err := save("first", false); err != nil {
		t.Fatal(err)
	}
	holds("first")
	if err := save("second", false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("replaced without being asked: %v", err)
	}
	holds("first")
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := save("third", true); err != nil {
		t.Fatal(err)
	}
	holds("third")
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left %v, %v", entries, err)
	}
	for not, replace := range map[string]bool{".": true, os.DevNull: false} { // a failure must not cost the device
		if _, err := savePNG(not, nil, replace); err == nil || !strings.Contains(err.Error(), "; name another file") {
			t.Errorf("%s is taken for a picture: %v", not, err)
		}
	}
	if _, err := savePNG(filepath.Join("no", "folder.png"), nil, true); err == nil {
		t.Error("saved in a folder that is not there")
	}
}
