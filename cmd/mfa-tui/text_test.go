package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mfa-tui/store/factors/words"
)

// Nothing that a server, a file or an argument says reaches the terminal as it is.
// JSON loses nothing by that.
func TestOutputIsClean(t *testing.T) {
	const bad = "\x1b[31m\u009b\x7f\u202e\u200b\U000e0041"
	const factor = `"type":"generic_otp","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"`
	quoted, err := json.Marshal("1" + bad + "\n2")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/enroll"):
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"id":`+string(quoted)+`,`+factor+`}`)
		case strings.HasSuffix(r.URL.Path, "/challenge"):
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, `{"id":`+string(quoted)+`,"code":`+string(quoted)+`,"authentication_factor_id":"auth_factor_1","created_at":"2026-01-01T00:00:00Z"}`)
		case strings.HasSuffix(r.URL.Path, "/auth_factor_1"):
			_, _ = io.WriteString(w, `{"id":"auth_factor_1",`+factor+`}`)
		default:
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `{"message":`+string(quoted)+`,"code":`+string(quoted)+`}`)
		}
	}))
	defer server.Close()
	t.Chdir(t.TempDir())
	env := []string{"HOME=/nowhere", "MFA_TUI_STORE=" + filepath.Join(t.TempDir(), "factors.json"),
		"WORKOS_API_KEY=sk_test_1", "WORKOS_CLIENT_ID=client_1", "WORKOS_BASE_URL=" + server.URL}
	past, err := os.Create(filepath.Join(t.TempDir(), "stderr")) // where cobra writes what __complete can't do
	if err != nil {
		t.Fatal(err)
	}
	defer past.Close()
	defer func(stderr *os.File) { os.Stderr = stderr }(os.Stderr)
	os.Stderr = past
	printed := map[string]string{}
	for _, args := range [][]string{
		{"enroll", "otp"}, {"enroll", "otp", "--json"}, {"challenge", "auth_factor_1"}, {"challenge", "auth_factor_1", "--json"},
		{"factors", "list"}, {"factors", "list", "--json"}, {"export"}, {"users", "find", "a@example.com"},
		{"factors", "get", bad}, {bad}, {"--" + bad}, {"help", bad}, {"factors", "list", "--env-file", bad}, {"serve", "--seed", bad},
		{"import", bad}, {"__complete", "--" + bad, ""},
	} {
		_, out, errOut := outcome(t, env, args...)
		if out+errOut == "" || out != words.CleanLines(out) || errOut != words.CleanLines(errOut) {
			t.Errorf("%q prints %q, %q", args, out, errOut)
		}
		printed[strings.Join(args, " ")] = out
	}
	if got, err := os.ReadFile(past.Name()); err != nil || !strings.Contains(string(got), "unknown flag: --[31m") || string(got) != words.CleanLines(string(got)) {
		t.Errorf("%q, %v", got, err)
	}
	if got := printed["enroll otp"]; got != "1[31m 2\n" {
		t.Errorf("%q", got)
	}
	if got := printed["challenge auth_factor_1"]; got != "1[31m 2\n1[31m 2\n" {
		t.Errorf("%q", got)
	}
	for _, command := range []string{"enroll otp --json", "challenge auth_factor_1 --json"} {
		var got struct{ ID string }
		if err := json.Unmarshal([]byte(printed[command]), &got); err != nil || got.ID != "1"+bad+"\n2" {
			t.Errorf("%s: %q, %v", command, got.ID, err)
		}
	}
}

// stopper ends the program when it has written something.
type stopper struct {
	text strings.Builder
	stop func()
}

func (s *stopper) Write(p []byte) (int, error) {
	s.stop()
	return s.text.Write(p)
}

// What the server prints is not put together by anything that cleans it.
func TestPlainOutputIsClean(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out := &stopper{stop: stop}
	args := []string{"serve", "--port", "0", "--api-key", "sk_\x1b[31m\u009b\u202e1"}
	if status := run(ctx, args, []string{"HOME=/nowhere"}, strings.NewReader(""), out, io.Discard); status != exitDone {
		t.Errorf("exit status %d", status)
	}
	if got := out.text.String(); got != words.CleanLines(got) || !strings.Contains(got, "sk_[31m1\n") {
		t.Errorf("%q", got)
	}
}
