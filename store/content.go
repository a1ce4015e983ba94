package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"

	"mfa-tui/workos/guard"
)

// content is a file, decoded as far as needed: what a later version of the program
// adds on any level, and other environments, stay as they are. A content is never
// changed, so that any goroutine may read it.
type content struct {
	environment string
	data        []byte               // the file itself; nil if there was none
	top         []member             // of the file, beside its version and environments
	others      []member             // the other environments
	own         []member             // of the environment, beside its factors
	merged      []string             // the names that the file has the environment under
	elsewhere   func() []Environment // the other environments, counted by the first call
	records     []Record             // newest first
	index       map[string]int       // from an id to its place in records
}

// member is a name of a JSON object and its value as it is in the file.
type member struct {
	name  string
	value json.RawMessage
}

// version is the version of the files that are written.
const version = 1

// errNewer is the reason why a file of a later version is refused.
var errNewer = errors.New("it was written by a newer mfa-tui")

// ErrForeign is the reason why a file is refused that is whole, but no factor file:
// writing factors to it would destroy what it is.
var ErrForeign = errors.New("it is not a factor file")

// foreign says what a file without environments is, as far as its names tell.
func (c *content) foreign() error {
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool {
			return !slices.ContainsFunc(c.top, func(m member) bool { return m.name == name })
		})
	}
	switch {
	case has("environment", "factors"):
		return fmt.Errorf("%w, but an export: mfa-tui import adds its factors to a factor file", ErrForeign)
	case has("challenges", "factors", "users"):
		return fmt.Errorf("%w, but a state of the local engine", ErrForeign)
	}
	return fmt.Errorf("%w: it has no environments", ErrForeign)
}

// decode reads a file; no data is an empty one.
func decode(data []byte, environment string) (*content, error) {
	c, err := guard.Parse(func(data []byte) (*content, error) { return decodeAny(data, environment) }, data)
	if err != nil {
		return nil, err
	}
	c.data = data
	c.elsewhere = sync.OnceValue(func() []Environment { return count(c.others) })
	return c, nil
}

func decodeAny(data []byte, environment string) (*content, error) {
	switch {
	case data == nil:
		return &content{environment: environment, index: map[string]int{}}, nil
	case len(bytes.TrimSpace(data)) == 0:
		return nil, errors.New("it is empty")
	}
	data, err := decodeUTF8(data)
	if err != nil {
		return nil, err
	}
	if c := parseLines(data, environment); c != nil {
		return c, nil
	}
	c, err := parseWhole(data, environment)
	// Where the version is newer, what looks like damage is a form that only later
	// versions know.
	var outer struct{ Version int }
	if err != nil && json.Unmarshal(data, &outer) == nil && outer.Version > version {
		return nil, fmt.Errorf("%w, in version %d of the format; this one reads version %d", errNewer, outer.Version, version)
	}
	return c, err
}

// parseLines reads a file of the form that encode writes. It decodes the factors,
// nearly all of the file, on all processors, without reading through the whole
// file first. For a file of any other form it returns nil.
func parseLines(data []byte, environment string) *content {
	_, own, _ := bytes.Cut(data, append(appendName([]byte("\n"), environment), "{\n"...))
	_, factors, _ := bytes.Cut(own, []byte(factorsBegin+"\n"))
	body, ok := bytes.CutSuffix(factors, []byte(factorsEnd))
	if !ok {
		return nil
	}
	lines := bytes.Split(body, []byte("\n"))
	for i := range len(lines) - 1 {
		if lines[i], ok = bytes.CutSuffix(lines[i], []byte(",")); !ok {
			return nil
		}
	}
	// If the file without these lines is what encode writes, the lines are the list
	// of the environment's factors. No string in JSON spans lines, so the list is
	// well-formed if each line is.
	around := slices.Concat(data[:len(data)-len(factors)-1], []byte(factorsEnd))
	c, err := parseWhole(around, environment)
	if err != nil || !bytes.Equal(c.encode(), around) {
		return nil
	}
	if decodeRecords(c, lines) != nil {
		return nil // parseWhole says what is wrong
	}
	return c
}

// parseWhole reads a file of any form.
func parseWhole(data []byte, environment string) (*content, error) {
	c := &content{environment: environment}
	written, divided := 0, false
	var parts []part
	d := json.NewDecoder(bytes.NewReader(data))
	err := object(d, func(name string) error {
		switch name {
		case "version":
			err := d.Decode(&written)
			if errors.As(err, new(*json.UnmarshalTypeError)) {
				return errors.New("the version is not a whole number")
			}
			return err
		case "environments":
			divided = true
			return object(d, func(name string) error {
				if EnvironmentName(name) != environment {
					return keep(d, &c.others, name)
				}
				p, err := readPart(d, name)
				parts = append(parts, p)
				return err
			})
		}
		return keep(d, &c.top, name)
	})
	if err == nil {
		if _, end := d.Token(); end != io.EOF {
			err = errors.New("more text follows its end")
		}
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, errors.New("it is damaged: it is cut off")
	case err != nil:
		if errors.As(err, new(*json.SyntaxError)) {
			err = errors.New("not valid JSON")
		}
		return nil, fmt.Errorf("it is damaged: %w at %s", err, place(data, d.InputOffset()))
	case written == 0:
		return nil, errors.New("it has no version, so it is not a factor file")
	case written != version:
		return nil, fmt.Errorf("it is of version %d", written)
	case !divided:
		return nil, c.foreign()
	}
	return c, c.assemble(parts)
}

// assemble decodes the factors of the environment, and merges them if the file has
// them under several names.
func (c *content) assemble(parts []part) error {
	if len(parts) == 0 {
		return c.arrange()
	}
	c.own = parts[0].own
	if err := decodeRecords(c, parts[0].factors); err != nil {
		return err
	}
	for i, p := range parts {
		c.merged = append(c.merged, p.name)
		if i == 0 {
			continue
		}
		other, err := p.content()
		if err == nil {
			_, err = c.absorb(other)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// object reads an object: value is called for each name, and reads its value. null
// is an object without names.
func object(d *json.Decoder, value func(name string) error) error {
	seen := map[string]bool{}
	return within(d, '{', "an object", func() error {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := token.(string) // the decoder accepts nothing else
		if seen[name] {
			return fmt.Errorf("the name %q appears twice", name)
		}
		seen[name] = true
		return value(name)
	})
}

// within reads an object or a list, by calling next as long as there is more in it.
func within(d *json.Decoder, begin json.Delim, kind string, next func() error) error {
	switch token, err := d.Token(); {
	case err != nil || token == nil:
		return err
	case token != begin:
		return fmt.Errorf("not %s", kind)
	}
	for d.More() {
		if err := next(); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// keep reads a value without decoding it.
func keep(d *json.Decoder, members *[]member, name string) error {
	m := member{name: name}
	err := d.Decode(&m.value)
	*members = append(*members, m)
	return err
}

// decodeRecords decodes the factors of the environment, on all processors.
func decodeRecords[T ~[]byte](c *content, factors []T) error {
	c.records = make([]Record, len(factors))
	parts := runtime.GOMAXPROCS(0)
	errs := make([]error, parts)
	var workers sync.WaitGroup
	for part := range parts {
		workers.Go(func() {
			for i := part * len(factors) / parts; i < (part+1)*len(factors)/parts && errs[part] == nil; i++ {
				errs[part] = inFactor(c.environment, i, c.records[i].decode([]byte(factors[i])))
			}
		})
	}
	workers.Wait()
	return cmp.Or(cmp.Or(errs...), c.arrange())
}

// inFactor says which factor an error is about.
func inFactor(environment string, i int, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("factor %d of environment %q: %w", i+1, environment, err)
}

// arrange puts the newest record first, and fails if two have one id.
func (c *content) arrange() error {
	slices.SortFunc(c.records, func(a, b Record) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt.Time), cmp.Compare(b.ID, a.ID))
	})
	c.index = make(map[string]int, len(c.records))
	for i := range c.records {
		id := c.records[i].ID
		if _, twice := c.index[id]; twice {
			return fmt.Errorf("factor %q appears twice in environment %q", id, c.environment)
		}
		c.index[id] = i
	}
	return nil
}

// What encode writes around the environment's factors, which come last.
const (
	factorsBegin = "\"factors\": ["
	factorsEnd   = "\n]}}}\n"
)

// encode returns the file, with one factor per line: quick to write, and still easy
// to search and compare.
func (c *content) encode() []byte {
	size := 1 << 10
	for i := range c.records {
		size += len(c.records[i].raw) + len(",\n")
	}
	b := fmt.Appendf(make([]byte, 0, size), "{\n\"version\": %d", version)
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
	b = append(b, factorsBegin...)
	for i := range c.records {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(b, '\n'), c.records[i].raw...)
	}
	return append(b, factorsEnd...)
}

func (m member) append(b []byte) []byte { return append(appendName(b, m.name), m.value...) }

func appendName(b []byte, name string) []byte {
	quoted, _ := json.Marshal(name) // a string can always be encoded
	return append(append(b, quoted...), ": "...)
}
