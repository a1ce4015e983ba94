package local_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
)

func TestUsersByEmail(t *testing.T) {
	l := newLab(t)
	ada, bob := l.user("ada+x@b.co"), l.user("bob@b.co")
	for email, want := range map[string][]string{
		"ada+x@b.co": {ada}, "ADA+X@B.co": {ada}, "bob@b.co": {bob}, "": {bob, ada}, "b.co": nil, "ada": nil,
	} {
		users, err := l.ListUsers(ctx, workos.ListUsersOpts{Email: email})
		var got []string
		for _, u := range users.Data {
			got = append(got, u.ID)
		}
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("%q finds %v (%v), want %v", email, got, err, want)
		}
	}
}

func TestCreateUser(t *testing.T) {
	l := newLab(t)
	checkAnswer(t, l.call("POST", "/user_management/users", `{"email":"a@b.co","first_name":"Ada","last_name":"L"}`), 201,
		`{"object":"user","id":"user_ULID","email":"a@b.co","first_name":"Ada","last_name":"L","name":null,"email_verified":false,"profile_picture_url":null,"last_sign_in_at":null,"external_id":null,"locale":null,"metadata":{},`+times+`}`)
	checkAnswer(t, l.call("POST", "/user_management/users", `{"email":"A@b.co"}`), 400,
		`{"message":"Could not create user.","code":"user_creation_error","errors":[{"code":"email_not_available","message":"A user with this email already exists."}]}`)
	checkAnswer(t, l.call("POST", "/user_management/users", `{"email":" "}`), 422,
		`{"message":"Validation failed","code":"invalid_request_parameters","errors":[{"code":"email_string_required","message":"Email should be a non-empty string."}]}`)
	checkAnswer(t, l.call("POST", "/user_management/users", `{"email":"c@d.co","first_name":5}`), 422,
		`{"message":"Validation failed","code":"invalid_request_parameters","errors":[{"code":"first_name_string_required","message":"First name should be a non-empty string."}]}`)
	for _, email := range []string{"ada", "@", "ada@", "@d.co", "a b@d.co", " c@d.co", "<c@d.co>"} {
		checkAnswer(t, l.call("POST", "/user_management/users", `{"email":"`+email+`"}`), 422,
			`{"message":"Validation failed","code":"invalid_request_parameters","errors":[{"code":"email_invalid","message":"Email should be an email address."}]}`)
	}
}

// A body that is not a JSON object says what it is instead, on WorkOS's routes and on ours.
func TestUnreadableBodies(t *testing.T) {
	s := newSite(t)
	for body, want := range map[string]string{
		"": "is empty. Send a JSON object.", " ": "is empty. Send a JSON object.", "{bad": "is not valid JSON.", `{"email":`: "is not valid JSON.",
		"[]": "must be a JSON object.", "5": "must be a JSON object.", "email=a@b.co": "is a form. Send a JSON object.",
	} {
		for _, call := range []string{"POST /user_management/users", "POST /auth/factors/enroll", "POST /user_management/authenticate", "POST /_emulate/hooks", "POST /_emulate/clock"} {
			s.meets(call, body, 400, `{"message":"Request body `+want+`","code":"bad_request"}`, "Content-Type", "application/x-www-form-urlencoded")
		}
	}
	s.meets("POST /user_management/users", "email=a@b.co", 400, `{"message":"Request body is not valid JSON.","code":"bad_request"}`)
	s.meets("POST /_emulate/clock", `{"now":"x"}`, 400, `{"message":"Request body is wrong: unknown field \"now\".","code":"bad_request"}`)
}

// fiveFactors enrolls factors of a user, the oldest first, among those of others.
func fiveFactors(l *lab) (user string, ids []string) {
	user = l.user("a@b.co")
	other := l.user("c@d.co")
	for i := range 5 {
		if i != 2 { // two in the same millisecond keep their order too
			l.wait(time.Second)
		}
		opts := everyType[i%3]
		opts.UserID = user
		ids = append(ids, l.enroll(opts).ID)
		opts.UserID = other
		l.enroll(opts)
		opts.UserID = ""
		l.enroll(opts)
	}
	return user, ids
}

func TestPages(t *testing.T) {
	l := newLab(t)
	user, id := fiveFactors(l)
	down := slices.Clone(id)
	slices.Reverse(down)
	tests := []struct {
		name          string
		opts          workos.ListUserFactorsOpts
		want          []string
		before, after string
	}{
		{"all, newest first", workos.ListUserFactorsOpts{}, down, "", ""},
		{"desc", workos.ListUserFactorsOpts{Order: workos.Desc}, down, "", ""},
		{"asc", workos.ListUserFactorsOpts{Order: workos.Asc}, id, "", ""},
		{"just as many", workos.ListUserFactorsOpts{Limit: 5}, down, "", ""},
		{"the most", workos.ListUserFactorsOpts{Limit: 100}, down, "", ""},
		{"first page", workos.ListUserFactorsOpts{Limit: 2}, down[:2], "", down[1]},
		{"second page", workos.ListUserFactorsOpts{Limit: 2, After: down[1]}, down[2:4], down[2], down[3]},
		{"last page", workos.ListUserFactorsOpts{Limit: 2, After: down[3]}, down[4:], down[4], ""},
		{"behind the last", workos.ListUserFactorsOpts{Limit: 2, After: down[4]}, nil, "", ""},
		{"back to the second", workos.ListUserFactorsOpts{Limit: 2, Before: down[4]}, down[2:4], down[2], down[3]},
		{"back to the first", workos.ListUserFactorsOpts{Limit: 2, Before: down[2]}, down[:2], "", down[1]},
		{"back to less than a page", workos.ListUserFactorsOpts{Limit: 2, Before: down[1]}, down[:1], "", down[0]},
		{"ahead of the first", workos.ListUserFactorsOpts{Limit: 2, Before: down[0]}, nil, "", ""},
		{"between", workos.ListUserFactorsOpts{After: down[0], Before: down[3]}, down[1:3], down[1], down[2]},
		{"asc, second page", workos.ListUserFactorsOpts{Limit: 2, After: id[1], Order: workos.Asc}, id[2:4], id[2], id[3]},
		{"normal", workos.ListUserFactorsOpts{Limit: 2, Order: "normal"}, down[:2], down[1], ""},
		{"normal, older", workos.ListUserFactorsOpts{Limit: 2, Before: down[1], Order: "normal"}, down[2:4], down[3], down[2]},
		{"normal, newer", workos.ListUserFactorsOpts{Limit: 2, After: down[3], Order: "normal"}, down[1:3], down[2], down[1]},
		{"asc, back", workos.ListUserFactorsOpts{Limit: 3, Before: id[3], Order: workos.Asc}, id[:3], "", id[2]},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.opts.UserID = user
			page, err := l.ListUserFactors(ctx, tt.opts)
			var got []string
			for _, f := range page.Data {
				got = append(got, f.ID)
			}
			if !slices.Equal(got, tt.want) || err != nil {
				t.Errorf("got  %v, %v\nwant %v", got, err, tt.want)
			}
			if want := (workos.ListMetadata{Before: tt.before, After: tt.after}); page.ListMetadata != want {
				t.Errorf("got  %+v\nwant %+v", page.ListMetadata, want)
			}
		})
	}
}

func TestPageIsTenByDefault(t *testing.T) {
	l := newLab(t)
	for i := range 11 {
		l.user(strings.Repeat("a", i+1) + "@b.co")
	}
	page, err := l.ListUsers(ctx, workos.ListUsersOpts{})
	if len(page.Data) != 10 || page.ListMetadata.After != page.Data[9].ID || err != nil {
		t.Fatalf("%d users, %+v, %v", len(page.Data), page.ListMetadata, err)
	}
	rest, err := l.ListUsers(ctx, workos.ListUsersOpts{After: page.ListMetadata.After})
	if len(rest.Data) != 1 || rest.Data[0].Email != "a@b.co" || err != nil {
		t.Errorf("the rest is %+v, %v", rest, err)
	}
}

func TestBadPages(t *testing.T) {
	l := newLab(t)
	user, id := fiveFactors(l)
	others := l.enroll(genericOpts).ID
	for query, field := range map[string]string{
		"limit=0": "limit", "limit=101": "limit", "limit=-1": "limit", "limit=x": "limit", "limit=1.5": "limit",
		"order=up": "order", "after=x": "after", "before=x": "before", "after=" + others: "after", "before=" + id[0] + "x": "before",
		"order=normal&after=x": "after", "order=normal&before=x": "before",
	} {
		w := l.call("GET", "/user_management/users/"+user+"/auth_factors?"+query, "")
		if w.Code != 422 || !strings.Contains(w.Body.String(), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
}

func TestEnrollForUser(t *testing.T) {
	l := newLab(t)
	user := l.user("a@b.co")
	tests := []struct {
		name, issuer, account string // asked for
		wantIssuer, wantUser  string
	}{
		{"with names", "Foo", "ada", "Foo", "ada"},
		{"without", "", "", "WorkOS", "a@b.co"},
	}
	for _, tt := range tests {
		for _, secret := range []string{"", rfcSecret, "JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXPJBSWY3DPEE"} {
			e, err := l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: user, Type: workos.TOTP, TOTPIssuer: tt.issuer, TOTPUser: tt.account, TOTPSecret: secret})
			if err != nil {
				t.Fatal(err)
			}
			got := *e.Factor.TOTP
			if secret != "" && got.Secret != secret || secret == "" && len(got.Secret) != 32 {
				t.Errorf("%s: the secret is %q, want %q", tt.name, got.Secret, secret)
			}
			if got.Issuer != tt.wantIssuer || got.User != tt.wantUser || e.Factor.UserID != user {
				t.Errorf("%s: %+v", tt.name, e.Factor)
			}
			if want := "otpauth://totp/" + tt.wantIssuer + ":" + tt.wantUser + "?secret=" + got.Secret + "&issuer=" + tt.wantIssuer; got.URI != want || scan(t, got.QRCode) != want {
				t.Errorf("%s: the URI is %q, want %q", tt.name, got.URI, want)
			}
			if e.Challenge.FactorID != e.Factor.ID || !e.Challenge.ExpiresAt.IsZero() || e.Challenge.Code != "" {
				t.Errorf("%s: the challenge is %+v", tt.name, e.Challenge)
			}
			l.wants(true, e.Challenge, l.code(e.Factor, 0))
		}
	}
}

// Padding says nothing, and an app may not know it.
func TestOwnSecretWithPadding(t *testing.T) {
	l := newLab(t)
	e := l.enrollFor(l.user("a@b.co"), "JBSWY3DPEE======")
	if got := e.Factor.TOTP.Secret; got != "JBSWY3DPEE" || strings.Contains(e.Factor.TOTP.URI, "%3D") {
		t.Errorf("the secret is %q in %s", got, e.Factor.TOTP.URI)
	}
	l.wants(true, e.Challenge, l.code(e.Factor, 0))
}

// A secret that no code can be computed from, or that the URI could not hold as
// it is, is refused at once.
func TestBadSecret(t *testing.T) {
	l := newLab(t)
	user := l.user("a@b.co")
	for _, secret := range []string{
		" ", "=", "====", "1", "A", "not base32!", "JBSWY3D0", "JBSWY3D1", "jbswy3dp", "JBSW Y3DP", "JBSW-Y3DP", "JBSWY3DP\n", "JBSW\r\nY3DP", "JBSWY3DPA", "JBSWY3DPABC", "JBSWY3DPABCDEF", "JB=SWY3DP", "é",
	} {
		_, err := l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: user, Type: workos.TOTP, TOTPSecret: secret})
		var e *workos.Error
		if !errors.As(err, &e) || !reflect.DeepEqual(e.Fields, []workos.FieldError{{Field: "totp_secret", Code: "invalid"}}) {
			t.Errorf("%q: %v", secret, err)
		}
	}
	for _, kind := range []workos.FactorType{workos.SMS, workos.GenericOTP, ""} {
		_, err := l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: user, Type: kind})
		var e *workos.Error
		if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Field != "type" {
			t.Errorf("type %q: %v", kind, err)
		}
	}
	if page, err := l.ListUserFactors(ctx, workos.ListUserFactorsOpts{UserID: user}); len(page.Data) > 0 || err != nil {
		t.Errorf("there are factors: %+v, %v", page, err)
	}
}
