package factors_test

import (
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// Each call ends in time, whichever use case makes it. The client of the tests would
// wait longer.
func TestCallTimeout(t *testing.T) {
	fx := newFixture(t)
	ctx := t.Context()
	r := fx.enrolls("")
	challenged, err := fx.Challenge(ctx, r, "")
	if err != nil {
		t.Fatal(err)
	}
	for name, use := range map[string]func() error{
		"verify":       func() error { _, err := fx.Verify(ctx, r, challenged.Challenge.ID, "123456"); return err },
		"add":          func() error { _, err := fx.Add(ctx, "auth_factor_01APP", ""); return err },
		"refresh":      func() error { _, err := fx.RefreshAll(ctx, r.ID); return err },
		"find":         func() error { _, err := fx.Factor(ctx, "auth_factor_01APP"); return err },
		"users":        func() error { _, err := fx.FindUsers(ctx, ""); return err },
		"email":        func() error { _, err := fx.UsersByEmail(ctx, "alan@example.com"); return err },
		"add user":     func() error { _, err := fx.AddUser(ctx, workos.CreateUserOpts{Email: "ada@example.com"}); return err },
		"user factors": func() error { _, _, err := fx.UserFactors(ctx, "user_01ALAN", ""); return err },
		"all factors":  func() error { _, err := fx.AllUserFactors(ctx, "user_01ALAN"); return err },
		"delete": func() error {
			_, err := fx.Delete(ctx, store.Record{Factor: workos.Factor{ID: "auth_factor_2"}})
			return err
		},
	} {
		if err := use(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(fx.calls) < 11 {
		t.Errorf("%d calls", len(fx.calls))
	}
	for _, call := range fx.calls {
		if deadline, ok := call.Context().Deadline(); !ok || time.Until(deadline) > factors.CallTimeout {
			t.Errorf("%s %s may take until %v", call.Method, call.URL.Path, deadline)
		}
	}
}
