//go:build unix

package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"mfa-tui/workos/local"
)

// signalled is what is written to it, and can be waited for.
type signalled struct {
	mu   sync.Mutex
	text bytes.Buffer
	any  chan struct{} // closed by the first write
	once sync.Once
}

func (s *signalled) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.once.Do(func() { close(s.any) })
	return s.text.Write(p)
}

// ctrl+c while a factor is enrolled: its id is not lost.
func TestEnrollOutlivesASignal(t *testing.T) {
	t.Chdir(t.TempDir())
	messages := &signalled{any: make(chan struct{})}
	engine := local.New(local.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGINT); err != nil {
			t.Error(err)
		}
		<-messages.any
		engine.ServeHTTP(w, r)
	}))
	defer server.Close()
	env := []string{"WORKOS_API_KEY=" + testKey, "WORKOS_BASE_URL=" + server.URL, "MFA_TUI_STORE=factors.json"}
	var out bytes.Buffer
	status := run(context.Background(), []string{"enroll", "otp"}, env, strings.NewReader(""), &out, messages)
	if status != exitDone || !strings.HasPrefix(messages.text.String(), "mfa-tui: finishing what is under way") {
		t.Errorf("status %d, %s", status, messages.text.String())
	}
	status, list, _ := outcome(t, env, "factors", "list")
	if id := strings.TrimSpace(out.String()); status != exitDone || id == "" || !strings.HasPrefix(list, id) {
		t.Errorf("enrolled %s, kept %q", id, list)
	}
}

// ctrl+c is how following the messages ends: with the status of the signal.
func TestFollowEndsOnASignal(t *testing.T) {
	engine := local.New(local.Options{APIKey: testKey})
	follows := make(chan bool, 9)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("wait") {
			follows <- true
		}
		engine.ServeHTTP(w, r)
	}))
	defer server.Close()
	env := []string{"WORKOS_API_KEY=" + testKey, "WORKOS_BASE_URL=" + server.URL, "MFA_TUI_STORE=" + t.TempDir() + "/factors.json"}
	for signal, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		go func() {
			<-follows
			if err := syscall.Kill(syscall.Getpid(), signal); err != nil {
				t.Error(err)
			}
		}()
		if status, out, errOut := outcome(t, env, "phone", "sms", "--follow"); status != want || out != "" || errOut != "" {
			t.Errorf("%s: status %d, %q, %q", signal, status, out, errOut)
		}
	}
}

// On a terminal a person is asked, and only yes is yes.
func TestConfirm(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	env := append(s.env, "MFA_TUI_STORE="+filepath.Join(t.TempDir(), "factors.json"))
	s.env, s.cols = env, 120
	if status, _, errOut := outcome(t, env, "enroll", "otp", "--label", "mine"); status != exitDone {
		t.Fatal(errOut)
	}
	x := s.start("factors", "delete", "mine")
	x.sees("Delete mine (auth_factor_", "at the local engine permanently? [y/N]")
	if x.press("\r"); x.ends() != exitFailed {
		t.Error("no answer was taken for yes")
	}
	x.sees("cancelled; nothing was done")

	x = s.start("factors", "remove", "mine")
	x.sees("Remove mine (auth_factor_", "[y/N]")
	if x.press("yes\r"); x.ends() != exitDone {
		t.Error("yes was not taken for yes")
	}
	x.sees("removed mine")
	if _, out, _ := outcome(t, env, "factors", "list"); out != "" {
		t.Errorf("still there: %s", out)
	}
}

// A user's factor that this factor file does not have is deleted by its id, and
// the question says whose it is, and that the environment is LIVE.
func TestConfirmNamesTheUser(t *testing.T) {
	t.Parallel()
	const key = "sk_live_1"
	engine := local.New(local.Options{APIKey: key, Seed: &local.Seed{
		Users:   []local.SeedUser{{ID: "user_01ALAN", Email: "alan@example.com"}},
		Factors: []local.SeedFactor{{ID: "auth_factor_01PHONE", Type: "sms", UserID: "user_01ALAN", PhoneNumber: "+15005550006"}},
	}})
	server := httptest.NewServer(engine)
	defer server.Close()
	s := newSeat(t, "WORKOS_API_KEY="+key, "WORKOS_BASE_URL="+server.URL)
	s.cols = 160
	x := s.start("factors", "delete", "auth_factor_01PHONE")
	x.sees("This is a LIVE environment. Delete +15005550006 (auth_factor_01PHONE) of user_01ALAN at 127.0.0.1:", " (LIVE) permanently? [y/N]")
	if x.press("y\r"); x.ends() != exitDone {
		t.Error("yes was not taken for yes")
	}
	x.sees("deleted +15005550006 (auth_factor_01PHONE) of user_01ALAN")
	if _, out, _ := outcome(t, s.env, "users", "factors", "alan@example.com"); out != "" {
		t.Errorf("still there: %s", out)
	}
}

// A list on a terminal fits it, hides phone numbers and says what each factor is, and the
// short IDs name the factors. --wide hides nothing.
func TestListInATerminal(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	do := func(args ...string) string {
		t.Helper()
		status, out, errOut := outcome(t, s.env, args...)
		if status != exitDone {
			t.Fatal(errOut)
		}
		return strings.TrimSpace(out)
	}
	user := do("users", "add", "alan@example.com", "--first-name", "Alan")[:len("user_01KF0RK7901MVCGJBDQ04PN1E2")]
	sms := do("enroll", "sms", "--phone", "+15005550006", "--label", "mine", "--user-id", user)
	do("enroll", "totp", "--issuer", "Foo Corp Incorporated", "--user", "alan.mathison.turing@example.com", "--label", "app")
	// on is what a command prints on a terminal, which has a text.
	on := func(cols int, text string, args ...string) string {
		t.Helper()
		s.cols = cols
		x := s.start(args...)
		if status := x.ends(); status != exitDone {
			t.Errorf("%v: status %d", args, status)
		}
		x.until(text, func(string) bool { return strings.Contains(x.output(), text) })
		out := strings.ReplaceAll(x.output(), "\r\n", "\n")
		for line := range strings.Lines(out) {
			if !slices.Contains(args, "--wide") && ansi.StringWidth(line) > cols {
				t.Errorf("%v: %q is wider than %d", args, line, cols)
			}
		}
		return out
	}
	row := regexp.MustCompile(`(?m)^(01\w{6,}) +SMS +mine +(.*)$`)
	for _, command := range []string{"list", "refresh"} {
		for _, cols := range []int{40, 80, 120, 200} {
			name := "Foo C"
			if cols < 60 {
				name = "not challe" // the label is its name then
			}
			out := on(cols, "mine ", "factors", command)
			found := row.FindStringSubmatch(out)
			switch {
			case !strings.HasPrefix(out, "ID ") || found == nil || !regexp.MustCompile("TOTP  app +"+name).MatchString(out):
				t.Errorf("%s, %d columns:\n%s", command, cols, out)
			case strings.Contains(out, "5005550006"):
				t.Errorf("%s, %d columns: the number is not masked: %s", command, cols, found[2])
			case cols > 40 && !strings.Contains(found[2], "not challenged yet"), cols > 80 && !strings.Contains(found[2], "just now"):
				t.Errorf("%s, %d columns: %s", command, cols, found[2])
			default:
				if got := do("factors", "get", found[1], "--json"); !strings.Contains(got, sms) {
					t.Errorf("%s names %s", found[1], got)
				}
			}
		}
	}
	if out := on(80, user, "factors", "list", "--wide"); !strings.Contains(out, sms+"  SMS   mine   +15005550006") || !strings.Contains(out, "not challenged yet  20") {
		t.Errorf("--wide:\n%s", out)
	}
	on(80, "ID                               E-MAIL            NAME\r\n"+user+"  alan@example.com  Alan\r\n", "users", "find", "alan@example.com")
	on(80, "SMS   mine   +• •••-•••-0006  not challenged yet  just now\r\n", "users", "factors", "alan@example.com")
	on(80, "NAME   FACTORS  STATE\r\nlocal  2        open\r\n", "environments")
	do("challenge", "mine", "--message", "A message that is longer than the terminal is wide: {{code}}")
	code := do("phone", "code", "mine")
	on(80, "FACTOR  CODE    SENT      MESSAGE                                   TO\r\nmine    "+code+"  just now  A message that is longer than the termi…  +15005550006\r\n", "phone", "sms")
	on(80, "is wide: "+code+"  +15005550006\r\n", "phone", "sms", "--wide")
	s.env = append(s.env, "LC_ALL=C")
	on(80, "+* ***-***-0006", "factors", "list")
}

// A QR code in a terminal scans, in colours, and says so if the terminal is too small.
func TestQRInATerminal(t *testing.T) {
	t.Parallel()
	s := newSeat(t)
	if status, _, errOut := outcome(t, s.env, "enroll", "totp", "--issuer", "Foo", "--user", "alan", "--label", "app"); status != exitDone {
		t.Fatal(errOut)
	}
	x := s.start("qr", "app", "--png", "-")
	x.sees("--png - would write the picture into this terminal")
	if status := x.ends(); status != exitUsage {
		t.Errorf("status %d", status)
	}
	x = s.start("qr", "app")
	x.sees("can't scan? the secret is") // written last
	if status := x.ends(); status != exitDone {
		t.Errorf("status %d", status)
	}
	if uri := x.scanNow(); !strings.HasPrefix(uri, "otpauth://totp/Foo:alan?secret=") {
		t.Errorf("it scans as %q", uri)
	}
	s.rows = 22
	x = s.start("qr", "app")
	x.sees("can't scan? the secret is")
	x.ends()
	if lines := strings.Count(x.output(), "\n"); lines >= s.rows {
		t.Errorf("%d lines: the code scrolls off %d", lines, s.rows)
	}
	s.cols, s.rows = 40, 12
	x = s.start("qr", "app")
	x.finds(`(?s)needs a\s.*is (40x12)`)
	if secret := regexp.MustCompile(`(?m)^(mfa-tui: the secret is)?( ?[A-Z2-7]{4})+\r$`); len(secret.FindAllString(x.output(), -1)) != 2 {
		t.Errorf("the secret is not broken between its groups:\n%s", x.output())
	}
	if status := x.ends(); status != exitFailed {
		t.Errorf("status %d", status)
	}
}
