package local

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The failures that [Engine.FailNext] arms: all errors that the API's description names, and
// what a network or a proxy does.
const (
	FailRateLimit    = "rate_limit"        // any call: 429, with a Retry-After of 30 s
	FailUnauthorized = "unauthorized"      // any call: the key is refused
	FailFault        = "fault"             // any call, its retries too: 500
	FailPage         = "page"              // any call, its retries too: a proxy's page, 502
	FailTimeout      = "timeout"           // any call, its retries too: no response
	FailReset        = "reset"             // any call, its retries too: the connection breaks
	FailPhone        = "phone_number"      // an enrollment: the phone number is refused
	FailFields       = "fields"            // an enrollment: a field is refused
	FailNotFound     = "not_found"         // a challenge: there is no such factor
	FailLostSMS      = "lost_sms"          // a challenge works, but its message is lost
	FailExpired      = "expired"           // a verification: the challenge has expired
	FailVerified     = "verified"          // a verification: the challenge is verified already
	FailAttempts     = "too_many_attempts" // a verification: too many wrong codes
)

// attempts is how often a client may send a call, the retries included.
const attempts = 4

// failures are the hooks of each failure.
var failures = map[string]Hook{
	FailRateLimit:    {Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "30"}, Count: 1},
	FailUnauthorized: {Status: http.StatusUnauthorized, Count: 1},
	FailFault:        {Status: http.StatusInternalServerError, Count: attempts},
	FailPage: {
		Status: http.StatusBadGateway, Headers: map[string]string{"Content-Type": "text/html"},
		Body: []byte(`"<html><title>502 Bad Gateway</title></html>"`), Count: attempts,
	},
	FailTimeout:  {DelayMS: int(maxDelay.Milliseconds()), Count: attempts},
	FailReset:    {Reset: true, Count: attempts},
	FailPhone:    enrollment(Hook{Code: codeInvalidPhoneNumber}),
	FailFields:   enrollment(Hook{Code: codeInvalidParameters}),
	FailNotFound: challenging(Hook{Code: codeNotFound}),
	FailLostSMS:  challenging(Hook{LostSMS: true}),
	FailExpired:  verification(Hook{Code: codeExpired}),
	FailVerified: verification(Hook{Code: codeAlreadyVerified}),
	FailAttempts: verification(Hook{Code: codeTooManyAttempts}),
}

const enrollPath = "/auth/factors/enroll"

func enrollment(h Hook) Hook   { return once(h, enrollPath) }
func challenging(h Hook) Hook  { return once(h, "/auth/factors/*/challenge") }
func verification(h Hook) Hook { return once(h, "/auth/challenges/*/verify") }

func once(h Hook, path string) Hook {
	h.Method, h.Path, h.Count = http.MethodPost, path, 1
	return h
}

// FailNext makes the next call of its kind fail, after those that are armed already.
func (e *Engine) FailNext(failure string) error {
	hook, ok := failures[failure]
	if !ok {
		return fmt.Errorf("unknown failure %q", failure)
	}
	hook.Path = cmp.Or(hook.Path, "*")
	_, err := e.AddHook(hook)
	return err
}

// Armed tells what the hooks do to the next calls that match them, the oldest first,
// each in a few words such as "429 once".
func (e *Engine) Armed() []string {
	var armed []string
	for _, h := range e.Hooks() {
		what := h.effect()
		switch h.Count {
		case 0:
		case 1:
			what += " once"
		default:
			what += " ×" + strconv.Itoa(h.Count)
		}
		armed = append(armed, what)
	}
	return armed
}

// effects are words for the codes of the failures.
var effects = map[string]string{
	codeInvalidPhoneNumber: "phone number refused", codeInvalidParameters: "a field refused", codeNotFound: "not found",
	codeExpired: "challenge expired", codeAlreadyVerified: "verified before", codeTooManyAttempts: "too many tries",
}

// effect is what a hook does, in a few words.
func (h Hook) effect() string {
	switch {
	case h.Code != "":
		return cmp.Or(effects[h.Code], h.Code)
	case h.Status != 0:
		return strconv.Itoa(h.Status)
	case h.LostSMS:
		return "SMS lost"
	case h.Reset:
		return "connection reset"
	case h.CutAfter != nil:
		return "response cut short"
	case h.DelayMS == int(maxDelay.Milliseconds()):
		return "no response"
	}
	return "delay " + (time.Duration(h.DelayMS) * time.Millisecond).String()
}
