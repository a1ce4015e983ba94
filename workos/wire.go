package workos

import (
	"net/url"
	"strings"
	"time"
)

// Time is a time as WorkOS writes it in JSON: ISO 8601 in UTC, with three digits of
// milliseconds. Zero is a time that was absent or unreadable.
type Time struct{ time.Time }

// At returns t as it will be read back from JSON.
func At(t time.Time) Time { return Time{t.UTC().Truncate(time.Millisecond)} }

const wireLayout = `"2006-01-02T15:04:05.000Z"`

// MarshalJSON writes the time.
func (t Time) MarshalJSON() ([]byte, error) {
	utc := t.UTC()
	if year := utc.Year(); year < 0 || year > 9999 { // only another zone can write it, if any can
		return t.Time.MarshalJSON()
	}
	return utc.AppendFormat(make([]byte, 0, len(wireLayout)), wireLayout), nil
}

// What JSON calls a factor, a challenge and a user in its field "object". They take
// no room and need not be set: each type has one name.
type (
	factorObject    struct{ anyObject }
	challengeObject struct{ anyObject }
	userObject      struct{ anyObject }
)

func (factorObject) MarshalText() ([]byte, error)    { return []byte("authentication_factor"), nil }
func (challengeObject) MarshalText() ([]byte, error) { return []byte("authentication_challenge"), nil }
func (userObject) MarshalText() ([]byte, error)      { return []byte("user"), nil }

// anyObject accepts whatever a response calls itself: it is what was asked for.
type anyObject struct{}

// UnmarshalJSON does nothing.
func (*anyObject) UnmarshalJSON([]byte) error { return nil }

// fillSecret takes a secret that is missing from the URI, which has it too.
func (t *TOTPDetails) fillSecret() {
	if t == nil || t.Secret != "" {
		return
	}
	if u, err := url.Parse(t.URI); err == nil && u.Scheme == "otpauth" {
		t.Secret = strings.TrimRight(u.Query().Get("secret"), "=")
	}
}
