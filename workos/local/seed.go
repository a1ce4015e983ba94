package local

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Seed is what an engine has from the start, with ids and secrets that do not
// change, so that a test can be repeated. The names in a seed file are those of
// the API.
type Seed struct {
	Users   []SeedUser   `yaml:"users"`
	Factors []SeedFactor `yaml:"factors"`
}

// SeedUser is a user of a seed. CreatedAt is the engine's time by default.
type SeedUser struct {
	ID        string    `yaml:"id"`
	Email     string    `yaml:"email"`
	FirstName string    `yaml:"first_name"`
	LastName  string    `yaml:"last_name"`
	CreatedAt time.Time `yaml:"created_at"`
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

// ParseSeed reads a seed in YAML, or in JSON, which YAML includes. What is wrong
// with it is a [*SeedError].
func ParseSeed(data []byte) (*Seed, error) {
	var s Seed
	err := yaml.NewDecoder(bytes.NewReader(data), yaml.DisallowUnknownField()).Decode(&s)
	if err != nil && !errors.Is(err, io.EOF) { // an empty file
		return nil, seedError(err)
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, seedError(err)
	}
	if len(file.Docs) > 1 {
		at := file.Docs[1].GetToken().Position
		return nil, &SeedError{at.Line, at.Column, "a seed must be a single document"}
	}
	if path, message := s.check(); message != "" {
		line, column := placeIn(file, path)
		return nil, &SeedError{line, column, message}
	}
	return &s, nil
}

func seedError(err error) error {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		p := at.GetToken().Position
		return &SeedError{p.Line, p.Column, at.GetMessage()}
	}
	return &SeedError{1, 1, err.Error()}
}

// placeIn finds where in a file a value is, or what holds it if it is missing.
func placeIn(file *ast.File, path string) (line, column int) {
	for path != "" {
		if p, err := yaml.PathString(path); err == nil {
			if node, err := p.FilterFile(file); err == nil && node.GetToken() != nil {
				if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
					node = m.Values[0].Key // its own token is a colon
				}
				at := node.GetToken().Position
				return at.Line, at.Column
			}
		}
		path = path[:max(0, strings.LastIndexAny(path, ".["))]
	}
	return 1, 1
}

// check returns the path of the first mistake and what is wrong there.
func (s *Seed) check() (path, message string) {
	ids, emails := map[string]bool{}, map[string]bool{}
	for i, u := range s.Users {
		at := fmt.Sprintf("$.users[%d]", i)
		email := strings.ToLower(u.Email)
		switch {
		case u.ID == "":
			return at + ".id", "a user needs an id"
		case ids[u.ID]:
			return at + ".id", fmt.Sprintf("the id %s is taken", u.ID)
		case !strings.Contains(u.Email, "@"):
			return at + ".email", fmt.Sprintf("user %s needs an email", u.ID)
		case emails[email]:
			return at + ".email", fmt.Sprintf("the email %s is taken", u.Email)
		}
		ids[u.ID], emails[email] = true, true
	}
	factors := map[string]bool{}
	for i, f := range s.Factors {
		at := fmt.Sprintf("$.factors[%d]", i)
		switch {
		case f.ID == "":
			return at + ".id", "a factor needs an id"
		case factors[f.ID]:
			return at + ".id", fmt.Sprintf("the id %s is taken", f.ID)
		case f.UserID != "" && !ids[f.UserID]:
			return at + ".user_id", fmt.Sprintf("there is no user %s in this file", f.UserID)
		}
		if field, message := f.check(); message != "" {
			return at + "." + field, fmt.Sprintf("factor %s %s", f.ID, message)
		}
		factors[f.ID] = true
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
		return "phone_number", "needs a phone number in E.164, such as \"+15005550006\", in quotes"
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

// addTo adds to a state what it does not have yet.
func (s *Seed) addTo(st *state, now time.Time) {
	if s == nil {
		return
	}
	orNow := func(t time.Time) time.Time {
		if t.IsZero() {
			return now
		}
		return t.UTC()
	}
	for _, u := range s.Users {
		if st.Users[u.ID] == nil && st.userByEmail(u.Email) == nil {
			at := orNow(u.CreatedAt)
			st.Users[u.ID] = &user{ID: u.ID, Email: u.Email, FirstName: u.FirstName, LastName: u.LastName, CreatedAt: at, UpdatedAt: at}
		}
	}
	for _, f := range s.Factors {
		if st.Factors[f.ID] == nil {
			at := orNow(f.CreatedAt)
			st.Factors[f.ID] = &factor{
				ID: f.ID, Type: f.Type, UserID: f.UserID, Phone: f.PhoneNumber, Issuer: f.Issuer, User: f.User,
				Secret: strings.TrimRight(f.Secret, "="), CreatedAt: at, UpdatedAt: at,
			}
		}
	}
}
