package local

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	keepRepeats = 24 * time.Hour // how long an Idempotency-Key repeats its first response
	maxKey      = 255            // bytes of an Idempotency-Key; guess: no recording
)

// repeat is the first response to an Idempotency-Key.
type repeat struct {
	Request string          `json:"request"` // hash of method, path and body
	Status  int             `json:"status"`
	Body    json.RawMessage `json:"body,omitempty"`
	At      time.Time       `json:"at"`
}

// once runs f, unless the request is a POST whose Idempotency-Key was seen
// before: then the first response is repeated and nothing is done twice. A refusal that
// has changed nothing is not kept: the key is good for what is sent once its cause is gone.
func (r *request) once(f func(*request) response) response {
	key := r.http.Header.Get("Idempotency-Key")
	if r.http.Method != http.MethodPost || key == "" {
		return f(r)
	}
	if len(key) > maxKey {
		return badRequest(fmt.Sprintf("The Idempotency-Key is longer than %d bytes.", maxKey))
	}
	sum := sha256.Sum256([]byte(r.http.Method + " " + r.http.URL.Path + "\n" + string(r.body)))
	hash := hex.EncodeToString(sum[:])
	if first, ok := r.Repeats[key]; ok && r.now.Sub(first.At) <= keepRepeats {
		if first.Request != hash {
			return unprocessable(codeKeyReused, "The Idempotency-Key was used before with another request.")
		}
		return response{first.Status, first.Body}
	}
	resp := f(r)
	if resp.status >= 500 || resp.status >= 400 && !r.dirty {
		return resp
	}
	body, err := json.Marshal(resp.body)
	if err != nil {
		return internal(err)
	}
	r.prune(r.now)
	r.Repeats[key] = repeat{Request: hash, Status: resp.status, Body: body, At: r.now}
	r.dirty = true
	return resp
}
