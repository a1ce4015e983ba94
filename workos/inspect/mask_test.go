package inspect

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// masked is what is kept of the body of a response, to a request made with this key.
func masked(t *testing.T, key, body string, failure bool) Body {
	t.Helper()
	c := Call{N: 1, Status: 200, Response: newBody([]byte(body))}
	if failure {
		c.Status = 422
	}
	m := masker{secrets: map[string]int{}}
	once := m.newCall(c, key)
	if twice := m.call(once); !reflect.DeepEqual(once, twice) {
		t.Errorf("masked twice, %s becomes %s", once.Response.JSON, twice.Response.JSON)
	}
	return once.Response
}

func TestMask(t *testing.T) {
	deep := strings.Repeat(`{"id":`, 40) + `"x"` + strings.Repeat("}", 40)
	tests := []struct {
		name, body string
		failure    bool
		want       string
	}{
		{"harmless fields stay, in their order", `{"type":"totp", "id":"auth_factor_1","totp":{"issuer":"Foo <Corp>","user":"a@b.co"},"valid":true,"expires_at":null}`, false,
			`{"type":"totp","id":"auth_factor_1","totp":{"issuer":"Foo <Corp>","user":"a@b.co"},"valid":true,"expires_at":null}`},
		{"secret, picture and URI", `{"totp":{"issuer":"F","secret":"JBSWY3DP","qr_code":"data:image/png;base64,AAAA","uri":"otpauth://totp/F?secret=JBSWY3DP"}}`, false,
			`{"totp":{"issuer":"F","secret":"••••••","qr_code":"••••••","uri":"••••••"}}`},
		{"a code", `{"code":"123456"}`, false, `{"code":"••••••"}`},
		{"a code that is a number", `{"code":123456}`, false, `{"code":"••••••"}`},
		{"a code in a failure", `{"code":"123456"}`, true, `{"code":"••••••"}`},
		{"the name of an error", `{"code":"entity_not_found","entity_id":"auth_factor_1"}`, true, `{"code":"entity_not_found","entity_id":"auth_factor_1"}`},
		{"a sentence for a name", `{"code":"invalid_request_parameters","errors":[{"field":"code","code":"code must be a string"}]}`, true,
			`{"code":"invalid_request_parameters","errors":[{"field":"code","code":"code must be a string"}]}`},
		{"a route that is not emulated", `{"code":"not_emulated","method":"GET","path":"/x"}`, true, `{"code":"not_emulated","method":"GET","path":"/x"}`},
		{"such a name where nothing failed", `{"code":"entity_not_found"}`, false, `{"code":"••••••"}`},
		{"a field that nobody knows", `{"recovery":["one","two"],"pin":1234,"new":{"id":"x","value":"y"}}`, false,
			`{"recovery":["••••••","••••••"],"pin":"••••••","new":{"id":"x","value":"••••••"}}`},
		{"below a secret field", `{"secret":{"id":"abcdef"},"code":[{"message":"654321"}]}`, false, `{"secret":{"id":"••••••"},"code":[{"message":"••••••"}]}`},
		{"a secret in another field", `{"message":"no secret JBSWY3DP here","totp":{"secret":"JBSWY3DP"}}`, true,
			`{"message":"no secret •••••• here","totp":{"secret":"••••••"}}`},
		{"a secret as the name of a field", `{"totp":{"secret":"JBSWY3DP","JBSWY3DP":true}}`, false, `{"totp":{"secret":"••••••","••••••":true}}`},
		{"secrets of a sign-in", `{"client_secret":"s-key","pending_authentication_token":"RWx94aFH","password_hash":"$2a$04$x","message":"'RWx94aFH' and s-key and $2a$04$x"}`, true,
			`{"client_secret":"••••••","pending_authentication_token":"••••••","password_hash":"••••••","message":"'••••••' and •••••• and ••••••"}`},
		{"the key", `{"message":"the key my-own-api-key is refused","name":"sk_live_abcdef"}`, true, `{"message":"the key •••••• is refused","name":"••••••"}`},
		{"what looks like a code in a sentence", `{"message":"want 123 456, got 654321","errors":["JBSWY3DPEHPK3PXP"],"error":"x"}`, true,
			`{"message":"want ••••••, got ••••••","errors":["••••••"],"error":"x"}`},
		{"a URI in a sentence", `{"message":"see otpauth://totp/x?secret=A and data:image/png;base64,B"}`, true, `{"message":"see ••••••"}`},
		{"a URI with spaces", `{"name":"otpauth://totp/Foo Corp:a?secret=ABC","user":"data:image/svg+xml,<svg a='b c'>"}`, false, `{"name":"••••••","user":"••••••"}`},
		{"a secret that is not known", `{"name":"JBSWY3DPEHPK3PXP","user":"JBSW Y3DP EHPK 3PXP","issuer":"FOO CORP"}`, false, `{"name":"••••••","user":"••••••","issuer":"FOO CORP"}`},
		{"a secret in another writing", `{"totp":{"secret":"JBSWY3DP"},"name":"jbsw y3dp","user":"JBSW-Y3DP"}`, false, `{"totp":{"secret":"••••••"},"name":"••••••","user":"••••••"}`},
		{"a secret that is a part of another", `{"code":"SWY3","secret":["JBSWY3DP","JBSWY3DP"],"name":"JBSWY3DP SWY3"}`, false,
			`{"code":"••••••","secret":["••••••","••••••"],"name":"•••••• ••••••"}`},
		{"names that are values", `{"codes":{"123456":true,"ab-cd":1},"secret":{"abcdef":{"x":null}},"name":"abcdef","valid_2":true,"a b":1}`, false,
			`{"codes":{"••••••":true,"ab-cd":"••••••"},"secret":{"••••••":{"••••••":null}},"name":"••••••","••••••":true,"••••••":"••••••"}`},
		{"a code twice", `{"code":"77123456","code":"123456","name":"77123456"}`, false, `{"code":"••••••","code":"••••••","name":"••••••"}`},
		{"a code in a message to send", `{"sms_template":"Foo: {{code}}, not 123456"}`, false, `{"sms_template":"Foo: {{code}}, not ••••••"}`},
		{"a phone number is no code", `{"phone_number":"+15005550006","message":"+15005550006 is odd"}`, true, `{"phone_number":"+15005550006","message":"+15005550006 is odd"}`},
		{"numbers", `{"limit":10,"list_metadata":{"before":null,"after":"user_1"}}`, false, `{"limit":10,"list_metadata":{"before":null,"after":"user_1"}}`},
		{"what moves the cursor or turns the text", `{"name":"a\u001b[31m\u202eb\n\"\\\u0000 日本 \ud83d\ude00"}`, false, `{"name":"a\u001b[31m\u202eb\n\"\\\u0000 日本 😀"}`},
		{"too deep", deep, false, strings.Repeat(`{"id":`, deepest) + `"••••••"` + strings.Repeat("}", deepest)},
		{"a secret that is too deep to be shown", `{"x":` + strings.ReplaceAll(deep, `"x"`, `{"code":"4711"}`) + `,"name":"4711"}`, false,
			`{"x":` + strings.Repeat(`{"id":`, deepest-1) + `"••••••"` + strings.Repeat("}", deepest-1) + `,"name":"••••••"}`},
		{"a text alone", `"123456"`, false, `"••••••"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := masked(t, "my-own-api-key", tt.body, tt.failure)
			if string(got.JSON) != tt.want || got.Note != "" {
				t.Errorf("got\n%s %s, want\n%s", got.JSON, got.Note, tt.want)
			}
			if !json.Valid(got.JSON) {
				t.Error("that is not JSON")
			}
		})
	}
}

// What is not JSON, or too much, is only measured.
func TestMaskOther(t *testing.T) {
	for body, want := range map[string]string{
		"<html>123456</html>": "not JSON, 19 bytes", `{"code":"123456"`: "not JSON, 16 bytes", "": "", " \n": "",
		`"` + strings.Repeat("x", keptBody) + `"`: "longer than 64 KiB, not kept",
	} {
		if got := masked(t, "key", body, false); got.Note != want || got.JSON != nil {
			t.Errorf("%.20q: %q %s, want %q", body, got.Note, got.JSON, want)
		}
	}
}

func TestMaskQuery(t *testing.T) {
	m := masker{secrets: map[string]int{}}
	m.learn("my-own-api-key")
	for query, want := range map[string]string{
		"": "", "limit=10&email=a%40b.co": "email=a%40b.co&limit=10", "code=123456": "code=%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2",
		"123456=x":             Mask,
		"email=my-own-api-key": "email=%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2%E2%80%A2", "%zz": Mask,
	} {
		if got := m.query(query); got != want || m.query(got) != got {
			t.Errorf("%q: %q, and then %q, want %q", query, got, m.query(got), want)
		}
	}
}

func TestMaskPath(t *testing.T) {
	m := masker{secrets: map[string]int{}}
	m.learn("my-own-api-key")
	for path, want := range map[string]string{
		"/auth/factors/auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ/challenge": "/auth/factors/auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ/challenge",
		"/auth/factors/a%20b": "/auth/factors/a%20b", "/auth/factors/123%20456": "/auth/factors/••••••", "/x/my-own-api%2Dkey/y": "/x/••••••/y",
		"/auth/factors/otpauth:%2F%2Ftotp%2FFoo": "/auth/factors/••••••", "/auth/factors/JBSWY3DPEHPK3PXP": "/auth/factors/••••••", "/%zz": "/••••••",
	} {
		if got := m.path(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// Only a call that has a new secret is masked again, however the secret is written there.
func TestLearned(t *testing.T) {
	for _, test := range []struct {
		secret string
		call   Call
		want   bool
	}{
		{"JBSWY3DP", Call{Request: Body{JSON: []byte(`{"id":"jbsw-y3dp"}`)}}, true},
		{"JBSWY3DP", Call{Response: Body{JSON: []byte(`{"id":"jbsw y3dp"}`)}}, true},
		{"a/b+c d", Call{Path: "/auth/factors/a%2Fb+cd"}, true},
		{"a/b+c d", Call{Query: "email=a%2Fb%2Bc+d"}, true},
		{"4711", Call{Err: "refused: 4711"}, true},
		{"4711", Call{RequestID: "req_4711"}, true},
		{`pa"ss`, Call{Response: Body{JSON: []byte(`{"id":"pa\"ss"}`)}}, true},
		{"pa\nss", Call{Response: Body{JSON: []byte(`{"id":"pa\nss"}`)}}, true},
		{"4711", Call{Path: "/auth/factors/1", Response: Body{JSON: []byte(`{"id":"471"}`)}}, false},
	} {
		m := masker{secrets: map[string]int{}}
		m.learn(test.secret)
		if got := m.learned(test.call); got != test.want {
			t.Errorf("%q in %+v: %t", test.secret, test.call, got)
		}
		if changes := !reflect.DeepEqual(m.call(test.call), test.call); changes != test.want {
			t.Errorf("masked again, %+v changes: %t", test.call, changes)
		}
		m.learn(test.secret)
		if m.fresh = m.fresh[1:]; len(m.fresh) > 0 {
			t.Errorf("learned twice: %q", m.fresh)
		}
	}
}

// FuzzMask puts secrets where the API has them into any JSON: no text of what is
// kept has one, and what is kept is JSON.
func FuzzMask(f *testing.F) {
	for _, s := range []string{`{"id":"x"}`, `[1,"a",{"message":"$SECRET and $CODE and $KEY"}]`, `"$SECRET"`, `{"$SECRET":{"id":"$CODE"}}`,
		`{"errors":[{"code":"required","field":"$KEY"}]}`, `null`, `{"code":"$CODE","code":[{"x":"$CODE"}]}`, `nonsense $CODE`,
		`{"name":"\u0024CODE"}`, `{"user":"$CODE$SECRET","totp":{"uri":"$SECRET"}}`} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, around string, failure bool) {
		sum := sha256.Sum256([]byte(around))
		secret := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20])
		key, code := "sk_test_"+hex.EncodeToString(sum[:]), "9"+digits(hex.EncodeToString(sum[20:]))
		around = strings.NewReplacer("$SECRET", secret, "$CODE", code, "$KEY", key).Replace(around)
		if !json.Valid([]byte(around)) {
			around = "null"
		}
		body := `{"code":"` + code + `","authentication_factor":{"totp":{"secret":"` + secret + `","qr_code":"data:image/png;base64,` + secret +
			`","uri":"otpauth://totp/x?secret=` + secret + `"}},"totp_secret":"` + secret + `","around":` + around + `,"data":[` + around + `]}`
		got := masked(t, key, body, failure)
		if !json.Valid(got.JSON) && got.Note == "" {
			t.Fatalf("not JSON: %s", got.JSON)
		}
		for _, s := range []string{secret, code, key, "otpauth:", "data:image"} {
			if strings.Contains(string(got.JSON), s) {
				t.Errorf("%s contains %q", got.JSON, s)
			}
		}
	})
}

// digits makes digits of hexadecimal ones.
func digits(hex string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' {
			return r - 'a' + '0'
		}
		return r
	}, hex)[:7]
}
