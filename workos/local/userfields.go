package local

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/bcrypt"
)

// userFields are the fields of a user in a request. One that is missing or null is nil:
// some SDKs send null for all that they were not given.
type userFields struct {
	Email            *string         `json:"email"`
	EmailVerified    *bool           `json:"email_verified"`
	FirstName        *string         `json:"first_name"`
	LastName         *string         `json:"last_name"`
	Name             *string         `json:"name"`
	ExternalID       *string         `json:"external_id"`
	Locale           *string         `json:"locale"`
	Metadata         json.RawMessage `json:"metadata"`
	Password         *string         `json:"password"`
	PasswordHash     *string         `json:"password_hash"`
	PasswordHashType *string         `json:"password_hash_type"`
	SaltPosition     *string         `json:"password_salt_position"`
}

// set takes over what is given, or returns what is wrong with it. The codes, and the
// limits below, are those of the description; the words are ours: no recording has any.
func (u *user) set(in userFields) *response {
	if resp := tooLong(map[string]*string{"email": in.Email, "first_name": in.FirstName, "last_name": in.LastName, "name": in.Name}); resp != nil {
		return resp
	}
	for _, text := range []struct{ from, to *string }{
		{in.Email, &u.Email}, {in.FirstName, &u.FirstName}, {in.LastName, &u.LastName}, {in.Name, &u.Name}, {in.ExternalID, &u.ExternalID}, {in.Locale, &u.Locale},
	} {
		if text.from != nil {
			*text.to = *text.from
		}
	}
	if in.EmailVerified != nil {
		u.EmailVerified = *in.EmailVerified
	}
	if in.ExternalID != nil {
		if wrong := checkExternalID(*in.ExternalID); wrong != "" {
			return new(invalidParameters(detail{Code: "external_id_invalid", Message: "External ID " + wrong + "."})) // guess: the code
		}
	}
	if in.Locale != nil && !validLocale(*in.Locale) {
		return new(usually("invalid_locale"))
	}
	metadata, wrong := merged(u.Metadata, in.Metadata)
	if wrong != "" {
		return new(refused("invalid_metadata", "Metadata "+wrong+"."))
	}
	u.Metadata = metadata
	return u.setPassword(in)
}

const notAddress = "Email should be an email address."

// isAddress reports whether a text may be an e-mail address.
func isAddress(email string) bool {
	name, domain, _ := strings.Cut(email, "@")
	return name != "" && domain != "" && !strings.ContainsAny(email, " <>")
}

// checkEmail returns what is wrong with the address of a new user, nil if nothing is.
func checkEmail(email string) *response {
	resp := needs("email", strings.TrimSpace(email))
	if resp == nil && !isAddress(email) {
		resp = new(response)
		*resp = invalidParameters(detail{Code: "email_invalid", Message: notAddress}) // guess: no recording
	}
	return resp
}

// The limits of metadata and external ids, in characters.
const (
	maxExternalID    = 128
	maxMetadata      = 50
	maxMetadataName  = 40
	maxMetadataValue = 600
)

func checkExternalID(id string) (wrong string) {
	notASCII := func(r rune) bool { return r > 0x7f }
	if id == "" || len(id) > maxExternalID || strings.ContainsFunc(id, notASCII) {
		return fmt.Sprintf("should be 1 to %d characters of ASCII", maxExternalID)
	}
	return ""
}

// validLocale reports whether a text has the form of a language tag of BCP 47. guess:
// which ones WorkOS takes is not known.
func validLocale(tag string) bool {
	ok, err := regexp.MatchString(`^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$`, tag) // seldom, so it need not be compiled at the start
	return ok && err == nil && len(tag) <= maxText
}

// merged returns metadata with changes. guess: what is not named stays, and null or ""
// removes a name; the description has only the limits.
func merged(metadata map[string]string, changes json.RawMessage) (all map[string]string, wrong string) {
	var values map[string]*string
	if changes != nil {
		if err := json.Unmarshal(changes, &values); err != nil {
			return nil, "should be an object whose values are strings"
		}
	}
	if len(values) == 0 {
		return metadata, ""
	}
	all = map[string]string{}
	maps.Copy(all, metadata)
	for name, value := range values {
		if value == nil || *value == "" {
			delete(all, name)
		} else {
			all[name] = *value
		}
	}
	return all, checkMetadata(all)
}

func checkMetadata(metadata map[string]string) (wrong string) {
	if len(metadata) > maxMetadata {
		return fmt.Sprintf("should have at most %d keys", maxMetadata)
	}
	for name, value := range metadata {
		if n := utf8.RuneCountInString(value); utf8.RuneCountInString(name) > maxMetadataName || n < 1 || n > maxMetadataValue {
			return fmt.Sprintf("should have keys of at most %d characters and values of 1 to %d", maxMetadataName, maxMetadataValue)
		}
	}
	return ""
}

// maxPassword is the longest password, in bytes: bcrypt reads no more.
const maxPassword = 72

// setPassword takes over a password or the hash of one. guess: WorkOS's other rules for
// passwords depend on settings, and the engine has none of them.
func (u *user) setPassword(in userFields) *response {
	var resp response
	hashed := in.PasswordHash != nil || in.PasswordHashType != nil
	switch {
	case in.Password != nil && in.PasswordHash != nil:
		resp = usually("password_and_password_hash_provided")
	case in.Password != nil && in.PasswordHashType != nil:
		resp = usually("password_and_password_hash_type_provided")
	case in.SaltPosition != nil && in.PasswordHash == nil:
		resp = usually("password_salt_position_requires_password_hash")
	case in.Password != nil:
		if wrong := checkPassword(*in.Password); wrong != nil {
			resp = refused("password_strength_error", "Password does not meet strength requirements.", *wrong)
			break
		}
		hash, err := hashPassword(*in.Password)
		if err != nil {
			resp = internal(err)
			break
		}
		u.PasswordHash = hash
		return nil
	case hashed && (in.PasswordHash == nil || in.PasswordHashType == nil || in.SaltPosition != nil):
		resp = refused("invalid_password_hash", "Give password_hash together with password_hash_type, and without password_salt_position: bcrypt has none.")
	case hashed && *in.PasswordHashType != "bcrypt":
		resp = refused("invalid_password_hash", "The local engine takes only bcrypt hashes: password_hash_type should be bcrypt.")
	case hashed && !validHash(*in.PasswordHash):
		resp = refused("invalid_password_hash", "The password hash is not a bcrypt hash, or its cost is over 16.")
	case hashed:
		u.PasswordHash = *in.PasswordHash
		return nil
	default:
		return nil
	}
	return &resp
}

// checkPassword returns what is wrong with a password, in the form of an error's detail.
func checkPassword(password string) *detail {
	switch {
	case password == "":
		return &detail{Code: "password_too_short", Message: "Password should have at least 1 character."}
	case len(password) > maxPassword:
		return &detail{Code: "password_too_long", Message: fmt.Sprintf("Password should be at most %d bytes long.", maxPassword)}
	}
	return nil
}

// hashPassword uses bcrypt at its least cost: these are passwords of tests, and each
// sign-in computes it again.
func hashPassword(password string) (string, error) {
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return string(hash), nil
}

// validHash reports whether bcrypt can compare a password with a hash in reasonable
// time. That a cost over 16 is refused is a choice: nobody else is served while a
// password is compared, with 17 for ten seconds.
func validHash(hash string) bool {
	ok, err := regexp.MatchString(`^\$2[aby]\$(0[4-9]|1[0-6])\$[./A-Za-z0-9]{53}$`, hash)
	return ok && err == nil
}

// passwordIs reports whether a password is the user's. Who has none has no right one.
func (u *user) passwordIs(password string) bool {
	return len(password) <= maxPassword && bcrypt.CompareHashAndPassword([]byte(u.PasswordHash), []byte(password)) == nil
}

// rehash keeps the right password of an imported hash at the least cost: nobody else is
// served while a password is compared.
func (u *user) rehash(password string) error {
	if cost, err := bcrypt.Cost([]byte(u.PasswordHash)); err != nil || cost == bcrypt.MinCost {
		return err
	}
	hash, err := hashPassword(password)
	u.PasswordHash = cmp.Or(hash, u.PasswordHash)
	return err
}
