package inspect

import (
	"context"
	"io"
	"net/http"
)

// noteKey is the key of a call's note in the context of its request.
type noteKey struct{}

// Note notes something about the call that a request with this context is recorded as,
// such as that it was made to fail. Without a recorder it does nothing.
func Note(ctx context.Context, text string) {
	if note, ok := ctx.Value(noteKey{}).(*string); ok {
		*note = text
	}
}

// Handler returns a handler that records what next answers, except for the requests that
// skip is true of.
func (r *Recorder) Handler(next http.Handler, skip func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if skip(req) {
			next.ServeHTTP(w, req)
			return
		}
		x := &exchange{ResponseWriter: w, body: req.Body}
		x.call = r.keep(Call{BaseURL: r.baseURL, Method: req.Method, Path: req.URL.EscapedPath(), Query: req.URL.RawQuery, Start: r.now(), Served: true}, "")
		x.call.Err = "the connection was cut" // unless next returns
		defer r.end(x)
		req = req.WithContext(context.WithValue(req.Context(), noteKey{}, &x.call.Note))
		if req.Body != http.NoBody {
			req.Body = readCloser{x, req.Body}
		}
		next.ServeHTTP(x, req)
		switch {
		case x.status != 0:
			x.call.Err = ""
		case req.Context().Err() != nil:
			x.call.Err = "client disconnected"
		}
	})
}

// end keeps a call as it has ended.
func (r *Recorder) end(x *exchange) {
	x.call.Status, x.call.RequestID = x.status, x.Header().Get("X-Request-ID")
	x.call.Request, x.call.Response = r.bodyOf(x.sent), r.bodyOf(x.got)
	x.call.Duration, x.call.Ended = r.now().Sub(x.call.Start), true
	if call := r.keep(x.call, ""); r.OnEnd != nil {
		r.OnEnd(call)
	}
}

// bodyOf is a body to keep. A busy server's are mostly such that nobody ever looks at, so
// whether an object is whole is left to who does.
func (r *Recorder) bodyOf(b []byte) Body {
	if n := len(b); n > 1 && n <= keptBody && b[0] == '{' && b[n-1] == '}' && maySkip(&r.mask, b) {
		return Body{JSON: b, looked: true}
	}
	return newBody(b)
}

// exchange is a request that is read and a response that is written, of which it keeps as
// much as is shown. Read reads the request.
type exchange struct {
	http.ResponseWriter
	call      Call
	body      io.Reader
	status    int // 0 if there was no response
	sent, got []byte
}

func (x *exchange) Read(p []byte) (int, error) {
	n, err := x.body.Read(p)
	x.sent = upTo(x.sent, p[:n])
	return n, err
}

func (x *exchange) WriteHeader(status int) {
	if x.status == 0 && status >= http.StatusOK {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

func (x *exchange) Write(p []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	x.got = upTo(x.got, p)
	return x.ResponseWriter.Write(p)
}

// Unwrap lets a handler take or break the connection.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// upTo appends what is kept of a body, and a byte that tells that there was more.
func upTo(seen, p []byte) []byte {
	return append(seen, p[:min(len(p), keptBody+1-len(seen))]...)
}
