package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// linked is a factor file, and a link to it in another folder.
func linked(t *testing.T) (target, link string) {
	t.Helper()
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	target, link = filepath.Join(folder, "target", "factors.json"), filepath.Join(folder, "link", "list.json")
	for _, path := range []string{target, link} {
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	enrollIn(t, target)
	if err := os.Remove(enginePath(target)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	return target, link
}

// openAt is the program with a factor file on the local engine.
func openAt(t *testing.T, path string) *app {
	t.Helper()
	a, err := newApp(config{mode: factors.Local, environment: "local", storePath: path})
	if err != nil || a.storeErr != nil {
		t.Fatal(err, a.storeErr)
	}
	return a
}

// enrollIn enrolls a factor and returns its id.
func enrollIn(t *testing.T, path string) string {
	t.Helper()
	done, err := openAt(t, path).Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, "")
	if err != nil || done.SaveErr != nil {
		t.Fatal(err, done.SaveErr)
	}
	return done.Record.ID
}

// knows fails unless the local engine of a factor file knows a factor.
func knows(t *testing.T, path, id string) {
	t.Helper()
	if _, err := openAt(t, path).API.GetFactor(t.Context(), workos.GetFactorOpts{FactorID: id}); err != nil {
		t.Errorf("by %s: %v", path, err)
	}
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// A factor file has one engine, whether a link leads to it or not.
func TestEngineOfLink(t *testing.T) {
	target, link := linked(t)
	id := enrollIn(t, link)
	knows(t, link, id)
	knows(t, target, id)
	if exists(enginePath(link)) || !exists(enginePath(target)) {
		t.Error("the engine's file is not beside the target alone")
	}
}

// An engine's file that an older version has left beside the link is moved.
func TestEngineBesideLinkMoves(t *testing.T) {
	target, link := linked(t)
	id := enrollIn(t, target)
	if err := os.Rename(enginePath(target), enginePath(link)); err != nil {
		t.Fatal(err)
	}
	if told := openAt(t, link).notices(); !strings.Contains(told, "moved from "+enginePath(link)+" to "+enginePath(target)) {
		t.Errorf("told %q", told)
	}
	if exists(enginePath(link)) {
		t.Error("the old file is still there")
	}
	knows(t, target, id)
	if told := openAt(t, link).notices(); told != "" {
		t.Errorf("told %q again", told)
	}
}

// A move that was cut off goes on: else the program would tell of two files for ever.
func TestEngineHalfMoved(t *testing.T) {
	target, link := linked(t)
	id := enrollIn(t, target)
	writeFile(t, enginePath(link), contentOf(t, enginePath(target)))
	if told := openAt(t, link).notices(); !strings.Contains(told, "was moved from ") || exists(enginePath(link)) {
		t.Errorf("told %q", told)
	}
	knows(t, link, id)
}

// Where the target has another engine's file, the one beside the link stays as it is and is named.
func TestEngineBesideLinkAndTarget(t *testing.T) {
	target, link := linked(t)
	id := enrollIn(t, target)
	data, err := os.ReadFile(enginePath(target))
	if err != nil {
		t.Fatal(err)
	}
	data = append(data, '\n')
	if err := os.WriteFile(enginePath(link), data, 0o600); err != nil {
		t.Fatal(err)
	}
	knows(t, link, id)
	if told := openAt(t, link).notices(); !strings.Contains(told, enginePath(link)+" beside the link is not used") {
		t.Errorf("told %q", told)
	}
	if kept, err := os.ReadFile(enginePath(link)); err != nil || string(kept) != string(data) {
		t.Errorf("it became %q, %v", kept, err)
	}
}

// The engine's file may be linked too: then it is one file, and nothing moves.
func TestEngineLinkedToo(t *testing.T) {
	target, link := linked(t)
	id := enrollIn(t, target)
	if err := os.Symlink(enginePath(target), enginePath(link)); err != nil {
		t.Fatal(err)
	}
	knows(t, link, id)
	if told := openAt(t, link).notices(); told != "" || !exists(enginePath(link)) {
		t.Errorf("told %q", told)
	}
}

// What is no state of an engine is not moved, and refused where it is.
func TestForeignFileBesideLinkStays(t *testing.T) {
	target, link := linked(t)
	if err := os.WriteFile(enginePath(link), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	a := openAt(t, link)
	if _, err := a.engine.Messages(t.Context()); err == nil || !strings.Contains(err.Error(), enginePath(link)+" is not a state file") {
		t.Errorf("the engine: %v", err)
	}
	if !strings.Contains(a.notices(), "stays beside the link") || exists(enginePath(target)) || !exists(enginePath(link)) {
		t.Errorf("told %q", a.notices())
	}
}

// An engine's file that can't be moved goes on being used where it is.
func TestEngineBesideLinkStays(t *testing.T) {
	target, link := linked(t)
	id := enrollIn(t, target)
	if err := os.Rename(enginePath(target), enginePath(link)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(filepath.Dir(target), "nowhere"), enginePath(target)); err != nil {
		t.Fatal(err)
	}
	if told := openAt(t, link).notices(); !strings.Contains(told, "stays beside the link") {
		t.Errorf("told %q", told)
	}
	knows(t, link, id)
}
