// Package watch has what a person sees who watches a test server: what is in it, with the
// codes and secrets that clients are not told, since they are made up there. The local
// engine fills it in, and the console shows it.
package watch

import (
	"time"

	"mfa-tui/workos"
)

// Counts are how many things a server has.
type Counts struct{ Messages, Factors, Users int }

// Verdict is what became of a code, or of a challenge that has none.
type Verdict int

// The verdicts.
const (
	Open       Verdict = iota // it can still be used
	Used                      // it was right, and works no more
	WrongCodes                // open, after wrong codes
	TooMany                   // there were too many wrong ones
	Expired
	Gone // replaced by a newer one, or its factor or user was deleted
)

// Message is a text message or an e-mail that was "sent".
type Message struct {
	N        uint64 // they count up
	ID       string
	Mail     bool
	To       string
	Body     string
	Code     string // empty if the body does not have it
	FactorID string // empty in an e-mail
	// ChallengeID is empty in an e-mail.
	ChallengeID string
	SentAt      time.Time
	Verdict     Verdict
	Until       time.Time // how long the code is valid, zero if it is gone
}

// Good reports whether the code of a message can still be used.
func (m Message) Good() bool { return m.Verdict == Open || m.Verdict == WrongCodes }

// Factor is a factor with its secrets and its newest challenges, oldest first.
type Factor struct {
	workos.Factor
	Challenges []Challenge
	VerifiedAt time.Time // the last verification, of any challenge; zero for none
	// UsedUntil is when an authenticator shows a code that was not used yet. It is zero
	// for factors without one.
	UsedUntil time.Time
}

// Challenge is a challenge with what became of it.
type Challenge struct {
	ID        string
	Verdict   Verdict
	Wrong     int // how many wrong codes it had
	CreatedAt time.Time
}

// User is a user with how many factors they have.
type User struct {
	workos.User
	Factors      int
	LastSignInAt time.Time // zero for never
}
