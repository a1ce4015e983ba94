package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// soundEnv is an environment without a mistake, at a server.
func soundEnv(t *testing.T, url string) []string {
	t.Helper()
	t.Chdir(t.TempDir())
	return []string{"WORKOS_API_KEY=" + testKey, "WORKOS_CLIENT_ID=client_1", "WORKOS_BASE_URL=" + url, "MFA_TUI_STORE=factors.json"}
}

// respondent is a server that gives each call this response.
func respondent(t *testing.T, answer http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server.URL
}

// diagnosis runs doctor and returns its checks, those of a name joined by a line
// break: "status: message → fix".
func diagnosis(t *testing.T, env []string, patience time.Duration) (checks map[string]string, err error) {
	t.Helper()
	var out bytes.Buffer
	p := &program{env: newEnviron(env, runtime.GOOS), system: runtime.GOOS, in: strings.NewReader(""), out: &out, errOut: io.Discard, json: true}
	err = p.doctor(context.Background(), patience)
	var found list[check]
	if err := json.Unmarshal(out.Bytes(), &found); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	if strings.Contains(out.String(), testKey) {
		t.Errorf("it prints the key: %s", out.String())
	}
	checks = map[string]string{}
	for _, c := range found.Data {
		text := string(c.Status) + ": " + c.Message
		if c.Fix != "" {
			text += " → " + c.Fix
		}
		checks[c.Name] = strings.TrimPrefix(checks[c.Name]+"\n"+text, "\n")
	}
	return checks, err
}

// expect fails unless each of these checks says what is wanted of it.
func expect(t *testing.T, checks, want map[string]string) {
	t.Helper()
	for name, text := range want {
		if !strings.Contains(checks[name], text) {
			t.Errorf("%s says\n%s\nwant\n%s", name, checks[name], text)
		}
	}
}

// What the response to the call says of the server and the key.
func TestDoctorsCall(t *testing.T) {
	const notChecked = "warning: not checked, because the server did not answer as it should → fix the server first, then run doctor again"
	for name, test := range map[string]struct {
		status int
		body   string
		want   map[string]string
		exit   int
	}{
		"accepted":   {404, `{"code":"entity_not_found","message":"no such factor"}`, map[string]string{"server": "ok: http://127.0.0.1", "key": "ok: accepted"}, exitDone},
		"refused":    {401, `{"message":"Unauthorized"}`, map[string]string{"server": "ok: ", "key": "failed: refused: "}, exitUnauthorized},
		"forbidden":  {403, `{"message":"no"}`, map[string]string{"server": "ok: ", "key": "failed: not allowed to do this: "}, exitFailed},
		"not WorkOS": {404, "<h1>nginx</h1>", map[string]string{"server": "the response is a web page, not JSON (404); request req_1 → check the base URL", "key": notChecked}, exitFailed},
		"no code":    {404, "{}", map[string]string{"server": "responds, but not as WorkOS does", "key": notChecked}, exitFailed},
		"elsewhere":  {302, "", map[string]string{"server": "a redirect to https://login.example.com (302), which was not followed", "key": notChecked}, exitFailed},
		"out of use": {501, "", map[string]string{"server": "returned an error (501 Not Implemented); request req_1 → try again in 1 hour", "key": notChecked}, exitFailed},
		"too many":   {429, `{"message":"slow down"}`, map[string]string{"server": "too many requests (429); request req_1 → try again in 1 hour", "key": notChecked}, exitDone},
	} {
		t.Run(name, func(t *testing.T) {
			var calls []string
			url := respondent(t, func(w http.ResponseWriter, r *http.Request) {
				calls = append(calls, r.Method)
				w.Header().Set("Retry-After", "3600") // not tried again
				w.Header().Set("X-Request-ID", "req_1")
				w.Header().Set("Location", "https://login.example.com/?secret")
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			})
			checks, err := diagnosis(t, soundEnv(t, url), doctorTimeout)
			expect(t, checks, test.want)
			if strings.Contains(checks["server"], "status.workos.com") {
				t.Errorf("this server is not WorkOS: %s", checks["server"])
			}
			if len(calls) != 1 || calls[0] != http.MethodGet {
				t.Errorf("it called %v", calls)
			}
			if got := exitStatus(err); got != test.exit {
				t.Errorf("exit status %d, want %d: %v", got, test.exit, err)
			}
		})
	}
}

// Doctor does not wait for a server that never responds.
func TestDoctorAtASilentServer(t *testing.T) {
	over := make(chan struct{})
	url := respondent(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-over:
		case <-r.Context().Done():
		}
	})
	defer close(over)
	checks, err := diagnosis(t, soundEnv(t, url), 50*time.Millisecond)
	expect(t, checks, map[string]string{
		"server":      "no response from 127.0.0.1:",
		"key":         "warning: not checked",
		"clock":       "warning: not compared, because the server sent no time → sync this computer's clock over the network",
		"factor file": "ok: ", // the rest is looked at all the same
	})
	if exitStatus(err) != exitFailed {
		t.Error(err)
	}
}

// Doctor says how far the clock is off. From a step of TOTP on, right codes are not
// valid.
func TestDoctorsClock(t *testing.T) {
	const fix = " → sync the clock over the network"
	for name, test := range map[string]struct {
		ahead time.Duration // the server's clock
		want  []string
		exit  int
	}{
		"same":         {0, []string{"ok: the same as the server's"}, exitDone},
		"a little off": {15 * time.Second, []string{"warning: ", "behind the server's", fix}, exitDone},
		"behind":       {10 * time.Minute, []string{"failed: ", "behind the server's", fix}, exitFailed},
		"ahead":        {-10 * time.Minute, []string{"failed: ", "ahead of the server's", fix}, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			url := respondent(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", time.Now().Add(test.ahead).UTC().Format(http.TimeFormat))
				w.WriteHeader(http.StatusNotFound)
				_, _ = io.WriteString(w, `{"code":"entity_not_found"}`)
			})
			checks, err := diagnosis(t, soundEnv(t, url), doctorTimeout)
			for _, text := range test.want {
				expect(t, checks, map[string]string{"clock": text})
			}
			if exitStatus(err) != test.exit {
				t.Errorf("exit status %d: %v", exitStatus(err), err)
			}
		})
	}
	t.Run("unknown", func(t *testing.T) {
		url := respondent(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = nil
			w.WriteHeader(http.StatusUnauthorized)
		})
		checks, _ := diagnosis(t, soundEnv(t, url), doctorTimeout)
		expect(t, checks, map[string]string{"clock": "warning: not compared, because the server sent no time"})
	})
}

// The mistakes that are easily made in the environment.
func TestDoctorsEnvironment(t *testing.T) {
	engine := httptest.NewServer(local.New(local.Options{APIKey: "any"}))
	defer engine.Close()
	for name, test := range map[string]struct {
		env     []string
		envFile string
		want    map[string]string
	}{
		"quoted key":    {[]string{"WORKOS_API_KEY='sk_test_1'"}, "", map[string]string{"environment": "warning: LIVE: WORKOS_API_KEY … from the environment"}},
		"no client id":  {[]string{"WORKOS_API_KEY=sk_test_1"}, "", map[string]string{"client id": "warning: WORKOS_CLIENT_ID is not set"}},
		"odd client id": {[]string{"WORKOS_API_KEY=sk_test_1", "WORKOS_CLIENT_ID=1"}, "", map[string]string{"client id": "warning: WORKOS_CLIENT_ID does not begin with client_"}},
		"from a file":   {nil, "WORKOS_API_KEY=sk_live_1", map[string]string{"environment": "ok: LIVE: WORKOS_API_KEY sk_live_… from .env; text messages go to real people"}},
		"both":          {[]string{"WORKOS_API_KEY=sk_test_1"}, "WORKOS_API_KEY=sk_test_2", map[string]string{"environment": "from the environment, which wins over another one in .env"}},
		"half of it":    {[]string{"WORKOS_CLIENT_ID=client_1"}, "", map[string]string{"environment": "warning: LOCAL: WORKOS_CLIENT_ID and WORKOS_BASE_URL set, but WORKOS_API_KEY is not"}},
		"unreadable":    {nil, "sk_live_1 \"\n=", map[string]string{"environment": "failed: env file .env, line 1: want NAME=value"}},
		"broken key":    {[]string{"WORKOS_API_KEY=sk_test_1\nX"}, "", map[string]string{"environment": "failed: WORKOS_API_KEY from the environment has a line break in it"}},
		"wrong theme":   {[]string{"MFA_TUI_THEME=pink"}, "", map[string]string{"environment": `failed: theme "pink"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if test.envFile != "" {
				writeFile(t, ".env", test.envFile)
			}
			checks, _ := diagnosis(t, append(test.env, "WORKOS_BASE_URL="+engine.URL, "MFA_TUI_STORE=factors.json"), doctorTimeout)
			expect(t, checks, test.want)
		})
	}
}

// Doctor says that the key can be read on its way.
func TestDoctorsPlainHTTP(t *testing.T) {
	for url, warns := range map[string]bool{"http://test.example.com": true, "https://test.example.com": false, "http://127.0.0.1:1": false} {
		p := &program{env: environ{"WORKOS_API_KEY": testKey, "MFA_TUI_STORE": "factors.json"}}
		p.flags = flags{baseURL: url, insecureHTTP: []string{"test.example.com"}}
		c, err := p.flags.config(p.env)
		if err != nil {
			t.Fatal(err)
		}
		r := &report{program: p, given: p.env}
		r.environment(c)
		const want = "! environment  the key is sent to test.example.com unencrypted, as --insecure-http allows"
		if strings.Contains(r.text(), want) != warns {
			t.Errorf("%s: %s", url, r.text())
		}
	}
}

// On Windows nobody sets TERM, and cmd.exe has neither export nor stty.
func TestDoctorOnWindows(t *testing.T) {
	for variable, want := range map[string]string{
		"":              "✓ terminal  a Windows console",
		"WT_SESSION=1":  "✓ terminal  Windows Terminal",
		"TERM=dumb":     "→ if yours can move the cursor, as nearly all can: remove the variable TERM",
		"TERM=xterm":    "✓ terminal  TERM=xterm",
		"LANG=C":        "✓ terminal  a Windows console",
		"Wt_Session=ab": "✓ terminal  Windows Terminal",
	} {
		r := &report{program: &program{system: windowsOS, env: newEnviron([]string{variable}, windowsOS), in: strings.NewReader(""), out: io.Discard}}
		file, err := os.Open(os.DevNull) // a terminal without a size
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		r.checkTerminal(file)
		text := r.text()
		if !strings.Contains(text, want) {
			t.Errorf("%s: no %q in\n%s", variable, want, text)
		}
		for _, other := range []string{"export", "stty", "COLORTERM", "locale"} {
			if strings.Contains(text, other) {
				t.Errorf("%s: it says %s:\n%s", variable, other, text)
			}
		}
	}
}

// What is wrong with files, and what to do about it.
func TestDoctorsFiles(t *testing.T) {
	const good = `{"version":1,"environments":{}}`
	for name, test := range map[string]struct {
		files map[string]string
		want  map[string]string
		exit  int
	}{
		"none":           {nil, map[string]string{"factor file": "ok: factors.json: does not exist yet"}, exitDone},
		"broken":         {map[string]string{"factors.json": "{"}, map[string]string{"factor file": "failed: factor file factors.json: "}, exitFailed},
		"broken, backup": {map[string]string{"factors.json": "{", "factors.json.bak": good}, map[string]string{"factor file": "→ open mfa-tui and press b: it restores the backup of 20"}, exitFailed},
		"newer":          {map[string]string{"factors.json": `{"version":99}`}, map[string]string{"factor file": "use a newer mfa-tui"}, exitFailed},
		"no backup":      {map[string]string{"factors.json": good}, map[string]string{"copy": "warning: the factor file has no backup yet → the next change creates one"}, exitDone},
		"broken backup":  {map[string]string{"factors.json": good, "factors.json.bak": "{"}, map[string]string{"copy": "factors.json.bak is broken → move it away"}, exitDone},
		"put aside":      {map[string]string{"factors.json": good, "factors.json.broken-1": ""}, map[string]string{"put aside": "warning: older files beside the factor file: factors.json.broken-1 → delete them when you no longer need them: they may hold"}, exitDone},
		"export":         {map[string]string{"factors.json": good, "factors.json.export-1": ""}, map[string]string{"exports": "ok: saved before the list was cleared: factors.json.export-1 → delete them"}, exitDone},
		"broken engine":  {map[string]string{"factors.local.json": "{"}, map[string]string{"server": "→ look at factors.local.json"}, exitFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for path, text := range test.files {
				writeFile(t, path, text)
			}
			checks, err := diagnosis(t, []string{"MFA_TUI_STORE=factors.json"}, doctorTimeout)
			expect(t, checks, test.want)
			if exitStatus(err) != test.exit {
				t.Errorf("exit status %d: %v", exitStatus(err), err)
			}
			for path, text := range test.files {
				if data, err := os.ReadFile(path); err != nil || string(data) != text {
					t.Errorf("%s was touched: %s %v", path, data, err)
				}
			}
		})
	}
}

// Others can read the key, or replace the factor file.
func TestDoctorsPermissions(t *testing.T) {
	if !hasModes {
		t.Skip("a mode says nothing here")
	}
	dir := t.TempDir()
	t.Chdir(dir)
	shared := filepath.Join(dir, "shared")
	writeFile(t, ".env", "WORKOS_API_KEY="+testKey)
	for path, mode := range map[string]os.FileMode{".env": 0o644, shared: 0o777} {
		if path == shared {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
	}
	engine := respondent(t, local.New(local.Options{APIKey: testKey}).ServeHTTP)
	checks, _ := diagnosis(t, []string{"WORKOS_BASE_URL=" + engine, "MFA_TUI_STORE=" + filepath.Join(shared, "factors.json")}, doctorTimeout)
	expect(t, checks, map[string]string{
		"env file":    "warning: other users can read the key in .env (mode 0644) → chmod 600 .env",
		"factor file": "warning: other users can replace it (folder " + shared + ", mode 0777) → chmod go-w " + shared,
	})
}
