package local_test

import (
	"errors"
	"net/http"
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
		local.FailReset:        is(0),
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
