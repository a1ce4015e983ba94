package local

import (
	"fmt"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	accessTime  = 5 * time.Minute     // of an access token, as in WorkOS's documentation
	sessionTime = 30 * 24 * time.Hour // of a refresh token that is not used: a choice
)

// session is what a refresh token continues.
type session struct {
	ID     string    `json:"id"`
	UserID string    `json:"user_id"`
	Method string    `json:"method"`
	At     time.Time `json:"at"` // when its newest tokens were made
}

func (s session) expired(now time.Time) bool { return now.Sub(s.At) > sessionTime }

// startSession signs a user in.
func (r *request) startSession(u *user, method string) response {
	id, err := r.engine.ids.next(sessionPrefix, r.now)
	if err != nil {
		return internal(err)
	}
	u.LastSignInAt = r.now
	return r.issueTokens(u, session{ID: id, UserID: u.ID, Method: method})
}

// refreshSession gives new tokens for a refresh token, which works once.
func (r *request) refreshSession(in signIn) response {
	if resp := needs("refresh_token", in.RefreshToken); resp != nil {
		return *resp
	}
	s := r.Sessions[in.RefreshToken]
	u := r.Users[s.UserID]
	if u == nil || s.expired(r.now) {
		return oauthError("invalid_grant", "Invalid refresh token.") // recorded
	}
	if in.OrganizationID != "" { // there are none
		return oauthError("organization_not_found", fmt.Sprintf("Organization not found: '%s'. Organizations are not emulated.", in.OrganizationID))
	}
	delete(r.Sessions, in.RefreshToken)
	return r.issueTokens(u, s)
}

// issueTokens is the response to a sign-in that worked.
func (r *request) issueTokens(u *user, s session) response {
	access, err := r.accessToken(s)
	if err != nil {
		return internal(err)
	}
	refresh, err := newSecret(r.engine.opts.Rand)
	if err != nil {
		return internal(err)
	}
	s.At = r.now
	r.prune(r.now)
	r.Sessions[refresh] = s
	r.dirty = true
	return response{http.StatusOK, struct {
		User         wireUser `json:"user"`
		AccessToken  string   `json:"access_token"`
		RefreshToken string   `json:"refresh_token"`
		Method       string   `json:"authentication_method"`
	}{u.wire(), access, refresh, s.Method}}
}

// accessToken makes a JWT. It ends by the engine's clock, so that one that has ended can
// be had without a wait, by setting the clock back. But its iat is never ahead of the
// real time, since clients whose clock is right refuse a token of the future.
func (r *request) accessToken(s session) (string, error) {
	key, err := r.signingKey()
	if err != nil {
		return "", err
	}
	id, err := r.engine.ids.next("", r.now)
	if err != nil {
		return "", err
	}
	issued := r.now
	if now := r.engine.clock.now(); now.Before(issued) {
		issued = now
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, struct {
		jwt.RegisteredClaims        // in whole seconds, rounded down
		SessionID            string `json:"sid"`
	}{jwt.RegisteredClaims{
		Issuer: issuer(r.http), Subject: s.UserID, ID: id,
		IssuedAt: jwt.NewNumericDate(issued), ExpiresAt: jwt.NewNumericDate(r.now.Add(accessTime)),
	}, s.ID})
	token.Header["kid"] = key.ID
	text, err := token.SignedString(key.private)
	if err != nil {
		return "", fmt.Errorf("sign an access token: %w", err)
	}
	return text, nil
}

// issuer is the address of the API, as the client knows it.
func issuer(r *http.Request) string {
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}
