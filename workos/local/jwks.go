package local

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"math/big"
	"net/http"
)

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
	certificate, err := x509.ParseCertificate(key.Certificate)
	if err != nil {
		return internal(err)
	}
	public, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return internal(errors.New("the signing key is not of RSA"))
	}
	sum := sha256.Sum256(key.Certificate)
	text := base64.RawURLEncoding.EncodeToString
	return response{http.StatusOK, map[string][]jwk{"keys": {{
		Algorithm: "RS256", Type: "RSA", Use: "sig", ID: key.ID, Chain: [][]byte{key.Certificate}, Certificate: text(sum[:]),
		Modulus: text(public.N.Bytes()), Exponent: text(big.NewInt(int64(public.E)).Bytes()),
	}}}}
}
