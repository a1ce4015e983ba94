package local

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// pendingTime is how long the second factor may take.
const pendingTime = 10 * time.Minute

// The methods of signing in, which the second factor does not change.
const (
	methodPassword  = "Password"
	methodMagicAuth = "MagicAuth"
)

// pending is a sign-in that waits for its second factor.
type pending struct {
	UserID    string    `json:"user_id"`
	Method    string    `json:"method"`
	ExpiresAt time.Time `json:"expires_at"`
}

func (p pending) expired(now time.Time) bool { return now.After(p.ExpiresAt) }

// signIn is the body of a sign-in. Each grant has its own fields.
type signIn struct {
	GrantType    string `json:"grant_type"`
	ClientID     string `json:"client_id"`
	ClientSecret string `json:"client_secret"`

	Email          string `json:"email"`
	UserID         string `json:"user_id"` // instead of the address, in old SDKs
	Password       string `json:"password"`
	Code           string `json:"code"`
	PendingToken   string `json:"pending_authentication_token"`
	ChallengeID    string `json:"authentication_challenge_id"`
	RefreshToken   string `json:"refresh_token"`
	OrganizationID string `json:"organization_id"`

	IPAddress *string `json:"ip_address"` // of the person who signs in
	UserAgent *string `json:"user_agent"`
}

const (
	authenticatePath = "/user_management/authenticate"
	grantTOTP        = "urn:workos:oauth:grant-type:mfa-totp"
)

// grants are the ways to sign in that are emulated.
var grants = map[string]func(*request, signIn) response{
	"password": (*request).signInByPassword,
	"urn:workos:oauth:grant-type:magic-auth:code": (*request).signInByMagicAuth,
	grantTOTP:       (*request).signInByTOTP,
	"refresh_token": (*request).refreshSession,
}

// authenticate answers POST /user_management/authenticate. The client comes first: one
// that is refused neither gets nor leaves the response to an Idempotency-Key. A repeated
// key gets the tokens of the first response, even if they were used since: a lost
// response can be asked for again, and nothing is done twice.
func (r *request) authenticate() response {
	var in signIn
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	if !r.engine.takesClient(in.ClientID) {
		return oauthError("invalid_client", "Invalid client ID.") // guess: no recording
	}
	if !r.knowsKey(in.ClientSecret) {
		return oauthError("invalid_client", "Invalid client secret.") // guess: no recording
	}
	if resp := needs("grant_type", in.GrantType); resp != nil {
		return *resp
	}
	// Events have the first two, and the response that a key repeats has the code.
	if resp := tooLong(map[string]*string{"ip_address": in.IPAddress, "user_agent": in.UserAgent, "code": &in.Code}); resp != nil {
		return *resp
	}
	grant := grants[in.GrantType]
	if grant == nil { // guess: the code of RFC 6749 §5.2
		return oauthError("unsupported_grant_type", fmt.Sprintf("The grant type '%s' is not emulated; these are: %s.",
			in.GrantType, strings.Join(slices.Sorted(maps.Keys(grants)), ", ")))
	}
	return r.once(func(r *request) response { return grant(r, in) })
}

// nobody's password can't be right. The comparison with it takes as long as with a real
// one, so that the time does not tell whether there is a user.
var nobody = user{PasswordHash: "$2a$04$4vqkjL3F/n7Lq65ziYjIreFIjnZVpoklPquCNyP5CJVpCACidU6um"}

func (r *request) signInByPassword(in signIn) response {
	if resp := needs("email", in.Email, "password", in.Password); resp != nil {
		return *resp
	}
	u := r.userByEmail(in.Email)
	known := u != nil && u.PasswordHash != ""
	if !known {
		u = &nobody
	}
	// An unknown address was recorded as 404 in 2023; the description has this since.
	if !u.passwordIs(in.Password) || !known {
		return refused("invalid_credentials", "Invalid credentials.") // guess: the words
	}
	if err := u.rehash(in.Password); err != nil {
		return internal(err)
	}
	r.dirty = true
	return r.afterFirstFactor(u, methodPassword)
}

func (r *request) signInByMagicAuth(in signIn) response {
	if resp := needs("code", in.Code, "email", cmp.Or(in.Email, in.UserID)); resp != nil {
		return *resp
	}
	u := r.userByEmail(in.Email)
	if in.Email == "" {
		u = r.Users[in.UserID]
	}
	if u == nil { // recorded in 2023
		return notFound("User", cmp.Or(in.Email, in.UserID))
	}
	v, err := verdictWrong, error(nil)
	if m := r.index.magicAuths[u.ID]; m != nil && m.Email == u.Email { // else it came to an address that is no longer theirs
		v, err = r.try(&m.oneTime, m.compare(in.Code))
	}
	if resp := refusedCode(v, err, in.Code); resp != nil {
		return *resp
	}
	if !u.EmailVerified { // the code has come to the address
		u.EmailVerified, u.UpdatedAt = true, r.now
		if err := r.emit(userUpdated, u.wire()); err != nil {
			return internal(err)
		}
	}
	return r.afterFirstFactor(u, methodMagicAuth)
}

// signInByTOTP goes on with a sign-in. The token is checked before the code, which a bad
// token does not use, and neither does it count as a try.
func (r *request) signInByTOTP(in signIn) response {
	if resp := needs("code", in.Code, "pending_authentication_token", in.PendingToken, "authentication_challenge_id", in.ChallengeID); resp != nil {
		return *resp
	}
	p := r.Pending[in.PendingToken]
	u, c := r.Users[p.UserID], r.Challenges[in.ChallengeID]
	switch {
	case u == nil || p.expired(r.now):
		// recorded for another grant
		return refused("invalid_pending_authentication_token", fmt.Sprintf("The pending_authentication_token '%s' has expired or is invalid.", in.PendingToken))
	case c == nil:
		return notFound("Authentication Challenge", in.ChallengeID) // guess: no recording
	}
	f := r.Factors[c.FactorID] // it exists: a factor's challenges are deleted with it
	if f.UserID != u.ID {
		return refused("user_mismatch", "The authentication challenge is not of the user who signs in.") // guess: the words
	}
	v, err := r.tryChallenge(f, c, in.Code)
	if err == nil {
		err = r.emitMFA(u, in, v == verdictRight)
	}
	if resp := refusedCode(v, err, in.Code); resp != nil {
		return *resp
	}
	delete(r.Pending, in.PendingToken)
	return r.startSession(u, p.Method)
}

// refusedCode is the response to a code that does not sign in, nil for one that does. The
// codes are the description's; the words were recorded for a wrong TOTP code, and are
// guesses for the others.
func refusedCode(v verdict, err error, code string) *response {
	if err != nil {
		return new(internal(err))
	}
	var resp response
	switch v {
	case verdictRight:
		return nil
	case verdictWrong:
		resp = refused("invalid_one_time_code", fmt.Sprintf("The code '%s' has expired or is invalid.", code))
	case verdictReused, verdictVerified:
		resp = refused("one_time_code_previously_used", "The one-time code was used before.")
	case verdictExpired:
		resp = refused("one_time_code_expired", "The one-time code has expired.")
	case verdictTooMany:
		resp = refused(codeTooManyAttempts, "Too many wrong codes.")
	}
	return &resp
}

// pendingFactor is a factor in the response that asks for it.
type pendingFactor struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// secondFactor is the response to a sign-in that needs a second factor.
type secondFactor struct {
	Code    string          `json:"code"`
	Message string          `json:"message"`
	Token   string          `json:"pending_authentication_token"`
	Factors []pendingFactor `json:"authentication_factors,omitempty"`
	User    wireUser        `json:"user"`
}

// The words of it are those of the SDKs' tests.
const (
	mustChallenge = "The user must complete an MFA challenge to finish authenticating."
	mustEnroll    = "The user must enroll in MFA to finish authenticating."
)

// afterFirstFactor goes on after the first factor: to the second one, or to a session.
func (r *request) afterFirstFactor(u *user, method string) response {
	var enrolled []*factor
	for _, f := range r.factorsOf(u.ID) {
		if f.Type == typeTOTP {
			enrolled = append(enrolled, f)
		}
	}
	slices.SortFunc(enrolled, func(f, g *factor) int { return f.place().compare(g.place()) })
	var factors []pendingFactor
	for _, f := range enrolled {
		factors = append(factors, pendingFactor{f.ID, f.Type})
	}
	switch {
	case factors != nil:
		return r.requireMFA(u, method, codeMFAChallenge, mustChallenge, factors)
	case r.engine.opts.MFARequired || u.MFARequired:
		return r.requireMFA(u, method, codeMFAEnrollment, mustEnroll, nil)
	}
	return r.startSession(u, method)
}

// requireMFA makes a pending sign-in and says what it waits for.
func (r *request) requireMFA(u *user, method, code, message string, factors []pendingFactor) response {
	token, err := newSecret(r.engine.opts.Rand)
	if err != nil {
		return internal(err)
	}
	r.prune(r.now)
	r.Pending[token] = pending{UserID: u.ID, Method: method, ExpiresAt: r.now.Add(pendingTime)}
	r.dirty = true
	return response{http.StatusForbidden, secondFactor{code, message, token, factors, u.wire()}}
}
