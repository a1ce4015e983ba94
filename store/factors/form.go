package factors

import (
	"errors"
	"fmt"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// Kind is a type of factor as it is offered for an enrollment.
type Kind struct {
	Type       workos.FactorType
	Name, Does string
	Short      string // Does in a few words
	When       string // when to take it
	Needs      string // what it needs
}

// Kinds are the types that can be enrolled.
func Kinds() []Kind {
	return []Kind{
		{workos.TOTP, "TOTP", "an authenticator app shows a code every 30 seconds", "an authenticator app",
			"for people with a smartphone; works offline, sends nothing",
			"needs an issuer and a user, and the app to scan a QR code"},
		{workos.SMS, "SMS", "the code arrives by text message", "a text message",
			"for people without an app; messages cost money, may get lost",
			"needs a phone number with its country code"},
		{workos.GenericOTP, TypeName(workos.GenericOTP), "you deliver the code yourself, for example by e-mail", "you deliver the code",
			"for any other channel: you get the code and pass it on",
			"needs no details"},
	}
}

// Field is a text that an enrollment asks for.
type Field struct {
	Name, Hint string
	Wire       string // the name of the API's parameter, empty for the label
	Optional   bool
	// Check returns a text as it is sent, or what is wrong with it.
	Check func(text string) (string, error)

	input string // what an [InputError] calls the field
	value func(*workos.EnrollFactorOpts) *string
}

// Set sets the parameter of an enrollment that the field is for. The label is none: it
// stays on this list.
func (f Field) Set(o *workos.EnrollFactorOpts, text string) {
	if f.value != nil {
		*f.value(o) = text
	}
}

// Fields are the texts that an enrollment of a type needs. [List.LabelField] comes after them.
func Fields(t workos.FactorType) []Field {
	switch t {
	case workos.TOTP:
		return []Field{
			{"Issuer", "your product, as the app shows it", "totp_issuer", false, checkName, "issuer",
				func(o *workos.EnrollFactorOpts) *string { return &o.TOTPIssuer }},
			{"User", "whose factor it is, often an e-mail address", "totp_user", false, checkName, "user",
				func(o *workos.EnrollFactorOpts) *string { return &o.TOTPUser }},
		}
	case workos.SMS:
		return []Field{{"Phone number", "with + and country code (E.164); spaces and dashes are fine", "phone_number", false,
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
const LabelHint = "your own name for this factor, on this list only"

// LabelField is the label of the factor with this ID, empty for one that is not
// enrolled yet. It is checked against the factors in memory; what saves it looks at the
// file as well.
func (l *List) LabelField(id string) Field {
	return Field{Name: "Label", Hint: LabelHint, Optional: true, Check: func(text string) (string, error) {
		label, err := l.checkLabel(id, text)
		return label, errors.Unwrap(err) // without the name of the field
	}}
}

// LabelSaved says what became of a label.
func LabelSaved(label string) string {
	if label == "" {
		return "label removed"
	}
	return "label saved"
}

// EnrollPreview is what a person will see of an enrollment.
func EnrollPreview(o workos.EnrollFactorOpts) string {
	switch o.Type {
	case workos.TOTP:
		return fmt.Sprintf("in the app: %s (%s)", words.Clean(o.TOTPIssuer), words.Clean(o.TOTPUser))
	case workos.SMS:
		return "codes go to " + SentTo(ToEnroll(o))
	}
	return "you deliver the codes"
}
