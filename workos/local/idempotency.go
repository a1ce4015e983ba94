package local

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"
)

// keepRepeats is how long an Idempotency-Key repeats its first answer.
const keepRepeats = 24 * time.Hour

// repeat is the first answer to an Idempotency-Key.
type repeat struct {
	Request string          `json:"request"` // hash of method, path and body
	Status  int             `json:"status"`
	Body    json.RawMessage `json:"body,omitempty"`
	At      time.Time       `json:"at"`
}

// once runs f, unless the request is a POST whose Idempotency-Key was seen
// before: then the first answer is repeated and nothing is done twice.
func (r *request) once(f func(*request) answer) answer {
	key := r.http.Header.Get("Idempotency-Key")
	if r.http.Method != http.MethodPost || key == "" {
		return f(r)
	}
	sum := sha256.Sum256([]byte(r.http.Method + " " + r.http.URL.Path + "\n" + string(r.body)))
	hash := hex.EncodeToString(sum[:])
	if first, ok := r.Repeats[key]; ok && r.now.Sub(first.At) <= keepRepeats {
		if first.Request != hash {
			return unprocessable("idempotency_key_reused", "The Idempotency-Key was used before with another request.")
		}
		return answer{first.Status, first.Body}
	}
	a := f(r)
	if a.status >= 500 {
		return a
	}
	body, err := json.Marshal(a.body)
	if err != nil {
		return internal(err)
	}
	r.prune(r.now)
	r.Repeats[key] = repeat{Request: hash, Status: a.status, Body: body, At: r.now}
	r.dirty = true
	return a
}
