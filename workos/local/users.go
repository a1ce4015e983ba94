package local

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/bcrypt"

	"mfa-tui/workos"
)

// user is a user as the engine keeps it.
type user struct {
	ID        string `json:"id"`
	Email     string `json:"email"`
	FirstName string `json:"first_name,omitempty"`
	LastName  string `json:"last_name,omitempty"`

	EmailVerified bool      `json:"email_verified,omitempty"`
	PasswordHash  string    `json:"password_hash,omitempty"` // of bcrypt
	MFARequired   bool      `json:"mfa_required,omitempty"`
	LastSignInAt  time.Time `json:"last_sign_in_at,omitzero"`

	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// wireUser is a user on the wire.
type wireUser struct {
	Object        string       `json:"object"`
	ID            string       `json:"id"`
	Email         string       `json:"email"`
	FirstName     *string      `json:"first_name"`
	LastName      *string      `json:"last_name"`
	EmailVerified bool         `json:"email_verified"`
	PictureURL    *string      `json:"profile_picture_url"` // the engine knows none of these, but
	LastSignInAt  *workos.Time `json:"last_sign_in_at"`     // some SDKs need them to be there
	ExternalID    *string      `json:"external_id"`
	Locale        *string      `json:"locale"`
	Metadata      struct{}     `json:"metadata"`
	CreatedAt     workos.Time  `json:"created_at"`
	UpdatedAt     workos.Time  `json:"updated_at"`
}

func (u *user) wire() wireUser {
	w := wireUser{
		Object: "user", ID: u.ID, Email: u.Email, FirstName: orNull(u.FirstName), LastName: orNull(u.LastName), EmailVerified: u.EmailVerified,
		CreatedAt: workos.At(u.CreatedAt), UpdatedAt: workos.At(u.UpdatedAt),
	}
	if !u.LastSignInAt.IsZero() {
		at := workos.At(u.LastSignInAt)
		w.LastSignInAt = &at
	}
	return w
}

// passwordIs reports whether this is the user's password.
func (u *user) passwordIs(password string) bool {
	return bcrypt.CompareHashAndPassword([]byte(u.PasswordHash), []byte(password)) == nil
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (s *state) userByEmail(email string) *user {
	for _, u := range s.Users {
		if strings.EqualFold(u.Email, email) {
			return u
		}
	}
	return nil
}

// createUser answers POST /user_management/users.
func (r *request) createUser() response {
	var in struct {
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
	}
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	if strings.TrimSpace(in.Email) == "" {
		return invalidParameters(detail{Code: "email_string_required", Message: "Email should be a non-empty string."})
	}
	if !strings.Contains(in.Email, "@") {
		return invalidParameters(detail{Code: "email_invalid", Message: "Email should be an email address."}) // guess: no recording
	}
	if r.userByEmail(in.Email) != nil {
		return refused("user_creation_error", "Could not create user.", detail{Code: "email_not_available", Message: "A user with this email already exists."})
	}
	id, err := r.engine.ids.next(userPrefix, r.now)
	if err != nil {
		return internal(err)
	}
	u := &user{ID: id, Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, CreatedAt: r.now, UpdatedAt: r.now}
	r.Users[u.ID] = u
	r.dirty = true
	return response{http.StatusCreated, u.wire()}
}

// getUser answers GET /user_management/users/{id}.
func (r *request) getUser(u *user) response {
	return response{http.StatusOK, u.wire()}
}

// listUsers answers GET /user_management/users.
func (r *request) listUsers() response {
	users := slices.Collect(maps.Values(r.Users))
	if email := r.http.URL.Query().Get("email"); email != "" {
		users = slices.DeleteFunc(users, func(u *user) bool { return !strings.EqualFold(u.Email, email) })
	}
	return page(r, users, r.Users, userPrefix, (*user).wire)
}

// listUserFactors answers GET /user_management/users/{id}/auth_factors.
func (r *request) listUserFactors(u *user) response {
	var factors []*factor
	for _, f := range r.Factors {
		if f.UserID == u.ID {
			factors = append(factors, f)
		}
	}
	return page(r, factors, r.Factors, factorPrefix, (*factor).wire)
}

// enrollUserFactor answers POST /user_management/users/{id}/auth_factors.
func (r *request) enrollUserFactor(u *user) response {
	var in struct {
		Type   string `json:"type"`
		Issuer string `json:"totp_issuer"`
		User   string `json:"totp_user"`
		Secret string `json:"totp_secret"`
	}
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	switch {
	case in.Type != typeTOTP:
		return invalid("type", "invalid")
	case in.Secret != "" && !validSecret(in.Secret):
		return invalid("totp_secret", "invalid")
	}
	// WorkOS's defaults are the team's name and the user's e-mail address.
	f := &factor{Type: typeTOTP, UserID: u.ID, Issuer: cmp.Or(in.Issuer, "WorkOS"), User: cmp.Or(in.User, u.Email), Secret: strings.TrimRight(in.Secret, "=")}
	w, resp := r.addTOTP(f)
	if resp != nil {
		return *resp
	}
	c, err := r.addChallenge(f)
	if err != nil {
		return internal(err)
	}
	return response{http.StatusCreated, struct {
		Factor    wireFactor    `json:"authentication_factor"`
		Challenge wireChallenge `json:"authentication_challenge"`
	}{w, c.wire()}}
}
