package factors

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
)

// ErrNotFound is the error for a name that no factor or user has.
var ErrNotFound = errors.New("not found")

// shortID is the length of the shortest beginning of an ID without what all IDs begin
// with: less may be a slip.
const shortID = 8

// ShortIDs returns a function that shortens the ID of a factor on the list to a
// beginning by which [List.Find] finds it, without what all IDs begin with. Any other
// ID stays whole.
func (l *List) ShortIDs() func(id string) string {
	records := l.Store.Records()
	ids, labels := make([]string, len(records)), make(map[string]bool, len(records))
	for i, r := range records {
		ids[i] = strings.TrimPrefix(r.ID, factorPrefix)
		labels[words.Clean(r.Label)] = true
	}
	slices.Sort(ids) // those that have most in common become neighbours
	length := shortID
	for i := 1; i < len(ids); i++ {
		for same := 0; same < min(len(ids[i-1]), len(ids[i])) && ids[i-1][same] == ids[i][same]; same++ {
			length = max(length, same+2)
		}
	}
	return func(id string) string {
		short := strings.TrimPrefix(id, factorPrefix)
		if !factorID.MatchString(id) || len(short) <= length || labels[short[:length]] || !l.Listed(id) {
			return id
		}
		return short[:length]
	}
}

// begins reports whether an ID begins with a word, or does so after what all IDs begin
// with.
func begins(id, word string) bool {
	return strings.HasPrefix(id, word) || len(word) >= shortID && strings.HasPrefix(id, factorPrefix+word)
}

// Find returns the factor on the list that a word names by its ID, its label, or the
// beginning of its ID.
func (l *List) Find(word string) (store.Record, error) {
	if word == "" {
		return store.Record{}, refuse("", "name a factor by its ID, the beginning of its ID, or its label")
	}
	label := words.Clean(word) // labels that look alike are one
	var labelled, begun []store.Record
	for _, r := range l.Store.Records() {
		switch {
		case r.ID == word:
			return r, nil
		case label != "" && words.Clean(r.Label) == label:
			labelled = append(labelled, r)
		case begins(r.ID, word):
			begun = append(begun, r)
		}
	}
	found := labelled
	if len(found) == 0 {
		found = begun
	}
	switch len(found) {
	case 0:
		where := "see mfa-tui factors list"
		if others := l.Elsewhere(); others != "" {
			where += "; other environments have " + others + ": see mfa-tui environments"
		}
		return store.Record{}, fmt.Errorf("factor %q: %w in the factor file; %s", word, ErrNotFound, where)
	case 1:
		return found[0], nil
	}
	return store.Record{}, refuse("", "%q names %d factors: %s; use the ID of one", word, len(found), candidates(found))
}

// OnlySecret returns the only factor on the list whose secret is kept, for its QR code.
func (l *List) OnlySecret() (store.Record, error) {
	kept := slices.DeleteFunc(slices.Clone(l.Store.Records()), func(r store.Record) bool { return !r.HasSecret() || !r.GoneAt.IsZero() })
	switch len(kept) {
	case 0:
		return store.Record{}, errors.New("no factor on the list has a QR code: only a TOTP factor has one, and its secret is erased after the first verification")
	case 1:
		return kept[0], nil
	}
	return store.Record{}, refuse("", "%d factors have a QR code: %s; name one", len(kept), candidates(kept))
}

// candidates names factors, the first few if there are many.
func candidates(records []store.Record) string {
	const most = 5
	var names []string
	for _, r := range records[:min(most, len(records))] {
		names = append(names, FullName(r))
	}
	if over := len(records) - most; over > 0 {
		names = append(names, fmt.Sprintf("%d more", over))
	}
	return strings.Join(names, ", ")
}

// Factor is like Find, but asks WorkOS for a factor that is not on the list if word is
// its whole ID: a factor need not be on the list to be used.
func (l *List) Factor(ctx context.Context, word string) (store.Record, error) {
	r, err := l.Find(word)
	if !errors.Is(err, ErrNotFound) || !factorID.MatchString(word) {
		return r, err
	}
	f, err := l.get(ctx, word)
	return store.Record{Factor: f}, err
}

// Named finds the factor that each word names with find, which is Find or Factor. It
// returns each factor once, and none if one is not found.
func Named(words []string, find func(word string) (store.Record, error)) ([]store.Record, error) {
	var records []store.Record
	seen := map[string]bool{}
	for _, word := range words {
		r, err := find(word)
		if err != nil {
			return nil, err
		}
		if !seen[r.ID] {
			records = append(records, r)
		}
		seen[r.ID] = true
	}
	return records, nil
}
