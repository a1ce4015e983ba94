package store

import (
	"testing"
	"time"

	"mfa-tui/workos"
)

// A store in memory takes changes, and what replaces its factors keeps their labels.
func TestMemory(t *testing.T) {
	t.Chdir(t.TempDir())
	s := NewMemory("served")
	if err := s.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := workos.At(time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC))
	factor := func(id string) Record {
		return Record{Factor: workos.Factor{ID: id, Type: workos.TOTP, TOTP: &workos.TOTPDetails{Secret: "S", URI: "otpauth://x"}, CreatedAt: at, UpdatedAt: at}}
	}
	if added, err := s.Put(t.Context(), factor("a")); !added || err != nil {
		t.Fatal(added, err)
	}
	if _, err := s.SetLabel(t.Context(), "a", "mine"); err != nil {
		t.Fatal(err)
	}
	s.Replace([]Record{factor("b"), factor("a")})
	if r, ok := s.Record("a"); !ok || r.Label != "mine" || len(s.Records()) != 2 || s.Records()[0].ID != "b" {
		t.Errorf("%+v", s.Records())
	}
	if r, err := s.Finished(t.Context(), "b", "challenge", OutcomeVerified, at.Time); err != nil || !r.HasSecret() || len(r.History) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
	s.Replace(nil)
	if changed, err := s.Reload(); changed || err != nil || len(s.Records()) != 0 || s.Vanished() != nil || len(s.Unsaved()) != 0 {
		t.Error(changed, err, s.Records())
	}
}
