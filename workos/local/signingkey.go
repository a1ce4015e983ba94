package local

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"time"
)

const keyBits = 2048

// signingKey signs access tokens. A state has one from when it is needed first. It never
// changes, since clients cache it.
type signingKey struct {
	ID          string `json:"kid"`
	Private     []byte `json:"private"`     // PKCS #8
	Certificate []byte `json:"certificate"` // of the public half, signed by the key itself

	private *rsa.PrivateKey // parsed
}

// parse refuses a key with which nobody could sign in.
func (k *signingKey) parse() error {
	private, err := x509.ParsePKCS8PrivateKey(k.Private)
	if err != nil {
		return err
	}
	certificate, err := x509.ParseCertificate(k.Certificate)
	if err != nil {
		return err
	}
	key, ok := private.(*rsa.PrivateKey)
	if !ok || !key.PublicKey.Equal(certificate.PublicKey) || k.ID == "" {
		return errors.New("its parts do not belong together")
	}
	k.private = key
	return nil
}

func newSigningKey(id string, now time.Time) (*signingKey, error) {
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
	return &signingKey{ID: id, Private: encoded, Certificate: certificate, private: private}, errors.Join(err, encodeErr)
}

// makeKey makes the engine's signing key.
func (e *Engine) makeKey() (*signingKey, error) {
	id, err := e.ids.next(keyPrefix, e.Time())
	if err != nil {
		return nil, err
	}
	return newSigningKey(id, e.clock.now())
}

// withSigningKey makes the signing key before next runs, if the state has none: it takes too
// long for other requests to wait.
func (e *Engine) withSigningKey(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		missing := false
		// A state that can't be read is an error in next.
		_ = e.transact(r.Context(), func(s *state) bool { missing = s.SigningKey == nil; return false })
		if missing {
			_, _ = e.newKey() // next gets its error, too
		}
		next(w, r)
	}
}

func (r *request) signingKey() (*signingKey, error) {
	if r.SigningKey == nil {
		key, err := r.engine.newKey()
		if err != nil {
			return nil, fmt.Errorf("make the signing key: %w", err)
		}
		r.SigningKey, r.dirty = key, true
	}
	return r.SigningKey, nil
}

// jwk is the public half of the signing key on the wire (RFC 7517). Some SDKs need all of
// its fields.
type jwk struct {
	Algorithm   string   `json:"alg"`
	Type        string   `json:"kty"`
	Use         string   `json:"use"`
	Chain       [][]byte `json:"x5c"`
	Modulus     string   `json:"n"`
	Exponent    string   `json:"e"`
	ID          string   `json:"kid"`
	Certificate string   `json:"x5t#S256"`
}

// getJWKS answers GET /sso/jwks/{client_id}, for each client that may sign users in.
func (r *request) getJWKS() response {
	if id := r.http.PathValue("client_id"); !r.engine.takesClient(id) {
		return notFound("Client", id) // guess: no recording
	}
	key, err := r.signingKey()
	if err != nil {
		return internal(err)
	}
	sum := sha256.Sum256(key.Certificate)
	text := base64.RawURLEncoding.EncodeToString
	return response{http.StatusOK, map[string][]jwk{"keys": {{
		Algorithm: "RS256", Type: "RSA", Use: "sig", ID: key.ID, Chain: [][]byte{key.Certificate}, Certificate: text(sum[:]),
		Modulus: text(key.private.N.Bytes()), Exponent: text(big.NewInt(int64(key.private.E)).Bytes()),
	}}}}
}
