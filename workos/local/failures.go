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
	FailExpired      = "expired"           // a verification or a sign-in by TOTP: the challenge has expired
	FailVerified     = "verified"          // the same: the challenge is verified already
	FailAttempts     = "too_many_attempts" // the same: too many wrong codes
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
	FailExpired:  verification(codeExpired, "one_time_code_expired"),
	FailVerified: verification(codeAlreadyVerified, "one_time_code_previously_used"),
	FailAttempts: verification(codeTooManyAttempts, codeTooManyAttempts),
}

const enrollPath = "/auth/factors/enroll"

func enrollment(h Hook) Hook  { return once(h, enrollPath) }
func challenging(h Hook) Hook { return once(h, "/auth/factors/*/challenge") }

// verification fails a verification with a code, or a sign-in by TOTP with the other.
func verification(code, signIn string) Hook {
	return once(Hook{Code: code, signIn: signIn}, "/auth/challenges/*/verify")
}

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
		armed = append(armed, h.String())
	}
	return armed
}

// String tells what a hook does, and to how many calls, in a few words.
func (h Hook) String() string {
	switch h.Count {
	case 0:
		return h.Effect()
	case 1:
		return h.Effect() + " once"
	}
	return h.Effect() + " ×" + strconv.Itoa(h.Count)
}

// effects are words for the codes of the failures.
var effects = map[string]string{
	codeInvalidPhoneNumber: "phone number refused", codeInvalidParameters: "a field refused", codeNotFound: "not found",
	codeExpired: "challenge expired", codeAlreadyVerified: "verified before", codeTooManyAttempts: "too many tries",
}

// Effect is what a hook does to a call, in a few words.
func (h Hook) Effect() string {
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
