package factors_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// What no other use case takes is not imported either, and nothing with it.
func TestImportRefused(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("mine")
	const good = `{"id":"auth_factor_1","type":"sms"},`
	for factor, want := range map[string]string{
		`{"id":"01M8CATX","type":"sms"}`:                  `factor 2: "01M8CATX" is not a factor ID (auth_factor_ and letters and digits)`,
		`{"id":"auth_factor_1 2","type":"sms"}`:           `factor 2: "auth_factor_1 2" is not a factor ID`,
		`{"id":" auth_factor_2","type":"sms"}`:            `" auth_factor_2" is not a factor ID`,
		`{"id":"auth_factor_2","type":"zz\u001bz"}`:       `factor 2: auth_factor_2 is of type "zzz": want totp, sms or generic_otp`,
		`{"id":"` + r.ID + `","type":"zzz"}`:              r.ID + ` is of type "zzz" here, but "generic_otp" on the list`,
		`{"id":"` + r.ID + `","type":"sms"}`:              r.ID + ` is of type "sms" here, but "generic_otp" on the list`,
		`{"id":"auth_factor_1","type":"sms","label":"a"}`: "factor 2 (auth_factor_1) appears twice",
	} {
		report, err := fx.Import(t.Context(), []byte("["+good+factor+"]"))
		if !errors.Is(err, store.ErrRejected) || len(report.Rejected) != 1 || !strings.Contains(report.Rejected[0], want) {
			t.Errorf("%s: %+v, %v", factor, report, err)
		}
		if len(fx.open().Records()) != 1 || fx.saved(r.ID).Type != workos.GenericOTP {
			t.Errorf("%s: the list is %+v", factor, fx.open().Records())
		}
	}
}

// A label names one factor after an import, too: the one that had it.
func TestImportOfLabels(t *testing.T) {
	fx := newFixture(t)
	r := fx.enrolls("mine")
	long := strings.Repeat("x", factors.LabelLimit+1)
	data, err := json.Marshal([]store.Record{
		{Factor: r.Factor, Label: "another"},
		{Factor: workos.Factor{ID: "auth_factor_1", Type: workos.SMS}, Label: " mine\u202e"},
		{Factor: workos.Factor{ID: "auth_factor_2", Type: workos.SMS}, Label: "new"},
		{Factor: workos.Factor{ID: "auth_factor_3", Type: workos.SMS}, Label: "new"},
		{Factor: workos.Factor{ID: "auth_factor_4", Type: workos.SMS}, Label: long},
		{Factor: workos.Factor{ID: "auth_factor_5", Type: workos.SMS}, Label: "auth_factor_2"},
		{Factor: workos.Factor{ID: "auth_factor_6", Type: workos.SMS}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, added := range []int{6, 0} { // the same again changes nothing
		report, err := fx.Import(t.Context(), data)
		if err != nil || report.Added != added || report.Added+report.Unchanged != 7 {
			t.Errorf("%+v, %v", report, err)
		}
		got := strings.Join(report.DroppedLabels, "\n")
		want := `factor 2 (auth_factor_1): label: "mine" already names mine (` + r.ID + `), so it was left out
factor 4 (auth_factor_3): label: "new" already names new (auth_factor_2), so it was left out
factor 5 (auth_factor_4): label: at most 60 characters, so it was left out
factor 6 (auth_factor_5): label: "auth_factor_2" looks like a factor ID, so it was left out`
		if got != want {
			t.Errorf("dropped %s\nwant %s", got, want)
		}
		for id, label := range map[string]string{r.ID: "mine", "auth_factor_1": "", "auth_factor_2": "new", "auth_factor_3": "", "auth_factor_4": "", "auth_factor_5": ""} {
			if got := fx.saved(id).Label; got != label {
				t.Errorf("%s is labelled %q, want %q", id, got, label)
			}
		}
	}
}
