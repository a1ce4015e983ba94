package local_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"mfa-tui/workos"
)

func second[T any](_ T, err error) error { return err }

func asError(err error, target **workos.Error) bool { return errors.As(err, target) }

// names are the names in a JSON object, inner ones behind a dot.
func names(v any) []string {
	var all []string
	object, _ := v.(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		all = append(all, name)
		for _, inner := range names(object[name]) {
			all = append(all, name+"."+inner)
		}
	}
	return all
}

// An answer has the fields of the API's description, and no others.
func TestShapes(t *testing.T) {
	l := newLab(t)
	user := decoded(t, l.raw("POST", "/user_management/users", `{"email":"alan@example.com"}`))["id"].(string)
	totp, sms, otp := l.totp(), l.sms(), l.otp()
	ct, cs, co := l.challenge(totp), l.challenge(sms), l.challenge(otp)
	const (
		factor    = "object id type created_at updated_at"
		challenge = "object id authentication_factor_id created_at updated_at"
		secrets   = " totp totp.issuer totp.user totp.secret totp.qr_code totp.uri"
	)
	in := func(prefix, fields string) string {
		return " " + prefix + " " + prefix + "." + strings.Join(strings.Fields(fields), " "+prefix+".")
	}
	for _, test := range []struct {
		call, body string
		status     int
		want       string
	}{
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"a","totp_user":"b"}`, 201, factor + secrets},
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"a","totp_user":"b","user_id":"` + user + `"}`, 201, factor + secrets + " user_id"},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"+15005550006"}`, 201, factor + " sms sms.phone_number"},
		{"POST /auth/factors/enroll", `{"type":"generic_otp"}`, 201, factor},
		{"GET /auth/factors/" + totp.ID, "", 200, factor + " totp totp.issuer totp.user"},
		{"GET /auth/factors/" + sms.ID, "", 200, factor + " sms sms.phone_number"},
		{"POST /auth/factors/" + totp.ID + "/challenge", "", 201, challenge},
		{"POST /auth/factors/" + sms.ID + "/challenge", `{"sms_template":"{{code}}"}`, 201, challenge + " expires_at"},
		{"POST /auth/factors/" + otp.ID + "/challenge", "{}", 201, challenge + " expires_at code"},
		{"POST /auth/challenges/" + ct.ID + "/verify", `{"code":"000000"}`, 201, "valid" + in("challenge", challenge)},
		{"POST /auth/challenges/" + cs.ID + "/verify", `{"code":"000000"}`, 201, "valid" + in("challenge", challenge+" expires_at")},
		{"POST /auth/challenges/" + co.ID + "/verify", `{"code":"` + co.Code + `"}`, 201, "valid" + in("challenge", challenge+" expires_at")},
		{"GET /user_management/users?email=alan@example.com", "", 200, "object data" + in("list_metadata", "before after")},
		{"GET /user_management/users/" + user + "/auth_factors", "", 200, "object data" + in("list_metadata", "before after")},
		{"POST /user_management/users/" + user + "/auth_factors", `{"type":"totp"}`, 201,
			in("authentication_factor", factor+secrets+" user_id") + in("authentication_challenge", challenge)},
		{"DELETE /auth/factors/" + otp.ID, "", 204, ""},
	} {
		method, path, _ := strings.Cut(test.call, " ")
		resp := l.raw(method, path, test.body)
		if resp.StatusCode != test.status || !regexp.MustCompile(`^req_[0-9A-Z]{26}$`).MatchString(resp.Header.Get("X-Request-ID")) {
			t.Errorf("%s: status %d, request %q", test.call, resp.StatusCode, resp.Header.Get("X-Request-ID"))
		}
		if test.status == http.StatusNoContent {
			if body := bodyOf(t, resp); body != "" {
				t.Errorf("%s: %q", test.call, body)
			}
			continue
		}
		if got := resp.Header.Get("Content-Type"); got != "application/json; charset=utf-8" {
			t.Errorf("%s: %s", test.call, got)
		}
		got, want := names(decoded(t, resp)), strings.Fields(test.want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s has\n%v, want\n%v", test.call, got, want)
		}
	}
}

func decoded(t *testing.T, r *http.Response) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(bodyOf(t, r)), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// Ids are a prefix and a ULID, times ISO 8601 in UTC with milliseconds.
func TestForms(t *testing.T) {
	l := newLab(t)
	f := decoded(t, l.raw("POST", "/auth/factors/enroll", `{"type":"generic_otp"}`))
	c := decoded(t, l.raw("POST", fmt.Sprintf("/auth/factors/%s/challenge", f["id"]), ""))
	const ulid = `_[0-7][0-9A-HJKMNP-TV-Z]{25}$`
	for value, want := range map[any]string{
		f["id"]: "^auth_factor" + ulid, c["id"]: "^auth_challenge" + ulid,
		f["object"]: "^authentication_factor$", c["object"]: "^authentication_challenge$",
		f["created_at"]: `^2026-01-15T12:00:00\.000Z$`, c["expires_at"]: `^2026-01-15T12:10:00\.000Z$`,
	} {
		if s, _ := value.(string); !regexp.MustCompile(want).MatchString(s) {
			t.Errorf("%v, want %s", value, want)
		}
	}
	if c["authentication_factor_id"] != f["id"] {
		t.Errorf("the challenge is of %v", c["authentication_factor_id"])
	}
}

// Each refusal has its status, its code, and the fields that it is about.
func TestRefusals(t *testing.T) {
	l := newLab(t)
	id := l.otp().ID
	long := strings.Repeat("x", 3000)
	for _, test := range []struct {
		call, body   string
		status       int
		code, fields string
		message      string
	}{
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"foo"}`, 422, "invalid_phone_number", "", "Phone number is invalid: 'foo'"},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"555"}`, 422, "invalid_phone_number", "", "'555'"},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":"+1 (500) 555-0006"}`, 422, "invalid_phone_number", "", ""},
		{"POST /auth/factors/enroll", `{"type":"sms","phone_number":" "}`, 422, "", "phone_number required", ""},
		{"POST /auth/factors/enroll", `{"type":"totp"}`, 422, "", "totp_issuer required totp_user required", ""},
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"a","totp_user":" "}`, 422, "", "totp_user required", ""},
		{"POST /auth/factors/enroll", `{"type":"totp","totp_issuer":"a","totp_user":"` + long + `"}`, 422, "", "totp_issuer too_long totp_user too_long", ""},
		{"POST /auth/factors/enroll", `{}`, 422, "", "type required", ""},
		{"POST /auth/factors/enroll", `{"type":"fax"}`, 422, "", "type invalid", ""},
		{"POST /auth/factors/enroll", `{"type":"generic_otp","user_id":"user_x"}`, 404, "entity_not_found", "", ""},
		{"POST /auth/factors/enroll", `type=totp`, 400, "bad_request", "", ""},
		{"POST /auth/factors/enroll", ``, 400, "bad_request", "", ""},
		{"POST /auth/factors/enroll", `"` + strings.Repeat("x", 1<<20) + `"`, 413, "payload_too_large", "", ""},
		{"GET /auth/factors/auth_factor_x", ``, 404, "entity_not_found", "", "auth_factor_x"},
		{"POST /auth/factors/auth_factor_x/challenge", ``, 404, "entity_not_found", "", ""},
		{"POST /auth/factors/" + id + "/challenge", `{`, 400, "bad_request", "", ""},
		{"POST /auth/challenges/auth_challenge_x/verify", `{"code":"1"}`, 404, "entity_not_found", "", ""},
		{"GET /user_management/users/user_x", ``, 404, "entity_not_found", "", ""},
		{"GET /user_management/users?limit=101", ``, 422, "", "limit out_of_range", ""},
		{"GET /user_management/users?order=up", ``, 422, "", "order invalid", ""},
		{"PUT /auth/factors/" + id, ``, 405, "method_not_allowed", "", ""},
		{"GET /nowhere", ``, 404, "entity_not_found", "", "/nowhere"},
	} {
		method, path, _ := strings.Cut(test.call, " ")
		resp := l.raw(method, path, test.body)
		body := decoded(t, resp)
		fields := ""
		for _, e := range list(body["errors"]) {
			fields += fmt.Sprintf(" %v %v", e["field"], e["code"])
		}
		code, _ := body["code"].(string)
		message, _ := body["message"].(string)
		if resp.StatusCode != test.status || code != test.code || strings.TrimSpace(fields) != test.fields || message == "" || !strings.Contains(message, test.message) {
			t.Errorf("%s %.60s: %d %v", test.call, test.body, resp.StatusCode, body)
		}
		if resp.Header.Get("X-Request-ID") == "" {
			t.Errorf("%s has no request id", test.call)
		}
	}
}

func list(v any) (objects []map[string]any) {
	all, _ := v.([]any)
	for _, o := range all {
		m, _ := o.(map[string]any)
		objects = append(objects, m)
	}
	return objects
}

func TestKey(t *testing.T) {
	l := newLab(t)
	for header, status := range map[string]int{
		"Bearer " + testKey: 404, "Bearer wrong": 401, "Bearer ": 401, "": 401, testKey: 401, "Basic " + testKey: 401,
	} {
		resp := l.raw("GET", "/auth/factors/x", "", "Authorization", header)
		if resp.StatusCode != status {
			t.Errorf("%q: status %d, want %d", header, resp.StatusCode, status)
		}
		if body := bodyOf(t, resp); status == 401 && body != `{"message":"Unauthorized"}` {
			t.Errorf("%q: %s", header, body)
		}
	}
}

// The users of support: found by e-mail, their factors page by page.
func TestUsers(t *testing.T) {
	l := newLab(t)
	var id string
	for _, email := range []string{"alan@example.com", "grace@example.com"} {
		id = decoded(t, l.raw("POST", "/user_management/users", `{"email":"`+email+`","first_name":"Grace"}`))["id"].(string)
	}
	found := ok(l.ListUsers(ctx, workos.ListUsersOpts{Email: "GRACE@example.com"}))(t)
	if len(found.Data) != 1 || found.Data[0].ID != id || found.Data[0].FirstName != "Grace" {
		t.Fatalf("found %+v", found)
	}
	var want []string
	for i := range 25 {
		e := ok(l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: id, Type: workos.TOTP, TOTPUser: fmt.Sprint(i)}))(t)
		if e.Factor.UserID != id || e.Challenge.FactorID != e.Factor.ID || e.Factor.TOTP.Secret == "" {
			t.Fatalf("enrolled %+v", e)
		}
		want = append(want, e.Factor.ID)
		if i == 24 {
			l.wants(true, e.Challenge, l.code(e.Factor, 0))
		}
	}
	for _, order := range []workos.Order{workos.Asc, workos.Desc} {
		var got []string
		opts := workos.ListUserFactorsOpts{UserID: id, Limit: 7, Order: order}
		for {
			page := ok(l.ListUserFactors(ctx, opts))(t)
			for _, f := range page.Data {
				got = append(got, f.ID)
				if f.TOTP.Secret != "" {
					t.Error("the list has secrets")
				}
			}
			if opts.After = page.ListMetadata.After; opts.After == "" {
				break
			}
		}
		if !slices.Equal(got, want) != (order == workos.Desc) {
			t.Errorf("%s: %d factors: %v", order, len(got), got)
		}
	}
	back := ok(l.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: id, Limit: 3, Before: want[10], Order: workos.Asc}))(t)
	if len(back.Data) != 3 || back.Data[0].ID != want[7] || back.ListMetadata.Before != want[7] || back.ListMetadata.After != want[9] {
		t.Errorf("before the 11th: %+v", back)
	}
	if all := ok(l.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: id}))(t); len(all.Data) != 10 {
		t.Errorf("a page has %d factors", len(all.Data))
	}
}

// A secret of the caller's own is taken if codes can be made of it.
func TestOwnSecret(t *testing.T) {
	l := newLab(t)
	f := l.rfcFactor()
	if f.TOTP.Secret != rfcSecret || f.TOTP.User != "alan@example.com" || scan(t, f.TOTP.QRCode) != f.TOTP.URI {
		t.Errorf("%+v", f.TOTP)
	}
	for _, bad := range []string{"not base32!", "1", "===="} {
		_, err := l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: f.UserID, Type: workos.TOTP, TOTPSecret: bad})
		var refused *workos.Error
		if !asError(err, &refused) || len(refused.Fields) != 1 || refused.Fields[0].Field != "totp_secret" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
