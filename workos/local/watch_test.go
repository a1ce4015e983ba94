package local_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
	seen "mfa-tui/workos/watch"
)

// mail asks for a magic auth, as no method of the client does.
func (l *lab) mail(to string) {
	l.t.Helper()
	r := ok(http.NewRequest(http.MethodPost, "http://127.0.0.1/user_management/magic_auth", strings.NewReader(`{"email":"`+to+`"}`)))(l.t)
	r.Header.Set("Authorization", "Bearer "+testKey)
	r.Header.Set("Content-Type", "application/json")
	if resp := ok(l.engine.RoundTrip(r))(l.t); resp.StatusCode != http.StatusCreated {
		l.t.Fatal(resp.Status)
	}
}

func (l *lab) verdicts() (all []seen.Verdict) {
	l.t.Helper()
	for _, m := range ok(l.engine.SeenMessages(ctx))(l.t) {
		all = append(all, m.Verdict)
	}
	return all
}

// Who watches sees what became of the code in each message.
func TestSeenMessages(t *testing.T) {
	l := newLab(t)
	f := l.sms()
	challenges := []workos.Challenge{l.challenge(f), l.challenge(f), l.challenge(f)}
	l.mail("ada@example.com")
	l.mail("ada@example.com") // replaces the first
	if got := l.verdicts(); !slices.Equal(got, []seen.Verdict{seen.Open, seen.Gone, seen.Open, seen.Open, seen.Open}) {
		t.Errorf("%v", got)
	}
	l.wait(time.Second)
	l.mail("ada@example.com")
	_, code, err := l.engine.SMS(ctx, challenges[0].ID)
	if valid, failed := l.verify(challenges[0], code); !valid || err != nil || failed != nil {
		t.Fatal(valid, err, failed)
	}
	if _, err := l.verify(challenges[1], "0"); err != nil {
		t.Fatal(err)
	}
	for range local.MaxWrongCodes {
		if _, err := l.verify(challenges[2], "0"); err != nil {
			t.Fatal(err)
		}
	}
	if got := l.verdicts(); !slices.Equal(got, []seen.Verdict{seen.Open, seen.Gone, seen.Gone, seen.TooMany, seen.WrongCodes, seen.Used}) {
		t.Errorf("%v", got)
	}
	m := ok(l.engine.SeenMessages(ctx))(t)
	if m[0].N != 6 || !m[0].Mail || m[0].To != "ada@example.com" || m[0].Code == "" || !m[0].Until.Equal(l.time().Add(10*time.Minute)) || !m[0].Good() ||
		m[5].FactorID != f.ID || m[5].ChallengeID != challenges[0].ID || m[5].Good() || !m[4].Good() {
		t.Errorf("%+v", m)
	}
	l.wait(11 * time.Minute)
	if got := l.verdicts(); got[0] != seen.Expired || got[5] != seen.Used {
		t.Errorf("%v", got)
	}
	if err := l.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: f.ID}); err != nil {
		t.Fatal(err)
	}
	if got := l.verdicts(); got[5] != seen.Gone {
		t.Errorf("%v", got)
	}
}

// Factors come with their secrets and challenges, users with how many factors they have.
func TestSeenFactorsAndUsers(t *testing.T) {
	l := newLab(t)
	before := l.engine.Changes()
	totp := l.totp()
	l.wait(time.Second)
	otp := l.otp()
	c := l.challenge(otp)
	if _, err := l.verify(c, "0"); err != nil {
		t.Fatal(err)
	}
	u := ok(l.CreateUser(ctx, workos.CreateUserOpts{Email: "ada@example.com", FirstName: "Ada"}))(t)
	ok(l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: u.ID, Type: workos.TOTP}))(t)
	if l.engine.Changes() <= before {
		t.Error("nothing has changed")
	}
	all := ok(l.engine.SeenFactors(ctx, 50))(t)
	if len(all) != 3 || all[2].ID != totp.ID || all[2].TOTP.Secret != totp.TOTP.Secret || all[2].TOTP.URI != totp.TOTP.URI || all[0].UserID+all[1].UserID != u.ID {
		t.Errorf("%+v", all)
	}
	i := slices.IndexFunc(all, func(f seen.Factor) bool { return f.ID == otp.ID })
	if got := all[i].Challenges; len(got) != 1 || got[0].ID != c.ID || got[0].Verdict != seen.WrongCodes || got[0].Wrong != 1 {
		t.Errorf("%+v", got)
	}
	users := ok(l.engine.SeenUsers(ctx))(t)
	if len(users) != 1 || users[0].Email != "ada@example.com" || users[0].FirstName != "Ada" || users[0].Factors != 1 || !users[0].LastSignInAt.IsZero() {
		t.Errorf("%+v", users)
	}
	if n := ok(l.engine.Counts(ctx))(t); n != (seen.Counts{Factors: 3, Users: 1}) {
		t.Errorf("%+v", n)
	}
	if err := l.DeleteUser(ctx, workos.DeleteUserOpts{UserID: u.ID}); err != nil {
		t.Fatal(err)
	}
	if n := ok(l.engine.Counts(ctx))(t); n != (seen.Counts{Factors: 2}) {
		t.Errorf("%+v", n)
	}
}

// Each call that a hook takes is told, with the hook.
func TestOnHook(t *testing.T) {
	var told []string
	l := newLab(t, func(o *local.Options) {
		o.OnHook = func(r *http.Request, h local.Hook) { told = append(told, r.URL.Path+" "+h.Code) }
	})
	ok(l.engine.AddHook(local.Hook{Path: "/auth/factors/enroll", Status: 422, Code: "invalid_phone_number", Count: 1}))(t)
	if _, err := l.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP}); err == nil {
		t.Error("it did not fail")
	}
	l.otp()
	if !slices.Equal(told, []string{"/auth/factors/enroll invalid_phone_number"}) {
		t.Errorf("%q", told)
	}
}

// The last verification is told, of whichever challenge, though only the newest ones are;
// a state of an older version knows about when it was.
func TestSeenVerification(t *testing.T) {
	storage := &disk{}
	l := newLab(t, func(o *local.Options) { o.Storage, o.Deferred = storage, true })
	if err := l.engine.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	otp := l.otp()
	c := l.challenge(otp)
	started := l.time()
	l.wait(26 * time.Second)
	l.wants(true, c, c.Code)
	verified := l.time()
	for range 3 {
		l.wait(time.Second)
		c = l.challenge(otp)
	}
	if f := ok(l.engine.SeenFactors(ctx, 2))(t)[0]; !f.VerifiedAt.Equal(verified) || len(f.Challenges) != 2 || f.Challenges[1].ID != c.ID {
		t.Errorf("verified %s, want %s: %+v", f.VerifiedAt, verified, f.Challenges)
	}
	if err := l.engine.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	for older, want := range map[bool]time.Time{false: verified, true: started} {
		data := storage.data
		if older {
			data = regexp.MustCompile(`,"verified_at":"[^"]*"`).ReplaceAll(data, nil)
		}
		again := local.New(local.Options{Storage: &disk{data: data}, Deferred: true, Now: l.time})
		if err := again.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		if f := ok(again.SeenFactors(ctx, 2))(t)[0]; !f.VerifiedAt.Equal(want) {
			t.Errorf("older %t: verified %s, want %s", older, f.VerifiedAt, want)
		}
	}
}
