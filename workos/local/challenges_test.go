package local_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

var digits = regexp.MustCompile(`[0-9]{6}`)

// Codes by SMS and generic ones are good for ten minutes; TOTP challenges do
// not end.
func TestExpiry(t *testing.T) {
	l := newLab(t)
	sms, otp, totp := l.sms(), l.otp(), l.totp()
	c := l.challenge(sms)
	if want := start.Add(10 * time.Minute); !c.ExpiresAt.Equal(want) {
		t.Errorf("expires at %s, want %s", c.ExpiresAt, want)
	}
	l.wait(10 * time.Minute)
	l.wants(true, c, digits.FindString(l.message()))

	c, o, u := l.challenge(sms), l.challenge(otp), l.challenge(totp)
	if !u.ExpiresAt.IsZero() {
		t.Errorf("a TOTP challenge expires at %s", u.ExpiresAt)
	}
	l.wait(10*time.Minute + time.Millisecond)
	l.refuses(c, digits.FindString(l.message()), workos.IsExpired)
	l.refuses(o, o.Code, workos.IsExpired)
	l.wants(true, u, l.code(totp, 0))
}

func TestAlreadyVerified(t *testing.T) {
	l := newLab(t)
	c := l.challenge(l.otp())
	l.wants(true, c, c.Code)
	l.refuses(c, c.Code, workos.IsAlreadyVerified)
	l.refuses(c, other(c.Code), workos.IsAlreadyVerified)
}

// After too many wrong codes the right one comes too late, in this challenge.
func TestTooManyAttempts(t *testing.T) {
	l := newLab(t)
	f := l.otp()
	last, first := l.challenge(f), l.challenge(f)
	for range local.MaxWrongCodes {
		l.wants(false, first, other(first.Code))
	}
	l.refuses(first, first.Code, workos.IsTooManyAttempts)
	for range local.MaxWrongCodes - 1 {
		l.wants(false, last, other(last.Code))
	}
	l.wants(true, last, last.Code)
}

// What is not a code at all is wrong too, and a missing code is an error.
func TestOddCodes(t *testing.T) {
	l := newLab(t)
	f := l.otp()
	for _, code := range []string{"12345", "1234567", "abcdef", " 12345", "\x00", strings.Repeat("1", 1000)} {
		l.wants(false, l.challenge(f), code)
	}
	c := l.challenge(f)
	l.refuses(c, "", func(err error) bool { return strings.Contains(err.Error(), "422") })
	l.wants(true, c, c.Code)
}

func TestTemplate(t *testing.T) {
	l := newLab(t)
	f := l.sms()
	for template, want := range map[string]string{
		"":                           `^Your verification code is \d{6}\.$`,
		"Foo: {{code}}":              `^Foo: \d{6}$`,
		"{{code}} and {{code}}, {x}": `^(\d{6}) and \d{6}, \{x\}$`,
		"no code\nat all":            "^no code\nat all$",
	} {
		c := ok(l.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: template}))(t)
		got := l.message()
		if !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%q became %q", template, got)
		}
		if c.Code != "" {
			t.Error("the answer has the code of a text message")
		}
		if codes := digits.FindAllString(got, -1); len(codes) > 0 {
			if codes[0] != codes[len(codes)-1] {
				t.Errorf("two codes in %q", got)
			}
			l.wants(true, c, codes[0])
		}
	}
}

// A code is text: its leading zeroes stay.
func TestLeadingZeroes(t *testing.T) {
	l := newLab(t, func(o *local.Options) { o.Rand = small{rand.NewChaCha8([32]byte{1})} })
	c := l.challenge(l.otp())
	if c.Code != "000427" {
		t.Fatalf("the code is %q", c.Code)
	}
	l.wants(false, c, "427")
	l.wants(true, c, "000427")
}

// Only for a generic factor the responses have the code, also where it was not the one
// that was sent.
func TestWhoIsToldTheCode(t *testing.T) {
	l := newLab(t)
	for _, f := range []workos.Factor{l.totp(), l.sms(), l.otp()} {
		c := l.challenge(f)
		if has := c.Code != ""; has != (f.Type == workos.GenericOTP) {
			t.Errorf("%s: %+v", f.Type, c)
		}
		for _, sent := range []string{other(c.Code), l.rightCode(f, c)} {
			if v := ok(l.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: sent}))(t); v.Challenge.Code != c.Code {
				t.Errorf("%s: a verification returns the code %q, want %q", f.Type, v.Challenge.Code, c.Code)
			}
		}
	}
	if text, at := l.lastSMS("+15005550009"); text != "" || !at.IsZero() {
		t.Errorf("a phone that got nothing has %q of %s", text, at)
	}
}

// The outbox keeps the newest messages of each phone.
func TestOutbox(t *testing.T) {
	l := newLab(t)
	f := l.sms()
	for i := range 150 {
		ok(l.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: fmt.Sprintf("%d {{code}}", i)}))(t)
	}
	if !strings.HasPrefix(l.message(), "149 ") {
		t.Errorf("the newest message is %q", l.message())
	}
}

// A challenge goes with its factor.
func TestDelete(t *testing.T) {
	l := newLab(t)
	f := l.otp()
	c := l.challenge(f)
	if err := l.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: f.ID}); err != nil {
		t.Fatal(err)
	}
	l.refuses(c, c.Code, workos.IsNotFound)
	for name, err := range map[string]error{
		"delete":    l.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: f.ID}),
		"get":       second(l.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID})),
		"challenge": second(l.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: f.ID})),
	} {
		var refused *workos.Error
		if !workos.IsNotFound(err) || !asError(err, &refused) || refused.EntityID != f.ID || refused.Code != "entity_not_found" {
			t.Errorf("%s after the deletion: %v", name, err)
		}
	}
}

// The same key again does nothing twice and repeats the answer.
func TestIdempotency(t *testing.T) {
	l := newLab(t)
	opts := workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: "a", IdempotencyKey: "key-1"}
	first, again := ok(l.EnrollFactor(ctx, opts))(t), ok(l.EnrollFactor(ctx, opts))(t)
	if first.ID != again.ID || first.TOTP.Secret != again.TOTP.Secret || first.TOTP.QRCode != again.TOTP.QRCode {
		t.Errorf("enrolled %s and %s", first.ID, again.ID)
	}
	opts.TOTPUser = "b"
	if _, err := l.EnrollFactor(ctx, opts); !strings.Contains(fmt.Sprint(err), "idempotency_key_reused") {
		t.Errorf("the key of another request: %v", err)
	}
	l.wait(24*time.Hour + time.Second)
	if later := ok(l.EnrollFactor(ctx, opts))(t); later.ID == first.ID {
		t.Error("a key is good for ever")
	}

	sms := l.sms()
	for range 2 {
		resp := l.raw("POST", "/auth/factors/"+sms.ID+"/challenge", `{"sms_template":"{{code}}"}`, "Idempotency-Key", "key-2")
		if resp.StatusCode != 201 {
			t.Errorf("status %d", resp.StatusCode)
		}
	}
	text := l.message()
	l.raw("POST", "/auth/factors/"+sms.ID+"/challenge", `{"sms_template":"{{code}}"}`, "Idempotency-Key", "key-2")
	if l.message() != text {
		t.Error("a repeated challenge sent another message")
	}
}

// What one engine keeps in its storage another one goes on with.
func TestRestart(t *testing.T) {
	storage := &disk{}
	l := newLab(t, func(o *local.Options) { o.Storage = storage })
	totp, sms, otp := l.totp(), l.sms(), l.otp()
	used := l.code(totp, 0)
	l.wants(true, l.challenge(totp), used)
	c, o := l.challenge(sms), l.challenge(otp)
	for range local.MaxWrongCodes - 1 {
		l.wants(false, o, other(o.Code))
	}
	text := l.message()
	enroll := workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006", IdempotencyKey: "key-1"}
	before := ok(l.EnrollFactor(ctx, enroll))(t)

	l.opts.Rand = rand.NewChaCha8([32]byte{2})
	l.restart()
	if l.message() != text {
		t.Errorf("the outbox has %q", l.message())
	}
	l.wants(false, l.challenge(totp), used)
	l.wants(true, c, digits.FindString(text))
	l.wants(false, o, other(o.Code))
	l.refuses(o, o.Code, workos.IsTooManyAttempts)
	if after := ok(l.EnrollFactor(ctx, enroll))(t); after.ID != before.ID {
		t.Error("an enrollment was repeated after the restart")
	}
}

// Two windows on one storage see each other's changes; a code that both verify
// at once is accepted once.
func TestTwoEngines(t *testing.T) {
	storage := &disk{}
	a := newLab(t, func(o *local.Options) { o.Storage = storage })
	b := newLab(t, func(o *local.Options) { o.Storage, o.Rand = storage, rand.NewChaCha8([32]byte{2}) })
	f := a.totp()
	if got := ok(b.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}))(t); got.ID != f.ID {
		t.Errorf("the other window has %+v", got)
	}
	var accepted atomic.Int32
	var done sync.WaitGroup
	code := a.code(f, 0)
	for i := range 16 {
		l := []*lab{a, b}[i%2]
		c := l.challenge(f)
		done.Go(func() {
			if valid, err := l.verify(c, code); err != nil {
				t.Error(err)
			} else if valid {
				accepted.Add(1)
			}
		})
	}
	done.Wait()
	if n := accepted.Load(); n != 1 {
		t.Errorf("the code was accepted %d times", n)
	}
}

// What could not be kept did not happen.
func TestStorageFails(t *testing.T) {
	storage := &disk{}
	l := newLab(t, func(o *local.Options) { o.Storage = storage })
	f := l.otp()
	c := l.challenge(f)
	storage.err = fmt.Errorf("disk full")
	if _, err := l.verify(c, c.Code); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("the verification: %v", err)
	}
	storage.err = nil
	l.wants(true, c, c.Code)

	for _, broken := range []string{"", "{", `{"version":2}`, `[]`} {
		storage.data = []byte(broken)
		if _, err := l.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}); err == nil || workos.IsNotFound(err) {
			t.Errorf("%q: %v", broken, err)
		}
		if string(storage.data) != broken {
			t.Errorf("%q was overwritten", broken)
		}
	}
}

// Somebody empties parts of the file: the rest works, and nothing panics.
func TestEditedState(t *testing.T) {
	for _, text := range []string{edited(`null`, `null`, `null`), edited(`{}`, `null`, `{}`)} {
		storage := &disk{data: []byte(text)}
		l := newLab(t, func(o *local.Options) { o.Storage = storage })
		for _, path := range []string{"/auth/factors/x", "/user_management/users/y", "/user_management/users/y/auth_factors"} {
			if r := l.raw("GET", path, ""); r.StatusCode != 404 {
				t.Errorf("%s: %s is %d", text, path, r.StatusCode)
			}
		}
		if r := l.raw("POST", "/auth/challenges/z/verify", `{"code":"123456"}`); r.StatusCode != 404 {
			t.Errorf("%s: %d", text, r.StatusCode)
		}
		c := l.challenge(l.otp())
		l.wants(true, c, c.Code)
	}
}

// A challenge goes with its factor, even if somebody has edited its id.
func TestEditedChallenge(t *testing.T) {
	state := edited(`{"f":{"id":"f","type":"generic_otp"}}`, `{"c":{"id":"other","factor_id":"f"}}`, `{}`)
	l := newLab(t, func(o *local.Options) { o.Storage = &disk{data: []byte(state)} })
	if r := l.raw("DELETE", "/auth/factors/f", ""); r.StatusCode != 204 {
		t.Errorf("the deletion is %d", r.StatusCode)
	}
	if r := l.raw("POST", "/auth/challenges/c/verify", `{"code":"123456"}`); r.StatusCode != 404 {
		t.Errorf("the verification is %d", r.StatusCode)
	}
}
