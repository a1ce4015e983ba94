package local_test

import (
	"errors"
	"net/http"
	"slices"
	"testing"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// Each failure is what a client really sees, and the call after it works.
func TestFailNext(t *testing.T) {
	is := func(status int) func(error) bool {
		return func(err error) bool {
			var refused *workos.Error
			return errors.As(err, &refused) && refused.StatusCode == status
		}
	}
	for failure, seen := range map[string]func(error) bool{
		local.FailRateLimit:    workos.IsRateLimited,
		local.FailUnauthorized: workos.IsUnauthorized,
		local.FailFault:        is(http.StatusInternalServerError),
		local.FailPage:         is(http.StatusBadGateway),
		local.FailReset:        func(err error) bool { return is(0)(err) && workos.IsOnPurpose(err) },
		local.FailExpired:      workos.IsExpired,
		local.FailVerified:     workos.IsAlreadyVerified,
		local.FailAttempts:     workos.IsTooManyAttempts,
	} {
		l := newLab(t)
		c := l.challenge(l.otp())
		if err := l.engine.FailNext(failure); err != nil {
			t.Fatal(err)
		}
		l.refuses(c, c.Code, seen)
		l.wants(true, c, c.Code)
	}
}

// The failures of a code are for a sign-in too, whose first factor they leave alone.
func TestFailNextOfASignIn(t *testing.T) {
	for failure, code := range map[string]string{
		local.FailExpired: "one_time_code_expired", local.FailVerified: "one_time_code_previously_used", local.FailAttempts: "one_time_code_too_many_attempts",
	} {
		s := newSignInSite(t)
		if err := s.engine.FailNext(failure); err != nil {
			t.Fatal(err)
		}
		token := s.pends(password("ada"))
		challenge := s.must(201, "POST /auth/factors/"+adasApp+"/challenge", "")["id"].(string)
		if got := s.must(400, authenticate, secondFactor(token, challenge, s.appCode()))["code"]; got != code {
			t.Errorf("%v, want %s", got, code)
		}
		s.must(200, authenticate, secondFactor(token, challenge, s.appCode()))
	}
}

// What is armed is told until it has happened.
func TestArmed(t *testing.T) {
	l := newLab(t)
	cut := 3
	for _, h := range []local.Hook{
		{Path: "*", Status: 429, Count: 1}, {Path: "*", Status: 500, Count: 4}, {Path: "*", Code: "entity_not_found"},
		{Path: "*", CutAfter: &cut, Count: 1}, {Path: "*", Reset: true, Count: 1}, {Path: "*", DelayMS: 1500},
	} {
		if _, err := l.engine.AddHook(h); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{"429 once", "500 ×4", "not found", "response cut short once", "connection reset once", "delay 1.5s"}
	if got := l.engine.Armed(); !slices.Equal(got, want) {
		t.Errorf("armed: %q, want %q", got, want)
	}
	for failure, want := range map[string]string{
		local.FailRateLimit: "429 once", local.FailFault: "500 ×4", local.FailTimeout: "no response ×4",
		local.FailLostSMS: "SMS lost once", local.FailExpired: "challenge expired once", local.FailAttempts: "too many tries once",
		local.FailPhone: "phone number refused once", local.FailFields: "a field refused once", local.FailNotFound: "not found once", local.FailVerified: "verified before once",
	} {
		l.engine.RemoveHooks()
		if err := l.engine.FailNext(failure); err != nil {
			t.Fatal(err)
		}
		if got := l.engine.Armed(); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: armed %q, want %q", failure, got, want)
		}
	}
	l.engine.RemoveHooks()
	if err := l.engine.FailNext(local.FailAttempts); err != nil {
		t.Fatal(err)
	}
	c := l.challenge(l.otp())
	l.refuses(c, c.Code, workos.IsTooManyAttempts)
	if got := l.engine.Armed(); len(got) > 0 {
		t.Errorf("armed after it happened: %q", got)
	}
}

func TestFailNextSMS(t *testing.T) {
	l := newLab(t)
	f := l.sms()
	if err := l.engine.FailNext(local.FailLostSMS); err != nil {
		t.Fatal(err)
	}
	l.challenge(f)
	if text := l.message(); text != "" {
		t.Errorf("the lost message says %q", text)
	}
	l.challenge(f)
	if l.message() == "" {
		t.Error("the next message is lost too")
	}
	if err := l.engine.FailNext("flood"); err == nil {
		t.Error("an unknown failure was armed")
	}
}
