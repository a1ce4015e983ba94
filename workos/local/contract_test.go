package local_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

const siteKey = "sk_test_site"

var siteStart = time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)

// site is an engine behind a port of this machine.
type site struct {
	t      testing.TB
	engine *local.Engine
	url    string
	client *http.Client
	seen   *sync.Map // the answers, as a watch names them
}

func newSite(t testing.TB, change ...func(*local.Options)) *site {
	t.Helper()
	opts := local.Options{
		APIKey: siteKey, Now: func() time.Time { return siteStart }, Rand: rand.NewChaCha8([32]byte{7}),
	}
	for _, c := range change {
		c(&opts)
	}
	engine := local.New(opts)
	if err := engine.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	seen := new(sync.Map)
	server := httptest.NewServer(watch{t, engine, seen})
	t.Cleanup(server.Close)
	return &site{t, engine, server.URL, siteClient(), seen}
}

// reply is an answer that was read.
type reply struct {
	status int
	header http.Header
	body   string
}

// do sends a request, "METHOD /path", with the key unless the header says otherwise.
func (s *site) do(call, body string, header ...string) reply {
	s.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	var r io.Reader
	if body != "" {
		r = strings.NewReader(body)
	}
	req, err := http.NewRequest(method, s.url+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+siteKey)
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	if host := req.Header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := s.client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, string(data)}
}

// siteClient keeps a connection for each of many clients.
var siteClient = sync.OnceValue(func() *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
})

// must sends a request that has to be answered with this status, and returns the body.
func (s *site) must(status int, call, body string, header ...string) map[string]any {
	s.t.Helper()
	r := s.do(call, body, header...)
	if r.status != status {
		s.t.Fatalf("%s: %d %s", call, r.status, r.body)
	}
	var object map[string]any
	if r.body != "" {
		if err := json.Unmarshal([]byte(r.body), &object); err != nil {
			s.t.Fatalf("%s: %v in %s", call, err, r.body)
		}
	}
	return object
}

func (s *site) enroll(body string) string {
	s.t.Helper()
	return s.must(201, "POST /auth/factors/enroll", body)["id"].(string)
}

func (s *site) challenge(factor string) string {
	s.t.Helper()
	return s.must(201, "POST /auth/factors/"+factor+"/challenge", "{}")["id"].(string)
}

// kinds are what a value in an expectation may stand for.
var kinds = map[string]*regexp.Regexp{
	"<factor>":    regexp.MustCompile(`^auth_factor_[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
	"<challenge>": regexp.MustCompile(`^auth_challenge_[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
	"<user>":      regexp.MustCompile(`^user_[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
	"<time>":      regexp.MustCompile(`^2026-01-15T12:00:00\.000Z$`),
	"<end>":       regexp.MustCompile(`^2026-01-15T12:10:00\.000Z$`),
	"<secret>":    regexp.MustCompile(`^[A-Z2-7]{32}$`),
	"<png>":       regexp.MustCompile(`^data:image/png;base64,iVBORw0KGgo[A-Za-z0-9+/]+=*$`),
	"<uri>":       regexp.MustCompile(`^otpauth://totp/Foo%20Corp:a@b\.co\?secret=[A-Z2-7]{32}&issuer=Foo%20Corp$`),
	"<code>":      regexp.MustCompile(`^[0-9]{6}$`),
	"<event>":     regexp.MustCompile(`^event_[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
	"<magic>":     regexp.MustCompile(`^magic_auth_[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
	"<token>":     regexp.MustCompile(`^[A-Z2-7]{32}$`),
	"<jwt>":       regexp.MustCompile(`^eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{342}$`),
	"<key>":       regexp.MustCompile(`^sso_oidc_key_pair_[0-7][0-9A-HJKMNP-TV-Z]{25}$`),
	"<base64>":    regexp.MustCompile(`^[A-Za-z0-9+/_-]+=*$`),
	"<text>":      regexp.MustCompile(`.`),
}

// differs returns where a value is not what was expected, "" if nowhere. Objects
// have the expected names and no others.
func differs(at string, got, want any) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%s is %v, want an object", at, got)
		}
		for name := range object {
			if _, ok := want[name]; !ok {
				return fmt.Sprintf("%s.%s is too much", at, name)
			}
		}
		for name, w := range want {
			g, ok := object[name]
			if !ok {
				return fmt.Sprintf("%s.%s is missing", at, name)
			}
			if d := differs(at+"."+name, g, w); d != "" {
				return d
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Sprintf("%s is %v, want %d values", at, got, len(want))
		}
		for i := range want {
			if d := differs(fmt.Sprintf("%s[%d]", at, i), list[i], want[i]); d != "" {
				return d
			}
		}
		return ""
	case string:
		text, ok := got.(string)
		if kind := kinds[want]; ok && (kind == nil && text == want || kind != nil && kind.MatchString(text)) {
			return ""
		}
	default:
		if got == want {
			return ""
		}
	}
	return fmt.Sprintf("%s is %v, want %v", at, got, want)
}

// The parts of the expectations below.
const (
	stamps    = `"created_at":"<time>","updated_at":"<time>"`
	factor    = `"object":"authentication_factor","id":"<factor>",` + stamps
	plainTOTP = `{` + factor + `,"type":"totp","totp":{"issuer":"Foo Corp","user":"a@b.co"}}`
	toldTOTP  = `"type":"totp","totp":{"issuer":"Foo Corp","user":"a@b.co","secret":"<secret>","qr_code":"<png>","uri":"<uri>"}`
	sms       = `{` + factor + `,"type":"sms","sms":{"phone_number":"+15005550006"}}`
	otp       = `{` + factor + `,"type":"generic_otp"}`
	challenge = `"object":"authentication_challenge","id":"<challenge>","authentication_factor_id":"<factor>",` + stamps
	person    = `{"object":"user","id":"<user>","email":"a@b.co","first_name":"Ada","last_name":null,"name":null,"email_verified":false,` +
		`"profile_picture_url":null,"last_sign_in_at":null,"external_id":null,"locale":null,"metadata":{},` + stamps + `}`
	noneLeft = `"list_metadata":{"before":null,"after":null}`
	badBody  = `{"message":"<text>","code":"bad_request"}`
)

func missing(kind, id string) string {
	return `{"message":"` + kind + ` not found: '` + id + `'.","code":"entity_not_found","entity_id":"` + id + `"}`
}

func notEmulated(call string) string {
	method, path, _ := strings.Cut(call, " ")
	return `{"message":"` + call + ` is not emulated. GET / lists the routes that are.","code":"not_emulated","method":"` + method + `","path":"` + path + `","emulated":"/"}`
}

// wrongMethod is what a path says that takes other methods.
func wrongMethod(call, takes string) string {
	method, path, _ := strings.Cut(call, " ")
	return strings.Replace(notEmulated(call), call+" is not emulated. GET / lists the routes that are.", path+" takes "+takes+", not "+method+".", 1)
}

func field(pairs ...string) string {
	var all []string
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, `{"field":"`+pairs[i]+`","code":"`+pairs[i+1]+`"}`)
	}
	return `{"message":"Validation failed","code":"invalid_request_parameters","errors":[` + strings.Join(all, ",") + `]}`
}

// Each route's answers, good and bad: all that testdata/answers.yaml has, and no others.
func TestContract(t *testing.T) {
	var seen sync.Map
	for name, part := range map[string]func(*testing.T) *site{"factors": contractOfFactors, "users": contractOfUsers, "sign-in": contractOfSignIn, "events": contractOfEvents} {
		t.Run(name, func(t *testing.T) {
			part(t).seen.Range(func(answer, _ any) bool { seen.Store(answer, true); return true })
		})
	}
	known, err := knownAnswers()
	if err != nil {
		t.Fatal(err)
	}
	for route, answers := range known.Answers {
		for status, answer := range answers {
			codes, isError := answer.(map[string]any)
			if !isError {
				codes = map[string]any{"": nil}
			}
			for code := range codes {
				name := strings.TrimSpace(fmt.Sprintf("%s %d %s", route, status, code))
				if _, ok := seen.Load(name); !ok && route != anyRoute && route != noRoute {
					t.Errorf("no call of this test is answered with %s", name)
				}
			}
		}
	}
}

func contractOfFactors(t *testing.T) *site {
	s := newSite(t)
	user := s.must(201, "POST /user_management/users", `{"email":"a@b.co","first_name":"Ada"}`)["id"].(string)
	app := s.enroll(`{"type":"totp","totp_issuer":"Foo Corp","totp_user":"a@b.co"}`)
	phoneID, plain := s.enroll(`{"type":"sms","phone_number":"+15005550006"}`), s.enroll(`{"type":"generic_otp"}`)
	gone := s.enroll(`{"type":"generic_otp"}`)
	appTry, phoneTry := s.challenge(app), s.challenge(phoneID)
	plainTry := s.must(201, "POST /auth/factors/"+plain+"/challenge", "{}")
	right := `{"code":"` + plainTry["code"].(string) + `"}`
	plainVerify := fmt.Sprintf("POST /auth/challenges/%s/verify", plainTry["id"])
	if err := s.engine.SetClock(siteStart.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	late := s.challenge(phoneID)
	s.engine.ResetClock()
	spent := s.challenge(phoneID)
	for range local.MaxWrongCodes {
		s.must(201, "POST /auth/challenges/"+spent+"/verify", `{"code":"x"}`)
	}
	users, factors := "/user_management/users", "/user_management/users/"+user+"/auth_factors"

	for _, test := range []struct {
		call, body string
		status     int
		want       string
	}{
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo Corp","totp_user":"a@b.co"}`, 201, `{` + factor + `,` + toldTOTP + `}`},
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo Corp","totp_user":"a@b.co","user_id":"` + user + `"}`, 201,
			`{` + factor + `,"user_id":"<user>",` + toldTOTP + `}`},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"+15005550006"}`, 201, sms},
		{"POST /auth/factors/enroll", `{"type":"generic_otp"}`, 201, otp},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"15005550006"}`, 201, sms},
		{"POST /auth/factors/enroll", `{"type":"generic_otp","totp_issuer":null,"totp_user":null,"phone_number":null,"user_id":null}`, 201, otp},
		{"POST /auth/factors/enroll", `{"type":"generic_otp","totp_issuer":"","totp_user":"","phone_number":"","user_id":""}`, 201, otp},
		{"POST /auth/factors/enroll", `null`, 422, field("type", "type must be a valid enum value")},
		{"POST /auth/factors/enroll", `{"type":5}`, 422, field("type", "type must be a string")},
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"Foo","totp_user":" "}`, 422, field("totp_user", "totp_user must be a string")},
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"","totp_user":"a"}`, 422, field("totp_issuer", "totp_issuer must be a string")},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":" "}`, 422, field("phone_number", "phone_number must be a string")},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"555"}`, 422, `{"message":"Phone number is invalid: '555'","code":"invalid_phone_number"}`},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"++15005550006"}`, 422, `{"message":"Phone number is invalid: '++15005550006'","code":"invalid_phone_number"}`},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"+1 (500) 555-0006"}`, 422, `{"message":"<text>","code":"invalid_phone_number"}`},
		{"POST /auth/factors/enroll", `{"type":"generic_otp"`, 400, badBody},
		{"POST /auth/factors/enroll", `{"type":"generic_otp"} x`, 400, badBody},
		{"POST /auth/factors/enroll", `{}`, 422, field("type", "type must be a valid enum value")},
		{"POST /auth/factors/enroll", `{"type":"webauthn"}`, 422, field("type", "type must be a valid enum value")},
		{"POST /auth/factors/enroll", `{"type":"totp"}`, 422, field("totp_issuer", "totp_issuer must be a string", "totp_user", "totp_user must be a string")},
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"a","totp_user":"` + strings.Repeat("x", 3000) + `"}`, 422,
			field("totp_issuer", "too_long", "totp_user", "too_long")},
		{"POST /auth/factors/enroll", `{"type":"sms"}`, 422, field("phone_number", "phone_number must be a string")},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"foo"}`, 422,
			`{"message":"Phone number is invalid: 'foo'","code":"invalid_phone_number"}`},
		{"POST /auth/factors/enroll", `{"type":"generic_otp","user_id":"user_x"}`, 404, missing("User", "user_x")},
		{"POST /auth/factors/enroll", `type=totp`, 400, badBody},
		{"POST /auth/factors/enroll", ``, 400, badBody},
		{"POST /auth/factors/enroll", `[]`, 400, badBody},
		{"POST /auth/factors/enroll", `"` + strings.Repeat("x", 1<<20) + `"`, 413, `{"message":"<text>","code":"payload_too_large"}`},

		{"GET /auth/factors/" + app, "", 200, plainTOTP},
		{"GET /auth/factors/" + phoneID, "", 200, sms},
		{"GET /auth/factors/" + plain, "", 200, otp},
		{"GET /auth/factors/a%2Fb", "", 404, missing("Authentication Factor", "a/b")},
		{"GET /auth/factors/enroll", "", 404, missing("Authentication Factor", "enroll")},
		{"GET /auth/factors/x", "", 404, missing("Authentication Factor", "x")},
		{"DELETE /auth/factors/" + gone, "", 204, ""},
		{"DELETE /auth/factors/" + gone, "", 404, missing("Authentication Factor", gone)},

		{"POST /auth/factors/" + app + "/challenge", `{}`, 201, `{` + challenge + `}`},
		{"POST /auth/factors/" + app + "/challenge", ``, 201, `{` + challenge + `}`},
		{"POST /auth/factors/" + phoneID + "/challenge", `{"sms_template":"{{code}}"}`, 201, `{` + challenge + `,"expires_at":"<end>"}`},
		{"POST /auth/factors/" + plain + "/challenge", `{}`, 201, `{` + challenge + `,"expires_at":"<end>","code":"<code>"}`},
		{"POST /auth/factors/" + phoneID + "/challenge", `{"sms_template":null}`, 201, `{` + challenge + `,"expires_at":"<end>"}`},
		{"POST /auth/factors/" + phoneID + "/challenge", `{"sms_template":5}`, 422, field("sms_template", "sms_template must be a string")},
		{"POST /auth/factors/" + plain + "/challenge", `{`, 400, badBody},
		{"POST /auth/factors/x/challenge", `{}`, 404, missing("Authentication Factor", "x")},

		{"POST /auth/challenges/" + appTry + "/verify", `{"code":"x"}`, 201, `{"valid":false,"challenge":{` + challenge + `}}`},
		{"POST /auth/challenges/" + phoneTry + "/verify", `{"code":"x"}`, 201, `{"valid":false,"challenge":{` + challenge + `,"expires_at":"<end>"}}`},
		{plainVerify, `{"code":"x"}`, 201, `{"valid":false,"challenge":{` + challenge + `,"expires_at":"<end>","code":"<code>"}}`},
		{plainVerify, right, 201, `{"valid":true,"challenge":{` + challenge + `,"expires_at":"<end>","code":"<code>"}}`},
		{plainVerify, right, 422, fmt.Sprintf(`{"message":"The authentication challenge '%s' has already been verified.","code":"authentication_challenge_previously_verified"}`, plainTry["id"])},
		{"POST /auth/challenges/" + spent + "/verify", `{"code":"x"}`, 400, `{"message":"Too many wrong codes on this challenge.","code":"one_time_code_too_many_attempts"}`},
		{"POST /auth/challenges/" + phoneTry + "/verify", `{}`, 422, field("code", "code must be a string")},
		{"POST /auth/challenges/" + phoneTry + "/verify", `{"code":""}`, 422, field("code", "code must be a string")},
		{"POST /auth/challenges/" + phoneTry + "/verify", `{"code":123456}`, 422, field("code", "code must be a string")},
		{"POST /auth/challenges/" + phoneTry + "/verify", ``, 400, badBody},
		{"POST /auth/challenges/" + late + "/verify", `{"code":"x"}`, 422,
			`{"message":"The authentication challenge '` + late + `' has expired.","code":"authentication_challenge_expired"}`},
		{"POST /auth/challenges/x/verify", `{"code":"x"}`, 404, missing("Authentication Challenge", "x")},

		{"POST " + users, `{"email":"a@b.co"}`, 400, `{"message":"<text>","code":"user_creation_error","errors":[{"code":"email_not_available","message":"<text>"}]}`},
		{"POST " + users, `{"email":"A@B.CO"}`, 400, `{"message":"<text>","code":"user_creation_error","errors":[{"code":"email_not_available","message":"<text>"}]}`},
		{"POST " + users, `{}`, 422, `{"message":"<text>","code":"invalid_request_parameters","errors":[{"code":"email_string_required","message":"<text>"}]}`},
		{"POST " + users, `{"email":"nobody"}`, 422, `{"message":"<text>","code":"invalid_request_parameters","errors":[{"code":"email_invalid","message":"<text>"}]}`},
		{"POST " + users, `x`, 400, badBody},
		{"GET " + users, "", 200, `{"object":"list","data":[` + person + `],` + noneLeft + `}`},
		{"GET " + users + "?email=A@b.co", "", 200, `{"object":"list","data":[` + person + `],` + noneLeft + `}`},
		{"GET " + users + "?email=c@d.co", "", 200, `{"object":"list","data":[],` + noneLeft + `}`},
		{"POST " + users, `{"email":5}`, 422, `{"message":"<text>","code":"invalid_request_parameters","errors":[{"code":"email_string_required","message":"<text>"}]}`},
		{"GET " + users + "?limit=101", "", 422, field("limit", "out_of_range")},
		{"GET " + users + "?limit=0", "", 422, field("limit", "out_of_range")},
		{"GET " + users + "/" + user, "", 200, person},
		{"GET " + users + "/x", "", 404, missing("User", "x")},

		{"GET " + factors + "?limit=1", "", 200, `{"object":"list","data":[{` + factor + `,"user_id":"<user>","type":"totp","totp":{"issuer":"Foo Corp","user":"a@b.co"}}],` + noneLeft + `}`},
		{"GET " + factors + "?order=up", "", 422, field("order", "invalid")},
		{"GET " + factors + "?after=x", "", 422, field("after", "not_found")},
		{"GET " + factors + "?before=" + plain, "", 422, field("before", "not_found")},
		{"GET " + users + "/x/auth_factors", "", 404, missing("User", "x")},
		{"POST " + factors, `{"type":"totp","totp_issuer":"Foo Corp"}`, 201,
			`{"authentication_factor":{` + factor + `,"user_id":"<user>",` + toldTOTP + `},"authentication_challenge":{` + challenge + `}}`},
		{"POST " + factors, `{"type":"sms"}`, 422, field("type", "type must be a valid enum value")},
		{"POST " + factors, `{"type":"totp","totp_secret":"1"}`, 422, field("totp_secret", "invalid")},
		{"POST " + users + "/x/auth_factors", `{"type":"totp"}`, 404, missing("User", "x")},

		{"POST " + factors, `{"type":"totp","totp_issuer":5}`, 422, field("totp_issuer", "totp_issuer must be a string")},
	} {
		s.meets(test.call, test.body, test.status, test.want)
	}
	return s
}

// What is not emulated says so, with the key or without, since WorkOS may take the key
// elsewhere there. A known path says which methods it has.
func TestContractOfOtherRoutes(t *testing.T) {
	s := newSite(t)
	for _, key := range []string{"Bearer " + siteKey, ""} {
		for _, call := range []string{
			"GET /nowhere", "GET /auth/factors", "GET /auth/factors/", "GET /auth/factors/enroll/x", "GET /auth/factors/x/y/z", "POST /sso/token",
			"DELETE /user_management/organization_memberships/x", "GET /authx",
		} {
			s.meets(call, "", 404, notEmulated(call), "Authorization", key)
		}
		for call, takes := range map[string]string{
			"PATCH /auth/factors/x": "DELETE, GET or HEAD", "POST /auth/factors/x": "DELETE, GET or HEAD", "GET /auth/challenges/x/verify": "POST",
			"GET /auth/factors/x/challenge": "POST", "DELETE /": "GET or HEAD", "POST /health": "GET or HEAD",
		} {
			s.meets(call, "", 405, wrongMethod(call, takes), "Authorization", key)
			if got := s.do(call, "", "Authorization", key).header.Get("Allow"); got != strings.Replace(takes, " or ", ", ", 1) {
				t.Errorf("%s: allowed are %q", call, got)
			}
		}
	}
	s.meets("GET /auth//factors/x", "", 404, notEmulated("GET /auth//factors/x"))
	s.meets("GET /auth//factors/x", "", 401, `{"message":"Unauthorized"}`, "Authorization", "")
}

// GET / has a route a line.
func TestListOfRoutes(t *testing.T) {
	r := newSite(t).do("GET /", "", "Authorization", "")
	for _, line := range []string{`    "POST /auth/factors/enroll",`, `    "GET /auth/factors/{id}",`, `    "DELETE /_emulate/hooks/{id}",`, `    "GET /health"`} {
		if !strings.Contains(r.body, "\n"+line+"\n") {
			t.Errorf("no line %q in\n%s", line, r.body)
		}
	}
	if r.status != 200 || r.header.Get("Content-Type") != "application/json; charset=utf-8" || !strings.HasSuffix(r.body, "}\n") {
		t.Errorf("%d %v %q", r.status, r.header, r.body)
	}
}

// meets sends a request and checks all of its answer.
func (s *site) meets(call, body string, status int, want string, header ...string) {
	s.t.Helper()
	short := call + " " + body[:min(len(body), 60)]
	r := s.do(call, body, header...)
	if r.status != status {
		s.t.Errorf("%s: status %d, want %d: %s", short, r.status, status, r.body)
		return
	}
	if !regexp.MustCompile(`^req_[0-9A-Z]{26}$`).MatchString(r.header.Get("X-Request-ID")) {
		s.t.Errorf("%s: request id %q", short, r.header.Get("X-Request-ID"))
	}
	if want == "" {
		if r.body != "" || r.header.Get("Content-Type") != "" {
			s.t.Errorf("%s: %s %q", short, r.header.Get("Content-Type"), r.body)
		}
		return
	}
	if r.header.Get("Content-Type") != "application/json; charset=utf-8" {
		s.t.Errorf("%s: %s", short, r.header.Get("Content-Type"))
	}
	var g, w any
	if err := json.Unmarshal([]byte(r.body), &g); err != nil {
		s.t.Errorf("%s: %v in %q", short, err, r.body)
		return
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		s.t.Fatalf("%v in %s", err, want)
	}
	if d := differs("body", g, w); d != "" {
		s.t.Errorf("%s: %s\n%s", short, d, r.body)
	}
}

// Without the key nothing is returned, and nothing is done.
func TestContractOfTheKey(t *testing.T) {
	s := newSite(t)
	for _, key := range []string{"", "Bearer", "Bearer ", "Bearer sk_test_sit", "Bearer sk_test_site2", "Bearer " + siteKey[1:], "Bearer  " + siteKey, siteKey, "Basic " + siteKey} {
		for _, call := range []string{"POST /auth/factors/enroll", "GET /auth/factors/x", "GET /user_management/users"} {
			s.meets(call, `{"type":"generic_otp"}`, 401, `{"message":"Unauthorized"}`, "Authorization", key)
		}
	}
	s.meets("GET /health", "", 200, `{"status":"ok"}`, "Authorization", "")
	open := newSite(t, func(o *local.Options) { o.APIKey = "" })
	for _, key := range []string{"", "Bearer sk_other"} {
		open.meets("POST /auth/factors/enroll", `{"type":"generic_otp"}`, 201, otp, "Authorization", key)
	}
}

// A list can be deleted page by page: a cursor leads on without its object.
func TestCursorOfADeletedFactor(t *testing.T) {
	for _, order := range []string{"asc", "desc"} {
		s := newSite(t)
		user := s.must(201, "POST /user_management/users", `{"email":"a@b.co"}`)["id"].(string)
		var want []string
		for range 10 {
			want = append(want, s.enroll(`{"type":"generic_otp","user_id":"`+user+`"}`))
		}
		var got []string
		for after := ""; ; {
			page := s.must(200, "GET /user_management/users/"+user+"/auth_factors?limit=3&order="+order+"&after="+after, "")
			for _, f := range page["data"].([]any) {
				id := f.(map[string]any)["id"].(string)
				got = append(got, id)
				s.must(204, "DELETE /auth/factors/"+id, "")
			}
			next := page["list_metadata"].(map[string]any)["after"]
			if next == nil {
				break
			}
			after = next.(string)
		}
		if order == "desc" {
			slices.Reverse(got)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: listed %v, want %v", order, got, want)
		}
	}
}
