// Package factors is what people do with factors: enroll one, add one by its ID,
// challenge, verify, refresh, label, delete, remove. A use case checks what was
// typed, calls WorkOS, saves what came of it in the factor file, and reports both.
// Screens, commands and the accessible mode are a few lines around it.
//
// A use case ends in one of three ways:
//
//   - The error is an [*InputError]: nobody was called.
//   - The error is another one: the call failed. [List.Explain] says what to do.
//   - There is no error: the call worked. Then [Done] has the factor, and SaveErr
//     if the factor file could not be written. The factor must be shown, since its
//     ID would be lost; [store.Store.Save] tries again.
//
// Each call is bounded by [CallTimeout]. Cancelling the context cancels a call, but
// neither an enrollment nor a deletion: their outcome would not be known.
//
// What all speak is here, too: what a factor, its type, its state and its results
// are called, and what an error means.
package factors

import (
	"context"
	"errors"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// CallTimeout bounds a call with all its retries, and the save that follows it.
const CallTimeout = 30 * time.Second

// Mode says what kind of environment is open.
type Mode int

// The modes, as the header shows them.
const (
	Local Mode = iota // the local engine
	Test              // WorkOS with a test key
	Live              // WorkOS with any other key: real people, real messages
)

// String returns the badge of the header.
func (m Mode) String() string { return [...]string{"LOCAL", "TEST", "LIVE"}[m] }

// List is the factors of an environment: those in the factor file, and the other
// side, which knows them all. It is safe for concurrent use.
type List struct {
	API    *workos.Client
	Store  *store.Store // nil until the factor file could be opened
	Mode   Mode
	Host   string // where the calls go, if not to the usual place
	Now    func() time.Time
	NewKey func() string // a fresh Idempotency-Key

	enrollments enrollments
}

// Service names the other side of the calls for a person.
func (l *List) Service() string {
	switch {
	case l.Mode == Local:
		return "the local engine"
	case l.Host != "":
		return words.Clean(l.Host)
	}
	return "WorkOS"
}

// Listed reports whether a factor is in the factor file.
func (l *List) Listed(id string) bool {
	_, ok := l.Store.Record(id)
	return ok
}

// Done is what a call that worked came to.
type Done struct {
	Record  store.Record // the factor as it is known now
	SaveErr error        // why the factor file does not have it so, nil if it does
}

// Bounded is the context of one call.
func Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, CallTimeout)
}

// finishing is the context of what has to be finished once it was begun: an
// enrollment, a deletion, and a save after any call that worked. Cancelling the
// call must not keep its result out of the file.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), CallTimeout)
}

// save saves what a call came to.
func (l *List) save(ctx context.Context, change func(context.Context) (store.Record, error)) Done {
	ctx, cancel := finishing(ctx)
	defer cancel()
	r, err := change(ctx)
	return Done{r, err}
}

// note saves what became of a factor's challenge. A factor that is not in the
// file, as a user's may be, has no history: that is no error.
func (l *List) note(ctx context.Context, r store.Record, change func(context.Context) (store.Record, error)) Done {
	done := l.save(ctx, change)
	if done.Record.ID == "" {
		done.Record = r
	}
	done.SaveErr = ignoreMissing(done.SaveErr)
	return done
}

// ignoreMissing is no error for a factor that another window took out of the file.
func ignoreMissing(err error) error {
	if errors.Is(err, store.ErrNoRecord) {
		return nil
	}
	return err
}
