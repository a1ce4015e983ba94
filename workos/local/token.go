package local

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	accessTime  = 5 * time.Minute     // of an access token, as in WorkOS's documentation
	sessionTime = 30 * 24 * time.Hour // of a refresh token that is not used: a choice
	keyBits     = 2048
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
	u.signedIn(r.now)
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
	private, err := x509.ParsePKCS8PrivateKey(key.Private)
	if err != nil {
		return "", fmt.Errorf("read the signing key: %w", err)
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
	text, err := token.SignedString(private)
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

// signingKey signs access tokens. A state has one from when it is needed first. It never
// changes, since clients cache it.
type signingKey struct {
	ID          string `json:"kid"`
	Private     []byte `json:"private"`     // PKCS #8
	Certificate []byte `json:"certificate"` // of the public half, signed by the key itself
}

func (r *request) signingKey() (*signingKey, error) {
	if r.SigningKey == nil {
		key, err := newSigningKey(r.engine.clock.now())
		if err != nil {
			return nil, fmt.Errorf("make the signing key: %w", err)
		}
		if key.ID, err = r.engine.ids.next(keyPrefix, r.now); err != nil {
			return nil, err
		}
		r.SigningKey, r.dirty = key, true
	}
	return r.SigningKey, nil
}

// check refuses a key with which nobody could sign in.
func (k *signingKey) check() error {
	private, err := x509.ParsePKCS8PrivateKey(k.Private)
	if err != nil {
		return err
	}
	certificate, err := x509.ParseCertificate(k.Certificate)
	if err != nil {
		return err
	}
	if key, ok := private.(*rsa.PrivateKey); !ok || !key.PublicKey.Equal(certificate.PublicKey) || k.ID == "" {
		return errors.New("its parts do not belong together")
	}
	return nil
}

func newSigningKey(now time.Time) (*signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mfa-tui local engine"},
		NotBefore: now, NotAfter: now.AddDate(10, 0, 0),
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	encoded, encodeErr := x509.MarshalPKCS8PrivateKey(private)
	return &signingKey{Private: encoded, Certificate: certificate}, errors.Join(err, encodeErr)
}
