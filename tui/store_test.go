package tui

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/diff"

	"mfa-tui/store"
)

// A broken factor file is reported, and one key restores its backup.
func TestRestoreTheCopy(t *testing.T) { restoring(t).press("c").at("code") }

func restoring(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co").press("esc", "esc")
	if err := os.WriteFile(p.path, []byte(`{"version":1,`), 0o600); err != nil {
		t.Fatal(err)
	}
	p.restart(80, 24)
	p.at("storeError").sees("it is cut off", "press b to restore the backup from", "b restore the backup")
	p.press("b").at("factors").sees("Foo a@b.co", "✓ Backup restored", "factors.json.broken-")
	kept, err := filepath.Glob(p.path + ".broken-*")
	if err != nil || len(kept) != 1 {
		t.Fatalf("kept are %v, %v", kept, err)
	}
	return p
}

// Without a copy there is no key for it.
func TestNoCopyToRestore(t *testing.T) {
	p := newPerson(t, 80, 24)
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.restart(80, 24)
	p.at("storeError").seesNo("restore the backup", "press b").press("b").at("storeError")
	if err := os.Remove(p.path); err != nil {
		t.Fatal(err)
	}
	p.press("r").at("factors").sees("No factors on your list yet")
}

// An open window notices what another one has changed with the next key, and
// keeps its selection.
func TestAnotherWindow(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co").press("esc", "esc")
	other, err := p.openStore()
	if err != nil {
		t.Fatal(err)
	}
	p.enrollSMS("+15005550006").press("esc", "down").sees("▌ TOTP")
	id := p.newest().ID
	if _, err := other.Reload(); err != nil {
		t.Fatal(err)
	}
	if _, err := other.SetLabel(t.Context(), id, "their label"); err != nil {
		t.Fatal(err)
	}
	p.press("j").sees("their label", "▌ TOTP")
	if err := other.Forget(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	p.press("j").sees("1 factor", "▌ TOTP").seesNo("their label")
}

// A screen shows what another window writes: it looks like one that is opened
// afterwards.
func TestEveryScreenNoticesAnotherWindow(t *testing.T) {
	for _, tale := range tales {
		if strings.HasPrefix(tale.name, "confirm") || strings.HasPrefix(tale.name, "qr-long") || tale.name == "store-vanished" {
			continue // a question stays as it was asked; a file that was written is there again; the long name is enrolled after the other window wrote
		}
		t.Run(tale.name, func(t *testing.T) {
			t.Parallel()
			open, afterwards := threeFactors(t, 80, 24), threeFactors(t, 80, 24)
			tale.do(open)
			open.inAnotherWindow(labelAll)
			open.send(minuteMsg{})
			afterwards.inAnotherWindow(labelAll)
			afterwards.restart(80, 24)
			tale.do(afterwards)
			if got, want := open.screen(), afterwards.screen(); got != want {
				t.Errorf("the screen that was open differs from a new one\n%s", diff.Diff("new", []byte(want), "open", []byte(got)))
			}
		})
	}
}

func labelAll(t testing.TB, other *store.Store) {
	for i, r := range other.Records() {
		if _, err := other.SetLabel(t.Context(), r.ID, fmt.Sprint("from another window ", i)); err != nil {
			t.Fatal(err)
		}
	}
}

// A factor file that vanishes under an open window empties no list. The screen says it
// once, nothing is enrolled, and one key writes the file back.
func TestVanished(t *testing.T) { vanishing(t) }

func vanishing(t *testing.T) *person {
	t.Helper()
	p := threeFactors(t, 80, 24)
	want, err := os.ReadFile(p.path)
	if err != nil {
		t.Fatal(err)
	}
	remove := func() {
		t.Helper()
		if err := os.RemoveAll(filepath.Dir(p.path)); err != nil {
			t.Fatal(err)
		}
	}
	written := func() {
		t.Helper()
		if got, err := os.ReadFile(p.path); err != nil || string(got) != string(want) {
			t.Errorf("written back is %s, %v, want %s", got, err, want)
		}
	}
	remove()
	p.press("down").at("storeVanished").sees("is gone", "3 factors are still in memory", "w write")
	p.press("w").at("factors").sees("✓ The factor file is there again, with 3 factors", "Foo Corp").seesNo("is gone", "w write back")
	written()

	remove() // and later, after a look at the list
	p.press("down").at("storeVanished").press("esc", "down").at("factors").sees("3 factors · the factor file is gone", "w write back", "Foo Corp")
	calls := len(p.wire.calls)
	p.press("n", "down", "enter").types("+15005550007").press("enter").at("enrollForm").sees("Nothing was enrolled", "is gone")
	if len(p.wire.calls) != calls {
		t.Errorf("the API was called: %v", p.wire.calls[calls:])
	}
	p.press("esc", "esc", "w").at("factors").sees("✓ The factor file is there again", "Foo Corp").seesNo("is gone")
	written()
	p.press("w").at("factors").seesNo("there again") // there is nothing to write back

	remove() // and put back by hand
	p.press("down").at("storeVanished")
	if err := errors.Join(os.MkdirAll(filepath.Dir(p.path), 0o700), os.WriteFile(p.path, want, 0o600)); err != nil {
		t.Fatal(err)
	}
	return p.press("down").at("factors").sees("✓ The factor file is there again", "3 factors").seesNo("is gone")
}

// On another screen it is a notice, and what is typed as a filter stays there.
func TestVanishedElsewhere(t *testing.T) {
	for _, keys := range []string{"enter", "/ f"} {
		p := threeFactors(t, 80, 24).press(strings.Fields(keys)...)
		at := screenName(p.model.screen)
		if err := os.Remove(p.path); err != nil {
			t.Fatal(err)
		}
		p.press("o").at(at).sees("! Factor file", "is gone", "write it back from the list")
		p.press("esc").at("factors").sees("3 factors · the factor file is gone").press("w").sees("✓ The factor file is there again")
	}
}

// The list stays while it waits for a call: another screen would not know the result.
func TestVanishedDuringACall(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.wire.fault = func(*http.Request) (*http.Response, error) {
		p.wire.fault = nil
		if err := os.RemoveAll(filepath.Dir(p.path)); err != nil {
			t.Error(err)
		}
		p.send(minuteMsg{})
		return nil, nil
	}
	p.press("c").at("code").press("esc").at("factors").sees("the factor file is gone", "w write back")
}

// A result that can't be saved since the file is gone is saved with the file.
func TestUnsavedSinceVanished(t *testing.T) {
	p := unsavedSinceVanished(t)
	p.restart(80, 24)
	p.sees("3 factors", "✓ verified just now")
}

func unsavedSinceVanished(t *testing.T) *person {
	t.Helper()
	p := threeFactors(t, 80, 24).press("c", "o")
	if err := os.RemoveAll(filepath.Dir(p.path)); err != nil {
		t.Fatal(err)
	}
	return p.types(p.shownCode()).at("unsaved").sees("is gone").press("enter").at("result").sees("✓ Saved")
}

// Clearing a list of one factor writes an export, too. Removing it does not.
func TestClearExportsOne(t *testing.T) {
	p := newPerson(t, 80, 24).enrollOTP().press("X").sees("Remove the only factor", "An export is saved first")
	p.press("y").at("factors").sees("No factors on your list yet", "Removed 1 factor", "mfa-tui import").enrollOTP().press("x", "y").at("factors")
	if exports, _ := filepath.Glob(p.path + ".export-*"); len(exports) != 1 {
		t.Errorf("exports are %v, want one", exports)
	}
}

// The question before a factor is removed, and the notice after it, have its whole ID
// on a small terminal too.
func TestRemoveNamesTheID(t *testing.T) {
	p := threeFactors(t, 40, 12).press("down", "down")
	id := p.store.Records()[2].ID
	p.press("x").at("confirm").sees("Foo Corp", id).press("y").at("factors").sees("Removed from the list: " + id + " (Foo Corp")
}

// Clearing the list writes an export first, which an import brings back.
func TestClearExportsFirst(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("X").sees("An export is saved first").press("right", "enter").at("factors").sees("No factors on your list yet", "Removed 3 factors", "mfa-tui import")
	exports, err := filepath.Glob(p.path + ".export-*")
	if err != nil || len(exports) != 1 {
		t.Fatalf("exports are %v, %v", exports, err)
	}
	data, err := os.ReadFile(exports[0])
	if err != nil || strings.Contains(string(data), "secret\":") {
		t.Errorf("the export is %s, %v", data, err)
	}
	s, err := store.Open(store.Options{Path: p.path, Environment: "local"})
	if err != nil {
		t.Fatal(err)
	}
	if report, err := s.Import(t.Context(), data, nil); err != nil || report.Added != 3 {
		t.Errorf("%+v, %v", report, err)
	}
}

// An empty list says what other environments have, and moves it here.
func TestMoveFactorsHere(t *testing.T) { moving(t) }

func moving(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, 80, 24).onServer().press("e").at("factors").hasOthers()
	p.sees("e  see the other environments in the factor file, and move factors here", "The factor file also has 3 factors of client_01KF0RK7901MVCGJBDQ04PN1E2, 1 factor of", "e other environments")
	p.press("e").at("environments").press("esc").at("factors").press("e", "enter").at("confirm").press("esc").at("environments")
	p.press("enter", "enter").at("environments").press("enter", "n").at("environments").press("enter")
	p.sees("Move 3 factors of client_01KF0RK7901MVCGJBDQ04PN1E2 to this list?", "otherwise WorkOS will not")
	p.press("y").at("factors").sees("✓ Moved 3 factors from client_01", "3 factors").seesNo("other environments")
	p.press("e").at("label").press("esc").at("factors") // only an empty list offers it
	if others := p.store.Others(); len(others) != 1 || others[0].Factors != 1 {
		t.Errorf("the others are %+v", others)
	}
	return p
}

// The local engine and a server tell of each other's factors, and offer none to move.
func TestNothingMovesBetweenLocalAndServer(t *testing.T) {
	p := newPerson(t, 80, 24).hasOthers()
	p.sees("The factor file also has 3 factors of", "client_01").seesNo("other environments", "move factors here").press("e").at("factors").sees("They stay there: the local engine does not know them")
	threeFactors(t, 80, 24).onServer().sees("The factor file also has 3 factors of the local engine. They stay there: WorkOS does not know them.", "u find a user, for example to replace a lost phone").
		seesNo("other environments", "move factors here").press("e").at("factors").resizes(80, 14).seesNo("lab").press("L").sees("The lab is for the local engine").resizes(80, 24).
		hasOthers().sees("move factors here").press("e").at("environments").seesNo("local")
}

// What can't be moved is not moved, and the question stays.
func TestMoveFactorsRefused(t *testing.T) {
	p := newPerson(t, 80, 24).onServer().hasOthers().press("e", "enter").at("confirm")
	data, err := os.ReadFile(p.path)
	if err == nil {
		err = os.WriteFile(p.path, []byte(strings.ReplaceAll(string(data), `"type":"generic_otp"`, `"type":7`)), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.press("y").at("confirm").sees("✗ Nothing was moved: ", "factor 1 of environment").press("esc").at("environments").press("esc").at("factors").sees("No factors on your list yet")
}

// Another window moves them first: there is nothing left to choose.
func TestAnotherWindowMovesFirst(t *testing.T) { movedByAnotherWindow(t) }

func movedByAnotherWindow(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, 80, 24).onServer().hasOthers().press("e").at("environments")
	p.inAnotherWindow(func(t testing.TB, other *store.Store) {
		for _, e := range other.Others() {
			if _, err := other.Move(t.Context(), e.Name, p.environment); err != nil {
				t.Fatal(err)
			}
		}
	})
	return p.press("down").at("factors").sees("3 factors")
}

// Where no export can be written nothing is removed.
func TestClearWithoutAnExport(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file in place of the folder reads as no file there")
	}
	p := threeFactors(t, 80, 24)
	away := filepath.Dir(p.path) + ".away"
	if err := os.Rename(filepath.Dir(p.path), away); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Dir(p.path), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.press("X", "right", "enter").at("confirm").sees("✗")
	if n := len(p.store.Records()); n != 3 {
		t.Errorf("%d factors are left", n)
	}
}
