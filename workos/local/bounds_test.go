package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos/local"
)

// However much comes, the newest of each thing are kept, and only these. The state has
// twice as many as are kept, "t0" the oldest: the next one drops those before t10000.
func TestBounds(t *testing.T) {
	const reused, enroll, signIn = "idempotency_key_reused", "POST /auth/factors/enroll", authenticate
	factors := `{"f":{"id":"f","type":"generic_otp"}}`
	for name, test := range map[string]struct {
		entry string                        // %[1]s is the id, %[2]s the time
		add   func(s *site)                 // one more
		has   func(s *site, id string) bool // is it there?
	}{
		"challenges": {
			`"%[1]s":{"id":"%[1]s","factor_id":"f","created_at":"%[2]s","updated_at":"%[2]s","expires_at":"2026-02-01T00:00:00Z"}`,
			func(s *site) { s.challenge("f") },
			func(s *site, id string) bool {
				return s.do("POST /auth/challenges/"+id+"/verify", `{"code":"x"}`).status == 201
			},
		},
		"repeats": {
			`"%[1]s":{"request":"x","status":201,"at":"%[2]s"}`,
			func(s *site) { s.must(201, enroll, `{"type":"generic_otp"}`, key, "new") },
			func(s *site, id string) bool {
				return strings.Contains(s.do(enroll, `{"type":"generic_otp"}`, key, id).body, reused)
			},
		},
		"magic_auths": {
			`"%[1]s":{"id":"%[1]s","user_id":"%[1]s","email":"a@b.co","code":"123456","created_at":"%[2]s","expires_at":"2026-02-01T00:00:00Z"}`,
			func(s *site) { s.must(201, "POST /user_management/magic_auth", `{"email":"new@b.co"}`) },
			func(s *site, id string) bool { return s.do("GET /user_management/magic_auth/"+id, "").status == 200 },
		},
		"pending": {
			`"%[1]s":{"user_id":"` + ada + `","method":"Password","expires_at":"%[2]s"}`,
			func(s *site) { s.pends(password("ada")) },
			func(s *site, id string) bool { return s.do(signIn, secondFactor(id, "none", "1")).status == 404 },
		},
		"sessions": {
			`"%[1]s":{"id":"s","user_id":"` + bob + `","method":"Password","at":"%[2]s"}`,
			func(s *site) { s.must(200, signIn, password("bob")) },
			func(s *site, id string) bool {
				return s.do(signIn, grant("refresh_token", "refresh_token", id)).status == 200
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var entries []string
			for i := range 20_000 {
				at := siteStart.Add(time.Duration(i-20_000) * time.Second)
				if name == "pending" { // its time is when it ends
					at = at.Add(24 * time.Hour)
				}
				entries = append(entries, fmt.Sprintf(test.entry, fmt.Sprintf("t%d", i), at.Format(time.RFC3339)))
			}
			all := "{" + strings.Join(entries, ",") + "}"
			data := edited(factors, `{}`, `{}`)
			switch name {
			case "challenges":
				data = edited(factors, all, `{}`)
			case "repeats":
				data = strings.Replace(data, `"repeats":null`, `"repeats":`+all, 1)
			default:
				data = strings.Replace(data, `{"format"`, `{"`+name+`":`+all+`,"format"`, 1)
			}
			s := newSignInSite(t, func(o *local.Options) { o.Storage, o.Deferred = &disk{data: []byte(data)}, true })
			if name != "sessions" && !test.has(s, "t0") {
				t.Error("t0 is not there at first")
			}
			test.add(s)
			for id, want := range map[string]bool{"t0": false, "t9999": false, "t10000": true, "t19999": true} {
				if got := test.has(s, id); got != want {
					t.Errorf("%s is there: %t", id, got)
				}
			}
		})
	}
}

// The outbox has the newest messages, whether texts or e-mails, and none is long.
func TestOutboxIsBounded(t *testing.T) {
	s := newSite(t, func(o *local.Options) { o.Outbox = 3 })
	f := s.enroll(toEnroll)
	lengths := func(path string) string { return fmt.Sprint(strings.Count(s.do("GET "+path, "").body, `"to"`)) }
	for range 5 {
		s.challenge(f)
	}
	if got := lengths("/_emulate/sms"); got != "3" {
		t.Errorf("%s messages", got)
	}
	for i := range 2 {
		s.must(201, "POST /user_management/magic_auth", fmt.Sprintf(`{"email":"a%d@b.co"}`, i))
	}
	if sms, mail := lengths("/_emulate/sms"), lengths("/_emulate/mail"); sms != "1" || mail != "2" {
		t.Errorf("%s messages and %s e-mails", sms, mail)
	}
	template := func(n int) string { return `{"sms_template":"` + strings.Repeat("é", n) + `"}` }
	s.must(201, "POST /auth/factors/"+f+"/challenge", template(1600))
	s.meets("POST /auth/factors/"+f+"/challenge", template(1601), 422,
		`{"message":"Validation failed","code":"invalid_request_parameters","errors":[{"field":"sms_template","code":"sms_template must be at most 1600 characters"}]}`)
}

// A thousand hooks are kept, the newest ones.
func TestHooksAreBounded(t *testing.T) {
	l := newLab(t)
	var first, second local.Hook
	for i := range 1001 {
		h := ok(l.engine.AddHook(local.Hook{Method: "*", Path: "*", Status: 500}))(t)
		switch i {
		case 0:
			first = h
		case 1:
			second = h
		}
	}
	if l.engine.RemoveHook(first.ID) || !l.engine.RemoveHook(second.ID) || len(l.engine.Hooks()) != 999 {
		t.Errorf("left are %d hooks", len(l.engine.Hooks()))
	}
}

// What a person is called, and what a sign-in tells of them, is not long: events, and the
// responses to idempotency keys, have it again and again. A number of characters is meant.
func TestTextsAreBounded(t *testing.T) {
	s := newSignInSite(t)
	path := "PUT /user_management/users/" + ada
	text := func(n int) string { return strings.Repeat("é", n) }
	long := func(codes ...string) string {
		var errors []string
		for _, code := range codes {
			errors = append(errors, `{"code":"`+code+`_too_long","message":"<text>"}`)
		}
		return `{"message":"Validation failed","code":"invalid_request_parameters","errors":[` + strings.Join(errors, ",") + `]}`
	}
	for _, field := range []string{"first_name", "last_name", "name"} {
		s.must(200, path, `{"`+field+`":"`+text(512)+`"}`)
		s.meets(path, `{"`+field+`":"`+text(513)+`"}`, 422, long(field))
	}
	address := text(512) + "@b.co"
	s.meets(path, `{"email":"`+address+`"}`, 422, long("email"))
	s.meets("POST /user_management/users", `{"email":"`+address+`","name":"`+text(513)+`"}`, 422, long("email", "name"))
	s.meets("POST /user_management/magic_auth", `{"email":"`+address+`"}`, 422, long("email"))
	s.meets(path, `{"locale":"en`+strings.Repeat("-x", 256)+`"}`, 400, coded("invalid_locale"))
	s.meets(authenticate, grant("password", "email", "ada@b.co", "code", text(513), "ip_address", text(513), "user_agent", text(513)), 422,
		long("code", "ip_address", "user_agent"))
}

// A hook has 64 KB.
func TestHookSize(t *testing.T) {
	s := newSite(t)
	hook := func(n int) string {
		return `{"path":"*","status":500,"headers":{"X-Y":"z"},"body":"` + strings.Repeat("x", n) + `"}`
	}
	const rest = len(`*` + `*` + `X-Y` + `z` + `""`)
	s.must(201, "POST /_emulate/hooks", hook(64<<10-rest))
	s.meets("POST /_emulate/hooks", hook(64<<10-rest+1), 400, `{"message":"path, headers and body must be at most 64 KB together","code":"bad_request"}`)
}
