package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
)

// realFile is a file as it is after some use, with two environments.
func realFile(t testing.TB) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "factors.json")
	for _, environment := range []string{"client_1", "local"} {
		s, err := Open(Options{Path: path, Environment: environment})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []Record{
			{Factor: totp(1), Label: "é \x01 & <own>"},
			{Factor: sms(2), VerifiedAt: workos.At(start), History: []Attempt{{"c1", workos.At(start), OutcomeVerified, 2}}},
		} {
			if _, err := s.Put(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestBrokenFiles opens broken files: each is one clear error, and neither Open
// nor a window that is open already writes to it.
func TestBrokenFiles(t *testing.T) {
	factor := func(s string) string { return `{"version":1,"environments":{"local":{"factors":` + s + `}}}` }
	for name, test := range map[string]struct{ text, want string }{
		"empty":            {"", "it is empty"},
		"blank":            {" \n", "it is empty"},
		"not JSON":         {"version = 1", "it is damaged"},
		"no object":        {"[1]", "not an object at line 1, column 2"},
		"null":             {"null", "no version"},
		"no version":       {`{"environments":{}}`, "no version"},
		"version 0":        {`{"version":0}`, "no version"},
		"version text":     {`{"version":"1"}`, "it is damaged"},
		"newer":            {`{"version":2,"environments":[{"new":"form"}]}`, "written by a newer mfa-tui"},
		"newer, at end":    {`{"environments":[{"new":"form"}],"version":2}`, "written by a newer mfa-tui"},
		"foreign":          {`{"version":1}`, "not a factor file: it has no environments; name another file with --store"},
		"foreign export":   {`{"version":1,"environment":"local","exported_at":"2026-01-15T12:00:00Z","factors":[{"id":"a","type":"sms"}]}`, "an export: mfa-tui import"},
		"foreign state":    {`{"format":"mfa-tui engine state","version":1,"factors":{},"challenges":{},"users":{},"outbox":null,"repeats":{},"pruned_at":"2026-01-15T12:00:00Z"}`, "a state of the local engine"},
		"foreign old one":  {`{"version":1,"factors":{},"challenges":{},"users":{},"outbox":null,"repeats":{},"pruned_at":"2026-01-15T12:00:00Z"}`, "a state of the local engine"},
		"environments":     {`{"version":1,"environments":[]}`, "not an object"},
		"environment":      {`{"version":1,"environments":{"local":7}}`, "not an object"},
		"factors":          {factor(`{}`), "not a list"},
		"factor":           {factor(`["x"]`), `factor 1 of environment "local"`},
		"factor null":      {factor(`[null]`), "has no id"},
		"id number":        {factor(`[{"id":"a"},{"id":5}]`), "factor 2 of environment"},
		"id empty":         {factor(`[{"id":""}]`), "has no id"},
		"id twice":         {factor(`[{"id":"a"},{"id":"b"},{"id":"a"}]`), `"a" appears twice in environment "local"`},
		"time":             {factor(`[{"id":"a","created_at":"yesterday"}]`), "factor 1"},
		"environment 2x":   {`{"version":1,"environments":{"local":{},"local":{}}}`, `"local" appears twice`},
		"something after":  {factor(`[]`) + "{}", "more text follows"},
		"not UTF-8":        {factor(`[{"id":"a` + "\xff" + `"}]`), "not UTF-8"},
		"nested too deep":  {factor(strings.Repeat("[", 20000)), "it is damaged"},
		"other is damaged": {`{"version":1,"environments":{"x":{"factors":[}},"local":{}}}`, "it is damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			window := open(t, path)
			put(t, window, totp(1))
			write(t, path, test.text)
			_, err := Open(Options{Path: path, Environment: "local"})
			var broken *BrokenError
			if !errors.As(err, &broken) || broken.Path != path || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "json: cannot") {
				t.Fatalf("%v, want %q", err, test.want)
			}
			whole := strings.HasPrefix(name, "newer") || strings.HasPrefix(name, "foreign")
			if (broken.Backup == "") != whole || broken.BackupAt.IsZero() != whole {
				t.Errorf("the copy to put back is %q of %s", broken.Backup, broken.BackupAt)
			}
			if _, err := window.Put(ctx, Record{Factor: totp(2)}); !errors.As(err, &broken) {
				t.Errorf("a change of an open window: %v", err)
			}
			if err := window.Ready(ctx); !errors.As(err, &broken) {
				t.Errorf("an open window is ready: %v", err)
			}
			if got := ids(window.Records()); len(got) != 2 || len(window.Unsaved()) != 1 {
				t.Errorf("the open window shows %v, unsaved %v", got, ids(window.Unsaved()))
			}
			if read(t, path) != test.text {
				t.Error("the file was written to")
			}
			kept, err := RestoreBackup(ctx, Options{Path: path, Environment: "local"})
			if whole {
				if err == nil || read(t, path) != test.text {
					t.Errorf("a file that is not broken was replaced: %v", err)
				}
				return
			}
			if err != nil || read(t, kept) != test.text {
				t.Fatalf("kept in %q, %v", kept, err)
			}
			if err := window.Save(ctx); err != nil {
				t.Error(err)
			}
			if got := ids(open(t, path).Records()); !slices.Equal(got, []string{totp(2).ID, totp(1).ID}) {
				t.Errorf("after all there are %v", got)
			}
		})
	}
}

func TestEveryPrefixIsBroken(t *testing.T) {
	data := realFile(t)
	end := len(bytes.TrimRight(data, "\n"))
	for n := range end {
		if _, err := decode(data[:n:n], "local"); err == nil {
			t.Fatalf("the first %d bytes of %d were taken for a file", n, end)
		}
	}
	if _, err := decode(data[:end], "local"); err != nil {
		t.Error(err)
	}
}

// A flipped bit is an error or a file that still has all it can have: the next
// change damages nothing more.
func TestBitFlips(t *testing.T) {
	data := realFile(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	found := 0
	for i := range data {
		flipped := bytes.Clone(data)
		flipped[i] ^= 1 << rnd.IntN(8)
		c, err := decode(flipped, "local")
		if err != nil {
			found++
			continue
		}
		checkRewrite(t, c)
	}
	if found < len(data)/4 {
		t.Errorf("only %d of %d flips were found", found, len(data))
	}
}

// checkRewrite fails unless the content, changed and written, reads as it should.
func checkRewrite(t *testing.T, c *content) {
	t.Helper()
	next, err := c.with(nil, []change{{"auth_factor_new", func(Record, bool) (Record, bool, error) {
		return Record{Factor: totp(9999)}.put(Record{Factor: totp(9999)}), true, nil
	}}})
	if err != nil {
		t.Fatal(err)
	}
	again, err := decode(next.encode(), c.environment)
	if err != nil {
		t.Fatalf("what was written can't be read: %v\n%s", err, next.encode())
	}
	if len(again.records) != len(next.records) || len(again.others) != len(c.others) || len(again.top) != len(c.top) || len(again.own) != len(c.own) {
		t.Fatalf("something was lost:\n%s\nof\n%s", next.encode(), c.data)
	}
	for _, r := range c.records {
		if n, ok := again.record(r.ID); !ok || !bytes.Equal(n.raw, r.raw) {
			t.Fatalf("factor %q was touched:\n%s\nof\n%s", r.ID, n.raw, r.raw)
		}
	}
	for i, m := range c.others {
		if again.others[i].name != m.name || !bytes.Equal(again.others[i].value, m.value) {
			t.Fatalf("environment %q was touched", m.name)
		}
	}
}

func FuzzDecode(f *testing.F) {
	data := realFile(f)
	f.Add(data)
	f.Add(data[:len(data)/2])
	f.Add([]byte(`{"a":[1,{"b":null}],"environments":{"x":3,"local":{"c":"d","factors":[{"id":"a","X":1}]}},"version":1}`))
	f.Add([]byte(`{"version":1,"environments":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := decode(data, "local")
		if err != nil {
			return
		}
		if _, taken := c.record("auth_factor_new"); taken {
			return
		}
		if _, taken := c.record(totp(9999).ID); taken {
			return
		}
		if !json.Valid(data) && data != nil {
			t.Fatalf("not JSON, but accepted: %q", data)
		}
		checkRewrite(t, c)
	})
}

func TestBackupIsAsNewAsTheFile(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	for i := range 3 {
		put(t, s, totp(i))
		if read(t, path) != read(t, path+".bak") {
			t.Errorf("after change %d the copy is another", i)
		}
	}
	a, _ := os.Stat(path)
	b, _ := os.Stat(path + ".bak")
	if os.SameFile(a, b) {
		t.Error("the copy is the same file: what damages one damages both")
	}
}

func TestRestoreBackup(t *testing.T) {
	opts := Options{Path: newPath(t), Environment: "local", Now: func() time.Time { return start }}
	path := opts.Path
	put(t, openWith(t, opts), totp(1))
	if _, err := RestoreBackup(ctx, opts); err == nil || !strings.Contains(err.Error(), "not broken") {
		t.Errorf("a good file: %v", err)
	}
	for n, want := range []string{"", "-2", "-3"} {
		write(t, path, fmt.Sprint("damage ", n))
		kept, err := RestoreBackup(ctx, opts)
		if err != nil || kept != path+".broken-20260115T120000Z"+want || read(t, kept) != fmt.Sprint("damage ", n) {
			t.Errorf("kept in %q, %v", kept, err)
		}
		if info, _ := os.Stat(kept); exposed(info) {
			t.Errorf("others can read %s", kept)
		}
		if n := len(openWith(t, opts).Records()); n != 1 {
			t.Errorf("%d factors were put back", n)
		}
	}

	write(t, path, "damage")
	write(t, path+".bak", "damage too")
	var broken *BrokenError
	if _, err := Open(opts); !errors.As(err, &broken) || broken.Backup != "" || !strings.Contains(err.Error(), "move it away") {
		t.Errorf("with a broken copy: %v", err)
	}
	if _, err := RestoreBackup(ctx, opts); !errors.As(err, &broken) || broken.Path != path+".bak" {
		t.Errorf("a broken copy was put back: %v", err)
	}
	if err := os.Remove(path + ".bak"); err != nil {
		t.Fatal(err)
	}
	if _, err := RestoreBackup(ctx, opts); err == nil || !strings.Contains(err.Error(), "has no backup") {
		t.Errorf("without a copy: %v", err)
	}
	if read(t, path) != "damage" {
		t.Error("the broken file was touched")
	}
}

// Somebody takes the file away. That is an empty store, but the copy is not lost
// when the next factor is saved.
func TestMissingFile(t *testing.T) {
	opts := Options{Path: newPath(t), Environment: "local", Now: func() time.Time { return start }}
	path := opts.Path
	if n := openWith(t, opts).Notice(); n != "" {
		t.Errorf("the first start says %q", n)
	}
	put(t, openWith(t, opts), totp(1))
	copied := read(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	s := openWith(t, opts)
	if n := s.Notice(); !strings.Contains(n, "is missing") || !strings.Contains(n, path+".bak") {
		t.Errorf("the person is told %q", n)
	}
	put(t, s, totp(2))
	if read(t, path+".bak-20260115T120000Z") != copied {
		t.Error("the copy of the missing file was lost")
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if kept, err := RestoreBackup(ctx, opts); err != nil || kept != "" {
		t.Errorf("%q, %v", kept, err)
	}
	if got := ids(openWith(t, opts).Records()); !slices.Equal(got, []string{totp(2).ID}) {
		t.Errorf("put back are %v", got)
	}
}
