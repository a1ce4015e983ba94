package store

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Environment is a part of the factor file: the factors that belong together.
type Environment struct {
	Name    string `json:"name"`
	Factors int    `json:"factors"`
	Open    bool   `json:"open"`            // it is the one whose factors are shown
	Err     string `json:"error,omitempty"` // why its factors can't be counted
}

// ErrNoEnvironment is the error of moving the factors of an environment that is not
// in the file.
var ErrNoEnvironment = errors.New("the environment is not in the factor file")

// Local is the name of the environment of the local engine.
const Local = "local"

// ErrLocal is the error of moving factors from the local engine to a server or back.
var ErrLocal = errors.New("factors can't be moved between the local engine and a server: a factor exists only where it was enrolled")

// EnvironmentName is the one name of an environment that can be written in several
// ways. After an @ it has the host and port of a server, and localhost, 127.0.0.1 and
// [::1] are the same machine.
func EnvironmentName(name string) string {
	at := strings.LastIndexByte(name, '@')
	if at < 0 {
		return name
	}
	server := url.URL{Host: strings.ToLower(name[at+1:])}
	addr, _ := netip.ParseAddr(server.Hostname())
	if server.Hostname() == "localhost" || addr == netip.IPv6Loopback() || addr.Unmap() == netip.AddrFrom4([4]byte{127, 0, 0, 1}) {
		server.Host = strings.TrimSuffix("127.0.0.1:"+server.Port(), ":")
	}
	return name[:at+1] + server.Host
}

// part is what the file has of an environment under one name.
type part struct {
	name    string
	own     []member // beside the factors
	factors []json.RawMessage
}

// readPart reads the value of an environment.
func readPart(d *json.Decoder, name string) (part, error) {
	p := part{name: name}
	err := object(d, func(field string) error {
		if field != "factors" {
			return keep(d, &p.own, field)
		}
		return within(d, '[', "a list", func() error {
			p.factors = append(p.factors, nil)
			i := len(p.factors) - 1
			return inFactor(name, i, d.Decode(&p.factors[i]))
		})
	})
	return p, err
}

// content decodes the factors of a part.
func (p part) content() (*content, error) {
	c := &content{environment: p.name, own: p.own}
	return c, decodeRecords(c, p.factors)
}

// absorb adds what another environment has to c, which nobody else has seen yet, and
// returns how many factors both had.
func (c *content) absorb(other *content) (both int, err error) {
	for _, r := range other.records {
		at, there := c.index[r.ID]
		if !there {
			c.records = append(c.records, r)
			continue
		}
		both++
		if c.records[at], err = joinNewer(c.records[at], r); err != nil {
			return 0, fmt.Errorf("merge factor %s: %w", r.ID, err)
		}
	}
	for _, m := range other.own {
		if !slices.ContainsFunc(c.own, func(o member) bool { return o.name == m.name }) {
			c.own = append(c.own, m)
		}
	}
	return both, c.arrange()
}

// joinNewer merges two records of one factor. The newer one wins where they differ.
func joinNewer(a, b Record) (Record, error) {
	if a.UpdatedAt.Before(b.UpdatedAt.Time) {
		a, b = b, a
	}
	keeps := func(r Record) bool { return r.HasSecret() && !r.VerifiedAt.IsZero() } // as --keep-secrets does
	r := a.join(b)
	r.settle(keeps(a) || keeps(b))
	var fields, newer map[string]json.RawMessage // for those that this version does not know
	if err := errors.Join(json.Unmarshal(b.raw, &fields), json.Unmarshal(a.raw, &newer)); err != nil {
		return r, err
	}
	maps.Copy(fields, newer)
	raw, err := json.Marshal(fields)
	if err == nil {
		r.raw, err = r.encode(raw)
	}
	return r, err
}

// count looks at environments that are not open. It returns them by name, each once.
func count(others []member) []Environment {
	ids := map[string]map[string]bool{}
	failed := map[string]string{}
	for _, m := range others {
		name := EnvironmentName(m.name)
		if ids[name] == nil {
			ids[name] = map[string]bool{}
		}
		var value struct{ Factors []struct{ ID string } }
		if err := json.Unmarshal(m.value, &value); err != nil {
			failed[name] = "its factors can't be read"
		}
		for _, f := range value.Factors {
			ids[name][f.ID] = true
		}
	}
	var all []Environment
	for _, name := range slices.Sorted(maps.Keys(ids)) {
		all = append(all, Environment{Name: name, Factors: len(ids[name]), Err: failed[name]})
	}
	return all
}

// Environment is the name of the environment that is open.
func (s *Store) Environment() string { return s.environment }

// Environments returns all environments in the file and the open one, by name.
func (s *Store) Environments() []Environment {
	v := s.shown.Load()
	all := append(slices.Clone(v.elsewhere()), Environment{Name: s.environment, Factors: len(v.records), Open: true})
	slices.SortFunc(all, func(a, b Environment) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Others returns the other environments that have factors, by name.
func (s *Store) Others() []Environment {
	return slices.DeleteFunc(slices.Clone(s.shown.Load().elsewhere()), func(e Environment) bool {
		return e.Factors == 0 && e.Err == ""
	})
}

// Movable returns those of the other environments whose factors can be moved to the
// open one.
func (s *Store) Movable() []Environment {
	return slices.DeleteFunc(s.Others(), func(e Environment) bool { return e.Name == Local || s.environment == Local })
}

// Moved is what a move did.
type Moved struct {
	Factors int `json:"moved"`  // all of them
	Merged  int `json:"merged"` // those of them that were there already
}

// Move carries all factors of an environment to another one: all or none. A factor
// that both have is merged, and the newer record wins. Neither needs to be open.
func (s *Store) Move(ctx context.Context, from, to string) (Moved, error) {
	moved, err := s.move(ctx, EnvironmentName(from), EnvironmentName(to))
	if err != nil {
		return Moved{}, err
	}
	_, _ = s.Reload() // the move is done; what is shown is read again with the next change
	return moved, nil
}

func (s *Store) move(ctx context.Context, from, to string) (moved Moved, err error) {
	if from == to {
		return moved, fmt.Errorf("%q and %q are the same environment", from, to)
	}
	if from == Local || to == Local {
		return moved, ErrLocal
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.present(); err != nil {
		return moved, err
	}
	err = s.file.Update(ctx, func(old []byte) ([]byte, error) {
		if err := s.missed(old); err != nil {
			return nil, err
		}
		c, err := decode(old, to)
		if err != nil {
			return nil, s.file.broken(to, err)
		}
		next := *c
		next.records, next.own, next.others = slices.Clone(c.records), slices.Clone(c.own), nil
		found := false
		for _, m := range c.others {
			if EnvironmentName(m.name) != from {
				next.others = append(next.others, m)
				continue
			}
			found = true
			both, size, err := next.take(m)
			if err != nil {
				return nil, err
			}
			moved.Factors, moved.Merged = moved.Factors+size, moved.Merged+both
		}
		if !found {
			return nil, ErrNoEnvironment
		}
		return next.encode(), nil
	})
	return moved, err
}

// take absorbs an environment as it is in the file. It refuses what c has otherwise
// and this version does not know how to merge.
func (c *content) take(m member) (both, size int, err error) {
	p, err := readPart(json.NewDecoder(bytes.NewReader(m.value)), m.name)
	if err != nil {
		return 0, 0, fmt.Errorf("environment %q: %w", m.name, err)
	}
	for _, theirs := range p.own {
		if slices.ContainsFunc(c.own, func(own member) bool {
			return own.name == theirs.name && !bytes.Equal(own.value, theirs.value)
		}) {
			return 0, 0, fmt.Errorf("both environments have %q, which this mfa-tui does not know: use a newer one", theirs.name)
		}
	}
	other, err := p.content()
	if err != nil {
		return 0, 0, err
	}
	both, err = c.absorb(other)
	return both, len(other.records), err
}

// WriteMerged writes the factors of an environment once, if the file has them under
// several names, so that this is told once.
func (s *Store) WriteMerged(ctx context.Context) error {
	s.writing.Lock()
	names := s.saved.merged
	s.writing.Unlock()
	if len(names) < 2 {
		return nil
	}
	err := s.file.Update(ctx, func(old []byte) ([]byte, error) {
		c, err := decode(old, s.environment)
		if err != nil || len(c.merged) < 2 {
			return nil, err
		}
		return c.encode(), nil
	})
	if err == nil {
		_, _ = s.Reload() // as in Move
	}
	return err
}

// mergedNotice says that the file had the environment under several names.
func (c *content) mergedNotice() string {
	if len(c.merged) < 2 {
		return ""
	}
	return "the factors of " + strings.Join(c.merged, " and ") + " are one list now: localhost, 127.0.0.1 and [::1] are the same machine"
}
