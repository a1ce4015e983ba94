package factors_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// desk is a list with the real client, the real engine and a real factor file.
type desk struct {
	*factors.List
	t      *testing.T
	engine *local.Engine
	path   string
	mu     sync.Mutex // refreshes call at the same time
	calls  []*http.Request
	keys   int
	// fault answers in place of the engine, if it is set and returns something.
	fault func(*http.Request) (*http.Response, error)
}

var start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func newDesk(t *testing.T) *desk {
	t.Helper()
	now := func() time.Time { return start }
	d := &desk{t: t, path: filepath.Join(t.TempDir(), "mfa-tui", "factors.json"), engine: local.New(local.Options{
		Now: now, Rand: rand.NewChaCha8([32]byte{1}),
		// The factor that the README's seed begins with.
		Seed: &local.Seed{
			Users:   []local.SeedUser{{ID: "user_01ALAN", Email: "alan@example.com"}},
			Factors: []local.SeedFactor{{ID: "auth_factor_01APP", Type: "totp", UserID: "user_01ALAN", Issuer: "Foo Corp", User: "alan"}},
		},
	})}
	client, err := workos.NewClient(workos.ClientOpts{APIKey: "sk_test_1", Transport: d, RetryWait: time.Microsecond, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	d.List = &factors.List{API: client, Store: d.open(), Now: now, NewKey: func() string { d.keys++; return fmt.Sprint("key-", d.keys) }}
	return d
}

func (d *desk) open() *store.Store {
	d.t.Helper()
	s, err := store.Open(store.Options{Path: d.path, Environment: "local"})
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *desk) RoundTrip(r *http.Request) (*http.Response, error) {
	d.mu.Lock()
	d.calls = append(d.calls, r)
	d.mu.Unlock()
	if d.fault != nil {
		if resp, err := d.fault(r); resp != nil || err != nil {
			return resp, err
		}
	}
	return d.engine.RoundTrip(r)
}

// lock makes the factor file unwritable, for root too: its folder is a file.
func (d *desk) lock() {
	d.t.Helper()
	dir := filepath.Dir(d.path)
	if err := errors.Join(os.Rename(dir, dir+".away"), os.WriteFile(dir, nil, 0o600)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) unlock() {
	d.t.Helper()
	dir := filepath.Dir(d.path)
	if err := errors.Join(os.Remove(dir), os.Rename(dir+".away", dir)); err != nil {
		d.t.Fatal(err)
	}
}

// enrolls enrolls a generic factor and returns its record.
func (d *desk) enrolls(label string) store.Record {
	d.t.Helper()
	done, err := d.Enroll(d.t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, label)
	if err != nil || done.SaveErr != nil {
		d.t.Fatal(err, done.SaveErr)
	}
	return done.Record
}

// saved is a factor as the file has it, for a new reader.
func (d *desk) saved(id string) store.Record {
	d.t.Helper()
	r, ok := d.open().Record(id)
	if !ok {
		d.t.Fatalf("%s is not in the file", id)
	}
	return r
}

// refused fails unless an error is about what was typed, has the text, and nobody
// was called.
func (d *desk) refused(err error, want string) {
	d.t.Helper()
	var input *factors.InputError
	if !errors.As(err, &input) || !strings.Contains(err.Error(), want) {
		d.t.Errorf("the error is %v, want one about the input with %q", err, want)
	}
	if len(d.calls) > 0 {
		d.t.Errorf("%s %s was called", d.calls[0].Method, d.calls[0].URL.Path)
	}
}

// answer answers a call with a body, in place of the engine.
func answer(status int, body string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{"X-Request-Id": {"req_1"}}, Request: r,
			Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func TestEnroll(t *testing.T) {
	long := strings.Repeat("ä", factors.LabelLimit)
	tests := []struct {
		name  string
		opts  workos.EnrollFactorOpts
		label string
		want  string // the name, or what is wrong
	}{
		{"TOTP", workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: " Foo ", TOTPUser: "alan"}, "", "Foo · alan"},
		{"SMS as people type it", workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+1 (500) 555-0006"}, "", "+15005550006"},
		{"Generic OTP", workos.EnrollFactorOpts{Type: workos.GenericOTP}, "", "Generic OTP"},
		{"label", workos.EnrollFactorOpts{Type: workos.GenericOTP}, " my\x1b[31m\tfactor ", "my[31m factor"},
		{"longest label", workos.EnrollFactorOpts{Type: workos.GenericOTP}, long, long},
		{"no issuer", workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: " ", TOTPUser: "a"}, "", "issuer: must not be empty"},
		{"colon in the user", workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: "a:b"}, "", "user: must not contain a colon"},
		{"phone without a plus", workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "5005550006"}, "", "phone: begins with + and the country code"},
		{"phone too short", workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+1 555"}, "", "phone: United States: too short"},
		{"label too long", workos.EnrollFactorOpts{Type: workos.GenericOTP}, long + "x", "label: at most 60 characters"},
		{"label like an ID", workos.EnrollFactorOpts{Type: workos.GenericOTP}, "auth_factor_1", "label: \"auth_factor_1\" looks like a factor ID"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			done, err := d.Enroll(t.Context(), tt.opts, tt.label)
			if strings.Contains(tt.want, ": ") {
				d.refused(err, tt.want)
				return
			}
			if err != nil || done.SaveErr != nil {
				t.Fatal(err, done.SaveErr)
			}
			if got := factors.Name(d.saved(done.Factor.ID)); got != tt.want {
				t.Errorf("saved as %q, want %q", got, tt.want)
			}
		})
	}
}

// A label names one factor, wherever it is given: else no command could tell the
// two apart.
func TestLabelNamesOneFactor(t *testing.T) {
	d := newDesk(t)
	one, two := d.enrolls("mine"), d.enrolls("")
	d.calls = nil
	ways := map[string]func(label string) error{
		"enroll": func(label string) error {
			_, err := d.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, label)
			return err
		},
		"label": func(label string) error { _, err := d.Label(t.Context(), two.ID, label); return err },
		"add":   func(label string) error { _, err := d.Add(t.Context(), two.ID, label); return err },
	}
	for name, give := range ways {
		t.Run(name, func(t *testing.T) {
			d.refused(give(" mine\u202e"), `"mine" already names mine (`+one.ID+`)`)
			d.refused(give(strings.Repeat("x", 300)), "at most 60 characters")
		})
	}
	// Its own label, and one that another window took away, are free.
	for label, id := range map[string]string{"mine": one.ID, "": one.ID} {
		if done, err := d.Label(t.Context(), id, label); err != nil || done.SaveErr != nil || done.Record.Label != label {
			t.Errorf("label %q: %+v, %v", label, done, err)
		}
	}
	if _, err := d.open().SetLabel(t.Context(), one.ID, "elsewhere"); err != nil {
		t.Fatal(err)
	}
	d.refused(ways["label"]("elsewhere"), "already names")
}

// The factor of the README's seed can be added by its ID, which is shorter than
// those of WorkOS.
func TestAdd(t *testing.T) {
	d := newDesk(t)
	done, err := d.Add(t.Context(), " auth_factor_01APP\n", "alan")
	if err != nil || done.SaveErr != nil || d.saved("auth_factor_01APP").Label != "alan" {
		t.Fatalf("%+v, %v", done, err)
	}
	// Once more, with another label.
	if done, err = d.Add(t.Context(), "auth_factor_01APP", "turing"); err != nil || d.saved("auth_factor_01APP").Label != "turing" {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := d.Add(t.Context(), "auth_factor_01NOBODY", ""); !workos.IsNotFound(err) {
		t.Errorf("the error is %v, want not found", err)
	}
	d.calls = nil
	for _, id := range []string{"", "auth_factor_", "auth_factor_01-APP", "auth_challenge_01APP", "auth_factor_01APP/..", "xauth_factor_01APP"} {
		_, err := d.Add(t.Context(), id, "")
		d.refused(err, "is not a factor ID (auth_factor_ and letters and digits)")
	}
}

// A call that worked is told apart from one that failed, and its ID is never lost,
// when the factor file can't be written.
func TestNotSaved(t *testing.T) {
	d := newDesk(t)
	sms, err := d.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"}, "")
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string]func(context.Context) (factors.Done, error){
		"enroll": func(ctx context.Context) (factors.Done, error) {
			done, err := d.Enroll(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP}, "mine")
			return done.Done, err
		},
		"add": func(ctx context.Context) (factors.Done, error) { return d.Add(ctx, "auth_factor_01APP", "") },
		"refresh": func(ctx context.Context) (factors.Done, error) {
			done, err := d.Refresh(ctx, sms.Record.ID)
			return done.Done, err
		},
		"challenge": func(ctx context.Context) (factors.Done, error) {
			done, err := d.Challenge(ctx, sms.Record, "")
			return done.Done, err
		},
		"delete": func(ctx context.Context) (factors.Done, error) { return d.Delete(ctx, sms.Record) },
	}
	for _, name := range []string{"enroll", "add", "refresh", "challenge", "delete"} {
		t.Run(name, func(t *testing.T) {
			d.fault = func(*http.Request) (*http.Response, error) { d.fault = nil; d.lock(); return nil, nil }
			done, err := uses[name](t.Context())
			d.unlock()
			if err != nil || done.SaveErr == nil || !strings.HasPrefix(done.Record.ID, "auth_factor_") {
				t.Errorf("%+v, %v; want a factor, no error, and why it is not saved", done, err)
			}
			if name == "enroll" && (done.Record.Label != "mine" || len(d.Store.Unsaved()) != 1) {
				t.Errorf("unsaved: %+v", d.Store.Unsaved())
			}
			if err := d.Store.Save(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
	if _, ok := d.open().Record(sms.Record.ID); ok {
		t.Error("the next save did not take the deletion along")
	}
}

// Nobody is called while the factor file can't be written: the ID would be lost.
func TestEnrollmentThatCouldNotBeSaved(t *testing.T) {
	d := newDesk(t)
	d.enrolls("")
	d.calls = nil
	d.lock()
	_, err := d.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, "")
	if err == nil || !strings.Contains(d.Explain(err)[0], "nothing was enrolled, since it could not be saved") || len(d.calls) > 0 {
		t.Errorf("%v, %d calls", err, len(d.calls))
	}
}

// An enrollment and a deletion that were begun are finished, a challenge that is
// cancelled is not.
func TestCancelled(t *testing.T) {
	d := newDesk(t)
	r := d.enrolls("")
	ctx, cancel := context.WithCancel(t.Context())
	d.fault = func(*http.Request) (*http.Response, error) { cancel(); return nil, nil }
	if done, err := d.Enroll(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP}, ""); err != nil || done.SaveErr != nil {
		t.Errorf("enroll: %v, %v", err, done.SaveErr)
	}
	if done, err := d.Delete(ctx, r); err != nil || done.SaveErr != nil {
		t.Errorf("delete: %v, %v", err, done.SaveErr)
	}
	if _, err := d.Challenge(ctx, r, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("challenge: %v, want it cancelled", err)
	}
}

// The same enrollment after a lost answer must not enroll twice; one that was
// settled is a new one.
func TestIdempotencyKey(t *testing.T) {
	d := newDesk(t)
	sms := func(number string) {
		_, _ = d.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: number}, "")
	}
	d.fault = func(r *http.Request) (*http.Response, error) {
		if resp, err := d.engine.RoundTrip(r); err == nil {
			resp.Body.Close()
		}
		return nil, errors.New("connection reset")
	}
	sms("+15005550006")
	d.fault = nil
	sms("+1 500 555 0006") // the same number
	sms("+15005550006")
	d.fault = answer(422, `{"code":"invalid_phone_number"}`)
	sms("+15005550007")
	sms("+15005550007")
	var keys []string
	for _, r := range d.calls {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
	}
	if got := slices.Compact(keys); !slices.Equal(got, []string{"key-1", "key-2", "key-3", "key-4"}) {
		t.Errorf("the keys were %v", got)
	}
	if n := len(d.Store.Records()); n != 2 {
		t.Errorf("%d factors, want 2", n)
	}
}

func TestDelete(t *testing.T) {
	d := newDesk(t)
	r := d.enrolls("")
	d.fault = answer(500, `{"message":"oops"}`)
	if _, err := d.Delete(t.Context(), r); err == nil || !d.Listed(r.ID) {
		t.Errorf("after a failure: %v, listed %t", err, d.Listed(r.ID))
	}
	d.fault = nil
	if err := d.API.DeleteFactor(t.Context(), workos.DeleteFactorOpts{FactorID: r.ID}); err != nil {
		t.Fatal(err)
	}
	// As good as deleted: WorkOS does not know it any more.
	if done, err := d.Delete(t.Context(), r); err != nil || done.SaveErr != nil || d.Listed(r.ID) {
		t.Errorf("%+v, %v, listed %t", done, err, d.Listed(r.ID))
	}
}

func TestRefresh(t *testing.T) {
	d := newDesk(t)
	var ids []string
	for range 2*factors.AtOnce + 1 {
		ids = append(ids, d.enrolls("").ID)
	}
	gone := ids[1]
	if err := d.API.DeleteFactor(t.Context(), workos.DeleteFactorOpts{FactorID: gone}); err != nil {
		t.Fatal(err)
	}
	fresh, err := d.RefreshAll(t.Context(), ids...)
	if err != nil || len(fresh) != len(ids) {
		t.Fatalf("%d refreshed, %v", len(fresh), err)
	}
	for i, f := range fresh {
		if f.Record.ID != ids[i] || f.Gone != (ids[i] == gone) || d.saved(ids[i]).GoneAt.IsZero() == f.Gone {
			t.Errorf("%d is %+v", i, f)
		}
	}
	// After a failure no more are asked for than were under way.
	var under sync.WaitGroup
	under.Add(factors.AtOnce)
	d.calls, d.fault = nil, func(r *http.Request) (*http.Response, error) {
		under.Done()
		under.Wait()
		return answer(401, `{}`)(r)
	}
	if fresh, err := d.RefreshAll(t.Context(), ids...); !workos.IsUnauthorized(err) || len(fresh) > 0 || len(d.calls) != factors.AtOnce {
		t.Errorf("%d refreshed, %v, %d calls", len(fresh), err, len(d.calls))
	}
}

func TestRemoveAndClear(t *testing.T) {
	d := newDesk(t)
	one, two, three := d.enrolls(""), d.enrolls(""), d.enrolls("")
	if err := d.Remove(t.Context(), one.ID); err != nil || d.Listed(one.ID) {
		t.Error(err)
	}
	export, err := d.Clear(t.Context(), two.ID, three.ID)
	if err != nil || len(d.open().Records()) > 0 {
		t.Fatal(err)
	}
	data, err := os.ReadFile(export)
	if err != nil || !strings.Contains(string(data), two.ID) || !strings.Contains(string(data), three.ID) {
		t.Errorf("the export is %s, %v", data, err)
	}
	if len(d.calls) != 3 {
		t.Errorf("%d calls: removing calls nobody", len(d.calls)-3)
	}
	// They stay if they can't be exported.
	four, five := d.enrolls(""), d.enrolls("")
	d.lock()
	defer d.unlock()
	if _, err := d.Clear(t.Context(), four.ID, five.ID); err == nil || !d.Listed(four.ID) || !d.Listed(five.ID) {
		t.Errorf("%v, listed %t", err, d.Listed(four.ID))
	}
}
