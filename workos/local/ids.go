package local

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"
)

// The prefixes of ids.
const (
	factorPrefix    = "auth_factor_"
	challengePrefix = "auth_challenge_"
	userPrefix      = "user_"
	magicPrefix     = "magic_auth_"
	sessionPrefix   = "session_"
	keyPrefix       = "sso_oidc_key_pair_" // as in WorkOS's tokens
	eventPrefix     = "event_"
	requestPrefix   = "req_"
	hookPrefix      = "hook_"
)

// sharedRandom lets many requests read one random source.
type sharedRandom struct {
	mu   sync.Mutex
	from io.Reader
}

func (r *sharedRandom) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.from.Read(p)
}

// ids makes ids that sort by the time of creation.
type ids struct {
	mu      sync.Mutex
	entropy *ulid.MonotonicEntropy
}

func newIDs(random io.Reader) *ids { return &ids{entropy: ulid.Monotonic(random, 0)} }

// next makes an id of a prefix and a ULID.
func (g *ids) next(prefix string, now time.Time) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id, err := ulid.New(ulid.Timestamp(now), g.entropy)
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return prefix + id.String(), nil
}
