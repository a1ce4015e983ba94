package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// serving is the program as it serves.
type serving struct {
	t      *testing.T
	URL    string `json:"url"`
	Port   int    `json:"port"`
	APIKey string `json:"apiKey"`
	Health string `json:"health"`
	Secret string `json:"webhookSecret"`
	CA     string `json:"ca"`

	stop   context.CancelFunc
	status chan int
	errOut *lockedBuffer
}

// lockedBuffer is written by the program while the test reads.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// serve runs the command with --port 0 --json until the test ends it.
func serve(t *testing.T, args ...string) *serving {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	s := &serving{t: t, stop: stop, status: make(chan int, 1), errOut: &lockedBuffer{}}
	out, in := io.Pipe()
	args = append([]string{"serve", "--port", "0", "--json"}, args...)
	go func() {
		s.status <- run(ctx, args, []string{"HOME=/nowhere"}, strings.NewReader(""), in, s.errOut)
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v, %s", err, s.errOut)
	}
	if err := json.Unmarshal([]byte(line), s); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	return s
}

// ends waits for the end, which has to be a good one.
func (s *serving) ends() {
	s.t.Helper()
	select {
	case status := <-s.status:
		if status != exitDone {
			s.t.Errorf("exit status %d: %s", status, s.errOut)
		}
	case <-time.After(10 * time.Second):
		s.t.Fatal("it does not end")
	}
}

func (s *serving) client() *workos.Client {
	s.t.Helper()
	c, err := workos.NewClient(workos.ClientOpts{APIKey: s.APIKey, BaseURL: s.URL})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *serving) get(url string) string {
	s.t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(resp.StatusCode, " ", string(body))
}

func TestServe(t *testing.T) {
	s := serve(t)
	want := fmt.Sprintf("http://127.0.0.1:%d", s.Port)
	if s.Port == 0 || s.URL != want || s.Health != want+"/health" || s.APIKey != "sk_test_default" {
		t.Errorf("%+v", s)
	}
	if got := s.get(s.Health); got != `200 {"status":"ok"}` {
		t.Errorf("health: %s", got)
	}
	if got := s.get(s.URL + "/auth/factors/x"); got != `401 {"message":"Unauthorized"}` {
		t.Errorf("without a key: %s", got)
	}
	ctx := context.Background()
	f, err := s.client().EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.client().ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: f.ID})
	if err != nil {
		t.Fatal(err)
	}
	v, err := s.client().VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: c.Code})
	if err != nil || !v.Valid {
		t.Errorf("%+v, %v", v, err)
	}
	s.stop()
	s.ends()
	if text := s.errOut.String(); text != "" {
		t.Errorf("it said %q", text)
	}
}

// ctrl+c and SIGTERM are how it is meant to end.
func TestServeEndsOnASignal(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process can't send itself a signal there")
	}
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		s := serve(t)
		me, err := os.FindProcess(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if err := me.Signal(sig); err != nil {
			t.Fatal(err)
		}
		s.ends()
	}
}

// What is in flight is answered before it ends.
func TestServeFinishesWhatIsInFlight(t *testing.T) {
	s := serve(t)
	hook := `{"method":"GET","path":"*","status":503,"delay_ms":200,"count":1}`
	resp, err := http.Post(s.URL+"/_emulate/hooks", "application/json", strings.NewReader(hook))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	r, err := http.NewRequest(http.MethodGet, s.URL+"/auth/factors/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.APIKey)
	sent := make(chan struct{})
	answered := make(chan int, 1)
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		return &tellingConn{Conn: conn, sent: sent}, err
	}}
	go func() {
		resp, err := transport.RoundTrip(r)
		if err != nil {
			answered <- 0
			return
		}
		resp.Body.Close()
		answered <- resp.StatusCode
	}()
	<-sent
	// Its hook is used up when the server has it in hand.
	for deadline := time.Now().Add(5 * time.Second); s.get(s.URL+"/_emulate/hooks") != "200 []\n"; {
		if time.Now().After(deadline) {
			t.Fatal("the request does not arrive")
		}
	}
	s.stop()
	if status := <-answered; status != 503 {
		t.Errorf("answered with %d", status)
	}
	s.ends()
	if text := s.errOut.String(); !strings.Contains(text, "waiting up to 10s for 1 request to be answered") {
		t.Errorf("it said %q", text)
	}
}

// Requests that wait for a message don't keep it from ending, and are no requests that are
// being answered.
func TestServeEndsWaits(t *testing.T) {
	s := serve(t)
	answered := make(chan string, 20)
	for range cap(answered) {
		conn := dialHere(t, strings.TrimPrefix(s.URL, "http://"), "GET /_emulate/sms?wait=1m HTTP/1.1\r\nHost: localhost\r\n\r\n")
		go func() {
			line, err := bufio.NewReader(conn).ReadString('\n')
			answered <- fmt.Sprint(strings.TrimSpace(line), err)
		}()
	}
	s.get(s.Health) // by now some of them wait
	s.stop()
	s.ends()
	for range cap(answered) {
		if got := <-answered; got != "HTTP/1.1 503 Service Unavailable<nil>" && got != "EOF" && !strings.Contains(got, "reset") { // it came too late
			t.Errorf("answered with %s", got)
		}
	}
	if text := s.errOut.String(); text != "" {
		t.Errorf("it said %q", text)
	}
}

// tellingConn tells when a request was sent.
type tellingConn struct {
	net.Conn
	sent chan struct{}
	once sync.Once
}

func (c *tellingConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.once.Do(func() { close(c.sent) })
	return n, err
}

func TestServeTakenPort(t *testing.T) {
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	for by, url := range map[string]string{"another program": other.URL, "another mfa-tui serve": serve(t).URL} {
		_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		status, out, errOut := outcome(t, nil, "serve", "--port", port)
		if status != exitFailed || out != "" || !strings.Contains(errOut, "port "+port+" of 127.0.0.1 is in use by "+by+";") || strings.Count(errOut, "\n") != 1 {
			t.Errorf("status %d, %q, %q", status, out, errOut)
		}
	}
}

func TestServeRefused(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "seed.yaml")
	const mistake = "users:\n  - id: u\n    emial: x\n"
	writeFile(t, bad, mistake)
	marked, wide, odd := filepath.Join(dir, "marked.yaml"), filepath.Join(dir, "wide.yaml"), filepath.Join(dir, "odd.yaml")
	writeFile(t, marked, "\ufeff"+mistake)
	writeFile(t, wide, "\xff\xfe"+strings.Join(strings.Split(mistake, ""), "\x00")+"\x00") // as PowerShell 5.1 writes it
	writeFile(t, odd, "\xff\xfea")
	tagged := filepath.Join(dir, "tagged.yaml")
	writeFile(t, tagged, "factors:\n  ! 0\n")
	broken := filepath.Join(dir, "state.json")
	writeFile(t, broken, "{")
	for _, test := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"--host", ""}, exitUsage, "--host needs an address"},
		{[]string{"--host", "no such host"}, exitFailed, "listen on no such host"},
		{[]string{"--port", "65536"}, exitUsage, "want 0 to 65535"},
		{[]string{"--port", "http"}, exitUsage, `--port "http": want a number`},
		{[]string{"--api-key", ""}, exitUsage, "--api-key needs a key"},
		{[]string{"--client-id", ""}, exitUsage, "--client-id needs an ID"},
		{[]string{"--allowed-host", "http://x:4100"}, exitUsage, "--allowed-host"},
		{[]string{"--emulate-from", "10.0.0.0/8,lan"}, exitUsage, "--emulate-from lan: want networks such as 10.0.0.0/8"},
		{[]string{"--emulate-from", "10.0.0.0/33"}, exitUsage, "--emulate-from 10.0.0.0/33: want networks"},
		{[]string{"--emulate-from", ""}, exitUsage, "--emulate-from needs networks"},
		{[]string{"--emulate-from", "10.1.2.3/8"}, exitUsage, "that network is written 10.0.0.0/8, and its address alone 10.1.2.3"},
		{[]string{"--emulate-from", "::ffff:10.0.0.0/104"}, exitUsage, "write it as IPv4"},
		{[]string{"--emulate-from", "fe80::1%eth0"}, exitUsage, "--emulate-from fe80::1%eth0: want networks"},
		{[]string{"--check"}, exitUsage, "--check needs the --port of the server"},
		{[]string{"--rate-limit", "-1"}, exitUsage, "--rate-limit -1"},
		{[]string{"--mfa", "always"}, exitUsage, "--mfa always: want required or optional"},
		{[]string{"--fixed-code", "+15005550006"}, exitUsage, "--fixed-code +15005550006: want a phone number or an e-mail address and a code"},
		{[]string{"--fixed-code", "+15005550006=12345"}, exitUsage, "--fixed-code +15005550006=12345: the code of +15005550006 should be six digits"},
		{[]string{"--fixed-code", "5005550006=123456"}, exitUsage, `"5005550006" is neither a phone number`},
		{[]string{"--tls", "--tls-cert", bad}, exitUsage, "--tls makes a certificate"},
		{[]string{"--tls-cert", bad}, exitUsage, "--tls-cert and --tls-key go together"},
		{[]string{"--tls-cert", bad, "--tls-key", bad}, exitUsage, "--tls-cert and --tls-key: tls: failed to find any PEM data"},
		{[]string{"--tls-cert", filepath.Join(dir, "none"), "--tls-key", bad}, exitUsage, "none: no such file or directory"},
		{[]string{"--seed", filepath.Join(dir, "none")}, exitUsage, "none: no such file or directory\n"},
		{[]string{"--seed", dir}, exitUsage, "seed " + dir + ": is a folder\n"},
		{[]string{"--seed", bad}, exitUsage, bad + ":3:5: unknown field"},
		{[]string{"--seed", marked}, exitUsage, marked + ":3:5: unknown field"},
		{[]string{"--seed", wide}, exitUsage, wide + ":3:5: unknown field"},
		{[]string{"--seed", odd}, exitUsage, odd + ": it is damaged: it begins as UTF-16 text"},
		{[]string{"--seed", tagged}, exitUsage, tagged + ":2:3: want a list"},
		{[]string{"--state", dir}, exitFailed, "is a folder; name a file with --state"},
		{[]string{"--state", broken}, exitFailed, broken + " is not a state file of mfa-tui and is left as it is\n"},
		{[]string{"--local"}, exitUsage, "--local is not for serve"},
		{[]string{"--store", "x"}, exitUsage, "--store is not for serve"},
		{[]string{"--webhook-secret", "x"}, exitUsage, "--webhook-secret needs --webhook URL"},
		{[]string{"--insecure-http", "x"}, exitUsage, "--insecure-http is for --webhook here"},
		{[]string{"--webhook", "http://example.com/"}, exitUsage, "--webhook http://example.com/: use https; http works only for this machine"},
		{[]string{"--webhook", "http://example.com/", "--insecure-http", "example.org"}, exitUsage, "use https"},
		{[]string{"--webhook", "ftp://127.0.0.1/"}, exitUsage, "--webhook: want a URL like http"},
		{[]string{"--webhook", "https://u:pass@example.com/"}, exitUsage, "without a user name, a password or a query\n"},
		{[]string{"--log", filepath.Join(dir, "none", "log")}, exitUsage, "open the log"},
		{[]string{"now"}, exitUsage, `mfa-tui serve takes no argument, but got "now"`},
	} {
		status, out, errOut := outcome(t, nil, append([]string{"serve", "--port", "0"}, test.args...)...)
		if status != test.status || out != "" || !strings.Contains(errOut, test.want) || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v: status %d, %q, %q", test.args, status, out, errOut)
		}
	}
	if data, err := os.ReadFile(broken); err != nil || string(data) != "{" {
		t.Errorf("the broken state became %q, %v", data, err)
	}
}

// A fault in the parser of a seed is an error that names the file.
func TestSeedWhoseParserPanics(t *testing.T) {
	path := filepath.Join(t.TempDir(), "seed.yaml")
	writeFile(t, path, "factors: []")
	_, err := readSeed(path, func([]byte) (*local.Seed, error) { panic("unexpected node") })
	if err == nil || err.Error() != "seed "+path+": can't be read: mfa-tui has a fault (unexpected node)" {
		t.Error(err)
	}
}

func TestServeHelp(t *testing.T) {
	status, out, errOut := outcome(t, nil, "serve", "--help")
	for _, flag := range []string{"--host", "--port", "--emulate-from", "--check", "--api-key", "--state", "--seed", "--json", "--rate-limit", "--mfa", "--client-id", "--log", "--fixed-code", "--tls", "--tls-cert", "--tls-key", "--headless", "--theme", "--mouse"} {
		if status != exitDone || errOut != "" || !strings.Contains(out, flag+" ") {
			t.Errorf("the help lacks %s: %d %s%s", flag, status, out, errOut)
		}
	}
	for _, flag := range foreignFlags {
		if strings.Contains(out, "--"+flag+" ") {
			t.Errorf("the help has --%s, which is not for serve", flag)
		}
	}
}

// Who signs in is asked for what --mfa says, and by the client that --client-id says.
func TestServeSignIn(t *testing.T) {
	seed := filepath.Join(t.TempDir(), "seed.yaml")
	writeFile(t, seed, "users: [{id: user_1, email: a@b.co, password: secret}]")
	body := `{"client_id":"client_1","client_secret":"` + defaultAPIKey + `","grant_type":"password","email":"a@b.co","password":"secret"}`
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, `"access_token":`},
		{[]string{"--mfa", "required", "--client-id", "client_1"}, `"code":"mfa_enrollment"`},
		{[]string{"--client-id", "client_2"}, `"error":"invalid_client"`},
	} {
		s := serve(t, append(test.args, "--seed", seed)...)
		resp, err := http.Post(s.URL+"/user_management/authenticate", "application/json", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || !strings.Contains(string(answer), test.want) {
			t.Errorf("%v: %s, %v", test.args, answer, err)
		}
		s.stop()
		s.ends()
	}
}

// Beyond this machine only by --host, and with a warning.
func TestServeWarns(t *testing.T) {
	s := serve(t, "--host", "0.0.0.0")
	if !strings.Contains(s.errOut.String(), "warning: others on the network") {
		t.Errorf("it said %q", s.errOut)
	}
	if got := s.get(s.Health); got != `200 {"status":"ok"}` {
		t.Errorf("health: %s", got)
	}
	s.stop()
	s.ends()
	s = serve(t, "--host", "localhost")
	s.stop()
	s.ends()
	if s.errOut.String() != "" {
		t.Errorf("it said %q", s.errOut)
	}
}

// Others on the network may use the tools if their address is named, and --check asks the
// server from beside it.
func TestServeOthers(t *testing.T) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	own := "" // an address of this machine that is not loopback, so that it is another's
	for _, a := range all {
		if network, ok := a.(*net.IPNet); ok && network.IP.IsGlobalUnicast() && network.IP.To4() != nil {
			own = network.IP.String()
		}
	}
	if own == "" {
		t.Skip("this machine has no address but its own")
	}
	for _, test := range []struct {
		from []string
		want string
	}{
		{nil, "403 "},
		{[]string{"--emulate-from", "224.0.0.0/4,ff02::1"}, "403 "},
		{[]string{"--emulate-from", "224.0.0.0/4, " + own}, "200 [] "},
		{[]string{"--emulate-from", "any"}, "200 [] "},
		{[]string{"--emulate-from", "0.0.0.0/0"}, "200 [] "},
	} {
		s := serve(t, append(test.from, "--host", "0.0.0.0")...)
		if got := s.get(fmt.Sprintf("http://%s:%d/_emulate/sms", own, s.Port)); !strings.HasPrefix(strings.ReplaceAll(got, "\n", " "), test.want) {
			t.Errorf("%v: %s", test.from, got)
		}
		if warned, want := strings.Contains(s.errOut.String(), "everybody who reaches this server"), slices.Contains(test.from, "any") || slices.Contains(test.from, "0.0.0.0/0"); warned != want {
			t.Errorf("%v: it said %q", test.from, s.errOut)
		}
		s.stop()
		s.ends()
	}
}

// --check is 0 while the server answers, and says why it is not.
func TestServeCheck(t *testing.T) {
	for _, args := range [][]string{nil, {"--host", "0.0.0.0"}, {"--tls"}} {
		s := serve(t, args...)
		ask := append([]string{"serve", "--check", "--port", fmt.Sprint(s.Port)}, args...)
		if status, out, errOut := outcome(t, nil, ask...); status != exitDone || out+errOut != "" {
			t.Errorf("%v: %d, %q, %q", args, status, out, errOut)
		}
		s.stop()
		s.ends()
		if status, out, errOut := outcome(t, nil, ask...); status != exitFailed || out != "" || !strings.Contains(errOut, "/health: ") || strings.Count(errOut, "\n") != 1 {
			t.Errorf("%v, when it has ended: %d, %q, %q", args, status, out, errOut)
		}
	}
	for want, h := range map[string]http.HandlerFunc{"404 Not Found": http.NotFound, "another program answered": func(http.ResponseWriter, *http.Request) {}} {
		other := httptest.NewServer(h)
		defer other.Close()
		_, port, err := net.SplitHostPort(other.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if status, _, errOut := outcome(t, nil, "serve", "--check", "--port", port); status != exitFailed || !strings.Contains(errOut, want) {
			t.Errorf("another server: %d, %q", status, errOut)
		}
	}
}

// The client takes plain http to the name of a container, if it is named on both sides.
func TestServeInAContainer(t *testing.T) {
	s := serve(t, "--allowed-host", "workos")
	to := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, fmt.Sprint("127.0.0.1:", s.Port))
	}}
	base := "http://workos:4100"
	c, err := workos.NewClient(workos.ClientOpts{APIKey: s.APIKey, BaseURL: base, PlainHTTP: []string{"workos"}, Transport: to})
	if err != nil {
		t.Fatal(err)
	}
	if f, err := c.EnrollFactor(context.Background(), workos.EnrollFactorOpts{Type: workos.GenericOTP}); err != nil || f.ID == "" {
		t.Errorf("%+v, %v", f, err)
	}
	s.stop()
	s.ends()
}

// A name that leads here is answered only if it is named.
func TestServeAllowedHosts(t *testing.T) {
	s := serve(t, "--host", "localhost", "--allowed-host", "one.test", "--allowed-host", "two.test")
	for host, want := range map[string]int{"one.test": 200, "two.test:4100": 200, "localhost:4100": 200, "three.test": 403} {
		r, err := http.NewRequest(http.MethodGet, s.Health, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if resp.Body.Close(); resp.StatusCode != want {
			t.Errorf("%s: %s, want %d", host, resp.Status, want)
		}
	}
	s.stop()
	s.ends()
}

// What was answered is there after a restart, for its owner alone.
func TestServeState(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	ctx := context.Background()
	s := serve(t, "--state", path)
	f, err := s.client().EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"})
	if err != nil {
		t.Fatal(err)
	}
	s.stop()
	s.ends()
	if want := "mfa-tui: saving the state to " + path + "\n"; s.errOut.String() != want {
		t.Errorf("it said %q, want %q", s.errOut, want)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	s = serve(t, "--state", path)
	got, err := s.client().GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID})
	if err != nil || got.SMS == nil || got.SMS.PhoneNumber != "+15005550006" {
		t.Errorf("%+v, %v", got, err)
	}
	s.stop()
	s.ends()
}

// A seed says what it adds, and not what the state has.
func TestServeSaysWhatTheSeedAdds(t *testing.T) {
	dir := t.TempDir()
	seed, state := filepath.Join(dir, "seed.yaml"), filepath.Join(dir, "state.json")
	for _, test := range []struct{ seed, want string }{
		{"users: [{id: u, email: a@b.co}]\nfactors: [{id: f, type: generic_otp}]", "added 1 user and 1 factor\n"},
		{"users: [{id: u, email: a@b.co}, {id: v, email: c@d.co}]\nfactors: [{id: f, type: generic_otp}]", "added 1 of 2 users and 0 of 1 factor; the state had the rest\n"},
	} {
		writeFile(t, seed, test.seed)
		s := serve(t, "--seed", seed, "--state", state)
		if want := "mfa-tui: seed " + seed + ": " + test.want; s.errOut.String() != want {
			t.Errorf("it says %q, want %q", s.errOut, want)
		}
		s.stop()
		s.ends()
	}
}

// The start says what makes sign-ins fail.
func TestServeAnnouncesSignIn(t *testing.T) {
	for want, s := range map[string]server{
		"WorkOS MFA API  http://127.0.0.1:4100\nAPI key         k\nState           in memory\nPress ctrl+c to stop\n": {apiKey: "k", mfa: mfaOptional},
		"WorkOS MFA API  http://127.0.0.1:4100\nAPI key         k\nState           in memory\n" +
			"MFA             required at sign-in\nClient ID       client_1\nPress ctrl+c to stop\n": {apiKey: "k", mfa: mfaRequired, clientID: "client_1"},
	} {
		var out bytes.Buffer
		if err := s.announce(&program{out: &out}, started{url: "http://127.0.0.1:4100"}); err != nil || out.String() != want {
			t.Errorf("%q, %v, want %q", out.String(), err, want)
		}
	}
}

// A second server with the same file does not start. The first one goes on, and its
// state is kept.
func TestServeStateInUse(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	s := serve(t, "--state", path)
	status, out, errOut := outcome(t, nil, "serve", "--port", "0", "--state", path)
	want := fmt.Sprintf("%s is in use by another mfa-tui (process %d); end it, or name another file with --state\n", path, os.Getpid())
	if status != exitFailed || out != "" || !strings.HasSuffix(errOut, want) || strings.Count(errOut, "\n") != 1 {
		t.Errorf("status %d, %q, %q, want %q", status, out, errOut, want)
	}
	if _, err := s.client().CreateUser(t.Context(), workos.CreateUserOpts{Email: "ada@example.com"}); err != nil {
		t.Error(err)
	}
	s.stop()
	s.ends()
	if data, err := os.ReadFile(path); err != nil || !strings.Contains(string(data), "ada@example.com") {
		t.Errorf("%s, %v", data, err)
	}
}

func TestServeSeedLimitAndLog(t *testing.T) {
	dir := t.TempDir()
	seed, log := filepath.Join(dir, "seed.json"), filepath.Join(dir, "log")
	writeFile(t, seed, `{"factors": [{"id": "f", "type": "generic_otp"}]}`)
	s := serve(t, "--seed", seed, "--rate-limit", "1", "--api-key", "sk_live_mine", "--log", log)
	if s.APIKey != "sk_live_mine" {
		t.Errorf("the key is %s", s.APIKey)
	}
	if want := "mfa-tui: seed " + seed + ": added 0 users and 1 factor\n" +
		"mfa-tui: warning: --api-key looks like a live key of WorkOS, and this server prints it; make one up\n"; s.errOut.String() != want {
		t.Errorf("it says %q, want %q", s.errOut, want)
	}
	ctx := context.Background()
	if _, err := s.client().GetFactor(ctx, workos.GetFactorOpts{FactorID: "f"}); err != nil {
		t.Error(err)
	}
	short, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	if _, err := s.client().GetFactor(short, workos.GetFactorOpts{FactorID: "f"}); err == nil {
		t.Error("there is no limit")
	}
	s.stop()
	s.ends()
	text, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(text), "path=/auth/factors/f") || !strings.Contains(string(text), "status=429") || strings.Contains(string(text), "sk_live_mine") {
		t.Errorf("%s, %v", text, err)
	}
}

// The state is written at a tick if it was changed, and not otherwise; a file that
// somebody else has changed is left alone.
func TestServeFlushes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	file := store.NewFile(path)
	engine := local.New(local.Options{Storage: file, Deferred: true})
	if err := engine.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	enroll := func() {
		r, err := http.NewRequest(http.MethodPost, "http://x/auth/factors/enroll", strings.NewReader(`{"type":"generic_otp"}`))
		if err != nil {
			t.Fatal(err)
		}
		if resp, err := engine.RoundTrip(r); err != nil || resp.StatusCode != 201 {
			t.Fatalf("%v, %v", resp, err)
		}
	}
	content := func() string {
		data, err := file.Read()
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	var told lockedBuffer
	ticks := make(chan time.Time)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- flush(ctx, engine, ticks, &told) }()
	tick := func() { // the second is taken when the first is done
		ticks <- time.Time{}
		ticks <- time.Time{}
	}
	enroll()
	tick()
	if n := strings.Count(content(), `"id":"auth_factor_`); n != 1 {
		t.Errorf("%d factors are saved", n)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	tick()
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("written without a change: %v", err)
	}
	writeFile(t, path, "{}")
	enroll()
	tick()
	tick()
	const foreign = "was changed by another program"
	if content() != "{}" || strings.Count(told.String(), foreign) != 1 {
		t.Errorf("the file holds %s, and it said %s", content(), told.String())
	}
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), foreign) {
		t.Errorf("it ended with %v", err)
	}
}
