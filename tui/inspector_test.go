package tui

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The inspector lies over the screen, whose work goes on below it.
func TestInspector(t *testing.T) {
	p := newPerson(t, 80, 24).press("i").at("factors").sees("no calls yet")
	p.enrollTOTP("Foo", "a@b.co").seesNo("no calls").press("i").sees("1 call", "POST", "/auth/factors/enroll", "201").seesNo("Scan this")
	p.press("enter").sees("201 Created", "12 ms", "[JSON]", `"totp_issuer": "Foo"`, `"secret": "••••••"`, "1–")
	p.seesNo(p.newest().TOTP.Secret)
	p.press("pgdown").seesNo("1–").press("home").sees("1–")
	p.press("esc").sees("1 call").press("esc").at("qr").sees("Scan this")

	id := p.newest().ID
	p.press("enter").at("code").types("12").press("i").sees("2 calls", "/challenge").press("i").at("code").sees("│ 1 ││ 2 │")
	p.press("2", "3", "4", "5", "i", "enter").sees("/verify", `"code": "••••••"`).seesNo("122345", "12234")
	p.press("esc", "esc", "esc", "esc").at("factor").press("r", "i").sees("GET", "200")
	p.press("q")
	if !p.quit {
		t.Error("q does not quit")
	}
	if !strings.Contains(p.wire.recorded[0].Path, id) {
		t.Errorf("recorded %q", p.wire.recorded[0].Path)
	}
}

// Where letters are typed f2 opens it.
func TestInspectorWhileTyping(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("n", "enter").types("i").at("enrollForm").sees("› i")
	p.press("f2").sees("1 call").press("f2").at("enrollForm").sees("› i")
}

// A call that fails is there as well, with why.
func TestInspectorShowsFailures(t *testing.T) {
	p := threeFactors(t, 120, 40)
	p.wire.fault = answer(http.StatusNotFound, "application/json", `{"message":"no such factor","code":"entity_not_found"}`)
	p.press("r", "i").sees("404", "404 Not Found", "req_test", "no such factor")
	p.wire.fault = func(*http.Request) (*http.Response, error) { return nil, errors.New("the cable is cut") }
	p.press("esc").at("factors").press("r", "i").sees("ERR", "no answer", "the cable is cut").press("G", "up", "up", "up").sees("404 Not Found")
}

// What is copied is what is shown.
func TestInspectorCopies(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("i", "enter")
	for _, want := range []string{
		"POST /auth/factors/enroll", "curl https://api.workos.com/auth/factors/enroll", "client.MultiFactorAuth().EnrollFactor(", "client.multi_factor_auth.enroll_factor(",
	} {
		p.press("y").sees("copied")
		if got := p.copied[len(p.copied)-1]; !strings.Contains(got, want) || !strings.Contains(got, "+15005550006") {
			t.Errorf("copied %q, want %q", got, want)
		}
		p.press("tab")
	}
	p.sees("[JSON]")
}

// Code has to be right in its language, whatever is in a call.
func TestSnippetsQuote(t *testing.T) {
	const nasty = "it's $HOME `x` \"q\" \\ é\n"
	c := Call{Method: "POST", Path: "/auth/factors/f'1/challenge", Request: Body{JSON: []byte(fmt.Sprintf(`{"sms_template":%q}`, nasty))}}
	s := newSnippet(c, "")
	for name, got := range map[string]string{
		`-d '{"sms_template":"it'\''s $HOME `:                              s.curl(),
		`'https://api.workos.com/auth/factors/f'\''1/challenge'`:           s.curl(),
		"SmsTemplate: workos.Ptr(\"it's $HOME `x` \\\"q\\\" \\\\ é\\n\"),": s.golang(),
		"sms_template=\"it's $HOME `x` \\\"q\\\" \\\\ é\\n\"":              s.python(),
	} {
		if !strings.Contains(got, name) {
			t.Errorf("%s\nwant %s", got, name)
		}
	}
	if got := newSnippet(Call{Method: "GET", Path: "/nowhere"}, "").golang(); !strings.Contains(got, noSDKCall) {
		t.Error(got)
	}
	for verb, want := range map[string]string{"DELETE": "curl -X DELETE ", "GET": "curl https://x/auth/factors/1"} {
		if got := newSnippet(Call{Method: verb, Path: "/auth/factors/1"}, "https://x").curl(); !strings.HasPrefix(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
