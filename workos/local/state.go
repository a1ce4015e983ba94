package local

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// What marks a state. The first files of version 1 have no format: they are
// recognized by their keys, and get the format when they are written.
const (
	stateFormat  = "mfa-tui engine state"
	stateVersion = 1
)

// How long things are kept after their use.
const (
	keepChallenges = 24 * time.Hour // after their creation
	pruneEvery     = time.Hour
)

// maxKept is how many of each thing that comes and goes are kept, the newest ones. It is
// a choice. Users and factors stay until they are deleted.
const maxKept = 10_000

// state is all that an engine knows. Its factors, users and repeats are always encoded,
// but by [state.encode].
type state struct {
	Format     string                `json:"format"`
	Version    int                   `json:"version"`
	Factors    map[string]*factor    `json:"factors,omitempty"`
	Challenges map[string]*challenge `json:"challenges"`
	Users      map[string]*user      `json:"users,omitempty"`
	Outbox     []Message             `json:"outbox"` // oldest first
	Repeats    map[string]repeat     `json:"repeats,omitempty"`
	PrunedAt   time.Time             `json:"pruned_at"`

	MagicAuths map[string]*magicAuth `json:"magic_auths,omitempty"`
	Pending    map[string]pending    `json:"pending,omitempty"`  // by token
	Sessions   map[string]session    `json:"sessions,omitempty"` // by refresh token
	SigningKey *signingKey           `json:"signing_key,omitempty"`
	Events     []event               `json:"events,omitempty"` // oldest first
	Sent       uint64                `json:"sent,omitempty"`   // how many messages were

	index index
}

func newState() *state {
	s := &state{Format: stateFormat, Version: stateVersion}
	s.complete()
	return s
}

// stateKeys are the keys of every state beside its format, in order. With a format it
// may have more, such as those of signing in, and of events.
var stateKeys = []string{"challenges", "factors", "outbox", "pruned_at", "repeats", "users", "version"}

// decodeState reads a state; no data is a new one. It refuses all that may be
// something else, since what it accepts will be overwritten.
func decodeState(data []byte) (*state, error) {
	if data == nil {
		return newState(), nil
	}
	const foreign = "is not a state file of mfa-tui and is left as it is"
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		return nil, errors.New(foreign)
	}
	var s state
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields() // they would be lost
	err := d.Decode(&s)
	_, marked := keys["format"]
	if marked { // any other key is known, or err is of it
		maps.DeleteFunc(keys, func(key string, _ json.RawMessage) bool { return !slices.Contains(stateKeys, key) })
	}
	switch {
	case marked && s.Format != stateFormat:
		return nil, errors.New(foreign)
	case marked && s.Version != stateVersion:
		return nil, fmt.Errorf("is of version %d and is left as it is: this program knows version %d", s.Version, stateVersion)
	case !slices.Equal(slices.Sorted(maps.Keys(keys)), stateKeys) || s.Version != stateVersion:
		return nil, errors.New(foreign)
	case err != nil:
		return nil, errors.New("is damaged, or of a newer mfa-tui, and is left as it is: fix it, or move it away to start with an empty one")
	}
	if err := s.check(); err != nil {
		return nil, fmt.Errorf("is damaged and is left as it is: %w; fix it, or move it away to start with an empty one", err)
	}
	s.Format = stateFormat
	s.complete()
	return &s, nil
}

// check refuses parts that the engine could only drop.
func (s *state) check() error {
	if err := cmp.Or(noneNull("factor", s.Factors), noneNull("user", s.Users), noneNull("challenge", s.Challenges), noneNull("magic auth", s.MagicAuths)); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(s.Factors)) {
		if kind := s.Factors[id].Type; kind != typeTOTP && kind != typeSMS && kind != typeGenericOTP {
			return fmt.Errorf("its factor %q is of the type %q, which there is not", id, kind)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.Challenges)) {
		if of := s.Challenges[id].FactorID; s.Factors[of] == nil {
			return fmt.Errorf("its challenge %q is of factor %q, which it does not have", id, of)
		}
	}
	if s.SigningKey != nil {
		if err := s.SigningKey.parse(); err != nil {
			return fmt.Errorf("its signing key: %w", err)
		}
	}
	if i := slices.IndexFunc(s.Events, func(e event) bool { return e.ID == "" || len(e.Data) == 0 }); i >= 0 {
		return fmt.Errorf("its event %d has no id or no data", i)
	}
	return nil
}

func noneNull[V any](kind string, all map[string]*V) error {
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if all[id] == nil {
			return fmt.Errorf("its %s %q is null", kind, id)
		}
	}
	return nil
}

// complete makes what a new state, one edited by hand, or one of an older version does
// not have: maps, the ids and factors of messages, the newest challenges of those factors, and
// the index.
func (s *state) complete() {
	s.Factors, s.Challenges, s.Users, s.Repeats = orEmpty(s.Factors), orEmpty(s.Challenges), orEmpty(s.Users), orEmpty(s.Repeats)
	s.MagicAuths, s.Pending, s.Sessions = orEmpty(s.MagicAuths), orEmpty(s.Pending), orEmpty(s.Sessions)
	for i := range s.Outbox {
		m := &s.Outbox[i]
		if n := messageNumber(m.ID); n == 0 {
			m.ID = s.nextMessageID()
		} else {
			s.Sent = max(s.Sent, n)
		}
		if c := s.Challenges[m.ChallengeID]; c != nil && m.FactorID == "" {
			m.FactorID = c.FactorID
			s.Factors[c.FactorID].Challenge = m.ChallengeID // the last of them is the newest
		}
	}
	s.reindex()
}

func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

// appended adds to a list of which the newest ones are kept, as many as size. It drops the
// others rarely, because it copies, as it must: Flush may be writing the old list.
func appended[T any](all []T, v T, size int) []T {
	if all = append(all, v); len(all) >= 2*size {
		return slices.Clone(newest(all, size))
	}
	return all
}

// newest are those of a list that are kept, oldest first.
func newest[T any](all []T, size int) []T { return all[max(0, len(all)-size):] }

// prune removes what is too much and, once in pruneEvery, what is no longer needed.
func (s *state) prune(now time.Time) {
	for _, c := range bound(s.Challenges, func(c *challenge) time.Time { return c.CreatedAt }) {
		s.dropChallenge(c)
	}
	bound(s.Pending, func(p pending) time.Time { return p.ExpiresAt })
	bound(s.Sessions, func(s session) time.Time { return s.At })
	bound(s.Repeats, func(r repeat) time.Time { return r.At })
	for _, m := range bound(s.MagicAuths, func(m *magicAuth) time.Time { return m.CreatedAt }) {
		s.dropMagicAuth(m)
	}
	if now.Sub(s.PrunedAt) < pruneEvery {
		return
	}
	s.PrunedAt = now
	for _, c := range s.Challenges {
		if now.Sub(c.CreatedAt) > keepChallenges && !c.open(now) {
			s.dropChallenge(c)
		}
	}
	for _, m := range s.MagicAuths {
		if now.Sub(m.CreatedAt) > keepChallenges && !m.open(now) {
			s.dropMagicAuth(m)
		}
	}
	maps.DeleteFunc(s.Pending, func(_ string, p pending) bool { return p.expired(now) })
	maps.DeleteFunc(s.Sessions, func(_ string, s session) bool { return s.expired(now) })
	maps.DeleteFunc(s.Repeats, func(_ string, r repeat) bool { return now.Sub(r.At) > keepRepeats })
}

// bound drops the oldest when there are twice as many as are kept: rarely, because it
// sorts. It returns them.
func bound[V any](all map[string]V, at func(V) time.Time) (dropped []V) {
	if len(all) < 2*maxKept {
		return nil
	}
	oldest := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(at(all[a]).Compare(at(all[b])), cmp.Compare(a, b))
	})
	for _, key := range oldest[:len(oldest)-maxKept] {
		dropped = append(dropped, all[key])
		delete(all, key)
	}
	return dropped
}
