package local_test

import (
	"fmt"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

func TestRightAndWrongCodes(t *testing.T) {
	forEveryType(t, func(t *testing.T, l *lab, f workos.Factor) {
		for _, change := range []func(string) string{
			other, func(s string) string { return s[1:] }, func(s string) string { return s + "0" },
			func(s string) string { return " " + s }, func(s string) string { return s[:3] + " " + s[3:] },
		} {
			c := l.challenge(f)
			right := l.rightCode(f, c)
			l.wants(false, c, change(right))
			l.wants(true, c, right)
			l.wait(30 * time.Second)
		}
	})
}

// A code is valid up to the nanosecond of expires_at.
func TestExpiryToTheNanosecond(t *testing.T) {
	for _, tt := range []struct {
		opts    workos.EnrollFactorOpts
		after   time.Duration
		expired bool
	}{
		{smsOpts, 10*time.Minute - 1, false},
		{smsOpts, 10 * time.Minute, false},
		{smsOpts, 10*time.Minute + 1, true},
		{smsOpts, 23 * time.Hour, true},
		{genericOpts, 10 * time.Minute, false},
		{genericOpts, 10*time.Minute + 1, true},
		{totpOpts, 10*time.Minute + 1, false},
		{totpOpts, 365 * 24 * time.Hour, false},
	} {
		t.Run(fmt.Sprint(tt.opts.Type, " ", tt.after), func(t *testing.T) {
			l := newLab(t)
			f := l.enroll(tt.opts)
			c := l.challenge(f)
			l.wait(tt.after)
			valid, err := l.verify(c, l.rightCode(f, c))
			if valid == tt.expired || workos.IsExpired(err) != tt.expired {
				t.Errorf("valid is %t, error %v; want expired %t", valid, err, tt.expired)
			}
		})
	}
}

// An expired challenge is no end: the next one has a code of its own.
func TestNextChallengeAfterExpiry(t *testing.T) {
	l := newLab(t)
	f := l.sms()
	old := l.challenge(f)
	l.wait(time.Hour)
	c := l.challenge(f)
	code := l.rightCode(f, c)
	l.refuses(old, code, workos.IsExpired)
	l.wants(true, c, code)
}

// What is of no more use is forgotten after a day; a challenge that can still be
// verified is not.
func TestOldChallenges(t *testing.T) {
	l := newLab(t)
	sms, generic := l.challenge(l.sms()), l.challenge(l.otp())
	f, tried := l.totp(), l.totp()
	open, verified, wrong := l.challenge(f), l.challenge(f), l.challenge(tried)
	l.wants(true, verified, l.code(f, 0))
	for range local.MaxWrongCodes {
		l.wants(false, wrong, other(l.code(tried, 0)))
	}
	l.wait(25 * time.Hour)
	l.challenge(f)
	for _, c := range []workos.Challenge{sms, generic, verified, wrong} {
		l.refuses(c, "000000", workos.IsNotFound)
	}
	l.wants(true, open, l.code(f, 0))
}

// That a challenge was verified counts more than that it is over.
func TestVerifiedBefore(t *testing.T) {
	forEveryType(t, func(t *testing.T, l *lab, f workos.Factor) {
		c := l.challenge(f)
		code := l.rightCode(f, c)
		l.wants(true, c, code)
		l.wait(time.Hour)
		for _, again := range []string{code, other(code), l.rightCode(f, c)} {
			l.refuses(c, again, workos.IsAlreadyVerified)
		}
	})
}

func TestAttemptsAreOfOneChallenge(t *testing.T) {
	forEveryType(t, func(t *testing.T, l *lab, f workos.Factor) {
		untouched, c := l.challenge(f), l.challenge(f)
		code := l.rightCode(f, c)
		for range 5 {
			l.wants(false, c, other(code))
		}
		l.refuses(c, other(code), workos.IsTooManyAttempts)
		l.refuses(c, code, workos.IsTooManyAttempts)
		l.wants(false, untouched, other(code))
	})
}

// Each challenge has a code of its own, which is good for no other one.
func TestCodeIsOfItsChallenge(t *testing.T) {
	for _, opts := range []workos.EnrollFactorOpts{smsOpts, genericOpts} {
		l := newLab(t)
		f := l.enroll(opts)
		first := l.challenge(f)
		code := l.rightCode(f, first)
		l.wants(false, l.challenge(f), code)
		l.wants(true, first, code)
	}
}

// Codes are text of six digits, and every digit may come first.
func TestCodesAreSpread(t *testing.T) {
	for _, opts := range []workos.EnrollFactorOpts{smsOpts, genericOpts} {
		l := newLab(t)
		f := l.enroll(opts)
		firsts := map[byte]bool{}
		for range 300 {
			code := l.rightCode(f, l.challenge(f))
			if len(code) != 6 || digits.FindString(code) != code {
				t.Fatalf("%s: the code is %q", f.Type, code)
			}
			firsts[code[0]] = true
		}
		if len(firsts) != 10 {
			t.Errorf("%s: only %d digits came first", f.Type, len(firsts))
		}
	}
}

// A verification does not move updated_at.
func TestUpdatedAt(t *testing.T) {
	l := newLab(t)
	c := l.challenge(l.otp())
	l.wait(time.Minute)
	v := ok(l.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: c.Code}))(t)
	if got := v.Challenge; !got.CreatedAt.Equal(start) || !got.UpdatedAt.Equal(start) {
		t.Errorf("created %s, updated %s", got.CreatedAt, got.UpdatedAt)
	}
}

// Only the challenges of the deleted factor go with it.
func TestOtherChallengesStay(t *testing.T) {
	l := newLab(t)
	gone, kept := l.sms(), l.otp()
	goneC, keptC := l.challenge(gone), l.challenge(kept)
	code := l.rightCode(gone, goneC)
	if err := l.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: gone.ID}); err != nil {
		t.Fatal(err)
	}
	l.refuses(goneC, code, workos.IsNotFound)
	l.wants(true, keptC, keptC.Code)
}
