package local

import (
	"maps"
	"slices"
	"strings"
)

// index finds by one step what the maps of a state would have to be searched for. It
// is made of them, and is not kept with them.
type index struct {
	byEmail      map[string]*user      // by the address in lower case
	byExternalID map[string]*user      // only those that have one
	factors      groups[*factor]       // by user
	challenges   groups[*challenge]    // by factor
	magicAuths   map[string]*magicAuth // by the id of their user, who has one at most
}

// groups has things by the id of what they belong to, then by their own.
type groups[V any] map[string]map[string]V

func (g groups[V]) add(owner, id string, v V) {
	if g[owner] == nil {
		g[owner] = map[string]V{}
	}
	g[owner][id] = v
}

func (g groups[V]) drop(owner, id string) {
	delete(g[owner], id)
	if len(g[owner]) == 0 {
		delete(g, owner)
	}
}

// reindex makes the index of what is in the maps.
func (s *state) reindex() {
	s.index = index{map[string]*user{}, map[string]*user{}, groups[*factor]{}, groups[*challenge]{}, map[string]*magicAuth{}}
	// A file edited by hand may have other ids in what it has by id: that could not be
	// deleted.
	for id, u := range s.Users {
		u.ID = id
		s.indexUser(u)
	}
	for id, f := range s.Factors {
		f.ID = id
		s.indexFactor(f)
	}
	for id, c := range s.Challenges {
		c.ID = id
		s.index.challenges.add(c.FactorID, c.ID, c)
	}
	for id, m := range s.MagicAuths {
		m.ID = id
		s.index.magicAuths[m.UserID] = m
	}
}

func (s *state) indexUser(u *user) {
	claim(s.index.byEmail, strings.ToLower(u.Email), u)
	if u.ExternalID != "" {
		claim(s.index.byExternalID, u.ExternalID, u)
	}
}

// claim enters a user, unless one with a lower id has the name: only a file that was
// edited by hand has two, and then it is the same one each time.
func claim(users map[string]*user, name string, u *user) {
	if other := users[name]; other == nil || u.ID < other.ID {
		users[name] = u
	}
}

func (s *state) addUser(u *user) {
	s.Users[u.ID] = u
	s.indexUser(u)
}

// changeUser replaces what is known of a user.
func (s *state) changeUser(u *user, next user) {
	s.unindexUser(u)
	*u = next
	s.indexUser(u)
}

func (s *state) dropUser(u *user) {
	s.unindexUser(u)
	delete(s.Users, u.ID)
}

func (s *state) unindexUser(u *user) {
	release(s.index.byEmail, strings.ToLower(u.Email), u)
	release(s.index.byExternalID, u.ExternalID, u)
}

func release(users map[string]*user, name string, u *user) {
	if users[name] == u {
		delete(users, name)
	}
}

func (s *state) userByEmail(email string) *user { return s.index.byEmail[strings.ToLower(email)] }

func (s *state) userByExternalID(id string) *user { return s.index.byExternalID[id] }

// factorsOf are the factors of a user, in no order.
func (s *state) factorsOf(userID string) []*factor {
	return slices.Collect(maps.Values(s.index.factors[userID]))
}

func (s *state) putFactor(f *factor) {
	s.Factors[f.ID] = f
	s.indexFactor(f)
}

func (s *state) indexFactor(f *factor) {
	if f.UserID != "" {
		s.index.factors.add(f.UserID, f.ID, f)
	}
}

// dropFactors deletes factors and their challenges.
func (s *state) dropFactors(factors ...*factor) {
	for _, f := range factors {
		delete(s.Factors, f.ID)
		s.index.factors.drop(f.UserID, f.ID)
		for _, c := range s.index.challenges[f.ID] {
			s.dropChallenge(c)
		}
	}
}

func (s *state) putChallenge(c *challenge) {
	s.Challenges[c.ID] = c
	s.index.challenges.add(c.FactorID, c.ID, c)
}

func (s *state) dropChallenge(c *challenge) {
	delete(s.Challenges, c.ID)
	s.index.challenges.drop(c.FactorID, c.ID)
}

// putMagicAuth enters a magic auth in place of the user's last one.
func (s *state) putMagicAuth(m *magicAuth) {
	s.dropMagicAuth(s.index.magicAuths[m.UserID])
	s.MagicAuths[m.ID] = m
	s.index.magicAuths[m.UserID] = m
}

// dropMagicAuth deletes a magic auth; nil is none.
func (s *state) dropMagicAuth(m *magicAuth) {
	if m != nil {
		delete(s.MagicAuths, m.ID)
		delete(s.index.magicAuths, m.UserID)
	}
}
