package tui

import (
	"context"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
	"mfa-tui/workos/local"
)

// serves starts the console of a server: the engine, whose clients call through the
// recorder.
func (p *person) serves() *person {
	p.t.Helper()
	var read atomic.Int64
	p.serving = true
	p.calls = inspect.NewServer(p.wire, "http://127.0.0.1:4100", "sk_test_1", func() time.Time {
		return start.Add(time.Duration(read.Add(1)-1) * 1200 * time.Microsecond)
	})
	p.restart(p.model.session.width, p.model.session.height)
	return p.at("console")
}

// called tells the console that something has happened, as the server does.
func (p *person) called() *person {
	p.t.Helper()
	p.send(ServerChangedMsg{})
	return p
}

// served is what programs reach a server through.
type served struct{ http.Handler }

func (s served) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	answer := httptest.NewRecorder()
	s.ServeHTTP(answer, r)
	return answer.Result(), nil
}

// client is a program that calls the server.
func (p *person) client() *workos.Client {
	p.t.Helper()
	c, err := workos.NewClient(workos.ClientOpts{APIKey: "sk_test_1", Transport: served{p.calls.Handler(p.engine, func(*http.Request) bool { return false })}, RetryWait: time.Microsecond, Now: func() time.Time { return p.now }})
	if err != nil {
		p.t.Fatal(err)
	}
	return c
}

// must is what a client is answered; no test goes on without.
func must[T any](answer T, err error) T {
	if err != nil {
		panic(err)
	}
	return answer
}

// challenged is a challenge that a client starts.
func (p *person) challenged(factorID string) workos.Challenge {
	p.t.Helper()
	return must(p.client().ChallengeFactor(context.Background(), workos.ChallengeFactorOpts{FactorID: factorID}))
}

// answered is what a client is told of a code.
func (p *person) answered(c workos.Challenge, code string) workos.Verification {
	p.t.Helper()
	return must(p.client().VerifyChallenge(context.Background(), workos.VerifyChallengeOpts{ChallengeID: c.ID, Code: code}))
}

// hasClients lets programs call: a user enrolls, a code is wrong, a call fails on purpose.
func (p *person) hasClients() *person {
	p.t.Helper()
	ctx, c := p.t.Context(), p.client()
	u := must(c.CreateUser(ctx, workos.CreateUserOpts{Email: "ada@example.com", FirstName: "Ada", LastName: "Lovelace", IdempotencyKey: "a"}))
	must(c.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: u.ID, Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "ada@example.com", IdempotencyKey: "b"}))
	sms := must(c.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550007", IdempotencyKey: "c"}))
	p.answered(must(c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: sms.ID, SMSTemplate: "Foo Corp: {{code}} is your code", IdempotencyKey: "d"})), wrong(p.smsCode("+15005550007")))
	must(c.ListUsers(ctx, workos.ListUsersOpts{Email: "ada@example.com"}))
	p.now = p.now.Add(time.Minute)
	must(c.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: sms.ID, IdempotencyKey: "e"}))
	if _, err := c.GetFactor(ctx, workos.GetFactorOpts{FactorID: "auth_factor_none"}); !workos.IsNotFound(err) {
		p.t.Fatal(err)
	}
	return p.called()
}

// inConsole is the table of moves with the console in place of the list of factors.
func inConsole(table []move) []move {
	table = slices.Clone(table)
	for i := range table {
		for _, name := range []*string{&table[i].from, &table[i].to} {
			if *name == "factors" {
				*name = "console"
			}
		}
	}
	return table
}

// Each list has what clients did, newest first, and says what each call came to.
func TestConsoleLists(t *testing.T) {
	p := newPerson(t, 120, 40).serves().sees("No calls yet", "http://127.0.0.1:4100", "sk_test_def…", "SERVE", "State in memory")
	p.hasClients().sees("GET", "entity_not_found", "404", "SMS to +15005550007", "✗ not valid", "1 user", "TOTP factor", "ada@example.com")
	p.sees("2 messages 2 new", "3 factors 2", "4 users 1", "new message", "q stop the server")
	code := p.smsCode("+15005550007")
	p.press("2").at("console").sees("[2 messages] 2", code[:3]+" "+code[3:], "+15005550007", "good for 10:00", "Your verification code is "+code).seesNo("new")
	p.waits(time.Second).sees("good for 9:59").press("y").sees("cleared in 30 s")
	if got := p.copied[len(p.copied)-1]; got != code {
		t.Errorf("copied %q, want %q", got, code)
	}
	p.press("down", "enter").at("serverMessage").sees("Foo Corp: ", "is your code", "auth_challenge_").press("esc").at("console").sees("[2 messages]")
	p.press("3").sees("SMS", "+15005550007", "Foo Corp · ada@example.com", code[:3]).press("down")
	totp := p.store.Records()[1]
	app := p.appCode(totp.ID)
	p.sees(app[:3]+" "+app[3:], " s").press("y")
	if got := p.copied[len(p.copied)-1]; got != app {
		t.Errorf("copied %q, want %q", got, app)
	}
	p.press("4").sees("ada@example.com", "Ada Lovelace", "1").press("enter").at("userFactors").sees("mfa-tui  Users › ada@example.com", "Foo Corp", app[:3]+" "+app[3:]+" ").press("y").sees("Code copied")
	if strings.Count(p.screen(), app[:3]+" "+app[3:]) != 2 {
		t.Error("the code is not in the list and beside it")
	}
	p.press("esc").at("console")
	for key, want := range map[string]string{"U": "http://127.0.0.1:4100", "K": "sk_test_default"} {
		p.press(key)
		if got := p.copied[len(p.copied)-1]; got != want {
			t.Errorf("copied %q, want %q", got, want)
		}
	}
}

// The cursor stays on its call when others come, in its row, and follows the newest one
// only at the top.
func TestConsoleCursor(t *testing.T) {
	p := newPerson(t, 80, 24).serves().hasClients()
	row := func(text string) int {
		t.Helper()
		rows := strings.Split(p.screen(), "\n")
		return slices.IndexFunc(rows, func(r string) bool { return strings.Contains(r, "▌") && strings.Contains(r, text) })
	}
	at := row("404")
	for range 30 {
		p.client().ListUsers(t.Context(), workos.ListUsersOpts{})
	}
	if p.called(); row("1 user") != at {
		t.Errorf("the cursor does not follow the newest call:\n%s", p.screen())
	}
	p.press("end", "up")
	if at = row("TOTP factor"); at < 0 || strings.Count(p.screen(), "12:00:0") != 15 {
		t.Fatalf("not there, or the page is not full:\n%s", p.screen())
	}
	for range 30 {
		p.client().GetFactor(t.Context(), workos.GetFactorOpts{FactorID: "auth_factor_none"})
	}
	if p.called(); row("TOTP factor") != at {
		t.Errorf("the cursor was in row %d:\n%s", at, p.screen())
	}
	p.press("enter").sees("[Request]", "totp_issuer").press("esc").at("console").press("y")
	if got := p.copied[len(p.copied)-1]; !strings.Contains(got, "curl http://127.0.0.1:4100/user_management/users/") || strings.Contains(got, "sk_test") {
		t.Errorf("copied %q", got)
	}
	for range inspectKept {
		p.client().ListUsers(t.Context(), workos.ListUsersOpts{})
	}
	if p.called(); row("") < 0 {
		t.Errorf("the cursor is gone with its call:\n%s", p.screen())
	}
}

// inspectKept is more calls than a server keeps.
const inspectKept = 1100

// A filter finds calls by what was sent and answered.
func TestConsoleFilter(t *testing.T) {
	p := newPerson(t, 80, 24).serves().hasClients().press("/").types("lovelace").sees("of 8", "ada@example.com").seesNo("404")
	p.press("enter", "2").sees("+15005550007").press("1").sees("of 8").press("esc").sees("404").seesNo("of 8")
	p.press("/").types("nothing at all").sees("0 of 8", "No matches").press("esc").at("console")
	for list, want := range map[string]string{"2": "2 of 2", "3": "1 of 2"} {
		p.press(list, "/").types("500-555-0007").sees(want, "+15005550007").press("esc")
	}
	p.press("3", "/").types("totp foo").sees("1 of 2").press("esc", "/").types("generic").sees("0 of 2").press("esc", "4", "/").types("ada love").sees("1 of 1")
	st := newStyles(colourful(termenv.TrueColor), DarkTheme)
	p.model.session.styles = st
	underlined, _, _ := strings.Cut(st.accent.Underline(true).Render("x"), "x")
	for list, typed := range map[string]string{"1": "verify", "2": "0007", "3": "Foo", "4": "Love"} {
		if p.press("esc", list, "/").types(typed); strings.Count(p.model.View(), underlined) < len(typed) {
			t.Errorf("list %s does not show what was searched for:\n%s", list, p.screen())
		}
	}
}

// What became of a call is searched once, not each time that another one comes.
func TestConsoleSearchesOnce(t *testing.T) {
	asked, n := 0, 3
	list := consoleList{
		id: func(i int) string { return strconv.Itoa(n - i) }, ended: func(i int) bool { return n-i != 2 },
		text: func(i int) string { asked++; return strconv.Itoa(n - i) },
	}
	c := &consoleCursor{filter: newPerson(t, 80, 24).model.session.newFilter()}
	c.filter.on = true
	for _, step := range []struct {
		filter          string
		n, found, asked int
	}{{"3", 3, 1, 3}, {"3", 3, 1, 1}, {"3", 13, 2, 11}, {"2", 13, 2, 13}, {"", 13, 13, 0}} {
		c.filter.input.SetValue(step.filter)
		list.n, n, asked = step.n, step.n, 0
		if found := c.search(list); len(found) != step.found || asked != step.asked {
			t.Errorf("%+v: found %v, asked %d times", step, found, asked)
		}
	}
}

// What a person does in the console are calls like any other, and the engine has it.
func TestConsoleEnrollsByHand(t *testing.T) {
	p := newPerson(t, 80, 24).serves().press("3").sees("No factors yet").press("n", "enter").at("enrollForm").sees("will belong to no user").seesNo("Label")
	p.types("Foo Corp").press("tab").types("bob@example.com").press("enter").at("qr").sees("Scan this")
	p.press("esc").at("factor").press("x", "e").at("factor").press("esc").at("console").called().sees("[3 factors] 1", "Foo Corp · bob@")
	p.press("v").at("qr").press("esc").at("console").press("c").at("code").sees("next ").press("?", "?").sees("next ").types(p.appCode(p.newest().ID)).at("result").press("enter").at("console")
	p.called().sees("✓ verified").press("1").sees("/auth/factors/enroll", "/verify", "✓ valid")
	p.press("3", "enter").at("factor").sees("verified").press("esc").at("console")
	p.press("n", "end", "enter").sees("Generic OTP needs no details", "belong to no user").press("enter").at("code").press("esc", "esc").at("console").press("y").sees("Code copied")
	if otp := p.copied[len(p.copied)-1]; len(otp) != 6 {
		t.Errorf("copied %q", otp)
	} else {
		p.sees(otp[:3] + " " + otp[3:])
	}
	p.now = p.now.Add(11 * time.Minute)
	p.send(minuteMsg{})
	p.sees("OTP   Generic OTP  –").press("d", "y")
	p.press("d").at("confirm").press("y").at("console").sees("No factors yet", "Deleted")
	p.press("4", "n").at("addUser").types("bob").press("enter").sees("Not an e-mail address").types("@example.com").press("enter").at("console").sees("bob@example.com")
	p.press("n").types("BOB@example.com").press("enter").at("addUser").sees("already").press("esc").at("console")
	p.press("d").at("confirm").sees("Delete the user bob@example.com?").press("n").at("console").press("d", "y").at("console").sees("No users yet", "Deleted bob@example.com")
}

// A code that has worked is not offered as if it were new.
func TestConsoleUsedCodes(t *testing.T) {
	p := newPerson(t, 120, 40).serves().hasClients().press("3", "down")
	f := p.store.Records()[1]
	code := p.appCode(f.ID)
	if !p.answered(p.challenged(f.ID), code).Valid {
		t.Fatal("the code is wrong")
	}
	p.called().waits(time.Second).sees("used · next in 29 s").seesNo(code[:3] + " " + code[3:]).press("y").sees("Used code (next in 29s) copied")
	p.waits(29 * time.Second).sees(p.appCode(f.ID)[:3]).seesNo("used ·").press("y").sees("Code copied")
	p.press("enter").at("factor").sees("code        "+p.appCode(f.ID)[:3], "30 s").waits(time.Second).sees("29 s").press("y").sees("Code copied")
	p.press("esc", "2", "down").waits(10 * time.Minute).press("y").sees("Expired code copied")
}

// What a person does in the console is told apart from what apps do.
func TestConsoleTellsOwnCalls(t *testing.T) {
	p := newPerson(t, 120, 40).serves().hasClients().seesNo("· console").press("3", "enter").sees("Factors › +15005550007").press("esc", "d", "y").called().press("1").sees("console")
	if rows := strings.Split(p.screen(), "\n"); strings.Count(p.screen(), "console") != 1 || !strings.Contains(rows[4], "DELETE") || !strings.Contains(rows[4], "console") {
		t.Error(p.screen())
	}
}

// A call is there while its answer is awaited.
func TestConsoleShowsCallsUnderWay(t *testing.T) {
	p := newPerson(t, 80, 24).serves()
	answered := make(chan bool)
	p.calls.OnEnd = func(inspect.Call) { close(answered) }
	ctx, cancel := context.WithCancel(t.Context())
	if err := p.engine.FailNext(local.FailTimeout); err != nil {
		t.Fatal(err)
	}
	go p.client().ListUsers(ctx, workos.ListUsersOpts{}) // until it is cancelled
	for len(p.calls.Calls()) == 0 {
		runtime.Gosched()
	}
	p.called().sees("[1 API calls] 1", "/user_management/users", "no response yet", "…").seesNo("ERR")
	cancel()
	<-answered
	p.called().sees("ERR")
}

// A server whose state is lost with it is not stopped by a stray q.
func TestConsoleStop(t *testing.T) {
	p := newPerson(t, 80, 24).serves()
	if p.press("q"); !p.quit {
		t.Error("it asks for nothing")
	}
	p = newPerson(t, 80, 24).serves().hasClients().press("i", "q").sees("Stop the server?", "in memory only")
	if p.press("enter").sees("8 calls").press("q", "esc", "esc").at("console"); p.quit {
		t.Fatal("it has stopped")
	}
	if p.press("q", "y"); !p.quit {
		t.Error("it has not stopped")
	}
	p = newPerson(t, 80, 24).serves().hasClients()
	p.model.session.Serving.InMemory = false
	if p.press("q"); !p.quit {
		t.Error("it asks for what is in a file")
	}
	p = newPerson(t, 80, 24).serves().hasClients()
	if p.press("ctrl+z").sees("would stop the server").press("ctrl+c"); !p.quit {
		t.Error("ctrl+c asks")
	}
}

// The rate is that of the last seconds, however long nothing came before.
func TestConsoleRate(t *testing.T) {
	p := newPerson(t, 120, 24).serves().hasClients().waits(time.Hour)
	for range inspectKept {
		p.client().ListUsers(t.Context(), workos.ListUsersOpts{})
	}
	p.called().sees("220.0 calls/s", "last 1000 of 1108").waits(time.Second).sees("220.0 calls/s").waits(5 * time.Second).sees("0.0 calls/s")
}

// A screen below the console sees what others do with its factor, and a wrong code of a
// person is counted once.
func TestConsoleBelow(t *testing.T) {
	p := newPerson(t, 80, 40).serves().hasClients().press("3", "enter").at("factor")
	sms := p.store.Records()[0]
	p.answered(p.challenged(sms.ID), p.smsCode("+15005550007"))
	p.called().seesNo("✓ verified").waits(time.Second).at("factor").sees("✓ verified") // at a busy server not at once
	p.wire.fault = func(r *http.Request) (*http.Response, error) {                     // the server tells before the client has its answer
		resp, err := p.engine.RoundTrip(r)
		p.update(ServerChangedMsg{})
		return resp, err
	}
	p.press("esc").at("console").press("down", "c").at("code").types(wrong(p.appCode(p.store.Records()[1].ID)))
	p.sees("1 so far").called()
	if r := p.store.Records()[1]; len(r.History) != 2 || r.History[1].WrongCodes != 1 {
		t.Errorf("%+v", r.History)
	}
}

// A call that was made to fail says so, and the lab is one for all clients.
func TestConsoleLab(t *testing.T) {
	p := newPerson(t, 120, 40).serves().press("L").at("lab").press("enter", "esc").at("console").press("L", "enter").sees("Armed: any call")
	for range 2 {
		p.client().ListUsers(t.Context(), workos.ListUsersOpts{})
	}
	p.called().seesNo("armed:").press("esc").sees("hook: ").press("end", "enter").sees("· hook: ").press("esc").at("console")
	if p.engine.ClockOffset() != 0 {
		t.Error("the clock was moved")
	}
}

// An idle console ticks for nothing: only where a code or a countdown is seen, or while
// calls come.
func TestConsoleIdle(t *testing.T) {
	ticks := func(p *person) int {
		return len(slices.DeleteFunc(slices.Clone(p.ticks), func(x tick) bool { return x.due.Sub(p.now) > time.Second }))
	}
	p := newPerson(t, 80, 24).serves().hasClients()
	if ticks(p) != 1 {
		t.Errorf("%d ticks after calls", ticks(p))
	}
	for range 8 {
		p.waits(time.Second)
	}
	if p.sees("0.0 calls/s"); ticks(p) != 0 {
		t.Errorf("%d ticks while nothing moves", ticks(p))
	}
	if p.press("3"); ticks(p) != 1 {
		t.Errorf("%d ticks with codes", ticks(p))
	}
	if p.press("4").waits(time.Second); ticks(p) != 0 {
		t.Errorf("%d ticks over users", ticks(p))
	}
	if p.press("2", "enter").at("serverMessage").waits(time.Second); ticks(p) != 1 {
		t.Errorf("%d ticks over a message", ticks(p))
	}
	p.press("esc").send(minuteMsg{})
	p.sees("up 1 min")
}

// What the server would print is a notice.
func TestConsoleNotes(t *testing.T) {
	p := newPerson(t, 80, 24).serves()
	p.send(ServerNoteMsg{"can't save \x1b[31mthe state"})
	p.sees("! Can't save").press("2").seesNo("an't save")
}

// A click chooses a line, then opens it.
func TestConsoleMouse(t *testing.T) {
	p := newPerson(t, 80, 24).serves().hasClients().clicks("SMS factor").sees("▌").clicks("SMS factor").sees("[Request]").press("esc")
	p.press("2").clicks("+15005550007").at("serverMessage").press("esc").wheels(tea.MouseButtonWheelDown)
}

// TestConsoleMoves makes every move that only the console has.
func TestConsoleMoves(t *testing.T) {
	p := newPerson(t, 80, 24).serves().hasClients()
	p.press("2", "enter", "esc", "3", "down", "v", "esc", "4", "enter", "esc", "n", "esc", "n").types("b@c.de").press("enter", "d", "y")
	for _, m := range consoleMoves {
		for _, by := range m.causes() {
			if !p.walked[move{m.from, by, m.to}] {
				t.Errorf("no test goes from %s by %s to %s", m.from, by, m.to)
			}
		}
	}
}

// The gist of each kind of call, and of one in little room.
func TestGist(t *testing.T) {
	s := newPerson(t, 80, 24).serves().hasClients().model.session
	call := func(status int, path, response string) inspect.Call {
		return inspect.Call{Ended: true, Method: "POST", Status: status, Path: path, Response: inspect.Body{JSON: []byte(response)}}
	}
	for _, tt := range []struct {
		call inspect.Call
		w    int
		want string
		kind noticeKind
	}{
		{call(201, "/auth/challenges/c/verify", `{"valid":false}`), 40, "✗ not valid", failure},
		{call(201, "/auth/challenges/c/verify", `{"valid":true}`), 40, "✓ valid", success},
		{call(200, "/user_management/authenticate", `{"access_token":"x","user":{"email":"a@b.co"}}`), 40, "✓ signed in as a@b.co", success},
		{call(201, "/auth/factors/f/challenge", `{"id":"`+s.live.messages[0].ChallengeID+`"}`), 40, "SMS to +15005550007", plain},
		{call(201, "/auth/factors/f/challenge", `{"id":"`+s.live.messages[0].ChallengeID+`"}`), 14, "SMS to …0007", plain},
		{call(201, "/auth/factors/f/challenge", `{"id":"auth_challenge_of_totp"}`), 40, "", plain},
		{call(201, "/user_management/magic_auth", `{"object":"magic_auth","email":"a@b.co"}`), 40, "e-mail to a@b.co", plain},
		{call(200, "/user_management/users", `{"object":"list","data":[{"object":"user"}]}`), 40, "1 user", plain},
		{call(201, "/auth/factors/enroll", `{"object":"authentication_factor","type":"generic_otp"}`), 40, "Generic OTP factor", plain},
		{call(200, "/x", "[]"), 40, "", plain}, {call(200, "/x", ""), 40, "", plain},
		{call(422, "/x", `{"code":"authentication_challenge_expired"}`), 40, "authentication_challenge_expired", warning},
		{call(422, "/x", `{"code":"mfa_challenge"}`), 40, "mfa_challenge", warning},
		{call(500, "/x", `{"code":"server_error"}`), 40, "server_error", failure},
		{call(400, "/x", `{"code":"invalid_one_time_code"}`), 30, "✗ invalid_one_time_code", failure},
		{call(400, "/x", `{"code":"invalid_one_time_code"}`), 16, "✗ invalid code", failure},
		{inspect.Call{Note: "hook: 429", Status: 429, Ended: true}, 40, "hook: 429", warning},
		{inspect.Call{Err: "the connection was cut", Ended: true}, 40, "the connection was cut", failure},
	} {
		if got := s.gist(tt.call); got.in(tt.w) != tt.want || got.kind != tt.kind {
			t.Errorf("%+v: %+v, want %q", tt.call, got, tt.want)
		}
	}
}

// BenchmarkConsole is what it costs to show what is new, at a server that has as much as
// it keeps.
func BenchmarkConsole(b *testing.B) {
	p := newPerson(b, 130, 40)
	p.serves()
	f := must(p.client().EnrollFactor(b.Context(), workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550007"}))
	for range inspectKept {
		p.challenged(f.ID)
	}
	b.ReportAllocs()
	for b.Loop() {
		p.model.session.live.outdate()
		next, _ := p.model.Update(ServerChangedMsg{})
		p.model = next.(Model)
		_ = p.model.View()
	}
}
