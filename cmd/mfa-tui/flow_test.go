//go:build unix

package main

import (
	"context"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/pquerna/otp/totp"

	"mfa-tui/workos/local"
)

// authenticator is what the phone learns from a QR code.
type authenticator struct {
	t      *testing.T
	secret string
}

func (x *terminal) authenticator() authenticator {
	x.t.Helper()
	uri, err := url.Parse(x.scan())
	if err != nil || uri.Scheme != "otpauth" || uri.Path != "/Foo Corp:alan@example.com" || uri.Query().Get("issuer") != "Foo Corp" {
		x.t.Fatalf("scanned %v, %v", uri, err)
	}
	return authenticator{x.t, uri.Query().Get("secret")}
}

// code is the code of a step from now: a step of drift either way is good.
func (a authenticator) code(steps time.Duration) string {
	a.t.Helper()
	code, err := totp.GenerateCode(a.secret, time.Now().Add(steps*30*time.Second))
	if err != nil {
		a.t.Fatal(err)
	}
	return code
}

// enrollTOTP goes from the list to the QR code.
func (x *terminal) enrollTOTP() authenticator {
	x.t.Helper()
	x.press("n").sees("TOTP", "Generic OTP")
	x.press(enter).sees("Issuer")
	x.press("Foo Corp" + tab + "alan@example.com").sees("┃ alan@example.com")
	x.press(enter)
	return x.authenticator()
}

// TestFlow is the whole flow as a person without an account has it: both kinds
// of factors, then a restart.
func TestFlow(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	x := s.start("--log", "log")
	x.sees("LOCAL", "No factors on your list yet")
	app := x.enrollTOTP()
	x.press(enter).sees("from your authenticator app")
	x.press(app.code(0)).sees("✓ Verified")
	x.press(enter).sees("1 factor", "✓ verified")

	x.press("n").sees("Generic OTP")
	x.press(down + enter).sees("Phone number")
	x.press("+1 (500) 555-0006").sees("✓ +1 500-555-0006 · United States")
	x.press(enter).sees("✓ Enrolled", "To  +1 500-555-0006 · United States", "Preview")
	x.press(ctrlU + "Foo says {{code}}").sees("Foo says 123456")
	x.press(enter).sees("sent to", "new message")
	sent := x.finds(`Foo says (\d{6})`)
	x.press(sent).sees("✓ Verified", "1 of 1 verified")
	x.press(enter).sees("2 factors")
	if status := x.press("q").ends(); status != 0 {
		t.Errorf("exit status %d", status)
	}

	x = s.start("--log", "log")
	if screen := x.sees("2 factors", "alan@example.com", "+• •••-•••-0006", "✓ verified"); strings.Contains(screen, "never") {
		t.Errorf("the outcome is lost:\n%s", screen)
	}
	x.press("c").sees("Preview")
	x.press(enter).sees("sent to", "new message")
	x.press(x.finds(`(\d{6})\.`)).sees("✓ Verified")
	x.press(enter).sees("2 factors")
	x.press(down + "c").sees("from your authenticator app")
	x.press(app.code(1)).sees("✓ Verified")
	if status := x.press(ctrlC).ends(); status != 0 {
		t.Errorf("exit status %d", status)
	}
	checkNoSecret(t, filepath.Join(s.home, "log"), app.secret, sent, "5550006")
	checkNoSecret(t, filepath.Join(s.home, "data", "mfa-tui", "factors.json"), app.secret, sent)
}

func checkNoSecret(t *testing.T, path string, secrets ...string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil || len(data) == 0 {
		t.Fatalf("%s: %v", path, err)
	}
	for _, s := range secrets {
		if strings.Contains(string(data), s) {
			t.Errorf("%s has %q", path, s)
		}
	}
}

// TestFlowAtAServer is the same with a key, against a server.
func TestFlowAtAServer(t *testing.T) {
	t.Parallel()
	engine := local.New(local.Options{APIKey: testKey})
	server := httptest.NewServer(engine)
	defer server.Close()
	env := []string{"WORKOS_API_KEY=" + testKey, "WORKOS_CLIENT_ID=client_1", "WORKOS_BASE_URL=" + server.URL}
	s := newSeat(t, env...)
	x := s.start("--log", "log")
	x.sees("TEST", "No factors on your list yet")
	app := x.enrollTOTP()
	x.press(enter).sees("from your authenticator app", "test phone · authenticator", "o show")
	x.press("o").sees("next")
	x.press(app.code(0)).sees("✓ Verified")
	x.press(enter).sees("1 factor")
	x.press("n").sees("Generic OTP")
	x.press(down + enter).sees("Phone number")
	x.press("+15005550006" + enter).sees("Preview")
	x.press(enter).sees("sent to +1 500-555-0006", "test phone · new message", "TEST", strings.TrimPrefix(server.URL, "http://"))
	sent, err := engine.Messages(context.Background())
	if err != nil || len(sent) != 1 {
		t.Fatalf("the messages are %v, %v", sent, err)
	}
	code := sent[0].Code
	x.sees(code)
	x.press(code).sees("✓ Verified")
	x.press("q").ends()
	checkNoSecret(t, filepath.Join(s.home, "log"), testKey, app.secret, code, "5550006")
	if strings.Contains(x.output(), testKey) {
		t.Error("the key was on the screen")
	}

	s.env = append(s.env, "WORKOS_API_KEY=sk_test_wrong")
	x = s.start()
	x.sees("2 factors")
	x.press("r").sees("401", "check", "WORKOS_API_KEY")
	x.press("q").ends()
}

// Without colours the code alone is painted, and scans.
func TestFlowWithoutColours(t *testing.T) {
	t.Parallel()
	x := newSeat(t, "NO_COLOR=1").start()
	x.sees("No factors on your list yet")
	app := x.enrollTOTP()
	x.press(enter).sees("from your authenticator app")
	x.press(app.code(0)).sees("✓ Verified")
	const painted = "\x1b[38;5;16;48;5;231m"
	around := strings.ReplaceAll(x.output(), painted, "")
	if around == x.output() {
		t.Error("the code is not painted")
	}
	if regexp.MustCompile(`\x1b\[([0-9;]*;)?(3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]`).MatchString(around) {
		t.Error("there are colours")
	}
	x.press(ctrlC).ends()
}

func TestResize(t *testing.T) {
	t.Parallel()
	x := newSeat(t).start()
	x.sees("No factors on your list yet")
	x.enrollTOTP()
	for _, size := range []struct {
		cols, rows int
		sees       string
	}{{40, 12, "The QR code needs"}, {30, 10, "mfa-tui needs 40x12"}, {120, 40, "Scan this"}, {80, 24, "Scan this"}} {
		x.mu.Lock()
		x.screen.Resize(size.cols, size.rows)
		x.mu.Unlock()
		if err := pty.Setsize(x.pty, &pty.Winsize{Cols: uint16(size.cols), Rows: uint16(size.rows)}); err != nil {
			t.Fatal(err)
		}
		x.sees(size.sees)
	}
	if status := x.press(ctrlC).ends(); status != 0 {
		t.Errorf("exit status %d", status)
	}
}

// Whoever ends the program, the terminal is as it was: start checks it.
func TestSIGTERM(t *testing.T) {
	t.Parallel()
	x := newSeat(t).start()
	x.sees("No factors on your list yet")
	if err := x.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	x.ends()
}

// A factor file that can't be opened is reported on the screen, and again at the end.
func TestBrokenStore(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	writeFile(t, filepath.Join(s.home, "factors.json"), "{")
	x := s.start("--store", "factors.json")
	x.sees("factors.json", "it is cut off")
	if status := x.press("q").ends(); status != exitFailed {
		t.Errorf("exit status %d", status)
	}
}

func TestNotATerminal(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	var out, errOut strings.Builder
	cmd := exec.Command(path)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	err = cmd.Run()
	if cmd.ProcessState.ExitCode() != exitUsage || out.Len() > 0 || strings.Count(errOut.String(), "\n") != 1 {
		t.Errorf("%v, %q, %q", err, out.String(), errOut.String())
	}
}
