package factors

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// Enrolled is what an enrollment came to.
type Enrolled struct {
	Done
	Factor workos.Factor // with its secret and QR code, which WorkOS sends only this once
}

// Enroll enrolls a factor and saves it, with a label unless that is empty. It makes
// no call while the factor file can't be written: without its ID a factor is lost.
// An [*UncertainError] may have enrolled the factor: the same enrollment, tried again,
// is sent with the same Idempotency-Key, and enrolls no second factor.
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
		return Enrolled{}, fmt.Errorf("nothing was enrolled, since it could not be saved: %w", err)
	}
	keyed := opts
	if keyed.IdempotencyKey == "" {
		keyed.IdempotencyKey = l.enrollmentKey(opts)
	}
	f, err := l.API.EnrollFactor(ctx, keyed)
	if l.Uncertain(err) {
		return Enrolled{}, &UncertainError{l.notChanged("enrolled", err), keyed.IdempotencyKey}
	}
	l.enrollmentKeys.Delete(opts)
	if err != nil {
		return Enrolled{}, l.notChanged("enrolled", err)
	}
	return Enrolled{l.put(ctx, f, label), f}, nil
}

// Uncertain reports whether a call that failed may have worked nevertheless. The local
// engine has done nothing if it says that it failed. Of WorkOS nobody knows.
func (l *List) Uncertain(err error) bool {
	var api *workos.Error
	saysNo := l.Mode == Local && errors.As(err, &api) && api.StatusCode >= http.StatusInternalServerError
	return workos.IsUncertain(err) && !saysNo
}

// ChangeError is an enrollment or a deletion that failed.
type ChangeError struct {
	Err   error
	State string // what is known of the factor, as in "the factor was not enrolled"
}

// notChanged says that a factor was not enrolled, or not deleted, or may have been.
func (l *List) notChanged(done string, err error) *ChangeError {
	if l.Uncertain(err) {
		return &ChangeError{err, "the factor may have been " + done}
	}
	return &ChangeError{err, "the factor was not " + done}
}

// Error says what failed. [List.Explain] adds the state.
func (e *ChangeError) Error() string { return e.Err.Error() }

// Unwrap returns what failed.
func (e *ChangeError) Unwrap() error { return e.Err }

// SafeAgain is what to say after an [*UncertainError] in the same session.
const SafeAgain = "enrolling the same again is safe"

// UncertainError is an enrollment that failed, although the factor may exist now.
type UncertainError struct {
	Err error
	Key string // the Idempotency-Key with which the same enrollment gets that factor
}

// Error says what failed.
func (e *UncertainError) Error() string { return e.Err.Error() }

// Unwrap returns what failed.
func (e *UncertainError) Unwrap() error { return e.Err }

// Add adds a factor that was enrolled elsewhere to the list by its ID, with a label
// unless that is empty. A factor that is already on the list is refreshed.
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
		case err == nil && label != "" && r.Label != label: // it was on the list with another label
			return l.Store.SetLabel(ctx, f.ID, label)
		}
		return r, err
	})
}

// enrollmentKey returns the Idempotency-Key of an enrollment: a new one, or that of
// the same enrollment if its outcome is not known.
func (l *List) enrollmentKey(opts workos.EnrollFactorOpts) string {
	key, ok := l.enrollmentKeys.Load(opts)
	if !ok {
		key, _ = l.enrollmentKeys.LoadOrStore(opts, l.NewKey())
	}
	return key.(string)
}

// UncertainEnrollments are the enrollments of this session whose outcome is not known,
// each with its Idempotency-Key.
func (l *List) UncertainEnrollments() []workos.EnrollFactorOpts {
	var open []workos.EnrollFactorOpts
	l.enrollmentKeys.Range(func(k, key any) bool {
		opts := k.(workos.EnrollFactorOpts)
		opts.IdempotencyKey = key.(string)
		open = append(open, opts)
		return true
	})
	return open
}
