// Package local is an offline WorkOS MFA API: the same routes, shapes, statuses
// and error codes, with real secrets, real RFC 6238 codes and an outbox that keeps
// text messages and e-mails instead of sending them.
//
// An [Engine] is an http.Handler, and an http.RoundTripper around itself, so
// that a client in the same process needs no port:
//
//	client := &http.Client{Transport: local.New(local.Options{})}
//
// Where WorkOS does not publish what it does, the engine makes a choice of its own
// and documents it, as in [MaxWrongCodes].
//
// The state is in memory, or in a [Storage]. Then each request reads and writes it
// under the storage's lock, so that several engines may share it; or, with
// Options.Deferred, [Engine.Flush] writes it.
package local

import (
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing/iotest"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/emulate"
)

// MaxBody is the largest request body, in bytes.
const MaxBody = 256 << 10

// Options configures an [Engine]. The zero value is an engine in memory that
// accepts any key.
type Options struct {
	APIKey       string                    // the only key that is accepted; empty accepts any
	RateLimit    int                       // requests a minute, by the engine's clock; 0 for no limit
	ClientID     string                    // the only client that may sign users in; empty accepts any
	AllowedHosts []string                  // the names that requests may be sent to, beside those of this machine and addresses
	EmulateFrom  []netip.Prefix            // who may use /_emulate/, beside this machine
	MFARequired  bool                      // nobody signs in without a second factor
	Outbox       int                       // how many messages are kept, the newest ones; 100 by default
	Seed         *Seed                     // what a new state begins with, in memory or deferred, and any state after a reset; nil for nothing
	FixedCodes   map[string]string         // the codes that phone numbers and e-mail addresses always get, beside the seed's
	Storage      Storage                   // keeps the state; nil for memory only
	OnEvent      func(Event)               // is told each event, in order, while the state is locked: it must not wait; nil for nobody
	OnHook       func(*http.Request, Hook) // is told each call that a hook takes, before its response; nil for nobody
	Deferred     bool                      // requests work in memory, and Flush writes to the storage
	Now          func() time.Time          // time.Now by default
	Rand         io.Reader                 // makes ids, secrets and codes; crypto/rand by default
}

// Engine is the API. It is safe for concurrent use.
type Engine struct {
	opts     Options
	mux      *http.ServeMux
	external *http.ServeMux              // the routes below externalIDs
	keyed    map[string]http.HandlerFunc // the routes that need the key
	ids      *ids
	clock    clock
	hooks    hooks
	limiter  limiter
	origins  *http.CrossOriginProtection
	waiting  waiting

	fixedCodes map[string]string           // by phone number or address
	newKey     func() (*signingKey, error) // the same one at each call; a state has one only

	storing sync.Mutex        // held while the storage is in use
	loaded  bool              // state and content are from the storage
	content [sha256.Size]byte // digest of what the storage holds
	flushed uint64            // the changes that the storage has

	mu      sync.Mutex // guards what follows; never held while something waits
	state   *state
	changes uint64 // counts deferred changes; the state at the start is the first

	seededUsers, seededFactors int
}

// New returns an engine. It does no I/O.
func New(opts Options) *Engine {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Rand == nil {
		opts.Rand = rand.Reader
	}
	opts.Outbox = cmp.Or(opts.Outbox, defaultOutbox)
	opts.Rand = &sharedRandom{from: opts.Rand}
	e := &Engine{
		opts: opts, state: newState(), changes: 1, ids: newIDs(opts.Rand),
		clock: clock{now: opts.Now}, limiter: limiter{limit: opts.RateLimit}, origins: http.NewCrossOriginProtection(), fixedCodes: fixedCodesOf(opts),
		waiting: waiting{ended: make(chan struct{})},
	}
	e.newKey = sync.OnceValues(e.makeKey)
	e.addRoutes()
	e.seededUsers, e.seededFactors = opts.Seed.addTo(e.state, e.Time().UTC())
	return e
}

// Seeded returns how many of the seed's users and factors were not in the state at the
// start, and so were added.
func (e *Engine) Seeded() (users, factors int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seededUsers, e.seededFactors
}

// ServeHTTP answers a request as WorkOS does.
func (e *Engine) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, err := e.ids.next(requestPrefix, e.Time())
	if err != nil {
		write(w, internal(err))
		return
	}
	w.Header().Set("X-Request-ID", id)
	w.Header().Set("Date", e.Time().UTC().Format(http.TimeFormat))
	if refused := e.foreign(r); refused != nil {
		write(w, *refused)
		return
	}
	mux, pattern := e.find(r)
	switch {
	case r.URL.Path == "/", r.URL.Path == "/health", strings.HasPrefix(r.URL.Path, ToolsPath):
		w.Header().Set(emulate.Header, "1")
		e.route(w, r, mux, pattern)
	default:
		e.serveAPI(w, r, mux, pattern)
	}
}

// serveAPI serves WorkOS's routes. One that is not emulated says so without the key,
// which WorkOS may take elsewhere there.
func (e *Engine) serveAPI(w http.ResponseWriter, r *http.Request, mux *http.ServeMux, pattern string) {
	if e.keyed[pattern] != nil && !e.authorized(r) {
		write(w, response{http.StatusUnauthorized, problem{Message: "Unauthorized"}})
		return
	}
	if wait := e.limiter.take(w.Header(), e.Time()); wait > 0 {
		tooMany(w, wait)
		return
	}
	next := func(w http.ResponseWriter, r *http.Request) { e.route(w, r, mux, pattern) }
	if hook := e.hooks.take(r); hook != nil {
		if e.opts.OnHook != nil {
			e.opts.OnHook(r, *hook)
		}
		hook.serve(w, r, e.Time(), next)
		return
	}
	next(w, r)
}

// RoundTrip answers a request without a network. A connection that a hook breaks is an
// error here too.
func (e *Engine) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	rec := httptest.NewRecorder()
	aborted := e.serveOrAbort(rec, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if aborted && !rec.Flushed {
		return nil, brokenOnPurpose{syscall.ECONNRESET}
	}
	resp := rec.Result()
	resp.Request, resp.ContentLength = r, int64(rec.Body.Len())
	if aborted {
		resp.Body = io.NopCloser(io.MultiReader(rec.Body, iotest.ErrReader(io.ErrUnexpectedEOF)))
		resp.ContentLength = -1
	}
	return resp, nil
}

// brokenOnPurpose is the error of a connection that a hook breaks.
type brokenOnPurpose struct{ error }

func (e brokenOnPurpose) Unwrap() error { return e.error }

// Is reports that the error is [workos.ErrOnPurpose] as well.
func (e brokenOnPurpose) Is(target error) bool { return target == workos.ErrOnPurpose }

// serveOrAbort reports whether a handler has given up, as [http.ErrAbortHandler] says.
func (e *Engine) serveOrAbort(w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		if v := recover(); v == http.ErrAbortHandler {
			aborted = true
		} else if v != nil {
			panic(v)
		}
	}()
	e.ServeHTTP(w, r)
	return false
}
