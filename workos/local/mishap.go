package local

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// The mishaps that [Engine.FailNext] arranges.
const (
	MishapRateLimit = "rate_limit"        // any call: 429, with a Retry-After of 30 s
	MishapFault     = "fault"             // any call, its retries too: 500
	MishapTimeout   = "timeout"           // any call, its retries too: no response
	MishapLostSMS   = "lost_sms"          // a challenge works, but its message does not arrive
	MishapExpired   = "expired"           // a verification: the challenge has expired
	MishapAttempts  = "too_many_attempts" // a verification: too many wrong codes
)

// attempts is how often a client may send a call, the retries included.
const attempts = 4

// FailNext makes the next call fail, by hooks that replace all others.
func (e *Engine) FailNext(mishap string) error {
	const challenges, verifications = "/auth/factors/*/challenge", "/auth/challenges/*/verify"
	refused := func(status int, code, message string) Hook {
		body, _ := json.Marshal(problem{Message: message, Code: code}) // only strings, which never fails
		return Hook{Method: http.MethodPost, Path: verifications, Status: status, Body: body, Count: 1}
	}
	hooks := map[string]Hook{
		MishapRateLimit: {Method: "*", Path: "*", Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "30"}, Count: 1},
		MishapFault:     {Method: "*", Path: "*", Status: http.StatusInternalServerError, Count: attempts},
		MishapTimeout:   {Method: "*", Path: "*", DelayMS: int(maxDelay.Milliseconds()), Count: attempts},
		MishapLostSMS:   {Method: http.MethodPost, Path: challenges, LostSMS: true, Count: 1},
		MishapExpired:   refused(http.StatusUnprocessableEntity, codeExpired, "The authentication challenge has expired."),
		MishapAttempts:  refused(http.StatusBadRequest, codeTooManyAttempts, "Too many wrong codes on this challenge."),
	}
	hook, ok := hooks[mishap]
	if !ok {
		return fmt.Errorf("unknown mishap %q", mishap)
	}
	e.RemoveHooks()
	_, err := e.AddHook(hook)
	return err
}
