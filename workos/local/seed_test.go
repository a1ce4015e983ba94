package local_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"mfa-tui/workos/local"
)

// seedCode is what another tool computed:
// oathtool --totp -b JBSWY3DPEHPK3PXP -N "2026-01-15 12:00:00 UTC"
const seedCode = "738134"

const seedYAML = `# what the tests begin with
users:
  - id: user_01ALAN
    email: alan@example.com
    first_name: Alan
factors:
  - id: auth_factor_01APP
    type: totp
    user_id: user_01ALAN
    totp_issuer: Foo Corp
    totp_user: alan@example.com
    totp_secret: JBSWY3DPEHPK3PXP
  - id: auth_factor_01PHONE
    type: sms
    phone_number: "+15005550006"
    created_at: 2025-12-24T12:00:00Z
  - {id: auth_factor_01CODE, type: generic_otp}
`

const seedJSON = `{
	"users": [{"id": "user_01ALAN", "email": "alan@example.com", "first_name": "Alan"}],
	"factors": [
		{"id": "auth_factor_01APP", "type": "totp", "user_id": "user_01ALAN", "totp_issuer": "Foo Corp",
			"totp_user": "alan@example.com", "totp_secret": "JBSWY3DPEHPK3PXP"},
		{"id": "auth_factor_01PHONE", "type": "sms", "phone_number": "+15005550006", "created_at": "2025-12-24T12:00:00Z"},
		{"id": "auth_factor_01CODE", "type": "generic_otp"}
	]
}`

func goodSeed(t *testing.T) *local.Seed {
	t.Helper()
	seed, err := local.ParseSeed([]byte(seedYAML))
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// What a seed says is there, in either language, and works.
func TestSeed(t *testing.T) {
	for name, text := range map[string]string{"yaml": seedYAML, "json": seedJSON} {
		t.Run(name, func(t *testing.T) {
			seed, err := local.ParseSeed([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			s := newSite(t, func(o *local.Options) { o.Seed = seed })
			found := s.must(200, "GET /user_management/users?email=alan@example.com", "")["data"].([]any)
			if len(found) != 1 || found[0].(map[string]any)["id"] != "user_01ALAN" || found[0].(map[string]any)["first_name"] != "Alan" {
				t.Errorf("found %v", found)
			}
			s.meets("GET /user_management/users/user_01ALAN/auth_factors", "", 200, `{"object":"list","data":[{"object":"authentication_factor",
				"id":"auth_factor_01APP","type":"totp","user_id":"user_01ALAN","totp":{"issuer":"Foo Corp","user":"alan@example.com"},`+stamps+`}],`+noneLeft+`}`)
			s.meets("GET /auth/factors/auth_factor_01PHONE", "", 200, `{"object":"authentication_factor","id":"auth_factor_01PHONE","type":"sms",
				"sms":{"phone_number":"+15005550006"},"created_at":"2025-12-24T12:00:00.000Z","updated_at":"2025-12-24T12:00:00.000Z"}`)
			c := s.challenge("auth_factor_01APP")
			if v := s.must(201, "POST /auth/challenges/"+c+"/verify", `{"code":"`+seedCode+`"}`); v["valid"] != true {
				t.Errorf("the code of another tool is wrong: %v", v)
			}
		})
	}
}

// A seed has all that a user can have. The password is not in the state.
func TestSeedOfAUser(t *testing.T) {
	seed, err := local.ParseSeed([]byte(`users:
  - {id: user_01BARE, email: c@d.co}
  - id: user_01ADA
    email: a@b.co
    email_verified: true
    first_name: Ada
    last_name: Lovelace
    name: Ada King
    external_id: "42"
    locale: en-GB
    metadata: {team: red, tier: 1}
    password: correct horse
    mfa: required
`))
	if err != nil {
		t.Fatal(err)
	}
	storage := &disk{}
	s := newSite(t, func(o *local.Options) { o.Seed, o.Storage, o.Deferred = seed, storage, true })
	want := userWith(t, `{"id":"user_01ADA","email_verified":true,"first_name":"Ada","last_name":"Lovelace","name":"Ada King","external_id":"42","locale":"en-GB",
		"metadata":{"team":"red","tier":"1"}}`)
	s.meets("GET /user_management/users/external_id/42", "", 200, want)
	if text := string(storage.data); !strings.Contains(text, `"password_hash":"$2a$04$`) || !strings.Contains(text, `"mfa_required":true`) || strings.Contains(text, "horse") {
		t.Errorf("written is %s", text)
	}
	if strings.Count(string(storage.data), "password_hash") != 1 {
		t.Error("who has no password has the hash of one")
	}
	s.meets("PUT /user_management/users/user_01ADA", `{"metadata":{"team":null,"tier":null}}`, 200, strings.Replace(want, `{"team":"red","tier":"1"}`, `{}`, 1))
	s.must(204, "POST /_emulate/reset", "")
	s.meets("GET /user_management/users/user_01ADA", "", 200, want)
}

// A mistake in a seed is reported with its line and column.
func TestBadSeeds(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"users:\n  - id: u\n    emial: x", "3:5: unknown field \"emial\""},
		{"{\n  \"factor\": []\n}", "2:3: unknown field \"factor\""},
		{"users:\n  - id: u\n    email: a@b.co\n    totp: 1", "4:5: unknown field"},
		{"factors: 3", "1:10: want a list"},
		{"factors:\n  ! 0", "2:3: want a list"},
		{"users: [3]", "1:9: want names with values"},
		{"users:\n  - id: [u]", "2:9: want text"},
		{"users:\n  - id: u\n    created_at: yesterday", "3:17: want a time"},
		{"users:\n  - id: u\n    id: v", "3:5: mapping key \"id\" already defined at line 2"},
		{"users: [}", "1:9: "},
		{"users: [\xff]", "1:1: "},
		{"users: *u", "1:8: "},
		{"users:\n  -\n  - id: u", "2:4: there is nothing after the dash"},
		{"<<: {users: [{id: u}]}", "1:1: user u needs an email"},
		{"users:\n  - &u {id: u, email: a@b.co}\n  - *u", "2:13: the id u is taken"},
		{"users:\n  - email: a@b.co", "2:5: a user needs an id"},
		{"users:\n  - id: u", "2:5: user u needs an email"},
		{"users:\n  - id: u\n    email: ada", "3:12: \"ada\" is not an e-mail address (name@domain)"},
		{"users:\n\t- id: u", "2:1: there is a tab: indent with spaces"},
		{"users:\n  - id: u\n\temail: a@b.co", "3:1: there is a tab: indent with spaces"},
		{"users:\n  - id: u\n    email: @b", "3:12: a text that begins with this character needs quotes"},
		{"users:\n  - {id: u, email: a@b.co}\n  - {id: u, email: c@d.co}", "3:10: the id u is taken"},
		{"users:\n  - {id: u, email: a@b.co}\n  - {id: v, email: A@b.co}", "3:20: the email A@b.co is taken"},
		{"factors:\n  - type: sms", "2:5: a factor needs an id"},
		{"factors:\n  - {id: f, type: generic_otp}\n  - {id: f, type: generic_otp}", "3:10: the id f is taken"},
		{"factors:\n  - id: f", "2:5: factor f needs a type"},
		{"factors:\n  - id: f\n    type: fax", "3:11: factor f has the type fax"},
		{"factors:\n  - id: f\n    type: generic_otp\n    user_id: u", "4:14: there is no user u"},
		{"factors:\n  - id: f\n    type: sms\n    phone_number: 555", "4:19: factor f needs a phone number"},
		{"factors:\n  - id: f\n    type: generic_otp\n    phone_number: \"+15005550006\"", "4:19: factor f has a phone number"},
		{"factors:\n  - id: f\n    type: sms\n    phone_number: \"+15005550006\"\n    totp_user: a", "3:11: factor f has an issuer"},
		{"factors:\n  - id: f\n    type: totp\n    totp_user: a\n    totp_secret: JBSWY3DP", "2:5: factor f needs a totp_issuer"},
		{"factors:\n  - id: f\n    type: totp\n    totp_issuer: a\n    totp_secret: JBSWY3DP", "2:5: factor f needs a totp_user"},
		{"factors:\n  - id: f\n    type: totp\n    totp_issuer: a\n    totp_user: b\n    totp_secret: no!", "6:18: factor f needs a totp_secret"},
		{"users:\n  - id: u\n    email_verified: maybe", "3:21: want true or false"},
		{"users:\n  - id: u\n    metadata: {a: [b]}", "3:19: want text"},
		{"users:\n  - {id: u, email: a@b.co, external_id: x}\n  - {id: v, email: c@d.co, external_id: x}", "3:41: the external_id x is taken"},
		{"users:\n  - id: u\n    email: a@b.co\n    external_id: é", "4:18: user u: external_id should be 1 to 128"},
		{"users:\n  - id: u\n    email: a@b.co\n    locale: no locale", "4:13: user u: locale should be"},
		{"users:\n  - id: u\n    email: a@b.co\n    metadata:\n      a:", "5:7: user u: metadata should have keys"},
		{"users:\n  - id: u\n    email: a@b.co\n    password: " + strings.Repeat("x", 73), "4:15: user u: password should be at most 72 bytes"},
		{"users:\n  - id: u\n    email: a@b.co\n    mfa: yes", "4:10: user u: mfa \"yes\": want required"},
		{"fixed_codes: [a]", "1:14: want names with values"},
		{"fixed_codes:\n  +15005550006: 123456\n  555: \"123456\"", "3:8: \"555\" is neither a phone number"},
		{"fixed_codes:\n  +15005550006: 12345", "2:17: the code of +15005550006 should be six digits"},
		{"fixed_codes:\n  +15005550006:", "2:16: the code of +15005550006 should be six digits"},
		{"a: &a {fixed_codes: {b: c}}\n<<: *a", "1:1: unknown field \"a\""},
		{"<<: {fixed_codes: {b: c}}", "1:1: \"b\" is neither"},
		{"users: []\n---\nusers: []", "2:1: a seed must be a single document"},
	} {
		_, err := local.ParseSeed([]byte(test.text))
		var bad *local.SeedError
		if !errors.As(err, &bad) || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: %v, want %s", test.text, err, test.want)
		}
	}
	// What Python writes of an emoji, and a backslash before what is none.
	if seed, err := local.ParseSeed([]byte(`{"users":[{"id":"\ud83d\ude00\\ud83d","email":"a@b.co"}]}`)); err != nil || seed.Users[0].ID != `😀\ud83d` {
		t.Errorf("%v, %v", seed, err)
	}
	for _, empty := range []string{"", "# nothing\n", "{}", "users:\nfactors:\n"} {
		if seed, err := local.ParseSeed([]byte(empty)); err != nil || len(seed.Users)+len(seed.Factors) > 0 {
			t.Errorf("%q: %v, %v", empty, seed, err)
		}
	}
}

func FuzzParseSeed(f *testing.F) {
	f.Add(seedYAML)
	f.Add(seedJSON)
	f.Add("users: [{id: a, email: b@c}, *x]")
	f.Fuzz(func(t *testing.T, text string) {
		seed, err := local.ParseSeed([]byte(text))
		var bad *local.SeedError
		if err != nil && (!errors.As(err, &bad) || bad.Line < 1 || bad.Column < 1) {
			t.Errorf("%v", err)
		}
		if err == nil {
			local.New(local.Options{Seed: seed})
		}
	})
}

// A number or an address has its fixed code in each challenge, those of the options before
// those of the seed, also after a reset. All others have codes of their own.
func TestFixedCodes(t *testing.T) {
	seed, err := local.ParseSeed([]byte(`fixed_codes: {+15005550006: 012345, +15005550007: "111111", Ada@example.com: "000000"}`))
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(o *local.Options) {
		o.Seed, o.FixedCodes = seed, map[string]string{"+15005550007": "222222"}
	})
	s.must(204, "POST /_emulate/reset", "")
	for number, want := range map[string]string{"+15005550006": "012345", "15005550007": "222222"} {
		f := s.enroll(`{"type":"sms","phone_number":"` + number + `"}`)
		for range 2 {
			c := s.challenge(f)
			if v := s.must(201, "POST /auth/challenges/"+c+"/verify", `{"code":"`+want+`"}`); v["valid"] != true {
				t.Errorf("%s is not the code of %s: %v", want, number, v)
			}
		}
	}
	if m := s.must(201, "POST /user_management/magic_auth", `{"email":"ada@example.com"}`); m["code"] != "000000" {
		t.Errorf("ada has %v", m)
	}
	one, other := s.must(201, "POST /user_management/magic_auth", `{"email":"b@c.de"}`), s.must(201, "POST /user_management/magic_auth", `{"email":"b@c.de"}`)
	if one["code"] == other["code"] {
		t.Errorf("another address has a fixed code, %v", one["code"])
	}
}

// The state of an earlier run wins over the seed; what it lacks is added.
func TestSeedOnAState(t *testing.T) {
	storage := &disk{}
	onState := func(o *local.Options) { o.Seed, o.Storage, o.Deferred = goodSeed(t), storage, true }
	first := newSite(t, onState)
	used := first.challenge("auth_factor_01APP")
	first.must(201, "POST /auth/challenges/"+used+"/verify", `{"code":"`+seedCode+`"}`)
	first.must(204, "DELETE /auth/factors/auth_factor_01PHONE", "")
	storage = storage.copy(t, first.engine)
	second := newSite(t, onState)
	second.must(200, "GET /auth/factors/auth_factor_01PHONE", "")
	c := second.challenge("auth_factor_01APP")
	if v := second.must(201, "POST /auth/challenges/"+c+"/verify", `{"code":"`+seedCode+`"}`); fmt.Sprint(v["valid"]) != "false" {
		t.Error("a used code was accepted again")
	}
}
