package local

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"mfa-tui/workos"
)

// The types of factors.
const (
	typeTOTP       = "totp"
	typeSMS        = "sms"
	typeGenericOTP = "generic_otp"
)

// factor is a factor as the engine keeps it.
type factor struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	UserID    string    `json:"user_id,omitempty"`
	Phone     string    `json:"phone,omitempty"`
	Issuer    string    `json:"issuer,omitempty"`
	User      string    `json:"user,omitempty"`
	Secret    string    `json:"secret,omitempty"`
	UsedStep  int64     `json:"used_step,omitempty"` // the newest time step whose code was accepted
	Challenge string    `json:"challenge,omitempty"` // the id of the newest one: its time does not tell, since the clock can be set
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// wireFactor is a factor on the wire.
type wireFactor struct {
	Object    string      `json:"object"`
	ID        string      `json:"id"`
	Type      string      `json:"type"`
	UserID    string      `json:"user_id,omitempty"`
	SMS       *wireSMS    `json:"sms,omitempty"`
	TOTP      *wireTOTP   `json:"totp,omitempty"`
	CreatedAt workos.Time `json:"created_at"`
	UpdatedAt workos.Time `json:"updated_at"`
}

type wireSMS struct {
	PhoneNumber string `json:"phone_number"`
}

type wireTOTP struct {
	Issuer string `json:"issuer"`
	User   string `json:"user"`
	Secret string `json:"secret,omitempty"`
	QRCode string `json:"qr_code,omitempty"` // the URI: drawPicture makes a picture of it
	URI    string `json:"uri,omitempty"`
}

// wire is the factor without its secrets.
func (f *factor) wire() wireFactor {
	w := wireFactor{
		Object: "authentication_factor", ID: f.ID, Type: f.Type, UserID: f.UserID,
		CreatedAt: workos.At(f.CreatedAt), UpdatedAt: workos.At(f.UpdatedAt),
	}
	switch f.Type {
	case typeSMS:
		w.SMS = &wireSMS{f.Phone}
	case typeTOTP:
		w.TOTP = &wireTOTP{Issuer: f.Issuer, User: f.User}
	}
	return w
}

// e164 is a phone number as ITU-T E.164 writes it.
var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// enrollFactor answers POST /auth/factors/enroll.
func (r *request) enrollFactor() response {
	var in struct {
		Type   string `json:"type"`
		Phone  string `json:"phone_number"`
		Issuer string `json:"totp_issuer"`
		User   string `json:"totp_user"`
		UserID string `json:"user_id"`
	}
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	if in.UserID != "" && r.Users[in.UserID] == nil {
		return notFound("User", in.UserID)
	}
	f := &factor{Type: in.Type, UserID: in.UserID}
	switch in.Type {
	case typeGenericOTP:
	case typeSMS:
		number := "+" + strings.TrimPrefix(in.Phone, "+") // WorkOS was recorded to take one without
		switch {
		case strings.TrimSpace(in.Phone) == "":
			return invalid("phone_number", notText("phone_number"))
		case !e164.MatchString(number):
			return unprocessable(codeInvalidPhoneNumber, invalidPhone(in.Phone))
		}
		f.Phone = number
	case typeTOTP:
		f.Issuer, f.User = in.Issuer, in.User
		w, resp := r.addTOTP(f)
		if resp != nil {
			return *resp
		}
		return response{http.StatusCreated, w}
	default:
		return invalid("type", notListed("type"))
	}
	if err := r.addFactor(f); err != nil {
		return internal(err)
	}
	return response{http.StatusCreated, f.wire()}
}

func invalidPhone(number string) string { return fmt.Sprintf("Phone number is invalid: '%s'", number) }

// addTOTP checks and adds a TOTP factor and returns it with its secrets, which
// are given only here. A factor without a secret gets one.
func (r *request) addTOTP(f *factor) (wireFactor, *response) {
	var missing []string
	if strings.TrimSpace(f.Issuer) == "" {
		missing = append(missing, "totp_issuer", notText("totp_issuer"))
	}
	if strings.TrimSpace(f.User) == "" {
		missing = append(missing, "totp_user", notText("totp_user"))
	}
	if missing != nil {
		return wireFactor{}, new(invalid(missing...))
	}
	if f.Secret == "" {
		secret, err := newSecret(r.engine.opts.Rand)
		if err != nil {
			return wireFactor{}, new(internal(err))
		}
		f.Secret = secret
	}
	uri := otpauthURI(f.Issuer, f.User, f.Secret)
	if len(uri) > maxQRText {
		return wireFactor{}, new(invalid("totp_issuer", "too_long", "totp_user", "too_long"))
	}
	if err := r.addFactor(f); err != nil {
		return wireFactor{}, new(internal(err))
	}
	w := f.wire()
	w.TOTP.Secret, w.TOTP.URI, w.TOTP.QRCode = f.Secret, uri, uri
	return w, nil
}

func (r *request) addFactor(f *factor) error {
	id, err := r.engine.ids.next(factorPrefix, r.now)
	if err != nil {
		return err
	}
	f.ID, f.CreatedAt, f.UpdatedAt = id, r.now, r.now
	r.putFactor(f)
	r.dirty = true
	return nil
}

// getFactor answers GET /auth/factors/{id}.
func (r *request) getFactor(f *factor) response {
	return response{http.StatusOK, f.wire()}
}

// deleteFactor answers DELETE /auth/factors/{id}, and deletes the factor's
// challenges too.
func (r *request) deleteFactor(f *factor) response {
	r.dropFactors(f)
	r.dirty = true
	return response{status: http.StatusNoContent}
}
