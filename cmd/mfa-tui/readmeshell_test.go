package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// defaultAddress is where the README says that the server is. Here it listens
// elsewhere, since the port may be taken.
const defaultAddress = "http://127.0.0.1:4100"

// endMark stands before the status of a command in a shell's output.
const endMark = "--- status "

// shell is a shell that a person types into, one line after another.
type shell struct {
	t   *testing.T
	in  io.Writer
	out chan string // lines
}

func newShell(t *testing.T, folder string) *shell {
	t.Helper()
	cmd := exec.Command(lookFor(t, "sh"))
	cmd.Dir, cmd.Env = folder, readerEnv(t, folder)
	end := inGroup(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &shell{t, in, make(chan string)}
	done := make(chan struct{})
	go func() {
		defer close(s.out)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			select {
			case s.out <- lines.Text():
			case <-done:
				return
			}
		}
	}()
	t.Cleanup(func() {
		close(done)
		_ = in.Close()
		end()
		_ = cmd.Wait()
	})
	return s
}

// run types a line and returns what it printed and its exit status.
func (s *shell) run(line string) (out string, status int) {
	s.t.Helper()
	// What a line sets must stay, so it is no subshell; it reads nothing, so that
	// it does not take the next line for its input.
	fmt.Fprintf(s.in, "{ %s\n} </dev/null\nprintf '\\n%s%%d\\n' $?\n", line, endMark)
	deadline := time.After(patience)
	for {
		select {
		case text, ok := <-s.out:
			if !ok {
				s.t.Fatalf("the shell ended at %s\n%s", line, out)
			}
			if _, err := fmt.Sscanf(text, endMark+"%d", &status); err == nil {
				return out, status
			}
			out += text + "\n"
		case <-deadline:
			s.t.Fatalf("it goes on: %s\n%s", line, out)
		}
	}
}

// readerEnv is the environment of someone who has the program on the path and
// nothing of their own yet. Beyond this machine there is no network.
func readerEnv(t *testing.T, folder string) []string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, ".curlrc"), []byte("fail-with-body\nnoproxy = 127.0.0.1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	own := filepath.Join(folder, filepath.Base(path)) // the README calls it ./mfa-tui too
	if err := os.Link(path, own); err != nil {
		t.Fatal(err)
	}
	var env []string
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "WORKOS_") && !strings.HasPrefix(kv, "MFA_TUI_") {
			env = append(env, kv)
		}
	}
	const nowhere = "http://127.0.0.1:9"
	return append(env, "HOME="+folder, "CURL_HOME="+folder, "XDG_DATA_HOME="+filepath.Join(folder, "data"),
		"PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"),
		"HTTP_PROXY="+nowhere, "HTTPS_PROXY="+nowhere, "http_proxy="+nowhere, "https_proxy="+nowhere)
}

// standIn sets the key and the address of a server with the README's seed.
func (r *readmeReader) standIn() {
	r.t.Helper()
	r.start("a stand-in for WorkOS", "serve", "--seed", "seed.yaml")
	if out, status := r.typed("export WORKOS_API_KEY=" + defaultAPIKey + " WORKOS_BASE_URL=" + r.server); status != exitDone {
		r.t.Fatal(out)
	}
}

// serve starts a server of the README.
func (r *readmeReader) serve(where, command string) {
	r.t.Helper()
	words := strings.Fields(command)
	if words[0] != "mfa-tui" {
		r.t.Fatalf("%s\nis marked %q and is not mfa-tui", where, markServer)
	}
	lookFor(r.t, "curl") // what follows calls it
	r.ran++
	r.start(where, words[1:]...)
}

// start starts a server on a free port.
func (r *readmeReader) start(where string, args ...string) {
	r.t.Helper()
	path, err := binary()
	if err != nil {
		r.t.Fatal(err)
	}
	cmd := exec.Command(path, append(args, "--port", "0", "--json")...)
	cmd.Dir, cmd.Stderr = r.folder, r.t.Output()
	out, err := cmd.StdoutPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	var ready struct{ URL string }
	if err := json.NewDecoder(out).Decode(&ready); err != nil {
		r.t.Fatalf("%s\ndid not start: %v", where, err)
	}
	r.server = ready.URL
}
