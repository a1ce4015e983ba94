package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// errNotFound is the error for a name that no factor, challenge or user has.
var errNotFound = errors.New("not found")

// factorID is what the id of a factor looks like: at WorkOS a prefix and a ULID,
// in the seed of a server whatever its author chose.
var factorID = regexp.MustCompile(`^auth_factor_[0-9A-Za-z]+$`)

// find returns the factor that a word names: its id, the beginning of its id if
// no other begins so, or its label.
func find(records []store.Record, word string) (store.Record, error) {
	if word == "" {
		return store.Record{}, usageError{errors.New("a factor is named by its id, the beginning of its id, or its label")}
	}
	var found []store.Record
	for _, r := range records {
		if r.ID == word {
			return r, nil
		}
		if r.Label == word || strings.HasPrefix(r.ID, word) {
			found = append(found, r)
		}
	}
	switch len(found) {
	case 0:
		return store.Record{}, fmt.Errorf("factor %q: %w in the factor file; mfa-tui factors list shows what is", word, errNotFound)
	case 1:
		return found[0], nil
	}
	return store.Record{}, usageError{fmt.Errorf("%q names %d factors: %s; say the id of one", word, len(found), candidates(found))}
}

// candidates names factors, a few of them if there are many.
func candidates(records []store.Record) string {
	const most = 5
	var names []string
	for _, r := range records[:min(most, len(records))] {
		names = append(names, fullName(r))
	}
	if over := len(records) - most; over > 0 {
		names = append(names, fmt.Sprintf("%d more", over))
	}
	return strings.Join(names, ", ")
}

// factor returns the factor that a word names. One that is not in the factor
// file is asked for by its whole id: it need not be in the file to be used.
func (a *app) factor(ctx context.Context, word string) (store.Record, error) {
	r, err := find(a.store.Records(), word)
	if err == nil || !factorID.MatchString(word) {
		return r, err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	f, err := a.client.GetFactor(ctx, workos.GetFactorOpts{FactorID: word})
	f.ID = word
	return store.Record{Factor: f}, err
}

// kept reports whether a factor is in the factor file.
func (a *app) kept(id string) bool {
	_, ok := a.store.Record(id)
	return ok
}

// checkLabel refuses a label that would not name its factor alone.
func (a *app) checkLabel(label, id string) error {
	if label == "" {
		return nil
	}
	for _, r := range a.store.Records() {
		if r.ID != id && (r.Label == label || strings.HasPrefix(r.ID, label)) {
			return usageError{fmt.Errorf("label %q already names %s", label, fullName(r))}
		}
	}
	return nil
}
