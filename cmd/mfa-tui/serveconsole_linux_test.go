package main

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// A terminal that takes no output any more, as one that hangs, keeps no server from its
// end: the signal that ends it saves its state.
func TestServeConsoleOfAHungTerminal(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	status := s.hangs(`Set your app's base URL to \S*(http://127\.0\.0\.1:\d+)\D`, func(url string) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/user_management/users", strings.NewReader(`{"email":"ada@example.com"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+defaultAPIKey)
		resp, err := http.DefaultClient.Do(req) // which the console would draw
		if err != nil || resp.StatusCode != http.StatusCreated {
			t.Fatal(resp, err)
		}
	}, "serve", "--port", "0", "--state", "state.json")
	if data, err := os.ReadFile(filepath.Join(s.home, "state.json")); status != exitDone || err != nil || !strings.Contains(string(data), "ada@example.com") {
		t.Errorf("status %d, %s, %v", status, data, err)
	}
}

// Nor does it keep the screens.
func TestScreensOfAHungTerminal(t *testing.T) {
	t.Parallel()
	if status := newSeat(t).hangs("(No factors on your list yet)", func(string) {}); status != 128+int(syscall.SIGTERM) {
		t.Errorf("status %d", status)
	}
}

// hangs runs the program on a terminal that takes no output from when it has shown a text,
// ends it with a signal after a while, and returns its exit status.
func (s seat) hangs(text string, meanwhile func(found string), args ...string) int {
	t := s.t
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	if err := pty.Setsize(master, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = s.home, s.env, slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	found := shownOn(t, master, text)
	const suspendOutput = 0 // TCOOFF, which Linux has without a name here
	if err := unix.IoctlSetInt(int(slave.Fd()), unix.TCXONC, suspendOutput); err != nil {
		t.Fatal(err)
	}
	meanwhile(found)
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case <-ended:
	case <-time.After(patience):
		t.Fatal("it goes on")
	}
	return cmd.ProcessState.ExitCode()
}

// shownOn reads a terminal until it shows a text, and returns its first group.
func shownOn(t *testing.T, terminal *os.File, text string) string {
	t.Helper()
	shown := regexp.MustCompile(text)
	if err := terminal.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for buf := make([]byte, 1<<16); ; {
		n, err := terminal.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, buf[:n]...)
		if m := shown.FindSubmatch(all); m != nil {
			return string(m[1])
		}
	}
}
