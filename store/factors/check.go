package factors

import (
	"cmp"
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

// InputError is a mistake in what was typed. No call was made.
type InputError struct {
	Field string // what it was typed for, e.g. "issuer"; empty if the text says it
	Err   error
}

// Error says what is wrong with which field.
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

// How IDs begin.
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
		return "", refuse("", "%q is not a factor ID (%s)", words.Clean(id), IDHint)
	}
	return id, nil
}

// challengeID is as factorID.
var challengeID = regexp.MustCompile(`^` + challengePrefix + `[0-9A-Za-z]+$`)

// checkChallengeID returns the ID of a challenge without spaces around it. What is
// something else may be a code, which no error repeats.
func checkChallengeID(id string) (string, error) {
	id = strings.TrimSpace(id)
	first, _, more := strings.Cut(id, "\n")
	switch _, err := CheckCode(id); {
	case challengeID.MatchString(id):
		return id, nil
	case err == nil:
		return "", refuse("", "the challenge ID comes first, then the code")
	case more && challengeID.MatchString(strings.TrimSpace(first)):
		return "", refuse("", "that is a challenge ID and more: pass the first line alone, or take the ID from mfa-tui challenge --json")
	}
	return "", refuse("", "%q is not a challenge ID (%s and letters and digits)", words.Clean(id), challengePrefix)
}

// checkName returns an issuer or a user, cleaned, without spaces around it. A colon would end
// the issuer in the label of the otpauth URI.
func checkName(name string) (string, error) {
	name = strings.TrimSpace(words.Clean(name))
	switch {
	case name == "":
		return "", errors.New("must not be empty")
	case strings.Contains(name, ":"):
		return "", errors.New("must not contain a colon: in the QR code it separates issuer and user")
	}
	return name, nil
}

// CheckPhone reads a phone number as people type it. The error wraps
// [phone.ErrTooShort] if the number may only be unfinished; what is known of it so
// far is returned with the error.
func CheckPhone(text string) (phone.Number, error) {
	n, err := phone.Parse(text)
	switch {
	case errors.Is(err, phone.ErrTooShort) && n.Country == "":
		return n, fmt.Errorf("%w: + and the country code, then the number", err)
	case n.Country != "" && (errors.Is(err, phone.ErrTooShort) || errors.Is(err, phone.ErrTooLong)):
		of := "a number in " + n.Country
		if n.Country == "United States" {
			of = "a US number"
		}
		return n, fmt.Errorf("%w for %s", err, of)
	case err != nil && n.Country != "":
		return n, fmt.Errorf("%s: %w", n.Country, err)
	}
	return n, err
}

// PhoneRemark is what a person can compare a phone number with: how it is written,
// its country, and whether such numbers are in use.
func PhoneRemark(n phone.Number) string {
	text := n.Text + " · " + cmp.Or(n.Country, "no country")
	if !n.Used {
		text += " · not known to be in use"
	}
	return text
}

// LabelLimit is the length of the longest label, in characters.
const LabelLimit = 60

// CheckLabel returns a label, cleaned, if no factor but the one with this ID has it.
// id is empty for a factor that is not enrolled yet. An empty label is no label.
func (l *List) CheckLabel(id, label string) (string, error) {
	_, _ = l.Store.Reload() // an error is reported when the file is written to
	return l.checkLabel(id, label)
}

// checkLabel is CheckLabel with the factors that are in memory.
func (l *List) checkLabel(id, label string) (string, error) {
	label, err := cleanLabel(label)
	if label == "" || err != nil {
		return "", err
	}
	for _, r := range l.Store.Records() {
		switch {
		case r.ID == id:
		case words.Clean(r.Label) == label:
			return "", taken(label, FullName(r))
		case begins(r.ID, label): // and would no longer find it
			return "", refuse("label", "%q is the beginning of the ID of %s", label, FullName(r))
		}
	}
	return label, nil
}

// taken is the error of a label that a factor has.
func taken(label, name string) error { return refuse("label", "%q already names %s", label, name) }

// cleanLabel returns a label, cleaned, whoever else has it.
func cleanLabel(label string) (string, error) {
	label = strings.TrimSpace(words.Clean(label))
	switch {
	case utf8.RuneCountInString(label) > LabelLimit:
		return "", refuse("label", "at most %d characters", LabelLimit)
	case strings.HasPrefix(label, factorPrefix):
		return "", refuse("label", "%q looks like a factor ID", label)
	}
	return label, nil
}

// keyLimit is the length of the longest Idempotency-Key, in characters.
const keyLimit = 255

// CheckKey returns an Idempotency-Key. No key is an error, since it would stand for a
// new one, which may enroll a second factor.
func CheckKey(key string) (string, error) {
	unprintable := func(r rune) bool { return r <= ' ' || r > '~' }
	switch {
	case key == "":
		return "", errors.New("must not be empty: that would be a new key, and may enroll a second factor")
	case len(key) > keyLimit || strings.ContainsFunc(key, unprintable):
		return "", fmt.Errorf("at most %d ASCII characters, no spaces", keyLimit)
	}
	return key, nil
}

// codeLength is how many digits a code has.
const codeLength = 6

// CheckCode returns the digits of a code, which people write in groups. The error
// does not repeat the digits, which may be right.
func CheckCode(text string) (string, error) {
	code := strings.ReplaceAll(strings.Join(strings.Fields(text), ""), "-", "")
	switch {
	case strings.Trim(code, "0123456789") != "" || code == "":
		return "", refuse("", "a code has %d digits", codeLength)
	case len(code) != codeLength:
		return "", refuse("", "a code has %d digits; this one has %d", codeLength, len(code))
	}
	return code, nil
}

// CheckThere returns why nothing can be done with a factor at WorkOS: it is known to
// be gone there.
func (l *List) CheckThere(r store.Record) error {
	if r.GoneAt.IsZero() {
		return nil
	}
	return fmt.Errorf("%s is gone at %s (%w): remove it from the list, or refresh it", FullName(r), l.Service(), ErrNotFound)
}

// CanChallenge reports whether factors of a type can be challenged with a code here.
func CanChallenge(t workos.FactorType) bool {
	return t == workos.TOTP || t == workos.SMS || t == workos.GenericOTP
}
