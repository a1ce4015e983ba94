package local

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"
	"rsc.io/qr"
)

// The parameters of every TOTP factor: SHA-1, 6 digits, 30 seconds (RFC 6238 §4).
const (
	totpPeriod = 30 // seconds
	totpDrift  = 1  // steps that a clock may be off, either way
	secretBits = 160
)

var base32Secret = base32.StdEncoding.WithPadding(base32.NoPadding)

// newSecret makes a secret of 160 random bits, the length that RFC 4226 §4
// recommends, in base32 without padding.
func newSecret(random io.Reader) (string, error) {
	b := make([]byte, secretBits/8)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("make a secret: %w", err)
	}
	return base32Secret.EncodeToString(b), nil
}

// otpauthURI is the key URI that authenticator apps read. Default parameters are
// left out, since every character makes the QR code larger.
func otpauthURI(issuer, user, secret string) string {
	return "otpauth://totp/" + labelEscape(issuer) + ":" + labelEscape(user) +
		"?secret=" + secret + "&issuer=" + queryEscape(issuer)
}

// queryEscape writes a space as %20: authenticator apps show a + as it is.
func queryEscape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// labelEscape leaves the @ of an e-mail address, which needs no escape in a path.
func labelEscape(s string) string { return strings.ReplaceAll(queryEscape(s), "%40", "@") }

// maxQRText is how many bytes the largest QR code holds at level L.
const maxQRText = 2953

// What leads to the QR code in a response. The first can't come from a caller, whose texts
// have their quotes escaped and whose metadata holds no objects; the second alone could.
const (
	totpField    = `"totp":{`
	pictureField = `"qr_code":"`
)

// drawPicture puts the QR code, a data URI with a PNG, in place of its otpauth URI in an
// encoded response, as it is sent: that takes longer than all else, and the lock is free
// by then. So what is kept for an Idempotency-Key has no picture.
func drawPicture(body []byte) ([]byte, error) {
	start := max(0, bytes.Index(body, []byte(totpField)))
	at := bytes.Index(body[start:], []byte(pictureField+"otpauth:")) // a state of an older version has pictures
	if start == 0 || at < 0 {
		return body, nil
	}
	at += start + len(pictureField)
	end := at + bytes.IndexByte(body[at:], '"')
	var uri string
	if err := json.Unmarshal(body[at-1:end+1], &uri); err != nil {
		return nil, fmt.Errorf("read the URI of a QR code: %w", err)
	}
	code, err := qr.Encode(uri, qr.L)
	if err != nil {
		return nil, fmt.Errorf("make a QR code: %w", err)
	}
	picture := "data:image/png;base64," + base64.StdEncoding.EncodeToString(code.PNG())
	return slices.Concat(body[:at], []byte(picture), body[end:]), nil
}

// step is the number of the time step that t is in.
func step(t time.Time) int64 { return t.Unix() / totpPeriod }

// codeAt is the code of a time step.
func codeAt(secret string, step int64) (string, error) {
	code, err := totp.GenerateCodeCustom(secret, time.Unix(step*totpPeriod, 0), totp.ValidateOpts{
		Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", fmt.Errorf("compute a code: %w", err)
	}
	return code, nil
}

// accept checks a code. After that no code of its time step or an older one is
// accepted (RFC 6238 §5.2).
func (f *factor) accept(code string, now time.Time) (verdict, error) {
	v := verdictWrong
	for _, s := range []int64{step(now), step(now) - totpDrift, step(now) + totpDrift} {
		want, err := codeAt(f.Secret, s)
		if err != nil {
			return v, err
		}
		switch {
		case !equal(code, want):
		case s > f.UsedStep:
			f.UsedStep = s
			return verdictRight, nil
		default:
			v = verdictReused
		}
	}
	return v, nil
}

// equal compares codes in constant time.
func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// AuthenticatorCode returns the code that an authenticator app shows now for a
// TOTP factor, the next one, and when it shows that.
func (e *Engine) AuthenticatorCode(ctx context.Context, factorID string) (code, next string, until time.Time, err error) {
	var failed error
	err = e.transact(ctx, func(s *state) bool {
		f, ok := s.Factors[factorID]
		if !ok || f.Type != typeTOTP {
			failed = errors.New("the authenticator has no such factor")
			return false
		}
		code, next, until, failed = f.shows(e.Time())
		return false
	})
	return code, next, until, errors.Join(err, failed)
}

// shows is what an authenticator app shows for a TOTP factor.
func (f *factor) shows(at time.Time) (code, next string, until time.Time, err error) {
	now := step(at)
	if code, err = codeAt(f.Secret, now); err == nil {
		next, err = codeAt(f.Secret, now+1)
	}
	return code, next, time.Unix((now+1)*totpPeriod, 0), err
}

// validSecret reports whether a secret is base32 that codes can be computed from.
// Its length shows what the decoder ignores: line ends, and a last group of
// characters that holds no whole byte.
func validSecret(secret string) bool {
	secret = strings.TrimRight(secret, "=")
	b, err := base32Secret.DecodeString(secret)
	return err == nil && len(b) > 0 && base32Secret.EncodedLen(len(b)) == len(secret)
}
