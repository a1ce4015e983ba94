package factors

import (
	"context"
	"fmt"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// TestPhone is the phone of a local engine, here or at a server: it receives the text messages and has
// the authenticator app.
type TestPhone interface {
	// SMS returns the message of a challenge and the code in it, empty if none has arrived.
	SMS(ctx context.Context, challengeID string) (body, code string, err error)
	// AuthenticatorCode returns the code that an authenticator app shows now for a
	// TOTP factor, the next code, and when the app shows that.
	AuthenticatorCode(ctx context.Context, factorID string) (code, next string, until time.Time, err error)
}

// CodeSource says where the code of a challenge comes from, for after "the code".
func CodeSource(f workos.Factor) string {
	switch {
	case f.SMS != nil:
		return "sent to " + Phone(f)
	case f.Type == workos.GenericOTP:
		return "you delivered"
	}
	return "from your authenticator app"
}

// Deadline is when a challenge that has just been started expires, zero if it does
// not. It is a time of this computer's clock, even if that is wrong.
func Deadline(c workos.Challenge, now time.Time) time.Time {
	if c.ExpiresAt.IsZero() || c.CreatedAt.IsZero() {
		return c.ExpiresAt.Time
	}
	return now.Add(c.ExpiresAt.Sub(c.CreatedAt.Time))
}

// CodeStep is how long an authenticator app shows a code.
const CodeStep = 30 * time.Second

// NextCode is how long the app still shows the code that it shows now.
func NextCode(now time.Time) time.Duration { return NextStep(now.Truncate(CodeStep), now) }

// NextStep is how long an app still shows a code if it showed a new one at that time, or
// will: in seconds that have begun, so never 0.
func NextStep(at, now time.Time) time.Duration {
	left := at.Sub(now) % CodeStep
	if left <= 0 {
		left += CodeStep
	}
	return (left + time.Second - 1).Truncate(time.Second)
}

// codeLife is how long the code of an authenticator app is valid, with a step of
// drift on either side: within that time a person may type a used code again.
const codeLife = 3 * CodeStep

// WrongCode says that a code of a factor was wrong, the times-th on its challenge, and what
// to do.
func (l *List) WrongCode(r store.Record, times int) (what, then string) {
	if then = "try again, or r for a new one"; r.Type == workos.SMS {
		then = "try again, or r to resend"
	}
	if l.CodeLimit > 0 {
		return fmt.Sprintf("wrong code (%d of %d)", times, l.CodeLimit), then
	}
	return fmt.Sprintf("wrong code (%d so far)", times), then
}

// MayBeUsed reports whether a code that was wrong may have been used before: it
// works only once.
func (l *List) MayBeUsed(r store.Record) bool {
	return r.Type == workos.TOTP && l.Now().Sub(r.VerifiedAt.Time) < codeLife
}

// UsedCode says what to do if a code was used before.
const UsedCode = "if you used this code before, wait for the next one"

// WrongCodeAdvice is what else may help after so many wrong codes of an authenticator
// app, and why. Soon after a verification the code may have been used before; else a
// clock that is off is the usual cause once two codes were wrong.
func (l *List) WrongCodeAdvice(r store.Record, times int) (advice, why string) {
	switch {
	case r.Type != workos.TOTP || times == 0:
		return "", ""
	case l.MayBeUsed(r):
		return UsedCode, ""
	case times == 1:
		return "", ""
	}
	now, service := l.Now().UTC().Format("15:04:05 UTC"), l.Service()
	skew, known := l.API.ClockSkew()
	switch {
	case !known:
		return "usually a clock is off", "it is " + now + " here"
	case skew.Abs() <= time.Second:
		return "usually the phone's clock is off", "this computer and " + service + " agree on " + now
	case skew > 0:
		return "set this computer's clock", fmt.Sprintf("it is %s here, %s behind %s", now, skew, service)
	}
	return "set this computer's clock", fmt.Sprintf("it is %s here, %s ahead of %s", now, skew.Abs(), service)
}
