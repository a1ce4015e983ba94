package factors

import "mfa-tui/workos"

// Kind is a type of factor as it is offered for an enrollment.
type Kind struct {
	Type       workos.FactorType
	Name, Does string
	Short      string // Does in a few words
}

// Kinds are the types that can be enrolled.
func Kinds() []Kind {
	return []Kind{
		{workos.TOTP, "TOTP", "an authenticator app shows a code every 30 seconds", "an authenticator app"},
		{workos.SMS, "SMS", "the code arrives by text message", "a text message"},
		{workos.GenericOTP, TypeName(workos.GenericOTP), "you deliver the code yourself, for example by e-mail", "you deliver the code"},
	}
}

// Field is a text that an enrollment needs.
type Field struct {
	Name, Hint string
	Wire       string // the name of the API's parameter
	// Check returns a text as it is sent, or what is wrong with it.
	Check func(text string) (string, error)

	input string // what an [InputError] calls the field
	value func(*workos.EnrollFactorOpts) *string
}

// Set sets the parameter of an enrollment that the field is for.
func (f Field) Set(o *workos.EnrollFactorOpts, text string) { *f.value(o) = text }

// Fields are the texts that an enrollment of a type needs.
func Fields(t workos.FactorType) []Field {
	switch t {
	case workos.TOTP:
		return []Field{
			{"Issuer", "your product, as the app shows it", "totp_issuer", checkName, "issuer",
				func(o *workos.EnrollFactorOpts) *string { return &o.TOTPIssuer }},
			{"User", "whose factor it is, often an e-mail address", "totp_user", checkName, "user",
				func(o *workos.EnrollFactorOpts) *string { return &o.TOTPUser }},
		}
	case workos.SMS:
		return []Field{{"Phone number", "with + and country code (E.164); spaces and dashes are fine", "phone_number",
			func(text string) (string, error) { n, err := CheckPhone(text); return n.E164, err }, "phone",
			func(o *workos.EnrollFactorOpts) *string { return &o.PhoneNumber }}}
	}
	return nil
}

// checkEnrollment returns an enrollment as it is sent, or what is wrong with a field.
func checkEnrollment(opts workos.EnrollFactorOpts) (workos.EnrollFactorOpts, error) {
	for _, f := range Fields(opts.Type) {
		text, err := f.Check(*f.value(&opts))
		if err != nil {
			return opts, at(f.input, err)
		}
		f.Set(&opts, text)
	}
	return opts, nil
}

// LabelHint says what a label is.
const LabelHint = "your own name for this factor"
