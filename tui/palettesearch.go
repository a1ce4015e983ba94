package tui

import (
	"strings"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"

	"mfa-tui/store/factors"
)

// mostFound is how many factors are shown at most, and how many users.
const mostFound = 50

func (c commands) Len() int            { return len(c) }
func (c commands) String(i int) string { return c[i].name }

// search finds what is typed: all commands if nothing is.
func (s paletteScreen) search() paletteScreen {
	s.at, s.found = 0, s.commands
	text := strings.TrimSpace(s.input.Value())
	if text == "" {
		return s
	}
	if s.names == nil {
		for _, r := range s.factors.Records {
			s.names = append(s.names, factorName(*r))
		}
	}
	q, typed := factors.NewQuery(text), strings.ReplaceAll(text, " ", "")
	s.found = nil
	named := map[string]bool{}
	for _, match := range fuzzy.FindFrom(typed, s.commands) {
		c := s.commands[match.Index].like(match)
		s.found, named[c.name+c.key] = append(s.found, c), true
	}
	for _, c := range s.commands { // what a sentence has
		if c.query = q; !named[c.name+c.key] && q.In(c.name+" "+c.says) {
			s.found = append(s.found, c)
		}
	}
	s.found = append(s.found, s.findFactors(q, text, typed)...)
	s.found = append(s.found, s.findUsers(q, text, typed)...)
	return s
}

// findFactors finds those with all words of a text, then those with a name like it.
func (s paletteScreen) findFactors(q factors.Query, text, typed string) (found commands) {
	has := map[string]bool{}
	for _, r := range first(s.factors.Find(text), mostFound) {
		found, has[r.ID] = append(found, s.openFactor(*r, q)), true
	}
	if len(found) == mostFound { // of many factors this takes a while
		return found
	}
	for _, match := range fuzzy.Find(typed, s.names) {
		if r := s.factors.Records[match.Index]; len(found) < mostFound && !has[r.ID] {
			found = append(found, s.openFactor(*r, nil).like(match))
		}
	}
	return found
}

// findUsers does the same with the users that were shown.
func (s paletteScreen) findUsers(q factors.Query, text, typed string) (found commands) {
	has, names := map[string]bool{}, []string{}
	for _, u := range s.session.seenUsers(text, mostFound) {
		found, has[u.ID] = append(found, s.openUser(u, q)), true
	}
	for _, u := range s.session.users {
		names = append(names, factors.UserName(u))
	}
	for _, match := range fuzzy.Find(typed, names) {
		if u := s.session.users[match.Index]; len(found) < mostFound && !has[u.ID] {
			found = append(found, s.openUser(u, nil).like(match))
		}
	}
	return found
}

// first is the first of a list, so many at most.
func first[T any](all []T, most int) []T { return all[:min(len(all), most)] }

// like is a command whose name was matched: its characters are marked.
func (c command) like(match fuzzy.Match) command {
	for _, at := range match.MatchedIndexes {
		c.matched = append(c.matched, utf8.RuneCountInString(c.name[:at]))
	}
	return c
}
