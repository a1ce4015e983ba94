package factors

import (
	"cmp"
	"context"
	"slices"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// Challenged is the result of Challenge.
type Challenged struct {
	Done
	Challenge workos.Challenge
}

// Challenge starts a challenge of a factor and notes it in the factor's history.
// message is the text of an SMS, with [CodePlaceholder]; empty for WorkOS's own.
func (l *List) Challenge(ctx context.Context, r store.Record, message string) (Challenged, error) {
	if err := cmp.Or(l.CheckThere(r), checkMessage(r, message)); err != nil {
		return Challenged{Done: Done{Record: r}}, err
	}
	ctx, cancel := Bounded(ctx)
	defer cancel()
	c, err := l.API.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: r.ID, SMSTemplate: message})
	if err != nil {
		return Challenged{Done: Done{Record: r}}, err
	}
	return Challenged{l.note(ctx, r, func(ctx context.Context) (store.Record, error) {
		return l.Store.Started(ctx, r.ID, c)
	}), c}, nil
}

// Checked is the result of Verify.
type Checked struct {
	Done
	// Result is the result of the challenge. A wrong code, an expired or used
	// challenge and too many wrong codes are results, not errors. The last wrong
	// code that a challenge takes is one too many.
	Result       store.Outcome
	Verification workos.Verification // if the code was compared
	WrongCodes   int                 // how many the challenge has had
	OnPurpose    bool                // a test server was asked for this result
}

// Ending says why the challenge takes no more codes, empty if it does.
func (c Checked) Ending() string {
	text := ending(c.Result)
	if text != "" && c.OnPurpose {
		text += " (made on purpose)"
	}
	return text
}

// Verify checks a code against a challenge and notes the result in the history of
// its factor. With a zero record, the factor is found by the challenge.
func (l *List) Verify(ctx context.Context, r store.Record, challengeID, code string) (Checked, error) {
	done := Checked{Done: Done{Record: r}}
	challengeID, err := checkChallengeID(challengeID)
	if err == nil {
		code, err = CheckCode(code)
	}
	if err != nil {
		return done, err
	}
	ctx, cancel := Bounded(ctx)
	defer cancel()
	v, err := l.API.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: challengeID, Code: code})
	result := resultOf(v, err)
	if result == "" {
		return done, err
	}
	r.ID = cmp.Or(r.ID, l.factorOf(challengeID), v.Challenge.FactorID)
	// A factor that is not in the file has its history in the caller's record alone.
	noted := l.note(ctx, r.Finished(challengeID, result, l.Now()), func(ctx context.Context) (store.Record, error) {
		return l.Store.Finished(ctx, r.ID, challengeID, result, l.Now())
	})
	wrong := wrongCodes(noted.Record, challengeID)
	if result == store.OutcomeWrongCode && l.CodeLimit > 0 && wrong >= l.CodeLimit {
		result = store.OutcomeTooManyAttempts // the next code would be refused
	}
	return Checked{noted, result, v, wrong, workos.IsOnPurpose(err)}, nil
}

// wrongCodes is how many wrong codes a challenge has had.
func wrongCodes(r store.Record, challengeID string) int {
	for _, a := range r.History {
		if a.ChallengeID == challengeID {
			return a.WrongCodes
		}
	}
	return 0
}

// resultOf is the result of a challenge, empty if the call failed.
func resultOf(v workos.Verification, err error) store.Outcome {
	switch {
	case workos.IsExpired(err):
		return store.OutcomeExpired
	case workos.IsAlreadyVerified(err):
		return store.OutcomeAlreadyVerified
	case workos.IsTooManyAttempts(err):
		return store.OutcomeTooManyAttempts
	case err != nil:
		return ""
	case v.Valid:
		return store.OutcomeVerified
	}
	return store.OutcomeWrongCode
}

// factorOf returns the ID of the factor that has a challenge in its history, empty
// if none has.
func (l *List) factorOf(challengeID string) string {
	for _, r := range l.Store.Records() {
		if slices.ContainsFunc(r.History, func(a store.Attempt) bool { return a.ChallengeID == challengeID }) {
			return r.ID
		}
	}
	return ""
}
