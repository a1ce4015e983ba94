package factors

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"mfa-tui/store"
	"mfa-tui/store/factors/phone"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// InputError is a mistake in what was typed: nobody was called.
type InputError struct {
	Field string // what it was typed for, e.g. "issuer"; empty if the text says it
	Err   error
}

// Error tells what is wrong with which field.
func (e *InputError) Error() string {
	if e.Field == "" {
		return e.Err.Error()
	}
	return e.Field + ": " + e.Err.Error()
}

// Unwrap returns what is wrong, without the field.
func (e *InputError) Unwrap() error { return e.Err }

func refuse(field, format string, args ...any) error {
	return &InputError{field, fmt.Errorf(format, args...)}
}

// at says which field an error is about; nil stays nil.
func at(field string, err error) error {
	if err == nil {
		return nil
	}
	return &InputError{field, err}
}

// The parts of IDs that all have in common.
const (
	factorPrefix    = "auth_factor_"
	challengePrefix = "auth_challenge_"
)

// IDHint says what the ID of a factor looks like.
const IDHint = factorPrefix + " and letters and digits"

// factorID is a prefix and, at WorkOS, a ULID; in the seed of a server it is
// whatever its author chose.
var factorID = regexp.MustCompile(`^` + factorPrefix + `[0-9A-Za-z]+$`)

// CheckID returns the ID of a factor without spaces around it.
func CheckID(id string) (string, error) {
	id = strings.TrimSpace(id)
	if !factorID.MatchString(id) {
		return "", refuse("", "%q is not a factor ID: %s", words.Clean(id), IDHint)
	}
	return id, nil
}

func checkChallengeID(id string) (string, error) {
	id = strings.TrimSpace(id)
	if !strings.HasPrefix(id, challengePrefix) {
		return "", refuse("", "%q is not a challenge ID: %s and letters and digits", words.Clean(id), challengePrefix)
	}
	return id, nil
}

// checkEnrollment checks what a type of factor needs and returns it as it is sent.
func checkEnrollment(opts workos.EnrollFactorOpts) (workos.EnrollFactorOpts, error) {
	switch opts.Type {
	case workos.TOTP:
		opts.TOTPIssuer, opts.TOTPUser = strings.TrimSpace(opts.TOTPIssuer), strings.TrimSpace(opts.TOTPUser)
		if err := at("issuer", CheckName(opts.TOTPIssuer)); err != nil {
			return opts, err
		}
		return opts, at("user", CheckName(opts.TOTPUser))
	case workos.SMS:
		n, err := CheckPhone(opts.PhoneNumber)
		opts.PhoneNumber = n.E164
		return opts, at("phone", err)
	}
	return opts, nil
}

// CheckName checks an issuer or a user. A colon would end the issuer in the label
// of the otpauth URI.
func CheckName(name string) error {
	switch {
	case strings.TrimSpace(name) == "":
		return errors.New("must not be empty")
	case strings.Contains(name, ":"):
		return errors.New("must not contain a colon: in the QR code it separates issuer and user")
	}
	return nil
}

// CheckPhone reads a phone number as people type it. The error wraps
// [phone.ErrTooShort] if more digits may make it right; then the number has what
// is known so far.
func CheckPhone(text string) (phone.Number, error) {
	n, err := phone.Parse(text)
	switch {
	case errors.Is(err, phone.ErrTooShort) && n.Country == "":
		return n, fmt.Errorf("%w: + and the country code, then the number", err)
	case err != nil && n.Country != "":
		return n, fmt.Errorf("%s: %w", n.Country, err)
	}
	return n, err
}

// LabelLimit is the length of the longest label, in characters.
const LabelLimit = 60

// CheckLabel returns a label, cleaned, if it names the factor with this ID alone;
// id is empty for a factor to come. An empty label is no label.
func (l *List) CheckLabel(id, label string) (string, error) {
	label = strings.TrimSpace(words.Clean(label))
	switch {
	case label == "":
		return "", nil
	case utf8.RuneCountInString(label) > LabelLimit:
		return "", refuse("label", "at most %d characters", LabelLimit)
	case strings.HasPrefix(label, factorPrefix):
		return "", refuse("label", "%q looks like a factor ID", label)
	}
	_, _ = l.Store.Reload() // trouble with the file is told when it is written to
	for _, r := range l.Store.Records() {
		if r.ID != id && words.Clean(r.Label) == label {
			return "", refuse("label", "%q already names %s", label, FullName(r))
		}
	}
	return label, nil
}

// The text of an SMS.
const (
	CodePlaceholder = "{{code}}"                            // becomes the code
	DefaultMessage  = "Your verification code is {{code}}." // what a message is if nobody writes another
)

// CheckMessage checks the text of an SMS.
func CheckMessage(text string) error {
	if !strings.Contains(text, CodePlaceholder) {
		return errors.New("add " + CodePlaceholder + ": without it no code is sent")
	}
	return nil
}

// checkMessage checks the text that goes with a challenge, if there is one.
func checkMessage(r store.Record, text string) error {
	switch {
	case text == "":
		return nil
	case r.Type != workos.SMS:
		return refuse("message", "only for SMS factors; %s is of type %s", FullName(r), TypeName(r.Type))
	}
	return at("message", CheckMessage(text))
}

// codeLength is how many digits a code has.
const codeLength = 6

// CheckCode returns the digits of a code, which people write in groups. The error
// is without the digits, which may be right.
func CheckCode(text string) (string, error) {
	code := strings.NewReplacer("-", "").Replace(strings.Join(strings.Fields(text), ""))
	if len(code) != codeLength || strings.Trim(code, "0123456789") != "" {
		return "", refuse("", "a code has six digits")
	}
	return code, nil
}

// CanChallenge reports whether factors of a type can be challenged with a code here.
func CanChallenge(t workos.FactorType) bool {
	return t == workos.TOTP || t == workos.SMS || t == workos.GenericOTP
}
