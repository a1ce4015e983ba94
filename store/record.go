package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"mfa-tui/workos"
)

// Record is a factor and what only this file knows about it.
type Record struct {
	workos.Factor
	Label      string      `json:"label,omitempty"`      // the person's own name for it
	VerifiedAt workos.Time `json:"verified_at,omitzero"` // the last successful verification
	GoneAt     workos.Time `json:"gone_at,omitzero"`     // when WorkOS turned out not to know it any more
	History    []Attempt   `json:"challenges,omitempty"` // oldest first, at most HistoryLimit

	raw json.RawMessage // as it is in the file, with fields that this version does not know
}

// HistoryLimit is how many challenges of a factor are kept.
const HistoryLimit = 50

// Attempt is a challenge and its result.
type Attempt struct {
	ChallengeID string      `json:"challenge_id"`
	At          workos.Time `json:"at"` // when it was started
	Outcome     Outcome     `json:"outcome"`
	WrongCodes  int         `json:"wrong_codes,omitempty"`
}

// Outcome is the result of a challenge.
type Outcome string

// The results of challenges.
const (
	OutcomeOpen            Outcome = "open"
	OutcomeVerified        Outcome = "verified"
	OutcomeWrongCode       Outcome = "wrong_code"
	OutcomeExpired         Outcome = "expired"
	OutcomeAlreadyVerified Outcome = "already_verified"
	OutcomeTooManyAttempts Outcome = "too_many_attempts"
)

// LastAttempt returns the newest challenge.
func (r Record) LastAttempt() (Attempt, bool) {
	if len(r.History) == 0 {
		return Attempt{}, false
	}
	return r.History[len(r.History)-1], true
}

// HasSecret reports whether the QR code can still be shown.
func (r Record) HasSecret() bool {
	return r.TOTP != nil && (r.TOTP.Secret != "" || r.TOTP.URI != "")
}

// clone returns a record that shares nothing with r.
func (r Record) clone() Record {
	if r.TOTP != nil {
		totp := *r.TOTP
		r.TOTP = &totp
	}
	if r.SMS != nil {
		sms := *r.SMS
		r.SMS = &sms
	}
	r.History = slices.Clone(r.History)
	return r
}

// put takes the description of the factor from another record, keeps what is known
// here, and adds what only the other record knows.
func (r Record) put(other Record) Record {
	r = r.merge(other.Factor)
	r.Label = cmp.Or(r.Label, other.Label)
	if len(r.History) == 0 {
		r.History = slices.Clone(other.History[max(0, len(other.History)-HistoryLimit):])
	}
	if other.VerifiedAt.After(r.VerifiedAt.Time) {
		r.VerifiedAt = other.VerifiedAt
	}
	return r
}

// merge takes WorkOS's description of the factor and keeps what only this file
// knows, also the secrets, which WorkOS does not send again.
func (r Record) merge(f workos.Factor) Record {
	old := r.TOTP
	r.Factor, r.GoneAt = f, workos.Time{}
	r = r.clone()
	if r.TOTP != nil {
		r.TOTP.QRCode = "" // the URI says the same
		if old != nil && !r.HasSecret() {
			r.TOTP.Secret, r.TOTP.URI = old.Secret, old.URI
		}
	}
	return r
}

// join merges what another file knows about the factor.
func (r Record) join(other Record) Record {
	history, theirs := joinHistory(r.History, other.History), other.Factor
	if other.UpdatedAt.Before(r.UpdatedAt.Time) {
		other.Factor = r.Factor
	}
	goneAt := r.GoneAt
	r = r.put(other)
	r.GoneAt, r.History = goneAt, history
	if r.TOTP != nil && theirs.TOTP != nil && !r.HasSecret() { // WorkOS does not send it again
		r.TOTP.Secret, r.TOTP.URI = theirs.TOTP.Secret, theirs.TOTP.URI
	}
	return r
}

// joinHistory is the challenges of both, oldest first. For a challenge that both
// have, the later result counts.
func joinHistory(a, b []Attempt) []Attempt {
	all := slices.Clone(a)
	for _, o := range b {
		i := slices.IndexFunc(all, func(x Attempt) bool { return x.ChallengeID == o.ChallengeID })
		switch {
		case i < 0:
			all = append(all, o)
		case all[i].Outcome == OutcomeOpen:
			all[i] = o
		}
	}
	slices.SortStableFunc(all, func(x, y Attempt) int {
		return cmp.Or(x.At.Compare(y.At.Time), cmp.Compare(x.ChallengeID, y.ChallengeID))
	})
	return all[max(0, len(all)-HistoryLimit):]
}

// settle erases the secret of a verified factor, unless secrets are kept.
func (r *Record) settle(keepSecrets bool) {
	if !r.VerifiedAt.IsZero() && !keepSecrets {
		r.eraseSecret()
	}
}

// eraseSecret removes what the QR code is made of.
func (r *Record) eraseSecret() {
	if r.TOTP != nil {
		r.TOTP.Secret, r.TOTP.URI, r.TOTP.QRCode = "", "", ""
	}
}

// attempt returns the challenge with this id and adds it if needed.
func (r *Record) attempt(challengeID string, at time.Time) *Attempt {
	i := slices.IndexFunc(r.History, func(a Attempt) bool { return a.ChallengeID == challengeID })
	if i < 0 {
		r.History = append(r.History, Attempt{ChallengeID: challengeID, At: workos.At(at), Outcome: OutcomeOpen})
		if over := len(r.History) - HistoryLimit; over > 0 {
			r.History = slices.Clone(r.History[over:])
		}
		i = len(r.History) - 1
	}
	return &r.History[i]
}

// Finished returns the record with the result of a challenge noted, for a factor that
// is not in the file. [Store.Finished] notes it in the file.
func (r Record) Finished(challengeID string, outcome Outcome, at time.Time) Record {
	r = r.clone()
	r.finish(challengeID, outcome, at)
	return r
}

// finish notes the result of a challenge. A challenge that was verified stays so,
// even if another code is tried afterwards.
func (r *Record) finish(challengeID string, outcome Outcome, at time.Time) {
	a := r.attempt(challengeID, at)
	if a.Outcome != OutcomeVerified {
		a.Outcome = outcome
	}
	switch outcome {
	case OutcomeWrongCode:
		a.WrongCodes++
	case OutcomeVerified:
		r.VerifiedAt = workos.At(at)
	}
}

// errDamaged stands for an error of encoding/json, which speaks of Go's types.
var errDamaged = errors.New("it is damaged and can't be read")

// decode reads a record as it is in the file.
func (r *Record) decode(raw json.RawMessage) error {
	if err := json.Unmarshal(raw, r); err != nil {
		return errDamaged
	}
	if r.ID == "" {
		return errors.New("it has no id")
	}
	r.raw = bytes.TrimSpace(raw)
	return nil
}

// recordFields are the fields of a record that this version knows.
var recordFields = []string{
	"id", "type", "user_id", "totp", "sms", "created_at", "updated_at", "label", "verified_at", "gone_at", "challenges",
}

// inFile is a record as it is written to the file, where nothing says that a factor
// is one: that would be a tenth of it.
type inFile struct {
	Record
	Object struct{} `json:"object,omitzero"` // hides the factor's
}

// encode encodes a record and keeps the fields of its old form that this version
// does not know.
func (r Record) encode(old json.RawMessage) (json.RawMessage, error) {
	raw, err := json.Marshal(inFile{Record: r})
	if err != nil || old == nil {
		return raw, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(old, &fields); err != nil {
		return nil, err
	}
	// The case of names does not matter, as for the decoder: a "TOTP" that stayed
	// would bring an erased secret back.
	maps.DeleteFunc(fields, func(name string, _ json.RawMessage) bool {
		return slices.ContainsFunc(recordFields, func(known string) bool { return strings.EqualFold(known, name) })
	})
	if len(fields) == 0 {
		return raw, nil
	}
	unknown, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	return slices.Concat(raw[:len(raw)-1], []byte(","), unknown[1:]), nil
}
