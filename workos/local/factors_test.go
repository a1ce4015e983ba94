package local_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

const phone = "+15005550006"

var (
	totpOpts    = workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "a@b.co"}
	smsOpts     = workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: phone}
	genericOpts = workos.EnrollFactorOpts{Type: workos.GenericOTP}
	everyType   = []workos.EnrollFactorOpts{totpOpts, smsOpts, genericOpts}
)

// forEveryType runs a test with a new engine and a factor of each type.
func forEveryType(t *testing.T, test func(t *testing.T, l *lab, f workos.Factor)) {
	for _, opts := range everyType {
		t.Run(string(opts.Type), func(t *testing.T) {
			l := newLab(t)
			test(t, l, l.enroll(opts))
		})
	}
}

// labOn is an engine on a storage, with random numbers that follow from the seed.
func labOn(t *testing.T, s local.Storage, seed byte) *lab {
	t.Helper()
	return newLab(t, func(o *local.Options) { o.Storage, o.Rand = s, rand.NewChaCha8([32]byte{seed}) })
}

func (l *lab) enroll(opts workos.EnrollFactorOpts) workos.Factor {
	l.t.Helper()
	return ok(l.EnrollFactor(ctx, opts))(l.t)
}

func (l *lab) enrollFor(userID, secret string) workos.EnrollUserFactorResponse {
	l.t.Helper()
	return ok(l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: userID, Type: workos.TOTP, TOTPSecret: secret}))(l.t)
}

func (l *lab) challengeWith(opts workos.ChallengeFactorOpts) workos.Challenge {
	l.t.Helper()
	return ok(l.ChallengeFactor(ctx, opts))(l.t)
}

// user creates a user and returns the id.
func (l *lab) user(email string) string {
	l.t.Helper()
	w := l.call("POST", "/user_management/users", fmt.Sprintf(`{"email":%q}`, email))
	var u workos.User
	if err := json.Unmarshal(w.Body.Bytes(), &u); err != nil || w.Code != http.StatusCreated {
		l.t.Fatalf("create a user: %d %s", w.Code, w.Body)
	}
	return u.ID
}

// lastSMS is the newest message to a phone.
func (l *lab) lastSMS(phone string) (body string, sentAt time.Time) {
	l.t.Helper()
	for _, m := range ok(l.engine.Messages(ctx))(l.t) {
		if m.To == phone {
			return m.Body, m.SentAt
		}
	}
	return "", time.Time{}
}

// rightCode is the code that the person of a factor reads now: in the app, on
// the phone, or where the caller delivers it.
func (l *lab) rightCode(f workos.Factor, c workos.Challenge) string {
	l.t.Helper()
	switch f.Type {
	case workos.TOTP:
		return l.code(f, 0)
	case workos.SMS:
		body, _ := l.lastSMS(f.SMS.PhoneNumber)
		return digits.FindString(body)
	}
	return c.Code
}

// call asks the handler itself, with the key unless a header says otherwise.
func (l *lab) call(method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+testKey)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	watch{l.t, l.engine, nil}.ServeHTTP(w, r)
	return w
}

// unknown hides what differs from run to run, if it has the right form.
var unknown = []struct {
	form *regexp.Regexp
	mark string
}{
	{regexp.MustCompile(`"data:image/png;base64,[A-Za-z0-9+/]{100,}={0,2}"`), `"PNG"`},
	{regexp.MustCompile(`\b[A-Z2-7]{32}\b`), "SECRET"},
	{regexp.MustCompile(`_[0-7][0-9A-HJKMNP-TV-Z]{25}\b`), "_ULID"},
	{regexp.MustCompile(`"code":"[0-9]{6}"`), `"code":"CODE"`},
}

// sameJSON compares a body with the expected one.
func sameJSON(t *testing.T, body []byte, want string) {
	t.Helper()
	for _, u := range unknown {
		body = u.form.ReplaceAll(body, []byte(u.mark))
	}
	var a, b any
	if err := json.Unmarshal([]byte(want), &b); err != nil {
		t.Fatalf("the test's own JSON: %v", err)
	}
	if err := json.Unmarshal(body, &a); err != nil || !reflect.DeepEqual(a, b) {
		t.Errorf("got  %s\nwant %s", body, want)
	}
}

// The app's codes from the first moment of 1970 on (RFC 4226, appendix D).
func TestFirstCode(t *testing.T) {
	l := newLab(t)
	f := l.rfcFactor()
	l.now = time.Unix(0, 0)
	if code, _, _, err := l.engine.AuthenticatorCode(ctx, f.ID); code != "755224" || err != nil {
		t.Errorf("the app shows %q, %v", code, err)
	}
}

// The drift is the same in the first and in the last moment of a time step.
func TestDriftWithinAStep(t *testing.T) {
	for _, into := range []time.Duration{0, 30*time.Second - 1} {
		for steps, valid := range map[int64]bool{-3: false, -2: false, -1: true, 0: true, 1: true, 2: false, 3: false} {
			l := newLab(t)
			f := l.totp()
			l.wait(into)
			if got := ok(l.verify(l.challenge(f), l.code(f, steps)))(t); got != valid {
				t.Errorf("%d steps off at %s: valid is %t", steps, into, got)
			}
		}
	}
}

// A wrong code uses nothing up, and a used one is used for its factor alone,
// though another one has the same secret.
func TestReplayIsOfOneFactor(t *testing.T) {
	l := newLab(t)
	user := l.user("a@b.co")
	first, second := l.enrollFor(user, rfcSecret), l.enrollFor(user, rfcSecret)
	code := l.code(first.Factor, 0)
	l.wants(false, first.Challenge, other(code))
	l.wants(true, first.Challenge, code)
	l.wants(true, second.Challenge, code)
}

func TestSecretIsToldOnce(t *testing.T) {
	l := newLab(t)
	user := l.user("a@b.co")
	e := l.enrollFor(user, "")
	for _, ask := range [][2]string{
		{"GET", "/auth/factors/" + e.Factor.ID}, {"GET", "/user_management/users/" + user + "/auth_factors"},
		{"GET", "/user_management/users/" + user}, {"POST", "/auth/factors/" + e.Factor.ID + "/challenge"},
	} {
		w := l.call(ask[0], ask[1], "")
		for _, secret := range []string{e.Factor.TOTP.Secret, "secret", "otpauth", "data:image"} {
			if w.Code >= 300 || strings.Contains(w.Body.String(), secret) {
				t.Errorf("%s %s: %d, has %q: %s", ask[0], ask[1], w.Code, secret, w.Body)
			}
		}
	}
}

// A QR code of the larger kind, and what an app could take for something else.
func TestOddLabels(t *testing.T) {
	long := strings.Repeat("é", 200)
	for _, name := range []struct{ issuer, user, label, param string }{
		{"C++", "a+b@c.co", "C%2B%2B:a%2Bb@c.co", "C%2B%2B"},
		{"100%", "%41", "100%25:%2541", "100%25"},
		{"x", "a&secret=Y", "x:a%26secret%3DY", "x"},
		{`"Foo" <b>`, `\'`, "%22Foo%22%20%3Cb%3E:%5C%27", "%22Foo%22%20%3Cb%3E"},
		{"a  b", "🔑", "a%20%20b:%F0%9F%94%91", "a%20%20b"},
		{long, "a", strings.Repeat("%C3%A9", 200) + ":a", strings.Repeat("%C3%A9", 200)},
	} {
		l := newLab(t)
		f := l.enroll(workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: name.issuer, TOTPUser: name.user})
		if want := "otpauth://totp/" + name.label + "?secret=" + f.TOTP.Secret + "&issuer=" + name.param; f.TOTP.URI != want {
			t.Errorf("URI\n%s\nwant\n%s", f.TOTP.URI, want)
		}
		if got := scan(t, f.TOTP.QRCode); got != f.TOTP.URI {
			t.Errorf("the picture says %q, want %q", got, f.TOTP.URI)
		}
	}
}
