package local

import (
	"encoding/json"
	"fmt"
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
}

func newState() *state {
	return &state{
		Version: stateVersion,
		Factors: map[string]*factor{}, Challenges: map[string]*challenge{}, Users: map[string]*user{},
		Repeats: map[string]repeat{},
	}
}

// decodeState reads a state; no data is a new one.
func decodeState(data []byte) (*state, error) {
	s := newState()
	if data == nil {
		return s, nil
	}
	if err := json.Unmarshal(data, s); err != nil {
		return nil, fmt.Errorf("can't be read, and is left as it is: %w", err)
	}
	if s.Version != stateVersion {
		return nil, fmt.Errorf("is of version %d, this program knows version %d; it is left as it is", s.Version, stateVersion)
	}
	return s, nil
}

// prune forgets what is of no more use, now and then.
func (s *state) prune(now time.Time) {
	if now.Sub(s.PrunedAt) < pruneEvery {
		return
	}
	s.PrunedAt = now
	for id, c := range s.Challenges {
		if now.Sub(c.CreatedAt) > keepChallenges {
			delete(s.Challenges, id)
		}
	}
	for key, r := range s.Repeats {
		if now.Sub(r.At) > keepRepeats {
			delete(s.Repeats, key)
		}
	}
}
