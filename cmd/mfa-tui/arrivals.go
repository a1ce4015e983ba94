package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"mfa-tui/workos/local"
)

const (
	headerTimeout = 10 * time.Second // for the header of a request
	readTimeout   = 30 * time.Second // for a whole request; how long its response may take is another matter
	idleTimeout   = 2 * time.Minute  // between two of a connection
	maxHeader     = 64 << 10         // bytes

	refusedTimeout = time.Second // for the body of a request that is refused
)

// arrivals are the connections that a request is still to come on, or is coming on, for
// the first time or with its body. Nothing was done for them, so the end of the server
// does not wait for them.
type arrivals struct {
	mu       sync.Mutex
	conns    map[net.Conn]struct{}
	ended    bool
	underWay int // the requests that are being answered; not those to the tools, which are answered at once or end with the server
}

// connKey is the key of the connection in the context of a request.
type connKey struct{}

// newServer returns a server that reads requests whole before the handler sees them, and
// gives up those that take too long. Of what the handler refuses by its header it does not
// wait for the body.
func newServer(handler http.Handler, refuses func(*http.Request) bool) (*http.Server, *arrivals) {
	a := &arrivals{conns: map[net.Conn]struct{}{}}
	return &http.Server{
		Handler: a.whole(handler, refuses), ConnState: a.watch,
		ConnContext:       func(ctx context.Context, c net.Conn) context.Context { return context.WithValue(ctx, connKey{}, c) },
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		DisableGeneralOptionsHandler: true, // the handler refuses foreign hosts, also with OPTIONS *
	}, a
}

func (a *arrivals) watch(c net.Conn, state http.ConnState) {
	if state == http.StateNew {
		a.await(c)
	} else {
		a.arrived(c)
	}
}

func (a *arrivals) await(c net.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		c.Close()
		return
	}
	a.conns[c] = struct{}{}
}

func (a *arrivals) arrived(c net.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.conns, c)
}

// end closes the connections whose request has not arrived, now and from now on, and
// returns how many requests are being answered.
func (a *arrivals) end() (underWay int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	for c := range a.conns {
		c.Close()
	}
	return a.underWay
}

// whole reads the body of a request before it is one to be answered, unless it is refused.
func (a *arrivals) whole(next http.Handler, refuses func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch conn, ok := r.Context().Value(connKey{}).(net.Conn); {
		case !ok || r.Body == http.NoBody:
		case refuses(r):
			w.Header().Set("Connection", "close") // the answer goes out before the rest of the body is here
			// What is on its way may come: a connection that is closed with something unread is reset.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(refusedTimeout)) // else there is readTimeout
		default:
			a.await(conn)
			body, err := io.ReadAll(io.LimitReader(r.Body, local.MaxBody+1))
			a.arrived(conn)
			r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{err}))
		}
		if !strings.HasPrefix(r.URL.Path, local.ToolsPath) {
			a.count(1)
			defer a.count(-1)
		}
		next.ServeHTTP(w, r)
	})
}

func (a *arrivals) count(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.underWay += n
}

// failing is the end of a body, with the error that ended it.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) {
	if f.err == nil {
		return 0, io.EOF
	}
	return 0, f.err
}
