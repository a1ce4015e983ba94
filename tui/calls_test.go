package tui

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"mfa-tui/workos/inspect"
)

// The API calls lie over the screen, whose work keeps running below.
func TestCalls(t *testing.T) {
	p := newPerson(t, 80, 24).press("i").at("factors").sees("No API calls yet")
	p.enrollTOTP("Foo", "a@b.co").seesNo("no calls").press("i").sees("1 call", "POST", "/auth/factors/enroll", "201").seesNo("Scan this")
	p.press("enter").sees("201 Created", "12 ms", "[Request]", "POST /auth/factors/enroll", `"totp_issuer": "Foo"`)
	p.press("tab").sees("[Response]", "201 Created · req_", `"secret": "••••••"`).seesNo(p.newest().TOTP.Secret, "1–")
	p.resizes(80, 22).sees("1–13 of 15").press("pgdown").sees("3–15 of 15").press("home").sees("1–13").press("down", "down", "down").sees("3–15").press("up").sees("2–14").press("end").sees("3–15").resizes(80, 24)
	p.press("esc").sees("1 call").press("esc").at("qr").sees("Scan this")

	id := p.newest().ID
	p.press("enter").at("code").types("12").press("i").sees("2 calls", "/challenge").press("i").at("code").sees("│ 1 ││ 2 │")
	p.press("2", "3", "4", "5", "i", "enter").sees("/verify", `"code": "••••••"`).seesNo("122345", "12234")
	p.press("esc", "esc", "esc", "esc").at("factor").press("r", "i").sees("GET", "200")
	p.press("q")
	if !p.quit {
		t.Error("q does not quit")
	}
	if !strings.Contains(p.calls.Calls()[0].Path, id) {
		t.Errorf("recorded %q", p.calls.Calls()[0].Path)
	}
}

// Where letters are typed f2 opens it.
func TestCallsWhileTyping(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("n", "enter").types("i").at("enrollForm").sees("┃ i")
	p.press("f2").sees("1 call").press("f2").at("enrollForm").sees("┃ i")
}

// A failed call is listed, with the reason.
func TestCallsShowsFailures(t *testing.T) {
	p := threeFactors(t, 120, 40)
	p.wire.fault = answer(http.StatusNotFound, "application/json", `{"message":"no such factor","code":"entity_not_found"}`)
	p.press("r", "i").sees("404", "404 Not Found", "[Request]", "GET "+p.calls.Calls()[0].Path[:40]).press("tab").sees("req_test", "no such factor")
	p.wire.fault = func(*http.Request) (*http.Response, error) { return nil, errors.New("the cable is cut") }
	p.press("esc").at("factors").press("r", "i").sees("ERR", "no response").press("tab").sees("the cable is cut")
	p.press("G", "up", "up", "up").sees("404 Not Found", "[Response]", "no such factor")
}

// The list keeps what it tells where the detail stands beside it, what is wrapped stays
// behind its beginning, and a list says that it has more.
func TestCallsBesideTheirDetail(t *testing.T) {
	p := threeFactors(t, 120, 40).press("c").types("000000").press("i").sees("12:00:00 POST …/…1E2/verify ✗ not valid 201 12 ms │")
	if screen := p.screen(); !strings.Contains(screen, "│ POST /auth/challenges/auth_challenge_01") || !strings.Contains(screen, "│   MVCGJBDQ04PN1E2/verify") {
		t.Errorf("the path is not wrapped behind its beginning:\n%s", screen)
	}
	p.resizes(40, 12).press("esc").types("000001").types("000002").types("000003").types("000004").press("i").sees("page 1 of 2").press("esc", ":").sees("page 1 of")
}

// At the smallest size the detail says how the call ended, and that there is more text.
func TestCallsOnASmallTerminal(t *testing.T) {
	p := newPerson(t, 40, 12).enrollSMS("+15005550006").press("i", "enter", "tab").sees("201 POST /auth/factors/enroll", "[Response]", "Node ↓")
	p.press("pgdown").sees("Node ↕").press("end").sees("Node ↑", "updated_at").press("esc").sees("1 call").press("enter").sees("[Response]")
}

// When the chosen call is no longer kept, the nearest one is shown.
func TestCallsOfACallThatIsGone(t *testing.T) {
	p := threeFactors(t, 80, 24).press("i", "G", "enter", "esc").sees("▌ 12:00:00 POST")
	p.model.session.Calls = func() []inspect.Call { return p.calls.Calls()[:1] }
	p.press("enter").sees("201 Created", "generic_otp").press("esc").sees("1 call")
	p.model.session.Calls = p.calls.Calls
	p.sees("3 calls").press("k", "enter").sees("sms")
}

// A click chooses a call, then opens it; the forms can be clicked on too.
func TestCallsMouse(t *testing.T) {
	p := threeFactors(t, 80, 24).press("r", "i").sees("6 calls").clicks("POST").sees("▌ 12:00:00 POST").clicks("▌ 12:00:00  POST").sees("[Request]", "otp")
	p.clicks("curl").sees("[curl]").clicks("Response").sees("[Response]").clicks("object").sees("[Response]").wheels(tea.MouseButtonWheelDown)
	p.resizes(120, 40).clicks("Go ").sees("[Go]").clicks(" GET").sees("▌ 12:00:00 GET", "GetFactor(").clicks("newest first").sees("▌ 12:00:00 GET").clicks("esc back").at("factors").seesNo("6 calls")
}

// y copies what is shown.
func TestCallsCopies(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("i", "enter")
	for _, want := range []string{
		"POST /auth/factors/enroll\n{\n  \"type\": \"sms\"", "201 Created · req_", "curl https://api.workos.com/auth/factors/enroll", "client.MultiFactorAuth().EnrollFactor(", "client.multi_factor_auth.enroll_factor(", "workos.multiFactorAuth.enrollFactor(",
	} {
		p.press("y").sees("copied")
		if got := p.copied[len(p.copied)-1]; !strings.Contains(got, want) || !strings.Contains(got, "+15005550006") {
			t.Errorf("copied %q, want %q", got, want)
		}
		p.press("tab")
	}
	p.sees("[Request]").press("shift+tab").sees("[Node]").resizes(40, 12).sees("curl  Go  Python [Node]").clicks("Go ").sees("[Go]").press("y").sees("copied")
}

// The end of a path says what is done, so the beginning is cut.
func TestShortPath(t *testing.T) {
	challenge := inspect.Call{Path: "/auth/factors/auth_factor_01KF0RFJ30T93XQSC85VNKJAB7/challenge"}
	users := inspect.Call{Path: "/user_management/users", Query: "email=a%40b.co"}
	for _, tt := range []struct {
		call inspect.Call
		w    int
		want string
	}{
		{challenge, 31, "/auth/factors/…NKJAB7/challenge"}, {challenge, 30, "/auth/factors/…AB7/challenge"}, {challenge, 24, "…/factors/…AB7/challenge"},
		{challenge, 0, ""}, {challenge, -1, ""}, {users, 37, "/user_management/users?email=a%40b.co"}, {users, 36, "/user_management/users?…"}, {users, 10, "…/users"},
		{inspect.Call{Path: "/users/user_01KF0RFJ30T93XQSC85VNKJAB7/auth_factors", Query: "limit=5"}, 26, "/users/…AB7/auth_factors?…"}, {inspect.Call{}, 5, ""},
	} {
		got := shortPath(tt.call, tt.w)
		if got != tt.want || lipgloss.Width(got) > max(0, tt.w) {
			t.Errorf("%s in %d: %q, want %q", tt.call.Path, tt.w, got, tt.want)
		}
	}
}

// A wrong and a right code are both a 201: the list says which it was, on a small
// terminal with a mark.
func TestCallsSayWhatAResponseMeans(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c", "o")
	right := p.shownCode()
	p.types(wrong(right)).types(right).at("result").press("i").sees("/verify ✓ valid 201", "/verify ✗ not valid 201", "/enroll TOTP factor 201", "/enroll Generic OTP 201")
	p.resizes(40, 12).sees("/verify ✓ 201", "/verify ✗ 201").resizes(80, 24)
	p.press("down", "enter").sees("201 Created · ✗ not valid · 12 ms").press("tab").sees(`"valid": false`)
}

// JSON has colours: names, texts, numbers and words, and a code that is not valid most of all.
func TestJSONColours(t *testing.T) {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(termenv.TrueColor)
	st := newStyles(r, DarkTheme)
	for line, want := range map[string]string{
		`  "valid": false,`:         "  " + st.dim.Render(`"valid":`) + " " + st.bad.Render("false") + ",",
		`  "valid": true`:           "  " + st.dim.Render(`"valid":`) + " " + st.good.Render("true"),
		`  "n": -1.5e3,`:            "  " + st.dim.Render(`"n":`) + " " + st.accent.Render("-1.5e3") + ",",
		`  "x": null`:               "  " + st.dim.Render(`"x":`) + " " + st.accent.Render("null"),
		`  "a\"b": "c: \"true\" 1"`: "  " + st.dim.Render(`"a\"b":`) + " " + st.text.Render(`"c: \"true\" 1"`),
		`}`:                         "}", "not JSON, 17 bytes": "not JSON, 17 bytes", "": "",
	} {
		if got := st.json(line); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

// A line of JSON that is wrapped keeps its colours, and gives none to what is beside it.
func TestJSONColoursEndWithTheLine(t *testing.T) {
	p := threeFactors(t, 40, 12)
	p.model.session.Renderer.SetColorProfile(termenv.TrueColor)
	p.model.session.styles = newStyles(p.model.session.Renderer, DarkTheme)
	p.press("i", "enter", "tab")
	w, _ := p.model.session.box()
	calls := p.model.over.(callsScreen)
	call, _ := calls.call()
	for _, l := range calls.drawn(call, w) {
		if i := strings.LastIndex(l, "\x1b["); lipgloss.Width(l) > w || i >= 0 && !strings.HasPrefix(l[i:], "\x1b[0m") && !strings.HasPrefix(l[i:], "\x1b[m") {
			t.Errorf("%q leaves a colour on, or is too wide", l)
		}
	}
}
