package local

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// The failures that [Engine.FailNext] arms.
const (
	FailRateLimit = "rate_limit"        // any call: 429, with a Retry-After of 30 s
	FailFault     = "fault"             // any call, its retries too: 500
	FailTimeout   = "timeout"           // any call, its retries too: no response
	FailLostSMS   = "lost_sms"          // a challenge works, but its message is lost
	FailExpired   = "expired"           // a verification: the challenge has expired
	FailAttempts  = "too_many_attempts" // a verification: too many wrong codes
)

// attempts is how often a client may send a call, the retries included.
const attempts = 4

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

// effect is what a hook does, in a few words.
func (h Hook) effect() string {
	switch {
	case h.Code == codeExpired:
		return "challenge expired"
	case h.Code == codeTooManyAttempts:
		return "too many tries"
	case h.Code != "":
		return h.Code
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

// FailNext makes the next call fail, by a hook that replaces all others.
func (e *Engine) FailNext(failure string) error {
	const challenges, verifications = "/auth/factors/*/challenge", "/auth/challenges/*/verify"
	hooks := map[string]Hook{
		FailRateLimit: {Method: "*", Path: "*", Status: http.StatusTooManyRequests, Headers: map[string]string{"Retry-After": "30"}, Count: 1},
		FailFault:     {Method: "*", Path: "*", Status: http.StatusInternalServerError, Count: attempts},
		FailTimeout:   {Method: "*", Path: "*", DelayMS: int(maxDelay.Milliseconds()), Count: attempts},
		FailLostSMS:   {Method: http.MethodPost, Path: challenges, LostSMS: true, Count: 1},
		FailExpired:   {Method: http.MethodPost, Path: verifications, Code: codeExpired, Count: 1},
		FailAttempts:  {Method: http.MethodPost, Path: verifications, Code: codeTooManyAttempts, Count: 1},
	}
	hook, ok := hooks[failure]
	if !ok {
		return fmt.Errorf("unknown failure %q", failure)
	}
	e.RemoveHooks()
	_, err := e.AddHook(hook)
	return err
}
