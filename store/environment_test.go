package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
)

func TestEnvironmentName(t *testing.T) {
	for name, want := range map[string]string{
		"local":                    "local",
		"client_1":                 "client_1",
		"localhost":                "localhost", // no host, but a client ID
		"client_1@localhost:4100":  "client_1@127.0.0.1:4100",
		"client_1@127.0.0.1:4100":  "client_1@127.0.0.1:4100",
		"client_1@[::1]:4100":      "client_1@127.0.0.1:4100",
		"a@b@LocalHost":            "a@b@127.0.0.1",
		"client_1@[::1]":           "client_1@127.0.0.1",
		"client_1@127.0.0.2:4100":  "client_1@127.0.0.2:4100",
		"client_1@API.example.com": "client_1@api.example.com",
		"client_1@[2001:db8::1]:1": "client_1@[2001:db8::1]:1",
	} {
		if got := EnvironmentName(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
}

const severalNames = `{
"version": 1,
"environments": {
"c@localhost:1": {"later": 1, "factors": [
{"id":"auth_factor_both","type":"totp","totp":{"issuer":"Old","user":"u","secret":"S","uri":"otpauth://"},"updated_at":"2026-01-01T00:00:00Z","label":"old","theirs":7,"shared":1},
{"id":"auth_factor_1","type":"sms","gone_at":"2026-01-02T00:00:00Z","kept":true}]},
"client_9": {"factors": [{"id":"auth_factor_9"}]},
"c@[::1]:1": {"factors": [
{"id":"auth_factor_both","type":"totp","totp":{"issuer":"New","user":"u"},"updated_at":"2026-01-03T00:00:00Z","label":"new","ours":8,"shared":2}]}
}}`

// The names of one environment on this machine are one list, which is told once and
// written once. Nothing is lost on the way, not even what this version does not know.
func TestNamesOfThisMachineAreOneEnvironment(t *testing.T) {
	path := filepath.Join(t.TempDir(), "factors.json")
	write(t, path, severalNames)
	s := openWith(t, Options{Path: path, Environment: "c@127.0.0.1:1"})
	if !strings.Contains(s.Notice(), "c@localhost:1 and c@[::1]:1 are one list now") {
		t.Errorf("the notice is %q", s.Notice())
	}
	checkMerged(t, s)
	if err := s.WriteMerged(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := openWith(t, Options{Path: path, Environment: "c@localhost:1"})
	if again.Notice() != "" {
		t.Errorf("it is told again: %q", again.Notice())
	}
	checkMerged(t, again)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"later": 1`, `"theirs":7`, `"ours":8`, `"shared":2`, `"kept":true`, `"c@127.0.0.1:1"`, `"auth_factor_9"`} {
		if strings.Count(string(data), want) != 1 {
			t.Errorf("the file does not have %s once\n%s", want, data)
		}
	}
}

func checkMerged(t *testing.T, s *Store) {
	t.Helper()
	r, _ := s.Record("auth_factor_both")
	if len(s.Records()) != 2 || r.TOTP == nil || r.TOTP.Issuer != "New" || r.Label != "new" || r.TOTP.Secret != "S" {
		t.Errorf("the factors are %+v, %+v", s.Records(), r.TOTP)
	}
	if r, _ := s.Record("auth_factor_1"); r.GoneAt.IsZero() {
		t.Error("it is not gone any more")
	}
}

// A factor that appears twice under one name is still a broken file.
func TestMergingHidesNoDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "factors.json")
	write(t, path, `{"version":1,"environments":{"c@localhost:1":{"factors":[]},"c@[::1]:1":{"factors":[{"id":"a"},{"id":"a"}]}}}`)
	if _, err := Open(Options{Path: path, Environment: "c@127.0.0.1:1"}); !errors.As(err, new(*BrokenError)) {
		t.Errorf("the error is %v", err)
	}
}

// A verified factor's secret does not come back from a record that still has it.
func TestMergingBringsNoSecretBack(t *testing.T) {
	old := Record{Factor: workos.Factor{ID: "a", TOTP: &workos.TOTPDetails{Secret: "S", URI: "U"}}, raw: []byte(`{}`)}
	verified := Record{Factor: workos.Factor{ID: "a", TOTP: &workos.TOTPDetails{}}, VerifiedAt: workos.At(time.Unix(1, 0)), raw: []byte(`{}`)}
	for _, pair := range [][2]Record{{old, verified}, {verified, old}} {
		r, err := joinNewer(pair[0], pair[1])
		if err != nil || r.HasSecret() || strings.Contains(string(r.raw), `"S"`) {
			t.Errorf("%+v, %s, %v", r.TOTP, r.raw, err)
		}
	}
	kept := verified // with --keep-secrets
	kept.TOTP = old.TOTP
	if r, err := joinNewer(kept, old); err != nil || !r.HasSecret() {
		t.Errorf("%+v, %v", r.TOTP, err)
	}
}

func TestMove(t *testing.T) {
	path := filepath.Join(t.TempDir(), "factors.json")
	write(t, path, severalNames)
	s, other := openWith(t, Options{Path: path, Environment: "client_1"}), openWith(t, Options{Path: path, Environment: "client_9"})
	want := []Environment{{Name: "c@127.0.0.1:1", Factors: 2}, {Name: "client_9", Factors: 1}}
	if got := s.Others(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("the others are %+v", got)
	}
	if moved, err := s.Move(t.Context(), "c@localhost:1", "client_1"); err != nil || moved != (Moved{Factors: 3, Merged: 1}) {
		t.Errorf("moved %+v, %v", moved, err)
	}
	checkMerged(t, s)
	if got := s.Environments(); len(got) != 2 || got[0] != (Environment{Name: "client_1", Factors: 2, Open: true}) {
		t.Errorf("the environments are %+v", got)
	}

	// Between two that are not open; the window on one of them notices.
	if _, err := s.Move(t.Context(), "client_9", "client_2"); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Reload(); err != nil || len(other.Records()) != 0 || len(other.Others()) != 2 {
		t.Errorf("%+v, %+v, %v", other.Records(), other.Others(), err)
	}
}

// A factor of the local engine exists there alone, so it is not moved to a server,
// and none of a server is moved to the local engine.
func TestMoveNotBetweenLocalAndServer(t *testing.T) {
	const file = `{"version":1,"environments":{"local":{"factors":[{"id":"a"}]},"client_1":{"factors":[{"id":"b"}]}}}`
	path := filepath.Join(t.TempDir(), "factors.json")
	write(t, path, file)
	for environment, movable := range map[string]int{Local: 0, "client_1": 0, "client_2": 1} {
		s := openWith(t, Options{Path: path, Environment: environment})
		if got := s.Movable(); len(got) != movable || movable > 0 && got[0].Name != "client_1" {
			t.Errorf("to %s: %+v", environment, got)
		}
		for _, pair := range [][2]string{{Local, "client_1"}, {"client_1", Local}} {
			if _, err := s.Move(t.Context(), pair[0], pair[1]); !errors.Is(err, ErrLocal) {
				t.Errorf("%v: %v", pair, err)
			}
		}
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != file {
		t.Errorf("the file is %s, %v", data, err)
	}
}

// A move that is refused changes nothing.
func TestMoveAllOrNothing(t *testing.T) {
	const file = `{"version":1,"environments":{
"half":{"factors":[{"id":"a","type":"sms"},{"id":7}]}, "later":{"new":1,"factors":[{"id":"b"}]}, "open":{"new":2,"factors":[{"id":"c"}]}}}`
	path := filepath.Join(t.TempDir(), "factors.json")
	write(t, path, file)
	s := openWith(t, Options{Path: path, Environment: "open"})
	for from, want := range map[string]string{
		"half": `factor 2 of environment "half"`, "later": `both environments have "new"`,
		"open": "are the same", "none": ErrNoEnvironment.Error(),
	} {
		if _, err := s.Move(t.Context(), from, "open"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v", from, err)
		}
	}
	if data, err := os.ReadFile(path); err != nil || string(data) != file {
		t.Errorf("the file is %s, %v", data, err)
	}
	if others := s.Others(); others[0].Err == "" || others[1].Factors != 1 {
		t.Errorf("the others are %+v", others)
	}
}
