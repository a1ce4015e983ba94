package inspect

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// A gist is of any body, also of one that has other types than expected.
func TestGist(t *testing.T) {
	for _, tt := range []struct {
		status     int
		body, want string
		verdict    Verdict
	}{
		{201, `{"valid":true,"challenge":{"object":"authentication_challenge"}}`, "✓ valid", Good},
		{201, `{"valid":false}`, "✗ not valid", Bad},
		{201, `{"object":"authentication_factor","type":"totp"}`, "TOTP factor", Neutral},
		{201, `{"authentication_factor":{"type":"totp"},"authentication_challenge":{}}`, "TOTP factor", Neutral},
		{201, `{"object":"authentication_challenge","id":"auth_challenge_1"}`, "challenge", Neutral},
		{200, `{"object":"list","data":[]}`, "0 items", Neutral},
		{200, `{"object":"list","data":[{"object":"user"}]}`, "1 user", Neutral},
		{200, `{"object":"list","data":[{"object":"authentication_factor"},{}]}`, "2 factors", Neutral},
		{200, `{"object":"list","data":[1]}`, "1 item", Neutral},
		{200, `{"object":"user","email":"ada@example.com"}`, "ada@example.com", Neutral},
		{200, `{"access_token":"••••••","user":{"email":"ada@example.com"}}`, "✓ signed in as ada@example.com", Good},
		{200, `{"access_token":"••••••"}`, "✓ signed in", Good},
		{201, `{"object":"magic_auth","email":"ada@example.com"}`, "e-mail to ada@example.com", Neutral},
		{204, ``, "", Neutral},
		{403, `{"code":"mfa_challenge","message":"The user must","user":{"email":"ada@example.com"}}`, "mfa_challenge", Refused},
		{422, `{"code":"authentication_challenge_expired"}`, "authentication_challenge_expired", Refused},
		{400, `{"code":"one_time_code_too_many_attempts"}`, "one_time_code_too_many_attempts", Refused},
		{400, `{"code":"invalid_one_time_code"}`, "✗ invalid_one_time_code", Bad},
		{400, `{"error":"invalid_client","error_description":"Invalid client ID."}`, "invalid_client", Refused},
		{422, `{"code":"invalid_request_parameters","errors":[{"field":"code","code":"code must be a string"}]}`, "code must be a string", Refused},
		{422, `{"message":"Validation failed","errors":["email is wrong"]}`, "email is wrong", Refused},
		{422, `{"message":"Validation failed","errors":[{"message":"too long"}]}`, "too long", Refused},
		{422, `{"message":"Validation failed","errors":[7]}`, "Validation failed", Refused},
		{401, `{"message":"Unauthorized"}`, "Unauthorized", Refused},
		{500, `{"code":7,"error":{},"message":[],"valid":"no","data":{}}`, "", Failed},
		{500, `[1]`, "", Failed},
		{0, `{"type":"totp"`, "", Failed},
	} {
		got := Call{Ended: true, Status: tt.status, Response: Body{JSON: []byte(tt.body)}}.Gist()
		if got.String() != tt.want || got.Verdict != tt.verdict {
			t.Errorf("%d %s: %q (%d), want %q (%d)", tt.status, tt.body, got, got.Verdict, tt.want, tt.verdict)
		}
	}
	if got := (Call{Response: Body{JSON: []byte(`{"valid":true}`)}}).Gist(); got != (Gist{}) {
		t.Errorf("of a call that has not ended: %+v", got)
	}
}

// What is masked before a call is kept leaves its gist.
func TestGistOfRecordedCalls(t *testing.T) {
	cut := false
	engine := local.New(local.Options{APIKey: testKey})
	r, client := recording(t, roundTripper(func(req *http.Request) (*http.Response, error) {
		if cut {
			return nil, errors.New("the cable is cut")
		}
		return engine.RoundTrip(req)
	}))
	ctx := context.Background()
	check := func(want string) {
		t.Helper()
		if got := r.Calls()[0].Gist().String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	otp, err := client.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.GenericOTP})
	if err != nil {
		t.Fatal(err)
	}
	check("Generic OTP factor")
	challenge, err := client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: otp.ID})
	if err != nil {
		t.Fatal(err)
	}
	check("challenge")
	wrong := "000000"
	if challenge.Code == wrong {
		wrong = "000001"
	}
	for _, step := range []struct{ code, want string }{
		{wrong, "✗ not valid"}, {challenge.Code, "✓ valid"}, {challenge.Code, "authentication_challenge_previously_verified"},
	} {
		client.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: challenge.ID, Code: step.code})
		check(step.want)
	}
	if err := client.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: otp.ID}); err != nil {
		t.Fatal(err)
	}
	check("deleted")
	client.GetFactor(ctx, workos.GetFactorOpts{FactorID: "auth_factor_none"})
	check("entity_not_found")
	cut = true
	client.ListUsers(ctx, workos.ListUsersOpts{})
	if got := r.Calls()[0].Gist(); got.Verdict != Failed || !strings.Contains(got.Text, "the cable is cut") {
		t.Errorf("%+v", got)
	}
}
