package tui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/workos"
)

// hasUser adds a user at the other side, as an application would, with so many
// factors that are not in the factor file, TOTP and SMS by turns.
func (p *person) hasUser(email string, factors int) workos.User {
	p.t.Helper()
	client, ctx := p.model.session.API.(*workos.Client), context.Background()
	u, err := client.CreateUser(ctx, workos.CreateUserOpts{Email: email, FirstName: "Marc", LastName: "Turing"})
	if err != nil {
		p.t.Fatal(err)
	}
	for i := range factors {
		opts := workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: fmt.Sprintf("marc-%d", i+1), UserID: u.ID}
		if i%2 == 1 {
			opts = workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: fmt.Sprintf("+1500555%04d", i+1), UserID: u.ID}
		}
		if _, err := client.EnrollFactor(ctx, opts); err != nil {
			p.t.Fatal(err)
		}
		p.now = p.now.Add(time.Second)
	}
	p.wire.calls = nil
	return u
}

// withUser is a person with three factors who is to help a user with so many.
func withUser(t *testing.T, width, height, factors int) *person {
	t.Helper()
	p := threeFactors(t, width, height)
	p.hasUser("marc@example.com", factors)
	return p.waits(time.Hour)
}

// opens finds a user from the list.
func (p *person) opens(email string) *person {
	p.t.Helper()
	return p.at("factors").press("u").at("users").types(email).press("enter").at("userFactors")
}

// left are the factors that the other side has for a user.
func (p *person) left(email string) []workos.Factor {
	p.t.Helper()
	users, err := p.model.session.API.ListUsers(context.Background(), workos.ListUsersOpts{Email: email})
	if err != nil || len(users.Data) != 1 {
		p.t.Fatal(users, err)
	}
	page, err := p.model.session.API.ListUserFactors(context.Background(), workos.ListUserFactorsOpts{UserID: users.Data[0].ID, Limit: 100})
	if err != nil {
		p.t.Fatal(err)
	}
	return page.Data
}

// A phone is lost: four keys and an address, and its factor is gone.
func TestLostPhone(t *testing.T) {
	p := withUser(t, 80, 24, 2)
	lost := p.left("marc@example.com")[0]
	p.press("u").types(" Marc@Example.com ").press("enter").sees("Factors › Users › marc@example.com ", "2 factors · Marc Turing · user_", "› SMS +• •••-•••-0002 created 1 hour ago")
	p.press("d").at("confirm").sees("Delete this factor of marc@example.com at the local engine?", "SMS +• •••-•••-0002", lost.ID, "Factors › Users › marc@")
	p.press("y").at("userFactors").sees("1 factor", "✓ deleted +• •••-•••-0002", "› TOTP Foo · marc-1").seesNo("SMS")
	if left := p.left("marc@example.com"); len(left) != 1 || left[0].ID == lost.ID {
		t.Errorf("left are %v", left)
	}
	p.press("esc").at("users").sees("Marc@Example.com").press("esc").at("factors").sees("3 factors")
}

// A question about a user's factor stands on no, and no goes back.
func TestLostPhoneKept(t *testing.T) {
	for _, keys := range []string{"d n", "d enter", "d esc", "enter d n esc"} {
		p := withUser(t, 80, 24, 2).opens("marc@example.com")
		p.press(strings.Fields(keys)...).at("userFactors").sees("2 factors")
		if len(p.left("marc@example.com")) != 2 {
			t.Errorf("%s deletes", keys)
		}
	}
}

// A factor enrolled for a user is theirs, is in the factor file too, and leads
// back to them; deleted there it is gone here.
func TestEnrollForUser(t *testing.T) {
	p := withUser(t, 80, 24, 1).opens("marc@example.com").press("n").at("enrollType").sees("marc@example.com › Enroll")
	p.press("enter").at("enrollForm").sees("marc@example.com whose factor it is").types("Foo Corp").press("enter", "enter").at("qr").sees("Users › marc@")
	r := p.newest()
	if left := p.left("marc@example.com"); r.UserID == "" || len(left) != 2 || left[0].ID != r.ID || r.UserID != left[0].UserID {
		t.Errorf("the file has %v, the user %v", r.Factor, left)
	}
	p.press("enter").at("code").types(p.appCode(r.ID)).at("result").sees("✓ Verified").press("enter").at("userFactors")
	p.sees("2 factors", "› TOTP Foo Corp · marc@example.com created").press("enter").at("factor").sees("✓ verified just now", "e edit label")
	p.press("d").sees("of marc@example.com").press("y").at("userFactors").sees("1 factor", "› TOTP Foo · marc-1", "✓ deleted Foo Corp")
	if _, kept := p.store.Record(r.ID); kept {
		t.Error("the deleted factor is still in the factor file")
	}

	p.press("n", "down", "enter").types("+15005550009").press("enter").at("factor").press("esc").at("userFactors").sees("2 factors", "› SMS +• •••-•••-0009")
	p.press("esc", "esc").at("factors").sees("4 factors")
}

// The secret of a factor enrolled for a user is not kept beside the factor file.
func TestEnrollForUserKeepsNoSecret(t *testing.T) {
	p := withUser(t, 80, 24, 0).opens("marc@example.com").press("n", "enter").types("Foo").press("enter", "enter").at("qr")
	p.press("esc", "f").sees("this factor of marc@example.com", "found with its user").press("y").at("userFactors").sees("1 factor").press("enter").at("factor").sees("– not on your list").seesNo("QR code", "e edit label", "f forget", "never")
	if s := p.model.screen.(forUserScreen).list.factors[0]; s.TOTP.Secret+s.TOTP.URI+s.TOTP.QRCode != "" {
		t.Error("the secret is kept")
	}
}

// A factor that is not in the factor file is challenged as any other.
func TestChallengeOfUser(t *testing.T) {
	p := withUser(t, 80, 24, 2).opens("marc@example.com")
	p.press("c").at("message").press("enter").at("code").seesNo("!", "history").types(p.smsCode("+15005550002")).at("result").sees("✓ Verified")
	p.press("enter").at("userFactors").sees("› SMS").press("down", "c").at("code").sees("marc@example.com › Foo · marc-1")
	id := p.left("marc@example.com")[1].ID
	p.types(wrong(p.appCode(id))).sees("✗ wrong code, 1 try so far").seesNo("history").types(p.appCode(id)).at("result")
	p.press("c").at("code").press("esc").at("userFactors")
	if _, kept := p.store.Record(id); kept {
		t.Error("the challenge has put the factor into the file")
	}
}

// The factors come in pages, the next one when the choice reaches the end.
func TestUserFactorsPages(t *testing.T) {
	p := withUser(t, 80, 24, 60).opens("marc@example.com").sees("25 factors so far, more below", "+• •••-•••-0060")
	for range 23 {
		p.press("down")
	}
	p.sees("25 factors so far").press("down").sees("50 factors so far, more below", "› SMS +• •••-•••-0036")
	p.press("end").sees("60 factors · Marc", "› TOTP Foo · marc-11").seesNo("more below").press("end", "down").sees("› TOTP Foo · marc-1 ")
	p.press("home", "up").sees("› SMS +• •••-•••-0060").press("pgdown", "pgup", "pgdown").sees("› SMS +• •••-•••-0050")
	if n := len(p.wire.calls); n != 4 {
		t.Errorf("%d calls, want 4: %v", n, p.wire.calls)
	}
	p.press("r").sees("25 factors so far", "› SMS +• •••-•••-0050")
}

// Deleting the factor that the next page begins behind loses none.
func TestUserFactorsPageBehindDeleted(t *testing.T) {
	p := withUser(t, 80, 24, 27).opens("marc@example.com")
	p.wire.fault = answer(429, "application/json", `{"code":"rate_limit_exceeded"}`, "Retry-After", "30")
	p.press("end").sees("(429)", "try again in 30s", "25 factors so far", "› TOTP Foo · marc-3 ")
	p.wire.fault = nil
	p.press("d", "y").at("userFactors").sees("26 factors", "› SMS +• •••-•••-0004").seesNo("more below")
	p.press("end").sees("› TOTP Foo · marc-1 ")
}

// Deleting all there is loads the page that is then the first.
func TestUserFactorsAllDeleted(t *testing.T) {
	p := withUser(t, 80, 24, 1).opens("marc@example.com").press("d", "y").sees("No factors", "n enroll")
	p.press("d", "enter", "c").at("userFactors").press("n", "esc").at("userFactors").sees("No factors")
}

// A list that comes back to its beginning has an end.
func TestUserFactorsWithoutEnd(t *testing.T) {
	p := withUser(t, 80, 24, 30)
	page := func(r *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(r.URL.Path, "/auth_factors") {
			return nil, nil
		}
		return answer(200, "application/json", `{"data":[{"id":"auth_factor_1","type":"generic_otp"},{"id":""}],"list_metadata":{"after":"auth_factor_1"}}`)(r)
	}
	p.wire.fault = page
	p.opens("marc@example.com").sees("1 factor so far").press("end").sees("1 factor ·").seesNo("more below").press("end", "end")
	if n := len(p.wire.calls); n != 3 {
		t.Errorf("calls %v", p.wire.calls)
	}
}

// What was typed wrong, and what was not found, is told at the field.
func TestFindUser(t *testing.T) {
	tests := []struct {
		name  string
		do    func(*person)
		sees  []string
		after string
	}{
		{"nothing", func(p *person) { p.press("enter") }, []string{"✗ not an e-mail address"}, "users"},
		{"no domain", func(p *person) { p.types("marc@").press("enter") }, []string{"✗ not an e-mail address", "marc@"}, "users"},
		{"with a name", func(p *person) { p.types("Marc <marc@example.com>").press("enter") }, []string{"✗ not an e-mail address"}, "users"},
		{"not there, local", func(p *person) { p.types("bob@example.com").press("enter") }, []string{"✗ nobody has this address here · enter adds", "enter add this user"}, "users"},
		{"not there, then another", func(p *person) { p.types("bob@example.co").press("enter").types("m").seesNo("nobody").press("enter") }, []string{"nobody has"}, "users"},
		{"not there, live", func(p *person) { p.model.session.Mode = Live; p.types("bob@example.com").press("enter") }, []string{"✗ nobody has this address in this environment", "enter find"}, "users"},
		{"not there, live, again", func(p *person) {
			p.model.session.Mode = Live
			p.types("bob@example.com").press("enter", "enter")
		}, []string{"nobody has this address in this environment"}, "users"},
		{"q and u are letters", func(p *person) { p.types("qu?") }, []string{"› qu?"}, "users"},
		{"added", func(p *person) { p.types("bob@example.com").press("enter", "enter") }, []string{"✓ added bob@example.com to the local engine", "No factors"}, "userFactors"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := withUser(t, 80, 24, 1).press("u")
			tt.do(p)
			p.at(tt.after).sees(tt.sees...)
			if added := slices.Contains(p.wire.calls, "POST /user_management/users"); added != (tt.name == "added") {
				t.Errorf("calls %v", p.wire.calls)
			}
		})
	}
}

// Several users, or one with another address, are shown to choose from.
func TestSeveralUsers(t *testing.T) {
	p := withUser(t, 80, 24, 1)
	body := `{"data":[{"id":"user_01AAAAAAAA","email":"MARC@example.com","first_name":"Marc\u001b[2J"},{"id":"user_01BBBBBBBB","email":"marc@example.com"}],"list_metadata":{}}`
	p.wire.fault = answer(200, "application/json", body)
	p.press("u").types("marc@example.com").press("enter").at("users").sees("2 users found", "› MARC@example.com", "enter open")
	p.press("down", "down").sees("› marc@example.com").press("up", "down").press("enter").at("userFactors").sees("Users › marc@example.com")
	p.press("esc").at("users").sees("2 users found").types("m").sees("enter find").seesNo("found", "MARC")

	p.wire.fault = answer(200, "application/json", `{"data":[{"id":"user_01AAAAAAAA","email":"other@example.com"}],"list_metadata":{}}`)
	p.press("enter").at("users").sees("1 user found", "› other@example.com")
}

// Every failure is told where it happened, and what was typed is still there.
func TestUserFailures(t *testing.T) {
	tests := []struct {
		name  string
		fault func(*http.Request) (*http.Response, error)
		sees  string
	}{
		{"401", answer(401, "application/json", `{"message":"Unauthorized"}`), "refused the API key (401) · check WORKOS_API_KEY"},
		{"403", answer(403, "application/json", `{"message":"no\u0007 access"}`), "no access (403)"},
		{"429", answer(429, "application/json", `{"code":"rate_limit_exceeded"}`, "Retry-After", "30"), "too many requests (429) · try again in 30s"},
		{"500", answer(500, "application/json", `{"message":"oops"}`), "500 oops"},
		{"HTML", answer(200, "text/html", `<html>`), "not JSON"},
		{"no connection", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, "can't be reached: connection refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := withUser(t, 80, 24, 1).press("u").types("marc@example.com")
			p.wire.fault = tt.fault
			p.press("enter").at("users").sees("✗ no user was looked up", tt.sees, "› marc@example.com").seesNo("\x07", "<html>")
			p.wire.fault = func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "auth_factors") {
					return tt.fault(r)
				}
				return nil, nil
			}
			p.press("enter").at("userFactors").sees("✗ the factors were not loaded", tt.sees, "The factors are not loaded", "r to try again")
			p.press("d", "enter", "c").at("userFactors")
			p.wire.fault = nil
			p.press("r").sees("1 factor").seesNo("✗")
			if p.wire.fault = tt.fault; tt.name == "HTML" { // a deletion needs no answer that can be read
				return
			}
			p.press("d", "y").at("confirm").sees("✗", tt.sees)
			p.press("esc").at("userFactors").sees("1 factor")
		})
	}
}

// A user, or a factor, that was deleted meanwhile.
func TestUserDeletedElsewhere(t *testing.T) {
	p := withUser(t, 80, 24, 2).opens("marc@example.com")
	gone := p.left("marc@example.com")[0]
	if err := p.model.session.API.DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: gone.ID}); err != nil {
		t.Fatal(err)
	}
	p.press("d", "y").at("userFactors").sees("1 factor", "✓ deleted")
	p.wire.fault = answer(404, "application/json", `{"code":"entity_not_found","message":"User not found"}`)
	p.press("r").at("userFactors").sees("✗ the local engine does not know this user any more (404)")
}

// Answers that are slow: esc cancels what can be, and leaves what goes on; what
// arrives late changes what it is about.
func TestSlowUsers(t *testing.T) {
	p := withUser(t, 80, 24, 2)
	slow := p.slows()
	p.press("u").types("marc@example.com")
	slow.hang("enter")
	p.sees("Looking for the user…", "esc cancel").press("enter", "x").sees("› marc@example.com").seesNo("comx").press("esc").at("users").sees("cancelled").seesNo("Looking")
	slow.arrive()
	p.at("users").seesNo("✗")

	slow.passing = "/users"
	slow.hangThen("enter")
	p.at("userFactors").sees("Loading factors…", "esc cancel").press("d", "n").press("esc").at("userFactors").sees("cancelled", "The factors are not loaded")
	slow.arrive()
	slow.passing = "/auth_factors"
	p.press("r").sees("2 factors", "› SMS")

	p.press("d")
	slow.hang("y")
	p.sees("Deleting…").press("esc").at("userFactors").sees("it goes on", "2 factors")
	slow.release()
	slow.arrive()
	p.at("userFactors").sees("✓ deleted +• •••-•••-0002", "1 factor", "› TOTP").seesNo("SMS")
}

// An enrollment for a user that was left comes to the user's factors.
func TestSlowEnrollmentForUser(t *testing.T) {
	p := withUser(t, 80, 24, 2).opens("marc@example.com")
	slow := p.slows()
	p.press("n", "down", "down", "enter")
	slow.hang("enter")
	p.sees("Enrolling…").press("esc").at("userFactors").sees("the enrollment goes on", "2 factors")
	slow.release()
	slow.arrive()
	p.sees("✓ enrolled generic one-time code", "3 factors", "› SMS", "OTP generic")
}

// slowWire lets calls hang until they are let go, or cancelled.
type slowWire struct {
	p       *person
	passing string // the end of a path whose calls do not hang
	open    chan struct{}
	late    chan []tea.Cmd
}

func (p *person) slows() *slowWire {
	s := &slowWire{p: p, open: make(chan struct{}), late: make(chan []tea.Cmd, 1)}
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		if s.passing != "" && strings.HasSuffix(r.URL.Path, s.passing) {
			return nil, nil
		}
		select {
		case <-s.open:
			return nil, nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	return s
}

// hang presses a key and lets the call that it makes hang.
func (s *slowWire) hang(name string) {
	s.p.t.Helper()
	cmds := s.p.update(keyPress(name))
	go func() { s.late <- resolve(cmds) }()
}

// hangThen presses a key whose first call is answered, and lets
// the call that follows it hang.
func (s *slowWire) hangThen(name string) {
	s.p.t.Helper()
	var cmds []tea.Cmd
	for _, first := range resolve(s.p.update(keyPress(name))) {
		cmds = append(cmds, s.p.run(first)...)
	}
	go func() { s.late <- resolve(cmds) }()
}

// release lets the calls go.
func (s *slowWire) release() { close(s.open) }

// arrive lets what hung arrive at the machine.
func (s *slowWire) arrive() {
	s.p.t.Helper()
	for _, cmd := range <-s.late {
		for queue := s.p.run(cmd); len(queue) > 0; queue = queue[1:] {
			queue = append(queue, s.p.run(queue[0])...)
		}
	}
}

// A user's factor whose enrollment is not saved: the screen between leads on.
func TestUnsavedForUser(t *testing.T) {
	p := withUser(t, 80, 24, 0).opens("marc@example.com").press("n", "down", "enter").types("+15005550009")
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/enroll") {
			p.lock()
			p.wire.fault = nil
		}
		return nil, nil
	}
	p.press("enter").at("unsaved").sees("The factor is enrolled, but", "Users › marc@example.com")
	p.unlock()
	p.press("enter").at("factor").press("esc").at("userFactors").sees("1 factor")
}

// userFactorsWays walks the ways from a user's factors and back to them.
func userFactorsWays(t *testing.T) *person {
	t.Helper()
	p := withUser(t, 80, 24, 2)
	p.press("u", "esc").opens("marc@example.com").press("esc", "esc").opens("marc@example.com")
	p.press("n", "esc", "enter", "esc", "d", "esc", "c", "esc", "down", "c", "esc", "enter", "c", "esc", "esc")
	p.press("n", "down", "down", "enter", "enter").at("factor").press("c").types(p.shownCode()).at("result").press("esc").at("userFactors")
	slow := p.slows()
	p.press("n", "enter").types("Foo").press("enter")
	slow.hang("enter")
	p.press("esc").at("userFactors")
	slow.release()
	slow.arrive()
	return p
}

// Users and their factors can be clicked on.
func TestClickUsers(t *testing.T) {
	p := withUser(t, 80, 24, 3)
	click := func(y int) *person {
		p.send(tea.MouseMsg{X: 5, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
		return p
	}
	p.opens("marc@example.com")
	click(5).at("userFactors").sees("› SMS")
	click(5).at("factor").sees("– not on your list").press("esc")
	click(9).at("userFactors")
	p.press("d")
	click(8).at("userFactors").sees("3 factors") // on no
	p.press("esc", "esc", "u").types("marc@example.com")
	p.wire.fault = answer(200, "application/json", `{"data":[{"id":"user_1","email":"a@b.co"},{"id":"user_2","email":"c@d.co"}],"list_metadata":{}}`)
	p.press("enter")
	click(7).sees("› c@d.co")
	click(7).at("userFactors").sees("c@d.co")
}
