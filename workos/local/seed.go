package local

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"go.yaml.in/yaml/v4"
)

// Seed is what an engine has from the start, with ids and secrets that do not
// change, so that a test can be repeated. The names in a seed file are those of
// the API.
type Seed struct {
	Users   []SeedUser   `yaml:"users"`
	Factors []SeedFactor `yaml:"factors"`
	// FixedCodes are the codes that phone numbers and e-mail addresses always get.
	FixedCodes map[string]string `yaml:"fixed_codes"`
}

// SeedUser is a user of a seed. CreatedAt is the engine's time by default.
type SeedUser struct {
	ID            string            `yaml:"id"`
	Email         string            `yaml:"email"`
	EmailVerified bool              `yaml:"email_verified"`
	FirstName     string            `yaml:"first_name"`
	LastName      string            `yaml:"last_name"`
	Name          string            `yaml:"name"`
	ExternalID    string            `yaml:"external_id"`
	Locale        string            `yaml:"locale"`
	Metadata      map[string]string `yaml:"metadata"`
	Password      string            `yaml:"password"`
	MFA           string            `yaml:"mfa"` // "required" if a sign-in needs a factor
	CreatedAt     time.Time         `yaml:"created_at"`
}

// mfaRequired is what mfa says of a user who can't sign in without a factor.
const mfaRequired = "required"

// user is the user that a seed describes.
func (u SeedUser) user(at time.Time) *user {
	hash := ""
	if u.Password != "" {
		hash, _ = hashPassword(u.Password) // it fails only for one that check refuses
	}
	return &user{
		ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerified, FirstName: u.FirstName, LastName: u.LastName, Name: u.Name,
		ExternalID: u.ExternalID, Locale: u.Locale, Metadata: u.Metadata, PasswordHash: hash, MFARequired: u.MFA == mfaRequired,
		CreatedAt: at, UpdatedAt: at,
	}
}

// SeedFactor is a factor of a seed. CreatedAt is the engine's time by default.
type SeedFactor struct {
	ID          string    `yaml:"id"`
	Type        string    `yaml:"type"`
	UserID      string    `yaml:"user_id"`
	PhoneNumber string    `yaml:"phone_number"`
	Issuer      string    `yaml:"totp_issuer"`
	User        string    `yaml:"totp_user"`
	Secret      string    `yaml:"totp_secret"` // base32
	CreatedAt   time.Time `yaml:"created_at"`
}

// SeedError is a mistake in a seed, with its line and column, both counted from 1.
type SeedError struct {
	Line, Column int
	Message      string
}

func (e *SeedError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message) }

// ParseSeed reads a seed in YAML, or in JSON. What is wrong with it is a [*SeedError].
func ParseSeed(data []byte) (*Seed, error) {
	var s Seed
	var doc yaml.Node
	loader, err := yaml.NewLoader(bytes.NewReader(fromJSON(data)))
	if err == nil {
		err = loader.Load(&doc)
	}
	if errors.Is(err, io.EOF) { // an empty file
		return &s, nil
	}
	if err == nil {
		err = doc.Load(&s, yaml.WithKnownFields())
	}
	if err != nil {
		return nil, seedError(err, data)
	}
	var second yaml.Node
	if err := loader.Load(&second); err == nil {
		return nil, &SeedError{second.Line, second.Column, "a seed must be a single document"}
	} else if !errors.Is(err, io.EOF) {
		return nil, seedError(err, data)
	}
	for _, list := range []string{"users", "factors"} {
		for _, entry := range under(doc.Content[0], list).Content {
			if entry.ShortTag() == "!!null" { // Load leaves it out
				return nil, &SeedError{entry.Line, entry.Column, "there is nothing after the dash"}
			}
		}
	}
	if list, i, field, message := s.check(); message != "" {
		at := &doc // it may be merged in with <<
		switch entries := under(doc.Content[0], list); {
		case entries.Kind == yaml.MappingNode:
			at = entries
		case i < len(entries.Content):
			at = entries.Content[i]
		}
		if value := under(at, field); value.Line > 0 {
			at = value
		}
		return nil, &SeedError{at.Line, at.Column, message}
	}
	return &s, nil
}

// fixedCodes is the name of the fixed codes in a seed.
const fixedCodes = "fixed_codes"

// surrogates are two escapes of JSON that stand for one character together.
var surrogates = regexp.MustCompile(`\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)|\\.`)

// fromJSON returns JSON as YAML, which includes all of it but surrogates. Anything
// else it returns as it is.
func fromJSON(data []byte) []byte {
	if !json.Valid(data) {
		return data
	}
	return surrogates.ReplaceAllFunc(data, func(escape []byte) []byte {
		pair := surrogates.FindSubmatch(escape)
		if pair[1] == nil {
			return escape
		}
		high, _ := strconv.ParseUint(string(pair[1]), 16, 16) // the JSON is valid
		low, _ := strconv.ParseUint(string(pair[2]), 16, 16)
		return fmt.Appendf(nil, `\U%08x`, utf16.DecodeRune(rune(high), rune(low)))
	})
}

// seedError says where a mistake is, and what, without the names of Go's types.
func seedError(err error, data []byte) *SeedError {
	at := &yaml.LoadError{Message: err.Error()}
	errors.As(err, &at)
	message := at.Message
	field, _, unknown := strings.Cut(strings.TrimPrefix(message, "field "), " not found in type ")
	_, wanted, misplaced := strings.Cut(message, " into ")
	switch {
	case strings.Contains(message, "tab character"), strings.Contains(message, "cannot start any token") && tabAt(data, at.Mark.Line, at.Mark.Column):
		message = "there is a tab: indent with spaces"
	case strings.Contains(message, "cannot start any token"):
		message = "a text that begins with this character needs quotes"
	case unknown:
		message = fmt.Sprintf("unknown field %q", field)
	case strings.HasPrefix(message, "parsing time "):
		message = "want a time, such as 2025-12-24T12:00:00Z"
	case misplaced && strings.HasPrefix(wanted, "[]"):
		message = "want a list"
	case misplaced && wanted == "string":
		message = "want text"
	case misplaced && wanted == "bool":
		message = "want true or false"
	case misplaced:
		message = "want names with values"
	}
	return &SeedError{max(1, at.Mark.Line), max(1, at.Mark.Column), message}
}

// tabAt reports whether a line has a tab at a column, both counted from 1.
func tabAt(data []byte, line, column int) bool {
	lines := strings.Split(string(data), "\n")
	if line < 1 || line > len(lines) {
		return false
	}
	runes := []rune(lines[line-1])
	return column >= 1 && column <= len(runes) && runes[column-1] == '\t'
}

// under is what a mapping has under a name, an empty node if it has nothing there.
func under(n *yaml.Node, name string) *yaml.Node {
	n = target(n)
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if target(n.Content[i]).Value == name {
			return target(n.Content[i+1])
		}
	}
	return &yaml.Node{}
}

// target is what an alias stands for, any other node itself.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// check returns where the first mistake is, the field of an entry of a list, and what
// is wrong there.
func (s *Seed) check() (list string, i int, field, message string) {
	ids, emails, external := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i, u := range s.Users {
		email := strings.ToLower(u.Email)
		switch {
		case u.ID == "":
			return "users", i, "id", "a user needs an id"
		case ids[u.ID]:
			return "users", i, "id", fmt.Sprintf("the id %s is taken", u.ID)
		case u.Email != "" && !isAddress(u.Email):
			return "users", i, "email", fmt.Sprintf("%q is not an e-mail address (name@domain)", u.Email)
		case u.Email == "":
			return "users", i, "email", fmt.Sprintf("user %s needs an email, such as alan@example.com", u.ID)
		case emails[email]:
			return "users", i, "email", fmt.Sprintf("the email %s is taken", u.Email)
		case u.ExternalID != "" && external[u.ExternalID]:
			return "users", i, "external_id", fmt.Sprintf("the external_id %s is taken", u.ExternalID)
		}
		if field, message := u.check(); message != "" {
			return "users", i, field, fmt.Sprintf("user %s: %s %s", u.ID, field, message)
		}
		ids[u.ID], emails[email], external[u.ExternalID] = true, true, true
	}
	factors := map[string]bool{}
	for i, f := range s.Factors {
		switch {
		case f.ID == "":
			return "factors", i, "id", "a factor needs an id"
		case factors[f.ID]:
			return "factors", i, "id", fmt.Sprintf("the id %s is taken", f.ID)
		case f.UserID != "" && !ids[f.UserID]:
			return "factors", i, "user_id", fmt.Sprintf("there is no user %s in this file", f.UserID)
		}
		if field, message := f.check(); message != "" {
			return "factors", i, field, fmt.Sprintf("factor %s %s", f.ID, message)
		}
		factors[f.ID] = true
	}
	for _, to := range slices.Sorted(maps.Keys(s.FixedCodes)) {
		if err := CheckFixedCode(to, s.FixedCodes[to]); err != nil {
			return fixedCodes, 0, to, err.Error()
		}
	}
	return "", 0, "", ""
}

func (u SeedUser) check() (field, message string) {
	if u.ExternalID != "" {
		if message := checkExternalID(u.ExternalID); message != "" {
			return "external_id", message
		}
	}
	if u.Locale != "" && !validLocale(u.Locale) {
		return "locale", "should be a language tag such as en-US"
	}
	if message := checkMetadata(u.Metadata); message != "" {
		return "metadata", message
	}
	if len(u.Password) > maxPassword {
		return "password", fmt.Sprintf("should be at most %d bytes long", maxPassword)
	}
	if u.MFA != "" && u.MFA != mfaRequired {
		return "mfa", fmt.Sprintf("%q: want %s", u.MFA, mfaRequired)
	}
	return "", ""
}

func (f SeedFactor) check() (field, message string) {
	switch {
	case f.Type == "":
		return "type", "needs a type: totp, sms or generic_otp"
	case f.Type != typeTOTP && f.Type != typeSMS && f.Type != typeGenericOTP:
		return "type", fmt.Sprintf("has the type %s; want totp, sms or generic_otp", f.Type)
	case f.Type != typeSMS && f.PhoneNumber != "":
		return "phone_number", "has a phone number, which only sms takes"
	case f.Type == typeSMS && !e164.MatchString(f.PhoneNumber):
		return "phone_number", "needs a phone number in E.164, such as +15005550006"
	case f.Type != typeTOTP && (f.Issuer != "" || f.User != "" || f.Secret != ""):
		return "type", "has an issuer, a user or a secret, which only totp takes"
	case f.Type == typeTOTP && strings.TrimSpace(f.Issuer) == "":
		return "totp_issuer", "needs a totp_issuer"
	case f.Type == typeTOTP && strings.TrimSpace(f.User) == "":
		return "totp_user", "needs a totp_user"
	case f.Type == typeTOTP && !validSecret(f.Secret):
		return "totp_secret", "needs a totp_secret in base32, such as JBSWY3DPEHPK3PXP"
	}
	return "", ""
}

// addTo adds to a state what it does not have yet, and counts that.
func (s *Seed) addTo(st *state, now time.Time) (users, factors int) {
	if s == nil {
		return 0, 0
	}
	orNow := func(t time.Time) time.Time {
		if t.IsZero() {
			return now
		}
		return t.UTC()
	}
	for _, u := range s.Users {
		if st.Users[u.ID] == nil && st.userByEmail(u.Email) == nil && st.userByExternalID(u.ExternalID) == nil {
			st.addUser(u.user(orNow(u.CreatedAt)))
			users++
		}
	}
	for _, f := range s.Factors {
		if st.Factors[f.ID] == nil {
			at := orNow(f.CreatedAt)
			st.putFactor(&factor{
				ID: f.ID, Type: f.Type, UserID: f.UserID, Phone: f.PhoneNumber, Issuer: f.Issuer, User: f.User,
				Secret: strings.TrimRight(f.Secret, "="), CreatedAt: at, UpdatedAt: at,
			})
			factors++
		}
	}
	return users, factors
}
