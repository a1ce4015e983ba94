package store

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// change is a change of one record. It may be applied again, to newer content.
type change struct {
	id string
	// to returns the new record, given the old one, if any. keep is false to remove
	// the record.
	to func(old Record, there bool) (next Record, keep bool, err error)
}

// rejection is why a change makes no sense for the content, so that trying again is
// useless.
type rejection struct{ error }

func (r rejection) Unwrap() error { return r.error }

// with returns the content after earlier changes and new ones. An earlier change
// that makes no sense any more, because another window removed its factor, is
// skipped; a new one that makes no sense is an error. If nothing changes, with
// returns c itself.
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

// apply makes a change in c, which nobody else has seen yet. It appends new records
// and leaves empty ones in place of removed ones, so that the index stays right.
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
