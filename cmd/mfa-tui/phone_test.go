package main

import (
	"strings"
	"testing"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// The code of an SMS factor is that of its newest challenge, or there is none.
func TestSMSCode(t *testing.T) {
	a, err := newApp(config{mode: factors.Local, environment: "local", storePath: t.TempDir() + "/factors.json"})
	if err != nil {
		t.Fatal(err)
	}
	enroll := func(phone string) store.Record {
		f, err := a.API.EnrollFactor(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: phone})
		if err != nil {
			t.Fatal(err)
		}
		return store.Record{Factor: f}
	}
	challenge := func(r store.Record, template string) string {
		c, err := a.API.ChallengeFactor(t.Context(), workos.ChallengeFactorOpts{FactorID: r.ID, SMSTemplate: template})
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	verified := func(r store.Record, challengeID string) {
		t.Helper()
		c, err := phoneCode(t.Context(), a.phone(t.Context()), r, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		v, err := a.API.VerifyChallenge(t.Context(), workos.VerifyChallengeOpts{ChallengeID: challengeID, Code: c.Code})
		if err != nil || !v.Valid {
			t.Errorf("the code %q is valid: %t, %v", c.Code, v.Valid, err)
		}
	}
	refused := func(r store.Record, want string) {
		t.Helper()
		if c, err := phoneCode(t.Context(), a.phone(t.Context()), r, "", 0); err == nil || !strings.Contains(err.Error(), want) || c.Code != "" {
			t.Errorf("the code is %q, %v; want %q", c.Code, err, want)
		}
	}
	one, two := enroll("+15005550006"), enroll("+15005550006")
	refused(one, "has received no code yet")
	first := challenge(one, "{{code}}")
	challenge(two, "Your order 123456")
	verified(one, first)
	refused(two, "has no code in it")
	second := challenge(two, "Ticket 123456: code{{code}}x")
	verified(two, second)

	challenge(one, "{{code}}")
	if _, err := a.engine.AddHook(local.Hook{Method: "POST", Path: "*", LostSMS: true, Count: 1}); err != nil {
		t.Fatal(err)
	}
	lost := challenge(one, "{{code}}")
	refused(one, "the message of challenge "+lost)
	verified(one, challenge(one, "{{code}}"))
}
