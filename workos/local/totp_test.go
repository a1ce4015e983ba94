package local_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"image"
	_ "image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"mfa-tui/workos"
)

// hotp computes a code as RFC 4226 §5.3 says, apart from the library that the
// engine uses.
func hotp(t *testing.T, secret string, counter int64, digits int) string {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, key)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(counter)))
	sum := mac.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[19]&0xf:]) & 0x7fffffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

func (l *lab) code(f workos.Factor, steps int64) string {
	l.t.Helper()
	return hotp(l.t, f.TOTP.Secret, l.time().Unix()/30+steps, 6)
}

// rfcSecret is "12345678901234567890", the secret of the published vectors.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// rfcFactor enrolls a factor with the secret of the published vectors.
func (l *lab) rfcFactor() workos.Factor {
	l.t.Helper()
	u := bodyOf(l.t, l.raw("POST", "/user_management/users", `{"email":"alan@example.com"}`))
	id := u[strings.Index(u, "user_"):][:len("user_")+26]
	return ok(l.EnrollUserFactor(ctx, workos.EnrollUserFactorOpts{UserID: id, Type: workos.TOTP, TOTPSecret: rfcSecret}))(l.t).Factor
}

// RFC 4226, appendix D: the codes of the first ten counters, here time steps.
func TestRFC4226(t *testing.T) {
	for step, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} {
		if step == 0 {
			continue // no code is accepted in the very first step of 1970
		}
		l := newLab(t)
		f := l.rfcFactor()
		l.now = time.Unix(int64(step)*30, 0)
		if code, _, _, err := l.engine.AuthenticatorCode(ctx, f.ID); err != nil || code != want {
			t.Errorf("step %d: the authenticator shows %q, %v, want %q", step, code, err, want)
		}
		l.wants(true, l.challenge(f), want)
	}
}

// RFC 6238, appendix B, SHA-1: the last six of eight digits.
func TestRFC6238(t *testing.T) {
	for at, want := range map[int64]string{
		59: "94287082", 1111111109: "07081804", 1111111111: "14050471",
		1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130",
	} {
		l := newLab(t)
		f := l.rfcFactor()
		l.now = time.Unix(at, 0)
		l.wants(true, l.challenge(f), want[2:])
		if got := hotp(t, rfcSecret, at/30, 8); got != want {
			t.Errorf("the test's own codes are wrong: %s, want %s", got, want)
		}
	}
}

// A code is good only once, in whatever challenge, and so is every older one.
func TestReplay(t *testing.T) {
	l := newLab(t)
	f := l.totp()
	l.wants(true, l.challenge(f), l.code(f, 0))
	again := l.challenge(f)
	l.wants(false, again, l.code(f, 0))
	l.wants(false, again, l.code(f, -1))
	l.wants(true, again, l.code(f, 1))
	l.wait(30 * time.Second)
	l.wants(false, l.challenge(f), l.code(f, 0))
	l.wait(30 * time.Second)
	l.wants(true, l.challenge(f), l.code(f, 0))
}

// A code of one factor is nothing to another.
func TestCodesAreAFactorsOwn(t *testing.T) {
	l := newLab(t)
	a, b := l.totp(), l.totp()
	if a.TOTP.Secret == b.TOTP.Secret || a.ID == b.ID {
		t.Fatal("two factors are the same")
	}
	l.wants(false, l.challenge(a), l.code(b, 0))
}

func TestAuthenticator(t *testing.T) {
	l := newLab(t)
	f := l.totp()
	l.wait(7 * time.Second)
	code, _, until, err := l.engine.AuthenticatorCode(ctx, f.ID)
	if err != nil || code != l.code(f, 0) || !until.Equal(start.Add(30*time.Second)) {
		t.Errorf("%q until %s, %v", code, until, err)
	}
	for _, id := range []string{l.sms().ID, "auth_factor_x"} {
		if _, _, _, err := l.engine.AuthenticatorCode(ctx, id); err == nil {
			t.Errorf("the authenticator has a code of %s", id)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, _, _, err := l.engine.AuthenticatorCode(cancelled, f.ID); err != nil {
		t.Error(err) // in memory nothing waits
	}
}

// The enrollment's answer: a secret of 160 bits, an otpauth URI, and a picture of
// exactly that URI. No other answer has them.
func TestEnrollTOTP(t *testing.T) {
	for _, name := range []struct{ issuer, user, label, param string }{
		{"Foo Corp", "alan@example.com", "Foo%20Corp:alan@example.com", "Foo%20Corp"},
		{"A&B?=#%/+", "ü ñ", "A%26B%3F%3D%23%25%2F%2B:%C3%BC%20%C3%B1", "A%26B%3F%3D%23%25%2F%2B"},
		{"Foo: Corp", "a:b", "Foo%3A%20Corp:a%3Ab", "Foo%3A%20Corp"},
		{"日本", "x", "%E6%97%A5%E6%9C%AC:x", "%E6%97%A5%E6%9C%AC"},
	} {
		l := newLab(t)
		f := ok(l.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: name.issuer, TOTPUser: name.user}))(t)
		key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(f.TOTP.Secret)
		if err != nil || len(key) != 20 {
			t.Errorf("the secret %q has %d bytes, %v", f.TOTP.Secret, len(key), err)
		}
		if want := "otpauth://totp/" + name.label + "?secret=" + f.TOTP.Secret + "&issuer=" + name.param; f.TOTP.URI != want {
			t.Errorf("the URI is %q, want %q", f.TOTP.URI, want)
		}
		if u, err := url.Parse(f.TOTP.URI); err != nil || u.Query().Get("issuer") != name.issuer || u.Path != "/"+name.issuer+":"+name.user {
			t.Errorf("the URI reads as %v, %v", u, err)
		}
		if got := scan(t, f.TOTP.QRCode); got != f.TOTP.URI {
			t.Errorf("the picture shows %q, want %q", got, f.TOTP.URI)
		}
		if f.TOTP.Issuer != name.issuer || f.TOTP.User != name.user {
			t.Errorf("%+v", f.TOTP)
		}
		if again := ok(l.GetFactor(ctx, workos.GetFactorOpts{FactorID: f.ID}))(t); again.TOTP.Secret+again.TOTP.URI+again.TOTP.QRCode != "" {
			t.Errorf("the secrets are returned again: %+v", again.TOTP)
		}
	}
}

// A text of the caller's is no QR code, whatever its name.
func TestPictureOfAFactorOnly(t *testing.T) {
	s := newSignInSite(t)
	path := s.add(`{"email":"new@b.co","metadata":{"qr_code":"otpauth://totp/a"}}`)
	for _, data := range []any{s.must(200, "GET "+path, ""), s.must(200, "GET /events", "")["data"].([]any)[0].(map[string]any)["data"]} {
		if got := data.(map[string]any)["metadata"].(map[string]any)["qr_code"]; got != "otpauth://totp/a" {
			t.Errorf("the metadata became %.60q", got)
		}
	}
}

// scan reads a QR code in a data URI.
func scan(t *testing.T, uri string) string {
	t.Helper()
	data, found := strings.CutPrefix(uri, "data:image/png;base64,")
	if !found {
		t.Fatalf("no PNG: %.40q", uri)
	}
	img, _, err := image.Decode(bytes.NewReader(ok(base64.StdEncoding.DecodeString(data))(t)))
	if err != nil {
		t.Fatal(err)
	}
	bitmap := ok(gozxing.NewBinaryBitmapFromImage(img))(t)
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result.GetText()
}
