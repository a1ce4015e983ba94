package local_test

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

const times = `"created_at":"2026-01-15T12:00:00.000Z","updated_at":"2026-01-15T12:00:00.000Z"`

// Each answer of success has the status, the fields and the form of the API's
// description, no more and no fewer.
func TestAnswersInFull(t *testing.T) {
	const (
		factor    = `"object":"authentication_factor","id":"auth_factor_ULID",` + times
		challenge = `"object":"authentication_challenge","id":"auth_challenge_ULID","authentication_factor_id":"auth_factor_ULID",` + times
		expires   = `"expires_at":"2026-01-15T12:10:00.000Z",`
		user      = `{"object":"user","id":"user_ULID","email":"a@b.co","first_name":null,"last_name":null,"name":null,"email_verified":false,"profile_picture_url":null,"last_sign_in_at":null,"external_id":null,"locale":null,"metadata":{},` + times + `}`
		totp      = `"secret":"SECRET","qr_code":"PNG","uri":"otpauth://totp/Foo:a@b.co?secret=SECRET&issuer=Foo"}`
	)
	l := newLab(t)
	id := map[string]string{"user": l.user("a@b.co"), "totp": l.enroll(totpOpts).ID, "sms": l.enroll(smsOpts).ID, "generic": l.enroll(genericOpts).ID}
	for _, name := range []string{"totp", "sms", "generic"} {
		id["challenge of "+name] = l.challenge(workos.Factor{ID: id[name]}).ID
	}
	tests := []struct {
		name, method, path, body string
		status                   int
		want                     string
	}{
		{"enroll totp", "POST", "/auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo","totp_user":"a@b.co"}`, 201,
			`{` + factor + `,"type":"totp","totp":{"issuer":"Foo","user":"a@b.co",` + totp + `}`},
		{"enroll sms for a user", "POST", "/auth/factors/enroll", `{"type":"sms","phone_number":"+15005550006","user_id":"` + id["user"] + `"}`, 201,
			`{` + factor + `,"type":"sms","user_id":"user_ULID","sms":{"phone_number":"+15005550006"}}`},
		{"enroll generic", "POST", "/auth/factors/enroll", `{"type":"generic_otp"}`, 201, `{` + factor + `,"type":"generic_otp"}`},
		{"get totp", "GET", "/auth/factors/" + id["totp"], "", 200, `{` + factor + `,"type":"totp","totp":{"issuer":"Foo Corp","user":"a@b.co"}}`},
		{"get sms", "GET", "/auth/factors/" + id["sms"], "", 200, `{` + factor + `,"type":"sms","sms":{"phone_number":"+15005550006"}}`},
		{"get generic", "GET", "/auth/factors/" + id["generic"], "", 200, `{` + factor + `,"type":"generic_otp"}`},
		{"challenge totp", "POST", "/auth/factors/" + id["totp"] + "/challenge", "", 201, `{` + challenge + `}`},
		{"challenge sms", "POST", "/auth/factors/" + id["sms"] + "/challenge", `{}`, 201, `{` + expires + challenge + `}`},
		{"challenge generic", "POST", "/auth/factors/" + id["generic"] + "/challenge", `{}`, 201, `{"code":"CODE",` + expires + challenge + `}`},
		{"verify totp", "POST", "/auth/challenges/" + id["challenge of totp"] + "/verify", `{"code":"000000"}`, 201, `{"valid":false,"challenge":{` + challenge + `}}`},
		{"verify sms", "POST", "/auth/challenges/" + id["challenge of sms"] + "/verify", `{"code":"000000"}`, 201, `{"valid":false,"challenge":{` + expires + challenge + `}}`},
		{"verify generic", "POST", "/auth/challenges/" + id["challenge of generic"] + "/verify", `{"code":"000000"}`, 201, `{"valid":false,"challenge":{` + expires + challenge + `}}`},
		{"delete", "DELETE", "/auth/factors/" + id["totp"], "", 204, ""},
		{"users", "GET", "/user_management/users?email=a%40b.co", "", 200, `{"object":"list","data":[` + user + `],"list_metadata":{"before":null,"after":null}}`},
		{"no users", "GET", "/user_management/users?email=x", "", 200, `{"object":"list","data":[],"list_metadata":{"before":null,"after":null}}`},
		{"user", "GET", "/user_management/users/" + id["user"], "", 200, user},
		{"factors of a user", "GET", "/user_management/users/" + id["user"] + "/auth_factors", "", 200,
			`{"object":"list","data":[{` + factor + `,"type":"sms","user_id":"user_ULID","sms":{"phone_number":"+15005550006"}}],"list_metadata":{"before":null,"after":null}}`},
		{"enroll for a user", "POST", "/user_management/users/" + id["user"] + "/auth_factors", `{"type":"totp","totp_issuer":"Foo"}`, 201,
			`{"authentication_factor":{` + factor + `,"type":"totp","user_id":"user_ULID","totp":{"issuer":"Foo","user":"a@b.co",` + totp + `},"authentication_challenge":{` + challenge + `}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { checkAnswer(t, l.call(tt.method, tt.path, tt.body), tt.status, tt.want) })
	}
}

func checkAnswer(t *testing.T, w *httptest.ResponseRecorder, status int, want string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d", w.Code, status)
	}
	if got := w.Header().Get("X-Request-ID"); !regexp.MustCompile(`^req_[0-7][0-9A-HJKMNP-TV-Z]{25}$`).MatchString(got) {
		t.Errorf("X-Request-ID %q", got)
	}
	if want == "" {
		if w.Body.Len() > 0 || w.Header().Get("Content-Type") != "" {
			t.Errorf("the body is %s of type %q, want none", w.Body, w.Header().Get("Content-Type"))
		}
		return
	}
	if got := w.Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("Content-Type %q", got)
	}
	sameJSON(t, w.Body.Bytes(), want)
}

func TestRefusalsInFull(t *testing.T) {
	const (
		enroll     = "/auth/factors/enroll"
		notJSON    = `{"message":"Request body is not JSON of the right form","code":"bad_request"}`
		noRoute    = `{"message":"Not Found: PATH","code":"entity_not_found"}`
		notAllowed = `{"message":"Method METHOD is not allowed here","code":"method_not_allowed"}`
		missing    = `{"message":"Validation failed","errors":[{"field":"FIELD","code":"required"}]}`
	)
	l := newLab(t)
	verify := "/auth/challenges/" + l.challenge(l.enroll(smsOpts)).ID + "/verify"
	field := func(name string) string { return strings.Replace(missing, "FIELD", name, 1) }
	unknown := func(kind, id string) string {
		return `{"message":"` + kind + ` not found: '` + id + `'.","code":"entity_not_found","entity_id":"` + id + `"}`
	}
	tests := []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/auth/factors/f", "", 404, unknown("Authentication factor", "f")},
		{"GET", "/auth/factors/a%2Fb", "", 404, unknown("Authentication factor", "a/b")},
		{"GET", "/auth/factors/enroll", "", 404, unknown("Authentication factor", "enroll")},
		{"DELETE", "/auth/factors/f", "", 404, unknown("Authentication factor", "f")},
		{"POST", "/auth/factors/f/challenge", "{}", 404, unknown("Authentication factor", "f")},
		{"POST", "/auth/challenges/c/verify", `{"code":"123456"}`, 404, unknown("Authentication challenge", "c")},
		{"GET", "/user_management/users/u", "", 404, unknown("User", "u")},
		{"GET", "/user_management/users/u/auth_factors", "", 404, unknown("User", "u")},
		{"POST", "/user_management/users/u/auth_factors", `{"type":"totp"}`, 404, unknown("User", "u")},
		{"POST", enroll, `{"type":"generic_otp","user_id":"u"}`, 404, unknown("User", "u")},

		{"GET", "/", "", 404, noRoute},
		{"GET", "/auth/factors", "", 404, noRoute},
		{"GET", "/auth/factors/", "", 404, noRoute},
		{"POST", "/sso/token", "", 404, noRoute},
		{"GET", enroll + "/x/y", "", 404, noRoute},
		{"PUT", "/auth/factors/f", "", 405, notAllowed},
		{"POST", "/auth/factors/f", "", 405, notAllowed},
		{"GET", "/auth/factors/f/challenge", "", 405, notAllowed},
		{"GET", verify, "", 405, notAllowed},

		{"POST", enroll, "", 400, notJSON},
		{"POST", enroll, "foo", 400, notJSON},
		{"POST", enroll, `{"type":"generic_otp"`, 400, notJSON},
		{"POST", enroll, `{"type":"generic_otp"} x`, 400, notJSON},
		{"POST", enroll, `["generic_otp"]`, 400, notJSON},
		{"POST", enroll, `{"type":5}`, 400, notJSON},
		{"POST", verify, `{"code":123456}`, 400, notJSON},
		{"POST", verify, "", 400, notJSON},

		{"POST", enroll, "{}", 422, field("type")},
		{"POST", enroll, "null", 422, field("type")},
		{"POST", enroll, `{"type":"webauthn"}`, 422, `{"message":"Validation failed","errors":[{"field":"type","code":"invalid"}]}`},
		{"POST", enroll, `{"type":"totp"}`, 422, `{"message":"Validation failed","errors":[{"field":"totp_issuer","code":"required"},{"field":"totp_user","code":"required"}]}`},
		{"POST", enroll, `{"type":"totp","totp_issuer":"Foo","totp_user":" "}`, 422, field("totp_user")},
		{"POST", enroll, `{"type":"totp","totp_issuer":"","totp_user":"a"}`, 422, field("totp_issuer")},
		{"POST", enroll, `{"type":"totp","totp_user":"a","totp_issuer":"` + strings.Repeat("x", 3000) + `"}`, 422,
			`{"message":"Validation failed","errors":[{"field":"totp_issuer","code":"too_long"},{"field":"totp_user","code":"too_long"}]}`},
		{"POST", enroll, `{"type":"sms"}`, 422, field("phone_number")},
		{"POST", enroll, `{"type":"sms","phone_number":"foo"}`, 422, `{"message":"Phone number is invalid: 'foo'","code":"invalid_phone_number"}`},
		{"POST", verify, "{}", 422, field("code")},
		{"POST", verify, `{"code":""}`, 422, field("code")},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path+" "+tt.body[:min(40, len(tt.body))], func(t *testing.T) {
			want := strings.NewReplacer("PATH", tt.path, "METHOD", tt.method).Replace(tt.want)
			checkAnswer(t, l.call(tt.method, tt.path, tt.body), tt.status, want)
		})
	}
}

func TestMethodNotAllowedNamesTheOthers(t *testing.T) {
	if got := newLab(t).call("PUT", "/auth/factors/f", "").Header().Get("Allow"); got != "DELETE, GET, HEAD" {
		t.Errorf("Allow %q", got)
	}
}

func TestNoWayAroundTheKey(t *testing.T) {
	l := newLab(t)
	for _, header := range []string{"", "Bearer ", "Bearer " + testKey + "x", "Bearer " + testKey[1:], "Bearer sk_other", testKey, "Basic " + testKey, "Bearer  " + testKey} {
		for _, path := range []string{"/auth/factors/enroll", "/nowhere"} {
			checkAnswer(t, l.call("POST", path, `{"type":"generic_otp"}`, "Authorization", header), 401, `{"message":"Unauthorized"}`)
		}
	}
	l.engine = local.New(local.Options{}) // accepts any
	for _, header := range []string{"", "Bearer sk_other"} {
		if w := l.call("POST", "/auth/factors/enroll", `{"type":"generic_otp"}`, "Authorization", header); w.Code != 201 {
			t.Errorf("an engine without a key answers %d to %q", w.Code, header)
		}
	}
}

func TestKeyThroughTheClient(t *testing.T) {
	engine := newLab(t).engine
	client, err := workos.NewClient(workos.ClientOpts{APIKey: "sk_other", Transport: engine})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.EnrollFactor(ctx, smsOpts); !workos.IsUnauthorized(err) {
		t.Errorf("a wrong key: %v", err)
	}
}

func TestRequestIDsDiffer(t *testing.T) {
	l := newLab(t)
	seen := map[string]bool{}
	for range 50 {
		seen[l.call("GET", "/auth/factors/f", "").Header().Get("X-Request-ID")] = true
	}
	if len(seen) != 50 {
		t.Errorf("50 requests have %d ids", len(seen))
	}
}

// Times are in UTC, whatever the zone of the clock, and cut to milliseconds.
func TestTimes(t *testing.T) {
	l := newLab(t)
	l.now = time.Date(2026, 1, 15, 13, 0, 0, 123_999_999, time.FixedZone("", 3600))
	f := l.enroll(smsOpts)
	w := l.call("POST", "/auth/factors/"+f.ID+"/challenge", "")
	const at = `"2026-01-15T12:00:00.123Z"`
	checkAnswer(t, w, 201, `{"object":"authentication_challenge","id":"auth_challenge_ULID","authentication_factor_id":"auth_factor_ULID",
		"created_at":`+at+`,"updated_at":`+at+`,"expires_at":"2026-01-15T12:10:00.123Z"}`)
}

func TestBodySize(t *testing.T) {
	const limit = 1 << 20
	l := newLab(t)
	body := `{"type":"generic_otp"}`
	body += strings.Repeat(" ", limit-len(body))
	if w := l.call("POST", "/auth/factors/enroll", body); w.Code != 201 {
		t.Errorf("a body of %d bytes is answered with %d", len(body), w.Code)
	}
	checkAnswer(t, l.call("POST", "/auth/factors/enroll", body+" "), 413, `{"message":"Request body is too large","code":"payload_too_large"}`)
}

// body is a request body that remembers whether it was closed.
type body struct {
	io.Reader
	closed bool
}

func (b *body) Close() error { b.closed = true; return nil }

func TestRoundTrip(t *testing.T) {
	l := newLab(t)
	for _, tt := range []struct {
		name, key string
		in        io.Reader
		status    int
	}{
		{"the right key", testKey, strings.NewReader(`{"type":"generic_otp"}`), 201},
		{"a wrong key", "x", strings.NewReader(`{}`), 401},
		{"a body that breaks off", testKey, iotest.ErrReader(io.ErrUnexpectedEOF), 400},
	} {
		b := &body{Reader: tt.in}
		r := httptest.NewRequest("POST", "https://api.workos.com/auth/factors/enroll", b)
		r.Header.Set("Authorization", "Bearer "+tt.key)
		resp, err := l.engine.RoundTrip(r)
		if err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		read, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != tt.status || resp.ContentLength != int64(len(read)) || resp.Request != r {
			t.Errorf("%s: %s, %d bytes of %d, %v", tt.name, resp.Status, len(read), resp.ContentLength, err)
		}
		if resp.Status[4:] != http.StatusText(tt.status) || !b.closed {
			t.Errorf("%s: status %q, body closed is %t", tt.name, resp.Status, b.closed)
		}
	}
}

func TestRoundTripCancelled(t *testing.T) {
	over, cancel := context.WithCancel(ctx)
	cancel()
	r := httptest.NewRequestWithContext(over, "GET", "https://api.workos.com/auth/factors/f", nil)
	if _, err := newLab(t).engine.RoundTrip(r); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled request: %v", err)
	}
}

// The real clock and real random numbers are what an engine has by default.
func TestDefaults(t *testing.T) {
	client, err := workos.NewClient(workos.ClientOpts{APIKey: "sk_any", Transport: local.New(local.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	before := time.Now().Truncate(time.Millisecond)
	first, err1 := client.EnrollFactor(ctx, totpOpts)
	second, err2 := client.EnrollFactor(ctx, totpOpts)
	if err1 != nil || err2 != nil || first.TOTP.Secret == second.TOTP.Secret {
		t.Errorf("two factors: %v, %v", err1, err2)
	}
	if first.CreatedAt.Before(before) || first.CreatedAt.After(time.Now()) {
		t.Errorf("created at %s", first.CreatedAt)
	}
}

// Without random numbers there is an error, never a secret or a code that can be
// guessed.
func TestNoRandomNumbers(t *testing.T) {
	l := newLab(t)
	now := func() time.Time { return start }
	l.engine = local.New(local.Options{Now: now, Rand: iotest.ErrReader(io.ErrNoProgress)})
	if w := l.call("GET", "/auth/factors/f", ""); w.Code != 500 {
		t.Errorf("no id for the request: %d %s", w.Code, w.Body)
	}
	enough := io.LimitReader(rand.NewChaCha8([32]byte{1}), 4096) // for ids, which are made of a block of bytes
	l.engine = local.New(local.Options{Now: now, Rand: enough})
	w := l.call("POST", "/auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo","totp_user":"a"}`)
	checkAnswer(t, w, 500, `{"message":"make a secret: EOF","code":"internal_error"}`)
	id := regexp.MustCompile(`auth_factor_\w+`).FindString(l.call("POST", "/auth/factors/enroll", `{"type":"generic_otp"}`).Body.String())
	checkAnswer(t, l.call("POST", "/auth/factors/"+id+"/challenge", ""), 500, `{"message":"make a code: EOF","code":"internal_error"}`)
}
