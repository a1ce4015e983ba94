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

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// hasUser adds a user at the other side, as an application would, with so many
// factors that are not in the factor file, TOTP and SMS by turns.
func (p *person) hasUser(email string, factors int) workos.User {
	p.t.Helper()
	client, ctx := p.model.session.API, context.Background()
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

// A mistake, and a user who was not found, is reported at the field.
func TestFindUser(t *testing.T) {
	tests := []struct {
		name  string
		do    func(*person)
		sees  []string
		after string
	}{
		{"nothing", func(p *person) { p.press("enter") }, []string{"✗ Not an e-mail address"}, "users"},
		{"no domain", func(p *person) { p.types("marc@").press("enter") }, []string{"✗ Not an e-mail address", "marc@"}, "users"},
		{"with a name", func(p *person) { p.types("Marc <marc@example.com>").press("enter") }, []string{"✗ Not an e-mail address"}, "users"},
		{"not there, local", func(p *person) { p.types("bob@example.com").press("enter") }, []string{"✗ No user has this address. Press enter to create one", "enter create user"}, "users"},
		{"not there, then another", func(p *person) {
			p.types("bob@example.co").press("enter").types("m").seesNo("No user has").press("enter")
		}, []string{"No user has"}, "users"},
		{"not there, live", func(p *person) { p.model.session.Mode = factors.Live; p.types("bob@example.com").press("enter") }, []string{"✗ No user has this address in this environment", "enter find"}, "users"},
		{"not there, live, again", func(p *person) {
			p.model.session.Mode = factors.Live
			p.types("bob@example.com").press("enter", "enter")
		}, []string{"No user has this address in this environment"}, "users"},
		{"q and u are letters", func(p *person) { p.types("qu?") }, []string{"┃ qu?"}, "users"},
		{"added", func(p *person) { p.types("bob@example.com").press("enter", "enter") }, []string{"✓ Created bob@example.com at the local engine", "No factors"}, "userFactors"},
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
	p.press("u").types("marc@example.com").press("enter").at("users").sees("2 users found", "▌ MARC@example.com", "enter open")
	if strings.ContainsAny(p.model.View(), "\x1b") {
		t.Errorf("the screen has control characters: %q", p.model.View())
	}
	p.press("down", "down").sees("▌ marc@example.com").press("up", "down").press("enter").at("userFactors").sees("Users › marc@example.com")
	p.press("esc").at("users").sees("2 users found").types("m").sees("enter find").seesNo("found", "MARC")

	p.wire.fault = answer(200, "application/json", `{"data":[{"id":"user_01AAAAAAAA","email":"other@example.com"}],"list_metadata":{}}`)
	p.press("enter").at("users").sees("1 user found", "▌ other@example.com")
}

// The first users are listed after a pause, once, and what is typed chooses from them
// without another call. A whole address is asked for.
func TestUsersAreListed(t *testing.T) {
	p := withUser(t, 80, 24, 1)
	p.hasUser("ada@example.com", 0)
	p.press("u").waits(200 * time.Millisecond).types("m").waits(200 * time.Millisecond)
	if len(p.wire.calls) > 0 {
		t.Fatalf("asked while a person types: %v", p.wire.calls)
	}
	p.waits(100*time.Millisecond).sees("┃ m", "2 users", "▌ ada@example.com Marc Turing created", "marc@example.com")
	p.types("arc@").sees("1 match in 2 users", "▌ marc@example.com", "enter open").seesNo("ada@")
	p.press("ctrl+u").types("TURING").sees("▌ ada@", "↑↓ move").press("down").sees("▌ marc@").press("enter").at("userFactors").sees("1 factor")
	p.press("esc").at("users").sees("┃ TURING", "▌ marc@").waits(time.Second)
	if want := []string{"GET /user_management/users", "GET /user_management/users/" + p.left("marc@example.com")[0].UserID + "/auth_factors"}; !slices.Equal(p.wire.calls[:2], want) || len(p.wire.calls) != 4 {
		t.Errorf("the calls are %v", p.wire.calls) // the last two are those of the test
	}
	p.press("ctrl+u").types("marc@example.com").sees("enter open")
	p.press("ctrl+u").types("arc@example.com").sees("1 match", "Press enter to ask for this address", "enter find").press("enter").sees("No user has this address")
	p.press("ctrl+u").types("arc@example.com").press("down").sees("enter open").press("enter").at("userFactors").sees("marc@example.com")
	p.press("esc").resizes(120, 40).sees("│ e-mail marc@example.com", "│ name Marc Turing", "│ ID user_")
}

// Never all pages: the screen says that there are more.
func TestMoreUsers(t *testing.T) {
	p := withUser(t, 80, 24, 0)
	p.wire.fault = answer(200, "application/json", `{"data":[{"id":"user_1","email":"a@b.co"}],"list_metadata":{"after":"user_1"}}`)
	p.press("u").waits(listPause).sees("The first 1 user; for others, type", "type the whole address and press enter", "▌ a@b.co").waits(time.Minute)
	if len(p.wire.calls) != 1 {
		t.Errorf("the calls are %v", p.wire.calls)
	}
}

// A list that fails is told until something is typed, and asked for again by enter alone.
// One that is left is cancelled, and asked for when the person comes back.
func TestUsersNotListed(t *testing.T) {
	p := withUser(t, 80, 24, 1)
	p.wire.fault = answer(403, "application/json", `{"message":"no access"}`)
	p.press("u").waits(listPause).sees("✗ Users could not be listed: no access (403)").seesNo("hole address").types("m").waits(time.Minute).seesNo("✗")
	if len(p.wire.calls) != 1 {
		t.Errorf("the calls are %v", p.wire.calls)
	}
	p.wire.fault = answer(429, "application/json", `{"code":"rate_limit_exceeded"}`)
	p.press("backspace").sees("┃ Press enter to list them again", "enter try again").press("enter").sees("✗ Users could not be listed: too many requests (429). Try again in a moment.", "Type a whole address instead")
	p.wire.fault = nil
	p.types("m").sees("┃ Type the whole address").press("backspace", "enter").seesNo("✗").sees("1 user").types("marc@example.com").press("enter").at("userFactors").press("esc", "esc").at("factors")
	p.wire.fault = answer(403, "application/json", `{"message":"no access"}`)
	p.press("u").waits(listPause).types("m")
	p.wire.fault = nil
	p.types("arc@example.com").sees("┃ Press enter to ask for this address").press("enter").at("userFactors").press("esc", "esc").at("factors")

	for _, leave := range []func(){
		func() { p.press("esc") },
		func() { p.press("ctrl+p").types("factors").press("enter") },
	} {
		slow := p.slows()
		slow.stuck = "/user_management/users"
		hangs, ended := p.wire.fault, error(nil)
		p.wire.fault = func(r *http.Request) (resp *http.Response, err error) {
			resp, ended = hangs(r)
			return resp, ended
		}
		p.press("u").at("users")
		p.now = p.now.Add(listPause)
		due := p.ticks[len(p.ticks)-1]
		cmds := p.update(due.msg())
		go func() { slow.late <- resolve(cmds) }()
		p.types("marc").sees("┃ marc")
		leave()
		p.at("factors")
		if slow.arrive(); !errors.Is(ended, context.Canceled) {
			t.Errorf("the list that was left ended with %v", ended)
		}
		p.wire.fault = nil
		p.at("factors").seesNo("could not").press("u").waits(listPause).sees("1 user").press("esc")
	}
}

// Enter creates no user where others are offered, nor with a part of an address, nor at a
// server that others may use. An arrow chooses, and enter then opens.
func TestEnterCreatesNobodyElse(t *testing.T) {
	p := withUser(t, 80, 24, 1).press("u").waits(listPause).types("marc@example").sees("▌ marc@example.com").press("enter")
	p.sees("✗ No user has this address. Check the spelling · ctrl+n creates one", "enter find", "ctrl+n create user").press("down", "enter").at("userFactors").sees("marc@example.com").press("esc")
	p.press("ctrl+u").types("bob@nowhere").press("enter").sees("Check the spelling", "enter find").press("enter").at("users")
	p.model.session.Mode = factors.Test
	p.press("ctrl+u").types("bob@example.com").press("enter").sees("Check the spelling · ctrl+n creates one", "enter find").press("enter").at("users")
	if slices.Contains(p.wire.calls, "POST /user_management/users") {
		t.Errorf("calls %v", p.wire.calls)
	}
	p.model.session.Mode = factors.Local
	p.press("ctrl+u").types("bob@example.com").press("enter").sees("enter create user").seesNo("ctrl+n").press("ctrl+n").at("userFactors")
}

// A user with a new address is added with a key, where users are no real people.
func TestAddUser(t *testing.T) {
	p := withUser(t, 80, 24, 0).press("u").types("bob@").seesNo("create user").types("example.com").sees("ctrl+n create user")
	p.press("ctrl+n").at("userFactors").sees("✓ Created bob@example.com").press("esc").at("users").sees("▌ bob@example.com").seesNo("create user")
	p.model.session.Mode = factors.Test // a server of ours
	p.press("ctrl+u").types("eve@example.com").sees("ctrl+n create user")
	p.model.session.Phone = nil
	p.seesNo("create user").press("ctrl+n").at("users")
}

// What was just verified says so in the user's list, on the list of factors or not, and
// the key for another enrollment is for the same user.
func TestVerifiedForUser(t *testing.T) {
	p := withUser(t, 80, 24, 1).opens("marc@example.com").press("c").at("code")
	p.types(p.appCode(p.left("marc@example.com")[0].ID)).at("result").sees("user marc@example.com").press("n").at("enrollType").sees("Which type of factor for marc@example.com?")
	p.press("down", "down", "enter", "enter").at("code").types(p.shownCode()).at("result").press("enter").at("userFactors")
	p.sees("▌ OTP Generic OTP ✓ verified just now", "TOTP Foo marc-1 ✓ verified just now")
	if r := p.newest(); r.UserID != p.left("marc@example.com")[0].UserID {
		t.Errorf("enrolled for %q", r.UserID)
	}
	p.press("esc", "esc", "home", "c").at("code").types(p.shownCode()).at("result").press("n").sees("Which type of factor for user_").press("down", "down", "enter", "enter")
	if r := p.newest(); r.UserID != p.left("marc@example.com")[0].UserID {
		t.Errorf("enrolled for %q", r.UserID)
	}
}

// A user's factor can be put on the list.
func TestPutOnList(t *testing.T) {
	p := withUser(t, 120, 40, 1).opens("marc@example.com").sees("a put on my list").press("a").at("userFactors").sees("✓ On your list now: Foo · marc-1").seesNo("a put")
	p.press("esc", "esc").at("factors").sees("4 factors", "Foo marc-1")
}

// Every failure is reported where it happened, and what was typed is kept.
func TestUserFailures(t *testing.T) {
	tests := []struct {
		name  string
		fault func(*http.Request) (*http.Response, error)
		sees  string
	}{
		{"401", answer(401, "application/json", `{"message":"Unauthorized"}`), "refused the API key (401)"},
		{"403", answer(403, "application/json", `{"message":"no\u0007 access"}`), "o access (403)"},
		{"429", answer(429, "application/json", `{"code":"rate_limit_exceeded"}`, "Retry-After", "30"), "try again in 30 seconds"},
		{"500", answer(500, "application/json", `{"message":"oops"}`), "500 oops"},
		{"HTML", answer(200, "text/html", `<html>`), "not JSON (200)"},
		{"no connection", func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }, "can't be reached: connection refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := withUser(t, 80, 24, 1).press("u").types("marc@example.com")
			p.wire.fault = tt.fault
			p.press("enter").at("users").sees("✗ The search failed", tt.sees, "┃ marc@example.com").seesNo("\x07", "<html>")
			p.wire.fault = func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "auth_factors") {
					return tt.fault(r)
				}
				return nil, nil
			}
			p.press("enter").at("userFactors").sees("✗ Loading the factors failed", tt.sees, "The factors could not be loaded", "r to try again")
			p.press("d", "enter", "c").at("userFactors")
			p.wire.fault = nil
			p.press("r").sees("1 factor").seesNo("✗")
			p.wire.fault = tt.fault
			p.press("d", "y").at("confirm").sees("✗", tt.sees)
			p.press("esc").at("userFactors").sees("1 factor")
		})
	}
}

// With a slow server esc cancels what can be cancelled and leaves the rest running. A
// late result changes the list that it belongs to.
func TestSlowUsers(t *testing.T) {
	p := withUser(t, 80, 24, 2)
	slow := p.slows()
	p.press("u").types("marc@example.com")
	slow.hang("enter")
	p.sees("Looking for the user…", "esc cancel").press("enter", "x").sees("┃ marc@example.com").seesNo("comx").press("esc").at("users").sees("Cancelled").seesNo("Looking")
	slow.arrive()
	p.at("users").seesNo("✗")

	slow.stuck = "/auth_factors"
	slow.hangThen("enter")
	p.at("userFactors").sees("Loading factors…", "esc cancel").press("d", "n").press("esc").at("userFactors").sees("Cancelled", "The factors could not be loaded")
	slow.arrive()
	slow.stuck = "/auth/factors/"
	p.press("r").sees("2 factors", "▌ SMS")

	p.press("d")
	slow.hang("y")
	p.sees("Deleting…").press("esc").at("userFactors").sees("keeps running in the background", "2 factors")
	slow.release()
	slow.arrive()
	p.at("userFactors").sees("✓ Deleted +• •••-•••-0002", "1 factor", "▌ TOTP").seesNo("SMS")
}

// An enrollment for a user that was left comes to the user's factors.
func TestSlowEnrollmentForUser(t *testing.T) {
	p := withUser(t, 80, 24, 2).opens("marc@example.com")
	slow := p.slows()
	p.press("n", "down", "down", "enter")
	slow.hang("enter")
	p.sees("Enrolling…").press("esc").at("userFactors").sees("keeps running in the background", "2 factors")
	slow.release()
	slow.arrive()
	p.sees("✓ Enrolled Generic OTP", "3 factors", "▌ SMS", "OTP Generic")
}

// An enrollment without a user that ends meanwhile is not put on a user's list.
func TestSlowEnrollmentForNobody(t *testing.T) {
	p := withUser(t, 80, 24, 2)
	slow := p.slows()
	slow.stuck = "/enroll"
	p.press("n", "down", "down", "enter")
	slow.hang("enter")
	p.press("esc").opens("marc@example.com")
	slow.release()
	slow.arrive()
	p.sees("✓ Enrolled Generic OTP", "2 factors", "▌ SMS").press("esc", "esc").sees("4 factors")
}

// slowWire lets calls hang until they are let go, or cancelled.
type slowWire struct {
	p     *person
	stuck string // a part of the paths whose calls hang, empty for all
	open  chan struct{}
	late  chan []tea.Cmd
}

func (p *person) slows() *slowWire {
	s := &slowWire{p: p, open: make(chan struct{}), late: make(chan []tea.Cmd, 1)}
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		if !strings.Contains(r.URL.Path, s.stuck) {
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

// hangThen presses a key whose first call is answered, and lets the one that
// follows it hang.
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

// arrive gives the delayed result to the machine.
func (s *slowWire) arrive() {
	s.p.t.Helper()
	for _, cmd := range <-s.late {
		for queue := s.p.run(cmd); len(queue) > 0; queue = queue[1:] {
			queue = append(queue, s.p.run(queue[0])...)
		}
	}
}

// userFactorsWays makes the moves from a user's factors and back to them.
func userFactorsWays(t *testing.T) *person {
	t.Helper()
	p := withUser(t, 80, 24, 2)
	p.press("u", "esc").opens("marc@example.com").press("esc", "esc").opens("marc@example.com")
	p.press("n", "esc", "enter", "esc", "d", "esc", "c", "esc", "down", "c", "esc", "enter", "c", "esc", "esc")
	p.press("n", "down", "down", "enter", "enter").at("code").types(p.shownCode()).at("result").press("esc").at("userFactors")
	slow := p.slows()
	p.press("n", "enter").types("Foo")
	slow.hang("enter")
	p.press("esc").at("userFactors")
	slow.release()
	slow.arrive()
	return p
}

// userFactorsAnswers answers the questions that are asked of a user's factors, and
// comes to a user from every screen that leads there.
func userFactorsAnswers(t *testing.T) *person {
	t.Helper()
	p := withUser(t, 80, 24, 2).opens("marc@example.com")
	p.press("d", "n", "d", "enter", "d", "y").at("userFactors").sees("1 factor")
	p.press("n", "down", "down", "enter", "enter").at("code").types(p.shownCode()).at("result").press("enter").at("userFactors")
	p.press("enter").at("factor").press("x", "y").at("userFactors").press("esc")
	p.press("ctrl+u").types("new@example.com").press("enter", "enter").at("userFactors").press("esc")
	p.wire.fault = answer(200, "application/json", `{"data":[{"id":"user_1","email":"a@b.co"},{"id":"user_2","email":"c@d.co"}],"list_metadata":{}}`)
	p.press("ctrl+u").types("a@b").press("enter", "enter").at("userFactors")
	p.wire.fault = nil
	return p.press("esc", "esc")
}

// Users and their factors can be clicked on.
func TestClickUsers(t *testing.T) {
	p := withUser(t, 80, 24, 3)
	click := func(y int) *person {
		p.send(tea.MouseMsg{X: 5, Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
		return p
	}
	p.opens("marc@example.com")
	click(7).at("userFactors").sees("▌ SMS")
	click(7).at("factor").sees("– not on your list").press("esc")
	click(10).at("userFactors")
	p.press("d")
	click(13).at("userFactors").sees("3 factors") // on no
	p.press("esc", "esc", "u").types("marc@example.com")
	p.wire.fault = answer(200, "application/json", `{"data":[{"id":"user_1","email":"a@b.co"},{"id":"user_2","email":"c@d.co"}],"list_metadata":{}}`)
	p.press("enter")
	click(9).sees("▌ c@d.co")
	click(9).at("userFactors").sees("c@d.co")
}
