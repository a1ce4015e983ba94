package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	e := edit{from: c, records: slices.Clone(c.records), moved: map[string]int{}}
	for _, ch := range earlier {
		_ = e.apply(ch)
	}
	for _, ch := range changes {
		if err := e.apply(ch); err != nil {
			return nil, err
		}
	}
	if !e.changed {
		return c, nil
	}
	next := *c
	next.data, next.records = nil, e.records
	if len(e.moved) > 0 {
		slices.Reverse(e.added) // the latest is the newest, as a rule: the order is right at once
		next.records = slices.DeleteFunc(append(e.added, e.records...), func(r Record) bool { return r.ID == "" })
		next.reindex()
	}
	next.arrange()
	return &next, nil
}

// edit is a content while it is changed. Records are only put in and taken out
// at the end, so that many changes at once cost no more than a few.
type edit struct {
	from    *content
	records []Record // those that go have lost their id
	added   []Record
	moved   map[string]int // those that came, into records and beyond its end into added, and those that went
	changed bool
}

// went is where a record is that is there no more.
const went = -1

func (e *edit) apply(ch change) error {
	i, there := e.find(ch.id)
	var at *Record
	var old Record
	if there {
		at = e.at(i)
		old = at.clone()
	}
	next, keep, err := ch.to(old, there)
	switch {
	case err != nil:
		return rejection{err}
	case !keep && !there:
		return nil
	case !keep:
		e.changed, e.moved[ch.id] = true, went
		*at = Record{}
		return nil
	}
	if next.raw, err = encodeRecord(next, old.raw); err != nil {
		return rejection{fmt.Errorf("encode factor %s: %w", next.ID, err)}
	}
	if there {
		if !bytes.Equal(next.raw, old.raw) {
			e.changed = true
			*at = next
		}
		return nil
	}
	e.changed, e.moved[ch.id] = true, len(e.records)+len(e.added)
	e.added = append(e.added, next)
	return nil
}

// find returns where the record with an id is.
func (e *edit) find(id string) (int, bool) {
	if i, ok := e.moved[id]; ok {
		return i, i != went
	}
	return e.from.find(id)
}

func (e *edit) at(i int) *Record {
	if i < len(e.records) {
		return &e.records[i]
	}
	return &e.added[i-len(e.records)]
}

// recordFields are the fields of a record that this version knows.
var recordFields = []string{
	"id", "type", "user_id", "totp", "sms", "created_at", "updated_at", "label", "verified_at", "gone_at", "challenges",
}

// encodeRecord encodes a record and keeps the fields of its old form that this
// version does not know.
func encodeRecord(r Record, old json.RawMessage) (json.RawMessage, error) {
	raw, err := json.Marshal(r)
	if err != nil || old == nil {
		return raw, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(old, &fields); err != nil {
		return nil, err
	}
	// Names count whatever their case, as they do for the decoder: a "TOTP" that
	// stayed would bring an erased secret back.
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
