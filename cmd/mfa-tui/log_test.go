package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

// People send logs to others: a log has what finds a request again, and no secret.
func TestLogHasNoSecret(t *testing.T) {
	var log bytes.Buffer
	engine := local.New(local.Options{APIKey: testKey})
	recorder := inspect.New(engine, "", time.Now)
	recorder.OnEnd = logCalls(&log)
	client, err := workos.NewClient(workos.ClientOpts{APIKey: testKey, Transport: recorder})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	totp, err := client.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "alan@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	sms, err := client.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"})
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: sms.ID, SMSTemplate: "Foo Corp: {{code}}"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: challenge.ID, Code: "493027"}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.ListUsers(ctx, workos.ListUsersOpts{Email: "alan@example.com"}); err != nil {
		t.Fatal(err)
	}
	text := log.String()
	for _, want := range []string{
		"method=POST path=/auth/factors/enroll", "status=201", "request_id=req_", "duration=",
		"path=/auth/challenges/" + challenge.ID + "/verify", "path=/user_management/users ",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the log lacks %q:\n%s", want, text)
		}
	}
	for _, secret := range []string{testKey, totp.TOTP.Secret, "+1500", "5550006", "493027", "alan", "otpauth", "Bearer"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log has %q:\n%s", secret, text)
		}
	}
}

func TestLogOfAFailure(t *testing.T) {
	var log bytes.Buffer
	broken := roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
	r, err := http.NewRequest(http.MethodGet, "https://api.workos.com/user_management/users?email=alan@example.com", nil)
	if err != nil {
		t.Fatal(err)
	}
	recorder := inspect.New(broken, "", time.Now)
	recorder.OnEnd = logCalls(&log)
	if _, err := recorder.RoundTrip(r); err == nil {
		t.Error("the failure was swallowed")
	}
	if text := log.String(); !strings.Contains(text, "level=ERROR") || !strings.Contains(text, "connection refused") || strings.Contains(text, "alan") {
		t.Error(text)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestLogIsAppendedAndPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	for range 2 {
		f, err := openLog(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("line\n"); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || !private(info) || info.Size() != 10 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := openLog(filepath.Join(path, "no", "folder")); err == nil || !strings.Contains(err.Error(), "open the log") {
		t.Errorf("%v", err)
	}
}

// A line of the log is short, whatever comes.
func TestLogHandlerOfLongTexts(t *testing.T) {
	var log bytes.Buffer
	logHandler(http.NotFoundHandler(), &log).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(strings.Repeat("M", 400), "/"+strings.Repeat("x", 9999), nil))
	text := log.String()
	if !strings.Contains(text, "method="+strings.Repeat("M", 300)+" path=/"+strings.Repeat("x", 299)+" ") || len(text) > 900 {
		t.Errorf("%d bytes: %.900s", len(text), text)
	}
}

// A call that is broken off in the middle is logged too.
func TestLogHandlerOfABrokenCall(t *testing.T) {
	var log bytes.Buffer
	handler := logHandler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), &log)
	func() {
		defer func() {
			if recover() != http.ErrAbortHandler {
				t.Error("it is not broken off any more")
			}
		}()
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/auth/factors/x", nil))
	}()
	if text := log.String(); !strings.Contains(text, "path=/auth/factors/x") || !strings.Contains(text, "status=0") {
		t.Errorf("logged is %q", text)
	}
}
