package accessible

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

var updateFiles = flag.Bool("update", false, "rewrite the files in testdata")

var start = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// person talks with the program. Behind it are the real client, the real engine
// and a real factor file; the clock stands still until moved.
type person struct {
	t      testing.TB
	now    time.Time
	path   string
	engine *local.Engine
	opts   Options
	ctx    context.Context
	before func(*http.Request)                         // a call, nil for nothing
	fault  func(*http.Request) (*http.Response, error) // answers in place of the engine, if it is set
	keys   int                                         // Idempotency-Keys so far
}

func newPerson(t testing.TB) *person {
	t.Helper()
	p := &person{t: t, now: start, path: filepath.Join(t.TempDir(), "mfa-tui", "factors.json"), ctx: context.Background()}
	now := func() time.Time { return p.now }
	p.engine = local.New(local.Options{Now: now, Rand: rand.NewChaCha8([32]byte{1})})
	recorder := inspect.New(p, "", now)
	client, err := workos.NewClient(workos.ClientOpts{APIKey: "sk_test_1", Transport: recorder, RetryWait: time.Microsecond, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	settings := store.Options{Path: p.path, Environment: "local", Now: now}
	p.opts = Options{
		List: &factors.List{API: client, Mode: factors.Local, Now: now, CodeLimit: local.MaxWrongCodes,
			NewKey: func() string { p.keys++; return fmt.Sprintf("key-%d", p.keys) }},
		Phone:        p.engine,
		OpenStore:    func() (*store.Store, error) { return store.Open(settings) },
		RestoreStore: func(ctx context.Context) (string, error) { return store.RestoreBackup(ctx, settings) },
		Calls:        recorder.Calls,
	}
	p.opts.Store, p.opts.StoreErr = p.opts.OpenStore()
	return p
}

func (p *person) RoundTrip(r *http.Request) (*http.Response, error) {
	if p.before != nil {
		p.before(r)
	}
	if p.fault != nil {
		return p.fault(r)
	}
	return p.engine.RoundTrip(r)
}

// dialog gives the next answer when a question is asked.
type dialog struct {
	heard   bytes.Buffer
	asked   chan bool
	answers []any    // a string, or a func() string
	asks    []string // the questions so far
}

func (d *dialog) Write(text []byte) (int, error) {
	d.heard.Write(text)
	if !bytes.HasSuffix(text, []byte("\n")) {
		d.asks = append(d.asks, string(text))
		d.asked <- true
	}
	return len(text), nil
}

func (d *dialog) Read(line []byte) (int, error) {
	<-d.asked
	if len(d.answers) == 0 {
		return 0, io.EOF
	}
	answer, ok := d.answers[0].(string)
	if !ok {
		answer = d.answers[0].(func() string)()
	}
	d.answers = d.answers[1:]
	d.heard.WriteString(answer + "\n")
	return copy(line, answer+"\n"), nil
}

// notForTheEar is what only the eye needs.
const notForTheEar = "\x1b│─╭┌█▀▄•✓✗·…"

// says gives the answers one by one, to the end of the conversation, and returns all
// that was said.
func (p *person) says(answers ...any) string {
	p.t.Helper()
	heard, _ := p.talks(answers...)
	return heard
}

// talks is says, and returns the questions too.
func (p *person) talks(answers ...any) (heard string, asks []string) {
	p.t.Helper()
	d := &dialog{asked: make(chan bool, 1), answers: answers}
	if err := Run(p.ctx, p.opts, d, d); err != nil {
		p.t.Fatal(err)
	}
	heard = d.heard.String()
	if strings.ContainsAny(heard, notForTheEar) {
		p.t.Errorf("not for the ear:\n%s", heard)
	}
	if strings.Contains(heard, "..") || strings.Contains(heard, ": :") {
		p.t.Errorf("no sentences:\n%s", heard)
	}
	return heard, d.asks
}

// hears fails unless each text is in the conversation that follows from the answers.
func (p *person) hears(texts []string, answers ...any) {
	p.t.Helper()
	heard := p.says(answers...)
	for _, text := range texts {
		if !strings.Contains(heard, text) {
			p.t.Errorf("%q is not said:\n%s", text, heard)
		}
	}
}

// newest is the factor that was put on the list last.
func (p *person) newest() store.Record {
	p.t.Helper()
	records := p.opts.Store.Records()
	if len(records) == 0 {
		p.t.Fatal("no factors")
	}
	return records[0]
}

// appCode is the code that an authenticator app shows for the newest factor.
func (p *person) appCode() string {
	code, _, _, err := p.engine.AuthenticatorCode(context.Background(), p.newest().ID)
	if err != nil {
		p.t.Error(err)
	}
	return code
}

// smsCode is the code in the newest message to a number.
func (p *person) smsCode(number string) string {
	all, err := p.engine.Messages(context.Background())
	if err != nil {
		p.t.Error(err)
	}
	for _, m := range all {
		if m.To == number {
			return m.Code
		}
	}
	return ""
}

// user adds a user with so many factors that are not on the list, TOTP and SMS by
// turns.
func (p *person) user(email, firstName string, count int) {
	p.t.Helper()
	u, err := p.opts.API.CreateUser(p.ctx, workos.CreateUserOpts{Email: email, FirstName: firstName, LastName: "Turing"})
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range count {
		opts := workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: fmt.Sprintf("marc-%d", i+1), UserID: u.ID}
		if i%2 == 1 {
			opts = workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: fmt.Sprintf("+1500555%04d", i+1), UserID: u.ID}
		}
		if _, err := p.opts.API.EnrollFactor(p.ctx, opts); err != nil {
			p.t.Fatal(err)
		}
		p.now = p.now.Add(time.Second)
	}
}

// transcripts are whole conversations, with a file each.
var transcripts = []struct {
	name    string
	given   func(*person)
	answers []any
}{
	{"factors", func(*person) {}, []any{
		"nonsense", "n", "1", "Foo: Corp", "Foo Corp", "alan@example.com", "my phone", "", "b", "v", "u", "d", "no", "c", "o", "12345", "123456", "b",
		"e", "mine", "b",
		"n", "2", "+1 500", "+1 (500) 555-0006", "", "no code", "Foo says {{code}}", "o", "r", "000000", "b", "r", "b",
		"n", "3", "mine", "", "o", "b", "b", "s", "/", "mine", "1", "b", "/", "", "r", "1", "f", "d", "no", "d", "yes",
		"a", "auth_factor_", "auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ", "1", "x", "yes", "1", "?", "b", "q",
	}},
	{"users", func(p *person) { p.user("marc@example.com", "Marc", 12); p.user("anna@example.com", "Anna", 1) }, []any{
		"u", "marc@", "bob@example.com", "b", "", "1", "b", "b", "MAR", "1", "b", "b", "nobody", "marc@example.com", "m", "11",
		"d", "no", "d", "yes", "n", "1", "Foo Corp", "", "", "b", "b", "1", "e", "phone", "b", "2", "c", "", "b", "a", "e", "", "x", "yes", "r", "b", "bob@example.com", "n", "b", "b", "q",
	}},
	{"calls", func(*person) {}, []any{
		"i", "n", "2", "+15005550006", "", "", "123456", "i", "9", "1", "r", "s", "c", "g", "p", "b", "3", "s", "?", "b", "b", "q",
	}},
}

func TestTranscripts(t *testing.T) {
	for _, tt := range transcripts {
		t.Run(tt.name, func(t *testing.T) {
			p := newPerson(t)
			tt.given(p)
			compare(t, filepath.Join("testdata", tt.name+".txt"), p.says(tt.answers...))
		})
	}
}

// The input can end at any question: the conversation ends with it, and nothing is lost.
func TestEndsAnywhere(t *testing.T) {
	seen := map[string]bool{}
	for _, tt := range transcripts {
		p := newPerson(t)
		tt.given(p)
		_, asks := p.talks(tt.answers...)
		for n, question := range asks {
			if seen[question] {
				continue
			}
			seen[question] = true
			t.Run(fmt.Sprintf("%s-%d", tt.name, n), func(t *testing.T) {
				t.Parallel()
				p := newPerson(t)
				tt.given(p)
				heard, ended := p.talks(tt.answers[:n]...)
				heard = strings.TrimSuffix(heard, "Ended. Nothing was enrolled.\n")
				if len(ended) != n+1 || !strings.HasSuffix(heard, question+"\n") || len(p.opts.Store.Unsaved()) > 0 {
					t.Errorf("unsaved %v, heard\n%s", p.opts.Store.Unsaved(), heard)
				}
			})
		}
	}
	if len(seen) < 25 {
		t.Errorf("only %d questions were asked", len(seen))
	}
}

// An enrollment whose form is not filled in says that nothing was enrolled.
func TestFormEnds(t *testing.T) {
	for _, answers := range [][]any{{"n", "1"}, {"n", "1", "Foo"}, {"n", "1", "Foo", "a@b.co"}, {"n", "2"}, {"n", "3"}} {
		p := newPerson(t)
		if heard := p.says(answers...); !strings.HasSuffix(heard, "\nEnded. Nothing was enrolled.\n") || len(p.opts.Store.Records()) > 0 {
			t.Errorf("after %q:\n%s", answers, heard)
		}
	}
	for _, answers := range [][]any{{"n"}, {"n", "3", "", "b"}} {
		if heard := newPerson(t).says(answers...); strings.Contains(heard, "Nothing was enrolled") {
			t.Errorf("after %q:\n%s", answers, heard)
		}
	}
}

// An empty line is not a choice, and not a code.
func TestNothingTyped(t *testing.T) {
	p := newPerson(t)
	p.hears([]string{"Nothing typed.\nChoose, or ? to hear the choices: n", "Nothing typed.\nSix digits, or ? to hear the choices:"}, "", "n", "3", "", "")
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *updateFiles {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("heard\n%s\nwant\n%s", got, want)
	}
}

// Right codes, of an authenticator and of a message: an enrollment ends verified.
func TestVerifies(t *testing.T) {
	p := newPerson(t)
	p.hears([]string{"Verified: Foo, a@b.co, ID auth_factor_", ", challenge auth_challenge_"}, "n", "1", "Foo", "a@b.co", "", "", p.appCode)
	heard := p.says("1", "v")
	if strings.Contains(heard, "hear the secret") || !strings.Contains(heard, "Verified: 2026-01-15 12:00:00 UTC, just now.") ||
		!strings.Contains(heard, "The secret is gone") {
		t.Error(heard)
	}
	p.hears([]string{"Verified: phone ending in 0006, ID auth_factor_"}, "n", "2", "+15005550006", "", "",
		func() string { return p.smsCode("+15005550006") })
	if p.newest().VerifiedAt.IsZero() {
		t.Error("not verified")
	}
}

// Malformed and wrong codes, expired challenges, and the advice that follows.
func TestCodes(t *testing.T) {
	p := newPerson(t)
	p.hears([]string{
		"Enter the code from your authenticator app. The app shows a new code in 30 seconds.", "A code has 6 digits; this one has 2.", "A code has 6 digits.",
		"Wrong code (1 of 5). Try again, or r for a new one.",
		"Wrong code (2 of 5). Try again, or r for a new one.\nUsually the phone's clock is off: this computer and the local engine agree on 12:00:00 UTC.",
	}, "n", "1", "Foo", "a@b.co", "", "", "12", "12345x", "123456", "123456", "r")
	p.hears([]string{"Try again, or r for a new one.\nIf you used this code before, wait for the next one."}, "1", "c", p.appCode, "c", "123456")
	p.hears([]string{
		"The challenge expires in 10 minutes and 0 seconds.", "You can resend in 30 s.",
		"The challenge has expired. Challenge it again for a new code.",
	}, "n", "3", "", func() string { return "b" }, "b", "n", "2", "+15005550006", "", "", "r",
		func() string { p.now = p.now.Add(11 * time.Minute); return "123456" })
}

// The test phone says the message of this challenge: none if it was lost, even if an
// older one is there.
func TestLostMessage(t *testing.T) {
	p := newPerson(t)
	old := ""
	heard := p.says("n", "2", "+15005550006", "", "", func() string {
		old = p.smsCode("+15005550006")
		p.now = p.now.Add(time.Minute)
		if _, err := p.engine.AddHook(local.Hook{Method: "POST", Path: "*", LostSMS: true, Count: 1}); err != nil {
			t.Fatal(err)
		}
		return "r"
	}, "f", "o")
	if !strings.Contains(heard, "to hear the choices: f\nNo message yet.") || !strings.Contains(heard, "The test phone says:\nNo message yet.") || old == "" || strings.Contains(heard, old) {
		t.Errorf("heard\n%s", heard)
	}
}

// f fills in the code of the test phone, or the one to deliver. A verification says how
// long the answer took, on which try, and how many challenges were verified so far.
func TestFillIn(t *testing.T) {
	p := newPerson(t)
	later := func(answer string) func() string {
		return func() string { p.now = p.now.Add(9 * time.Second); return answer }
	}
	p.hears([]string{"Verified: Foo, a@b.co, ID auth_factor_", "Answered after 9 seconds, second try. Challenges: 1 of 2 verified."},
		"n", "1", "Foo", "a@b.co", "", "", "b", "c", "123456", later("f"))
	p.hears([]string{"Verified: phone ending in 0006", "Answered after 0 seconds, first try."}, "n", "2", "+15005550006", "", "", "f")
	p.hears([]string{"Verified: Generic OTP", "1 of 1 verified"}, "n", "3", "", "f")
}

// The last wrong code that a challenge takes closes it.
func TestLastTry(t *testing.T) {
	p := newPerson(t)
	wrong := slices.Repeat([]any{"123456"}, local.MaxWrongCodes)
	heard := p.says(slices.Concat([]any{"n", "1", "Foo", "a@b.co", "", ""}, wrong, []any{"b"})...)
	_, last, _ := strings.Cut(heard, "Wrong code (4 of 5). Try again")
	if !strings.Contains(last, "Too many wrong codes on this challenge. Challenge it again for a new code.") || strings.Contains(last, "Try again") {
		t.Error(heard)
	}
}

// What can't be in an answer is said to be dropped, with what remains.
func TestDroppedCharacters(t *testing.T) {
	p := newPerson(t)
	p.hears([]string{`Dropped 1 control character; check what remains: "Foo".`, "Generic OTP, Foo, not answered"}, "n", "3", "F\x07oo", "b")
}

// Both notices at the start are said.
func TestNotices(t *testing.T) {
	p := newPerson(t)
	p.says("n", "3", "", "b")
	p.opts.Notice = "there is no .env here"
	if err := os.Remove(p.path); err != nil {
		t.Fatal(err)
	}
	p.opts.Store, p.opts.StoreErr = p.opts.OpenStore()
	p.hears([]string{"is missing", "There is no .env here."}, "q")
}

// A resend sends the same message again, after the pause.
func TestResend(t *testing.T) {
	p := newPerson(t)
	sent := ""
	p.hears([]string{"The test phone says:\nFoo says "}, "n", "2", "+15005550006", "", "Foo says {{code}}", func() string {
		sent = p.smsCode("+15005550006")
		p.now = p.now.Add(time.Minute)
		return "r"
	}, func() string {
		if next := p.smsCode("+15005550006"); next == sent {
			t.Error("nothing was sent again")
		}
		return "o"
	})
}

// What can't be undone names the factor first, and needs the word yes.
func TestDeleteAsks(t *testing.T) {
	p := newPerson(t)
	p.says("n", "1", "Foo", "a@b.co", "", "b")
	id := p.newest().ID
	for _, key := range []string{"d", "x", "X"} {
		p.hears([]string{"It is TOTP, Foo, a@b.co, ID " + id + ".", "Nothing was done."}, "1", key, "y")
	}
	if len(p.opts.Store.Records()) != 1 {
		t.Error("it was done")
	}
}

// X clears the list, after an export. The small letter does nothing there.
func TestClear(t *testing.T) {
	p := newPerson(t)
	p.says("n", "1", "Foo", "a@b.co", "", "b", "b", "n", "3", "", "b")
	p.hears([]string{`"x" is not one of the choices.`, "Remove all 2 factors from the list? They still exist at the local engine. An export is saved first, beside the factor file.", "Nothing was done."}, "x", "X", "no")
	p.hears([]string{"2 factors removed from the list. Bring them back with mfa-tui import " + filepath.Dir(p.path), "No factors on your list yet."}, "X", "yes")
	exports, _ := filepath.Glob(filepath.Dir(p.path) + "/*export*")
	if len(exports) != 1 {
		t.Errorf("exports: %v", exports)
	}
}

// An empty list says what other environments have, and moves it here.
func TestMoveHere(t *testing.T) {
	p := newPerson(t)
	mine, err := store.Open(store.Options{Path: p.path, Environment: "client_3"})
	if err != nil {
		t.Fatal(err)
	}
	p.opts.Store, p.opts.Mode = mine, factors.Test
	for _, environment := range []string{"client_1", "client_2"} {
		other, err := store.Open(store.Options{Path: p.path, Environment: environment})
		if err == nil {
			_, err = other.Put(p.ctx, store.Record{Factor: workos.Factor{ID: "auth_factor_of_" + environment, Type: workos.GenericOTP}})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	p.hears([]string{
		"Also in the factor file: 1 factor of client_1, 1 factor of client_2.", "e to move factors here", "2: client_2, 1 factor.",
		"Move 1 factor of client_2 to this list? This list is client_3. Move them only if both names mean the same environment: otherwise WorkOS will not know", "Nothing was done.", "Moved 1 factor from client_2 to client_3.", "1 factor, newest first",
	}, "e", "2", "no", "2", "yes", "e")
	if len(p.opts.Store.Records()) != 1 {
		t.Errorf("the factors are %+v", p.opts.Store.Records())
	}
}

// The local engine tells of the factors of servers, and offers none to move.
func TestNothingMovesToLocal(t *testing.T) {
	p := newPerson(t)
	other, err := store.Open(store.Options{Path: p.path, Environment: "client_1"})
	if err == nil {
		_, err = other.Put(p.ctx, store.Record{Factor: workos.Factor{ID: "auth_factor_1", Type: workos.GenericOTP}})
	}
	if err != nil {
		t.Fatal(err)
	}
	if heard := p.says(); !strings.Contains(heard, "Also in the factor file: 1 factor of client_1.") || strings.Contains(heard, "to move factors here") {
		t.Error(heard)
	}
}

// The factors of a user come in pages. A page that can't be loaded can be tried again.
func TestUserFactorPages(t *testing.T) {
	p := newPerson(t)
	p.user("marc@example.com", "Marc", 30)
	fails := 0
	p.before = func(r *http.Request) {
		if r.URL.Query().Has("after") && fails == 0 {
			fails++
			r.URL.Path = "/nowhere"
		}
	}
	p.hears([]string{
		"25 factors so far of marc@example.com.", "25: ", "The factors could not be loaded: ", "Loading more factors.", "26: ", "30: TOTP, Foo, marc-1,",
	}, "u", "marc@example.com", "m", "m", "m", "r", "m", "m", "m", "30", "b", "b", "b", "q")
}

// A list that comes back to its beginning has an end.
func TestUserFactorsWithoutAnEnd(t *testing.T) {
	p := newPerson(t)
	p.user("marc@example.com", "Marc", 26)
	p.before = func(r *http.Request) { r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "after=", "nothing=") }
	p.hears([]string{"Loading more factors.", `"m" is not one of the choices.`}, "u", "marc@example.com", "m", "m", "m", "m", "b", "b", "q")
}

// The factor of a lost phone is deleted, and another one enrolled for the same user.
func TestLostPhone(t *testing.T) {
	p := newPerson(t)
	p.user("marc@example.com", "Marc", 1)
	p.hears([]string{"Deleted Foo, marc-1.", "No factors of marc@example.com.", "TOTP, Bar, marc@example.com, verified just now, created just now."},
		"u", "marc@example.com", "1", "d", "yes", "n", "1", "Bar", "", "", "", p.appCode, "b", "b", "b", "q")
	users, err := p.opts.FindUsers(p.ctx, "marc@example.com")
	if err != nil || len(users) != 1 {
		t.Fatal(users, err)
	}
	left, _, err := p.opts.UserFactors(p.ctx, users[0].ID, "")
	if err != nil || len(left) != 1 || left[0].TOTP.Issuer != "Bar" {
		t.Errorf("%+v, %v", left, err)
	}
}

// In LIVE a yes is too little to delete a factor, as on the screens. The question says
// whose the factor is, and the first words where the calls go.
func TestDeleteInLive(t *testing.T) {
	p := newPerson(t)
	p.user("marc@example.com", "Marc", 1)
	p.opts.Mode, p.opts.Host, p.opts.Phone = factors.Live, "127.0.0.1:4100", nil
	id, left := "", func() []workos.Factor {
		users, err := p.opts.FindUsers(p.ctx, "marc@example.com")
		if err != nil {
			t.Fatal(err)
		}
		all, _, err := p.opts.UserFactors(p.ctx, users[0].ID, "")
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	id = left()[0].ID
	p.hears([]string{"This is mfa-tui, at 127.0.0.1:4100, live environment", "Which type of factor for marc@example.com?",
		"This is a LIVE environment. Delete this factor of marc@example.com permanently? It is TOTP, Foo, marc-1, ID " + id,
		"Type the last 4 characters of the ID to do it, anything else for no: yes\nNothing was done."},
		"u", "marc@example.com", "n", "b", "1", "d", "yes", "q")
	if len(left()) != 1 {
		t.Fatal("a yes was enough")
	}
	p.hears([]string{"Deleted Foo, marc-1."}, "u", "marc@example.com", "1", "d", strings.ToLower(id[len(id)-4:]), "q")
	if len(left()) != 0 {
		t.Error("it is still there")
	}
	p.opts.Mode = factors.Test
	p.hears([]string{"at 127.0.0.1:4100, test environment"}, "q")
}

// Labels follow the rules of store/factors.
func TestLabels(t *testing.T) {
	p := newPerson(t)
	p.hears([]string{"TOTP, work, not challenged yet.", "Label: work.", "Issuer: Foo."}, "n", "1", "Foo", "a@b.co", "work", "b")
	p.hears([]string{`"work" already names work (auth_factor_`, "at most 60 characters", "Generic OTP, home, not answered."}, "n", "3", "work", strings.Repeat("x", 61), "home", "b")
	p.hears([]string{`"home" already names home (auth_factor_`, "TOTP, Foo, a@b.co, not challenged yet."}, "2", "e", "home", "")
}

// The case of a label is the person's.
func TestCaseOfALabel(t *testing.T) {
	p := newPerson(t)
	p.hears([]string{"Verified: work, ID auth_factor_"}, "n", "1", "Foo", "a@b.co", "work", "", p.appCode)
}

// A refresh finds what is gone at WorkOS. That can be removed, but not deleted.
func TestRefresh(t *testing.T) {
	p := newPerson(t)
	p.says("n", "1", "Foo", "a@b.co", "", "b", "b", "n", "3", "", "b")
	if err := p.opts.API.DeleteFactor(p.ctx, workos.DeleteFactorOpts{FactorID: p.newest().ID}); err != nil {
		t.Fatal(err)
	}
	heard := p.says("1", "r", "b", "r", "1", "b")
	if !strings.Contains(heard, "1 factor refreshed, 1 gone at the local engine.") || !strings.Contains(heard, "Gone: the local engine no longer has this factor") ||
		!strings.Contains(heard, "Choose. x to remove from list, b to go back") {
		t.Error(heard)
	}
}

// An enrollment is finished and saved when the program ends meanwhile.
func TestEndedWhileEnrolling(t *testing.T) {
	p := newPerson(t)
	ctx, cancel := context.WithCancel(context.Background())
	p.ctx, p.before = ctx, func(*http.Request) { cancel() }
	p.hears([]string{"Enrolled. The ID is auth_factor_"}, "n", "2", "+15005550006", "")
	if r := p.newest(); r.SMS == nil || len(p.opts.Store.Unsaved()) > 0 {
		t.Errorf("kept %+v, unsaved %v", r, p.opts.Store.Unsaved())
	}
}

// What fails after the end is an error, which is told when the program has ended.
func TestEndedBeforeAFailure(t *testing.T) {
	for name, answers := range map[string][]any{"enroll": {"n", "2", "+15005550006", ""}, "delete": {"1", "d", "yes"}} {
		p := newPerson(t)
		p.says("n", "3", "", "b")
		ctx, cancel := context.WithCancel(context.Background())
		p.fault = func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				return p.engine.RoundTrip(r)
			}
			cancel()
			return &http.Response{StatusCode: 403, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"message":"no"}`)), Request: r}, nil
		}
		d := &dialog{asked: make(chan bool, 1), answers: answers}
		if err := Run(ctx, p.opts, d, d); err == nil || !strings.HasPrefix(err.Error(), map[string]string{"enroll": "the enrollment failed: ", "delete": "the deletion failed: "}[name]) {
			t.Errorf("%s: %v\n%s", name, err, d.heard.String())
		}
	}
}

// What became of a factor after a failure is said once, and nothing against it.
func TestFailedDeletion(t *testing.T) {
	for fault, want := range map[int]string{403: "The deletion failed: no (403). The factor was not deleted.", 200: "The factor may have been deleted."} {
		p := newPerson(t)
		p.says("n", "3", "", "b")
		p.fault = func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				return p.engine.RoundTrip(r)
			}
			body := map[int]string{403: `{"message":"no"}`, 200: "<html>"}[fault]
			return &http.Response{StatusCode: fault, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		}
		if heard := p.says("1", "d", "yes", "b"); !strings.Contains(heard, want) || strings.Contains(heard, "Not deleted") {
			t.Errorf("%d: %s", fault, heard)
		}
	}
}

// An enrollment whose response is lost can be tried again, and enrolls once.
func TestEnrollsAgain(t *testing.T) {
	p := newPerson(t)
	lost := func(r *http.Request) (*http.Response, error) {
		if resp, err := p.engine.RoundTrip(r); err == nil {
			resp.Body.Close()
		}
		return nil, io.ErrUnexpectedEOF
	}
	p.fault = lost
	heard := p.says("n", "2", "+15005550006", "phone", func() string { p.fault = nil; return "" })
	for _, text := range []string{"The enrollment failed: ", "The factor may have been enrolled.", "Enrolling the same again is safe, press enter", "Enrolled. The ID is auth_factor_"} {
		if !strings.Contains(heard, text) {
			t.Errorf("%q is not said:\n%s", text, heard)
		}
	}
	if all := p.opts.Store.Records(); len(all) != 1 || all[0].Label != "phone" {
		t.Errorf("the list has %+v", all)
	}
	p.fault = lost
	p.hears([]string{"The factor may have been enrolled.", "Choose."}, "n", "3", "", "b")
	p.fault = nil
	if p.says("n", "3", ""); p.newest().ID == "" || len(p.opts.Store.Records()) != 2 {
		t.Errorf("the list has %+v", p.opts.Store.Records())
	}
}

// A call that is cancelled by the end of the program is not reported as failed.
func TestEndedWhileRefreshing(t *testing.T) {
	p := newPerson(t)
	p.says("n", "3", "", "b")
	ctx, cancel := context.WithCancel(context.Background())
	p.ctx, p.before = ctx, func(*http.Request) { cancel() }
	if heard := p.says("1", "r"); strings.Contains(heard, "ot refreshed") {
		t.Error(heard)
	}
}

func TestEndedFromOutside(t *testing.T) {
	p := newPerson(t)
	ctx, cancel := context.WithCancel(context.Background())
	in, _ := io.Pipe() // nobody types
	ended := make(chan error)
	go func() { ended <- Run(ctx, p.opts, in, io.Discard) }()
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// lock makes the factor file unwritable.
func (p *person) lock() {
	p.t.Helper()
	folder := filepath.Dir(p.path)
	if err := errors.Join(os.Rename(folder, folder+".away"), os.WriteFile(folder, nil, 0o600)); err != nil {
		p.t.Error(err)
	}
}

func (p *person) unlock() {
	p.t.Helper()
	folder := filepath.Dir(p.path)
	if err := errors.Join(os.Remove(folder), os.Rename(folder+".away", folder)); err != nil {
		p.t.Error(err)
	}
}

// A factor that can't be saved is not lost: the person may go on, and save later.
func TestUnsavedFactor(t *testing.T) {
	p := newPerson(t)
	p.before = func(*http.Request) { // the disk fails after the call
		p.lock()
		p.before = nil
	}
	p.hears([]string{
		"The factor is enrolled, but the factor file could not be written", "The ID is auth_factor_",
		"Saving.", "SMS, phone ending in 0006, not saved",
	}, "n", "2", "+15005550006", "", "", "g", "b")
	if unsaved := p.opts.Store.Unsaved(); len(unsaved) != 1 {
		t.Errorf("unsaved at the end is %v", unsaved)
	}
	p.unlock()
	p.hears([]string{"Enter the code sent to"}, "1", "c", "", "b", "q")
	if unsaved := p.opts.Store.Unsaved(); len(unsaved) > 0 {
		t.Errorf("unsaved after a save is %v", unsaved)
	}
}

// Enter saves again, as often as it takes.
func TestSavesAgain(t *testing.T) {
	p := newPerson(t)
	p.before = func(*http.Request) {
		p.lock()
		p.before = nil
	}
	heard := p.says("n", "3", "home", "", func() string { p.unlock(); return "" }, "b")
	if n := strings.Count(heard, "could not be written"); n != 2 || strings.Contains(heard, ", not saved") {
		t.Errorf("told %d times\n%s", n, heard)
	}
	if unsaved := p.opts.Store.Unsaved(); len(unsaved) > 0 {
		t.Errorf("unsaved is %v", unsaved)
	}
}

// A factor file that vanishes is said with the list, and written back.
func TestWritesBack(t *testing.T) {
	p := newPerson(t)
	var want []byte
	remove := func() string {
		var err error
		if want, err = os.ReadFile(p.path); err == nil {
			err = os.RemoveAll(filepath.Dir(p.path))
		}
		if err != nil {
			t.Error(err)
		}
		return "b"
	}
	p.says("n", "3", "home", "b", "q")
	p.hears([]string{"1 factor,", "is gone. These factors are still in memory.", "w to write the file back", "The factor file is there again."},
		"1", remove, "w", "q")
	if got, err := os.ReadFile(p.path); err != nil || !bytes.Equal(got, want) {
		t.Errorf("written back is %s, %v", got, err)
	}
}

// A factor file that can't be opened is reported, and can be tried again.
func TestWithoutAStore(t *testing.T) {
	p := newPerson(t)
	p.opts.Store, p.opts.StoreErr = nil, errors.New("/data/factors.json is locked")
	p.hears([]string{"The factor file can't be read: /data/factors.json is locked. Fix it, then try again.", `"x" is not one of the choices`, "No factors on your list yet"}, "x", "r", "q")
}

// The error is returned if it can never be opened.
func TestWithoutAStoreToTheEnd(t *testing.T) {
	p := newPerson(t)
	broken := errors.New("/data/factors.json is locked")
	p.opts.Store, p.opts.StoreErr = nil, broken
	if err := Run(p.ctx, p.opts, strings.NewReader("q\n"), io.Discard); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// The backup of a broken file can be restored.
func TestRestoresBackup(t *testing.T) {
	p := newPerson(t)
	p.says("n", "3", "", "b")
	if err := os.WriteFile(p.path, []byte("{broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.opts.Store, p.opts.StoreErr = p.opts.OpenStore()
	if p.opts.StoreErr == nil {
		t.Fatal("the broken file is read")
	}
	p.hears([]string{"Don't delete it", "b to restore the backup from ", "The backup is restored. The broken file is kept as ", "1 factor, newest first."}, "r", "b", "q")
}

// A terminal that is gone is an error, not a loop.
func TestNobodyListens(t *testing.T) {
	p := newPerson(t)
	if err := Run(p.ctx, p.opts, strings.NewReader("q\n"), brokenWriter{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// WorkOS has no test phone, and no user is created there.
func TestAtWorkOS(t *testing.T) {
	p := newPerson(t)
	p.opts.Phone, p.opts.Mode = nil, factors.Live
	heard := p.says("n", "2", "+15005550006", "", "", "o", "b", "b", "u", "bob@example.com", "b", "q")
	for _, text := range []string{"text messages go to real people", "A code has 6 digits.", "No user has this address in this environment: check the spelling."} {
		if !strings.Contains(heard, text) {
			t.Errorf("%q is not said", text)
		}
	}
	if strings.Contains(heard, "o to hear it") || strings.Contains(heard, "n to create one") {
		t.Error(heard)
	}
}

// The phone of a server is looked for when a code is asked for, once.
func TestPhoneAtAServer(t *testing.T) {
	for _, ours := range []bool{true, false} {
		p := newPerson(t)
		asked := 0
		p.opts.Phone, p.opts.Mode = nil, factors.Test
		p.opts.FindPhone = func(context.Context) factors.TestPhone {
			if asked++; ours {
				return p.engine
			}
			return nil
		}
		heard := p.says("n", "2", "+15005550006", "", "", "o", "b", "c", "", "b", "b", "q")
		if strings.Contains(heard, "o to hear it") != ours || strings.Contains(heard, "The test phone says:") != ours || asked != 1 {
			t.Errorf("ours %t, asked %d times:\n%s", ours, asked, heard)
		}
	}
}
