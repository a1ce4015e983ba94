package local_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// The next engine on the same storage knows the factors, challenges and users
// of the one before.
func TestRestartOfEveryType(t *testing.T) {
	for _, opts := range everyType {
		t.Run(string(opts.Type), func(t *testing.T) {
			l := labOn(t, &disk{}, 1)
			opts.UserID = l.user("a@b.co")
			f := l.enroll(opts)
			verified, open := l.challenge(f), l.challenge(f)
			code := l.rightCode(f, open)
			if f.Type == workos.TOTP {
				l.wants(true, verified, code)
			}
			before := l.call("GET", "/auth/factors/"+f.ID, "").Body.String()
			l.restart()
			l.wait(30 * time.Second)
			if after := l.call("GET", "/auth/factors/"+f.ID, "").Body.String(); after != before {
				t.Errorf("the factor was\n%s\nis\n%s", before, after)
			}
			if users := ok(l.ListUsers(ctx, workos.ListUsersOpts{Email: "a@b.co"}))(t); len(users.Data) != 1 || users.Data[0].ID != opts.UserID {
				t.Errorf("users %+v", users)
			}
			if f.Type == workos.TOTP {
				l.refuses(verified, code, workos.IsAlreadyVerified)
				code = l.code(f, 0)
			}
			l.wants(true, open, code)
		})
	}
}

// What one engine does, the other one knows at once.
func TestEachSeesTheOther(t *testing.T) {
	storage := &disk{}
	a, b := labOn(t, storage, 1), labOn(t, storage, 2)
	f := a.totp()
	first, second := a.challenge(f), b.challenge(f)
	code := a.code(f, 0)
	b.wants(true, first, code)
	a.wants(false, second, code) // used up at the other one
	c := a.challenge(b.sms())
	b.wants(true, c, digits.FindString(b.message()))
	if code, _, _, err := b.engine.AuthenticatorCode(ctx, f.ID); err != nil || code != a.code(f, 0) {
		t.Errorf("the app at the other engine shows %q, %v", code, err)
	}
	if err := b.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: f.ID}); err != nil {
		t.Error(err)
	}
	if _, err := a.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}); !workos.IsNotFound(err) {
		t.Errorf("a factor that the other engine deleted: %v", err)
	}
}

// A request is kept whether or not it has an Idempotency-Key.
func TestKeptWithoutKey(t *testing.T) {
	storage := &disk{}
	a, b := labOn(t, storage, 1), labOn(t, storage, 2)
	var f workos.Factor
	for _, opts := range []string{`{"type":"generic_otp"}`, `{"type":"totp","totp_issuer":"a","totp_user":"b"}`} {
		f = workos.Factor{}
		if err := json.Unmarshal(a.call("POST", "/auth/factors/enroll", opts).Body.Bytes(), &f); err != nil {
			t.Fatal(err)
		}
		ok(b.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}))(t)
	}
	var c workos.Challenge
	if err := json.Unmarshal(a.call("POST", "/auth/factors/"+f.ID+"/challenge", "").Body.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	body := `{"code":"` + a.code(f, 0) + `"}`
	if w := b.call("POST", "/auth/challenges/"+c.ID+"/verify", body); w.Code != 201 || !strings.Contains(w.Body.String(), `"valid":true`) {
		t.Errorf("the challenge at the other engine: %d %s", w.Code, w.Body)
	}
	if w := a.call("POST", "/auth/challenges/"+c.ID+"/verify", body); w.Code != 422 {
		t.Errorf("verified at the other engine, and here %d %s", w.Code, w.Body)
	}
}

// However many verify one challenge at the same time, its code is valid once.
func TestVerifyAtOnce(t *testing.T) {
	storage := &disk{}
	shared, alone := []*lab{labOn(t, storage, 1), labOn(t, storage, 2)}, []*lab{newLab(t)}
	for name, labs := range map[string][]*lab{"on a storage": shared, "in memory": alone} {
		f := labs[0].totp()
		c, code := labs[0].challenge(f), labs[0].code(f, 0)
		var valid, refused atomic.Int32
		var done sync.WaitGroup
		for i := range 40 {
			done.Go(func() {
				switch right, err := labs[i%len(labs)].verify(c, code); {
				case right:
					valid.Add(1)
				case workos.IsAlreadyVerified(err):
					refused.Add(1)
				default:
					t.Errorf("%s: valid is %t, error %v", name, right, err)
				}
			})
		}
		done.Wait()
		if valid.Load() != 1 || refused.Load() != 39 {
			t.Errorf("%s: %d are valid, %d refused", name, valid.Load(), refused.Load())
		}
	}
}

func TestReadingWritesNothing(t *testing.T) {
	storage := &disk{}
	l := labOn(t, storage, 1)
	user := l.user("a@b.co")
	f := l.enrollFor(user, "").Factor
	storage.err = errors.New("a write")
	l.lastSMS(phone)
	if _, _, _, err := l.engine.AuthenticatorCode(ctx, f.ID); err != nil {
		t.Error(err)
	}
	for path, status := range map[string]int{
		"/auth/factors/" + f.ID: 200, "/auth/factors/x": 404, "/user_management/users": 200,
		"/user_management/users/" + user: 200, "/user_management/users/" + user + "/auth_factors": 200,
	} {
		if w := l.call("GET", path, ""); w.Code != status {
			t.Errorf("GET %s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := l.call("DELETE", "/auth/factors/x", ""); w.Code != 404 {
		t.Errorf("DELETE of an unknown factor: %d %s", w.Code, w.Body)
	}
}

// What could not be kept has not happened, in the first request too.
func TestFullStorage(t *testing.T) {
	for _, before := range []bool{false, true} { // whether there is content
		storage := &disk{}
		l := labOn(t, storage, 1)
		if before {
			l.sms()
		}
		storage.err = errors.New("no space is left")
		w := l.call("POST", "/user_management/users", `{"email":"a@b.co"}`)
		checkAnswer(t, w, 500, `{"message":"state of the local engine: no space is left","code":"internal_error"}`)
		storage.err = nil
		if users := ok(l.ListUsers(ctx, workos.ListUsersOpts{}))(t); len(users.Data) != 0 {
			t.Errorf("with content %t: the user is there: %+v", before, users)
		}
		l.user("a@b.co")
	}
}

// waiting is a storage whose lock somebody else has.
type waiting struct{}

func (waiting) Path() string { return "state.json" }

func (waiting) Update(ctx context.Context, _ func([]byte) ([]byte, error)) error {
	<-ctx.Done()
	return ctx.Err()
}

// A request that waits for the storage ends with its context.
func TestCancelled(t *testing.T) {
	l := labOn(t, waiting{}, 1)
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := l.EnrollFactor(over, smsOpts); !errors.Is(err, context.Canceled) {
		t.Errorf("an enrollment: %v", err)
	}
	if _, _, err := l.engine.SMS(over, "c"); !errors.Is(err, context.Canceled) {
		t.Errorf("a look at the phone: %v", err)
	}
	if _, _, _, err := l.engine.AuthenticatorCode(over, "f"); !errors.Is(err, context.Canceled) {
		t.Errorf("a look at the app: %v", err)
	}
}

// edited is a state that somebody has edited, with the format and three values.
func edited(factors, challenges, users string) string {
	return `{"format":"mfa-tui engine state","version":1,"factors":` + factors + `,"challenges":` + challenges + `,"users":` + users +
		`,"outbox":null,"repeats":null,"pruned_at":"2026-01-15T12:00:00Z"}`
}

// damaged are contents that no engine has written: broken ones, those of other
// programs, and states that differ in one thing.
var damaged = func() []string {
	good := edited(`{}`, `{}`, `{}`)
	all := []string{
		" ", "{", "[]", "null", "5", "{}", "\x00\xff", `{"version":1}`, `{"version":1,"factors":{}}`, `{"version":1,"factors":[],"users":{}}`,
		`{"version":3,"factors":[{"id":"auth_factor_1","type":"sms"}]}`, `{"name":"x","version":"1.0.0","dependencies":{}}`,
		good + " {}", good[:len(good)-1], edited(`[]`, `{}`, `{}`), edited(`{"f":5}`, `{}`, `{}`),
		edited(`{"f":null}`, `{}`, `{}`), edited(`{}`, `{}`, `{"u":null}`), edited(`{}`, `{"c":null}`, `{}`),
		strings.Replace(edited(`{}`, `{}`, `{}`), `{"format"`, `{"magic_auths":{"m":null},"format"`, 1),
		strings.Replace(edited(`{}`, `{}`, `{}`), `{"format"`, `{"signing_key":{"kid":"k"},"format"`, 1),
		strings.Replace(edited(`{}`, `{}`, `{}`), `{"format"`, `{"events":[null],"format"`, 1),
		edited(`{}`, `{"c":{"id":"c","factor_id":"f"}}`, `{}`), edited(`{"f":{"id":"f","type":"sms","more":1}}`, `{}`, `{}`),
		edited(`{"f":{"id":"f","type":"x"}}`, `{}`, `{}`),
	}
	for _, change := range [][2]string{
		{`"version":1`, `"version":2`}, {`"version":1`, `"version":"1"`}, {`"version":1`, `"version":null`}, {`"users":{},`, ``},
		{`{"format"`, `{"more":0,"format"`}, {`engine state`, `state`}, {`"mfa-tui engine state"`, `""`}, {`"mfa-tui engine state"`, `null`},
		{`"format":"mfa-tui engine state"`, `"more":0`}, {`"format":"mfa-tui engine state","version":1`, `"version":2`},
		{`"format":"mfa-tui engine state","version":1`, `"Version":1`},
	} {
		all = append(all, strings.Replace(good, change[0], change[1], 1))
	}
	return all
}()

// askMuch asks for what a state may have.
func askMuch(l *lab) (answers []*httptest.ResponseRecorder) {
	for _, ask := range [][3]string{
		{"GET", "/auth/factors/f"}, {"GET", "/user_management/users"}, {"GET", "/user_management/users/u/auth_factors"},
		{"POST", "/auth/challenges/c/verify", `{"code":"000000"}`}, {"POST", "/auth/factors/f/challenge"},
		{"POST", "/auth/factors/enroll", `{"type":"generic_otp"}`}, {"POST", "/user_management/users", `{"email":"a@b.co"}`},
		{"DELETE", "/auth/factors/f"},
	} {
		answers = append(answers, l.call(ask[0], ask[1], ask[2], key, ask[1]))
	}
	return answers
}

// What is not a state is an error that names it, and is left as it is.
func TestDamagedState(t *testing.T) {
	for _, content := range damaged {
		storage := &disk{data: []byte(content)}
		l := labOn(t, storage, 1)
		for _, w := range askMuch(l) {
			if w.Code != 500 || !strings.Contains(w.Body.String(), "state.json is ") || !strings.Contains(w.Body.String(), "left as it is") {
				t.Errorf("%q: %d %s", content, w.Code, w.Body)
			}
		}
		_, _, smsErr := l.engine.SMS(ctx, "c")
		_, _, _, codeErr := l.engine.AuthenticatorCode(ctx, "f")
		flushErr := local.New(local.Options{Storage: storage, Deferred: true}).Flush(ctx)
		for _, err := range []error{smsErr, codeErr, flushErr} {
			if err == nil || !strings.Contains(err.Error(), "left as it is") || strings.Contains(err.Error(), "json: ") || strings.Contains(err.Error(), "JSON") {
				t.Errorf("%q: %v", content, err)
			}
		}
		if string(storage.data) != content {
			t.Errorf("%q became %q", content, storage.data)
		}
	}
}

// A state that a newer version has added to is not said to be of another program.
func TestNewerState(t *testing.T) {
	storage := &disk{data: []byte(strings.Replace(edited(`{}`, `{}`, `{}`), `{"format"`, `{"more":0,"format"`, 1))}
	w := labOn(t, storage, 1).call("GET", "/auth/factors/f", "")
	if w.Code != 500 || !strings.Contains(w.Body.String(), "of a newer mfa-tui") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

// An empty file is a new state for the engine that owns it. For one that shares its
// storage it is a lost state.
func TestEmptyState(t *testing.T) {
	storage := &disk{data: []byte{}}
	if w := labOn(t, storage, 1).call("GET", "/auth/factors/f", ""); w.Code != 500 || !strings.Contains(w.Body.String(), "left as it is") {
		t.Errorf("shared: %d %s", w.Code, w.Body)
	}
	engine := local.New(local.Options{Storage: storage, Deferred: true})
	for range 2 {
		if err := engine.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(string(storage.data), `"format"`) {
		t.Errorf("the state is %q", storage.data)
	}
}

// A state from before there was a format, or before users signed in, is read. It has the
// format when it is written.
func TestOlderStates(t *testing.T) {
	for _, name := range []string{"state-unmarked.json", "state-marked.json"} {
		t.Run(name, func(t *testing.T) { testOlderState(t, name) })
	}
}

func testOlderState(t *testing.T, name string) {
	old, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for _, deferred := range []bool{false, true} {
		storage := &disk{data: old}
		l := newLab(t, func(o *local.Options) { o.Storage, o.Deferred = storage, deferred })
		if err := l.engine.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		users := ok(l.ListUsers(ctx, workos.ListUsersOpts{Email: "alan@example.com"}))(t).Data
		factors := ok(l.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: users[0].ID}))(t).Data
		body, _ := l.lastSMS(phone)
		if len(factors) != 1 || factors[0].TOTP.Issuer != "WorkOS" || body != "Your verification code is 272292." {
			t.Errorf("deferred %t: factors %+v, message %q", deferred, factors, body)
		}
		if !deferred && !bytes.Equal(storage.data, old) {
			t.Errorf("reading wrote %s", storage.data)
		}
		f := l.otp()
		if err := l.engine.Flush(ctx); err != nil {
			t.Error(err)
		}
		if !bytes.HasPrefix(storage.data, []byte(`{"format":"mfa-tui engine state","version":1,`)) {
			t.Errorf("deferred %t: written %s", deferred, storage.data)
		}
		l.restart()
		if err := l.engine.Flush(ctx); err != nil {
			t.Error(err)
		}
		ok(l.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}))(t)
		ok(l.GetFactor(ctx, workos.GetFactorOpts{FactorID: factors[0].ID}))(t)
	}
}

// A deferred state is written if it was changed, and a failure is made up for by
// the next time.
func TestFlush(t *testing.T) {
	storage := &disk{err: errors.New("no space is left")}
	l := newLab(t, func(o *local.Options) { o.Storage, o.Deferred = storage, true })
	flush := func(want string) {
		t.Helper()
		if err := l.engine.Flush(ctx); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	flush("no space is left")
	flush("no space is left")
	storage.err = nil
	flush("")
	storage.err = errors.New("no space is left")
	f := l.sms()
	ok(l.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}))(t)
	flush("no space is left")
	storage.err = nil
	flush("")
	if !strings.Contains(string(storage.data), f.ID) {
		t.Errorf("written %s", storage.data)
	}
	storage.err = errors.New("a write")
	l.lastSMS(phone)
	ok(l.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}))(t)
	flush("") // nothing was changed
	storage.err = nil
	for _, content := range []string{"{}", edited(`{}`, `{}`, `{}`)} {
		storage.data = []byte(content)
		l.otp()
		flush("state.json was changed by another program")
		if string(storage.data) != content {
			t.Errorf("%s became %s", content, storage.data)
		}
	}
}

// What becomes foreign between two requests is left as it is.
func TestForeignWhileRunning(t *testing.T) {
	for _, content := range damaged {
		storage := &disk{}
		l := labOn(t, storage, 1)
		l.sms()
		storage.data = []byte(content)
		if w := l.call("POST", "/auth/factors/enroll", `{"type":"generic_otp"}`); w.Code != 500 || string(storage.data) != content {
			t.Errorf("%q: %d %s, now %q", content, w.Code, w.Body, storage.data)
		}
	}
}

// A state that is put back works again, without a restart.
func TestDamagedWhileRunning(t *testing.T) {
	storage := &disk{}
	l := labOn(t, storage, 1)
	path := "/auth/factors/" + l.sms().ID
	good := storage.data
	storage.data = []byte{}
	if w := l.call("GET", path, ""); w.Code != 500 {
		t.Errorf("an emptied state: %d %s", w.Code, w.Body)
	}
	storage.data = good
	if w := l.call("GET", path, ""); w.Code != 200 {
		t.Errorf("the state put back: %d %s", w.Code, w.Body)
	}
}

// The state of long ago does not make the storage grow for ever.
func TestStateStaysSmall(t *testing.T) {
	storage := &disk{}
	l := labOn(t, storage, 1)
	f := l.otp()
	grown := func(every time.Duration, times int) int {
		for range times {
			l.challenge(f)
			l.wait(every)
		}
		return len(storage.data)
	}
	most := grown(time.Hour, 26) // a day and the hour between two prunings
	if after := grown(time.Hour, 3*26); after > most+most/10 {
		t.Errorf("%d bytes have become %d", most, after)
	}
}

// What a state has by an id has that id, whatever it says itself.
func TestStateWithOtherIDs(t *testing.T) {
	content := edited(`{"f":{"id":"x","type":"totp","secret":"A"}}`, `{}`, `{"u":{"id":"y","email":"a@b.co"}}`)
	l := labOn(t, &disk{data: []byte(content)}, 1)
	for _, path := range []string{"/auth/factors/f", "/user_management/users/u"} {
		if w := l.call("DELETE", path, ""); w.Code >= 300 {
			t.Errorf("delete %s: %d %s", path, w.Code, w.Body)
		}
		if w := l.call("GET", path, ""); w.Code != 404 {
			t.Errorf("%s after its deletion: %d %s", path, w.Code, w.Body)
		}
	}
}

// FuzzState starts an engine on anything: it may refuse, but not panic.
func FuzzState(f *testing.F) {
	for _, content := range damaged {
		f.Add(content)
	}
	f.Add(edited(`{"f":{"id":"f","type":"totp","secret":"A"}}`, `{"c":{"id":"c","factor_id":"f"}}`, `{}`))
	f.Add(edited(`{"f":null}`, `{"c":{"factor_id":"f"}}`, `{"u":null}`))
	f.Fuzz(func(t *testing.T, content string) {
		l := labOn(t, &disk{data: []byte(content)}, 1)
		askMuch(l)
		_, _, _ = l.engine.SMS(ctx, "c")
		_, _, _ = l.tool(ctx, "/factors/f/code")
		_, _, _, _ = l.engine.AuthenticatorCode(ctx, "f")
	})
}

// A call that could not be kept is not tried again: the storage has waited already.
func TestStorageIsTriedOnce(t *testing.T) {
	storage := &failing{}
	l := labOn(t, storage, 1)
	if _, err := l.EnrollFactor(ctx, smsOpts); err == nil || !strings.Contains(err.Error(), "locked") {
		t.Error(err)
	}
	if storage.updates != 1 {
		t.Errorf("the storage was tried %d times", storage.updates)
	}
}

// failing is a storage that is always locked.
type failing struct{ updates int }

func (*failing) Path() string { return "state.json" }

func (f *failing) Update(context.Context, func([]byte) ([]byte, error)) error {
	f.updates++
	return errors.New("state.json has been locked")
}
