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

// fixture is a list with the real client, the real engine and a real factor file.
type fixture struct {
	*factors.List
	t      *testing.T
	engine *local.Engine
	path   string
	mu     sync.Mutex // refreshes call at the same time
	calls  []*http.Request
	keys   int
	// fault responds in place of the engine, if it is set and returns something.
	fault func(*http.Request) (*http.Response, error)
}

var start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

func newFixture(t *testing.T) *fixture {
	t.Helper()
	now := func() time.Time { return start }
	fx := &fixture{t: t, path: filepath.Join(t.TempDir(), "mfa-tui", "factors.json"), engine: local.New(local.Options{
		Now: now, Rand: rand.NewChaCha8([32]byte{1}),
		// The factor that the README's seed begins with.
		Seed: &local.Seed{
			Users:   []local.SeedUser{{ID: "user_01ALAN", Email: "alan@example.com"}},
			Factors: []local.SeedFactor{{ID: "auth_factor_01APP", Type: "totp", UserID: "user_01ALAN", Issuer: "Foo Corp", User: "alan"}},
		},
	})}
	client, err := workos.NewClient(workos.ClientOpts{APIKey: "sk_test_1", Transport: fx, RetryWait: time.Microsecond, Timeout: time.Hour, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	fx.List = &factors.List{API: client, Store: fx.open(), Now: now, NewKey: func() string { fx.keys++; return fmt.Sprint("key-", fx.keys) }}
	return fx
}

func (fx *fixture) open() *store.Store {
	fx.t.Helper()
	s, err := store.Open(store.Options{Path: fx.path, Environment: "local"})
	if err != nil {
		fx.t.Fatal(err)
	}
	return s
}

func (fx *fixture) RoundTrip(r *http.Request) (*http.Response, error) {
	fx.mu.Lock()
	fx.calls = append(fx.calls, r)
	fx.mu.Unlock()
	if fx.fault != nil {
		if resp, err := fx.fault(r); resp != nil || err != nil {
			return resp, err
		}
	}
	return fx.engine.RoundTrip(r)
}

// lock makes the factor file unwritable, for root too: its folder is a file.
func (fx *fixture) lock() {
	fx.t.Helper()
	dir := filepath.Dir(fx.path)
	if err := errors.Join(os.Rename(dir, dir+".away"), os.WriteFile(dir, nil, 0o600)); err != nil {
		fx.t.Fatal(err)
	}
}

func (fx *fixture) unlock() {
	fx.t.Helper()
	dir := filepath.Dir(fx.path)
	if err := errors.Join(os.Remove(dir), os.Rename(dir+".away", dir)); err != nil {
		fx.t.Fatal(err)
	}
}

// enrolls enrolls a generic factor and returns its record.
func (fx *fixture) enrolls(label string) store.Record {
	fx.t.Helper()
	done, err := fx.Enroll(fx.t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, label)
	if err != nil || done.SaveErr != nil {
		fx.t.Fatal(err, done.SaveErr)
	}
	return done.Record
}

// saved reads a factor from the file.
func (fx *fixture) saved(id string) store.Record {
	fx.t.Helper()
	r, ok := fx.open().Record(id)
	if !ok {
		fx.t.Fatalf("%s is not in the file", id)
	}
	return r
}

// refused fails unless an error is an InputError with a text, and no call was made.
func (fx *fixture) refused(err error, want string) {
	fx.t.Helper()
	var input *factors.InputError
	if !errors.As(err, &input) || !strings.Contains(err.Error(), want) {
		fx.t.Errorf("the error is %v, want one about the input with %q", err, want)
	}
	if len(fx.calls) > 0 {
		fx.t.Errorf("%s %s was called", fx.calls[0].Method, fx.calls[0].URL.Path)
	}
}

// answer is a fault: a response with a body.
func answer(status int, body string, header ...string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{"X-Request-Id": {"req_1"}}
		for i := 0; i+1 < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Request: r,
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
		{"phone without a plus", workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "5005550006"}, "", "phone: must begin with + and the country code"},
		{"phone of letters", workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+1 500 CALL ME"}, "", "phone: only digits after the +; spaces are fine"},
		{"phone too short", workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+1 555"}, "", "phone: too short for a US number"},
		{"label too long", workos.EnrollFactorOpts{Type: workos.GenericOTP}, long + "x", "label: at most 60 characters"},
		{"label like an ID", workos.EnrollFactorOpts{Type: workos.GenericOTP}, "auth_factor_1", "label: \"auth_factor_1\" looks like a factor ID"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fx := newFixture(t)
			done, err := fx.Enroll(t.Context(), tt.opts, tt.label)
			if strings.Contains(tt.want, ": ") {
				fx.refused(err, tt.want)
				return
			}
			if err != nil || done.SaveErr != nil {
				t.Fatal(err, done.SaveErr)
			}
			if got := factors.Name(fx.saved(done.Factor.ID)); got != tt.want {
				t.Errorf("saved as %q, want %q", got, tt.want)
			}
		})
	}
}

// What can't be seen is no part of a name: two that look alike are one.
func TestNamesThatLookAlike(t *testing.T) {
	fx := newFixture(t)
	done, err := fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Fo\u202eo\u200b", TOTPUser: "\U000e0041al\x1ban"}, "")
	if err != nil {
		t.Fatal(err)
	}
	if got := fx.saved(done.Factor.ID).TOTP; got.Issuer != "Foo" || got.User != "alan" {
		t.Errorf("enrolled as %q, %q", got.Issuer, got.User)
	}
	labels := []string{"alan", "al\u200ban"}
	for i, label := range labels { // as an import may bring them
		r := store.Record{Factor: workos.Factor{ID: fmt.Sprint("auth_factor_", i), Type: workos.GenericOTP}, Label: label}
		if _, err := fx.Store.Put(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	fx.calls = nil
	for _, label := range labels {
		_, err := fx.Find(label)
		fx.refused(err, "names 2 factors")
	}
	if _, err := fx.Find("\u200b"); !errors.Is(err, factors.ErrNotFound) {
		t.Errorf("the error is %v", err)
	}
}

// A label names only one factor, however it is given: commands find factors by it.
func TestLabelNamesOneFactor(t *testing.T) {
	fx := newFixture(t)
	one, two := fx.enrolls("mine"), fx.enrolls("")
	fx.calls = nil
	ways := map[string]func(label string) error{
		"enroll": func(label string) error {
			_, err := fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, label)
			return err
		},
		"label": func(label string) error { _, err := fx.Label(t.Context(), two.ID, label); return err },
		"add":   func(label string) error { _, err := fx.Add(t.Context(), two.ID, label); return err },
	}
	for name, give := range ways {
		t.Run(name, func(t *testing.T) {
			fx.refused(give(" mine\u202e"), `"mine" already names mine (`+one.ID+`)`)
			fx.refused(give(strings.Repeat("x", 300)), "at most 60 characters")
		})
	}
	// Its own label is free, and a label that another window has removed.
	for label, id := range map[string]string{"mine": one.ID, "": one.ID} {
		if done, err := fx.Label(t.Context(), id, label); err != nil || done.SaveErr != nil || done.Record.Label != label {
			t.Errorf("label %q: %+v, %v", label, done, err)
		}
	}
	if _, err := fx.open().SetLabel(t.Context(), one.ID, "elsewhere"); err != nil {
		t.Fatal(err)
	}
	fx.refused(ways["label"]("elsewhere"), "already names")
}

// The factor of the README's seed can be added by its ID, which is shorter than
// those of WorkOS.
func TestAdd(t *testing.T) {
	fx := newFixture(t)
	done, err := fx.Add(t.Context(), " auth_factor_01APP\n", "alan")
	if err != nil || done.SaveErr != nil || fx.saved("auth_factor_01APP").Label != "alan" {
		t.Fatalf("%+v, %v", done, err)
	}
	// Once more, with another label.
	if done, err = fx.Add(t.Context(), "auth_factor_01APP", "turing"); err != nil || fx.saved("auth_factor_01APP").Label != "turing" {
		t.Fatalf("%+v, %v", done, err)
	}
	if _, err := fx.Add(t.Context(), "auth_factor_01NOBODY", ""); !workos.IsNotFound(err) {
		t.Errorf("the error is %v, want not found", err)
	}
	fx.calls = nil
	for _, id := range []string{"", "auth_factor_", "auth_factor_01-APP", "auth_challenge_01APP", "auth_factor_01APP/..", "xauth_factor_01APP"} {
		_, err := fx.Add(t.Context(), id, "")
		fx.refused(err, "is not a factor ID (auth_factor_ and letters and digits)")
	}
}

// If the factor file can't be written after a call, the call counts as worked, and the
// ID of its factor is returned.
func TestNotSaved(t *testing.T) {
	fx := newFixture(t)
	sms, err := fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"}, "")
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string]func(context.Context) (factors.Done, error){
		"enroll": func(ctx context.Context) (factors.Done, error) {
			done, err := fx.Enroll(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP}, "mine")
			return done.Done, err
		},
		"add": func(ctx context.Context) (factors.Done, error) { return fx.Add(ctx, "auth_factor_01APP", "") },
		"refresh": func(ctx context.Context) (factors.Done, error) {
			done, err := fx.Refresh(ctx, sms.Record.ID)
			return done.Done, err
		},
		"challenge": func(ctx context.Context) (factors.Done, error) {
			done, err := fx.Challenge(ctx, sms.Record, "")
			return done.Done, err
		},
		"delete": func(ctx context.Context) (factors.Done, error) { return fx.Delete(ctx, sms.Record) },
	}
	for _, name := range []string{"enroll", "add", "refresh", "challenge", "delete"} {
		t.Run(name, func(t *testing.T) {
			fx.fault = func(*http.Request) (*http.Response, error) { fx.fault = nil; fx.lock(); return nil, nil }
			done, err := uses[name](t.Context())
			fx.unlock()
			if err != nil || done.SaveErr == nil || !strings.HasPrefix(done.Record.ID, "auth_factor_") {
				t.Errorf("%+v, %v; want a factor, no error, and why it is not saved", done, err)
			}
			if name == "enroll" && (done.Record.Label != "mine" || len(fx.Store.Unsaved()) != 1) {
				t.Errorf("unsaved: %+v", fx.Store.Unsaved())
			}
			if err := fx.Store.Save(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	}
	if _, ok := fx.open().Record(sms.Record.ID); ok {
		t.Error("the next save did not take the deletion along")
	}
}

// No call is made while the factor file can't be written: the ID would be lost.
func TestEnrollmentThatCouldNotBeSaved(t *testing.T) {
	fx := newFixture(t)
	fx.enrolls("")
	fx.calls = nil
	fx.lock()
	_, err := fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, "")
	if err == nil || !strings.Contains(fx.Explain(err)[0], "nothing was enrolled, since it could not be saved") || len(fx.calls) > 0 {
		t.Errorf("%v, %d calls", err, len(fx.calls))
	}
}

// Cancelling stops a challenge, but neither an enrollment nor a deletion.
func TestCancelled(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("")
	ctx, cancel := context.WithCancel(t.Context())
	fx.fault = func(*http.Request) (*http.Response, error) { cancel(); return nil, nil }
	if done, err := fx.Enroll(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP}, ""); err != nil || done.SaveErr != nil {
		t.Errorf("enroll: %v, %v", err, done.SaveErr)
	}
	if done, err := fx.Delete(ctx, r); err != nil || done.SaveErr != nil {
		t.Errorf("delete: %v, %v", err, done.SaveErr)
	}
	if _, err := fx.Challenge(ctx, r, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("challenge: %v, want it cancelled", err)
	}
}

// An enrollment that is repeated after a lost response has the same key; after any
// response it has a new one.
func TestIdempotencyKey(t *testing.T) {
	fx := newFixture(t)
	sms := func(number string) {
		_, _ = fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: number}, "")
	}
	fx.fault = func(r *http.Request) (*http.Response, error) {
		if resp, err := fx.engine.RoundTrip(r); err == nil {
			resp.Body.Close()
		}
		return nil, errors.New("connection reset")
	}
	sms("+15005550006")
	fx.fault = nil
	sms("+1 500 555 0006") // the same number
	sms("+15005550006")
	fx.fault = answer(422, `{"code":"invalid_phone_number"}`)
	sms("+15005550007")
	sms("+15005550007")
	var keys []string
	for _, r := range fx.calls {
		keys = append(keys, r.Header.Get("Idempotency-Key"))
	}
	if got := slices.Compact(keys); !slices.Equal(got, []string{"key-1", "key-2", "key-3", "key-4"}) {
		t.Errorf("the keys were %v", got)
	}
	if n := len(fx.Store.Records()); n != 2 {
		t.Errorf("%d factors, want 2", n)
	}
}

// An enrollment whose outcome is not known says so, and tells its key, with which
// another process gets the same factor.
func TestUncertainEnrollment(t *testing.T) {
	fx := newFixture(t)
	opts := workos.EnrollFactorOpts{Type: workos.GenericOTP}
	fx.fault = func(r *http.Request) (*http.Response, error) {
		resp, err := fx.engine.RoundTrip(r)
		if err == nil {
			resp.Body = io.NopCloser(io.LimitReader(resp.Body, 20))
		}
		return resp, err
	}
	_, err := fx.Enroll(t.Context(), opts, "")
	var uncertain *factors.UncertainError
	if !errors.As(err, &uncertain) || uncertain.Key != "key-1" || len(fx.calls) != 4 {
		t.Fatalf("%v after %d attempts", err, len(fx.calls))
	}
	if got := strings.Join(fx.Explain(err), " · "); !strings.HasPrefix(got, "the response is not JSON (201) · the factor may have been enrolled") {
		t.Errorf("explained as %q", got)
	}
	fx.fault = nil
	other := &factors.List{API: fx.API, Store: fx.Store, Now: fx.Now, NewKey: func() string { t.Error("a new key"); return "new" }}
	opts.IdempotencyKey = uncertain.Key
	for range 2 {
		if _, err := other.Enroll(t.Context(), opts, ""); err != nil {
			t.Error(err)
		}
	}
	if n := len(fx.Store.Records()); n != 1 {
		t.Errorf("%d factors on the list, want 1", n)
	}
}

// A local engine that says that it failed has enrolled nothing; WorkOS may have.
func TestFailureOfTheServerIsUncertain(t *testing.T) {
	for mode, want := range map[factors.Mode]bool{factors.Local: false, factors.Test: true} {
		fx := newFixture(t)
		fx.Mode = mode
		fx.fault = answer(http.StatusInternalServerError, `{"message":"oops"}`)
		_, err := fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, "")
		if got := errors.As(err, new(*factors.UncertainError)); err == nil || got != want {
			t.Errorf("%s: %v, uncertain %t, want %t", mode, err, got, want)
		}
		// To try again without its key would enroll a second factor.
		if got := strings.Join(fx.Explain(err), " · "); strings.Contains(got, "try again") == want {
			t.Errorf("%s: explained as %q", mode, got)
		}
	}
}

// What is known of a factor after a failure is said: nothing happened to it, or something
// may have.
func TestWhatBecameOfIt(t *testing.T) {
	lost := func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }
	for name, test := range map[string]struct {
		mode  factors.Mode
		fault func(*http.Request) (*http.Response, error)
		state string
	}{
		"refused":           {factors.Live, answer(422, `{}`), "was not"},
		"too many requests": {factors.Live, answer(429, ``, "Retry-After", "42"), "was not"},
		"redirect":          {factors.Live, answer(302, ``, "Location", "https://login.example.com"), "was not"},
		"500":               {factors.Live, answer(500, ``), "may have been"},
		"500 here":          {factors.Local, answer(500, ``), "was not"},
		"lost":              {factors.Live, lost, "may have been"},
		"web page":          {factors.Live, answer(200, `<html>`), "may have been"},
	} {
		fx := newFixture(t)
		r := fx.enrolls("")
		fx.Mode, fx.fault = test.mode, test.fault
		_, err := fx.Enroll(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}, "")
		if got, want := strings.Join(fx.Explain(err), " · "), " · the factor "+test.state+" enrolled"; !strings.Contains(got, want) {
			t.Errorf("%s: %q does not say%s", name, got, want)
		}
		_, err = fx.Delete(t.Context(), r)
		if got, want := strings.Join(fx.Explain(err), " · "), " · the factor "+test.state+" deleted"; !strings.Contains(got, want) || !fx.Listed(r.ID) {
			t.Errorf("%s: %q does not say%s, or the factor is off the list", name, got, want)
		}
	}
}

// A web page says nothing about a factor, nor does the 404 of a proxy: it is neither
// gone nor deleted.
func TestWebPageIsNotWorkOS(t *testing.T) {
	for _, body := range []string{`<h1>404</h1>`, "404 page not found\n", ""} {
		testNotWorkOS(t, body)
	}
}

func testNotWorkOS(t *testing.T, body string) {
	t.Helper()
	fx := newFixture(t)
	r := fx.enrolls("")
	fx.fault = answer(404, body)
	if _, err := fx.Refresh(t.Context(), r.ID); err == nil || !fx.saved(r.ID).GoneAt.IsZero() {
		t.Errorf("gone: %v", err)
	}
	if _, err := fx.Delete(t.Context(), r); err == nil || !fx.Listed(r.ID) {
		t.Errorf("deleted: %v", err)
	}
}

func TestCheckKey(t *testing.T) {
	for key, ok := range map[string]bool{"a-B_1": true, strings.Repeat("k", 255): true, "": false, "a b": false, "a\n": false, "é": false, strings.Repeat("k", 256): false} {
		if got, err := factors.CheckKey(key); (err == nil) != ok || ok && got != key {
			t.Errorf("%q: %q, %v", key, got, err)
		}
	}
}

func TestDelete(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("")
	fx.fault = answer(500, `{"message":"oops"}`)
	if _, err := fx.Delete(t.Context(), r); err == nil || !fx.Listed(r.ID) {
		t.Errorf("after a failure: %v, listed %t", err, fx.Listed(r.ID))
	}
	fx.fault = nil
	if err := fx.API.DeleteFactor(t.Context(), workos.DeleteFactorOpts{FactorID: r.ID}); err != nil {
		t.Fatal(err)
	}
	// What WorkOS no longer knows counts as deleted.
	if done, err := fx.Delete(t.Context(), r); err != nil || done.SaveErr != nil || fx.Listed(r.ID) {
		t.Errorf("%+v, %v, listed %t", done, err, fx.Listed(r.ID))
	}
}

func TestRefresh(t *testing.T) {
	fx := newFixture(t)
	var ids []string
	for range 2*factors.AtOnce + 1 {
		ids = append(ids, fx.enrolls("").ID)
	}
	gone := ids[1]
	if err := fx.API.DeleteFactor(t.Context(), workos.DeleteFactorOpts{FactorID: gone}); err != nil {
		t.Fatal(err)
	}
	fresh, err := fx.RefreshAll(t.Context(), ids...)
	if err != nil || len(fresh) != len(ids) {
		t.Fatalf("%d refreshed, %v", len(fresh), err)
	}
	for i, f := range fresh {
		if f.Record.ID != ids[i] || f.Gone != (ids[i] == gone) || fx.saved(ids[i]).GoneAt.IsZero() == f.Gone {
			t.Errorf("%d is %+v", i, f)
		}
	}
	// After a failure no more calls are made.
	var under sync.WaitGroup
	under.Add(factors.AtOnce)
	fx.calls, fx.fault = nil, func(r *http.Request) (*http.Response, error) {
		under.Done()
		under.Wait()
		return answer(401, `{}`)(r)
	}
	if fresh, err := fx.RefreshAll(t.Context(), ids...); !workos.IsUnauthorized(err) || len(fresh) > 0 || len(fx.calls) != factors.AtOnce {
		t.Errorf("%d refreshed, %v, %d calls", len(fresh), err, len(fx.calls))
	}
}

func TestRemoveAndClear(t *testing.T) {
	fx := newFixture(t)
	one, two, three := fx.enrolls(""), fx.enrolls(""), fx.enrolls("")
	if err := fx.Remove(t.Context(), one.ID); err != nil || fx.Listed(one.ID) {
		t.Error(err)
	}
	export, err := fx.Clear(t.Context(), two.ID, three.ID)
	if err != nil || len(fx.open().Records()) > 0 {
		t.Fatal(err)
	}
	data, err := os.ReadFile(export)
	if err != nil || !strings.Contains(string(data), two.ID) || !strings.Contains(string(data), three.ID) {
		t.Errorf("the export is %s, %v", data, err)
	}
	if len(fx.calls) != 3 {
		t.Errorf("%d calls: removing calls nobody", len(fx.calls)-3)
	}
	// They stay if no export can be saved.
	four, five := fx.enrolls(""), fx.enrolls("")
	fx.lock()
	defer fx.unlock()
	if _, err := fx.Clear(t.Context(), four.ID, five.ID); err == nil || !fx.Listed(four.ID) || !fx.Listed(five.ID) {
		t.Errorf("%v, listed %t", err, fx.Listed(four.ID))
	}
}
