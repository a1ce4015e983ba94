package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// version is the version of the file's form.
const version = 1

// BrokenError is a factor file that can't be read. It is never written to.
type BrokenError struct {
	Path string
	Err  error
}

func (e *BrokenError) Error() string { return fmt.Sprintf("factor file %s: %v", e.Path, e.Err) }

// Unwrap returns what is wrong with the file.
func (e *BrokenError) Unwrap() error { return e.Err }

// document is a file with only as much of it decoded as is needed: what a later
// version of the program adds to any level, and other environments, stay as
// they are.
type document struct {
	top          map[string]json.RawMessage
	environments map[string]json.RawMessage
	environment  map[string]json.RawMessage
	raw          map[string]json.RawMessage // records of the environment, by id
}

// decode reads the outer levels of a file; no data is an empty file.
func decode(data []byte) (*document, error) {
	d := &document{environments: map[string]json.RawMessage{}}
	if data == nil {
		d.top = map[string]json.RawMessage{"version": json.RawMessage(fmt.Sprint(version))}
		return d, nil
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, errors.New("it is empty; move it away, or bring back a copy")
	}
	if err := json.Unmarshal(data, &d.top); err != nil {
		return nil, fmt.Errorf("it is not JSON of the right form: %w", err)
	}
	var v int
	if err := json.Unmarshal(d.top["version"], &v); err != nil || v < 1 {
		return nil, errors.New("it has no version, so it is not a factor file")
	}
	if v > version {
		return nil, fmt.Errorf("it is of version %d, and this mfa-tui knows version %d; use a newer mfa-tui", v, version)
	}
	if raw, ok := d.top["environments"]; ok {
		if err := json.Unmarshal(raw, &d.environments); err != nil {
			return nil, fmt.Errorf("its environments: %w", err)
		}
	}
	if d.environments == nil { // null
		d.environments = map[string]json.RawMessage{}
	}
	return d, nil
}

// records decodes the factors of an environment.
func (d *document) records(environment string) ([]Record, error) {
	raw, ok := d.environments[environment]
	if !ok {
		return nil, nil
	}
	if err := json.Unmarshal(raw, &d.environment); err != nil {
		return nil, fmt.Errorf("its environment %s: %w", environment, err)
	}
	var list []json.RawMessage
	if raw, ok := d.environment["factors"]; ok {
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, fmt.Errorf("the factors of its environment %s: %w", environment, err)
		}
	}
	d.raw = make(map[string]json.RawMessage, len(list))
	records := make([]Record, 0, len(list))
	for i, raw := range list {
		var r Record
		err := json.Unmarshal(raw, &r)
		_, twice := d.raw[r.ID]
		switch {
		case err != nil:
			return nil, fmt.Errorf("factor %d of its environment %s: %w", i+1, environment, err)
		case r.ID == "":
			return nil, fmt.Errorf("factor %d of its environment %s has no id", i+1, environment)
		case twice:
			return nil, fmt.Errorf("factor %s is in its environment %s twice", r.ID, environment)
		}
		d.raw[r.ID] = raw
		records = append(records, r)
	}
	return records, nil
}

// encode returns the file with these factors in the environment. Only the ones
// that changed are encoded anew.
func (d *document) encode(environment string, records []Record, changed map[string]bool) ([]byte, error) {
	list := make([]json.RawMessage, len(records))
	for i, r := range records {
		list[i] = d.raw[r.ID]
		if list[i] != nil && !changed[r.ID] {
			continue
		}
		raw, err := encodeRecord(r, d.raw[r.ID])
		if err != nil {
			return nil, fmt.Errorf("encode factor %s: %w", r.ID, err)
		}
		list[i] = raw
	}
	if d.environment == nil {
		d.environment = map[string]json.RawMessage{}
	}
	for _, level := range []struct {
		in    map[string]json.RawMessage
		name  string
		value any
	}{{d.environment, "factors", list}, {d.environments, environment, d.environment}, {d.top, "environments", d.environments}} {
		raw, err := json.Marshal(level.value)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", level.name, err)
		}
		level.in[level.name] = raw
	}
	return json.MarshalIndent(d.top, "", "  ")
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
	for _, name := range recordFields {
		delete(fields, name)
	}
	if len(fields) == 0 {
		return raw, nil
	}
	if err := json.Unmarshal(raw, &fields); err != nil { // adds to what is there
		return nil, err
	}
	return json.Marshal(fields)
}
