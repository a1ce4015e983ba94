package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"mfa-tui/workos/local"
)

// An enrollment whose response is lost tells its key, and enrolls once with it.
func TestEnrollAgain(t *testing.T) {
	t.Chdir(t.TempDir())
	engine, cut, keys := local.New(local.Options{APIKey: testKey}), true, map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		keys[r.Header.Get("Idempotency-Key")] = true
		answer := httptest.NewRecorder()
		engine.ServeHTTP(answer, r)
		if cut {
			w.Header().Set("Content-Length", "1000") // the connection is closed before that
			answer.Body = bytes.NewBuffer(answer.Body.Bytes()[:20])
		}
		w.WriteHeader(answer.Code)
		_, _ = io.Copy(w, answer.Body)
	}))
	defer server.Close()
	env := []string{"WORKOS_API_KEY=" + testKey, "WORKOS_BASE_URL=" + server.URL, "MFA_TUI_STORE=factors.json"}
	status, out, errOut := outcome(t, env, "enroll", "otp", "--label", "mail")
	key := regexp.MustCompile(`; to try again without enrolling twice, add --idempotency-key ([A-Z0-9]+)\n$`).FindStringSubmatch(errOut)
	if status != exitFailed || out != "" || key == nil || !strings.Contains(errOut, "the response broke off: unexpected EOF (201); the factor may have been enrolled;") {
		t.Fatalf("status %d, %q, %q", status, out, errOut)
	}
	cut = false
	status, first, errOut := outcome(t, env, "enroll", "otp", "--label", "mail", "--idempotency-key", key[1])
	if status != exitDone || !keys[key[1]] || len(keys) != 1 {
		t.Fatalf("status %d, %q, with the keys %v", status, errOut, keys)
	}
	if _, again, _ := outcome(t, env, "enroll", "otp", "--idempotency-key", key[1]); again != first {
		t.Errorf("the key enrolled %s and %s", first, again)
	}
	if status, _, errOut = outcome(t, env, "enroll", "otp", "--idempotency-key", ""); status != exitUsage || !strings.Contains(errOut, "may enroll a second factor") {
		t.Errorf("an empty key: status %d, %q", status, errOut)
	}
}
