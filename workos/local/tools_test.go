package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

const toEnroll = `{"type":"sms","phone_number":"+15005550006"}`

// A hook fails the calls that it is for, as many as it says.
func TestHooks(t *testing.T) {
	for _, test := range []struct {
		hook         string
		call         string
		status, then int
		contentType  string
		want         string
	}{
		{`{"method":"GET","path":"/auth/factors/x","status":500,"count":1}`, "GET /auth/factors/x", 500, 404, "application/json; charset=utf-8",
			`{"message":"Internal Server Error","code":"server_error"}`},
		{`{"method":"get","path":"/auth/factors/*","status":503}`, "GET /auth/factors/x", 503, 503, "application/json; charset=utf-8",
			`{"message":"Service Unavailable","code":"service_unavailable"}`},
		{`{"method":"*","path":"*","status":418}`, "POST /nowhere", 418, 418, "application/json; charset=utf-8", `{"message":"I'm a teapot"}`},
		{`{"method":"*","path":"/auth/*/x","status":409,"body":{"a":[1]}}`, "DELETE /auth/factors/x", 409, 409, "application/json; charset=utf-8", `{"a":[1]}`},
		{`{"method":"*","path":"/auth/*","status":502,"body":"<html>","headers":{"content-type":"text/html"}}`, "GET /auth/factors/x/y", 502, 502, "text/html", "<html>"},
		{`{"method":"GET","path":"/auth/factors/x","status":502,"body":"bad","count":2}`, "GET /auth/factors/x", 502, 502, "text/plain; charset=utf-8", "bad"},
		{`{"method":"GET","path":"/auth/factors/x","status":204}`, "GET /auth/factors/x", 204, 204, "", ""},
		{`{"method":"GET","path":"/auth/factors/x","delay_ms":1}`, "GET /auth/factors/x", 404, 404, "application/json; charset=utf-8",
			`{"message":"Authentication Factor not found: 'x'.","code":"entity_not_found","entity_id":"x"}`},
		{`{"method":"POST","path":"/auth/factors/x","status":500}`, "GET /auth/factors/x", 404, 404, "application/json; charset=utf-8",
			`{"message":"Authentication Factor not found: 'x'.","code":"entity_not_found","entity_id":"x"}`},
		{`{"method":"GET","path":"/auth/*/x/y","status":500}`, "GET /auth/factors/x", 404, 404, "application/json; charset=utf-8",
			`{"message":"Authentication Factor not found: 'x'.","code":"entity_not_found","entity_id":"x"}`},
	} {
		s := newSite(t)
		s.must(201, "POST /_emulate/hooks", test.hook, "Authorization", "")
		r := s.do(test.call, "")
		if r.status != test.status || r.body != test.want || r.header.Get("Content-Type") != test.contentType {
			t.Errorf("%s: %d %s %s", test.hook, r.status, r.header.Get("Content-Type"), r.body)
		}
		if r := s.do(test.call, ""); r.status != test.then {
			t.Errorf("%s: then %d %s", test.hook, r.status, r.body)
		}
		if r := s.do("GET /health", ""); r.status != 200 {
			t.Errorf("%s: health is %d", test.hook, r.status)
		}
	}
}

// Headers are sent as they are; a 429 says when to come again.
func TestHookHeaders(t *testing.T) {
	s := newSite(t)
	s.must(201, "POST /_emulate/hooks", `{"method":"GET","path":"*","status":429,"count":1}`)
	s.must(201, "POST /_emulate/hooks", `{"method":"GET","path":"*","status":429,"headers":{"Retry-After":"7"},"count":1}`)
	for _, want := range []string{"1", "7"} {
		if r := s.do("GET /auth/factors/x", ""); r.status != 429 || r.header.Get("Retry-After") != want {
			t.Errorf("%d, Retry-After %q, want %q", r.status, r.header.Get("Retry-After"), want)
		}
	}
	if r := s.do("GET /auth/factors/x", ""); strings.HasSuffix(r.body, "\n") {
		t.Errorf("the API ends %q with a newline, as WorkOS does not", r.body)
	}
	if hooks := s.do("GET /_emulate/hooks", ""); hooks.body != "[]\n" {
		t.Errorf("left are %s", hooks.body)
	}
}

func TestHookList(t *testing.T) {
	s := newSite(t)
	first := s.must(201, "POST /_emulate/hooks", `{"method":"GET","path":"/a","status":500,"count":3}`)["id"].(string)
	s.must(201, "POST /_emulate/hooks", `{"method":"GET","path":"/b","status":501}`)
	s.do("GET /a", "")
	want := `[{"id":"` + first + `","method":"GET","path":"/a","status":500,"count":2},`
	if r := s.do("GET /_emulate/hooks", ""); !strings.HasPrefix(r.body, want) || strings.Count(r.body, `"id"`) != 2 {
		t.Errorf("hooks are %s", r.body)
	}
	s.must(204, "DELETE /_emulate/hooks/"+first, "")
	s.must(404, "DELETE /_emulate/hooks/"+first, "")
	s.must(404, "GET /a", "")
	s.must(501, "GET /b", "")
	s.must(204, "DELETE /_emulate/hooks", "")
	s.must(404, "GET /b", "")
}

func TestHooksRefused(t *testing.T) {
	s := newSite(t)
	for _, hook := range []string{
		``, `x`, `[]`, `{}`, `{"method":"GET","status":500}`, `{"method":"GET","path":"a","status":500}`,
		`{"method":"GET","path":"/a"}`, `{"method":"GET","path":"/a","status":99}`, `{"method":"GET","path":"/a","status":0}`,
		`{"method":"GET","path":"/a","status":600}`, `{"method":"GET","path":"/a","status":500,"count":0}`,
		`{"method":"GET","path":"/a","status":500,"count":-1}`, `{"method":"GET","path":"/a","delay_ms":-1}`,
		`{"method":"GET","path":"/a","delay_ms":600001}`, `{"method":"GET","path":"/a","status":500,"delay":1}`,
		`{"method":"GET","path":"/a","status":500,"id":"hook_1"}`, `{"method":"GET","path":"/a","delay_ms":1,"body":{}}`,
		`{"method":"GET","path":"/a","status":500,"lost_sms":true}`, `{"method":"GET","path":"/a","status":500} {}`,
		`{"method":"GET","path":"/a","status":500,"headers":{"content-length":"1"}}`,
		`{"path":"/a?b=1","status":500}`, `{"path":"/_emulate/*","status":500}`,
	} {
		s.meets("POST /_emulate/hooks", hook, 400, `{"message":"<text>","code":"bad_request"}`)
	}
	if len(s.engine.Hooks()) > 0 {
		t.Errorf("added %v", s.engine.Hooks())
	}
}

// Each error of the table can be made on its route, in its shape: with its status alone if
// it has no code, and without a status if there is one only.
func TestHookErrors(t *testing.T) {
	k, err := knownAnswers()
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t)
	made := 0
	for route, answers := range k.Answers {
		call := strings.NewReplacer("{id}", "x", "{external_id}", "x", "{client_id}", "x", anyRoute, "POST /auth/factors/enroll", noRoute, "PUT /nowhere").Replace(route)
		for status, answer := range answers {
			codes, _ := answer.(map[string]any)
			for code := range codes {
				made++
				s.must(204, "DELETE /_emulate/hooks", "")
				s.must(201, "POST /_emulate/hooks", fmt.Sprintf(`{"path":"*","status":%d,"code":%q}`, status, code))
				r := s.do(call, "")
				seen, differs := k.answer(route, r.status, []byte(r.body))
				if r.status != status || !strings.HasSuffix(seen, strings.TrimSpace(" "+code)) || differs != "" {
					t.Errorf("%s %d %s: got %d %s, %q, %s", route, status, code, r.status, r.body, seen, differs)
				}
			}
		}
	}
	if made < 60 {
		t.Errorf("only %d errors were made", made)
	}
	s.must(204, "DELETE /_emulate/hooks", "")
	hook := s.must(201, "POST /_emulate/hooks", `{"path":"/auth/challenges/*/verify","code":"authentication_challenge_expired","count":1}`)
	if hook["status"] != 422.0 || hook["method"] != "*" {
		t.Errorf("the hook is %v", hook)
	}
	s.meets("POST /auth/challenges/x/verify", `{"code":"1"}`, 422, `{"message":"The authentication challenge has expired.","code":"authentication_challenge_expired"}`)
	s.must(201, "POST /_emulate/hooks", `{"path":"*","status":404}`)
	s.meets("GET /user_management/users/x/auth_factors", "", 404, `{"message":"User not found: 'x'.","code":"entity_not_found","entity_id":"x"}`)
}

// A broken connection is an error of the client's: in the middle of a response whose call
// has worked, or in its place.
func TestHookBreaks(t *testing.T) {
	s := newSite(t)
	send := func(client http.RoundTripper) (status int, body string, err error) {
		t.Helper()
		r, err := http.NewRequest("POST", s.url+"/auth/factors/enroll", strings.NewReader(toEnroll))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+siteKey)
		resp, err := client.RoundTrip(r)
		if err != nil {
			return 0, "", err
		}
		defer resp.Body.Close()
		data, err := io.ReadAll(resp.Body)
		return resp.StatusCode, string(data), err
	}
	for name, client := range map[string]http.RoundTripper{"server": &http.Transport{DisableKeepAlives: true}, "in the process": s.engine} {
		for hook, want := range map[string]struct {
			status int
			body   string
			err    error
		}{
			`{"path":"*","cut_after":10,"count":1}`:                             {201, `{"object":`, io.ErrUnexpectedEOF},
			`{"path":"*","cut_after":0,"count":1}`:                              {201, "", io.ErrUnexpectedEOF},
			`{"path":"*","cut_after":5,"status":502,"body":"<html>","count":1}`: {502, "<html", io.ErrUnexpectedEOF},
			`{"path":"*","cut_after":6,"status":502,"body":"<html>","count":1}`: {502, "<html>", nil},
			`{"path":"*","reset":true,"count":1}`:                               {0, "", syscall.ECONNRESET},
			`{"path":"*","reset":true,"delay_ms":1,"count":1}`:                  {0, "", syscall.ECONNRESET},
		} {
			s.must(204, "POST /_emulate/reset", "")
			s.must(201, "POST /_emulate/hooks", hook)
			if status, body, err := send(client); status != want.status || body != want.body || !errors.Is(err, want.err) && (err == nil || runtime.GOOS != "windows") { // whose errors are its own
				t.Errorf("%s, %s: %d %q, %v", name, hook, status, body, err)
			}
			if status, _, err := send(client); status != 201 || err != nil {
				t.Errorf("%s, %s: then %d, %v", name, hook, status, err)
			}
		}
	}
	// The call that was cut short has its effect, and one that was reset has none.
	for hook, want := range map[string]string{`{"path":"*","cut_after":0,"count":1}`: "200", `{"path":"*","reset":true,"count":1}`: "404"} {
		s.must(204, "POST /_emulate/reset", "")
		s.must(201, "POST /_emulate/hooks", hook)
		r, err := http.NewRequest("POST", s.url+"/user_management/users", strings.NewReader(`{"email":"a@b.co","external_id":"1"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+siteKey)
		if resp, err := s.engine.RoundTrip(r); err == nil {
			resp.Body.Close()
		}
		if got := s.do("GET /user_management/users/external_id/1", ""); fmt.Sprint(got.status) != want {
			t.Errorf("%s: %d %s", hook, got.status, got.body)
		}
	}
}

// A refused hook is told each field that does not fit.
func TestHookMistakes(t *testing.T) {
	s := newSite(t)
	for hook, fields := range map[string]string{
		`{"path":"a","status":99,"count":-1,"delay_ms":-1,"cut_after":-1}`: "count must be|cut_after must be|delay_ms must be|path must be|status must be",
		`{"path":"*"}`:                                                  "status, code, delay_ms, cut_after, reset or lost_sms",
		`{"path":"*","code":"no_such"}`:                                 `code "no_such" is not known`,
		`{"path":"*","code":"not_emulated"}`:                            "code not_emulated needs the status 400 or 404 or 405",
		`{"path":"*","code":"invalid_email","status":422}`:              "code invalid_email needs the status 400",
		`{"path":"*","code":"invalid_email","body":{}}`:                 "body can't be combined with code",
		`{"path":"*","cut_after":1,"body":{},"headers":{"a":"b"}}`:      "body needs a status|headers need",
		`{"path":"*","reset":true,"cut_after":1}`:                       "reset can't be combined",
		`{"path":"*","code":"invalid_email","lost_sms":true}`:           "lost_sms can't be combined",
		`{"path":"*","status":500,"headers":{"transfer-encoding":"x"}}`: "headers can't have transfer-encoding",
		`{"path":"*","status":"500"}`:                                   "status must be a whole number",
		`{"path":7,"status":500}`:                                       "path must be a string",
		`{"path":"*","reset":1}`:                                        "reset must be a boolean",
		`{"path":"*","status":500,"delay":1}`:                           `unknown field "delay"`,
	} {
		r := s.do("POST /_emulate/hooks", hook)
		for field := range strings.SplitSeq(fields, "|") {
			if r.status != 400 || !strings.Contains(r.body, strings.ReplaceAll(field, `"`, `\"`)) {
				t.Errorf("%s: %d %s, want %s", hook, r.status, r.body, field)
			}
		}
	}
}

// A delayed call ends when nobody waits for it any longer.
func TestHookDelayEnds(t *testing.T) {
	s := newSite(t)
	if _, err := s.engine.AddHook(local.Hook{Method: "*", Path: "*", Status: 500, DelayMS: 600_000}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", "http://x/auth/factors/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+siteKey)
	if _, err := s.engine.RoundTrip(r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the call ended with %v", err)
	}
}

// A lost message is the only thing that goes wrong with its challenge.
func TestLostSMS(t *testing.T) {
	s := newSite(t)
	s.must(201, "POST /_emulate/hooks", `{"method":"POST","path":"/auth/factors/*/challenge","lost_sms":true,"count":1}`)
	f := s.enroll(toEnroll)
	s.challenge(f)
	if r := s.do("GET /_emulate/sms", ""); r.body != "[]\n" {
		t.Errorf("the outbox has %s", r.body)
	}
	s.challenge(f)
	if r := s.do("GET /_emulate/sms", ""); strings.Count(r.body, `"to"`) != 1 {
		t.Errorf("the outbox has %s", r.body)
	}
}

// The outbox has the newest message first, with the code that verifies.
func TestSMS(t *testing.T) {
	s := newSite(t)
	one, two := s.enroll(toEnroll), s.enroll(`{"type":"sms","phone_number":"+4915112345678"}`)
	older, newer, other := s.challenge(one), s.challenge(one), s.challenge(two)
	s.must(201, "POST /auth/factors/"+two+"/challenge", `{"sms_template":"no placeholder"}`)
	list := func(query string) (all []map[string]any) {
		t.Helper()
		if err := json.Unmarshal([]byte(s.do("GET /_emulate/sms"+query, "", "Authorization", "").body), &all); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := list(""); len(all) != 4 || all[0]["code"] != "" || all[1]["challenge_id"] != other || all[1]["factor_id"] != two || all[3]["challenge_id"] != older {
		t.Errorf("the outbox has %v", all)
	}
	for _, query := range []string{"?to=%2B15005550006", "?to=+15005550006", "?to=15005550006"} {
		got := list(query)
		if len(got) != 2 || got[0]["challenge_id"] != newer || got[0]["to"] != "+15005550006" || got[0]["sent_at"] != "2026-01-15T12:00:00.000Z" ||
			got[0]["body"] != fmt.Sprintf("Your verification code is %s.", got[0]["code"]) {
			t.Errorf("%s: %v", query, got)
		}
	}
	code := list("?to=+15005550006")[0]["code"]
	if v := s.must(201, "POST /auth/challenges/"+newer+"/verify", fmt.Sprintf(`{"code":%q}`, code)); v["valid"] != true {
		t.Errorf("the code of the outbox is wrong: %v", v)
	}
	s.must(204, "DELETE /_emulate/sms?to=+15005550006", "")
	if all := list(""); len(all) != 2 {
		t.Errorf("left are %v", all)
	}
	s.must(204, "DELETE /_emulate/sms", "")
	if all := list(""); len(all) != 0 {
		t.Errorf("left are %v", all)
	}
}

// With the clock moved, a code expires without a wait.
func TestClock(t *testing.T) {
	s := newSite(t)
	f := s.enroll(`{"type":"generic_otp"}`)
	c := s.must(201, "POST /auth/factors/"+f+"/challenge", "{}")
	verify := fmt.Sprintf("POST /auth/challenges/%s/verify", c["id"])
	s.meets("GET /_emulate/clock", "", 200, `{"now":"2026-01-15T12:00:00.000Z","offset":"0s"}`)
	s.meets("POST /_emulate/clock", `{"advance":"9m"}`, 200, `{"now":"2026-01-15T12:09:00.000Z","offset":"9m0s"}`)
	s.must(201, verify, `{"code":"x"}`)
	s.must(200, "POST /_emulate/clock", `{"advance":"400ms"}`)
	s.meets("GET /_emulate/clock", "", 200, `{"now":"2026-01-15T12:09:00.400Z","offset":"9m0s"}`)
	s.must(200, "POST /_emulate/clock", `{"set":"2026-01-15T12:09:00Z"}`)
	s.meets("POST /_emulate/clock", `{"advance":"61s"}`, 200, `{"now":"2026-01-15T12:10:01.000Z","offset":"10m1s"}`)
	s.meets(verify, fmt.Sprintf(`{"code":%q}`, c["code"]), 422, `{"message":"<text>","code":"authentication_challenge_expired"}`)
	s.meets("POST /_emulate/clock", `{"set":"2027-01-01T00:00:00+01:00"}`, 200, `{"now":"2026-12-31T23:00:00.000Z","offset":"8411h0m0s"}`)
	s.must(204, "DELETE /_emulate/clock", "")
	if v := s.must(201, verify, fmt.Sprintf(`{"code":%q}`, c["code"])); v["valid"] != true {
		t.Errorf("with the right time: %v", v)
	}
	for _, body := range []string{``, `{}`, `{"advance":"soon"}`, `{"advance":""}`, `{"set":"tomorrow"}`, `{"advance":"1m","set":"2027-01-01T00:00:00Z"}`,
		`{"advance":"1000000h"}`, `{"set":"1960-01-01T00:00:00Z"}`, `{"set":"9999-01-01T00:00:00Z"}`, `{"forward":"1m"}`} {
		s.meets("POST /_emulate/clock", body, 400, `{"message":"<text>","code":"bad_request"}`)
	}
	s.meets("POST /_emulate/clock", `{"set":"x"}`, 400, `{"message":"set must be a time such as \"2026-01-15T12:00:00Z\"","code":"bad_request"}`)
	if s.engine.ClockOffset() != 0 {
		t.Errorf("the clock is off by %s", s.engine.ClockOffset())
	}
}

// A reset leaves the seed and nothing else.
func TestReset(t *testing.T) {
	s := newSite(t, func(o *local.Options) { o.Seed, o.RateLimit = goodSeed(t), 9 })
	s.must(204, "DELETE /auth/factors/auth_factor_01APP", "")
	f := s.enroll(toEnroll)
	c := s.challenge(f)
	s.must(201, "POST /user_management/users", `{"email":"c@d.co"}`, "Idempotency-Key", "1")
	s.must(200, "POST /_emulate/clock", `{"advance":"10m"}`)
	s.must(201, "POST /_emulate/hooks", `{"method":"*","path":"*","status":500}`)
	s.must(204, "POST /_emulate/reset", "", "Authorization", "")
	s.must(404, "GET /auth/factors/"+f, "")
	s.must(404, "POST /auth/challenges/"+c+"/verify", `{"code":"1"}`)
	s.must(200, "GET /auth/factors/auth_factor_01APP", "")
	s.must(201, "POST /user_management/users", `{"email":"c@d.co"}`, "Idempotency-Key", "1")
	if r := s.do("GET /_emulate/sms", ""); r.body != "[]\n" {
		t.Errorf("the outbox has %s", r.body)
	}
	if left := s.do("GET /auth/factors/x", "").header.Get("X-RateLimit-Remaining"); left != "4" {
		t.Errorf("%s requests are left", left)
	}
	s.meets("GET /_emulate/clock", "", 200, `{"now":"<time>","offset":"0s"}`)
}

// No route answers what a browser was led to: by a name of somebody else's that leads here,
// or by a page of another origin. A name of this machine, an address, and one that is
// allowed are good.
func TestForeignRequests(t *testing.T) {
	s := newSite(t, func(o *local.Options) { o.AllowedHosts = []string{"Engine.test", "dotted.test."} })
	k, err := knownAnswers()
	if err != nil {
		t.Fatal(err)
	}
	routes := []string{"GET /", "GET /nowhere", "OPTIONS /auth/factors/x"}
	for route := range k.Answers {
		if strings.Contains(route, "/") {
			routes = append(routes, route)
		}
	}
	for _, tool := range s.must(200, "GET /", "")["tools"].([]any) {
		routes = append(routes, tool.(string))
	}
	hook := local.Hook{Method: "*", Path: "*", Status: 500, Count: 1}
	ok(s.engine.AddHook(hook))(t)
	for _, route := range routes {
		for _, header := range [][]string{
			{"Host", "attacker.example"}, {"Host", "attacker.example:4100"}, {"Host", "localhost.attacker.example"}, {"Host", "127.0.0.1.attacker.example"},
			{"Host", "sub.engine.test"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "http://attacker.example"}, {"Origin", "null"},
		} {
			s.meets(route, "", 403, `{"message":"<text>","code":"forbidden"}`, header...)
		}
	}
	if len(s.engine.Hooks()) != 1 {
		t.Error("a foreign request has used a hook")
	}
	s.engine.RemoveHooks()
	for _, host := range []string{
		"localhost", "LOCALHOST:1", "localhost.", "a.localhost:1", "127.0.0.1", "127.1.2.3:80", "[::1]", "[::1]:80", "192.0.2.1:4100", "engine.test", "ENGINE.test:4100", "dotted.test",
	} {
		s.must(401, "GET /auth/factors/x", "", "Host", host, "Authorization", "")
		s.must(204, "POST /_emulate/reset", "", "Host", host)
	}
	bare := httptest.NewRequest("GET", "/", nil) // as HTTP/1.0 may be
	bare.Host = ""
	w := httptest.NewRecorder()
	if s.engine.ServeHTTP(w, bare); w.Code != 403 || strings.Contains(w.Body.String(), "--allowed-host") {
		t.Errorf("without a host: %d %s", w.Code, w.Body)
	}
	for _, site := range []string{"same-origin", "none"} {
		s.must(200, "GET /", "", "Sec-Fetch-Site", site)
	}
	s.must(204, "POST /_emulate/reset", "", "Origin", s.url)
	if m := s.must(403, "GET /", "", "Host", "mine.example:1")["message"].(string); !strings.Contains(m, "--allowed-host mine.example") {
		t.Errorf("it does not say what to do: %s", m)
	}
}

// The tools are for programs on this machine and where the options say, by the address
// that the connection comes from.
func TestToolsAreForThisMachine(t *testing.T) {
	s := newSite(t)
	named := newSite(t, func(o *local.Options) {
		o.EmulateFrom = []netip.Prefix{netip.MustParsePrefix("172.16.0.0/12"), netip.MustParsePrefix("fe80::/10")}
	})
	for _, test := range []struct {
		address               string
		ofMachine, ofNamedToo int
	}{
		{"192.0.2.1:999", 403, 403}, {"[2001:db8::1]:999", 403, 403}, {"x", 403, 403},
		{"127.0.0.1:999", 204, 204}, {"[::1]:999", 204, 204}, {"[::ffff:127.0.0.1]:9", 204, 204}, {"", 204, 204},
		{"172.31.255.255:1", 403, 204}, {"[::ffff:172.16.0.1]:1", 403, 204}, {"172.32.0.0:1", 403, 403}, {"[fe80::1%eth0]:1", 403, 204},
	} {
		for engine, status := range map[*local.Engine]int{s.engine: test.ofMachine, named.engine: test.ofNamedToo} {
			r := httptest.NewRequest("POST", "http://localhost/_emulate/reset", nil)
			r.RemoteAddr = test.address
			r.Header.Set("X-Forwarded-For", "127.0.0.1")
			w := httptest.NewRecorder()
			engine.ServeHTTP(w, r)
			if w.Code != status {
				t.Errorf("from %q: %d, want %d", test.address, w.Code, status)
			}
			if peer, err := netip.ParseAddrPort(test.address); err == nil && status == 403 &&
				!strings.Contains(w.Body.String(), "--emulate-from "+peer.Addr().Unmap().WithZone("").String()+`"`) {
				t.Errorf("it does not say what to do: %s", w.Body)
			}
		}
	}
	s.meets("GET /_emulate/nothing", "", 404, notEmulated("GET /_emulate/nothing"))
	s.meets("PUT /_emulate/clock", "", 405, wrongMethod("PUT /_emulate/clock", "DELETE, GET, HEAD or POST"))
	s.meets("POST /_emulate/hooks", strings.Repeat("x", 1<<20+1), 413, `{"message":"<text>","code":"payload_too_large"}`)
}

// So many requests a minute by the engine's clock, and no more.
func TestRateLimit(t *testing.T) {
	s := newSite(t, func(o *local.Options) { o.RateLimit = 2 })
	minute := func() {
		t.Helper()
		for _, left := range []string{"1", "0"} {
			r := s.do("GET /auth/factors/x", "")
			if r.status != 404 || r.header.Get("X-RateLimit-Limit") != "2" || r.header.Get("X-RateLimit-Remaining") != left {
				t.Errorf("%d %v", r.status, r.header)
			}
		}
		s.must(200, "POST /_emulate/clock", `{"advance":"20s"}`)
		r := s.do("GET /auth/factors/x", "")
		if r.status != 429 || r.body != `{"message":"Too many requests.","code":"rate_limit_exceeded"}` || r.header.Get("Retry-After") != "40" || r.header.Get("X-RateLimit-Remaining") != "0" {
			t.Errorf("%d %v %s", r.status, r.header, r.body)
		}
		if reset, want := r.header.Get("X-RateLimit-Reset"), fmt.Sprint(s.engine.Time().Add(40*time.Second).Unix()); reset != want {
			t.Errorf("the limit ends at %s, want %s", reset, want)
		}
	}
	s.must(401, "GET /auth/factors/x", "", "Authorization", "") // which does not count
	minute()
	s.must(200, "POST /_emulate/clock", `{"advance":"40s"}`)
	minute()
	s.must(200, "GET /health", "")
}

// Without a limit the headers have the usual one, and nobody is refused.
func TestNoRateLimit(t *testing.T) {
	s := newSite(t)
	if h := s.do("GET /auth/factors/x", "").header; h.Get("X-RateLimit-Limit") != "6000" || h.Get("X-RateLimit-Remaining") != "5999" {
		t.Error(h)
	}
}
