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
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := newSeat(t)
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close(); slave.Close() })
	cmd := exec.Command(path, "serve", "--port", "0", "--state", "state.json")
	cmd.Dir, cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = s.home, s.env, slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := pty.Setsize(master, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	url := urlIn(t, master)
	const suspendOutput = 0 // TCOOFF, which Linux has without a name here
	if err := unix.IoctlSetInt(int(slave.Fd()), unix.TCXONC, suspendOutput); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/user_management/users", strings.NewReader(`{"email":"ada@example.com"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+defaultAPIKey)
	resp, err := http.DefaultClient.Do(req) // which the console would draw
	if err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatal(resp, err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it goes on")
	}
	if data, err := os.ReadFile(filepath.Join(s.home, "state.json")); err != nil || !strings.Contains(string(data), "ada@example.com") {
		t.Errorf("%s, %v", data, err)
	}
}

// urlIn reads a terminal until it shows a whole URL.
func urlIn(t *testing.T, terminal *os.File) string {
	t.Helper()
	shown := regexp.MustCompile(`Set your app's base URL to \S*(http://127\.0\.0\.1:\d+)\D`)
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
