package local

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// stateVersion is the version of the state's form.
const stateVersion = 1

// How long is kept what is of no more use.
const (
	keepChallenges = 24 * time.Hour // after their creation
	pruneEvery     = time.Hour
)

// state is all that an engine knows.
type state struct {
	Version    int                   `json:"version"`
	Factors    map[string]*factor    `json:"factors"`
	Challenges map[string]*challenge `json:"challenges"`
	Users      map[string]*user      `json:"users"`
	Outbox     []message             `json:"outbox"` // oldest first
	Repeats    map[string]repeat     `json:"repeats"`
	PrunedAt   time.Time             `json:"pruned_at"`

	index index
}

func newState() *state {
	s := &state{
		Version: stateVersion,
		Factors: map[string]*factor{}, Challenges: map[string]*challenge{}, Users: map[string]*user{},
		Repeats: map[string]repeat{},
	}
	s.reindex()
	return s
}

// decodeState reads a state; no data is a new one.
func decodeState(data []byte) (*state, error) {
	s := newState()
	if data == nil {
		return s, nil
	}
	s.Version = 0 // the data must say it
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("can't be read, and is left as it is: %w", err)
	}
	if s.Version != stateVersion {
		return nil, fmt.Errorf("is of version %d, this program knows version %d; it is left as it is", s.Version, stateVersion)
	}
	s.mend()
	s.reindex()
	return s, nil
}

// mend makes a state whole that somebody edited, so that nothing in it is nil.
func (s *state) mend() {
	if s.Factors == nil {
		s.Factors = map[string]*factor{}
	}
	if s.Challenges == nil {
		s.Challenges = map[string]*challenge{}
	}
	if s.Users == nil {
		s.Users = map[string]*user{}
	}
	if s.Repeats == nil {
		s.Repeats = map[string]repeat{}
	}
	maps.DeleteFunc(s.Factors, func(_ string, f *factor) bool { return f == nil })
	maps.DeleteFunc(s.Users, func(_ string, u *user) bool { return u == nil })
	maps.DeleteFunc(s.Challenges, func(_ string, c *challenge) bool { return c == nil || s.Factors[c.FactorID] == nil })
}

// prune forgets what is of no more use, now and then.
func (s *state) prune(now time.Time) {
	if now.Sub(s.PrunedAt) < pruneEvery {
		return
	}
	s.PrunedAt = now
	maps.DeleteFunc(s.Challenges, func(_ string, c *challenge) bool {
		return now.Sub(c.CreatedAt) > keepChallenges && !c.open(now)
	})
	s.indexChallenges()
	maps.DeleteFunc(s.Repeats, func(_ string, r repeat) bool { return now.Sub(r.At) > keepRepeats })
}
