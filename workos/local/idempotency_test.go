package local_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/workos"
)

const key = "Idempotency-Key"

// The same key again repeats the answer, byte by byte, and does nothing twice.
func TestRepeat(t *testing.T) {
	storage := &disk{}
	l := labOn(t, storage, 1)
	user, f := l.user("a@b.co"), l.enroll(smsOpts)
	c := l.challenge(f)
	for _, tt := range []struct{ name, path, body string }{
		{"enroll totp", "/auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo & Co","totp_user":"<a>"}`},
		{"enroll sms", "/auth/factors/enroll", `{"type":"sms","phone_number":"+15005550006"}`},
		{"refused", "/auth/factors/enroll", `{"type":"sms","phone_number":"foo"}`},
		{"challenge", "/auth/factors/" + f.ID + "/challenge", ""},
		{"verify", "/auth/challenges/" + c.ID + "/verify", `{"code":"000000"}`},
		{"create a user", "/user_management/users", `{"email":"c@d.co"}`},
		{"enroll for a user", "/user_management/users/" + user + "/auth_factors", `{"type":"totp"}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			first := l.call("POST", tt.path, tt.body, key, tt.name)
			before := string(storage.data)
			restarted := labOn(t, storage, 2)
			for _, l := range []*lab{l, restarted} {
				l.wait(time.Minute)
				again := l.call("POST", tt.path, tt.body, key, tt.name)
				if again.Code != first.Code || again.Body.String() != first.Body.String() {
					t.Errorf("first %d %s\nagain %d %s", first.Code, first.Body, again.Code, again.Body)
				}
				if again.Header().Get("X-Request-ID") == first.Header().Get("X-Request-ID") {
					t.Error("the request's own id was repeated")
				}
			}
			if string(storage.data) != before {
				t.Errorf("the state has changed from\n%s\nto\n%s", before, storage.data)
			}
		})
	}
}

// One key, one text message.
func TestRepeatSendsOnce(t *testing.T) {
	l := newLab(t)
	opts := workos.ChallengeFactorOpts{FactorID: l.enroll(smsOpts).ID, IdempotencyKey: "k"}
	first := l.challengeWith(opts)
	body, _ := l.lastSMS(phone)
	l.wait(time.Minute)
	if again := l.challengeWith(opts); again != first {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if again, sentAt := l.lastSMS(phone); again != body || !sentAt.Equal(start) {
		t.Errorf("the message %q of %s followed", again, sentAt)
	}
	l.wants(true, first, digits.FindString(body))
	opts.IdempotencyKey = "another"
	if next := l.challengeWith(opts); next.ID == first.ID {
		t.Error("another key repeats the answer")
	}
}

// A wrong code that is sent again with its key is one attempt.
func TestRepeatIsOneAttempt(t *testing.T) {
	l := newLab(t)
	c := l.challenge(l.enroll(genericOpts))
	for range 10 {
		v, err := l.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: other(c.Code), IdempotencyKey: "k"})
		if v.Valid || err != nil {
			t.Fatalf("valid is %t, error %v", v.Valid, err)
		}
	}
	for range 2 { // the answer of success is repeated too, not refused as verified before
		v, err := l.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: c.Code, IdempotencyKey: "right"})
		if !v.Valid || err != nil {
			t.Errorf("valid is %t, error %v", v.Valid, err)
		}
	}
}

// A key that was used for another request is refused, and nothing is done.
func TestReusedKey(t *testing.T) {
	l := newLab(t)
	f := l.enroll(smsOpts)
	path := "/auth/factors/" + f.ID + "/challenge"
	other := "/auth/factors/" + l.sms().ID + "/challenge"
	l.call("POST", path, `{"sms_template":"first {{code}}"}`, key, "k")
	for _, tt := range [][2]string{
		{path, `{"sms_template":"second {{code}}"}`},
		{path, ""},
		{other, `{"sms_template":"first {{code}}"}`},
		{"/auth/factors/enroll", `{"type":"generic_otp"}`},
	} {
		l.wait(time.Second)
		checkAnswer(t, l.call("POST", tt[0], tt[1], key, "k"), 422,
			`{"message":"The Idempotency-Key was used before with another request.","code":"idempotency_key_reused"}`)
	}
	if body, sentAt := l.lastSMS(phone); !strings.HasPrefix(body, "first ") || !sentAt.Equal(start) {
		t.Errorf("the message %q of %s was sent", body, sentAt)
	}
}

// The key of a refusal that has changed nothing is free, for every engine; that of one
// that has changed something is used up: a wrong code stays one attempt.
func TestKeyOfARefusal(t *testing.T) {
	storage := &disk{}
	a, b := labOn(t, storage, 1), labOn(t, storage, 2)
	const path = "/auth/factors/enroll"
	a.call("POST", path, `{"type":"sms","phone_number":"foo"}`, key, "k")
	if w := b.call("POST", path, `{"type":"generic_otp"}`, key, "k"); w.Code != 201 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	s := newSignInSite(t)
	s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co"}`)
	wrong := grant(grantPrefix+"magic-auth:code", "email", "bob@b.co", "code", "x")
	for range 9 {
		s.meets(authenticate, wrong, 400, coded("invalid_one_time_code"), key, "k")
	}
}

// A key has 255 bytes at most.
func TestLongKey(t *testing.T) {
	l := newLab(t)
	const path, body = "/auth/factors/enroll", `{"type":"generic_otp"}`
	first, again := l.call("POST", path, body, key, strings.Repeat("k", 255)), l.call("POST", path, body, key, strings.Repeat("k", 255))
	if first.Code != 201 || again.Body.String() != first.Body.String() {
		t.Errorf("%d %s, %d %s", first.Code, first.Body, again.Code, again.Body)
	}
	checkAnswer(t, l.call("POST", path, body, key, strings.Repeat("k", 256)), 400, `{"message":"The Idempotency-Key is longer than 255 bytes.","code":"bad_request"}`)
}

// What is kept for a key has no picture, which is most of a response.
func TestNoPictureIsKept(t *testing.T) {
	storage := &disk{}
	l := labOn(t, storage, 1)
	w := l.call("POST", "/auth/factors/enroll", `{"type":"totp","totp_issuer":"\"qr_code\":\"otpauth:","totp_user":"a"}`, key, "k")
	if strings.Count(w.Body.String(), "data:image/png") != 1 {
		t.Errorf("the response is %s", w.Body)
	}
	if kept := string(storage.data); strings.Contains(kept, "data:image") || !strings.Contains(kept, `"qr_code":"otpauth:`) {
		t.Errorf("kept is %s", kept)
	}
}

// A key is remembered for a day.
func TestKeyIsForgotten(t *testing.T) {
	for after, same := range map[time.Duration]bool{24 * time.Hour: true, 24*time.Hour + 1: false} {
		l := newLab(t)
		opts := genericOpts
		opts.IdempotencyKey = "k"
		first := l.enroll(opts)
		l.wait(after)
		l.enroll(genericOpts) // makes the engine forget what it may
		if got := l.enroll(opts).ID == first.ID; got != same {
			t.Errorf("repeated after %s is %t, want %t", after, got, same)
		}
	}
}

// Without a key each request counts, and only a POST has one.
func TestNoRepeat(t *testing.T) {
	l := newLab(t)
	const path, body = "/auth/factors/enroll", `{"type":"generic_otp"}`
	if first, second := l.call("POST", path, body), l.call("POST", path, body); first.Body.String() == second.Body.String() {
		t.Errorf("two factors are the same: %s", first.Body)
	}
	f := l.enroll(genericOpts)
	l.call("GET", "/auth/factors/"+f.ID, "", key, "k")
	l.call("DELETE", "/auth/factors/"+f.ID, "", key, "k")
	if w := l.call("GET", "/auth/factors/"+f.ID, "", key, "k"); w.Code != 404 {
		t.Errorf("a deleted factor: %d", w.Code)
	}
}

// What a wrong key asked for is not what the right one gets.
func TestUnauthorizedIsNotRepeated(t *testing.T) {
	l := newLab(t)
	const path, body = "/auth/factors/enroll", `{"type":"generic_otp"}`
	if w := l.call("POST", path, body, key, "k", "Authorization", "Bearer x"); w.Code != 401 {
		t.Errorf("a wrong key: %d", w.Code)
	}
	if w := l.call("POST", path, body, key, "k"); w.Code != 201 {
		t.Errorf("the right key: %d", w.Code)
	}
	if w := l.call("POST", path, body, key, "k", "Authorization", "Bearer x"); w.Code != 401 {
		t.Errorf("a wrong key after the right one: %d", w.Code)
	}
}

// The same key at the same time makes one factor.
func TestRepeatAtOnce(t *testing.T) {
	storage := &disk{}
	labs := []*lab{labOn(t, storage, 1), labOn(t, storage, 2)}
	opts := totpOpts
	opts.IdempotencyKey = "k"
	secrets := make([]string, 20)
	var wg sync.WaitGroup
	for i := range secrets {
		wg.Go(func() {
			f, err := labs[i%2].EnrollFactor(ctx, opts)
			if err != nil {
				t.Error(err)
				return
			}
			secrets[i] = f.ID + f.TOTP.Secret
		})
	}
	wg.Wait()
	for _, s := range secrets {
		if s != secrets[0] {
			t.Fatalf("one key made %s and %s", secrets[0], s)
		}
	}
}
