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
	const limit = 256 << 10
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
		r := ok(http.NewRequest("POST", "https://api.workos.com/auth/factors/enroll", b))(t)
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
