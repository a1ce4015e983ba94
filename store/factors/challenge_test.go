package factors_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// wrong is a code that is not this one.
func wrong(code string) string {
	if strings.HasPrefix(code, "0") {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

// The results of codes, and the history after them.
func TestVerify(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("")
	verify := func(c workos.Challenge, code string) store.Outcome {
		t.Helper()
		done, err := fx.Verify(t.Context(), store.Record{}, c.ID, code)
		if err != nil || done.SaveErr != nil || done.Record.ID != r.ID {
			t.Fatalf("%+v, %v", done, err)
		}
		if last, _ := fx.saved(r.ID).LastAttempt(); last.Outcome != done.Result && last.Outcome != store.OutcomeVerified {
			t.Errorf("the history says %s, the result is %s", last.Outcome, done.Result)
		}
		if (done.Result == store.OutcomeVerified) != done.Verification.Valid {
			t.Errorf("%+v", done)
		}
		return done.Result
	}
	challenge := func() workos.Challenge {
		t.Helper()
		done, err := fx.Challenge(t.Context(), r, "")
		if last, _ := done.Record.LastAttempt(); err != nil || done.SaveErr != nil || last.ChallengeID != done.Challenge.ID {
			t.Fatalf("%+v, %v", done, err)
		}
		return done.Challenge
	}

	c := challenge()
	got := []store.Outcome{verify(c, wrong(c.Code)), verify(c, " "+c.Code[:3]+"-"+c.Code[3:]+"\n"), verify(c, c.Code)}
	c = challenge()
	for range 6 {
		got = append(got, verify(c, wrong(c.Code)))
	}
	want := []store.Outcome{
		store.OutcomeWrongCode, store.OutcomeVerified, store.OutcomeAlreadyVerified,
		store.OutcomeWrongCode, store.OutcomeWrongCode, store.OutcomeWrongCode, store.OutcomeWrongCode, store.OutcomeWrongCode, store.OutcomeTooManyAttempts,
	}
	if !slices.Equal(got, want) {
		t.Errorf("the results are %v, want %v", got, want)
	}

	c = challenge()
	fx.fault = answer(500, `{"message":"oops"}`)
	if done, err := fx.Verify(t.Context(), r, c.ID, c.Code); err == nil || done.Result != "" {
		t.Errorf("a failed call is %+v, %v", done, err)
	}
	if last, _ := fx.saved(r.ID).LastAttempt(); last.Outcome != store.OutcomeOpen {
		t.Errorf("a failed call is in the history as %s", last.Outcome)
	}
	fx.fault = answer(422, `{"code":"authentication_challenge_expired"}`)
	if got := verify(c, c.Code); got != store.OutcomeExpired {
		t.Errorf("the result is %s", got)
	}
}

// A factor that is not on the list can be challenged and verified. It has no history:
// that is no error.
func TestFactorThatIsNotListed(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("")
	if err := fx.Remove(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	c, err := fx.Challenge(t.Context(), r, "")
	if err != nil || c.SaveErr != nil {
		t.Fatalf("%+v, %v", c, err)
	}
	if done, err := fx.Verify(t.Context(), r, c.Challenge.ID, c.Challenge.Code); err != nil || done.SaveErr != nil || done.Result != store.OutcomeVerified {
		t.Errorf("%+v, %v", done, err)
	}
	if fx.Listed(r.ID) {
		t.Error("it has come onto the list")
	}
	// There is nothing to save, so the file need not be writable.
	fx.lock()
	c, err = fx.Challenge(t.Context(), r, "")
	fx.unlock()
	if err != nil || c.SaveErr != nil {
		t.Errorf("%+v, %v", c, err)
	}
	// The same holds for a factor that another window has just removed.
	r = fx.enrolls("")
	if err := fx.open().Forget(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	if c, err = fx.Challenge(t.Context(), r, ""); err != nil || c.SaveErr != nil || c.Record.ID != r.ID {
		t.Errorf("%+v, %v", c, err)
	}
}

// The last wrong code that a challenge takes closes it, where their number is known.
// They are counted over all windows, and for a factor that is not on the list by the
// caller's record.
func TestLastWrongCode(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("")
	fail := func(r store.Record, id string, wrong int, want store.Outcome) store.Record {
		t.Helper()
		done, err := fx.Verify(t.Context(), r, id, "000000")
		if err != nil || done.Result != want || done.WrongCodes != wrong || done.Verification.Challenge.ID != id && want != store.OutcomeExpired {
			t.Errorf("wrong code %d: %+v, %v", wrong, done, err)
		}
		return done.Record
	}
	for _, limit := range []int{local.MaxWrongCodes, 0} {
		fx.CodeLimit = limit
		last := store.OutcomeWrongCode
		if limit > 0 {
			last = store.OutcomeTooManyAttempts
		}
		if listed, err := fx.Challenge(t.Context(), r, ""); err != nil {
			t.Fatal(err)
		} else {
			for n := range local.MaxWrongCodes - 1 {
				fail(store.Record{}, listed.Challenge.ID, n+1, store.OutcomeWrongCode)
			}
			fail(r, listed.Challenge.ID, local.MaxWrongCodes, last)
		}
	}
	fx.CodeLimit = local.MaxWrongCodes
	if err := fx.Remove(t.Context(), r.ID); err != nil {
		t.Fatal(err)
	}
	c, err := fx.Challenge(t.Context(), r, "")
	if err != nil {
		t.Fatal(err)
	}
	for n := range local.MaxWrongCodes - 1 {
		r = fail(r, c.Challenge.ID, n+1, store.OutcomeWrongCode)
	}
	fail(r, c.Challenge.ID, local.MaxWrongCodes, store.OutcomeTooManyAttempts)
}

// What is known to be gone at WorkOS is not challenged. It can be deleted, which says
// so.
func TestGone(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("mine")
	if err := fx.API.DeleteFactor(t.Context(), workos.DeleteFactorOpts{FactorID: r.ID}); err != nil {
		t.Fatal(err)
	}
	gone, err := fx.Refresh(t.Context(), r.ID)
	if err != nil || !gone.Gone {
		t.Fatalf("%+v, %v", gone, err)
	}
	fx.calls = nil
	if _, err := fx.Challenge(t.Context(), gone.Record, ""); !errors.Is(err, factors.ErrNotFound) || len(fx.calls) > 0 ||
		err.Error() != "mine ("+r.ID+") is gone at the local engine (not found): remove it from the list, or refresh it" {
		t.Errorf("%v, calls %v", err, fx.calls)
	}
	done, err := fx.Delete(t.Context(), r)
	if got := fx.Deleted(done.Record, "mine"); err != nil || got != "already gone at the local engine: mine" || fx.Listed(r.ID) {
		t.Errorf("%q, %v", got, err)
	}
	there := fx.enrolls("")
	there.GoneAt = workos.At(start) // but it is back
	if done, err = fx.Delete(t.Context(), there); err != nil || fx.Deleted(done.Record, "it") != "deleted it" {
		t.Errorf("%+v, %v", done, err)
	}
}

// A response without an ID gets the ID that was asked for.
func TestAnswersThatLackAnID(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("mine")
	fx.fault = answer(201, `{"id":"auth_challenge_1"}`)
	c, err := fx.Challenge(t.Context(), r, "")
	if data, _ := json.Marshal(c.Challenge); err != nil || c.SaveErr != nil || !strings.Contains(string(data), `"authentication_factor_id":"`+r.ID+`"`) {
		t.Errorf("%s, %v, %v", data, err, c.SaveErr)
	}
	fx.fault = answer(200, `{"type":"generic_otp"}`)
	if done, err := fx.Refresh(t.Context(), r.ID); err != nil || done.SaveErr != nil || done.Record.ID != r.ID || done.Record.Label != "mine" {
		t.Errorf("refresh: %+v, %v", done, err)
	}
	if done, err := fx.Add(t.Context(), "auth_factor_2", ""); err != nil || done.SaveErr != nil || fx.saved("auth_factor_2").Type != workos.GenericOTP {
		t.Errorf("add: %+v, %v", done, err)
	}
	if found, err := fx.Factor(t.Context(), "auth_factor_3"); err != nil || found.ID != "auth_factor_3" {
		t.Errorf("factor: %+v, %v", found, err)
	}
}

func TestInputOfChallenges(t *testing.T) {
	fx := newFixture(t)
	otp := fx.enrolls("")
	sms := store.Record{Factor: workos.Factor{ID: "auth_factor_1", Type: workos.SMS, SMS: &workos.SMSDetails{PhoneNumber: "+15005550006"}}}
	fx.calls = nil
	_, err := fx.Challenge(t.Context(), sms, "Hello")
	fx.refused(err, "message: add {{code}}: without it no code is sent")
	_, err = fx.Challenge(t.Context(), otp, "Hello {{code}}")
	fx.refused(err, "message: only for SMS factors, and Generic OTP ("+otp.ID+") is a Generic OTP factor")
	for id, want := range map[string]string{
		otp.ID:                       "is not a challenge ID",
		"auth_challenge_":            "is not a challenge ID",
		"auth_challenge_1 2":         "is not a challenge ID",
		"auth_challenge_1\n654239":   "pass the first line alone, or take the ID from mfa-tui challenge --json",
		"auth_challenge_1\r\n654239": "pass the first line alone, or take the ID from mfa-tui challenge --json",
		"auth_challenge_1\nand more": "pass the first line alone, or take the ID from mfa-tui challenge --json",
		"654239":                     "the challenge ID comes first, then the code",
		"654-239":                    "the challenge ID comes first, then the code",
	} {
		for _, code := range []string{"123456", "auth_challenge_1"} {
			_, err = fx.Verify(t.Context(), otp, id, code)
			fx.refused(err, want)
			if strings.Contains(err.Error(), "239") {
				t.Errorf("the error has the code: %v", err)
			}
		}
	}
	for _, code := range []string{"", "12345", "1234567", "12345x", "١٢٣٤٥٦"} {
		_, err = fx.Verify(t.Context(), otp, "auth_challenge_1", code)
		fx.refused(err, "a code has 6 digits")
		if code != "" && strings.Contains(err.Error(), code) {
			t.Errorf("the error has the code: %v", err)
		}
	}
}

// A word names a factor by its ID, its label, or the beginning of its ID.
func TestFind(t *testing.T) {
	fx := newFixture(t)
	one, two := fx.enrolls("a"), fx.enrolls("two")
	fx.calls = nil
	for word, want := range map[string]string{one.ID: one.ID, "two": two.ID, two.ID[:len(two.ID)-1]: two.ID, "a": one.ID} {
		if r, err := fx.Find(word); err != nil || r.ID != want {
			t.Errorf("%q is %s, %v; want %s", word, r.ID, err, want)
		}
	}
	for word, want := range map[string]string{
		"":             "name a factor by its ID",
		"auth_factor_": `"auth_factor_" names 2 factors: two (` + two.ID + `), a (` + one.ID + `); use the ID of one`,
	} {
		_, err := fx.Find(word)
		fx.refused(err, want)
	}
	if _, err := fx.Find("nope"); !errors.Is(err, factors.ErrNotFound) {
		t.Errorf("nope: %v", err)
	}
	if r, err := fx.Factor(t.Context(), "auth_factor_01APP"); err != nil || r.TOTP == nil {
		t.Errorf("a factor that is not on the list: %+v, %v", r, err)
	}
	if found, err := factors.Named([]string{"two", two.ID, "a"}, fx.Find); err != nil || len(found) != 2 {
		t.Errorf("%v, %v", found, err)
	}
	if found, err := factors.Named([]string{"two", "nope"}, fx.Find); err == nil || found != nil {
		t.Errorf("%v, %v", found, err)
	}
}

// A short ID names the factor that it is short for, whatever else is on the list.
func TestShortIDs(t *testing.T) {
	fx := newFixture(t)
	ids := []string{
		"auth_factor_01M8C8NWZJRRBB5WNGAVDMVN5Y", "auth_factor_01M8C8NWRTH2X5F6CJB1Z072D7", "auth_factor_01M8C8NWRTH2",
		"auth_factor_01KGXQ6T3ZJ5V8", "auth_factor_01APP", "fido_01KGXQ6T3ZJ5V8", "auth_factor_02LABEL890123456", "x",
	}
	for _, id := range ids {
		r := store.Record{Factor: workos.Factor{ID: id}}
		if id == "x" {
			r.Label = "02LABEL890123" // as an older version took it
		}
		if _, err := fx.Store.Put(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := fx.Label(t.Context(), ids[4], "01KGXQ6T"); err == nil || !strings.Contains(err.Error(), `"01KGXQ6T" is the beginning of the ID of `+ids[3]) {
		t.Errorf("a label hides an ID: %v", err)
	}
	if _, err := fx.Label(t.Context(), ids[3], "01KGXQ6T"); err != nil {
		t.Error(err)
	}
	short := fx.ShortIDs()
	for i, want := range []string{
		"01M8C8NWZJRRB", "01M8C8NWRTH2X", ids[2], "01KGXQ6T3ZJ5V", ids[4], ids[5], ids[6], "x",
	} {
		got := short(ids[i])
		if got != want {
			t.Errorf("%s is %s in short, want %s", ids[i], got, want)
		}
		if r, err := fx.Find(got); err != nil || r.ID != ids[i] {
			t.Errorf("%s is %s, %v; want %s", got, r.ID, err, ids[i])
		}
	}
	if id := "auth_factor_01NOTONTHELISTATALL"; short(id) != id {
		t.Errorf("an ID that is not on the list is %s", short(id))
	}
	for word, want := range map[string]string{"01KGXQ6": "1 ID begins so, give at least 8 characters; ", "01M8": "3 IDs begin so, give at least 8 characters; "} {
		if r, err := fx.Find(word); !errors.Is(err, factors.ErrNotFound) || !strings.Contains(err.Error(), want) { // too short not to be a slip
			t.Errorf("%s, %v", r.ID, err)
		}
	}
}

// Every failure is explained, with what to do.
func TestExplain(t *testing.T) {
	refused := func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }
	silent := func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded }
	tests := []struct {
		name  string
		mode  factors.Mode
		fault func(*http.Request) (*http.Response, error)
		want  string
	}{
		{"401", factors.Live, answer(401, `{"message":"Unauthorized"}`), "WorkOS refused the API key (401) · check WORKOS_API_KEY and start again · request req_1"},
		{"404", factors.Live, answer(404, `{"entity_id":"auth_factor_1"}`), "WorkOS does not know auth_factor_1 (404) · check the ID: it may be mistyped or shortened, deleted there, or from another environment · request req_1"},
		{"404 of nobody knows what", factors.Live, answer(404, `{}`), "WorkOS does not know /auth/factors/auth_factor_1 (404) · check the ID: it may be mistyped or shortened, deleted there, or from another environment · request req_1"},
		{"429", factors.Test, answer(429, `{}`), "too many requests (429) · try again in a moment · request req_1"},
		{"500 here", factors.Local, answer(500, `{"message":"oops"}`), "the local engine returned an error (500 oops) · try again; if it keeps failing, move the engine's file away: it is beside the factor file and ends in .local.json · request req_1"},
		{"500 on purpose", factors.Local, answer(500, `{"message":"oops"}`, workos.OnPurposeHeader, "1"), "the local engine returned an error (500 oops) · this error was made on purpose · request req_1"},
		{"502 there", factors.Live, answer(502, `<html>`), "WorkOS returned an error (502 Bad Gateway) · try again in a while; https://status.workos.com shows whether WorkOS has an outage · request req_1"},
		{"503 with a wait", factors.Live, answer(503, ``, "Retry-After", "120"), "WorkOS returned an error (503 Service Unavailable) · try again in 2 minutes · request req_1"},
		{"429 with a wait", factors.Live, answer(429, ``, "Retry-After", "42"), "too many requests (429) · try again in 42 seconds · request req_1"},
		{"429 until a time", factors.Live, answer(429, ``, "Retry-After", "Thu, 15 Jan 2026 12:01:30 GMT", "Date", "Thu, 15 Jan 2026 12:00:00 GMT"), "too many requests (429) · try again in 90 seconds · request req_1"},
		{"a sentence", factors.Live, answer(422, `{"message":"Validation failed","errors":[{"code":"email_string_required","message":"Email should be a non-empty string."}]}`),
			"Validation failed · Email should be a non-empty string (422) · request req_1"},
		{"a sentence for a code", factors.Live, answer(422, `{"message":"Validation failed","code":"invalid_request_parameters","errors":[{"field":"code","code":"code must be a string"}]}`),
			"Validation failed · code must be a string (422) · request req_1"},
		{"a wrong path", factors.Test, answer(404, `{"message":"GET /v2/auth/factors/f is not emulated. GET / lists the routes that are.","code":"not_emulated","method":"GET","path":"/v2/auth/factors/f"}`),
			"GET /v2/auth/factors/f is not emulated. GET / lists the routes that are. (404) · request req_1"},
		{"a field and a sentence", factors.Live, answer(422, `{"message":"No","errors":[{"field":"a","message":"is odd"},{"field":"b","message":"b is odd"}]}`),
			"No · a: is odd · b is odd (422) · request req_1"},
		{"nothing twice", factors.Live, answer(400, `{"message":"It is odd.","errors":["it is odd","it is odd",{"code":"x"}]}`), "It is odd · x (400) · request req_1"},
		{"a list for a message", factors.Live, answer(400, `{"message":["a is odd","b is odd"],"error":"Bad Request"}`), "a is odd · b is odd (400) · request req_1"},
		{"a long list", factors.Live, answer(400, `{"message":["a","b","c","d","e"]}`), "a · b · c · and 2 more (400) · request req_1"},
		{"a code alone", factors.Live, answer(400, `{"code":"odd"}`), "odd (400) · request req_1"},
		{"redirect", factors.Live, answer(302, `<html>`, "Location", "https://login.example.com/?secret"),
			"the response is a redirect to https://login.example.com (302), which was not followed · something between you and WorkOS responded, such as a login page of the network: open a browser, then try again · request req_1"},
		{"redirect at home", factors.Live, answer(301, ``, "Location", "/v2"), "the response is a redirect to /v2 (301), which was not followed · check the base URL · request req_1"},
		{"web page", factors.Live, answer(200, `<html>`),
			"the response is a web page, not JSON (200) · something between you and WorkOS responded, such as a login page of the network: open a browser, then try again · request req_1"},
		{"404 of a proxy", factors.Live, answer(404, "404 page not found\n"),
			"the response is not JSON (404) · something between you and WorkOS responded, such as a login page of the network: open a browser, then try again · request req_1"},
		{"empty", factors.Live, answer(200, ``), "the response is empty (200) · request req_1"},
		{"fields", factors.Live, answer(422, `{"message":"Invalid","errors":[{"field":"x","code":"y"}]}`), "Invalid · x y (422) · request req_1"},
		{"no response in time", factors.Live, silent, "no response from WorkOS within 1 hour · check the network"},
		{"no answer", factors.Live, refused, "WorkOS can't be reached: connection refused · check the network, and HTTPS_PROXY and the base URL if they are set"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			fx := newFixture(t)
			fx.Mode, fx.fault = tt.mode, tt.fault
			_, err := fx.Refresh(t.Context(), "auth_factor_1")
			if strings.HasPrefix(tt.name, "404") { // of a refresh it is a result
				_, err = fx.Add(t.Context(), "auth_factor_1", "")
			}
			if got := strings.Join(fx.Explain(err), " · "); got != tt.want {
				t.Errorf("explained as %q, want %q", got, tt.want)
			}
			// What was tried stays in front of it, what was joined to it behind.
			wrapped := errors.Join(fmt.Errorf("delete it: %w", err), errors.New("and\x1b this"))
			if got := strings.Join(fx.Explain(wrapped), " · "); got != "delete it: "+tt.want+" · and this" {
				t.Errorf("wrapped: explained as %q", got)
			}
		})
	}
}
