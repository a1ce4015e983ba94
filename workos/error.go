package workos

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// The codes of errors that callers tell apart.
const (
	codeNotFound           = "entity_not_found"
	codeInvalidPhoneNumber = "invalid_phone_number"
	codeExpired            = "authentication_challenge_expired"
	codeAlreadyVerified    = "authentication_challenge_previously_verified"
	codeTooManyAttempts    = "one_time_code_too_many_attempts"
	codeRateLimited        = "rate_limit_exceeded"
	codeInvalidOneTimeCode = "invalid_one_time_code"
	codeNotEmulated        = "not_emulated" // of the local engine and servers like it
)

// Error is a call that failed: the API refused it, its response can't be read, or
// there was none. It contains neither the key nor what was sent.
type Error struct {
	Method, Path string
	StatusCode   int // 0 if there was no response
	Code         string
	Message      string
	Fields       []FieldError
	EntityID     string
	RequestID    string
	RetryAfter   time.Duration // how long the API asks to wait
	// Location is where a redirect led, which was not followed: the scheme and host of
	// another server, or a path of the same. The rest may hold secrets.
	Location string
	Timeout  time.Duration // how long there was no response, if that ended the call
	Err      error         // the cause, where it is not the API's response
	// Intercepted is set if something else than the API seems to have responded, such
	// as a login page of the network: with a web page, a 404 that is not JSON, or a
	// redirect to another host.
	Intercepted bool
	// Uncertain is set if the request may have been carried out nevertheless: a
	// response was lost, of this attempt or of an earlier one.
	Uncertain bool
	// OnPurpose is set if the response says that it was made to fail, as a test server's
	// may (see [OnPurposeHeader]), or the transport does (see [ErrOnPurpose]).
	OnPurpose bool
}

// OnPurposeHeader is what a test server puts on a response that it was asked to make
// fail. WorkOS does not have it.
const OnPurposeHeader = "Mfa-Tui-On-Purpose"

// ErrOnPurpose is what the error of a transport is, beside its own, if there is no
// response because a test server was asked for that.
var ErrOnPurpose = errors.New("made on purpose")

// FieldError is what is wrong with one field of a request. The API gives two of the
// three at most, or the message alone.
type FieldError struct{ Field, Code, Message string }

// Error says what was tried and what happened.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", e.Method, e.Path)
	switch {
	case e.StatusCode == 0:
		fmt.Fprintf(&b, "no response: %v", e.Err)
	default:
		fmt.Fprintf(&b, "%d", e.StatusCode)
		for _, s := range []string{e.Code, e.Message} {
			if s != "" {
				b.WriteString(" " + s)
			}
		}
	}
	if e.RequestID != "" {
		b.WriteString(" (request " + e.RequestID + ")")
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// noResponse is the error of a call without a response.
func noResponse(ctx context.Context, method, path string, err error, uncertain bool) *Error {
	var sent *url.Error // its text has the query, in which an e-mail address may be
	if errors.As(err, &sent) {
		err = sent.Err
	}
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return &Error{Method: method, Path: path, Err: err, Uncertain: uncertain, OnPurpose: errors.Is(err, ErrOnPurpose)}
}

// newError reads the response to a call that failed. Its body may be anything,
// HTML for example.
func newError(method, path string, resp *http.Response, body []byte, uncertain bool) *Error {
	e := &Error{
		Method: method, Path: path, StatusCode: resp.StatusCode,
		RequestID: requestID(resp), RetryAfter: retryAfter(resp), Uncertain: uncertain,
		OnPurpose: resp.Header.Get(OnPurposeHeader) != "",
	}
	e.read(body)
	e.Intercepted = isPage(body) && resp.StatusCode < 500 || resp.StatusCode == http.StatusNetworkAuthenticationRequired
	if foreign404(resp.StatusCode, body) && !e.Intercepted {
		e.Intercepted, e.Err = true, notJSON(body)
	}
	if to, err := resp.Location(); err == nil && resp.StatusCode < 400 && resp.Request != nil {
		from := resp.Request.URL
		switch e.Location = plain(to.Scheme + "://" + to.Host); {
		case to.Hostname() != from.Hostname():
			e.Intercepted = true
		case to.Scheme == from.Scheme && to.Host == from.Host:
			e.Location = plain(to.EscapedPath())
		}
	}
	if e.Message == "" {
		e.Message = http.StatusText(resp.StatusCode)
	}
	return e
}

// foreign404 reports whether a 404 is not the API's, which is always JSON: a proxy or a
// wrong base URL, say. Whoever took it for the API's would count a factor as gone.
func foreign404(status int, body []byte) bool {
	return status == http.StatusNotFound && !json.Valid(body)
}

func requestID(resp *http.Response) string { return plain(resp.Header.Get("X-Request-ID")) }

// read fills in what the body says. A list of messages goes to the fields.
func (e *Error) read(body []byte) {
	var b struct {
		Message     any `json:"message"`
		Code        any `json:"code"`
		Error       any `json:"error"`
		Description any `json:"error_description"`
		EntityID    any `json:"entity_id"`
		Errors      any `json:"errors"`
	}
	if json.Unmarshal(body, &b) != nil {
		return
	}
	e.Message = cmp.Or(text(b.Message), text(b.Description))
	e.Code = cmp.Or(text(b.Code), text(b.Error))
	e.EntityID = text(b.EntityID)
	for _, v := range []any{b.Message, b.Errors} {
		list, _ := v.([]any)
		for _, v := range list {
			f := FieldError{Message: text(v)}
			if m, ok := v.(map[string]any); ok {
				f = FieldError{text(m["field"]), text(m["code"]), text(m["message"])}
				if f.Message == "" && strings.Contains(f.Code, " ") { // a sentence, as old endpoints have it
					f.Code, f.Message = "", f.Code
				}
			}
			if f != (FieldError{}) {
				e.Fields = append(e.Fields, f)
			}
		}
	}
}

func text(v any) string {
	s, _ := v.(string)
	return plain(s)
}

// plain removes control characters from a text and cuts it to 500 characters.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	if r := []rune(s); len(r) > 500 {
		s = string(r[:500]) + "…"
	}
	return s
}

func is(err error, ok func(*Error) bool) bool {
	var e *Error
	return errors.As(err, &e) && ok(e)
}

// IsUnauthorized reports whether the API refused the key.
func IsUnauthorized(err error) bool {
	return is(err, func(e *Error) bool { return e.StatusCode == http.StatusUnauthorized })
}

// IsNotFound reports whether the API does not know the factor, challenge or user. What
// is not JSON says that of itself alone, and so does an emulator without the route.
func IsNotFound(err error) bool {
	return is(err, func(e *Error) bool {
		return e.StatusCode == http.StatusNotFound && !e.Intercepted && e.Code != codeNotEmulated
	})
}

// IsInvalidPhoneNumber reports whether the API refused the phone number.
func IsInvalidPhoneNumber(err error) bool {
	return is(err, func(e *Error) bool { return e.Code == codeInvalidPhoneNumber })
}

// IsExpired reports whether the challenge has expired.
func IsExpired(err error) bool {
	return is(err, func(e *Error) bool { return e.Code == codeExpired })
}

// IsAlreadyVerified reports whether the challenge was verified before.
func IsAlreadyVerified(err error) bool {
	return is(err, func(e *Error) bool { return e.Code == codeAlreadyVerified })
}

// IsTooManyAttempts reports whether the challenge has had too many wrong codes.
func IsTooManyAttempts(err error) bool {
	return is(err, func(e *Error) bool { return e.Code == codeTooManyAttempts })
}

// IsRateLimited reports whether the API asks for fewer calls; see [Error.RetryAfter].
func IsRateLimited(err error) bool {
	return is(err, func(e *Error) bool { return e.StatusCode == http.StatusTooManyRequests || e.Code == codeRateLimited })
}

// IsUnreachable reports whether there was no response at all. A call that its
// caller cancelled does not count.
func IsUnreachable(err error) bool {
	return is(err, func(e *Error) bool { return e.StatusCode == 0 && !errors.Is(e.Err, context.Canceled) })
}

// IsUncertain reports whether the call may have worked although it failed. Sent again
// with the same Idempotency-Key, it does nothing twice.
func IsUncertain(err error) bool { return is(err, func(e *Error) bool { return e.Uncertain }) }

// IsOnPurpose reports whether the call failed because a test server was asked for that.
func IsOnPurpose(err error) bool { return is(err, func(e *Error) bool { return e.OnPurpose }) }
