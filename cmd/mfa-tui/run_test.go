package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"mfa-tui/cmd/mfa-tui/noquery"
	"mfa-tui/store"
	"mfa-tui/tui/qr"
	"mfa-tui/workos"
)

func init() { noquery.Restore() } // as main does

// outcome runs the program as main does and returns what it left.
func outcome(t *testing.T, env []string, args ...string) (status int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(context.Background(), args, env, strings.NewReader(""), &o, &e)
	return status, o.String(), e.String()
}

func TestRunWithoutATerminal(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, args := range map[string][]string{
		"plain":             nil,
		"unknown flag":      {"--nope"},
		"unknown word":      {"nope"},
		"flag with no name": {"--store"},
		"key as a flag":     {"--api-key", testKey},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, errOut := outcome(t, []string{"HOME=/nowhere"}, args...)
			if status != exitUsage || out != "" || strings.Count(errOut, "\n") != 1 || !strings.HasPrefix(errOut, "mfa-tui: ") {
				t.Errorf("status %d, %q, %q", status, out, errOut)
			}
			if strings.Contains(errOut, testKey) {
				t.Error("the error has the key")
			}
		})
	}
	if entries, err := os.ReadDir("."); err != nil || len(entries) > 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
}

func TestRunHelpAndVersion(t *testing.T) {
	status, out, errOut := outcome(t, nil, "--version")
	if status != exitDone || errOut != "" || !strings.HasPrefix(out, "mfa-tui ") || strings.Count(out, "\n") != 1 {
		t.Errorf("status %d, %q, %q", status, out, errOut)
	}
	status, out, errOut = outcome(t, nil, "--help")
	if status != exitDone || errOut != "" {
		t.Errorf("status %d, %q", status, errOut)
	}
	for _, flag := range []string{"--store", "--base-url", "--env-file", "--local", "--keep-secrets", "--log", "--theme", "--qr", "--version"} {
		if !strings.Contains(out, flag+" ") {
			t.Errorf("the help lacks %s:\n%s", flag, out)
		}
	}
	if strings.Contains(out, "key ") && strings.Contains(out, "--api-key") {
		t.Error("the key can be given as a flag")
	}
}

// A double click on Windows opens the screens.
func TestADoubleClickIsFine(t *testing.T) {
	if cobra.MousetrapHelpText != "" {
		t.Errorf("it says %q instead", cobra.MousetrapHelpText)
	}
}

// A QR code is drawn without sequences where they would be shown.
func TestPaintOfAConsole(t *testing.T) {
	env := environ{"TERM": "xterm-256color"}
	if got := (&program{env: env}).paint(); got == qr.Bare {
		t.Error("a terminal that obeys sequences gets none")
	}
	if got := (&program{env: env, bare: true}).paint(); got != qr.Bare {
		t.Errorf("paint %d", got)
	}
}

// Over SSH the clipboard of this machine is not the person's.
func TestCopyThroughTheTerminal(t *testing.T) {
	for name, test := range map[string]struct {
		env  environ
		want string
	}{
		"ssh":    {environ{"SSH_TTY": "/dev/pts/1"}, "\x1b]52;c;aGVsbG8=\a"},
		"tmux":   {environ{"SSH_CONNECTION": "1", "TMUX": "/tmp/x"}, "\x1b]52;c;aGVsbG8=\a\x1bPtmux;\x1b\x1b]52;c;aGVsbG8=\a\x1b\\"},
		"screen": {environ{"SSH_TTY": "/dev/pts/1", "TERM": "screen"}, "\x1bP\x1b]52;c;aGVsbG8=\x1b\\"},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			copied, err := clipboardWriter{&out, test.env}.copy("hello")
			if err != nil || !strings.Contains(copied.How, "OSC 52") || copied.Clear != nil {
				t.Errorf("%q, %v", copied.How, err)
			}
			if name != "screen" && out.String() != test.want {
				t.Errorf("%q, want %q", out.String(), test.want)
			}
			if !strings.Contains(out.String(), "aGVsbG8=") {
				t.Errorf("%q", out.String())
			}
		})
	}
}

// What is not in the factor file at the end is printed: its ID is the only way
// back to it.
func TestTellsUnsaved(t *testing.T) {
	var errOut bytes.Buffer
	p := &program{errOut: &errOut}
	folder := filepath.Join(t.TempDir(), "data")
	s, err := store.Open(store.Options{Path: filepath.Join(folder, "factors.json"), Environment: "local"})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(p.tellUnsaved(nil), p.tellUnsaved(s)); err != nil || errOut.Len() > 0 {
		t.Errorf("%v, %s", err, errOut.String())
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil { // no folder can be made there
		t.Fatal(err)
	}
	if _, err := s.Put(context.Background(), store.Record{Factor: workos.Factor{ID: "auth_factor_1"}}); err == nil {
		t.Fatal("it is saved")
	}
	if err := p.tellUnsaved(s); err == nil || !strings.Contains(errOut.String(), `"id": "auth_factor_1"`) {
		t.Errorf("%v, %s", err, errOut.String())
	}
}

// A command says of a failed call what a screen says of it, and its exit status is the one
// of the README.
func TestFailedCalls(t *testing.T) {
	factor := "auth_factor_01JZZZZZZZZZZZZZZZZZZZZZZZ"
	env := soundEnv(t, respondent(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-ID", "req_1")
		switch {
		case r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/auth"):
			_, _ = io.WriteString(w, `{"type":"generic_otp"}`)
		case r.Method == http.MethodGet:
			w.Header().Set("Location", "https://login.example.com/?secret")
			w.WriteHeader(http.StatusFound)
		case r.Method == http.MethodDelete:
			w.Header().Set("Retry-After", "42")
			w.WriteHeader(http.StatusTooManyRequests)
		case strings.HasSuffix(r.URL.Path, "enroll"):
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, _ = io.WriteString(w, `{"message":"Validation failed","errors":[{"field":"phone_number","message":"phone_number must be mobile."}]}`)
		case strings.HasSuffix(r.URL.Path, "challenge"):
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `<h1>nginx`)
		default:
			_, _ = io.WriteString(w, `<html>Welcome to the hotel`)
		}
	}))
	for command, want := range map[string]string{
		"enroll otp":                       "Validation failed; phone_number must be mobile (422); the factor was not enrolled; request req_1",
		"factors delete " + factor + " -y": "delete " + factor + ": too many requests (429); the factor was not deleted; try again in 42 seconds; request req_1",
		"challenge " + factor:              "the response is a web page, not JSON (404); check the base URL; a login page of the network may have responded instead of HOST; request req_1",
		"verify auth_challenge_01JZZZZZZZZZZZZZZZZZZZZZZZ 123456": "the response is a web page, not JSON (200); check the base URL; a login page of the network may have responded instead of HOST; request req_1",
		"users find a@b.co": "the response is a redirect to https://login.example.com (302), which was not followed; check the base URL; a login page of the network may have responded instead of HOST; request req_1",
	} {
		status, out, errOut := outcome(t, env, strings.Fields(command)...)
		_, host, _ := strings.Cut(env[2], "//")
		if want = "mfa-tui: " + strings.ReplaceAll(want, "HOST", host) + "\n"; errOut != want || status != exitFailed || out != "" {
			t.Errorf("%s: exit status %d, %s\nwant %s", command, status, errOut, want)
		}
	}
}
