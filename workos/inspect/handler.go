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
		call := r.keep(Call{BaseURL: r.baseURL, Method: req.Method, Path: req.URL.EscapedPath(), Query: req.URL.RawQuery, Start: r.now()}, "")
		sent, got := &sentBody{ReadCloser: req.Body}, &gotBody{ResponseWriter: w}
		req = req.WithContext(context.WithValue(req.Context(), noteKey{}, &call.Note))
		if req.Body != http.NoBody {
			req.Body = sent
		}
		call.Err = "the connection was cut" // unless next returns
		defer func() {
			call.Status, call.RequestID = got.status, w.Header().Get("X-Request-ID")
			call.Request, call.Response = newBody(sent.seen), newBody(got.seen)
			call.Duration, call.Ended = r.now().Sub(call.Start), true
			if call = r.keep(call, ""); r.OnEnd != nil {
				r.OnEnd(call)
			}
		}()
		next.ServeHTTP(got, req)
		switch {
		case got.status != 0:
			call.Err = ""
		case req.Context().Err() != nil:
			call.Err = "the client has gone"
		}
	})
}

// sentBody keeps what is read of a request's body, as far as it is shown.
type sentBody struct {
	io.ReadCloser
	seen []byte
}

func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.seen = upTo(b.seen, p[:n])
	return n, err
}

// gotBody keeps the status of a response, 0 if there was none, and its body, as far as
// it is shown.
type gotBody struct {
	http.ResponseWriter
	status int
	seen   []byte
}

func (b *gotBody) WriteHeader(status int) {
	if b.status == 0 && status >= http.StatusOK {
		b.status = status
	}
	b.ResponseWriter.WriteHeader(status)
}

func (b *gotBody) Write(p []byte) (int, error) {
	if b.status == 0 {
		b.status = http.StatusOK
	}
	b.seen = upTo(b.seen, p)
	return b.ResponseWriter.Write(p)
}

// Unwrap lets a handler take or break the connection.
func (b *gotBody) Unwrap() http.ResponseWriter { return b.ResponseWriter }

// upTo appends what is kept of a body, and a byte that tells that there was more.
func upTo(seen, p []byte) []byte {
	return append(seen, p[:min(len(p), keptBody+1-len(seen))]...)
}
