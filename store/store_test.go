package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/workos"
)

var (
	ctx   = context.Background()
	start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
)

const (
	secret = "JBSWY3DPEHPK3PXP"
	uri    = "otpauth://totp/Foo:a@b.co?secret=" + secret + "&issuer=Foo"
)

// totp is a factor as the n-th enrollment answers it.
func totp(n int) workos.Factor {
	at := start.Add(time.Duration(n) * time.Second)
	return workos.Factor{
		ID: fmt.Sprintf("auth_factor_%04d", n), Type: workos.TOTP, CreatedAt: workos.At(at), UpdatedAt: workos.At(at),
		TOTP: &workos.TOTPDetails{Issuer: "Foo", User: "a@b.co", Secret: secret, URI: uri, QRCode: "data:image/png;base64,AAAA"},
	}
}

func sms(n int) workos.Factor {
	f := totp(n)
	f.Type, f.TOTP, f.SMS = workos.SMS, nil, &workos.SMSDetails{PhoneNumber: "+15005550006"}
	return f
}

// described is how WorkOS describes a factor after the enrollment.
func described(f workos.Factor) workos.Factor {
	if f.TOTP != nil {
		f.TOTP = &workos.TOTPDetails{Issuer: f.TOTP.Issuer, User: f.TOTP.User}
	}
	return f
}

func newPath(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "mfa-tui", "factors.json")
}

func open(t *testing.T, path string) *Store {
	t.Helper()
	return openWith(t, Options{Path: path, Environment: "local"})
}

func openWith(t *testing.T, opts Options) *Store {
	t.Helper()
	s, err := Open(opts)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func put(t *testing.T, s *Store, factors ...workos.Factor) {
	t.Helper()
	for _, f := range factors {
		if _, err := s.Put(ctx, Record{Factor: f}); err != nil {
			t.Fatal(err)
		}
	}
}

func ids(records []Record) []string {
	var ids []string
	for _, r := range records {
		ids = append(ids, r.ID)
	}
	return ids
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// block lets every save fail, for root too, and on every system: a folder stands
// in place of the file.
func block(t *testing.T, path string) (unblock func()) {
	t.Helper()
	if err := errors.Join(os.Rename(path, path+".away"), os.Mkdir(path, 0o700)); err != nil {
		t.Fatal(err)
	}
	return func() {
		t.Helper()
		if err := errors.Join(os.Remove(path), os.Rename(path+".away", path)); err != nil {
			t.Fatal(err)
		}
	}
}

// What is in memory after every change is what a new start reads.
func TestChangesAreRead(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Error("Open made the folder")
	}
	put(t, s, totp(1), sms(3), totp(2))
	id := totp(2).ID
	later := start.Add(time.Minute).In(time.FixedZone("", 3600))
	steps := []struct {
		name string
		do   func() (Record, error)
		want func(Record) bool
	}{
		{"label", func() (Record, error) { return s.SetLabel(ctx, id, "my \"own\" \u2028 name") },
			func(r Record) bool { return r.Label == "my \"own\" \u2028 name" }},
		{"started", func() (Record, error) {
			return s.Started(ctx, id, workos.Challenge{ID: "c1", Code: "123456", CreatedAt: workos.At(later)})
		}, func(r Record) bool {
			a, ok := r.LastAttempt()
			return ok && a == Attempt{ChallengeID: "c1", At: workos.At(later.UTC()), Outcome: OutcomeOpen}
		}},
		{"wrong code", func() (Record, error) { return s.Finished(ctx, id, "c1", OutcomeWrongCode, later) },
			func(r Record) bool {
				a, _ := r.LastAttempt()
				return a.WrongCodes == 1 && a.Outcome == OutcomeWrongCode && r.HasSecret() && r.VerifiedAt.IsZero()
			}},
		{"gone", func() (Record, error) { return s.MarkGone(ctx, id, later) },
			func(r Record) bool { return r.GoneAt.Equal(later) }},
		{"refreshed", func() (Record, error) { f := described(totp(2)); f.UserID = "user_1"; return s.Refreshed(ctx, f) },
			func(r Record) bool {
				return r.UserID == "user_1" && r.GoneAt.IsZero() && r.HasSecret() && len(r.History) == 1 && r.Label != ""
			}},
		{"verified", func() (Record, error) { return s.Finished(ctx, id, "c1", OutcomeVerified, later) },
			func(r Record) bool {
				a, _ := r.LastAttempt()
				return a.Outcome == OutcomeVerified && a.WrongCodes == 1 && r.VerifiedAt.Equal(later) && !r.HasSecret()
			}},
		{"tried again", func() (Record, error) { return s.Finished(ctx, id, "c1", OutcomeAlreadyVerified, later) },
			func(r Record) bool { a, _ := r.LastAttempt(); return a.Outcome == OutcomeVerified }},
	}
	for _, step := range steps {
		r, err := step.do()
		if err != nil || !step.want(r) {
			t.Errorf("%s: %+v, %v", step.name, r, err)
		}
		again := open(t, path)
		if got, want := strip(again.Records()), strip(s.Records()); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: read again:\n%+v, want\n%+v", step.name, got, want)
		}
		if got := ids(again.Records()); !slices.Equal(got, []string{"auth_factor_0003", id, "auth_factor_0001"}) {
			t.Errorf("%s: the order is %v", step.name, got)
		}
	}
	if text := read(t, path); strings.Contains(text, "123456") || strings.Contains(text, "data:image") {
		t.Errorf("a code or a QR code is in the file:\n%s", text)
	}
}

// strip takes off what only says how a record is in the file.
func strip(records []Record) []Record {
	records = slices.Clone(records)
	for i := range records {
		records[i].raw = nil
	}
	return records
}

func TestPut(t *testing.T) {
	s := open(t, newPath(t))
	if added, err := s.Put(ctx, Record{Factor: totp(1)}); err != nil || !added {
		t.Fatalf("the first time: %v, %v", added, err)
	}
	if _, err := s.Started(ctx, totp(1).ID, workos.Challenge{ID: "c1", CreatedAt: workos.At(start)}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.MarkGone(ctx, totp(1).ID, start); err != nil {
		t.Fatal(err)
	}
	other := Record{Factor: described(totp(1)), Label: "imported", History: []Attempt{{ChallengeID: "c0"}}}
	if added, err := s.Put(ctx, other); err != nil || added {
		t.Fatalf("the second time: %v, %v", added, err)
	}
	r, _ := s.Record(totp(1).ID)
	if r.TOTP.Secret != secret || r.TOTP.URI != uri || !r.GoneAt.IsZero() || r.Label != "imported" ||
		len(r.History) != 1 || r.History[0].ChallengeID != "c1" {
		t.Errorf("the record is %+v", r)
	}
	if _, err := s.Put(ctx, Record{}); err == nil || len(s.Unsaved()) > 0 {
		t.Errorf("no id: %v, unsaved %v", err, s.Unsaved())
	}

	verified := Record{Factor: totp(2), VerifiedAt: workos.At(start), History: make([]Attempt, 3*HistoryLimit)}
	if _, err := s.Put(ctx, verified); err != nil {
		t.Fatal(err)
	}
	if r, _ := s.Record(totp(2).ID); r.HasSecret() || !r.VerifiedAt.Equal(start) || len(r.History) != HistoryLimit {
		t.Errorf("a verified record keeps its secret or too much history: %+v", r)
	}
}

func TestHistoryIsLimited(t *testing.T) {
	s := open(t, newPath(t))
	put(t, s, totp(1))
	var r Record
	for i := range HistoryLimit + 3 {
		var err error
		if r, err = s.Started(ctx, totp(1).ID, workos.Challenge{ID: fmt.Sprint(i), CreatedAt: workos.At(start)}); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.History) != HistoryLimit || r.History[0].ChallengeID != "3" {
		t.Errorf("%d challenges, the oldest is %s", len(r.History), r.History[0].ChallengeID)
	}
}

func TestForget(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1), totp(2), totp(3))
	if err := s.Forget(ctx, totp(3).ID, "unknown", totp(1).ID); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Store{s, open(t, path)} {
		if got := ids(s.Records()); !slices.Equal(got, []string{totp(2).ID}) {
			t.Errorf("left are %v", got)
		}
		if _, ok := s.Record(totp(1).ID); ok {
			t.Error("a forgotten factor is still there")
		}
	}
}

func TestUnknownFactor(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1))
	before := read(t, path)
	for name, do := range map[string]func() (Record, error){
		"label":     func() (Record, error) { return s.SetLabel(ctx, "x", "y") },
		"started":   func() (Record, error) { return s.Started(ctx, "x", workos.Challenge{ID: "c"}) },
		"finished":  func() (Record, error) { return s.Finished(ctx, "x", "c", OutcomeVerified, start) },
		"gone":      func() (Record, error) { return s.MarkGone(ctx, "x", start) },
		"refreshed": func() (Record, error) { return s.Refreshed(ctx, workos.Factor{ID: "x"}) },
	} {
		if _, err := do(); !errors.Is(err, ErrNoRecord) || len(s.Unsaved()) > 0 {
			t.Errorf("%s: %v, unsaved %v", name, err, s.Unsaved())
		}
	}
	if read(t, path) != before {
		t.Error("the file was changed")
	}
}

// A change without effect does not wear the disk.
func TestNothingChanged(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1))
	before, _ := os.Stat(path)
	if _, err := s.Refreshed(ctx, described(totp(1))); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.Stat(path); !os.SameFile(before, after) {
		t.Error("the file was written")
	}
}

func TestEnvironmentsNeverMix(t *testing.T) {
	path := newPath(t)
	write(t, path, `{"version":1,"environments":{"client_2":{"factors":[{"id":"auth_factor_0001","odd":[1, 2]}]}}}`)
	local, other := open(t, path), openWith(t, Options{Path: path, Environment: "client_1"})
	put(t, local, totp(1))
	put(t, other, sms(1), sms(2))
	if err := local.Forget(ctx, sms(2).ID); err != nil {
		t.Fatal(err)
	}
	if _, err := other.SetLabel(ctx, sms(1).ID, "other"); err != nil {
		t.Fatal(err)
	}
	local, other = open(t, path), openWith(t, Options{Path: path, Environment: "client_1"})
	if r, _ := local.Record(totp(1).ID); len(local.Records()) != 1 || r.Label != "" || r.Type != workos.TOTP {
		t.Errorf("local has %+v", local.Records())
	}
	if got := ids(other.Records()); !slices.Equal(got, []string{sms(2).ID, sms(1).ID}) {
		t.Errorf("the other has %v", got)
	}
	if text := read(t, path); !strings.Contains(text, `{"factors":[{"id":"auth_factor_0001","odd":[1, 2]}]}`) {
		t.Errorf("an environment that was not open was touched:\n%s", text)
	}
	if _, err := Open(Options{Path: path}); err == nil {
		t.Error("no environment was accepted")
	}
}

func TestUnknownFieldsSurvive(t *testing.T) {
	path := newPath(t)
	write(t, path, `{"future": {"a":1}, "environments": {"local": {"note": "x",
		"factors": [{"id":"auth_factor_0001","type":"totp","color":"red","TOTP":{"issuer":"","user":"","secret":"old"}}], "z": null}}, "version": 1}`)
	s := open(t, path)
	put(t, s, totp(2))
	for range 2 {
		if _, err := s.Finished(ctx, "auth_factor_0001", "c", OutcomeVerified, start); err != nil {
			t.Fatal(err)
		}
	}
	var file struct {
		Future       map[string]int
		Environments map[string]struct {
			Note    string
			Z       *int
			Factors []map[string]any
		}
	}
	text := read(t, path)
	if err := json.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	local := file.Environments["local"]
	if file.Future["a"] != 1 || local.Note != "x" || !strings.Contains(text, `"z": null`) || local.Factors[1]["color"] != "red" {
		t.Errorf("something was lost:\n%s", text)
	}
	if strings.Contains(text, "old") {
		t.Errorf("a secret under a name in other letters survived:\n%s", text)
	}
	if strings.Count(text, "color") != 1 {
		t.Errorf("a field is there twice:\n%s", text)
	}
}

// Call worked, save failed: nothing is lost, and the next save takes all along.
func TestSaveFails(t *testing.T) {
	path := newPath(t)
	s, other := open(t, path), open(t, path)
	put(t, s, totp(1), totp(2))
	unblock := block(t, path)
	if err := s.Ready(ctx); err == nil {
		t.Error("ready to save where nothing can be saved")
	}
	if _, err := s.Put(ctx, Record{Factor: totp(3)}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("the failed save says %v", err)
	}
	for _, id := range []string{totp(1).ID, totp(3).ID} {
		if _, err := s.Finished(ctx, id, "c", OutcomeWrongCode, start); err == nil {
			t.Error("a save worked")
		}
	}
	if err := s.Forget(ctx, totp(2).ID); err == nil {
		t.Error("a save worked")
	}
	if _, err := s.SetLabel(ctx, "unknown", "x"); !errors.Is(err, ErrNoRecord) {
		t.Errorf("an unknown factor: %v", err)
	}
	want := []string{totp(3).ID, totp(1).ID}
	if got := ids(s.Records()); !slices.Equal(got, want) {
		t.Errorf("visible are %v, want %v", got, want)
	}
	if got := ids(s.Unsaved()); !slices.Equal(got, want) {
		t.Errorf("unsaved are %v, want %v", got, want)
	}
	if err := s.Save(ctx); err == nil {
		t.Error("a save worked")
	}
	unblock()

	put(t, other, totp(4)) // meanwhile, in another window
	if err := other.Forget(ctx, totp(1).ID); err != nil {
		t.Fatal(err)
	}
	if err := s.Save(ctx); err != nil {
		t.Fatal(err)
	}
	// The first factor was forgotten on purpose: what was noted of it goes too.
	for _, s := range []*Store{s, open(t, path)} {
		if got := ids(s.Records()); !slices.Equal(got, []string{totp(4).ID, totp(3).ID}) {
			t.Errorf("saved are %v", got)
		}
		r, _ := s.Record(totp(3).ID)
		if a, _ := r.LastAttempt(); a.WrongCodes != 1 || len(s.Unsaved()) > 0 {
			t.Errorf("the change was made %d times, unsaved %v", a.WrongCodes, s.Unsaved())
		}
	}
}

// Changes that wait for one save see each other.
func TestForgottenAndAddedAgain(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1), totp(2))
	unblock := block(t, path)
	if err := s.Forget(ctx, totp(1).ID); err == nil {
		t.Error("a save worked")
	}
	if _, err := s.SetLabel(ctx, totp(1).ID, "x"); !errors.Is(err, ErrNoRecord) {
		t.Errorf("a change of a factor that is forgotten: %v", err)
	}
	if added, err := s.Put(ctx, Record{Factor: totp(1), Label: "again"}); err == nil || !added {
		t.Errorf("added %v, %v", added, err)
	}
	unblock()
	if err := s.Save(ctx); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Store{s, open(t, path)} {
		if r, _ := s.Record(totp(1).ID); r.Label != "again" || len(s.Records()) != 2 {
			t.Errorf("%+v of %v", r, ids(s.Records()))
		}
	}
}

// A window never writes back what another has changed since, and sees it at once
// with its own next change or Reload.
func TestTwoWindows(t *testing.T) {
	path := newPath(t)
	a, b := open(t, path), open(t, path)
	put(t, a, totp(1), totp(2))
	if changed, err := b.Reload(); !changed || err != nil || len(b.Records()) != 2 {
		t.Errorf("reload: %v, %v, %v", changed, err, ids(b.Records()))
	}
	if changed, err := b.Reload(); changed || err != nil {
		t.Errorf("reload of the same: %v, %v", changed, err)
	}
	old := start.AddDate(-20, 0, 0)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if changed, err := b.Reload(); changed || err != nil {
			t.Errorf("reload of the same with another time: %v, %v", changed, err)
		}
	}
	if _, err := a.Finished(ctx, totp(1).ID, "c", OutcomeVerified, start); err != nil {
		t.Fatal(err)
	}
	if err := a.Forget(ctx, totp(2).ID); err != nil {
		t.Fatal(err)
	}
	r, err := b.SetLabel(ctx, totp(1).ID, "b's")
	if err != nil || r.HasSecret() || r.VerifiedAt.IsZero() || len(b.Records()) != 1 {
		t.Errorf("the second window wrote back %+v of %v, %v", r, ids(b.Records()), err)
	}
	if _, err := b.SetLabel(ctx, totp(2).ID, "x"); !errors.Is(err, ErrNoRecord) {
		t.Errorf("a change of a factor that is gone: %v", err)
	}
}

// Reads answer at once while a save waits for a lock.
func TestReadsDoNotWait(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1))
	held, waits := make(chan struct{}), make(chan struct{})
	var done sync.WaitGroup
	done.Go(func() {
		err := NewFile(path).Update(ctx, func([]byte) ([]byte, error) {
			close(held)
			<-waits
			return nil, nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-held
	done.Go(func() {
		if _, err := s.SetLabel(ctx, totp(1).ID, "later"); err != nil {
			t.Error(err)
		}
	})
	for s.writing.TryLock() { // until the change has begun
		s.writing.Unlock()
	}
	if _, ok := s.Record(totp(1).ID); !ok || len(s.Records()) != 1 || s.Unsaved() != nil {
		t.Error("not readable while a save waits")
	}
	close(waits)
	done.Wait()
}

func TestConcurrentUse(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			put(t, s, totp(i))
			if _, err := s.Reload(); err != nil {
				t.Error(err)
			}
			for _, r := range s.Records() {
				_ = r.HasSecret()
			}
		})
	}
	done.Wait()
	if n := len(open(t, path).Records()); n != 8 {
		t.Errorf("%d factors, want 8", n)
	}
}

// Secrets go at the first verification, from every file; unless they are kept.
func TestSecrets(t *testing.T) {
	for _, keep := range []bool{false, true} {
		t.Run(fmt.Sprint("keep=", keep), func(t *testing.T) {
			path := newPath(t)
			s := openWith(t, Options{Path: path, Environment: "local", KeepSecrets: keep})
			put(t, s, totp(1))
			if !strings.Contains(read(t, path), secret) || !strings.Contains(read(t, path+".bak"), secret) {
				t.Fatal("the secret is not kept until the verification")
			}
			if _, err := s.Finished(ctx, totp(1).ID, "c", OutcomeVerified, start); err != nil {
				t.Fatal(err)
			}
			entries, err := os.ReadDir(filepath.Dir(path))
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				text := read(t, filepath.Join(filepath.Dir(path), e.Name()))
				if strings.Contains(text, secret) != (keep && e.Name() != "factors.json.lock") {
					t.Errorf("%s: %s", e.Name(), text)
				}
			}
		})
	}
}

// Two writes in one tick of the file system's clock leave the same time: a file
// that young is looked into.
func TestReloadInOneTick(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	put(t, s, totp(1))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reload(); err != nil {
		t.Fatal(err)
	}
	write(t, path, strings.Replace(read(t, path), "Foo", "Bar", 1)) // in place, of the same size
	if err := os.Chtimes(path, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if changed, err := s.Reload(); !changed || err != nil || s.Records()[0].TOTP.Issuer != "Bar" {
		t.Errorf("%v, %v, %+v", changed, err, s.Records()[0].TOTP)
	}
}

// What was handed out does not change under the hands of a screen that draws it.
func TestRecordsAreSnapshots(t *testing.T) {
	s := open(t, newPath(t))
	put(t, s, totp(1))
	if _, err := s.Started(ctx, totp(1).ID, workos.Challenge{ID: "c", CreatedAt: workos.At(start)}); err != nil {
		t.Fatal(err)
	}
	records := s.Records()
	r := records[0]
	if _, err := s.Finished(ctx, r.ID, "c", OutcomeVerified, start); err != nil {
		t.Fatal(err)
	}
	for _, r := range []Record{r, records[0]} {
		if a, _ := r.LastAttempt(); !r.HasSecret() || a.Outcome != OutcomeOpen {
			t.Errorf("the record is now %+v", r)
		}
	}
}
