package workos

import "strings"

// FactorType names the kind of an authentication factor as it is on the wire.
type FactorType string

// The factor types that can be enrolled.
const (
	TOTP       FactorType = "totp"        // an authenticator app, RFC 6238
	SMS        FactorType = "sms"         // a text message to a phone
	GenericOTP FactorType = "generic_otp" // a code that the caller delivers itself
)

// Name is the type as people call it.
func (t FactorType) Name() string {
	if t == GenericOTP {
		return "Generic OTP"
	}
	return strings.ToUpper(string(t))
}

// Factor is an authentication factor: something that a person can be
// challenged with. TOTP is set for a TOTP factor, SMS for an SMS factor,
// neither for a generic one. A zero time was absent from the response or unreadable.
type Factor struct {
	Object    factorObject `json:"object"`
	ID        string       `json:"id"`
	Type      FactorType   `json:"type"`
	UserID    string       `json:"user_id,omitempty"`
	TOTP      *TOTPDetails `json:"totp,omitempty"`
	SMS       *SMSDetails  `json:"sms,omitempty"`
	CreatedAt Time         `json:"created_at,omitzero"`
	UpdatedAt Time         `json:"updated_at,omitzero"`
}

// TOTPDetails describes a TOTP factor. Secret, QRCode and URI are the keys to
// the factor: WorkOS gives them in the response to the enrollment and never again.
type TOTPDetails struct {
	Issuer string `json:"issuer"`
	User   string `json:"user"`
	Secret string `json:"secret,omitempty"`  // base32 without padding
	QRCode string `json:"qr_code,omitempty"` // data URI of a PNG picture of URI
	URI    string `json:"uri,omitempty"`     // otpauth URI
}

// SMSDetails describes an SMS factor.
type SMSDetails struct {
	PhoneNumber string `json:"phone_number"` // E.164
}

// Challenge is a request to prove possession of a factor, open until it is
// verified or ExpiresAt (zero for TOTP, whose challenges do not expire).
type Challenge struct {
	Object    challengeObject `json:"object"`
	ID        string          `json:"id"`
	FactorID  string          `json:"authentication_factor_id"`
	Code      string          `json:"code,omitempty"` // only for GenericOTP
	ExpiresAt Time            `json:"expires_at,omitzero"`
	CreatedAt Time            `json:"created_at,omitzero"`
	UpdatedAt Time            `json:"updated_at,omitzero"`
}

// Verification is the result of checking a code against a challenge. With a wrong
// code Valid is false; that is not an error.
type Verification struct {
	Challenge Challenge `json:"challenge"`
	Valid     bool      `json:"valid"`
}

// User is a person in WorkOS User Management, to whom factors may belong.
type User struct {
	Object        userObject `json:"object"`
	ID            string     `json:"id"`
	Email         string     `json:"email"`
	EmailVerified bool       `json:"email_verified"`
	FirstName     string     `json:"first_name,omitempty"`
	LastName      string     `json:"last_name,omitempty"`
	Name          string     `json:"name,omitempty"`
	ExternalID    string     `json:"external_id,omitempty"`
	CreatedAt     Time       `json:"created_at,omitzero"`
	UpdatedAt     Time       `json:"updated_at,omitzero"`
}
