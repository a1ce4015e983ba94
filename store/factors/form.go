package factors

import (
	"strings"

	"mfa-tui/workos"
)

// Kind is a type of factor as it is offered for an enrollment.
type Kind struct {
	Type       workos.FactorType
	Name, Does string
}

// Kinds are the types that can be enrolled.
func Kinds() []Kind {
	return []Kind{
		{workos.TOTP, "TOTP", "an authenticator app shows a code every 30 seconds"},
		{workos.SMS, "SMS", "the code arrives by text message"},
		{workos.GenericOTP, TypeName(workos.GenericOTP), "you deliver the code yourself, for example by e-mail"},
	}
}

// Field is a text that an enrollment needs.
type Field struct {
	Name, Hint string
	Wire       string // the name of the API's parameter
	Check      func(string) error
}

// Fields are the texts that an enrollment of a type needs.
func Fields(t workos.FactorType) []Field {
	switch t {
	case workos.TOTP:
		return []Field{
			{"Issuer", "your product, as the app shows it", "totp_issuer", CheckName},
			{"User", "whose factor it is, often an e-mail address", "totp_user", CheckName},
		}
	case workos.SMS:
		return []Field{{"Phone number", "with + and country code (E.164); spaces and dashes are fine", "phone_number",
			func(text string) error { _, err := CheckPhone(text); return err }}}
	}
	return nil
}

// LabelHint says what a label is.
const LabelHint = "your own name for this factor"

// Set sets the parameter of an enrollment that the field is for.
func (f Field) Set(o *workos.EnrollFactorOpts, text string) {
	text = strings.TrimSpace(text)
	switch f.Wire {
	case "totp_issuer":
		o.TOTPIssuer = text
	case "totp_user":
		o.TOTPUser = text
	case "phone_number":
		o.PhoneNumber = text
		if n, err := CheckPhone(text); err == nil {
			o.PhoneNumber = n.E164
		}
	}
}
