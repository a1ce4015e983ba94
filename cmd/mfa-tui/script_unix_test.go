//go:build unix

package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"mfa-tui/workos/local"
)

// signalled is what is written to it, and can be waited for.
type signalled struct {
	mu   sync.Mutex
	text bytes.Buffer
	any  chan struct{} // closed by the first write
	once sync.Once
}

func (s *signalled) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.once.Do(func() { close(s.any) })
	return s.text.Write(p)
}

// ctrl+c while a factor is enrolled: its id is not lost.
func TestEnrollOutlivesASignal(t *testing.T) {
	t.Chdir(t.TempDir())
	messages := &signalled{any: make(chan struct{})}
	engine := local.New(local.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
		<-messages.any
		engine.ServeHTTP(w, r)
	}))
	defer server.Close()
	env := []string{"WORKOS_API_KEY=" + testKey, "WORKOS_BASE_URL=" + server.URL, "MFA_TUI_STORE=factors.json"}
	var out bytes.Buffer
	status := run(context.Background(), []string{"enroll", "otp"}, env, strings.NewReader(""), &out, messages)
	if status != exitDone || !strings.HasPrefix(messages.text.String(), "mfa-tui: finishing what is under way") {
		t.Errorf("status %d, %s", status, messages.text.String())
	}
	status, list, _ := outcome(t, env, "factors", "list")
	if id := strings.TrimSpace(out.String()); status != exitDone || id == "" || !strings.HasPrefix(list, id) {
		t.Errorf("enrolled %s, kept %q", id, list)
	}
}

// On a terminal a person is asked, and only yes is yes.
func TestConfirm(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	env := append(s.env, "MFA_TUI_STORE="+filepath.Join(t.TempDir(), "factors.json"))
	s.env, s.cols = env, 120
	if status, _, errOut := outcome(t, env, "enroll", "otp", "--label", "mine"); status != exitDone {
		t.Fatal(errOut)
	}
	x := s.start("factors", "delete", "mine")
	x.sees("Delete mine (auth_factor_", "at the local engine permanently? [y/N]")
	if x.press("\r"); x.ends() != exitFailed {
		t.Error("no answer was taken for yes")
	}
	x.sees("cancelled; nothing was done")

	x = s.start("factors", "remove", "mine")
	x.sees("Remove mine (auth_factor_", "[y/N]")
	if x.press("yes\r"); x.ends() != exitDone {
		t.Error("yes was not taken for yes")
	}
	x.sees("removed mine")
	if _, out, _ := outcome(t, env, "factors", "list"); out != "" {
		t.Errorf("still there: %s", out)
	}
}

// A user's factor that this factor file does not have is deleted by its id, and
// the question says whose it is.
func TestConfirmNamesTheUser(t *testing.T) {
	t.Parallel()
	engine := local.New(local.Options{APIKey: testKey, Seed: &local.Seed{
		Users:   []local.SeedUser{{ID: "user_01ALAN", Email: "alan@example.com"}},
		Factors: []local.SeedFactor{{ID: "auth_factor_01PHONE", Type: "sms", UserID: "user_01ALAN", PhoneNumber: "+15005550006"}},
	}})
	server := httptest.NewServer(engine)
	defer server.Close()
	s := newSeat(t, "WORKOS_API_KEY="+testKey, "WORKOS_BASE_URL="+server.URL)
	s.cols = 120
	x := s.start("factors", "delete", "auth_factor_01PHONE")
	x.sees("Delete +15005550006 (auth_factor_01PHONE) of user_01ALAN at 127.0.0.1:", " (TEST) permanently? [y/N]")
	if x.press("y\r"); x.ends() != exitDone {
		t.Error("yes was not taken for yes")
	}
	x.sees("deleted +15005550006 (auth_factor_01PHONE) of user_01ALAN")
	if _, out, _ := outcome(t, s.env, "users", "factors", "alan@example.com"); out != "" {
		t.Errorf("still there: %s", out)
	}
}

// A QR code in a terminal scans, in colours, and says so if the terminal is too small.
func TestQRInATerminal(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	if status, _, errOut := outcome(t, s.env, "enroll", "totp", "--issuer", "Foo", "--user", "alan", "--label", "app"); status != exitDone {
		t.Fatal(errOut)
	}
	x := s.start("qr", "app")
	x.sees("can't scan? the secret is") // written last
	if status := x.ends(); status != exitDone {
		t.Errorf("status %d", status)
	}
	if uri := x.scanNow(); !strings.HasPrefix(uri, "otpauth://totp/Foo:alan?secret=") {
		t.Errorf("it scans as %q", uri)
	}
	s.rows = 22
	x = s.start("qr", "app")
	x.sees("can't scan? the secret is")
	x.ends()
	if lines := strings.Count(x.output(), "\n"); lines >= s.rows {
		t.Errorf("%d lines: the code scrolls off %d", lines, s.rows)
	}
	s.cols, s.rows = 40, 12
	x = s.start("qr", "app")
	x.finds(`(?s)needs a\s.*is (40x12)`)
	if status := x.ends(); status != exitFailed {
		t.Errorf("status %d", status)
	}
}
