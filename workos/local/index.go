package local

import (
	"slices"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// index finds what belongs together without a look at all that there is, so that
// a request costs the same with ten factors and with a hundred thousand. It is
// made of the state, and not kept with it.
type index struct {
	users      series[*user]
	byEmail    map[string]*user           // in lower case
	factors    map[string]series[*factor] // by user
	challenges map[string][]string        // ids by factor; some may be gone
}

func (s *state) reindex() {
	s.index = index{byEmail: map[string]*user{}, factors: map[string]series[*factor]{}}
	for _, u := range s.Users {
		s.index.users = append(s.index.users, u)
		s.index.byEmail[strings.ToLower(u.Email)] = u
	}
	slices.SortFunc(s.index.users, func(a, b *user) int { return a.place().compare(b.place()) })
	for _, f := range s.Factors {
		if f.UserID != "" {
			s.index.factors[f.UserID] = append(s.index.factors[f.UserID], f)
		}
	}
	for _, all := range s.index.factors {
		slices.SortFunc(all, func(a, b *factor) int { return a.place().compare(b.place()) })
	}
	s.indexChallenges()
}

func (s *state) indexChallenges() {
	s.index.challenges = map[string][]string{}
	for id, c := range s.Challenges {
		s.index.challenges[c.FactorID] = append(s.index.challenges[c.FactorID], id)
	}
}

func (s *state) userByEmail(email string) *user { return s.index.byEmail[strings.ToLower(email)] }

func (s *state) putUser(u *user) {
	s.Users[u.ID] = u
	s.index.users = s.index.users.with(u)
	s.index.byEmail[strings.ToLower(u.Email)] = u
}

func (s *state) putFactor(f *factor) {
	s.Factors[f.ID] = f
	if f.UserID != "" {
		s.index.factors[f.UserID] = s.index.factors[f.UserID].with(f)
	}
}

// removeFactor removes a factor and its challenges.
func (s *state) removeFactor(f *factor) {
	for _, id := range s.index.challenges[f.ID] {
		delete(s.Challenges, id)
	}
	delete(s.index.challenges, f.ID)
	delete(s.Factors, f.ID)
	if f.UserID != "" {
		s.index.factors[f.UserID] = s.index.factors[f.UserID].without(f)
	}
}

func (s *state) putChallenge(c *challenge) {
	s.Challenges[c.ID] = c
	s.index.challenges[c.FactorID] = append(s.index.challenges[c.FactorID], c.ID)
}

// place is where something stands in a list: by the time of its making, then by
// its id.
type place struct {
	at time.Time
	id string
}

func (p place) compare(q place) int {
	if c := p.at.Compare(q.at); c != 0 {
		return c
	}
	return strings.Compare(p.id, q.id)
}

// placeOf is the place that an id of a prefix and a ULID tells of itself.
func placeOf(id, prefix string) (place, bool) {
	text, found := strings.CutPrefix(id, prefix)
	parsed, err := ulid.ParseStrict(text)
	if !found || err != nil {
		return place{}, false
	}
	return place{ulid.Time(parsed.Time()), id}, true
}

// listed is what lists are made of.
type listed interface{ place() place }

// To the millisecond, since that is what a ULID tells.
func (u *user) place() place   { return place{u.CreatedAt.Truncate(time.Millisecond), u.ID} }
func (f *factor) place() place { return place{f.CreatedAt.Truncate(time.Millisecond), f.ID} }

// series is a list in order, the oldest first.
type series[T listed] []T

// search returns how many stand before a place, and whether one stands there.
func (s series[T]) search(p place) (int, bool) {
	return slices.BinarySearchFunc(s, p, func(v T, p place) int { return v.place().compare(p) })
}

func (s series[T]) with(v T) series[T] {
	i, _ := s.search(v.place()) // nearly always the end
	return slices.Insert(s, i, v)
}

func (s series[T]) without(v T) series[T] {
	if i, ok := s.search(v.place()); ok {
		return slices.Delete(s, i, i+1)
	}
	return s
}
