// Package factors is what people do with factors: enroll one, add one by its ID,
// challenge, verify, refresh, label, delete, remove. A use case checks what was
// typed, calls WorkOS, and saves the result in the factor file. Screens, commands
// and the accessible mode are a few lines around it.
//
// A use case ends in one of three ways:
//
//   - The error is an [*InputError]: no call was made.
//   - Any other error: the call failed. [List.Explain] says what to do, and of a
//     [*ChangeError] what became of the factor. After an [*UncertainError] it may
//     have been enrolled nevertheless.
//   - No error: the call worked. [Done] has the factor, and SaveErr if the factor
//     file could not be written. Show the factor, or its ID is lost;
//     [store.Store.Save] tries again.
//
// A call takes [CallTimeout] at most. Cancelling the context cancels a call, but
// neither an enrollment nor a deletion: their outcome would not be known.
//
// The words that all modes share are here, too: the names of factors, types, states
// and results, the questions, and what an error means. The files:
//
//	enroll.go     Enroll and Add; form.go: what an enrollment asks for
//	change.go     Refresh, Label, Delete, Remove, Clear, and the questions before them
//	challenge.go  Challenge and Verify; code.go, message.go, pause.go: what is said about them
//	import.go     Import
//	users.go      users and their factors
//	find.go       the factor that a word names
//	environment.go where factors are that are not on the list, and how they get there
//	list.go       order of the list; search.go: what is searched, and where it was found
//	check.go      input checks
//	name.go       names and facts
//	explain.go    errors; noresponse.go: those of the network
package factors

import (
	"context"
	"errors"
	"sync"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// CallTimeout is how long a call with all its retries may take, and the save after it.
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

// List is the factors of an environment: the factor file, and WorkOS or the local
// engine. It is safe for concurrent use.
type List struct {
	API    *workos.Client
	Store  *store.Store // nil until the factor file could be opened
	Mode   Mode
	Host   string // where the calls go, if not to the usual place
	Now    func() time.Time
	NewKey func() string // a fresh Idempotency-Key

	// CodeLimit is how many wrong codes a challenge takes, 0 if that is not known:
	// WorkOS publishes no number.
	CodeLimit int

	enrollmentKeys sync.Map // Idempotency-Keys by enrollment, while its outcome is not known
}

// Service names what answers the calls: WorkOS, the local engine or another host.
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

// Done is the result of a call that worked.
type Done struct {
	Record  store.Record // the factor after the call
	SaveErr error        // why that could not be saved, nil if it was
}

// Bounded is the context of one call.
func Bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, CallTimeout)
}

// finishing is the context of what must be finished once it has begun: an
// enrollment, a deletion, and the save after any call. Cancelling a call must not
// keep its result out of the file.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), CallTimeout)
}

// save saves the result of a call. It has a time of its own, since the call may have
// used up the one of its context.
func (l *List) save(ctx context.Context, change func(context.Context) (store.Record, error)) Done {
	ctx, cancel := finishing(ctx)
	defer cancel()
	r, err := change(ctx)
	return Done{r, err}
}

// note saves a challenge in the history of its factor. It is no error if the factor
// is not in the file: the factors of users may not be.
func (l *List) note(ctx context.Context, r store.Record, change func(context.Context) (store.Record, error)) Done {
	done := l.save(ctx, change)
	if done.Record.ID == "" {
		done.Record = r
	}
	if errors.Is(done.SaveErr, store.ErrNoRecord) {
		done.SaveErr = nil
	}
	return done
}
