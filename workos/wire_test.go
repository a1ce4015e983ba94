package workos_test

import (
	"encoding/json"
	"testing"
	"time"

	"mfa-tui/workos"
)

// JSON of a response is as the response was: what it is, and three digits of
// milliseconds.
func TestJSONIsAsOnTheWire(t *testing.T) {
	for _, test := range []struct {
		v    any
		want string
	}{
		{new(workos.Factor), `{"object":"authentication_factor","id":"f","type":"generic_otp","created_at":"2026-01-15T12:00:00.000Z","updated_at":"2026-01-15T12:00:00.380Z"}`},
		{new(workos.Challenge), `{"object":"authentication_challenge","id":"c","authentication_factor_id":"f","expires_at":"2026-01-15T12:10:00.010Z","created_at":"2026-01-15T12:00:00.000Z"}`},
		{new(workos.User), `{"object":"user","id":"u","email":"a@b.co","email_verified":true,"first_name":"A","last_name":"B","name":"A B","external_id":"1","created_at":"2026-01-15T12:00:00.000Z"}`},
		{new(workos.Verification), `{"challenge":{"object":"authentication_challenge","id":"c","authentication_factor_id":"f"},"valid":true}`},
	} {
		if err := json.Unmarshal([]byte(test.want), test.v); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(test.v); err != nil || string(got) != test.want {
			t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
		}
	}
}

func TestTime(t *testing.T) {
	for written, want := range map[string]string{
		"2026-01-15T12:00:00Z":           "2026-01-15T12:00:00.000Z",
		"2026-01-15T12:00:00.3Z":         "2026-01-15T12:00:00.300Z",
		"2026-01-15T12:00:00.999999999Z": "2026-01-15T12:00:00.999Z",
		"2026-01-15T12:00:00.5+02:00":    "2026-01-15T10:00:00.500Z",
		"9999-12-31T23:59:59-01:00":      "9999-12-31T23:59:59-01:00", // in UTC, its year has five digits
	} {
		var at workos.Time
		if err := at.UnmarshalText([]byte(written)); err != nil {
			t.Fatal(err)
		}
		if got, err := json.Marshal(at); err != nil || string(got) != `"`+want+`"` {
			t.Errorf("%s is written as %s, %v", written, got, err)
		}
	}
	now := time.Now()
	kept := workos.At(now)
	text, err := json.Marshal(kept)
	if err != nil {
		t.Fatal(err)
	}
	if again := new(workos.Time); json.Unmarshal(text, again) != nil || *again != kept {
		t.Errorf("%v was read back as %v", kept, again)
	}
}
