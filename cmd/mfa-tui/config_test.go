package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"mfa-tui/store/factors"
	"mfa-tui/tui"
	"mfa-tui/workos"
)

const testKey = "sk_test_a2V5XzAxSkFC"

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Where a run works, from its flags, its environment and the file .env.
func TestConfig(t *testing.T) {
	for name, test := range map[string]struct {
		env    environ
		dotEnv string
		flags  flags
		want   config
	}{
		"nothing": {want: config{mode: factors.Local, environment: "local"}},
		"test key and client": {
			env:  environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1"},
			want: config{mode: factors.Test, environment: "client_1", apiKey: testKey, baseURL: workos.DefaultBaseURL},
		},
		"another key is live": {
			env:  environ{"WORKOS_API_KEY": "sk_live_1", "WORKOS_CLIENT_ID": "client_1"},
			want: config{mode: factors.Live, environment: "client_1", apiKey: "sk_live_1", baseURL: workos.DefaultBaseURL},
		},
		"no client": {
			env:  environ{"WORKOS_API_KEY": testKey},
			want: config{mode: factors.Test, environment: keyName(testKey), apiKey: testKey, baseURL: workos.DefaultBaseURL},
		},
		"spaces around": {
			env:  environ{"WORKOS_API_KEY": " " + testKey + "\n", "WORKOS_CLIENT_ID": " client_1 "},
			want: config{mode: factors.Test, environment: "client_1", apiKey: testKey, baseURL: workos.DefaultBaseURL},
		},
		"local in spite of a key": {
			env:   environ{"WORKOS_API_KEY": testKey, "WORKOS_BASE_URL": "http://127.0.0.1:1"},
			flags: flags{local: true},
			want:  config{mode: factors.Local, environment: "local"},
		},
		"another server": {
			env: environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1", "WORKOS_BASE_URL": "http://127.0.0.1:4100/"},
			want: config{mode: factors.Test, environment: "client_1@127.0.0.1:4100", apiKey: testKey,
				baseURL: "http://127.0.0.1:4100", host: "127.0.0.1:4100"},
		},
		"the flag wins": {
			env:   environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1", "WORKOS_BASE_URL": "http://127.0.0.1:4100"},
			flags: flags{baseURL: workos.DefaultBaseURL, store: "/other.json"},
			want:  config{mode: factors.Test, environment: "client_1", apiKey: testKey, baseURL: workos.DefaultBaseURL, storePath: "/other.json"},
		},
		"from .env": {
			dotEnv: "# mine\nexport WORKOS_API_KEY=" + testKey + "\nWORKOS_CLIENT_ID='client_2'\n",
			want:   config{mode: factors.Test, environment: "client_2", apiKey: testKey, baseURL: workos.DefaultBaseURL},
		},
		"the environment wins over .env": {
			env:    environ{"WORKOS_API_KEY": testKey, "MFA_TUI_STORE": "/mine.json"},
			dotEnv: "WORKOS_API_KEY=sk_other\nWORKOS_CLIENT_ID=client_2\nMFA_TUI_STORE=/theirs.json\n",
			want:   config{mode: factors.Test, environment: "client_2", apiKey: testKey, baseURL: workos.DefaultBaseURL, storePath: "/mine.json"},
		},
		"a server from .env with its key": {
			dotEnv: "WORKOS_API_KEY=" + testKey + "\nWORKOS_CLIENT_ID=client_1\nWORKOS_BASE_URL=https://example.com\n",
			want: config{mode: factors.Test, environment: "client_1@example.com", apiKey: testKey,
				baseURL: "https://example.com", host: "example.com"},
		},
		"a server from .env, which has the exported key too": {
			env:    environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1"},
			dotEnv: "WORKOS_API_KEY=" + testKey + "\nWORKOS_BASE_URL=https://example.com\n",
			want: config{mode: factors.Test, environment: "client_1@example.com", apiKey: testKey,
				baseURL: "https://example.com", host: "example.com"},
		},
		"a server from .env that the flag repeats": {
			env:    environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1"},
			dotEnv: "WORKOS_BASE_URL=https://example.com\n",
			flags:  flags{baseURL: "https://example.com"},
			want: config{mode: factors.Test, environment: "client_1@example.com", apiKey: testKey,
				baseURL: "https://example.com", host: "example.com"},
		},
		"a server from a file that the person named": {
			env:    environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1"},
			dotEnv: "WORKOS_BASE_URL=https://example.com\n",
			flags:  flags{envFile: defaultEnvFile},
			want: config{mode: factors.Test, environment: "client_1@example.com", apiKey: testKey,
				baseURL: "https://example.com", host: "example.com"},
		},
		"WorkOS's own server from .env": {
			env:    environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1"},
			dotEnv: "WORKOS_BASE_URL=https://api.workos.com/\n",
			want:   config{mode: factors.Test, environment: "client_1", apiKey: testKey, baseURL: workos.DefaultBaseURL},
		},
		"plain http to a host that is allowed": {
			env:   environ{"WORKOS_API_KEY": testKey, "WORKOS_CLIENT_ID": "client_1", "WORKOS_BASE_URL": "http://Test.example.com:4100"},
			flags: flags{insecureHTTP: []string{"other", "test.example.com"}},
			want: config{mode: factors.Test, environment: "client_1@test.example.com:4100", apiKey: testKey,
				baseURL: "http://Test.example.com:4100", host: "Test.example.com:4100", plainHTTP: []string{"other", "test.example.com"}},
		},
		"an empty variable counts": {
			env:    environ{"WORKOS_API_KEY": ""},
			dotEnv: "WORKOS_API_KEY=" + testKey,
			want:   config{mode: factors.Local, environment: "local"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			if test.dotEnv != "" {
				writeFile(t, ".env", test.dotEnv)
			}
			data := t.TempDir()
			env := environ{"XDG_DATA_HOME": data}
			for k, v := range test.env {
				env[k] = v
			}
			if test.want.storePath == "" {
				test.want.storePath = filepath.Join(data, "mfa-tui", "factors.json")
			}
			got, err := test.flags.config(env)
			if err != nil || !reflect.DeepEqual(got, test.want) {
				t.Errorf("%+v, %v\nwant %+v", got, err, test.want)
			}
		})
	}
}

func TestConfigRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, "broken.env", "A='1\n2'\nWORKOS API KEY! "+testKey+"\nB=3\n")
	writeFile(t, "nul.env", "A\x00=\x00")
	key := environ{"WORKOS_API_KEY": testKey}
	for name, test := range map[string]struct {
		env   environ
		flags flags
		want  string
	}{
		"plain http":               {key, flags{baseURL: "http://x"}, "use https, http would send the API key unencrypted"},
		"plain http, another host": {key, flags{baseURL: "http://x", insecureHTTP: []string{"y"}}, "allow with --insecure-http HOST"},
		"plain http, live key":     {environ{"WORKOS_API_KEY": "sk_live_1"}, flags{baseURL: "http://x", insecureHTTP: []string{"x"}}, "for a LIVE key"},
		"base URL without a key":   {environ{}, flags{baseURL: "http://x"}, "needs WORKOS_API_KEY"},
		"base URL with --local":    {key, flags{baseURL: "http://x", local: true}, "no --local"},
		"base URL without a host":  {key, flags{baseURL: "localhost"}, "want one like"},
		"broken env file":          {environ{}, flags{envFile: "broken.env"}, "env file broken.env, line 3: want NAME=value; fix it, or go on without it: --env-file="},
		"broken, but named":        {environ{}, flags{envFile: "broken.env", local: true}, "line 3"},
		"env file is a folder":     {environ{}, flags{envFile: "."}, "env file . is a folder; "},
		"env file in no encoding":  {environ{}, flags{envFile: "nul.env"}, "env file nul.env can't be read: it has NUL characters"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.flags.config(test.env)
			var usage usageError
			if !errors.As(err, &usage) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("%v, want %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), testKey) {
				t.Error("the error has the key")
			}
		})
	}
}

// A key from the environment does not go to a server that only the .env of the
// working folder names, however often it is tried.
func TestServerOfAnotherFolder(t *testing.T) {
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	for _, dotEnv := range []string{
		"WORKOS_BASE_URL=" + server.URL,
		"WORKOS_BASE_URL=" + server.URL + "\nWORKOS_API_KEY=sk_test_of_the_folder",
	} {
		t.Chdir(t.TempDir())
		writeFile(t, ".env", dotEnv)
		env := environ{"WORKOS_API_KEY": testKey}
		for range 2 {
			_, err := flags{}.config(env)
			var usage usageError
			if !errors.As(err, &usage) {
				t.Fatalf("no usage error: %v", err)
			}
			for _, text := range []string{".env in this folder", server.URL, "--base-url URL", "--env-file .env"} {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("no %q in: %v", text, err)
				}
			}
			if strings.Contains(err.Error(), "unset WORKOS_API_KEY") != strings.Contains(dotEnv, "WORKOS_API_KEY") {
				t.Errorf("%q: %v", dotEnv, err)
			}
		}
		for _, args := range [][]string{{"users", "find", "a@example.com"}, {"factors", "list"}, {"doctor"}, {"__complete", "users", "factors", "a"}} {
			status, out, errOut := outcome(t, []string{"WORKOS_API_KEY=" + testKey, "MFA_TUI_STORE=factors.json"}, args...)
			if strings.Contains(out+errOut, testKey) {
				t.Errorf("%v prints the key", args)
			}
			switch args[0] {
			case "doctor":
				if !strings.Contains(out, "✗ environment  .env in this folder names the server") || !strings.Contains(out, "→ if you trust that server, name it") ||
					strings.Count(out, "--base-url") != 1 {
					t.Errorf("doctor says %s", out)
				}
			case "__complete":
			default:
				if status != exitUsage || !strings.Contains(errOut, "--env-file .env") {
					t.Errorf("%v: status %d, %s", args, status, errOut)
				}
			}
		}
	}
	if n := calls.Load(); n > 0 {
		t.Errorf("the server was called %d times", n)
	}
}

// A base URL with a password is refused, and the password is in no output and no file.
func TestPasswordInBaseURL(t *testing.T) {
	const password = "hunter2"
	for _, url := range []string{
		"http://user:hunter2@127.0.0.1:1", "https://user:hunter2@example.com", "https://hunter2@example.com", "user:hunter2@example.com",
		"http://user:1/hunter2@127.0.0.1:1", "https://user:%zzhunter2@example.com", "https://user:hunter2%40example.com",
		"https://example.com?token=hunter2", "https://user:#hunter2@example.com", "https://user:hunter2@[::1",
	} {
		for _, where := range []string{"flag", "environment", ".env", "named file"} {
			t.Chdir(t.TempDir())
			env := []string{"WORKOS_API_KEY=" + testKey, "MFA_TUI_STORE=factors.json"}
			args := []string{"--log", "log"}
			switch where {
			case "flag":
				args = append(args, "--base-url", url)
			case "environment":
				env = append(env, "WORKOS_BASE_URL="+url)
			case ".env":
				writeFile(t, ".env", "WORKOS_BASE_URL='"+url+"'")
			case "named file":
				writeFile(t, "my.env", "WORKOS_BASE_URL='"+url+"'")
				args = append(args, "--env-file", "my.env")
			}
			for command, want := range map[string]int{"enroll sms --phone +15005550006": exitUsage, "users find a@example.com": exitUsage,
				"--accessible": exitUsage, "doctor": exitFailed, "doctor --json": exitFailed, "__complete users factors": exitDone} {
				given := append(strings.Fields(command), args...)
				if want == exitDone {
					given = append(given, "a") // what is completed
				}
				status, out, errOut := outcome(t, env, given...)
				if strings.Contains(out+errOut, password) {
					t.Errorf("%s in the %s: %s prints %s%s", url, where, command, out, errOut)
				}
				if status != want || want != exitDone && !strings.Contains(out+errOut, "user name, a password or a query") {
					t.Errorf("%s in the %s: %s: status %d, %s%s", url, where, command, status, out, errOut)
				}
			}
			for _, name := range []string{"log", "factors.json"} {
				if _, err := os.Stat(name); err == nil {
					t.Errorf("%s in the %s: there is a file %s", url, where, name)
				}
			}
		}
	}
}

// Windows takes variables in any case, and programs that set them do too.
func TestVariablesInAnyCase(t *testing.T) {
	given := []string{"Workos_Api_Key=" + testKey, "ConEmuANSI=ON", "=C:=C:\\"}
	if key := newEnviron(given, "linux")["WORKOS_API_KEY"]; key != "" {
		t.Errorf("elsewhere the key is %q", key)
	}
	e := newEnviron(given, windowsOS)
	if e["WORKOS_API_KEY"] != testKey || e.Getenv("ConEmuANSI") != "ON" {
		t.Errorf("%q", e)
	}
}

// Each system has a folder of its own, in the person's home.
func TestFolder(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	mac := filepath.Join(home, "Library", "Application Support")
	for _, test := range []struct {
		system  string
		env     environ
		want    string
		refused string
	}{
		{system: "linux", want: filepath.Join(home, ".local", "share")},
		{system: "darwin", want: mac},
		{system: "linux", env: environ{"LOCALAPPDATA": home}, want: filepath.Join(home, ".local", "share")},
		{system: windowsOS, env: environ{"LOCALAPPDATA": mac}, want: mac},
		{system: windowsOS, env: environ{"LOCALAPPDATA": mac, "XDG_DATA_HOME": home}, want: home},
		{system: windowsOS, env: environ{"LOCALAPPDATA": "here"}, refused: "LOCALAPPDATA is not set"},
		{system: windowsOS, refused: "LOCALAPPDATA is not set"},
	} {
		got, err := test.env.folder(test.system, "XDG_DATA_HOME", ".local/share")
		if got != test.want || test.refused == "" && err != nil || test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)) {
			t.Errorf("%s, %v: %q, %v; want %q %s", test.system, test.env, got, err, test.want, test.refused)
		}
	}
}

// A key that can't be sent is refused before any call, and by the place where it is,
// without its text.
func TestBrokenKey(t *testing.T) {
	for name, test := range map[string]struct {
		env, dotEnv string
		want        string // of the error; empty for none
	}{
		"line break":          {"sk_test_1\nrest", "", "the environment has a line break in it"},
		"line break of a PC":  {"sk_test_1\r\nrest", "", "the environment has a line break in it"},
		"in the file":         {"", `WORKOS_API_KEY="sk_test_1\nrest"`, ".env has a line break in it"},
		"the file's is worse": {"sk_test_1 rest", `WORKOS_API_KEY="sk_test_1\nrest"`, "the environment has a space in it"},
		"tab":                 {"sk_test_1\trest", "", "has a space in it"},
		"no-break space":      {"sk_test_1\u00a0rest", "", "has a space in it"},
		"invisible":           {"sk_test_1\u200brest", "", "has an invisible character in it (U+200B)"},
		"escape":              {"sk_test_1\x1brest", "", "has an invisible character in it (U+001B)"},
		"around it":           {" sk_test_1rest\r\n", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			var calls atomic.Int32
			url := respondent(t, func(w http.ResponseWriter, _ *http.Request) { calls.Add(1); w.WriteHeader(http.StatusForbidden) })
			env := []string{"WORKOS_BASE_URL=" + url, "MFA_TUI_STORE=factors.json"}
			if test.env != "" {
				env = append(env, "WORKOS_API_KEY="+test.env)
			}
			if test.dotEnv != "" {
				writeFile(t, ".env", test.dotEnv)
			}
			status, _, text := outcome(t, env, "enroll", "otp")
			if test.want == "" {
				if calls.Load() != 1 {
					t.Errorf("%d calls: %s", calls.Load(), text)
				}
				return
			}
			if status != exitUsage || calls.Load() > 0 || !strings.Contains(text, "WORKOS_API_KEY from ") || !strings.Contains(text, test.want) || strings.Contains(text, "rest") {
				t.Errorf("exit status %d after %d calls: %s", status, calls.Load(), text)
			}
		})
	}
}

// A missing .env is fine, and a folder of that name; another env file that is missing gets a notice.
func TestMissingEnvFile(t *testing.T) {
	t.Chdir(t.TempDir())
	testMissing(t)
	if err := os.Mkdir(".env", 0o700); err != nil { // a virtual environment of Python, say
		t.Fatal(err)
	}
	testMissing(t)
}

func testMissing(t *testing.T) {
	t.Helper()
	for file, want := range map[string]string{"": "", "mine.env": "no env file mine.env"} {
		c, err := flags{envFile: file}.config(environ{})
		if err != nil || c.mode != factors.Local || !strings.Contains(c.notice.text, want) || (want == "") != (c.notice.text == "") {
			t.Errorf("%s: %+v, %v", file, c, err)
		}
	}
}

// An env file is read as editors and shells on Windows write it.
func TestEnvFileOfWindows(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "WORKOS_API_KEY=" + testKey + "\r\nWORKOS_CLIENT_ID=client_1\r\n"
	for _, written := range []string{
		text, "\ufeff" + text,
		"\xff\xfe" + strings.Join(strings.Split(text, ""), "\x00") + "\x00",
		"\xfe\xff\x00" + strings.Join(strings.Split(text, ""), "\x00"),
	} {
		writeFile(t, ".env", written)
		if c, err := (flags{}).config(environ{"MFA_TUI_STORE": "f"}); err != nil || c.apiKey != testKey || c.environment != "client_1" {
			t.Errorf("%.20q: %+v, %v", written, c, err)
		}
	}
}

// The first wrong line of an env file is named by its number, and never quoted.
func TestWrongLine(t *testing.T) {
	t.Chdir(t.TempDir())
	for text, want := range map[string]string{
		testKey:                                "line 1",
		testKey + "\nA=1":                      "line 1",
		"# " + testKey + "\n\n" + testKey:      "line 3",
		"A='1\n2\n'\n" + testKey + "\nB='3\n'": "line 4",
		"A=1\nB='" + testKey + "\nC=2\n":       "line 2: the quote is not closed",
		"A='1\n2' " + testKey + "\n":           "lines 1 to 2",
		"A=1\nB='" + testKey + "\nC='2'\n":     "lines 2 to 3", // where the quote is missing nobody can tell
		"A=1\n" + testKey + "\nB='2\n":         "line 2",
	} {
		writeFile(t, ".env", text)
		_, err := flags{}.config(environ{})
		if err == nil || strings.Contains(err.Error(), testKey) || !strings.Contains(strings.ReplaceAll(err.Error(), ": want NAME=value", ""), "env file .env, "+want+"; fix it") {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// An env file that can't be read does not keep the person from working without it.
func TestWithoutEnvFile(t *testing.T) {
	t.Chdir(t.TempDir())
	const store = "MFA_TUI_STORE=factors.json"
	writeFile(t, ".env", "MFA_TUI_STORE=other.json\n"+testKey+"\n")
	for args, want := range map[string]string{
		"factors list":                         "mfa-tui: env file .env, line 2: want NAME=value; fix it, or go on without it: --env-file=\n",
		"factors list --env-file .env --local": "mfa-tui: env file .env, line 2: want NAME=value; fix it, or go on without it: --env-file=\n",
		"factors list --env-file=":             "",
		"factors list --local":                 "mfa-tui: env file .env, line 2: want NAME=value; nothing in it is used, not even MFA_TUI_STORE\n",
		"doctor --local":                       "",
	} {
		status, out, errOut := outcome(t, []string{store}, strings.Fields(args)...)
		refused := strings.Contains(want, "fix it")
		if !strings.HasPrefix(errOut, want) || strings.Contains(errOut, "env file") != (strings.Contains(want, "env file")) || (status == exitUsage) != refused || !refused && status != exitDone {
			t.Errorf("%s: status %d, %s", args, status, errOut)
		}
		if args == "doctor --local" && !strings.Contains(out, "→ fix it, or go on without it: --env-file=") {
			t.Errorf("%s: %s", args, out)
		}
	}
	writeFile(t, ".env", "WORKOS_API_KEY="+testKey)
	if c, err := (flags{noEnvFile: true}).config(environ{"MFA_TUI_STORE": "f"}); err != nil || c.apiKey != "" {
		t.Errorf("without the file: %+v, %v", c, err)
	}
}

// A .env can set the variables of mfa-tui, no others. One that names the factor file is
// told, unless the person named it: the folder may be somebody else's.
func TestWhatAnEnvFileSets(t *testing.T) {
	t.Chdir(t.TempDir())
	writeFile(t, ".env", "XDG_DATA_HOME=/elsewhere\nTERM=dumb\nNO_COLOR=1\nACCESSIBLE=1\nMFA_TUI_STORE=theirs.json\n")
	env := environ{"XDG_DATA_HOME": ""}
	c, err := flags{}.config(env)
	want := environ{"XDG_DATA_HOME": "", "NO_COLOR": "1", "ACCESSIBLE": "1", "MFA_TUI_STORE": "theirs.json"}
	if err != nil || c.storePath != "theirs.json" || !reflect.DeepEqual(env, want) {
		t.Errorf("%+v, %v, %v", c, err, env)
	}
	for name, test := range map[string]struct {
		flags flags
		env   environ
		told  bool
	}{
		"in this folder": {flags{}, environ{}, true},
		"named":          {flags{envFile: ".env"}, environ{}, false},
		"the flag":       {flags{store: "mine.json"}, environ{}, false},
		"the variable":   {flags{}, environ{"MFA_TUI_STORE": "mine.json"}, false},
		"not read":       {flags{noEnvFile: true}, environ{"HOME": "/home/alan"}, false},
	} {
		c, err := test.flags.config(test.env)
		if told := strings.Contains(c.notice.text, "names the factor file: theirs.json"); err != nil || told != test.told {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	// ACCESSIBLE, which decides before anything is drawn, too.
	status, out, _ := outcome(t, []string{}, "--local")
	if status != exitDone || !strings.Contains(out, "This is mfa-tui, on the local engine") {
		t.Errorf("status %d, %s", status, out)
	}
}

// The name of an environment reveals nothing of its key.
func TestKeyName(t *testing.T) {
	name := keyName(testKey)
	if len(name) != len("key-")+12 || name == keyName(testKey+"x") || name != keyName(testKey) {
		t.Errorf("the environment is called %q", name)
	}
	if strings.Contains(name, testKey[8:12]) {
		t.Errorf("%q holds a part of the key", name)
	}
}

func TestEnginePath(t *testing.T) {
	for store, want := range map[string]string{
		"/d/factors.json": "/d/factors.local.json",
		"/d/factors":      "/d/factors.local",
		"/d.x/factors":    "/d.x/factors.local",
	} {
		if got := enginePath(store); got != want {
			t.Errorf("the engine of %s is in %s, want %s", store, got, want)
		}
	}
}

// What the environment says of colours reaches what is drawn.
func TestRendererHasColours(t *testing.T) {
	style := func(l look) string {
		return l.renderer().NewStyle().Foreground(lipgloss.Color("203")).Render("x")
	}
	if got := style(look{profile: termenv.ANSI256}); got != "\x1b[38;5;203mx\x1b[0m" {
		t.Errorf("with colours: %q", got)
	}
	if got := style(look{profile: termenv.Ascii, dumb: true}); got != "x" {
		t.Errorf("without: %q", got)
	}
	if got := (look{profile: termenv.Ascii}).renderer().NewStyle().Reverse(true).Render("x"); got != "\x1b[7mx\x1b[0m" {
		t.Errorf("the cursor without colours: %q", got)
	}
}

func TestLook(t *testing.T) {
	xterm := func(colorfgbg string) environ { return environ{"TERM": "xterm-256color", "COLORFGBG": colorfgbg} }
	for name, test := range map[string]struct {
		env   environ
		theme string
		want  look
	}{
		"256 colours":           {xterm(""), "auto", look{profile: termenv.ANSI256}},
		"NO_COLOR":              {environ{"TERM": "xterm-256color", "NO_COLOR": "1"}, "auto", look{profile: termenv.Ascii, theme: tui.PlainTheme}},
		"NO_COLOR, light":       {environ{"TERM": "xterm-256color", "NO_COLOR": "1"}, "light", look{profile: termenv.Ascii, light: true, theme: tui.PlainTheme}},
		"dumb":                  {environ{"TERM": "dumb", "COLORTERM": "truecolor"}, "auto", look{profile: termenv.Ascii, theme: tui.PlainTheme, dumb: true}},
		"light":                 {xterm("0;15"), "auto", look{profile: termenv.ANSI256, light: true, theme: tui.LightTheme}},
		"light, 3 parts":        {xterm("0;default;15"), "auto", look{profile: termenv.ANSI256, light: true, theme: tui.LightTheme}},
		"dark":                  {xterm("15;0"), "auto", look{profile: termenv.ANSI256, light: false, theme: tui.DarkTheme}},
		"bright black":          {xterm("15;8"), "auto", look{profile: termenv.ANSI256, light: false, theme: tui.DarkTheme}},
		"nonsense":              {xterm("default"), "auto", look{profile: termenv.ANSI256}},
		"the flag wins":         {xterm("0;15"), "dark", look{profile: termenv.ANSI256, light: false, theme: tui.DarkTheme}},
		"no colours":            {xterm(""), "none", look{profile: termenv.Ascii, theme: tui.PlainTheme}},
		"no colours, but light": {xterm("0;15"), "none", look{profile: termenv.Ascii, light: true, theme: tui.PlainTheme}},
	} {
		t.Run(name, func(t *testing.T) {
			if runtime.GOOS == "windows" && test.want.profile != termenv.Ascii {
				t.Skip("there termenv goes by the version of Windows, not by TERM")
			}
			if got := lookOf(test.env, test.theme); got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestTheme(t *testing.T) {
	for _, test := range []struct {
		flag, env string
		want      string
		refused   bool
	}{
		{want: "auto"},
		{env: "dark", want: "dark"},
		{flag: "light", env: "dark", want: "light"},
		{flag: "pink", want: "pink", refused: true},
		{env: "pink", want: "pink", refused: true},
	} {
		p := &program{env: environ{"MFA_TUI_THEME": test.env}, flags: flags{theme: test.flag}}
		if got := p.theme(); got != test.want {
			t.Errorf("%+v: the theme is %s", test, got)
		}
		if _, err := p.flags.config(p.env); (err != nil) != test.refused {
			t.Errorf("%+v: %v", test, err)
		}
	}
}
