package store

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// change is a change of one record. It may be applied again, on newer content.
type change struct {
	id string
	// to returns the record as it shall be, given the one that is there, if any.
	// keep is false for a record that shall go.
	to func(old Record, there bool) (next Record, keep bool, err error)
}

// rejection is why a change makes no sense on the content, so that it is of no
// use to try again.
type rejection struct{ error }

func (r rejection) Unwrap() error { return r.error }

// with returns the content after earlier changes and new ones. An earlier one
// that makes no sense any more, since another window took its factor away, is
// passed over; a new one is an error. Without any effect c itself is returned.
func (c *content) with(earlier, changes []change) (*content, error) {
	if len(earlier)+len(changes) == 0 {
		return c, nil
	}
	next := *c
	next.data, next.records, next.index = nil, slices.Clone(c.records), maps.Clone(c.index)
	changed := false
	for i, ch := range slices.Concat(earlier, changes) {
		did, err := next.apply(ch)
		if err != nil && i >= len(earlier) {
			return nil, rejection{err}
		}
		changed = changed || did
	}
	if !changed {
		return c, nil
	}
	next.records = slices.DeleteFunc(next.records, func(r Record) bool { return r.ID == "" })
	return &next, next.arrange()
}

// apply makes a change in c, which nobody else has seen yet. New records come
// last, and those that go leave an empty one, so that the index holds.
func (c *content) apply(ch change) (changed bool, err error) {
	i, there := c.index[ch.id]
	var old Record
	if there {
		old = c.records[i].clone()
	}
	next, keep, err := ch.to(old, there)
	switch {
	case err != nil, !keep && !there:
		return false, err
	case !keep:
		c.records[i] = Record{}
		delete(c.index, ch.id)
		return true, nil
	}
	if next.raw, err = next.encode(old.raw); err != nil {
		return false, fmt.Errorf("encode factor %s: %w", next.ID, err)
	}
	if !there {
		c.index[ch.id] = len(c.records)
		c.records = append(c.records, next)
		return true, nil
	}
	c.records[i], changed = next, !bytes.Equal(next.raw, old.raw)
	return changed, nil
}
