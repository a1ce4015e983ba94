package inspect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

const testKey = "sk_test_q8Zr1pXv0"

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// recording returns a client whose calls go through a recorder. Its clock ticks
// a second each time that it is read.
func recording(t *testing.T, next http.RoundTripper) (*Recorder, *workos.Client) {
	t.Helper()
	var seconds atomic.Int64
	r := New(next, "", func() time.Time { return time.Unix(seconds.Add(1), 0) })
	client, err := workos.NewClient(workos.ClientOpts{APIKey: testKey, Transport: r, RetryWait: time.Microsecond})
	if err != nil {
		t.Fatal(err)
	}
	return r, client
}

// The whole flow, with all types of factors: each call is kept, and no secret.
func TestRecorderShowsNoSecret(t *testing.T) {
	engine := local.New(local.Options{APIKey: testKey})
	r, client := recording(t, engine)
	ctx := context.Background()
	totp, err := client.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "alan@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	otp, err := client.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP})
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: otp.ID})
	if err != nil || challenge.Code == "" {
		t.Fatal(challenge, err)
	}
	if v, err := client.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: challenge.ID, Code: challenge.Code}); err != nil || !v.Valid {
		t.Fatal(v, err)
	}
	if _, err := client.GetFactor(ctx, workos.GetFactorOpts{FactorID: "auth_factor_none"}); !workos.IsNotFound(err) {
		t.Fatal(err)
	}
	if _, err := client.ListUsers(ctx, workos.ListUsersOpts{Email: "alan@example.com", Limit: 5}); err != nil {
		t.Fatal(err)
	}
	calls := r.Calls()
	if len(calls) != 6 {
		t.Fatalf("%d calls", len(calls))
	}
	if c := calls[5]; c.N != 1 || c.Method != "POST" || c.Path != "/auth/factors/enroll" || c.Status != 201 || !c.Ended ||
		!strings.HasPrefix(c.RequestID, "req_") || !c.Start.Equal(time.Unix(1, 0)) || c.Duration != time.Second ||
		string(c.Request.JSON) != `{"type":"totp","totp_issuer":"Foo Corp","totp_user":"alan@example.com"}` {
		t.Errorf("%+v\n%s", c, c.Request.JSON)
	}
	if c := calls[1]; c.Status != 404 || !strings.Contains(string(c.Response.JSON), `"code":"entity_not_found"`) || c.Request.JSON != nil {
		t.Errorf("%+v\n%s", c, c.Response.JSON)
	}
	if c := calls[0]; c.Query != "email=alan%40example.com&limit=5" {
		t.Errorf("%+v", c)
	}
	for _, c := range calls {
		text := fmt.Sprintf("%+v %s %s", c, c.Request.JSON, c.Response.JSON)
		for _, secret := range []string{testKey, totp.TOTP.Secret, totp.TOTP.URI, "otpauth", "base64", challenge.Code, "Bearer"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s contains %q", text, secret)
			}
		}
	}
}

// Each attempt is a call, the ones that fail too, and the client sees what it
// would see without the recorder.
func TestRecorderOfAttempts(t *testing.T) {
	attempts := 0
	r, client := recording(t, roundTripper(func(req *http.Request) (*http.Response, error) {
		switch attempts++; attempts {
		case 1:
			return nil, errors.New("connection reset, key " + testKey + ", code 123456")
		case 2:
			return answering(req, 503, "<html>busy</html>"), nil
		case 3:
			resp := answering(req, 200, `{"id":`)
			resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id":`), iotest.ErrReader(io.ErrUnexpectedEOF)))
			return resp, nil
		}
		return answering(req, 200, `{"id":"auth_factor_1","type":"sms"}`), nil
	}))
	if f, err := client.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "auth_factor_1"}); err != nil || f.ID != "auth_factor_1" {
		t.Error(f, err)
	}
	calls := r.Calls()
	if len(calls) != 4 {
		t.Fatalf("%d calls", len(calls))
	}
	if c := calls[3]; c.Status != 0 || !c.Ended || c.Err != "connection reset, key ••••••, code ••••••" {
		t.Errorf("%+v", c)
	}
	if c := calls[2]; c.Status != 503 || c.Response.Note != "not JSON, 17 bytes" {
		t.Errorf("%+v", c)
	}
	if c := calls[1]; c.Status != 200 || c.Err != "the response broke off: unexpected EOF" || c.Response.Note != "not JSON, 6 bytes" {
		t.Errorf("%+v", c)
	}
	if c := calls[0]; c.Status != 200 || c.Err != "" || string(c.Response.JSON) != `{"id":"auth_factor_1","type":"sms"}` {
		t.Errorf("%+v", c)
	}
}

func answering(r *http.Request, status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
}

// A call is there from its start, and ends with the error of its end.
func TestRecorderOfACallUnderWay(t *testing.T) {
	began := make(chan struct{})
	r, client := recording(t, roundTripper(func(req *http.Request) (*http.Response, error) {
		close(began)
		<-req.Context().Done()
		return nil, req.Context().Err()
	}))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- client.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: "auth_factor_1"}) }()
	<-began
	if calls := r.Calls(); len(calls) != 1 || calls[0].Ended || calls[0].Method != "DELETE" {
		t.Errorf("%+v", calls)
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if calls := r.Calls(); len(calls) != 1 || !calls[0].Ended || calls[0].Err != "context canceled" {
		t.Errorf("%+v", calls)
	}
}

// The last 50 are kept, whoever calls at the same time, and long responses arrive whole.
func TestRecorderKeepsTheLast(t *testing.T) {
	long := `{"id":"auth_factor_1","name":"` + strings.Repeat("x", 2*keptBody) + `"}`
	r, client := recording(t, roundTripper(func(req *http.Request) (*http.Response, error) { return answering(req, 200, long), nil }))
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 10 {
				if _, err := client.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "auth_factor_1"}); err != nil {
					t.Error(err)
				}
				r.Calls()
			}
		})
	}
	wait.Wait()
	calls := r.Calls()
	if len(calls) != keptCalls || calls[0].N != 80 || calls[49].N != 31 {
		t.Fatalf("%d calls, %d to %d", len(calls), calls[0].N, calls[len(calls)-1].N)
	}
	for _, c := range calls {
		if !c.Ended || c.Response.Note != "longer than 64 KiB, not kept" || c.Response.JSON != nil {
			t.Errorf("%+v", c)
		}
	}
}

// What is secret in one call stands in no other, earlier or later, in whatever
// part of it, as long as that call is kept.
func TestRecorderHidesASecretInAllCalls(t *testing.T) {
	responses := []string{`{"name":"it is wxyz qrst"}`, `{"totp":{"secret":"WXYZQRST"},"authentication_challenge":{"code":"4711"}}`, `{"name":"WXYZ-QRST or 4711"}`}
	r, client := recording(t, roundTripper(func(req *http.Request) (*http.Response, error) {
		if len(responses) == 0 {
			return nil, errors.New("4711 is refused")
		}
		body := responses[0]
		responses = responses[1:]
		return answering(req, 200, body), nil
	}))
	get := func(id string) { client.DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: id}) }
	for _, id := range []string{"a wxyzqrst", "b", "c 4711"} {
		get(id)
	}
	want := []string{
		`/auth/factors/•••••• {"name":"•••••• or ••••••"}`,
		`/auth/factors/b {"totp":{"secret":"••••••"},"authentication_challenge":{"code":"••••••"}}`,
		`/auth/factors/•••••• {"name":"it is ••••••"}`,
	}
	for i, c := range r.Calls() {
		if got := c.Path + " " + string(c.Response.JSON); got != want[i] {
			t.Errorf("call %d: %s, want %s", c.N, got, want[i])
		}
	}
	get("d")
	if c := r.Calls()[0]; c.Err != "•••••• is refused" {
		t.Error(c.Err)
	}
	for range keptCalls { // each of which is tried more than once
		get("d")
	}
	if key := fold(testKey); len(r.mask.secrets) != 1 || r.mask.secrets[key] == 0 {
		t.Errorf("still in memory: %v", r.mask.secrets)
	}
}
