package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"mfa-tui/workos/inspect"
	"mfa-tui/workos/webhook"
)

// openLog opens the log file, for the person alone.
func openLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return f, nil
}

// logCalls logs each attempt of a request: method, path, status and duration. Queries
// and bodies are left out, though they are masked: they have phone numbers and names.
func logCalls(w io.Writer) func(inspect.Call) {
	log := slog.New(slog.NewTextHandler(w, nil))
	return func(c inspect.Call) {
		level, attrs := slog.LevelInfo, []any{"method", c.Method, "path", c.Path, "duration", c.Duration.Round(time.Microsecond)}
		if c.Status != 0 {
			attrs = append(attrs, "status", c.Status, "request_id", c.RequestID)
		}
		if c.Err != "" {
			level, attrs = slog.LevelError, append(attrs, "error", c.Err)
		}
		log.Log(context.Background(), level, "request", attrs...)
	}
}

// logHandler logs each request that a handler answers, as logCalls does.
func logHandler(next http.Handler, w io.Writer) http.Handler {
	log := slog.New(slog.NewTextHandler(w, nil))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		seen := &statusWriter{ResponseWriter: w}
		defer func() { // also if a hook breaks the connection
			log.Info("request", "method", short(r.Method), "path", short(r.URL.Path), "duration", time.Since(start).Round(time.Microsecond),
				"status", seen.status, "request_id", w.Header().Get("X-Request-ID"))
		}()
		next.ServeHTTP(seen, r)
	})
}

// short is what a log has of a text that anybody may have sent.
func short(text string) string { return fmt.Sprintf("%.300s", text) }

// logWebhooks logs each attempt to deliver an event, and each event that is lost. Bodies
// and signatures are left out.
func logWebhooks(w io.Writer) (attempt func(webhook.Attempt), lost func(webhook.Event, error)) {
	log := slog.New(slog.NewTextHandler(w, nil))
	attempt = func(a webhook.Attempt) {
		level, attrs := slog.LevelInfo, []any{"event", a.Event.Name, "id", a.Event.ID, "attempt", a.N, "duration", a.Duration.Round(time.Microsecond)}
		if a.Status != 0 {
			attrs = append(attrs, "status", a.Status)
		}
		if a.Err != nil {
			attrs = append(attrs, "error", a.Err)
		}
		if !a.OK() {
			level = slog.LevelWarn
		}
		log.Log(context.Background(), level, "webhook", attrs...)
	}
	return attempt, func(e webhook.Event, err error) {
		log.Error("webhook lost", "event", e.Name, "id", e.ID, "error", err)
	}
}

// statusWriter remembers the status of a response, 0 if there was none.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(p)
}

// Unwrap lets a hook break the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
