package local_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

var digits = regexp.MustCompile(`[0-9]{6}`)

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
