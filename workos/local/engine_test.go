package local_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

const testKey = "sk_test_secret_1"

var (
	ctx   = context.Background()
	start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
)

// lab is an engine with a clock and random numbers of the test's, and a client
// on it.
type lab struct {
	*workos.Client
	t      *testing.T
	engine *local.Engine
	opts   local.Options
	mu     sync.Mutex
	now    time.Time
}

func newLab(t *testing.T, change ...func(*local.Options)) *lab {
	t.Helper()
	l := &lab{t: t, now: start}
	l.opts = local.Options{APIKey: testKey, Now: l.time, Rand: rand.NewChaCha8([32]byte{1})}
	for _, c := range change {
		c(&l.opts)
	}
	l.restart()
	return l
}

// restart makes a new engine with the same options.
func (l *lab) restart() {
	l.engine = local.New(l.opts)
	l.Client = l.client(watch{l.t, l.engine, nil})
}

func (l *lab) client(transport http.RoundTripper) *workos.Client {
	l.t.Helper()
	c, err := workos.NewClient(workos.ClientOpts{APIKey: testKey, Transport: transport, RetryWait: time.Microsecond})
	if err != nil {
		l.t.Fatal(err)
	}
	return c
}

func (l *lab) time() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *lab) wait(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.now = l.now.Add(d)
}

// ok is v, and ends the test on an error.
func ok[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (l *lab) totp() workos.Factor {
	l.t.Helper()
	return ok(l.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "alan@example.com"}))(l.t)
}

func (l *lab) sms() workos.Factor {
	l.t.Helper()
	return ok(l.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"}))(l.t)
}

func (l *lab) otp() workos.Factor {
	l.t.Helper()
	return ok(l.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP}))(l.t)
}

func (l *lab) challenge(f workos.Factor) workos.Challenge {
	l.t.Helper()
	return ok(l.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: f.ID}))(l.t)
}

func (l *lab) verify(c workos.Challenge, code string) (valid bool, err error) {
	v, err := l.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: code})
	return v.Valid, err
}

// wants ends the test unless a verification came out so.
func (l *lab) wants(valid bool, c workos.Challenge, code string) {
	l.t.Helper()
	if got := ok(l.verify(c, code))(l.t); got != valid {
		l.t.Errorf("the code is valid: %t", got)
	}
}

// refuses ends the test unless a verification is refused with this code.
func (l *lab) refuses(c workos.Challenge, code string, is func(error) bool) {
	l.t.Helper()
	if _, err := l.verify(c, code); !is(err) {
		l.t.Errorf("the error is %v", err)
	}
}

// message is the newest text message to the test's number.
func (l *lab) message() string {
	l.t.Helper()
	text, _ := l.lastSMS(phone)
	return text
}

// raw sends a request as it is.
func (l *lab) raw(method, path, body string, header ...string) *http.Response {
	l.t.Helper()
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+testKey)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	watch{l.t, l.engine, nil}.ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	return string(ok(io.ReadAll(r.Body))(t))
}

// other is a code of the same length that is wrong.
func other(code string) string {
	if code == "000000" {
		return "111111"
	}
	return "000000"
}

// disk is a storage in memory that several engines share, as they share a file.
type disk struct {
	mu   sync.Mutex
	data []byte
	err  error
}

func (d *disk) Path() string { return "state.json" }

func (d *disk) Update(_ context.Context, change func([]byte) ([]byte, error)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	data, err := change(bytes.Clone(d.data))
	if err != nil {
		return err
	}
	if data == nil {
		return nil
	}
	if d.err != nil {
		return d.err
	}
	d.data = data
	return nil
}

// copy is a storage of its own with what an engine writes now.
func (d *disk) copy(t *testing.T, from *local.Engine) *disk {
	t.Helper()
	if err := from.Flush(ctx); err != nil {
		t.Error(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return &disk{data: bytes.Clone(d.data)}
}

// small is a random source whose first numbers are small.
type small struct{ then io.Reader }

func (s small) Read(p []byte) (int, error) {
	if len(p) == 3 { // what a number below a million is made of
		binary.BigEndian.PutUint16(p[1:], 427)
		p[0] = 0
		return len(p), nil
	}
	return s.then.Read(p)
}
