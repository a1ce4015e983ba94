package factors

import (
	"context"
	"fmt"
	"sync"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// Enrolled is what an enrollment came to.
type Enrolled struct {
	Done
	Factor workos.Factor // as WorkOS tells it this once, with secret and picture
}

// Enroll enrolls a factor and saves it, with a label unless that is empty. It calls
// nobody while the factor file can't be written: a factor whose ID is lost is lost.
// The same enrollment again, after one whose outcome is not known, has the same
// Idempotency-Key, so that it can't enroll twice.
func (l *List) Enroll(ctx context.Context, opts workos.EnrollFactorOpts, label string) (Enrolled, error) {
	opts, err := checkEnrollment(opts)
	if err == nil {
		label, err = l.CheckLabel("", label)
	}
	if err != nil {
		return Enrolled{}, err
	}
	ctx, cancel := finishing(ctx)
	defer cancel()
	if err := l.Store.Ready(ctx); err != nil {
		return Enrolled{}, fmt.Errorf("nothing was enrolled, since it could not be kept: %w", err)
	}
	opts = l.enrollments.keyed(opts, l.NewKey)
	f, err := l.API.EnrollFactor(ctx, opts)
	if err == nil || workos.IsRefused(err) {
		l.enrollments.settled(opts)
	}
	if err != nil {
		return Enrolled{}, err
	}
	return Enrolled{l.put(ctx, f, label), f}, nil
}

// Add saves a factor that was enrolled elsewhere, by its ID, with a label unless
// that is empty. One that is on the list already is refreshed.
func (l *List) Add(ctx context.Context, id, label string) (Done, error) {
	id, err := CheckID(id)
	if err == nil {
		label, err = l.CheckLabel(id, label)
	}
	if err != nil {
		return Done{}, err
	}
	f, err := l.get(ctx, id)
	if err != nil {
		return Done{}, err
	}
	return l.put(ctx, f, label), nil
}

// get asks WorkOS for a factor.
func (l *List) get(ctx context.Context, id string) (workos.Factor, error) {
	ctx, cancel := Bounded(ctx)
	defer cancel()
	return l.API.GetFactor(ctx, workos.GetFactorOpts{FactorID: id})
}

// put saves a factor, with a label if there is one.
func (l *List) put(ctx context.Context, f workos.Factor, label string) Done {
	return l.save(ctx, func(ctx context.Context) (store.Record, error) {
		added := store.Record{Factor: f, Label: label}
		_, err := l.Store.Put(ctx, added)
		r, ok := l.Store.Record(f.ID)
		switch {
		case !ok:
			return added, err
		case err == nil && label != "" && r.Label != label: // it was there, with another one
			return l.Store.SetLabel(ctx, f.ID, label)
		}
		return r, err
	})
}

// enrollments remembers the Idempotency-Key of each enrollment whose outcome is
// not known.
type enrollments struct {
	mu   sync.Mutex
	keys map[workos.EnrollFactorOpts]string
}

// keyed returns opts with the key of the same enrollment tried before, or a new one.
func (e *enrollments) keyed(opts workos.EnrollFactorOpts, newKey func() string) workos.EnrollFactorOpts {
	e.mu.Lock()
	defer e.mu.Unlock()
	key, ok := e.keys[opts]
	if !ok {
		key = newKey()
		if e.keys == nil {
			e.keys = map[workos.EnrollFactorOpts]string{}
		}
		e.keys[opts] = key
	}
	opts.IdempotencyKey = key
	return opts
}

// settled forgets the key of an enrollment whose outcome is known.
func (e *enrollments) settled(opts workos.EnrollFactorOpts) {
	e.mu.Lock()
	defer e.mu.Unlock()
	opts.IdempotencyKey = ""
	delete(e.keys, opts)
}
