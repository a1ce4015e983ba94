package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"mfa-tui/store/factors"
	"mfa-tui/tui"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

// inspected opens the API calls and looks at every call of a recorder in every
// form: it returns all that was on the screen, without its line breaks, and all
// that was copied.
func inspected(t testing.TB, opts tui.Options, r *inspect.Recorder) string {
	t.Helper()
	var seen strings.Builder
	opts.Calls = r.Calls
	opts.Copy = func(text string) (tui.Copied, error) {
		seen.WriteString(text + "\n")
		return tui.Copied{How: "to the test"}, nil
	}
	var m tea.Model = tui.New(opts)
	send := func(msg tea.Msg) {
		next, cmd := m.Update(msg)
		if m = next; cmd != nil {
			m.Update(cmd())
		}
		for line := range strings.Lines(m.View()) {
			seen.WriteString(strings.TrimRight(line, " \n"))
		}
	}
	letter := func(r rune) tea.KeyMsg { return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}} }
	send(tea.WindowSizeMsg{Width: 60, Height: 50})
	send(letter('i'))
	for range r.Calls() {
		send(tea.KeyMsg{Type: tea.KeyEnter})
		for range 5 {
			send(letter('y'))
			send(tea.KeyMsg{Type: tea.KeyEnd})
			send(tea.KeyMsg{Type: tea.KeyTab})
		}
		send(tea.KeyMsg{Type: tea.KeyEsc})
		send(tea.KeyMsg{Type: tea.KeyDown})
	}
	return seen.String()
}

// FuzzCalls makes a call with a key and a code, whose response has the code, the
// key and a new secret wherever the fuzzer puts them: as JSON, as something else,
// cut off, with any status, or as an error. None of them gets onto the screen or
// the clipboard.
func FuzzCalls(f *testing.F) {
	for _, around := range []string{`{"message":"$CODE and $KEY and $SECRET"}`, `[{"$CODE":{"$SECRET":"$KEY"}},"$CODE",$CODE]`, `<html>$KEY $CODE $SECRET`,
		`{"name":"$code","user":"$secret","issuer":"$CO-DE","id":"$KEY$CODE$SECRET"}`, `{"x":{"y":[{"z":"$SECRET"}]},"errors":[{"code":"$CODE","field":"$KEY"}]}`} {
		for _, status := range []int{200, 422, 500} {
			f.Add(around, status, 1<<20, "")
		}
		f.Add(around, 200, 60, "")
		f.Add("", 0, 0, "dial $KEY: $CODE "+around)
	}
	opts := callsOptions(f)
	const key, code, secret = "sk_test_q8Zr1pXv0", "90817263", "QZ7MKX4PWRT2VBNHQZ7MKX4PWRT2VBNH"
	fill := strings.NewReplacer("$KEY", key, "$CODE", code, "$SECRET", secret, "$code", "9081 7263", "$CO-DE", "9081-7263",
		"$secret", strings.ToLower(secret))
	f.Fuzz(func(t *testing.T, around string, status, length int, failure string) {
		around, failure = fill.Replace(around), fill.Replace(strings.NewReplacer("$SECRET", "", "$secret", "").Replace(failure)) // which nobody knows yet
		if json.Valid([]byte(around)) {
			around = `{"totp":{"secret":"` + secret + `","uri":"otpauth://totp/x?secret=` + secret + `","qr_code":"data:image/png;base64,AAAA"},"around":` + around + `}`
		}
		r := inspect.New(roundTripper(func(req *http.Request) (*http.Response, error) {
			if failure != "" {
				return nil, errors.New(failure)
			}
			resp := &http.Response{StatusCode: 200 + max(0, status)%400, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(around)), Request: req}
			resp.Header.Set("X-Request-ID", "req "+key)
			if length >= 0 && length < len(around) {
				resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(around[:length]), iotest.ErrReader(io.ErrUnexpectedEOF)))
			}
			return resp, nil
		}), "", time.Now)
		client, err := workos.NewClient(workos.ClientOpts{APIKey: key, Transport: r, RetryWait: time.Nanosecond})
		if err != nil {
			t.Fatal(err)
		}
		client.VerifyChallenge(context.Background(), workos.VerifyChallengeOpts{ChallengeID: "auth_challenge_1", Code: code})
		seen := inspected(t, opts, r)
		if !strings.Contains(seen, "/auth/challenges/auth_challenge_1/verify") || !strings.Contains(seen, "$WORKOS_API_KEY") {
			t.Fatalf("the call is not there: %s", seen)
		}
		for _, hidden := range []string{key, code, secret, "9081 7263", "9081-7263", strings.ToLower(secret), "otpauth:", "data:image/png"} {
			if i := strings.Index(seen, hidden); i >= 0 {
				t.Errorf("%q is shown: …%q", hidden, seen[max(0, i-80):min(len(seen), i+80)])
			}
		}
	})
}

// callsOptions are those of the program on the local engine, for a test.
func callsOptions(t testing.TB) tui.Options {
	t.Helper()
	a, err := newApp(config{mode: factors.Local, environment: "local", storePath: t.TempDir() + "/factors.json"})
	if err != nil {
		t.Fatal(err)
	}
	opts := a.options(clipboardWriter{io.Discard, nil})
	opts.Renderer = lipgloss.NewRenderer(io.Discard, termenv.WithProfile(termenv.Ascii))
	return opts
}

// The whole flow with the local engine, and what the API calls show of it.
func TestCallsShowNoSecret(t *testing.T) {
	opts := callsOptions(t)
	a, err := newApp(config{mode: factors.Local, environment: "local", storePath: t.TempDir() + "/factors.json"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	totp, err := a.API.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "alan@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	code, _, _, err := a.engine.AuthenticatorCode(ctx, totp.ID)
	if err != nil {
		t.Fatal(err)
	}
	challenge, err := a.API.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: totp.ID})
	if err != nil {
		t.Fatal(err)
	}
	if v, err := a.API.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: challenge.ID, Code: code}); err != nil || !v.Valid {
		t.Fatal(v, err)
	}
	seen := inspected(t, opts, a.calls)
	for _, shown := range []string{totp.ID, challenge.ID, `"totp_issuer": "Foo Corp"`, `"code": "` + inspect.Mask + `"`, `code="CODE"`, `"CODE"`} {
		if !strings.Contains(seen, shown) {
			t.Errorf("%q is not shown", shown)
		}
	}
	hidden := []string{totp.TOTP.Secret, totp.TOTP.URI, totp.TOTP.QRCode, code, "otpauth", "data:image", "Bearer local"}
	if i := slices.IndexFunc(hidden, func(s string) bool { return strings.Contains(seen, s) }); i >= 0 {
		t.Errorf("%q is shown", hidden[i])
	}
}

// The path is the one of the API, below whatever base URL.
func TestRecorderOfABaseURL(t *testing.T) {
	for base, want := range map[string]string{"/proxy/workos": "/proxy/workos", "": ""} {
		server := httptest.NewServer(http.StripPrefix(base, local.New(local.Options{APIKey: testKey})))
		defer server.Close()
		env := environ{"WORKOS_API_KEY": testKey, "WORKOS_BASE_URL": server.URL + base + "/", "MFA_TUI_STORE": t.TempDir() + "/factors.json"}
		c, err := (&flags{}).config(env)
		if err != nil {
			t.Fatal(err)
		}
		a, err := newApp(c)
		if err != nil {
			t.Fatal(err)
		}
		opts := a.options(clipboardWriter{io.Discard, nil})
		if _, err := opts.API.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "a b"}); !workos.IsNotFound(err) {
			t.Fatal(err)
		}
		if calls := opts.Calls(); calls[0].Path != "/auth/factors/a%20b" || calls[0].BaseURL != server.URL+want {
			t.Errorf("%+v, %q", calls, calls[0].BaseURL)
		}
		a.close()
	}
}

// What the API calls screen is given in the terminal UI is what the client does there.
func TestCallsAreWired(t *testing.T) {
	c := config{mode: factors.Local, environment: "local", storePath: t.TempDir() + "/factors.json"}
	a, err := newApp(c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	opts := a.options(clipboardWriter{io.Discard, nil})
	if _, err := opts.API.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: "auth_factor_1"}); !workos.IsNotFound(err) {
		t.Fatal(err)
	}
	if calls := opts.Calls(); len(calls) != 1 || calls[0].Status != 404 || calls[0].BaseURL != "" {
		t.Errorf("%+v, %q", calls, calls[0].BaseURL)
	}
}
