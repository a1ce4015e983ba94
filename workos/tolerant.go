package workos

import (
	"bytes"
	"cmp"
	"encoding/json"
	"time"
)

// The types here read answers. An enrollment's answer holds the only way back to
// the factor, so that nothing odd in it may cost its id: a time that can't be
// read is zero, a field of the wrong type is left out.

// answer is what an answer of success is decoded into.
type answer interface {
	// lacks names what the answer should have and does not, empty for nothing.
	lacks() string
}

// lacksID is the lack of an answer about something that has an id.
func lacksID(id string) string {
	if id == "" {
		return "an id"
	}
	return ""
}

// wireTime is a time that is zero where it can't be read.
type wireTime time.Time

func (t *wireTime) UnmarshalJSON(b []byte) error {
	s := string(bytes.Trim(b, `"`))
	if bytes.IndexByte(b, '\\') >= 0 && json.Unmarshal(b, &s) != nil {
		return nil
	}
	if parsed, err := time.Parse(time.RFC3339Nano, s); err == nil {
		*t = wireTime(parsed.UTC())
	}
	return nil
}

// wireFactor is a factor in an answer.
type wireFactor Factor

func (f *wireFactor) UnmarshalJSON(b []byte) error {
	v := struct {
		*Factor
		CreatedAt *wireTime `json:"created_at"`
		UpdatedAt *wireTime `json:"updated_at"`
	}{(*Factor)(f), (*wireTime)(&f.CreatedAt), (*wireTime)(&f.UpdatedAt)}
	return json.Unmarshal(b, &v)
}

func (f *wireFactor) lacks() string { return lacksID(f.ID) }

// wireChallenge is a challenge in an answer. The official emulator calls the id
// of the factor factor_id.
type wireChallenge Challenge

func (c *wireChallenge) UnmarshalJSON(b []byte) error {
	v := struct {
		*Challenge
		CreatedAt *wireTime `json:"created_at"`
		UpdatedAt *wireTime `json:"updated_at"`
		ExpiresAt *wireTime `json:"expires_at"`
		OtherID   string    `json:"factor_id"`
	}{Challenge: (*Challenge)(c), CreatedAt: (*wireTime)(&c.CreatedAt), UpdatedAt: (*wireTime)(&c.UpdatedAt), ExpiresAt: (*wireTime)(&c.ExpiresAt)}
	err := json.Unmarshal(b, &v)
	c.FactorID = cmp.Or(c.FactorID, v.OtherID)
	return err
}

func (c *wireChallenge) lacks() string { return lacksID(c.ID) }

// wireVerification is a verification in an answer.
type wireVerification struct {
	Challenge wireChallenge `json:"challenge"`
	Valid     *bool         `json:"valid"`
}

func (v *wireVerification) lacks() string {
	if v.Valid == nil {
		return "valid"
	}
	return ""
}

// wireUser is a user in an answer.
type wireUser User

func (u *wireUser) UnmarshalJSON(b []byte) error {
	v := struct {
		*User
		CreatedAt *wireTime `json:"created_at"`
		UpdatedAt *wireTime `json:"updated_at"`
	}{(*User)(u), (*wireTime)(&u.CreatedAt), (*wireTime)(&u.UpdatedAt)}
	return json.Unmarshal(b, &v)
}

func (u *wireUser) lacks() string { return lacksID(u.ID) }

// wirePage is a page of a list in an answer.
type wirePage[T any] struct {
	Data         []T          `json:"data"`
	ListMetadata ListMetadata `json:"list_metadata"`
}

func (p *wirePage[T]) lacks() string {
	if p.Data == nil {
		return "data"
	}
	return ""
}

// wireEnrollment is a user's factor and its challenge in an answer.
type wireEnrollment struct {
	Factor    wireFactor    `json:"authentication_factor"`
	Challenge wireChallenge `json:"authentication_challenge"`
}

func (e *wireEnrollment) lacks() string { return e.Factor.lacks() }
