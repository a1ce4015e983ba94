package local_test

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"mfa-tui/workos/local"
)

const (
	authenticate = "POST /user_management/authenticate"
	ada, bob     = "user_01HADA0000000000000000000A", "user_01HB0B0000000000000000000B"
	adasApp      = "auth_factor_01HAPP0000000000000000000A"
	grantPrefix  = "urn:workos:oauth:grant-type:"
)

// Ada has an authenticator app and a phone, Bob neither.
func signInSeed() *local.Seed {
	return &local.Seed{
		Users: []local.SeedUser{
			{ID: ada, Email: "ada@b.co", Password: "pass ada"}, {ID: bob, Email: "bob@b.co", Password: "pass bob"},
			{ID: "user_must", Email: "must@b.co", Password: "pass must", MFA: "required"},
			{ID: "user_bare", Email: "bare@b.co"},
		},
		Factors: []local.SeedFactor{
			{ID: adasApp, Type: "totp", UserID: ada, Issuer: "Foo Corp", User: "ada", Secret: "JBSWY3DPEHPK3PXP"},
			{ID: "auth_factor_phone", Type: "sms", UserID: ada, PhoneNumber: "+15005550006"},
		},
	}
}

func newSignInSite(t testing.TB, change ...func(*local.Options)) *site {
	return newSite(t, append(change, func(o *local.Options) { o.Seed = signInSeed() })...)
}

// grant is the body of a sign-in, of pairs of names and values after the grant's name.
func grant(name string, pairs ...string) string {
	in := map[string]string{"grant_type": name, "client_id": "client_1", "client_secret": siteKey}
	for i := 0; i+1 < len(pairs); i += 2 {
		in[pairs[i]] = pairs[i+1]
	}
	body, _ := json.Marshal(in) // only strings, which never fails
	return string(body)
}

func password(name string) string {
	return grant("password", "email", name+"@b.co", "password", "pass "+name)
}

// pends begins a sign-in and returns the token of what is pending.
func (s *site) pends(body string) string {
	s.t.Helper()
	return s.must(403, authenticate, body)["pending_authentication_token"].(string)
}

func secondFactor(token, challenge, code string) string {
	return grant(grantPrefix+"mfa-totp", "pending_authentication_token", token, "authentication_challenge_id", challenge, "code", code)
}

// appCode is what Ada's app shows.
func (s *site) appCode() string {
	s.t.Helper()
	code, _, _, err := s.engine.AuthenticatorCode(ctx, adasApp)
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

func (s *site) later(d time.Duration) {
	s.t.Helper()
	if err := s.engine.MoveClock(d); err != nil {
		s.t.Fatal(err)
	}
}

// signer is a user of the seed on the wire.
func signer(t *testing.T, id, email, verified, signedIn string) string {
	t.Helper()
	return userWith(t, `{"id":"`+id+`","email":"`+email+`","email_verified":`+verified+`,"last_sign_in_at":`+signedIn+`}`)
}

func signedIn(user, method string) string {
	return `{"user":` + user + `,"access_token":"<jwt>","refresh_token":"<token>","authentication_method":"` + method + `"}`
}

func oauth(code string) string { return `{"error":"` + code + `","error_description":"<text>"}` }

func lacks(fields ...string) string {
	var all []string
	for _, f := range fields {
		all = append(all, `{"code":"`+f+`_string_required","message":"<text>"}`)
	}
	return `{"message":"Validation failed","code":"invalid_request_parameters","errors":[` + strings.Join(all, ",") + `]}`
}

func contractOfSignIn(t *testing.T) *site {
	s := newSignInSite(t, func(o *local.Options) { o.ClientID = "client_1" })
	s.later(-time.Hour)
	late := s.challenge("auth_factor_phone")
	s.engine.ResetClock()
	refresh := s.must(200, authenticate, password("bob"))["refresh_token"].(string)
	magic := s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co","invitation_token":null}`)
	magicCode := magic["code"].(string)
	const magicAuth = `{"object":"magic_auth","id":"<magic>","user_id":"<user>","email":"bob@b.co","code":"<code>","expires_at":"<end>",` + stamps + `}`
	token := s.pends(password("ada"))
	open, spent, phone := s.challenge(adasApp), s.challenge(adasApp), s.challenge("auth_factor_phone")
	strange := s.challenge(s.enroll(`{"type":"generic_otp"}`))
	right := s.appCode()
	for range local.MaxWrongCodes {
		s.meets(authenticate, secondFactor(token, spent, other(right)), 400, coded("invalid_one_time_code"))
	}

	for _, test := range []struct {
		call, body string
		status     int
		want       string
	}{
		{authenticate, password("bob"), 200, signedIn(signer(t, bob, "bob@b.co", "false", `"<time>"`), "Password")},
		{authenticate, grant("password", "email", "BOB@b.co", "password", "pass bob"), 200, signedIn(signer(t, bob, "bob@b.co", "false", `"<time>"`), "Password")},
		{authenticate, grant("password", "email", "bob@b.co", "password", "wrong"), 400, `{"message":"Invalid credentials.","code":"invalid_credentials"}`},
		{authenticate, grant("password", "email", "nobody@b.co", "password", "nobody's"), 400, `{"message":"Invalid credentials.","code":"invalid_credentials"}`},
		{authenticate, grant("password", "email", "bare@b.co", "password", "nobody's"), 400, `{"message":"Invalid credentials.","code":"invalid_credentials"}`},
		{authenticate, grant("password", "email", "bob@b.co"), 422, lacks("password")},
		{authenticate, grant("password"), 422, lacks("email", "password")},
		{authenticate, password("ada"), 403, `{"code":"mfa_challenge","message":"The user must complete an MFA challenge to finish authenticating.",` +
			`"pending_authentication_token":"<token>","authentication_factors":[{"id":"` + adasApp + `","type":"totp"}],"user":` + signer(t, ada, "ada@b.co", "false", "null") + `}`},
		{authenticate, password("must"), 403, `{"code":"mfa_enrollment","message":"The user must enroll in MFA to finish authenticating.",` +
			`"pending_authentication_token":"<token>","user":` + signer(t, "user_must", "must@b.co", "false", "null") + `}`},

		{"POST /user_management/magic_auth", `{}`, 422, lacks("email")},
		{"POST /user_management/magic_auth", `{"email":"bob"}`, 422, `{"message":"<text>","code":"invalid_request_parameters","errors":[{"code":"email_invalid","message":"<text>"}]}`},
		{"POST /user_management/magic_auth", `[]`, 400, badBody},
		{"GET /user_management/magic_auth/" + magic["id"].(string), "", 200, magicAuth},
		{"GET /user_management/magic_auth/magic_auth_invalid", "", 404, // as recorded
			`{"message":"MagicAuth not found: 'magic_auth_invalid'.","code":"entity_not_found","entity_id":"magic_auth_invalid"}`},
		{authenticate, grant(grantPrefix + "magic-auth:code"), 422, lacks("code", "email")},
		{authenticate, grant(grantPrefix+"magic-auth:code", "email", "bob@b.co", "code", other(magicCode)), 400, coded("invalid_one_time_code")},
		{authenticate, grant(grantPrefix+"magic-auth:code", "email", "ada@b.co", "code", magicCode), 400, coded("invalid_one_time_code")},
		{authenticate, grant(grantPrefix+"magic-auth:code", "email", "nobody@b.co", "code", magicCode), 404, // as recorded
			`{"message":"User not found: 'nobody@b.co'.","code":"entity_not_found","entity_id":"nobody@b.co"}`},
		{authenticate, grant(grantPrefix+"magic-auth:code", "user_id", "user_x", "code", magicCode), 404, missing("User", "user_x")},
		{authenticate, grant(grantPrefix+"magic-auth:code", "user_id", bob, "code", magicCode), 200, signedIn(signer(t, bob, "bob@b.co", "true", `"<time>"`), "MagicAuth")},
		{authenticate, grant(grantPrefix+"magic-auth:code", "email", "bob@b.co", "code", magicCode), 400, coded("one_time_code_previously_used")},
		{"POST /user_management/magic_auth", `{"email":"bob@b.co"}`, 201, magicAuth},

		{authenticate, grant(grantPrefix + "mfa-totp"), 422, lacks("code", "pending_authentication_token", "authentication_challenge_id")},
		{authenticate, secondFactor("x", open, right), 400, coded("invalid_pending_authentication_token")},
		{authenticate, secondFactor(token, "x", right), 404, missing("Authentication Challenge", "x")},
		{authenticate, secondFactor(token, strange, right), 400, coded("user_mismatch")},
		{authenticate, secondFactor(token, spent, right), 400, coded("one_time_code_too_many_attempts")},
		{authenticate, secondFactor(token, phone, "x"), 400, coded("invalid_one_time_code")},
		{authenticate, secondFactor(token, late, "x"), 400, coded("one_time_code_expired")},
		{authenticate, secondFactor(token, open, other(right)), 400, coded("invalid_one_time_code")},
		{authenticate, secondFactor(token, open, right), 200, signedIn(signer(t, ada, "ada@b.co", "false", `"<time>"`), "Password")},
		{authenticate, secondFactor(token, open, right), 400, coded("invalid_pending_authentication_token")},

		{authenticate, grant("refresh_token"), 422, lacks("refresh_token")},
		{authenticate, grant("refresh_token", "refresh_token", "invalid"), 400, // as recorded
			`{"error":"invalid_grant","error_description":"Invalid refresh token."}`},
		{authenticate, grant("refresh_token", "refresh_token", refresh, "organization_id", "org_1"), 400, oauth("organization_not_found")},
		{authenticate, grant("authorization_code", "code", "x"), 400, oauth("unsupported_grant_type")},
		{authenticate, grant(""), 422, lacks("grant_type")},
		{authenticate, `{}`, 400, oauth("invalid_client")},
		{authenticate, `x`, 400, badBody},
		{authenticate, ``, 400, badBody},
		{"GET /sso/jwks/client_1", "", 200, `{"keys":[{"alg":"RS256","kty":"RSA","use":"sig","kid":"<key>","n":"<base64>","e":"AQAB","x5c":["<base64>"],"x5t#S256":"<base64>"}]}`},
		{"GET /sso/jwks/client_2", "", 404, missing("Client", "client_2")},
	} {
		s.meets(test.call, test.body, test.status, test.want)
	}
	return s
}

// A second factor that does not sign in costs what it should: a wrong code a try, a bad
// token nothing, and either can be put right.
func TestSecondFactor(t *testing.T) {
	s := newSignInSite(t)
	token, challenge := s.pends(password("ada")), s.challenge(adasApp)
	for range local.MaxWrongCodes + 1 { // these are no tries
		s.meets(authenticate, secondFactor("x", challenge, other(s.appCode())), 400, coded("invalid_pending_authentication_token"))
		s.meets(authenticate, secondFactor("x", challenge, s.appCode()), 400, coded("invalid_pending_authentication_token"))
	}
	for range local.MaxWrongCodes - 1 {
		s.meets(authenticate, secondFactor(token, challenge, other(s.appCode())), 400, coded("invalid_one_time_code"))
	}
	used := s.appCode()
	s.must(200, authenticate, secondFactor(token, challenge, used))

	token = s.pends(password("ada"))
	s.meets(authenticate, secondFactor(token, challenge, used), 400, coded("one_time_code_previously_used"))
	challenge = s.challenge(adasApp)
	s.meets(authenticate, secondFactor(token, challenge, used), 400, coded("one_time_code_previously_used"))
	s.later(30 * time.Second)
	s.meets(authenticate, secondFactor(token, challenge, used), 400, coded("one_time_code_previously_used"))
	s.must(200, authenticate, secondFactor(token, challenge, s.appCode()))

	// A code of the phone expires; the token does too, and a verified challenge is no good.
	sms := s.challenge("auth_factor_phone")
	messages, err := s.engine.Messages(ctx)
	if err != nil {
		t.Fatal(err)
	}
	s.later(time.Minute)
	token = s.pends(password("ada"))
	s.later(9*time.Minute + 1)
	s.meets(authenticate, secondFactor(token, sms, messages[0].Code), 400, coded("one_time_code_expired"))
	challenge = s.challenge(adasApp)
	s.later(time.Minute - 1) // the token's last moment
	s.must(201, "POST /auth/challenges/"+challenge+"/verify", `{"code":"`+s.appCode()+`"}`)
	s.meets(authenticate, secondFactor(token, challenge, s.appCode()), 400, coded("one_time_code_previously_used"))
	s.later(1)
	s.meets(authenticate, secondFactor(token, s.challenge(adasApp), s.appCode()), 400, coded("invalid_pending_authentication_token"))
}

// Whatever works once works for one of many who use it at once.
func TestSignInsAtOnce(t *testing.T) {
	s := newSignInSite(t)
	code := s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co"}`)["code"].(string)
	refresh := s.must(200, authenticate, password("bob"))["refresh_token"].(string)
	token := s.pends(password("ada"))
	challenges := []string{s.challenge(adasApp), s.challenge(adasApp)}
	app := s.appCode()
	for name, body := range map[string]func(i int) string{
		"token":         func(i int) string { return secondFactor(token, challenges[i%2], app) },
		"magic auth":    func(int) string { return grant(grantPrefix+"magic-auth:code", "email", "bob@b.co", "code", code) },
		"refresh token": func(int) string { return grant("refresh_token", "refresh_token", refresh) },
	} {
		var done sync.WaitGroup
		var won atomic.Int32
		for i := range 16 {
			done.Go(func() {
				if s.do(authenticate, body(i)).status == 200 {
					won.Add(1)
				}
			})
		}
		done.Wait()
		if n := won.Load(); n != 1 {
			t.Errorf("the %s worked %d times", name, n)
		}
	}
}

// Where a second factor is required, enrolling one goes on with the sign-in.
func TestEnrollmentAtSignIn(t *testing.T) {
	s := newSignInSite(t, func(o *local.Options) { o.MFARequired = true })
	r := s.do(authenticate, password("bob"))
	if r.status != 403 || !strings.Contains(r.body, `"code":"mfa_enrollment"`) || strings.Contains(r.body, "authentication_factors") {
		t.Fatalf("%d %s", r.status, r.body)
	}
	token := s.pends(password("bob"))
	enrolled := s.must(201, "POST /user_management/users/"+bob+"/auth_factors", `{"type":"totp"}`)
	factor := enrolled["authentication_factor"].(map[string]any)["id"].(string)
	code, _, _, err := s.engine.AuthenticatorCode(ctx, factor)
	if err != nil {
		t.Fatal(err)
	}
	challenge := enrolled["authentication_challenge"].(map[string]any)["id"].(string)
	s.meets(authenticate, secondFactor(s.pends(password("ada")), challenge, code), 400, coded("user_mismatch"))
	s.must(200, authenticate, secondFactor(token, challenge, code))
	if r := s.do(authenticate, password("bob")); !strings.Contains(r.body, `"mfa_challenge"`) {
		t.Errorf("after that: %s", r.body)
	}
}

// A magic auth code comes by e-mail, adds the user, works once and not for long, and is
// replaced by the next one.
func TestMagicAuth(t *testing.T) {
	s := newSignInSite(t)
	ask := func(email string) string {
		return s.must(201, "POST /user_management/magic_auth", `{"email":"`+email+`"}`)["code"].(string)
	}
	enter := func(email, code string) string {
		return grant(grantPrefix+"magic-auth:code", "email", email, "code", code)
	}
	first := ask("new+1@b.co")
	code := ask("new+1@b.co")
	s.challenge("auth_factor_phone")
	for to, want := range map[string]string{
		"": "[" + mail("new+1@b.co", code) + "," + mail("new+1@b.co", first) + "]", "?to=new%2B1@b.co": "[" + mail("new+1@b.co", code) + "," + mail("new+1@b.co", first) + "]",
		"?to=NEW+1@b.co": "[" + mail("new+1@b.co", code) + "," + mail("new+1@b.co", first) + "]", "?to=ada@b.co": "[]",
	} {
		s.meets("GET /_emulate/mail"+to, "", 200, want)
	}
	if texts, err := s.engine.Messages(ctx); len(texts) != 1 || texts[0].To != "+15005550006" || err != nil {
		t.Errorf("text messages: %+v, %v", texts, err)
	}
	if first != code {
		s.meets(authenticate, enter("new+1@b.co", first), 400, coded("invalid_one_time_code"))
	}
	user := s.must(200, authenticate, enter("new+1@b.co", code))["user"].(map[string]any)
	if user["email"] != "new+1@b.co" || user["email_verified"] != true {
		t.Errorf("the user is %v", user)
	}

	code = ask("bob@b.co")
	for range local.MaxWrongCodes {
		s.meets(authenticate, enter("bob@b.co", other(code)), 400, coded("invalid_one_time_code"))
	}
	s.meets(authenticate, enter("bob@b.co", code), 400, coded("one_time_code_too_many_attempts"))
	code = ask("bob@b.co")
	s.later(10*time.Minute + 1)
	s.meets(authenticate, enter("bob@b.co", code), 400, coded("one_time_code_expired"))

	token := s.pends(enter("ada@b.co", ask("ada@b.co")))
	if method := s.must(200, authenticate, secondFactor(token, s.challenge(adasApp), s.appCode()))["authentication_method"]; method != "MagicAuth" {
		t.Errorf("the method is %v", method)
	}

	s.must(204, "DELETE /_emulate/mail?to=bob@b.co", "")
	s.meets("GET /_emulate/mail?to=bob@b.co", "", 200, "[]")
	s.must(204, "DELETE /_emulate/mail", "")
	s.meets("GET /_emulate/mail", "", 200, "[]")
	if texts, err := s.engine.Messages(ctx); len(texts) != 1 || err != nil {
		t.Errorf("text messages after that: %+v, %v", texts, err)
	}
}

func mail(to, code string) string {
	return `{"id":"<text>","channel":"email","to":"` + to + `","body":"Your sign-in code is ` + code + `.","code":"` + code + `","challenge_id":"","factor_id":"","sent_at":"<time>"}`
}

// A code that was sent to an address signs nobody in who has another one by now.
func TestMagicAuthOfAnOldAddress(t *testing.T) {
	s := newSignInSite(t)
	code := s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co"}`)["code"].(string)
	s.must(200, "PUT "+usersPath+"/"+bob, `{"email":"new@b.co"}`)
	s.meets(authenticate, grant(grantPrefix+"magic-auth:code", "email", "new@b.co", "code", code), 400, coded("invalid_one_time_code"))
	s.must(200, "PUT "+usersPath+"/"+bob, `{"email":"bob@b.co"}`)
	s.must(200, authenticate, grant(grantPrefix+"magic-auth:code", "email", "bob@b.co", "code", code))
}

// With a user all that they could sign in with is deleted.
func TestSignInsOfADeletedUser(t *testing.T) {
	storage := &disk{}
	s := newSignInSite(t, func(o *local.Options) { o.Storage, o.Deferred, o.MFARequired = storage, true, true })
	magic := map[string]string{}
	for _, name := range []string{"ada", "bob"} {
		magic[name] = s.must(201, "POST /user_management/magic_auth", `{"email":"`+name+`@b.co"}`)["id"].(string)
		s.pends(password(name))
	}
	session := s.must(200, authenticate, secondFactor(s.pends(password("ada")), s.challenge(adasApp), s.appCode()))["refresh_token"].(string)
	s.must(200, "DELETE "+usersPath+"/"+ada, "")
	s.meets(authenticate, grant("refresh_token", "refresh_token", session), 400, oauth("invalid_grant"))
	s.must(404, "GET /user_management/magic_auth/"+magic["ada"], "")
	s.must(200, "GET /user_management/magic_auth/"+magic["bob"], "")
	if got := kept(s, storage); got != "1 1 0" {
		t.Errorf("kept are %s", got)
	}
}

// A magic auth code that was sent before a restart works after it, and is replaced.
func TestMagicAuthOfAState(t *testing.T) {
	storage := &disk{}
	set := func(o *local.Options) { o.Storage, o.Deferred = storage, true }
	s := newSignInSite(t, set)
	code := s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co"}`)["code"].(string)
	if err := s.engine.Flush(ctx); err != nil {
		t.Fatal(err)
	}
	s = newSignInSite(t, set)
	s.must(200, authenticate, grant(grantPrefix+"magic-auth:code", "email", "bob@b.co", "code", code))
	s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co"}`)
	if got := kept(s, storage); got != "1 0 1" {
		t.Errorf("kept are %s", got)
	}
}

// A refresh token works once and keeps the session.
func TestRefreshTokens(t *testing.T) {
	s := newSignInSite(t)
	refresh := func(token any) string { return grant("refresh_token", "refresh_token", token.(string)) }
	invalid := oauth("invalid_grant")
	first := s.must(200, authenticate, password("bob"))
	s.meets(authenticate, grant("refresh_token", "refresh_token", first["refresh_token"].(string), "organization_id", "org_1"), 400, oauth("organization_not_found"))
	s.later(29 * 24 * time.Hour)
	next := s.must(200, authenticate, refresh(first["refresh_token"]))
	if a, b := s.verified(first), s.verified(next); a["sid"] != b["sid"] || a["jti"] == b["jti"] || next["authentication_method"] != "Password" {
		t.Errorf("first %v\nnext %v %v", a, b, next["authentication_method"])
	}
	s.meets(authenticate, refresh(first["refresh_token"]), 400, invalid)
	if other := s.verified(s.must(200, authenticate, password("bob"))); other["sid"] == s.verified(first)["sid"] {
		t.Error("two sign-ins have one session")
	}
	s.later(30*24*time.Hour + 1)
	s.meets(authenticate, refresh(next["refresh_token"]), 400, invalid)
}

// verified is the content of an access token, whose signature is checked with the keys
// that the site shows.
func (s *site) verified(signedIn map[string]any) jwt.MapClaims {
	s.t.Helper()
	keys := s.must(200, "GET /sso/jwks/client_1", "", "Authorization", "")["keys"].([]any)
	key := keys[0].(map[string]any)
	number := func(name string) *big.Int {
		b, err := base64.RawURLEncoding.DecodeString(key[name].(string))
		if err != nil {
			s.t.Fatal(err)
		}
		return new(big.Int).SetBytes(b)
	}
	public := &rsa.PublicKey{N: number("n"), E: int(number("e").Int64())}
	der, err := base64.StdEncoding.DecodeString(key["x5c"].([]any)[0].(string))
	if err != nil {
		s.t.Fatal(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil || !public.Equal(certificate.PublicKey) || certificate.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature) != nil {
		s.t.Errorf("the certificate is not of the key: %v", err)
	}
	if sum := sha256.Sum256(der); base64.RawURLEncoding.EncodeToString(sum[:]) != key["x5t#S256"] {
		s.t.Errorf("the certificate's hash is %v", key["x5t#S256"])
	}
	var claims jwt.MapClaims
	_, err = jwt.NewParser(jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation()).ParseWithClaims(signedIn["access_token"].(string), &claims, func(token *jwt.Token) (any, error) {
		if token.Header["kid"] != key["kid"] {
			s.t.Errorf("the token's key is %v, want %v", token.Header["kid"], key["kid"])
		}
		return public, nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return claims
}

// An access token has what the SDKs read, and times that a client with the right time
// takes, unless the engine's clock was set back.
func TestAccessToken(t *testing.T) {
	s := newSignInSite(t, func(o *local.Options) { o.Now = func() time.Time { return siteStart.Add(900 * time.Millisecond) } })
	at := float64(siteStart.Unix())
	for moved, want := range map[time.Duration][2]float64{0: {at, at + 300}, time.Hour: {at, at + 3900}, -time.Hour: {at - 3600, at - 3300}} {
		s.engine.ResetClock()
		s.later(moved)
		c := s.verified(s.must(200, authenticate, password("bob")))
		if len(c) != 6 || c["iss"] != s.url || c["sub"] != bob || c["iat"] != want[0] || c["exp"] != want[1] ||
			!strings.HasPrefix(c["sid"].(string), "session_01") || len(c["jti"].(string)) != 26 {
			t.Errorf("%s: %v, want iat and exp %.0f", moved, c, want)
		}
	}
}

// The signing key stays as long as the state does, and over a reset, since clients cache it.
func TestSigningKeyIsKept(t *testing.T) {
	storage := &disk{}
	for _, deferred := range []bool{true, false} {
		set := func(o *local.Options) { o.Storage, o.Deferred = storage, deferred }
		s := newSignInSite(t, set)
		before := s.do("GET /sso/jwks/client_1", "").body
		token := s.must(200, authenticate, password("bob"))
		if err := s.engine.Reset(ctx); err != nil {
			t.Fatal(err)
		}
		s.verified(token)
		s.meets(authenticate, grant("refresh_token", "refresh_token", token["refresh_token"].(string)), 400, oauth("invalid_grant"))
		token = s.must(200, authenticate, password("bob"))
		if err := s.engine.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		again := newSignInSite(t, set)
		if after := again.do("GET /sso/jwks/client_1", "").body; after != before {
			t.Errorf("deferred %t: the key was\n%s\nis\n%s", deferred, before, after)
		}
		again.must(200, authenticate, grant("refresh_token", "refresh_token", token["refresh_token"].(string)))
		if err := again.engine.Flush(ctx); err != nil {
			t.Fatal(err)
		}
	}
}

// The key is enough as the bearer or in the body, where a wrong one is refused, and without
// it nobody signs in. A
// client ID is pinned if the options say so.
func TestClients(t *testing.T) {
	s := newSignInSite(t)
	secret := func(key string) string { return strings.Replace(password("bob"), siteKey, key, 1) }
	for _, test := range []struct {
		bearer, secret string
		status         int
	}{
		{"", siteKey, 200}, {"Bearer " + siteKey, "", 200}, {"Bearer " + siteKey, siteKey, 200},
		{"", "", 400}, {"Bearer x", "", 400}, {"", "sk_x", 400}, {"Bearer x", "sk_x", 400}, {"", siteKey + "x", 400}, {"Bearer " + siteKey, "sk_x", 400}, {"Bearer x", siteKey, 200},
	} {
		want := oauth("invalid_client")
		if test.status == 200 {
			want = signedIn(signer(t, bob, "bob@b.co", "false", `"<time>"`), "Password")
		}
		s.meets(authenticate, secret(test.secret), test.status, want, "Authorization", test.bearer)
	}
	s.meets("POST /user_management/magic_auth", `{"email":"bob@b.co"}`, 401, `{"message":"Unauthorized"}`, "Authorization", "")
	s.meets("GET /sso/jwks/", "", 404, notEmulated("GET /sso/jwks/"))

	pinned := newSignInSite(t, func(o *local.Options) { o.ClientID = "client_1" })
	pinned.must(200, authenticate, password("bob"))
	pinned.meets(authenticate, strings.Replace(password("bob"), "client_1", "client_2", 1), 400, oauth("invalid_client"))
	pinned.meets("GET /sso/jwks/client_2", "", 404, missing("Client", "client_2"))
}

// A sign-in that is repeated with its key gives the same tokens. A client that is refused
// neither gets nor leaves such an answer.
func TestRepeatedSignIn(t *testing.T) {
	s := newSignInSite(t)
	body := strings.Replace(password("bob"), siteKey, "", 1)
	refused := s.do(authenticate, body, key, "k", "Authorization", "")
	first := s.do(authenticate, body, key, "k")
	s.later(time.Hour)
	if again := s.do(authenticate, body, key, "k"); refused.status != 400 || first.status != 200 || again.body != first.body {
		t.Errorf("refused %d, first %d %s\nagain %s", refused.status, first.status, first.body, again.body)
	}
	s.meets(authenticate, body, 400, oauth("invalid_client"), key, "k", "Authorization", "")

	token, challenge := s.pends(password("ada")), s.challenge(adasApp)
	wrong := secondFactor(token, challenge, other(s.appCode()))
	for range 2 * local.MaxWrongCodes { // one try
		s.meets(authenticate, wrong, 400, coded("invalid_one_time_code"), key, "wrong")
	}
	right := secondFactor(token, challenge, s.appCode())
	first = s.do(authenticate, right, key, "right")
	if again := s.do(authenticate, right, key, "right"); first.status != 200 || again.body != first.body {
		t.Errorf("first %d %s\nagain %s", first.status, first.body, again.body)
	}
	s.meets(authenticate, right, 400, coded("invalid_pending_authentication_token"), key, "another")
}

// kept counts the magic auths, pending sign-ins and sessions that a state has.
func kept(s *site, storage *disk) string {
	s.t.Helper()
	if err := s.engine.Flush(ctx); err != nil {
		s.t.Fatal(err)
	}
	var state struct {
		MagicAuths        map[string]any `json:"magic_auths"`
		Pending, Sessions map[string]any
	}
	if err := json.Unmarshal(storage.data, &state); err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(len(state.MagicAuths), len(state.Pending), len(state.Sessions))
}

// What signing in leaves behind is forgotten when it is of no more use.
func TestSignInsAreForgotten(t *testing.T) {
	storage := &disk{}
	s := newSignInSite(t, func(o *local.Options) { o.Storage, o.Deferred = storage, true })
	s.must(201, "POST /user_management/magic_auth", `{"email":"bare@b.co"}`)
	s.pends(password("ada"))
	token := s.must(200, authenticate, password("bob"))["refresh_token"].(string)
	if got := kept(s, storage); got != "1 1 1" {
		t.Errorf("kept are %s", got)
	}
	s.later(25 * time.Hour)
	s.must(200, authenticate, grant("refresh_token", "refresh_token", token))
	if got := kept(s, storage); got != "0 0 1" {
		t.Errorf("after a day %s", got)
	}
	s.later(31 * 24 * time.Hour)
	s.pends(password("ada"))
	if got := kept(s, storage); got != "0 1 0" {
		t.Errorf("after a month %s", got)
	}
}

// The state is written while users sign in.
func TestSignInsDuringAFlush(t *testing.T) {
	s := newSignInSite(t, func(o *local.Options) { o.Storage, o.Deferred = &disk{}, true })
	stop, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(failed)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if err := s.engine.Flush(ctx); err != nil {
				failed <- err
				return
			}
		}
	}()
	for range 30 {
		s.pends(password("ada"))
		token := s.must(200, authenticate, password("bob"))["refresh_token"].(string)
		s.must(200, authenticate, grant("refresh_token", "refresh_token", token))
		s.must(201, "POST /user_management/magic_auth", `{"email":"bob@b.co"}`)
	}
	close(stop)
	if err := <-failed; err != nil {
		t.Error(err)
	}
}
