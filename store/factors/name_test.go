package factors_test

import (
	"strings"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// The details never repeat the name, and a label hides nothing.
func TestNameAndDetails(t *testing.T) {
	totp := func(issuer, user string) workos.Factor {
		return workos.Factor{ID: "id", Type: workos.TOTP, TOTP: &workos.TOTPDetails{Issuer: issuer, User: user}}
	}
	sms := workos.Factor{ID: "id", Type: workos.SMS, SMS: &workos.SMSDetails{PhoneNumber: "+15005550006"}}
	otp := workos.Factor{ID: "id", Type: workos.GenericOTP}
	for _, tt := range []struct {
		label string
		f     workos.Factor
		want  [2]string
	}{
		{"", totp("Foo", "a@b.co"), [2]string{"Foo", "a@b.co"}},
		{"alan", totp("Foo", "a@b.co"), [2]string{"alan", "Foo · a@b.co"}},
		{"Foo", totp("Foo", "a@b.co"), [2]string{"Foo", "a@b.co"}},
		{"a@b.co", totp("Foo", "a@b.co"), [2]string{"a@b.co", "Foo"}},
		{"", totp("", "a@b.co"), [2]string{"a@b.co", ""}},
		{"", totp("Foo", ""), [2]string{"Foo", ""}},
		{"", totp("", ""), [2]string{"id", ""}},
		{"", sms, [2]string{"+15005550006", ""}},
		{"work", sms, [2]string{"work", "+15005550006"}},
		{"", otp, [2]string{"Generic OTP", ""}},
		{"mail", otp, [2]string{"mail", "Generic OTP"}},
		{"Generic OTP", otp, [2]string{"Generic OTP", ""}},
		{"x", workos.Factor{ID: "id", Type: "push"}, [2]string{"x", "id"}},
	} {
		if name, details := factors.NameAndDetails(store.Record{Label: tt.label, Factor: tt.f}); [2]string{name, details} != tt.want {
			t.Errorf("%q %+v: %q, %q", tt.label, tt.f, name, details)
		}
	}
}

// The state is the result of the last challenge, and an earlier verification is not lost.
func TestState(t *testing.T) {
	fx := newFixture(t)
	now := start.Add(time.Hour)
	fx.Now = func() time.Time { return now }
	tried := func(o store.Outcome) []store.Attempt {
		return []store.Attempt{{ChallengeID: "1", At: workos.At(start), Outcome: store.OutcomeVerified}, {ChallengeID: "2", At: workos.At(now.Add(-7 * time.Minute)), Outcome: o}}
	}
	before := workos.At(start)
	for _, tt := range []struct {
		r     store.Record
		want  string
		forms string // after the first, for a narrow column
	}{
		{store.Record{}, "– not challenged yet", ""},
		{store.Record{VerifiedAt: before}, "✓ verified 1 hour ago", ""}, // on another list
		{store.Record{History: tried(store.OutcomeVerified), VerifiedAt: workos.At(now.Add(-6 * time.Minute))}, "✓ verified 6 minutes ago", ""},
		{store.Record{History: tried(store.OutcomeWrongCode)}, "✗ wrong code 7 minutes ago", ""},
		{store.Record{History: tried(store.OutcomeWrongCode), VerifiedAt: before}, "✗ wrong code 7 minutes ago, verified 1 hour ago", "✗ wrong code 7 min · ✓, ✗ wrong code · ✓"},
		{store.Record{History: tried(store.OutcomeTooManyAttempts)}, "✗ too many tries 7 minutes ago", ""},
		{store.Record{History: tried(store.OutcomeExpired), VerifiedAt: before}, "! expired 7 minutes ago, verified 1 hour ago", "! expired 7 min · ✓, ! expired · ✓"},
		{store.Record{History: tried(store.OutcomeOpen), VerifiedAt: before}, "– not answered, verified 1 hour ago", "– not answered · ✓, – not answered · ✓"},
		{store.Record{History: tried(store.OutcomeVerified), GoneAt: before}, "✗ gone at the local engine", ""},
	} {
		tt.r.ID = "auth_factor_1"
		if _, err := fx.Store.Put(t.Context(), store.Record{Factor: workos.Factor{ID: tt.r.ID}}); err != nil {
			t.Fatal(err)
		}
		if state, text := fx.State(tt.r); state.Mark()+" "+text != tt.want {
			t.Errorf("%s %s, want %s", state.Mark(), text, tt.want)
		}
		if _, forms := fx.StateForms(tt.r); strings.Join(forms[1:], ", ") != tt.forms {
			t.Errorf("%s: forms %q, want %s", tt.want, forms, tt.forms)
		}
	}
	if state, text := fx.State(store.Record{Factor: workos.Factor{ID: "auth_factor_2"}}); state != factors.Unlisted || text != "not on your list" {
		t.Error(state, text)
	}
}
