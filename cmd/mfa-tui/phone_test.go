package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/emulate"
	"mfa-tui/workos/local"
)

// The code of an SMS factor is that of its newest challenge, or there is none.
func TestSMSCode(t *testing.T) {
	a, err := newApp(config{mode: factors.Local, environment: "local", storePath: t.TempDir() + "/factors.json"})
	if err != nil {
		t.Fatal(err)
	}
	phone, err := a.phone(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	enroll := func(number string) store.Record {
		f, err := a.API.EnrollFactor(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: number})
		if err != nil {
			t.Fatal(err)
		}
		return store.Record{Factor: f}
	}
	challenge := func(r store.Record, template string) string {
		c, err := a.API.ChallengeFactor(t.Context(), workos.ChallengeFactorOpts{FactorID: r.ID, SMSTemplate: template})
		if err != nil {
			t.Fatal(err)
		}
		return c.ID
	}
	verified := func(r store.Record, challengeID string) {
		t.Helper()
		c, err := phoneCode(t.Context(), phone, r, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		v, err := a.API.VerifyChallenge(t.Context(), workos.VerifyChallengeOpts{ChallengeID: challengeID, Code: c.Code})
		if err != nil || !v.Valid {
			t.Errorf("the code %q is valid: %t, %v", c.Code, v.Valid, err)
		}
	}
	refused := func(r store.Record, want string) {
		t.Helper()
		if c, err := phoneCode(t.Context(), phone, r, "", 0); err == nil || !strings.Contains(err.Error(), want) || c.Code != "" {
			t.Errorf("the code is %q, %v; want %q", c.Code, err, want)
		}
	}
	one, two := enroll("+15005550006"), enroll("+15005550006")
	refused(one, "has received no code yet")
	first := challenge(one, "{{code}}")
	challenge(two, "Your order 123456")
	verified(one, first)
	refused(two, "has no code in it")
	second := challenge(two, "Ticket 123456: code{{code}}x")
	verified(two, second)

	challenge(one, "{{code}}")
	if _, err := a.engine.AddHook(local.Hook{Method: "POST", Path: "*", LostSMS: true, Count: 1}); err != nil {
		t.Fatal(err)
	}
	lost := challenge(one, "{{code}}")
	refused(one, "the message of challenge "+lost)
	verified(one, challenge(one, "{{code}}"))
}

// roundTrip is a transport.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// A server is asked once, without a key, whether it is an engine, and no more if it is
// not. WorkOS is not asked, no server with a LIVE key, and none that is somebody else's.
func TestWhoIsAskedForAPhone(t *testing.T) {
	engine := local.New(local.Options{APIKey: testKey})
	answer := func(status int, name, value string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(name, value)
			w.WriteHeader(status)
			io.WriteString(w, "{}")
		})
	}
	foreign := answer(200, "Content-Type", "application/json")
	for _, test := range []struct {
		key, url    string
		flags       flags
		server      http.Handler
		asked, ours bool
	}{
		{testKey, "http://127.0.0.1:4100", flags{}, engine, true, true},
		{testKey, "http://localhost:4100/", flags{}, engine, true, true},
		{testKey, "https://[::1]:4100", flags{}, engine, true, true},
		{testKey, "http://engine.test:4100", flags{insecureHTTP: []string{"engine.test"}}, answer(200, "Mfa-Tui-Engine", "1"), true, true},
		{testKey, "https://engine.test:4100", flags{insecureHTTP: []string{"engine.test:4100"}}, answer(200, "Mfa-Tui-Engine", "1"), true, true},
		{testKey, "http://127.0.0.1:4100", flags{}, answer(403, "Mfa-Tui-Engine", "1"), true, false},
		{testKey, "http://127.0.0.1:4100", flags{}, foreign, true, false},
		{testKey, "http://127.0.0.1:4100", flags{}, answer(401, "Content-Type", "application/json"), true, false},
		{testKey, "http://127.0.0.1:4100", flags{}, answer(302, "Location", "http://127.0.0.1:4100/elsewhere"), true, false},
		{testKey, "https://api.example.com", flags{}, foreign, false, false},
		{testKey, "https://api.example.com", flags{insecureHTTP: []string{"example.com"}}, foreign, false, false},
		{testKey, "", flags{}, foreign, false, false},
		{"sk_live_1", "http://127.0.0.1:4100", flags{}, engine, false, false},
		{"sk_live_1", "https://engine.test", flags{insecureHTTP: []string{"engine.test"}}, engine, false, false},
	} {
		test.flags.store, test.flags.noEnvFile = t.TempDir()+"/factors.json", true
		env := environ{"WORKOS_API_KEY": test.key}
		if test.url != "" {
			env["WORKOS_BASE_URL"] = test.url
		}
		c, err := test.flags.config(env)
		if err != nil {
			t.Fatal(err)
		}
		var seen []*http.Request
		find := phoneOf(c, roundTrip(func(r *http.Request) (*http.Response, error) {
			seen = append(seen, r)
			w := httptest.NewRecorder()
			test.server.ServeHTTP(w, r)
			return w.Result(), nil
		}))
		found := false
		for range 2 {
			if find != nil {
				_, err := find(t.Context())
				found = err == nil
			}
		}
		if found != test.ours || len(seen) > 1 || (len(seen) == 1) != test.asked {
			t.Errorf("%s %s: %d requests, found %t", test.key, test.url, len(seen), found)
		}
		for _, r := range seen {
			if r.Method != http.MethodGet || r.URL.Path != "/_emulate/clock" || r.Body != nil || len(r.Header) > 0 {
				t.Errorf("%s was asked %s %s with %v", test.url, r.Method, r.URL, r.Header)
			}
		}
	}
}

// An engine that does not let this client use its tools says what to do.
func TestPhoneOfAnEngineThatRefuses(t *testing.T) {
	engine := local.New(local.Options{APIKey: testKey})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.RemoteAddr = "192.0.2.1:1"
		engine.ServeHTTP(w, r)
	}))
	defer server.Close()
	env := []string{"WORKOS_API_KEY=" + testKey, "WORKOS_BASE_URL=" + server.URL, "MFA_TUI_STORE=" + t.TempDir() + "/factors.json"}
	if status, _, errOut := outcome(t, env, "phone", "sms"); status != exitUsage || !strings.Contains(errOut, "start the server with --emulate-from 192.0.2.1") {
		t.Errorf("%d, %s", status, errOut)
	}
}

// A proxy is not asked on the way: it is somebody else's server.
func TestPhoneTakesNoProxy(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 9)
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r.Method + " " + r.URL.String() }))
	defer proxy.Close()
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "phone", "sms", "--insecure-http", "engine.invalid", "--store", t.TempDir()+"/factors.json", "--env-file=")
	cmd.Env = append(os.Environ(), "WORKOS_API_KEY="+testKey, "WORKOS_BASE_URL=http://engine.invalid:4100", "HTTP_PROXY="+proxy.URL, "http_proxy="+proxy.URL, "NO_PROXY=", "no_proxy=")
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != exitUsage || len(asked) > 0 {
		t.Errorf("%v, %s, the proxy saw %d requests", err, out, len(asked))
	}
}

// A line each, also of a message that has two.
func TestFollowPrintsLines(t *testing.T) {
	engine := local.New(local.Options{})
	phone := emulate.New("http://localhost", engine)
	api, err := workos.NewClient(workos.ClientOpts{APIKey: "k", Transport: engine})
	if err != nil {
		t.Fatal(err)
	}
	f, err := api.EnrollFactor(t.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	from, to := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- (&program{out: to}).followMessages(ctx, phone, "2000-01-01T00:00:00Z") }()
	if _, err := api.ChallengeFactor(t.Context(), workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: "one\ntwo {{code}}"}); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(from).ReadString('\n')
	if err != nil || !strings.Contains(line, "+15005550006  one two ") {
		t.Errorf("%q, %v", line, err)
	}
	stop()
	<-ended
}

// A script at a server waits for a code, and follows the messages.
func TestPhoneAtAServer(t *testing.T) {
	s := serve(t)
	file := t.TempDir() + "/factors.json"
	env := []string{"WORKOS_API_KEY=" + s.APIKey, "WORKOS_BASE_URL=" + s.URL, "MFA_TUI_STORE=" + file}
	call := func(args ...string) string {
		t.Helper()
		status, out, errOut := outcome(t, env, args...)
		if status != exitDone {
			t.Fatalf("%v: status %d, %s", args, status, errOut)
		}
		return strings.TrimSpace(out)
	}
	call("enroll", "sms", "--phone", "+15005550006", "--label", "phone")
	call("enroll", "totp", "--issuer", "Foo", "--user", "a", "--label", "app")
	if code := call("phone", "code", "app", "--wait", "1s"); len(code) != 6 {
		t.Errorf("the app shows %q", code)
	}
	first := call("challenge", "phone")
	used := call("phone", "code", "phone", "--wait", "20s")
	call("verify", first, used)
	if status, out, errOut := outcome(t, env, "phone", "code", "phone", "--wait", "1ms"); status != exitFailed || out != "" || !strings.Contains(errOut, "no code came to phone") {
		t.Errorf("after its use: status %d, %q, %q", status, out, errOut)
	}

	type result struct {
		status int
		out    string
	}
	waited := make(chan result, 1)
	go func() {
		var out bytes.Buffer
		status := run(t.Context(), []string{"phone", "code", "phone", "--wait", "20s", "--since", "message_1"}, env, strings.NewReader(""), &out, io.Discard)
		waited <- result{status, strings.TrimSpace(out.String())}
	}()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	from, to := io.Pipe()
	followed := make(chan int, 1)
	go func() {
		followed <- run(ctx, []string{"phone", "sms", "--follow", "--json", "--since", "message_1"}, env, strings.NewReader(""), to, io.Discard)
	}()
	second := call("challenge", "phone")
	got := <-waited
	if got.status != exitDone || got.out == "" {
		t.Errorf("waited: %+v", got)
	}
	lines := bufio.NewScanner(from)
	for _, want := range []string{second, call("challenge", "phone")} {
		var m emulate.Message
		if !lines.Scan() || json.Unmarshal(lines.Bytes(), &m) != nil || m.ChallengeID != want {
			t.Errorf("followed %q, want one of %s", lines.Text(), want)
		}
	}
	call("verify", second, got.out)
	if all := call("phone", "sms", "--since", "message_2"); strings.Count(all, "+15005550006") != 1 {
		t.Errorf("since the second: %q", all)
	}
	stop()
	if status := <-followed; status != exitFailed { // no signal ended it
		t.Errorf("exit status %d", status)
	}
	s.stop()
	s.ends()
}
