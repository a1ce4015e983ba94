//go:build unix

package main

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"mfa-tui/workos"
)

// clientOf is a client of the server whose console the terminal shows.
func (x *terminal) clientOf() *workos.Client {
	x.t.Helper()
	c, err := workos.NewClient(workos.ClientOpts{APIKey: defaultAPIKey, BaseURL: x.finds(`(http://127\.0\.0\.1:\d+)`)})
	if err != nil {
		x.t.Fatal(err)
	}
	return c
}

// In a terminal serve shows what clients do as they do it, and the codes that they wait
// for. At the end the terminal is as it was, the state is saved, and the person's own
// factor file was never touched.
func TestServeConsole(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	x := s.start("serve", "--port", "0", "--state", "state.json")
	x.sees("No calls yet", "SERVE", "state.json", "q stop the server")
	c := x.clientOf()
	for _, path := range []string{"/health", "/_emulate/sms"} { // which are no calls of an app
		if resp, err := http.Get(x.finds(`(http://127\.0\.0\.1:\d+)`) + path); err != nil || resp.StatusCode != http.StatusOK {
			t.Errorf("%v, %v", resp, err)
		}
	}
	f, err := c.EnrollFactor(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"})
	if err != nil {
		t.Fatal(err)
	}
	x.sees("/auth/factors/enroll", "SMS factor", "201")
	challenge, err := c.ChallengeFactor(t.Context(), workos.ChallengeFactorOpts{FactorID: f.ID})
	if err != nil {
		t.Fatal(err)
	}
	x.sees("[1 API calls] 2 ", "SMS to …0006", "1 new", "new message")
	code := strings.ReplaceAll(x.press("2").finds(`▌ (\d{3} \d{3})`), " ", "")
	x.press("y").sees("Code sent to the terminal")
	if v, err := c.VerifyChallenge(t.Context(), workos.VerifyChallengeOpts{ChallengeID: challenge.ID, Code: code}); err != nil || !v.Valid {
		t.Errorf("the code on the screen is not valid: %+v, %v", v, err)
	}
	x.sees("✓ used")
	x.press("3").sees("+15005550006", "✓ verified")
	x.press("1").sees("✓ valid")
	x.press(enter).sees("[Request]", code)
	x.press(esc).sees("4 users")
	if status := x.press("q").ends(); status != exitDone {
		t.Errorf("exit status %d", status)
	}
	x.until("the last lines", func(string) bool {
		return strings.HasSuffix(strings.TrimSpace(x.output()), "mfa-tui: the server has stopped; its state is in state.json")
	})
	if strings.Contains(x.output(), "to stop\r") {
		t.Error("it says how to stop a server that has stopped")
	}
	if data, err := os.ReadFile(filepath.Join(s.home, "state.json")); err != nil || !strings.Contains(string(data), f.ID) {
		t.Errorf("%s, %v", data, err)
	}
	if _, err := os.Stat(filepath.Join(s.home, "data")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the person's own folder was used: %v", err)
	}
	if _, screens, _ := strings.Cut(x.output(), "\x1b[?1049h"); strings.Contains(screens, defaultAPIKey) {
		t.Error("the key is on the screen")
	}
}

// Nothing moves on an idle console, and nothing is written; at 60 calls a second it is
// drawn ten times a second at most, each time at once.
func TestServeConsoleWritesLittle(t *testing.T) {
	t.Parallel()
	x := newSeat(t).start("serve", "--port", "0")
	x.sees("No calls yet", "q stop")
	c := x.clientOf()
	quiet(t, time.Second, map[string]*terminal{"console": x})
	frames := func() int { return strings.Count(x.output(), "\x1b[?2026h") }
	before, began := frames(), time.Now()
	for range 40 {
		if _, err := c.ListUsers(t.Context(), workos.ListUsersOpts{}); err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Second / 60) // as an app calls
	}
	x.sees("[1 API calls] 40")
	took := time.Since(began)
	if drawn, most := frames()-before, int(took/redrawEvery)+2+int(took/time.Second); drawn > most {
		t.Errorf("%d frames in %s, want %d at most", drawn, took, most)
	}
	x.until("the frames to be closed", func(string) bool { // the last of one may come after its text
		return strings.Count(x.output(), "\x1b[?2026h") == strings.Count(x.output(), "\x1b[?2026l")
	})
	x.press("q").ends()
}

// What serve would print later is on the screen as a notice, and printed at the end.
func TestServeConsoleNotes(t *testing.T) {
	t.Parallel()
	x := newSeat(t).start("serve", "--port", "0", "--webhook", "http://127.0.0.1:1/")
	x.sees("No calls yet", "Webhook secret")
	if _, err := x.clientOf().CreateUser(t.Context(), workos.CreateUserOpts{Email: "ada@example.com"}); err != nil {
		t.Fatal(err)
	}
	x.sees("! The endpoint did not take a webhook")
	x.press("q").sees("Stop the server?", "in memory only")
	x.press("y").ends()
	_, last, _ := strings.Cut(x.output(), "\x1b[?1049l")
	if !strings.Contains(last, "mfa-tui: the endpoint did not take a webhook") || !strings.Contains(last, "has stopped; its state was in memory") {
		t.Errorf("the end is %q", last)
	}
}

// What a person arms in the lab meets the next call of any client, which says so: in the
// list, and where it is opened.
func TestServeConsoleLab(t *testing.T) {
	t.Parallel()
	x := newSeat(t).start("serve", "--port", "0")
	x.sees("No calls yet", "q stop")
	c := x.clientOf()
	x.press("L").sees("any call: too many requests")
	x.press(enter).sees("Armed: any call: too many requests")
	x.press(esc).sees("429 once")
	if _, err := c.ListUsers(t.Context(), workos.ListUsersOpts{}); !workos.IsRateLimited(err) {
		t.Errorf("%v", err)
	}
	x.until("the call", func(screen string) bool {
		return strings.Contains(screen, "hook: 429 ") && !strings.Contains(screen, "429 once")
	})
	if users, err := c.ListUsers(t.Context(), workos.ListUsersOpts{}); err != nil || len(users.Data) > 0 {
		t.Errorf("%+v, %v", users, err)
	}
	x.sees("[1 API calls] 2 ", "200")
	x.press("q").ends()
}

// A signal ends the console in good order, as it ends a server without one.
func TestServeConsoleSignal(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		s := newSeat(t)
		x := s.start("serve", "--port", "0", "--state", "state.json")
		x.sees("No calls yet", "q stop")
		if _, err := x.clientOf().CreateUser(t.Context(), workos.CreateUserOpts{Email: "ada@example.com"}); err != nil {
			t.Fatal(err)
		}
		if err := x.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if status := x.ends(); status != exitDone {
			t.Errorf("exit status %d after %s", status, signal)
		}
		if data, err := os.ReadFile(filepath.Join(s.home, "state.json")); err != nil || !strings.Contains(string(data), "ada@example.com") {
			t.Errorf("%s, %v", data, err)
		}
	}
}

// The console is for a person at a terminal who wants it.
func TestServeHeadless(t *testing.T) {
	t.Parallel()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		env, command []string
	}{
		"the flag":      {nil, []string{path, "serve", "--port", "0", "--headless"}},
		"JSON":          {nil, []string{path, "serve", "--port", "0", "--json"}},
		"accessible":    {[]string{"ACCESSIBLE=1"}, []string{path, "serve", "--port", "0"}},
		"a dumb one":    {[]string{"TERM=dumb"}, []string{path, "serve", "--port", "0"}},
		"no input":      {nil, []string{"sh", "-c", `exec "$0" serve --port 0 </dev/null`, path}},
		"no output":     {nil, []string{"sh", "-c", `"$0" serve --port 0 | cat`, path}},
		"in background": {nil, []string{"sh", "-c", `set -m; "$0" serve --port 0 & trap "kill $!; wait" INT; wait`, path}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			program, err := lookUp(test.command[0])
			if err != nil {
				t.Skip(err)
			}
			x := newSeat(t, test.env...).startProgram(program, test.command[1:]...)
			url := x.finds(`(http://127\.0\.0\.1:\d+)`)
			if resp, err := http.Get(url + "/health"); err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("%v, %v", resp, err)
			}
			quiet(t, time.Second/4, map[string]*terminal{name: x})
			if background := strings.Contains(x.output(), "To stop it: kill "); background != (name == "in background") {
				t.Errorf("it says how to stop it: %q", x.output())
			}
			x.press(ctrlC).ends()
			if strings.Contains(x.output(), "\x1b[?1049h") {
				t.Errorf("it opened the console: %q", x.output())
			}
		})
	}
}

// lookUp is the path of a program that may not be here.
func lookUp(name string) (string, error) {
	if filepath.IsAbs(name) {
		return name, nil
	}
	return filepath.EvalSymlinks("/bin/" + name)
}
