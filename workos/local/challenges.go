package local

import (
	"cmp"
	"fmt"
	"net/http"
	"time"
	"unicode/utf8"

	"mfa-tui/workos"
)

// MaxWrongCodes is how many wrong codes a challenge takes; the next one is refused
// with one_time_code_too_many_attempts. WorkOS does not publish its number: this
// one is the engine's own choice.
const MaxWrongCodes = 5

const (
	// challengeTime is how long the code of an SMS or generic factor is valid.
	challengeTime = 10 * time.Minute

	defaultTemplate = "Your verification code is {{code}}."
	codePlaceholder = "{{code}}"

	// maxTemplate is how many characters a text message has at most: as many as ten
	// messages of 160. guess: no recording
	maxTemplate = 1600
)

// challenge is a challenge as the engine keeps it.
type challenge struct {
	ID       string `json:"id"`
	FactorID string `json:"factor_id"`
	oneTime
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// oneTime is a code that works once, and what was tried with it.
type oneTime struct {
	Code       string    `json:"code,omitempty"`      // empty for TOTP
	ExpiresAt  time.Time `json:"expires_at,omitzero"` // zero for TOTP
	Wrong      int       `json:"wrong,omitempty"`
	Verified   bool      `json:"verified,omitempty"`
	VerifiedAt time.Time `json:"verified_at,omitzero"` // zero also in a state of an older version
}

// verdict is what becomes of a code.
type verdict int

const (
	verdictRight    verdict = iota
	verdictWrong            // also one that would be right later, or was earlier
	verdictReused           // a TOTP code that has worked, or an older one
	verdictVerified         // another code, or this one, was right before
	verdictExpired          // the time of the right one is over
	verdictTooMany          // there were MaxWrongCodes before
)

// wireChallenge is a challenge on the wire.
type wireChallenge struct {
	Object    string      `json:"object"`
	ID        string      `json:"id"`
	ExpiresAt workos.Time `json:"expires_at,omitzero"`
	Code      string      `json:"code,omitempty"`
	FactorID  string      `json:"authentication_factor_id"`
	CreatedAt workos.Time `json:"created_at"`
	UpdatedAt workos.Time `json:"updated_at"`
}

// open reports whether a right code would still be accepted.
func (c *oneTime) open(now time.Time) bool {
	return !c.Verified && !c.expired(now) && c.Wrong < MaxWrongCodes
}

func (c *oneTime) expired(now time.Time) bool {
	return !c.ExpiresAt.IsZero() && now.After(c.ExpiresAt)
}

// wire is the challenge without its code.
func (c *challenge) wire() wireChallenge {
	return wireChallenge{
		Object: "authentication_challenge", ID: c.ID, FactorID: c.FactorID,
		ExpiresAt: workos.At(c.ExpiresAt), CreatedAt: workos.At(c.CreatedAt), UpdatedAt: workos.At(c.UpdatedAt),
	}
}

// wireFor is the challenge of a factor, with its code if the caller delivers that.
func (c *challenge) wireFor(f *factor) wireChallenge {
	w := c.wire()
	if f.Type == typeGenericOTP {
		w.Code = c.Code
	}
	return w
}

// challengeFactor answers POST /auth/factors/{id}/challenge.
func (r *request) challengeFactor(f *factor) response {
	var in struct {
		Template string `json:"sms_template"`
	}
	if len(r.body) > 0 {
		if resp := r.decode(&in); resp != nil {
			return *resp
		}
	}
	if utf8.RuneCountInString(in.Template) > maxTemplate {
		return invalid("sms_template", fmt.Sprintf("sms_template must be at most %d characters", maxTemplate))
	}
	c, err := r.addChallenge(f)
	if err != nil {
		return internal(err)
	}
	if f.Type == typeSMS {
		r.send(Message{To: f.Phone, Body: cmp.Or(in.Template, defaultTemplate), Code: c.Code, ChallengeID: c.ID, FactorID: c.FactorID})
	}
	return response{http.StatusCreated, c.wireFor(f)}
}

// addChallenge opens a challenge. All but those of TOTP have a code and expire.
func (r *request) addChallenge(f *factor) (*challenge, error) {
	id, err := r.engine.ids.next(challengePrefix, r.now)
	if err != nil {
		return nil, err
	}
	c := &challenge{ID: id, FactorID: f.ID, CreatedAt: r.now, UpdatedAt: r.now}
	if f.Type != typeTOTP {
		if c.Code, err = r.engine.newCode(f.Phone); err != nil {
			return nil, err
		}
		c.ExpiresAt = r.now.Add(challengeTime)
	}
	r.prune(r.now)
	r.putChallenge(c)
	f.Challenge = c.ID
	r.dirty = true
	return c, nil
}

// verifyChallenge answers POST /auth/challenges/{id}/verify.
func (r *request) verifyChallenge(c *challenge) response {
	var in struct {
		Code string `json:"code"`
	}
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	if in.Code == "" {
		return invalid("code", notText("code"))
	}
	f := r.Factors[c.FactorID] // it exists: a factor's challenges are deleted with it
	v, err := r.tryChallenge(f, c, in.Code)
	switch {
	case err != nil:
		return internal(err)
	case v == verdictVerified:
		return unprocessable(codeAlreadyVerified, fmt.Sprintf("The authentication challenge '%s' has already been verified.", c.ID))
	case v == verdictExpired:
		return unprocessable(codeExpired, fmt.Sprintf("The authentication challenge '%s' has expired.", c.ID))
	case v == verdictTooMany:
		return refused(codeTooManyAttempts, "Too many wrong codes on this challenge.")
	}
	// WorkOS was recorded to leave updated_at as it was.
	return response{http.StatusCreated, struct {
		Challenge wireChallenge `json:"challenge"`
		Valid     bool          `json:"valid"`
	}{c.wireFor(f), v == verdictRight}}
}

// tryChallenge decides about a code, for a verification and a sign-in alike.
func (r *request) tryChallenge(f *factor, c *challenge, code string) (verdict, error) {
	if f.Type != typeTOTP {
		return r.try(&c.oneTime, c.compare(code))
	}
	return r.try(&c.oneTime, func() (verdict, error) { return f.accept(code, r.now) })
}

// try compares a code with the right one, if a code can still be right, and counts it.
func (r *request) try(c *oneTime, compare func() (verdict, error)) (verdict, error) {
	switch {
	case c.Verified:
		return verdictVerified, nil
	case c.expired(r.now):
		return verdictExpired, nil
	case c.Wrong >= MaxWrongCodes:
		return verdictTooMany, nil
	}
	v, err := compare()
	switch {
	case err != nil:
		return v, err
	case v == verdictRight:
		c.Verified, c.VerifiedAt = true, r.now
	default:
		c.Wrong++
	}
	r.dirty = true
	return v, nil
}

// compare returns a comparison with a code that was sent.
func (c *oneTime) compare(code string) func() (verdict, error) {
	return func() (verdict, error) {
		if equal(code, c.Code) {
			return verdictRight, nil
		}
		return verdictWrong, nil
	}
}
