package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// atServer is the environment of a program whose server gives every call this answer.
func atServer(t *testing.T, answer string) []string {
	t.Helper()
	t.Chdir(t.TempDir())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(answer)) }))
	t.Cleanup(server.Close)
	return []string{"WORKOS_API_KEY=" + testKey, "WORKOS_BASE_URL=" + server.URL, "MFA_TUI_STORE=factors.json"}
}

// An address that two users have names neither of them.
func TestUserThatIsNotOne(t *testing.T) {
	env := atServer(t, `{"data":[{"id":"user_1","email":"a@b.c"},{"id":"user_2","email":"a@b.c"}],"list_metadata":{"before":null,"after":null}}`)
	status, out, errOut := outcome(t, env, "users", "factors", "a@b.c")
	if status != exitUsage || out != "" || !strings.Contains(errOut, "2 users have the e-mail address a@b.c: user_1, user_2; use the ID of one") {
		t.Errorf("status %d, %q, %q", status, out, errOut)
	}
	if status, out, _ := outcome(t, env, "users", "find", "a@b.c"); status != exitDone || strings.Count(out, "\n") != 2 {
		t.Errorf("status %d, %q", status, out)
	}
}

// A server whose pages lead back to each other does not keep the program forever.
func TestListWithoutAnEnd(t *testing.T) {
	env := atServer(t, `{"data":[{"id":"auth_factor_1","type":"sms"}],"list_metadata":{"before":null,"after":"auth_factor_1"}}`)
	status, out, errOut := outcome(t, env, "users", "factors", "user_1")
	if status != exitFailed || out != "" || !strings.Contains(errOut, "the page after auth_factor_1 came twice") {
		t.Errorf("status %d, %q, %q", status, out, errOut)
	}
}

// What a server sends can't move the cursor.
func TestUserOfControlCharacters(t *testing.T) {
	env := atServer(t, `{"data":[{"id":"user_1","email":"a@b.c","first_name":"A\u001b[2J\nB"}],"list_metadata":{"before":null,"after":null}}`)
	if status, out, _ := outcome(t, env, "users", "find", "a@b.c"); status != exitDone || strings.Count(out, "\n") != 1 || strings.Contains(out, "\x1b") {
		t.Errorf("status %d, %q", status, out)
	}
}

// A user whose response was lost may be there, and the message says how to look.
func TestUserThatMayHaveBeenAdded(t *testing.T) {
	status, out, errOut := outcome(t, atServer(t, `{"id":`), "users", "add", "a@b.c")
	if status != exitFailed || out != "" || !strings.Contains(errOut, "the user may have been added: check with mfa-tui users find a@b.c") {
		t.Errorf("status %d, %q, %q", status, out, errOut)
	}
}
