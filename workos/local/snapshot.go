package local

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Changes counts the changes of a state that is in memory: two equal numbers mean
// that there was none in between.
func (e *Engine) Changes() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.changes
}

// Snapshot returns a state that is in memory, as one moment had it, and the
// number of its last change. Requests wait for the copy, not for the encoding.
func (e *Engine) Snapshot() (data []byte, changes uint64, err error) {
	e.mu.Lock()
	s, changes := e.state.clone(), e.changes
	e.mu.Unlock()
	if data, err = json.Marshal(s); err != nil {
		return nil, 0, fmt.Errorf("encode the state: %w", err)
	}
	return data, changes, nil
}

// Load takes over a state that Snapshot gave, and adds what the seed has more; no
// data is an empty state. It is an error if the data is of another form or version.
func (e *Engine) Load(data []byte) error {
	s, err := decodeState(data)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.opts.Seed.sow(s, e.Time().UTC())
	e.state = s
	e.changes++
	return nil
}

// clone copies what is kept of a state.
func (s *state) clone() *state {
	c := *s
	c.Factors, c.Challenges, c.Users = copied(s.Factors), copied(s.Challenges), copied(s.Users)
	c.Repeats = maps.Clone(s.Repeats)
	return &c // messages are only ever added to the outbox, never changed
}

func copied[V any](m map[string]*V) map[string]*V {
	all := make([]V, 0, len(m)) // one piece of memory for all
	c := make(map[string]*V, len(m))
	for k, v := range m {
		all = append(all, *v)
		c[k] = &all[len(all)-1]
	}
	return c
}
