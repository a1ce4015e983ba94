package tui

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/muesli/termenv"

	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
)

// The tape tells each call as it happens, the newest first, with what was sent and
// answered and without secrets, beside every screen of a wide terminal.
func TestTape(t *testing.T) {
	p := newPerson(t, 150, 40).sees("API calls", "API calls appear here as they happen").enrollTOTP("Foo", "a@b.co")
	p.sees("API calls i opens", "POST /auth/factors/enroll 201 12 ms", `→ type: "totp", totp_issuer: "Foo"`, `totp_user: "a@b.co"`, `← id: "auth_factor_`, "totp: {…}")
	p.seesNo(p.newest().TOTP.Secret).press("enter").at("code")
	code := wrong(p.appCode(p.newest().ID))
	p.types(code).sees(`→ code: "••••••" `, "← valid: false, challenge: {…}").seesNo(code)
	screen := p.screen()
	if strings.Index(screen, "/verify") > strings.Index(screen, "/enroll") {
		t.Errorf("the newest call is not the first:\n%s", screen)
	}
	p.press("esc", "esc", "esc").press("n", "enter").types("abc").sees("f2 opens").press("f2").sees("3 calls · newest first").seesNo("opens").press("esc").sees("f2 opens")
	p.resizes(149, 40).seesNo("/verify", "opens").resizes(200, 50).sees("/verify", "f2 opens")
	if p.clicks("→ type"); p.model.over == nil {
		t.Errorf("a click on the tape does not open the calls:\n%s", p.screen())
	}
	if p.press("esc", "f1").clicks("→ type").seesNo("On this screen"); p.model.over != nil {
		t.Errorf("a click beside the help opens the calls:\n%s", p.screen())
	}
}

// A phone number is masked on the tape as in the list beside it.
func TestTapeMasksPhones(t *testing.T) {
	p := newPerson(t, 200, 50).enrollSMS("+15005550006").sees("POST /auth/factors/enroll", "-0006").seesNo("5005550006")
	p.resizes(80, 24).press("i", "enter").sees("+15005550006") // it was asked for
}

// A call that fails, and one that still runs, are on the tape too.
func TestTapeTellsFailures(t *testing.T) {
	p := threeFactors(t, 200, 50)
	p.wire.fault = answer(429, "application/json", `{"message":"Too \u001b[31mmany","code":"rate_limit_exceeded","errors":[{},{}]}`)
	p.press("c").sees(`POST /auth/factors/…0J987N/challenge 429`, `code: "rate_limit_exceeded"`, "errors: [2]")
	p.wire.fault = answer(502, "text/html", "<html>")
	p.press("c").sees("502", "← not JSON, 6 bytes")
	p.wire.fault = func(*http.Request) (*http.Response, error) { return nil, errors.New("no \x1b[31mroute to host") }
	p.press("c").sees("ERR", "← no [31mroute to host")
	if drawn := p.model.View(); strings.Contains(drawn, "\x1b") { // in tests there are no styles
		t.Errorf("an escape of a response is drawn: %q", drawn)
	}

	running := inspect.Call{Method: "GET", Path: "/auth/factors/x", Request: inspect.Body{JSON: []byte(`[1]`)}}
	p.model.session.Calls = func() []inspect.Call { return []inspect.Call{running} }
	p.sees("GET /auth/factors/x …", "→ [1]").seesNo("←")
}

// A wrong code is a call that worked: what it came to is red, not its status.
func TestTapeOfAWrongCode(t *testing.T) {
	st := newStyles(colourful(termenv.ANSI256), DarkTheme)
	call := inspect.Call{Method: "POST", Path: "/verify", Ended: true, Status: 201}
	for body, bad := range map[string]bool{
		`{"challenge":{"id":"x"},"valid":false}`: true,
		`{"challenge":{"id":"x"},"valid":true}`:  false,
		`{"message":"\"valid\":false"}`:          false,
	} {
		call.Response.JSON = []byte(body)
		drawn := strings.Join(taper{60, st}.call(call), "\n")
		if !strings.Contains(drawn, st.good.Render("201")) || strings.Contains(drawn, st.bad.Render("false")) != bad {
			t.Errorf("%s is drawn as %q", body, drawn)
		}
	}
}

// A QR code that needs the width has it, and gives it back.
func TestTapeLeavesRoomForAQRCode(t *testing.T) {
	p := newPerson(t, tapeFrom, 40).enrollTOTP("Foo", "a@b.co").sees("Does it scan?", "i opens")
	p.resizes(tapeFrom, 80).sees("Does it scan?").seesNo("opens") // a code of full blocks
	if d := p.model.screen.(qrScreen).drawing(); d.variant.Style() != "full" || d.place != inFrame {
		t.Errorf("drawn as %+v", d)
	}
	p.press("z").seesNo("opens").press("z", "esc").at("factor").sees("i opens")
}

// The tape takes none of a body's cells: a screen is drawn in its box, and a long
// notice stays beside the tape.
func TestTapeIsOutsideTheBox(t *testing.T) {
	p := threeFactors(t, 160, 30)
	w, _ := p.model.session.box()
	var said []string
	for i := range 50 {
		said = append(said, fmt.Sprintf("Fault%d", i))
	}
	p.send(noticeMsg{notice{failure, strings.Join(said, " ")}})
	p.sees("✗ " + said[0])
	for _, word := range said {
		if !strings.Contains(p.screen(), word) {
			t.Errorf("the tape covers %s:\n%s", word, p.screen())
		}
	}
	p.sees("POST /auth/factors/enroll")
	p.press("i")
	if f := p.model.frame(); f.body.Dx() != 156 || !f.tape.Empty() {
		t.Errorf("the API calls are in %v, the tape in %v", f.body, f.tape)
	}
	p.press("esc")
	if f := p.model.frame(); f.body.Dx() != w || f.body.Max.X >= f.tape.Min.X {
		t.Errorf("a body for %d columns is in %v, the tape in %v", w, f.body, f.tape)
	}
}

// manyUsers is an answer as long as one of 100 users.
func manyUsers() func(*http.Request) (*http.Response, error) {
	user := `{"object":"user","id":"user_01KF0RK7901MVCGJBDQ04PN1E2","email":"marc@example.com","first_name":"` + strings.Repeat("a", 200) + `"}`
	return answer(200, "application/json", `{"object":"list","data":[`+strings.Repeat(user+",", 99)+user+`],"list_metadata":{"after":null}}`)
}

// A full tape on a large terminal adds little to what a key costs, however much was
// answered.
func TestTapeCostsLittle(t *testing.T) {
	p := threeFactors(t, 200, 50)
	p.wire.fault = manyUsers()
	for range 10 {
		if _, err := p.model.session.API.ListUsers(context.Background(), workos.ListUsersOpts{}); err != nil {
			t.Fatal(err)
		}
	}
	p.wire.fault = nil
	p.sees("data: [100], list_metadata: {…}")
	for range 2 {
		if _, err := p.model.session.API.GetFactor(context.Background(), workos.GetFactorOpts{FactorID: p.newest().ID}); err != nil {
			t.Fatal(err)
		}
	}
	var m tea.Model = p.model
	keys := []tea.KeyMsg{{Type: tea.KeyDown}, {Type: tea.KeyUp}}
	if allocs := testing.AllocsPerRun(20, func() {
		for _, k := range keys {
			m, _ = m.Update(k)
			_ = m.View()
		}
	}); allocs > 2*1800 {
		t.Errorf("a key and its frame take %.0f allocations", allocs/2)
	}
}
