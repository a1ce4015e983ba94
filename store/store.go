package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"mfa-tui/workos"
)

// ErrNoRecord is the error for a change of a factor that is not in the file.
var ErrNoRecord = errors.New("the factor is not in the factor file")

// Options says which file and which part of it to open.
type Options struct {
	Path        string
	Environment string
	KeepSecrets bool // TOTP secrets outlive the first verification
}

// Store is the factors of one environment. It is safe for concurrent use.
type Store struct {
	file        *File
	environment string
	keepSecrets bool

	mu      sync.Mutex
	records []Record       // newest first; replaced, never changed
	index   map[string]int // into records, by id
	pending []change       // not in the file yet, since a save failed
	seen    os.FileInfo    // the file that records come from; nil if there was none
}

// change is a change of one record. It may be applied again, on newer content.
type change struct {
	id    string
	apply func(Record, bool) (Record, bool, error) // the record and whether there is one, before and after
}

// Open reads the factors of an environment. A missing file is empty; one that
// can't be read is an error and is never written to.
func Open(opts Options) (*Store, error) {
	s := &Store{file: NewFile(opts.Path), environment: opts.Environment, keepSecrets: opts.KeepSecrets}
	if _, err := s.Reload(); err != nil {
		return nil, err
	}
	return s, nil
}

// Records returns the factors, newest first. The slice is shared: callers must
// not change it.
func (s *Store) Records() []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.records
}

// Record returns the factor with an id.
func (s *Store) Record(id string) (Record, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, ok := s.index[id]
	if !ok {
		return Record{}, false
	}
	return s.records[i], true
}

// Unsaved returns the factors with a change that is not in the file.
func (s *Store) Unsaved() []Record {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unsaved []Record
	for _, c := range s.pending {
		i, ok := s.index[c.id]
		if ok && !slices.ContainsFunc(unsaved, func(r Record) bool { return r.ID == c.id }) {
			unsaved = append(unsaved, s.records[i])
		}
	}
	return unsaved
}

// Ready reports why a change could not be saved now, nil if it could. Ask before
// a call whose result must not be lost.
func (s *Store) Ready(ctx context.Context) error {
	if _, err := s.Reload(); err != nil {
		return err
	}
	return s.file.writable(ctx)
}

// Reload takes over what another window has written. It costs nothing when
// nothing has changed.
func (s *Store) Reload() (changed bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now, err := os.Stat(s.file.path)
	if err == nil && s.seen != nil && os.SameFile(now, s.seen) && now.ModTime().Equal(s.seen.ModTime()) && now.Size() == s.seen.Size() {
		return false, nil
	}
	data, err := s.file.Read()
	if err != nil {
		return false, err
	}
	doc, err := decode(data)
	if err != nil {
		return false, &BrokenError{s.file.path, err}
	}
	records, err := doc.records(s.environment)
	if err != nil {
		return false, &BrokenError{s.file.path, err}
	}
	s.seen = now
	return true, s.take(records)
}

// take makes records what is in memory, with the pending changes on top.
func (s *Store) take(records []Record) error {
	records, err := applyAll(records, s.pending)
	if err != nil {
		return err
	}
	slices.SortStableFunc(records, func(a, b Record) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	s.records = records
	s.index = make(map[string]int, len(records))
	for i, r := range records {
		s.index[r.ID] = i
	}
	return nil
}

// applyAll returns the records with the changes applied.
func applyAll(records []Record, changes []change) ([]Record, error) {
	records = slices.Clone(records)
	for _, c := range changes {
		i := slices.IndexFunc(records, func(r Record) bool { return r.ID == c.id })
		var old Record
		if i >= 0 {
			old = records[i].clone()
		}
		next, there, err := c.apply(old, i >= 0)
		switch {
		case err != nil:
			return nil, err
		case there && i >= 0:
			records[i] = next
		case there:
			records = append(records, next)
		case i >= 0:
			records = slices.Delete(records, i, i+1)
		}
	}
	return records, nil
}

// save applies changes to the newest content of the file and writes it. When
// that fails, the changes stay pending and visible.
func (s *Store) save(ctx context.Context, changes ...change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := append(slices.Clone(s.pending), changes...)
	var saved []Record
	err := s.file.Update(ctx, func(old []byte) ([]byte, error) {
		doc, err := decode(old)
		if err != nil {
			return nil, &BrokenError{s.file.path, err}
		}
		records, err := doc.records(s.environment)
		if err != nil {
			return nil, &BrokenError{s.file.path, err}
		}
		if saved, err = applyAll(records, all); err != nil {
			return nil, err
		}
		changed := map[string]bool{}
		for _, c := range all {
			changed[c.id] = true
		}
		return doc.encode(s.environment, saved, changed)
	})
	switch {
	case errors.Is(err, ErrNoRecord):
		return err // nothing to keep: the change is of a factor that is not there
	case err != nil:
		s.pending = all
		return errors.Join(err, s.take(s.records))
	}
	s.pending = nil
	s.seen, _ = os.Stat(s.file.path) // on failure the next Reload reads the file again
	return s.take(saved)
}

// Save tries again to write what is unsaved.
func (s *Store) Save(ctx context.Context) error {
	if len(s.Unsaved()) == 0 {
		return nil
	}
	return s.save(ctx)
}

// Put adds a factor. One that is there already takes over what WorkOS says of it
// and keeps what is known here alone.
func (s *Store) Put(ctx context.Context, r Record) (added bool, err error) {
	err = s.save(ctx, change{r.ID, func(old Record, there bool) (Record, bool, error) {
		added = !there
		if there {
			return old.merge(r.Factor), true, nil
		}
		return r.merge(r.Factor), true, nil
	}})
	return added, err
}

// update changes a factor that is there and returns its record.
func (s *Store) update(ctx context.Context, id string, apply func(*Record)) (Record, error) {
	err := s.save(ctx, change{id, func(r Record, there bool) (Record, bool, error) {
		if !there {
			return r, false, fmt.Errorf("%s: %w", id, ErrNoRecord)
		}
		apply(&r)
		return r, true, nil
	}})
	r, _ := s.Record(id)
	return r, err
}

// Started notes a challenge of a factor. Its code, if it has one, is not kept.
func (s *Store) Started(ctx context.Context, id string, c workos.Challenge) (Record, error) {
	return s.update(ctx, id, func(r *Record) { r.attempt(c.ID, c.CreatedAt) })
}

// Finished notes what became of a challenge. The first verification erases the
// factor's secrets, unless they are to be kept.
func (s *Store) Finished(ctx context.Context, id, challengeID string, outcome Outcome, at time.Time) (Record, error) {
	return s.update(ctx, id, func(r *Record) {
		r.finish(challengeID, outcome, at)
		if outcome == OutcomeVerified && !s.keepSecrets {
			r.eraseSecret()
		}
	})
}

// Refreshed takes over what WorkOS says of a factor now.
func (s *Store) Refreshed(ctx context.Context, f workos.Factor) (Record, error) {
	return s.update(ctx, f.ID, func(r *Record) { *r = r.merge(f) })
}

// MarkGone notes that WorkOS does not know a factor any more.
func (s *Store) MarkGone(ctx context.Context, id string, at time.Time) (Record, error) {
	return s.update(ctx, id, func(r *Record) { r.GoneAt = at })
}

// SetLabel gives a factor the person's own name for it, none if label is empty.
func (s *Store) SetLabel(ctx context.Context, id, label string) (Record, error) {
	return s.update(ctx, id, func(r *Record) { r.Label = label })
}

// Forget takes factors out of the file. They stay at WorkOS. An id that is not
// there is no error.
func (s *Store) Forget(ctx context.Context, ids ...string) error {
	changes := make([]change, len(ids))
	for i, id := range ids {
		changes[i] = change{id, func(r Record, _ bool) (Record, bool, error) { return r, false, nil }}
	}
	return s.save(ctx, changes...)
}
