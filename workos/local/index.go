package local

import (
	"maps"
	"slices"
	"strings"
)

// index finds by one step what the maps of a state would have to be searched for. It
// is made of them, and is not kept with them.
type index struct {
	byEmail      map[string]*user              // by the address in lower case
	byExternalID map[string]*user              // only those that have one
	factors      map[string]map[string]*factor // by the id of their user, then by their own
	magicAuths   map[string]*magicAuth         // by the id of their user, who has one at most
}

// reindex makes the index of what is in the maps.
func (s *state) reindex() {
	s.index = index{map[string]*user{}, map[string]*user{}, map[string]map[string]*factor{}, map[string]*magicAuth{}}
	for _, u := range s.Users {
		s.indexUser(u)
	}
	for _, f := range s.Factors {
		s.indexFactor(f)
	}
	for _, m := range s.MagicAuths {
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
	if f.UserID == "" {
		return
	}
	if s.index.factors[f.UserID] == nil {
		s.index.factors[f.UserID] = map[string]*factor{}
	}
	s.index.factors[f.UserID][f.ID] = f
}

// dropFactors deletes factors and their challenges.
func (s *state) dropFactors(factors ...*factor) {
	if len(factors) == 0 {
		return
	}
	for _, f := range factors {
		delete(s.Factors, f.ID)
		delete(s.index.factors[f.UserID], f.ID)
		if len(s.index.factors[f.UserID]) == 0 {
			delete(s.index.factors, f.UserID)
		}
	}
	maps.DeleteFunc(s.Challenges, func(_ string, c *challenge) bool { return s.Factors[c.FactorID] == nil })
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
