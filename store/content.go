package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"unicode/utf8"
)

// content is a file with as much of it decoded as is needed: what a later version
// of the program adds to any level, and other environments, stay as they are. A
// content is never changed, so that any goroutine may read it.
type content struct {
	environment string
	data        []byte   // the file itself; nil if there was none
	older       int      // its version, if that is not the current one
	top         []member // of the file, beside its version and environments
	others      []member // the other environments
	own         []member // of the environment, beside its factors
	records     []Record // newest first
	index       index    // of records
	factorsAt   int64    // where the value of the environment's factors begins in what was parsed
}

// member is a name of a JSON object and its value as it is in the file.
type member struct {
	name  string
	value json.RawMessage
}

// parse reads a file of the current version.
func parse(data []byte, environment string) (*content, error) {
	switch {
	case data == nil:
		return &content{environment: environment}, nil
	case len(bytes.TrimSpace(data)) == 0:
		return nil, errors.New("it is empty")
	case !utf8.Valid(data):
		// encoding/json would put U+FFFD in place of what it can't read, in ids too.
		return nil, errors.New("it is damaged: it is not UTF-8 text")
	}
	c, ok := parseQuickly(data, environment)
	if !ok {
		var err error
		if c, err = parseSlowly(data, environment); err != nil {
			return nil, err
		}
	}
	c.arrange()
	return c, nil
}

// parseSlowly reads a file of any form.
func parseSlowly(data []byte, environment string) (*content, error) {
	c := &content{environment: environment, data: data}
	p := &parser{json.NewDecoder(bytes.NewReader(data)), data, map[string]bool{}}
	version := 0
	err := p.object(func(name string) error {
		switch name {
		case "version":
			return p.value(&version)
		case "environments":
			return p.object(func(name string) error { return c.parseEnvironment(p, name) })
		}
		return p.keep(&c.top, name)
	})
	if err == nil {
		err = p.end()
	}
	switch {
	case err != nil:
		return nil, err
	case version == 0:
		return nil, errors.New("it has no version, so it is not a factor file")
	case version != currentVersion():
		return nil, fmt.Errorf("it is of version %d", version)
	}
	c.reindex()
	return c, nil
}

func (c *content) parseEnvironment(p *parser, name string) error {
	if name != c.environment {
		return p.keep(&c.others, name)
	}
	return p.object(func(name string) error {
		if name == "factors" {
			c.factorsAt = p.InputOffset()
			return p.array(func() error { return c.parseRecord(p) })
		}
		return p.keep(&c.own, name)
	})
}

func (c *content) parseRecord(p *parser) error {
	var r Record
	raw, err := p.raw(&r)
	switch n := len(c.records) + 1; {
	case err != nil:
		return fmt.Errorf("factor %d of its environment %q: %w", n, c.environment, err)
	case r.ID == "":
		return fmt.Errorf("factor %d of its environment %q has no id", n, c.environment)
	case p.ids[r.ID]:
		return fmt.Errorf("factor %q is in its environment %q twice", r.ID, c.environment)
	}
	r.raw = raw
	p.ids[r.ID] = true
	c.records = append(c.records, r)
	return nil
}

// arrange puts the newest record first.
func (c *content) arrange() {
	newestFirst := func(a, b *Record) int {
		if later := b.CreatedAt.Compare(a.CreatedAt); later != 0 {
			return later
		}
		return cmp.Compare(b.ID, a.ID)
	}
	sorted := true // as a file is that was written here
	for i := 1; sorted && i < len(c.records); i++ {
		sorted = newestFirst(&c.records[i-1], &c.records[i]) <= 0
	}
	if sorted {
		return
	}
	slices.SortFunc(c.records, func(a, b Record) int { return newestFirst(&a, &b) })
	c.reindex()
}

func (c *content) reindex() (unique bool) {
	c.index, unique = newIndex(c.records)
	return unique
}

// find returns the number of the record with an id.
func (c *content) find(id string) (int, bool) { return c.index.find(c.records, id) }

// encode returns the file. Factors come one a line: quick to write, and a person
// can still search and compare.
func (c *content) encode() []byte {
	size := 1 << 10
	for i := range c.records {
		size += len(c.records[i].raw) + len(",\n")
	}
	for _, members := range [][]member{c.top, c.others, c.own} {
		for _, m := range members {
			size += len(m.name) + len(m.value) + 16
		}
	}
	b := make([]byte, 0, size)
	b = append(b, "{\n\"version\": "...)
	b = strconv.AppendInt(b, int64(currentVersion()), 10)
	for _, m := range c.top {
		b = m.append(append(b, ",\n"...))
	}
	b = append(b, ",\n\"environments\": {\n"...)
	for _, m := range c.others {
		b = append(m.append(b), ",\n"...)
	}
	b = append(appendName(b, c.environment), "{\n"...)
	for _, m := range c.own {
		b = append(m.append(b), ",\n"...)
	}
	b = append(b, "\"factors\": ["...)
	for i := range c.records {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, '\n'), c.records[i].raw...)
	}
	return append(b, "\n]}}}\n"...)
}

func (m member) append(b []byte) []byte { return append(appendName(b, m.name), m.value...) }

func appendName(b []byte, name string) []byte {
	quoted, _ := json.Marshal(name) // a string can always be encoded
	return append(append(b, quoted...), ": "...)
}

// parser reads JSON by pieces, so that each byte is decoded once.
type parser struct {
	*json.Decoder
	data []byte
	ids  map[string]bool // of the factors so far
}

// object calls member for each name, which must read its value. null is an
// object without members.
func (p *parser) object(member func(name string) error) error {
	switch open, err := p.token(); {
	case err != nil:
		return err
	case open == nil:
		return nil
	case open != json.Delim('{'):
		return p.wrong("an object")
	}
	seen := map[string]bool{}
	for p.More() {
		name, err := p.token()
		if err != nil {
			return err
		}
		key, _ := name.(string) // the decoder sees to it that it is one
		if seen[key] {
			return fmt.Errorf("the name %q is there twice, at byte %d", key, p.InputOffset())
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := p.token()
	return err
}

// array calls element for each element, which must read it. null is an empty one.
func (p *parser) array(element func() error) error {
	switch open, err := p.token(); {
	case err != nil:
		return err
	case open == nil:
		return nil
	case open != json.Delim('['):
		return p.wrong("a list")
	}
	for p.More() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := p.token()
	return err
}

// keep reads a value that is not looked into.
func (p *parser) keep(members *[]member, name string) error {
	raw, err := p.raw(new(skipped))
	*members = append(*members, member{name, raw})
	return err
}

// skipped takes any value.
type skipped struct{}

func (*skipped) UnmarshalJSON([]byte) error { return nil }

// raw reads a value into v and returns its bytes.
func (p *parser) raw(v any) (json.RawMessage, error) {
	start := p.InputOffset()
	if err := p.value(v); err != nil {
		return nil, err
	}
	end := p.InputOffset()
	return bytes.TrimLeft(p.data[start:end:end], ":, \t\r\n"), nil
}

func (p *parser) value(v any) error { return p.damaged(p.Decode(v)) }

func (p *parser) token() (json.Token, error) {
	t, err := p.Token()
	return t, p.damaged(err)
}

// end fails if something follows.
func (p *parser) end() error {
	if _, err := p.Token(); err != io.EOF {
		return fmt.Errorf("it is damaged: something follows its end at byte %d", p.InputOffset())
	}
	return nil
}

func (p *parser) wrong(want string) error {
	return fmt.Errorf("it is damaged: not %s at byte %d", want, p.InputOffset())
}

func (p *parser) damaged(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is damaged: it ends too early")
	}
	return fmt.Errorf("it is damaged: %w", err)
}
