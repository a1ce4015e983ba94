package local

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"mfa-tui/workos/guard"
)

// Storage holds an engine's state. Other processes may share it. Update runs change
// under a lock that they respect. old is nil at first; a nil result leaves the
// content as it is. Path names the storage in errors.
type Storage interface {
	Path() string
	Update(ctx context.Context, change func(old []byte) ([]byte, error)) error
}

// transact runs f on the state and keeps the change that f reports: in the
// storage before it returns or, if that is deferred, in memory for the next Flush.
func (e *Engine) transact(ctx context.Context, f func(*state) (changed bool)) error {
	if e.opts.Storage == nil || e.opts.Deferred {
		e.mu.Lock()
		defer e.mu.Unlock()
		if f(e.state) {
			e.changes++
			e.waiting.wake()
		}
		return nil
	}
	e.storing.Lock()
	defer e.storing.Unlock()
	err := e.exchange(ctx, func() *state {
		if f(e.state) {
			e.waiting.wake()
			return e.state
		}
		return nil
	})
	if err != nil {
		e.loaded = false // what is in memory was not kept
	}
	return err
}

// Flush writes what requests have changed since the last time, if Options.Deferred
// is set. Call it first before the first request: it then reads the state from the
// storage and adds the seed. From then on the engine owns the content, and if
// somebody else has changed it, Flush fails and writes nothing. Requests wait while
// the state is copied, not while it is encoded and written.
func (e *Engine) Flush(ctx context.Context) error {
	if e.opts.Storage == nil || !e.opts.Deferred {
		return nil
	}
	e.storing.Lock()
	defer e.storing.Unlock()
	e.mu.Lock()
	changes := e.changes
	e.mu.Unlock()
	if changes == e.flushed {
		return nil
	}
	first := !e.loaded
	err := e.exchange(ctx, func() *state {
		e.mu.Lock()
		defer e.mu.Unlock()
		if first {
			e.seededUsers, e.seededFactors = e.opts.Seed.addTo(e.state, e.Time().UTC())
		}
		changes = e.changes
		return e.state.clone()
	})
	if err == nil {
		e.flushed = changes
	}
	return err
}

// exchange reads the state from the storage and writes the one that f returns, nil
// for none, under the storage's lock.
func (e *Engine) exchange(ctx context.Context, f func() *state) error {
	var content [sha256.Size]byte
	err := e.opts.Storage.Update(ctx, func(old []byte) ([]byte, error) {
		if err := e.read(old); err != nil {
			return nil, fmt.Errorf("%s %w", e.opts.Storage.Path(), err)
		}
		content = e.content
		size := len(old) // from here on, old is not needed in memory
		s := f()
		if s == nil {
			return nil, nil
		}
		data, err := s.encode(size)
		if err != nil {
			return nil, fmt.Errorf("encode the state: %w", err)
		}
		content = digest(data)
		return data, nil
	})
	if err != nil {
		return fmt.Errorf("state of the local engine: %w", err)
	}
	e.content = content
	return nil
}

// read decodes a content, unless the state in memory is of it already.
func (e *Engine) read(old []byte) error {
	switch {
	case !e.loaded:
	case digest(old) == e.content:
		return nil
	case e.opts.Deferred:
		return errors.New("was changed by another program and is left as it is; end that program, or this one")
	}
	content := old
	if e.opts.Deferred && len(old) == 0 { // as mktemp makes it; an engine writes no such file, so nothing is lost
		content = nil
	}
	s, err := guard.Parse(decodeState, content)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.state, e.content, e.loaded = s, digest(old), true
	return nil
}

// digest tells contents apart; without content it is zero.
func digest(data []byte) [sha256.Size]byte {
	if data == nil {
		return [sha256.Size]byte{}
	}
	return sha256.Sum256(data)
}

// encode encodes a state. What may be large is encoded entry by entry: to encode it whole
// takes three times the memory. size is about how many bytes there will be.
func (s *state) encode(size int) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(size + size/8)
	rest := *s
	rest.Factors, rest.Users, rest.Repeats = nil, nil, nil
	data, err := json.Marshal(rest)
	if err != nil {
		return nil, err
	}
	b.Write(data[:len(data)-1]) // without its brace
	err = errors.Join(encodeMap(&b, "factors", s.Factors), encodeMap(&b, "users", s.Users), encodeMap(&b, "repeats", s.Repeats))
	b.WriteByte('}')
	return b.Bytes(), err
}

// encodeMap adds a map to an object.
func encodeMap[V any](b *bytes.Buffer, name string, all map[string]V) error {
	fmt.Fprintf(b, ",%q:{", name)
	separator := ""
	for _, key := range slices.Sorted(maps.Keys(all)) {
		pair, err := json.Marshal(map[string]V{key: all[key]})
		if err != nil {
			return err
		}
		b.WriteString(separator)
		b.Write(pair[1 : len(pair)-1]) // without its braces
		separator = ","
	}
	b.WriteByte('}')
	return nil
}

// clone copies what is kept of a state.
func (s *state) clone() *state {
	c := *s
	c.Factors, c.Challenges, c.Users = copied(s.Factors), copied(s.Challenges), copied(s.Users)
	c.MagicAuths, c.Pending, c.Sessions = copied(s.MagicAuths), maps.Clone(s.Pending), maps.Clone(s.Sessions)
	c.Repeats = maps.Clone(s.Repeats)
	return &c // messages and events are only ever added, never changed
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
