package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"mfa-tui/workos"
)

// ErrNoRecord is the error of a change of a factor that is not in the file.
var ErrNoRecord = errors.New("the factor is not in the factor file")

// Options says which file and which part of it to open.
type Options struct {
	Path        string
	Environment string
	KeepSecrets bool             // keep TOTP secrets after the first verification
	Now         func() time.Time // names files that are put aside; time.Now by default
	OnWait      func(string)     // see [File.OnWait]; may be nil
}

func (o Options) file() *File {
	f := NewFile(o.Path)
	f.backup = true
	f.OnWait(o.OnWait)
	if o.Now != nil {
		f.now = o.Now
	}
	return f
}

// Store is the factors of one environment. It is safe for concurrent use: reads
// come from memory at once, also while a change waits for the disk.
type Store struct {
	file        *File // nil in memory
	environment string
	keepSecrets bool
	notice      string

	shown atomic.Pointer[view]

	writing sync.Mutex  // one change or reload at a time; guards the rest
	seen    fs.FileInfo // of the file when it was last read; nil if a change since could go unnoticed
	saved   *content    // the file as it was last seen
	pending []change    // not in the file yet, since a save failed

	vanished *VanishedError // since the file is gone; nil if it is not
}

// view is what reads return.
type view struct {
	*content
	unsaved  []Record
	vanished *VanishedError
}

// Open reads the factors of an environment. A missing file counts as empty. A file
// that can't be read is an error, a [*BrokenError] if its content is broken, and is
// never written to.
func Open(opts Options) (*Store, error) {
	if opts.Environment == "" {
		return nil, errors.New("open the factor file: no environment is named")
	}
	s := &Store{file: opts.file(), environment: EnvironmentName(opts.Environment), keepSecrets: opts.KeepSecrets}
	if _, err := s.Reload(); err != nil {
		return nil, err
	}
	s.file.tidy()
	told := []string{s.saved.mergedNotice(), s.file.closeToOthers()}
	s.notice = strings.Join(slices.DeleteFunc(told, func(t string) bool { return t == "" }), "; ")
	if s.saved.data == nil {
		s.notice = s.file.missing()
	}
	return s, nil
}

// Notice is what the person should be told once about the file: that others could
// read it, that it is missing but has a backup, or that it had the environment under
// several names. It is empty if all is as usual.
func (s *Store) Notice() string { return s.notice }

// Records returns the factors, newest first. The slice is shared: callers must
// not change it.
func (s *Store) Records() []Record { return s.shown.Load().records }

// Record returns the factor with an id.
func (s *Store) Record(id string) (Record, bool) { return s.shown.Load().record(id) }

// Unsaved returns the factors with changes that are not in the file yet.
func (s *Store) Unsaved() []Record { return s.shown.Load().unsaved }

func (c *content) record(id string) (Record, bool) {
	i, ok := c.index[id]
	if !ok {
		return Record{}, false
	}
	return c.records[i], true
}

// Ready reports why a change can't be saved now, nil if it can. Call it before an
// API call whose result must not be lost.
func (s *Store) Ready(ctx context.Context) error {
	if s.file == nil {
		return nil
	}
	if _, err := s.Reload(); err != nil {
		return err
	}
	s.writing.Lock()
	size := len(s.saved.data)
	s.writing.Unlock()
	return s.file.writable(ctx, size+newRoom)
}

// newRoom is more than a new factor takes in the file and its backup, in bytes.
const newRoom = 2 * 8 << 10

// Reload reads what other windows have written. It costs nothing if nothing has
// changed. On an error the factors stay as they were. If the file is gone, it is a
// [*VanishedError], and changed tells whether that is new.
func (s *Store) Reload() (changed bool, err error) {
	if s.file == nil {
		return false, nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	if now, err := os.Stat(s.file.path); err == nil && s.seen != nil && sameState(now, s.seen) {
		return false, nil
	}
	known := s.shown.Load() != nil && s.Vanished() != nil
	info, data, err := s.file.read()
	if err != nil {
		return false, err
	}
	if err := s.missed(data); err != nil {
		s.show()
		return !known, err
	}
	c, err := s.decode(data)
	if err != nil {
		return false, err
	}
	s.seen, s.vanished = settled(info), nil
	if c == s.saved && !known {
		return false, nil
	}
	s.saved = c
	s.show()
	return true, nil
}

// sameState reports whether a file has not been written between two looks at it.
func sameState(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

// settled returns info if the next write is sure to change the file's time, and nil
// if it may not: two writes in one tick of the file system's clock look like one.
func settled(info fs.FileInfo) fs.FileInfo {
	const tick = 2 * time.Second // the coarsest in use, FAT's
	if info == nil || time.Since(info.ModTime()) < tick {
		return nil
	}
	return info
}

// decode decodes the file, unless it is as it was last seen.
func (s *Store) decode(data []byte) (*content, error) {
	if c := s.saved; c != nil && (data == nil) == (c.data == nil) && bytes.Equal(data, c.data) {
		return c, nil
	}
	c, err := decode(data, s.environment)
	if err != nil {
		return nil, s.file.broken(s.environment, err)
	}
	return c, nil
}

// show lets reads return what is in the file, with the pending changes.
func (s *Store) show() {
	c, _ := s.saved.with(s.pending, nil) // only new changes can be errors
	v := &view{content: c, vanished: s.vanished}
	for _, ch := range s.pending {
		r, ok := c.record(ch.id)
		if ok && !slices.ContainsFunc(v.unsaved, func(u Record) bool { return u.ID == ch.id }) {
			v.unsaved = append(v.unsaved, r)
		}
	}
	s.shown.Store(v)
}

// commit applies changes to the newest content of the file and writes it. If that
// fails, the changes stay pending and visible. It is the one way to the disk:
//
//	Put, Started, Finished, …   say what to change
//	commit                      one at a time in this process
//	File.Update                 one at a time among all windows: lock, read, write
//	content.with, apply         pending and new changes in a copy of what was read
func (s *Store) commit(ctx context.Context, changes ...change) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if len(s.pending)+len(changes) == 0 {
		return nil
	}
	defer s.show()
	next, err := s.write(ctx, changes)
	if err == nil {
		s.saved, s.pending = next, nil
		return nil
	}
	if errors.As(err, new(rejection)) {
		return err
	}
	if _, rejected := s.saved.with(s.pending, changes); rejected != nil {
		return errors.Join(err, rejected)
	}
	s.pending = append(s.pending, changes...)
	return err
}

// write writes the pending changes and new ones, and returns what is in the file then.
func (s *Store) write(ctx context.Context, changes []change) (next *content, err error) {
	if s.file == nil {
		return s.saved.with(s.pending, changes)
	}
	if err := s.present(); err != nil {
		return nil, err
	}
	err = s.file.Update(ctx, func(old []byte) ([]byte, error) {
		if err := s.missed(old); err != nil {
			return nil, err
		}
		c, err := s.decode(old)
		if err != nil {
			return nil, err
		}
		s.saved, s.vanished = c, nil
		if next, err = c.with(s.pending, changes); err != nil || next == c {
			return nil, err
		}
		next.data = next.encode()
		return next.data, nil
	})
	return next, err
}

// Save tries again to write what is unsaved, as the person asks for. If the file is
// gone, that takes the rest of it too.
func (s *Store) Save(ctx context.Context) error {
	if s.Vanished() != nil {
		return s.WriteBack(ctx)
	}
	return s.commit(ctx)
}

// Put adds a factor. If it is on the list already, it takes the description in r,
// keeps what only this file knows, and gets what only r knows.
func (s *Store) Put(ctx context.Context, r Record) (added bool, err error) {
	err = s.commit(ctx, change{r.ID, func(old Record, there bool) (Record, bool, error) {
		if r.ID == "" {
			return r, false, errors.New("a factor without an id can't be saved")
		}
		added = !there
		if !there {
			old = Record{}
		}
		next := old.put(r)
		next.settle(s.keepSecrets)
		return next, true, nil
	}})
	return added, err
}

// update edits a factor and returns its record.
func (s *Store) update(ctx context.Context, id string, edit func(*Record)) (Record, error) {
	err := s.commit(ctx, change{id, func(r Record, there bool) (Record, bool, error) {
		if !there {
			return r, false, fmt.Errorf("%s: %w", id, ErrNoRecord)
		}
		edit(&r)
		return r, true, nil
	}})
	r, _ := s.Record(id)
	return r, err
}

// Started notes a new challenge of a factor, without its code.
func (s *Store) Started(ctx context.Context, id string, c workos.Challenge) (Record, error) {
	return s.update(ctx, id, func(r *Record) { r.attempt(c.ID, c.CreatedAt.Time) })
}

// Finished notes the result of a challenge. The first verification erases the
// factor's secrets, unless Options.KeepSecrets is set.
func (s *Store) Finished(ctx context.Context, id, challengeID string, outcome Outcome, at time.Time) (Record, error) {
	return s.update(ctx, id, func(r *Record) {
		r.finish(challengeID, outcome, at)
		r.settle(s.keepSecrets)
	})
}

// Refreshed takes WorkOS's current description of a factor.
func (s *Store) Refreshed(ctx context.Context, f workos.Factor) (Record, error) {
	return s.update(ctx, f.ID, func(r *Record) { *r = r.merge(f) })
}

// MarkGone notes that WorkOS does not know a factor any more.
func (s *Store) MarkGone(ctx context.Context, id string, at time.Time) (Record, error) {
	return s.update(ctx, id, func(r *Record) { r.GoneAt = workos.At(at) })
}

// SetLabel sets or, if label is empty, removes the person's own name of a factor.
func (s *Store) SetLabel(ctx context.Context, id, label string) (Record, error) {
	return s.update(ctx, id, func(r *Record) { r.Label = label })
}

// Forget removes factors from the file. They still exist at WorkOS. Ids that are not
// in the file are ignored.
func (s *Store) Forget(ctx context.Context, ids ...string) error {
	changes := make([]change, len(ids))
	for i, id := range ids {
		changes[i] = change{id, func(r Record, _ bool) (Record, bool, error) { return r, false, nil }}
	}
	return s.commit(ctx, changes...)
}
