package main

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"
)

// openLog opens the log file, for the person alone.
func openLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return f, nil
}

// logTransport logs each attempt of a request: what was asked, what came back,
// how long it took. Headers, queries and bodies are left out, since they hold
// keys, codes, secrets and phone numbers.
type logTransport struct {
	next http.RoundTripper
	log  *slog.Logger
}

func newLogTransport(next http.RoundTripper, w io.Writer) logTransport {
	if next == nil {
		next = http.DefaultTransport
	}
	return logTransport{next, slog.New(slog.NewTextHandler(w, nil))}
}

// logHandler logs each request that is answered, with as much as logTransport.
func logHandler(next http.Handler, w io.Writer) http.Handler {
	log := slog.New(slog.NewTextHandler(w, nil))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(seen, r)
		log.Info("request", "method", r.Method, "path", r.URL.Path, "duration", time.Since(start).Round(time.Microsecond),
			"status", seen.status, "request_id", w.Header().Get("X-Request-ID"))
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (t logTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	start := time.Now()
	resp, err := t.next.RoundTrip(r)
	attrs := []any{"method", r.Method, "path", r.URL.Path, "duration", time.Since(start).Round(time.Microsecond)}
	if err != nil {
		t.log.Error("request", append(attrs, "error", err)...)
		return resp, err
	}
	t.log.Info("request", append(attrs, "status", resp.StatusCode, "request_id", resp.Header.Get("X-Request-ID"))...)
	return resp, err
}
