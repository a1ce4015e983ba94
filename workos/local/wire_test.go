package local_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"testing"

	"mfa-tui/workos"
)

func second[T any](_ T, err error) error { return err }

func asError(err error, target **workos.Error) bool { return errors.As(err, target) }

func decoded(t *testing.T, r *http.Response) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(bodyOf(t, r)), &v); err != nil {
		t.Fatal(err)
	}
	return v
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
