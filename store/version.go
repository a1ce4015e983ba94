package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// migrations[i] makes a file of version i+2 of one of version i+1. There is only
// one version yet.
var migrations []func(old []byte) ([]byte, error)

// currentVersion is the version of the files that are written.
func currentVersion() int { return len(migrations) + 1 }

// errNewer is the reason why a file of a later version is refused.
var errNewer = errors.New("it was written by a newer mfa-tui")

// decode reads a file; no data is an empty one. A file of an older version is
// brought to the current one in memory.
func decode(data []byte, environment string) (*content, error) {
	c, err := parse(data, environment)
	if err == nil {
		return c, nil
	}
	// The version comes first, so that a form that only a later version knows is
	// not taken for damage.
	var outer struct{ Version int }
	if json.Unmarshal(data, &outer) != nil || outer.Version < 1 {
		return nil, err
	}
	switch v := outer.Version; {
	case v > currentVersion():
		return nil, fmt.Errorf("%w, in version %d of its form; this one knows version %d", errNewer, v, currentVersion())
	case v == currentVersion():
		return nil, err
	}
	migrated := slices.Clone(data)
	for v := outer.Version; v < currentVersion(); v++ {
		if migrated, err = migrations[v-1](migrated); err != nil {
			return nil, fmt.Errorf("bring it from version %d to %d: %w", v, v+1, err)
		}
	}
	if c, err = parse(migrated, environment); err != nil {
		return nil, err
	}
	c.data, c.older = data, outer.Version
	return c, nil
}
