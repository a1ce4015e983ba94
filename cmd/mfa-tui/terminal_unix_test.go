//go:build unix

package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// quiet fails if anything is written to the terminals for a time.
func quiet(t *testing.T, d time.Duration, terminals map[string]*terminal) {
	t.Helper()
	before := map[string]int{}
	for name, x := range terminals {
		x.settles()
		before[name] = len(x.output())
	}
	<-time.After(d) // nothing happens that could be waited for
	for name, x := range terminals {
		if more := x.output()[before[name]:]; more != "" {
			t.Errorf("%s: wrote %q while idle", name, more)
		}
	}
}

// settles waits until the screen that was asked for is drawn to its end.
func (x *terminal) settles() {
	for {
		_, written := x.text()
		select {
		case <-written:
		case <-time.After(time.Second / 2):
			return
		}
	}
}

// A screen that nobody touches writes nothing: not to the terminal, and so not
// over the network or into a recording.
func TestIdleScreensWriteNothing(t *testing.T) {
	t.Parallel()
	idle := 2 * time.Second
	if long() {
		idle = 10 * time.Second
	}
	s := newSeat(t)
	list, qr, code, typing := s.start(), s.start(), s.start(), s.start("--mouse")
	list.sees("No current factors", "q quit")
	qr.sees("No current factors")
	qr.enrollTOTP()
	code.press("r").sees("1 factor", "q quit") // any key takes over what the other window wrote
	code.press("c").sees("from your authenticator app", "f1 help")
	typing.press("n"+enter).sees("Issuer", "f1 help")
	typing.press("Bar").sees("Bar") // not the example in the empty field
	list.press("r").sees("1 factor", "d delete")
	quiet(t, idle, map[string]*terminal{"list": list, "qr": qr, "code": code, "typing": typing})
	for _, x := range []*terminal{list, qr, code, typing} {
		x.press(ctrlC).ends()
	}
}

// Wherever the program panics, the terminal is left as it was: start checks that.
func TestTerminalAfterAPanic(t *testing.T) {
	t.Parallel()
	path, err := exec.LookPath("mfa-tui-panicking")
	if err != nil {
		t.Fatal(err)
	}
	for key, where := range map[string]string{"u": "in the update", "c": "in a command", "v": "in the view"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			s := newSeat(t, "GORACE=exitcode=1")
			x := s.startProgram(path)
			x.sees("press u, c or v")
			if status := x.press(key).ends(); status != exitFailed {
				t.Errorf("exit status %d", status)
			}
			x.until("the reason", func(string) bool { return strings.Contains(x.output(), where) })
		})
	}
}

func TestTerminalAfterASignal(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		x := newSeat(t).start("--mouse")
		x.sees("No current factors")
		x.press("n" + enter).sees("Issuer")
		if err := x.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		x.ends()
	}
}

// Closing the window while a factor is enrolled does not lose the factor.
func TestHangupLosesNoFactor(t *testing.T) {
	t.Parallel()
	engine := local.New(local.Options{APIKey: testKey})
	enrolling, goOn := make(chan bool), make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			close(enrolling)
			<-goOn
		}
		engine.ServeHTTP(w, r)
	}))
	defer server.Close()
	s := newSeat(t, "WORKOS_API_KEY="+testKey, "WORKOS_BASE_URL="+server.URL)
	x := s.start()
	x.sees("No current factors")
	x.press("n").sees("Generic OTP")
	x.press(down + enter).sees("Phone number")
	x.press("+15005550006" + enter)
	<-enrolling
	if err := x.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	x.sees("finishing what is under way")
	if err := x.cmd.Process.Signal(syscall.SIGHUP); err != nil { // a shell may send it again
		t.Fatal(err)
	}
	close(goOn)
	if status := x.ends(); status != exitDone {
		t.Errorf("exit status %d", status)
	}
	if data, err := os.ReadFile(filepath.Join(s.home, "data", "mfa-tui", "factors.json")); err != nil || !strings.Contains(string(data), "+15005550006") {
		t.Errorf("%s, %v", data, err)
	}
}
