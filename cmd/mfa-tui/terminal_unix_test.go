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

// idles returns what is written to the terminals in a time in which nobody does anything.
func idles(d time.Duration, terminals map[string]*terminal) map[string]string {
	wrote := map[string]string{}
	before := map[string]int{}
	for _, x := range terminals {
		x.settles()
	}
	for name, x := range terminals {
		before[name] = len(x.output())
	}
	<-time.After(d) // nothing happens that could be waited for
	for name, x := range terminals {
		wrote[name] = x.output()[before[name]:]
	}
	return wrote
}

// quiet fails if anything is written to the terminals for a time.
func quiet(t *testing.T, d time.Duration, terminals map[string]*terminal) {
	t.Helper()
	for name, more := range idles(d, terminals) {
		if more != "" {
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
// over the network or into a recording. Where a clock runs, it writes the lines with the
// clock once a second.
func TestIdleScreensWriteNothing(t *testing.T) {
	t.Parallel()
	idle := 2 * time.Second
	if long() {
		idle = 10 * time.Second
	}
	s := newSeat(t)
	list, qr, code, typing := s.start(), s.start(), s.start(), s.start("--mouse")
	list.sees("No factors on your list yet", "q quit")
	qr.sees("No factors on your list yet")
	qr.enrollTOTP()
	code.press("r").sees("1 factor", "q quit") // any key takes over what the other window wrote
	code.press("c").sees("from your authenticator app", "? help")
	typing.press("n"+enter).sees("Issuer", "f1 help")
	typing.press("Bar").sees("Bar") // not the example in the empty field
	list.press("r").sees("1 factor", "c challenge")
	for name, more := range idles(idle, map[string]*terminal{"list": list, "qr": qr, "code": code, "typing": typing}) {
		frames, most := strings.Count(more, "\x1b[H"), int(idle/time.Second)+1
		switch {
		case name != "code" && more != "":
			t.Errorf("%s: wrote %q while idle", name, more)
		case frames > most || strings.Contains(more, "authenticator app"): // a line that does not change
			t.Errorf("%s: wrote %d frames: %q", name, frames, more)
		case name == "code" && !strings.Contains(more, "new code in"):
			t.Errorf("%s: the clock does not run: %q", name, more)
		}
	}
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
	for signal, want := range map[syscall.Signal]int{
		syscall.SIGTERM: 143, syscall.SIGINT: 130, syscall.SIGHUP: 129, syscall.SIGQUIT: 2, // of Go, which tells what was under way
	} {
		x := newSeat(t).start("--mouse")
		x.sees("No factors on your list yet")
		x.press("n" + enter).sees("Issuer")
		if err := x.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if status := x.ends(); status != want {
			t.Errorf("exit status %d after %s", status, signal)
		}
	}
}

// In accessible mode ctrl+c is a signal, and how a person quits.
func TestAccessibleAfterASignal(t *testing.T) {
	t.Parallel()
	for signal, want := range map[syscall.Signal]int{syscall.SIGTERM: 143, syscall.SIGHUP: 129, syscall.SIGINT: exitDone} {
		x := newSeat(t).start("--accessible")
		x.sees("q to quit")
		if err := x.cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		if status := x.ends(); status != want {
			t.Errorf("exit status %d after %s", status, signal)
		}
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
	x.sees("No factors on your list yet")
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
	if status := x.ends(); status != 128+int(syscall.SIGHUP) {
		t.Errorf("exit status %d", status)
	}
	if data, err := os.ReadFile(filepath.Join(s.home, "data", "mfa-tui", "factors.json")); err != nil || !strings.Contains(string(data), "+15005550006") {
		t.Errorf("%s, %v", data, err)
	}
}

// An enrollment that fails after the person quit is told, with its key if it is not
// known whether it worked, and the exit status is that of a failure.
func TestQuitBeforeAFailure(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status int
		body   string
		want   []string
	}{
		"refused": {http.StatusUnprocessableEntity, `{"message":"no such phone"}`, []string{"-0006 failed: no such phone (422)"}},
		"broken":  {http.StatusCreated, `{"id":`, []string{"the factor may have been enrolled", "--idempotency-key "}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			enrolling, goOn := make(chan bool, 4), make(chan bool)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodGet { // whether it has a test phone
					http.NotFound(w, r)
					return
				}
				enrolling <- true
				<-goOn
				w.WriteHeader(test.status)
				_, _ = w.Write([]byte(test.body))
			}))
			defer server.Close()
			x := newSeat(t, "WORKOS_API_KEY="+testKey, "WORKOS_BASE_URL="+server.URL).start()
			x.sees("No factors on your list yet")
			x.press("n").sees("Generic OTP")
			x.press(down + enter).sees("Phone number")
			x.press("+15005550006" + enter)
			<-enrolling
			x.press(ctrlC).sees("finishing what is under way")
			close(goOn)
			if status := x.ends(); status != exitFailed {
				t.Errorf("exit status %d", status)
			}
			for _, text := range test.want {
				x.until(text, func(string) bool { return strings.Contains(x.output(), text) })
			}
		})
	}
}

// The terminal is asked what it is after the first frame, and drawn for what it
// says. One that says nothing keeps the colours that are readable on all.
func TestTerminalIsAsked(t *testing.T) {
	t.Parallel()
	const anyAccent, lightAccent, darkAccent = "38;5;99m", "38;5;55m", "38;5;141m"
	const light, dark = "\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?6c", "\x1b]11;rgb:0000/0000/0000\x07\x1b[?6c"
	for name, test := range map[string]struct {
		answer string
		env    []string
		args   []string
		want   string // the accent in the end
		asked  bool
	}{
		"light":                              {light, nil, nil, lightAccent, true},
		"dark":                               {dark, nil, nil, darkAccent, true},
		"it says DA1":                        {"\x1b[?6c", nil, nil, anyAccent, true},
		"silent":                             {"", nil, nil, anyAccent, true},
		"the flag":                           {light, nil, []string{"--theme", "dark"}, darkAccent, true},
		"both flags":                         {light, nil, []string{"--theme", "dark", "--qr", "half"}, darkAccent, false},
		"the answer against the environment": {light, []string{"COLORFGBG=15;0"}, nil, lightAccent, true},
		"GNU screen":                         {light, []string{"TERM=screen-256color", "STY=1.pts"}, nil, anyAccent, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSeat(t, test.env...)
			s.answer = test.answer
			x := s.start(test.args...)
			x.sees("No factors on your list yet")
			x.press("n").sees("Generic OTP") // it is a key, whatever was answered
			x.until("the accent "+test.want, func(string) bool { return strings.Contains(x.output(), test.want) })
			x.press(ctrlC).ends()
			if questioned([]byte(x.output())) != test.asked {
				t.Errorf("asked: %t", !test.asked)
			}
		})
	}
}

// A locale that is not UTF-8 gets ASCII, and is told so.
func TestLatinTerminal(t *testing.T) {
	t.Parallel()
	s := newSeat(t, "LANG=en_US.ISO-8859-1")
	s.cols, s.rows = 120, 50
	x := s.start("--env-file", "nope.env")
	x.sees("There is no env file nope.env", "the locale en_US.ISO-8859-1 is not UTF-8", "export LC_ALL=C.UTF-8")
	x.press("n").sees("Generic OTP")
	x.press(enter).sees("Issuer")
	x.press("Foo Corp" + tab + "alan@example.com").sees("> alan@example.com")
	x.press(enter).sees("Scan this")
	if uri := x.scan(); !strings.Contains(uri, "alan@example.com") {
		t.Errorf("the code says %q", uri)
	}
	x.press(ctrlC).ends()
	for i, c := range []byte(x.output()) {
		if c >= 0x80 {
			t.Fatalf("%q is not ASCII", x.output()[max(0, i-20):i+4])
		}
	}
	small := newSeat(t, "LANG=C")
	x = small.start("doctor")
	x.ends()
	x.until("the last check", func(string) bool { return strings.Contains(x.output(), "QR code") })
	if out := x.output(); !strings.Contains(out, "! locale       the locale C is not UTF-8") || !strings.Contains(out, "+ size ") {
		t.Errorf("%s", out)
	}
}
