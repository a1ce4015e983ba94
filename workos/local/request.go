package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"
)

// request is one request with the state that it reads and changes.
type request struct {
	*state
	engine *Engine
	http   *http.Request
	body   []byte
	now    time.Time
	dirty  bool // the state was changed
}

// handle makes a handler of f, which runs with the state locked, and once for each
// Idempotency-Key.
func (e *Engine) handle(f func(*request) response) http.HandlerFunc {
	return e.handleEach(func(r *request) response { return r.once(f) })
}

// handleEach makes a handler of f, which runs with the state locked.
func (e *Engine) handleEach(f func(*request) response) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, refused := readBody(w, r)
		if refused != nil {
			write(w, *refused)
			return
		}
		var resp response
		err := e.transact(r.Context(), func(s *state) bool {
			req := &request{state: s, engine: e, http: r, body: body, now: e.Time().UTC()}
			resp = f(req)
			return req.dirty
		})
		if err != nil {
			// The storage has waited and tried as long as makes sense.
			w.Header().Set("X-Should-Retry", "false")
			resp = internal(err)
		}
		write(w, resp)
	}
}

// readBody reads a body of at most MaxBody.
func readBody(w http.ResponseWriter, r *http.Request) ([]byte, *response) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, &response{http.StatusRequestEntityTooLarge, problem{Message: "Request body is too large", Code: codeTooLarge}}
	case err != nil:
		return nil, new(badRequest("Request body could not be read"))
	}
	return body, nil
}

// decode reads the body as a JSON object. A null is as good as nothing: some SDKs send
// one for each field that was not set.
func (r *request) decode(v any) *response {
	if err := json.Unmarshal(r.body, v); err != nil {
		if wrong := new(json.UnmarshalTypeError); errors.As(err, &wrong) && wrong.Field != "" {
			return new(r.wrongType(wrong))
		}
		return new(unreadable(r.http, r.body, err))
	}
	return nil
}

// unreadable is the response to a body that can't be decoded, and not because of a field.
func unreadable(r *http.Request, body []byte, err error) response {
	body = bytes.TrimSpace(body)
	syntax := errors.As(err, new(*json.SyntaxError)) || errors.Is(err, io.ErrUnexpectedEOF)
	switch {
	case len(body) == 0:
		return badRequest("Request body is empty. Send a JSON object.")
	case syntax && !bytes.ContainsAny(body[:1], "{[\"") && strings.Contains(r.Header.Get("Content-Type"), "form"): // which curl says of JSON, too
		return badRequest("Request body is a form. Send a JSON object.")
	case syntax:
		return badRequest("Request body is not valid JSON.")
	case errors.As(err, new(*json.UnmarshalTypeError)):
		return badRequest("Request body must be a JSON object.")
	}
	return badRequest("Request body is wrong: " + strings.TrimPrefix(err.Error(), "json: ") + ".")
}

// strict decodes JSON that has no other fields than v.
func strict(r *http.Request, body []byte, v any) *response {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	err := d.Decode(v)
	if err == nil && d.More() {
		err = errors.New("it has more than one value")
	}
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) && wrong.Field != "" {
		want, _ := wanted(wrong)
		return new(badRequest(wrong.Field + " must be " + want))
	}
	if err != nil {
		return new(unreadable(r, body, err))
	}
	return nil
}

// wrongType is the response to a field of the wrong type, in the form of factors and
// challenges, or in that of users.
func (r *request) wrongType(err *json.UnmarshalTypeError) response {
	want, kind := wanted(err)
	if namesFields(r.http.URL.Path) {
		return invalid(err.Field, err.Field+" must be "+want)
	}
	if kind == "string" {
		want = "a non-empty string" // one code has one sentence
	}
	// guess: recorded is only email_string_required, for an address that is missing.
	return invalidParameters(required(err.Field, kind, want))
}

// wanted is the type that a field should have, in a sentence and alone.
func wanted(err *json.UnmarshalTypeError) (want, kind string) {
	switch err.Type.Kind() {
	case reflect.String:
		return "a string", "string"
	case reflect.Bool:
		return "a boolean", "boolean"
	case reflect.Int:
		return "a whole number", "number"
	case reflect.Slice:
		return "an array", "array"
	}
	return "an object", "object"
}
