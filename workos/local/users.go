package local

import (
	"cmp"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"mfa-tui/workos"
)

// user is a user as the engine keeps it.
type user struct {
	ID            string            `json:"id"`
	Email         string            `json:"email"`
	EmailVerified bool              `json:"email_verified,omitempty"`
	FirstName     string            `json:"first_name,omitempty"`
	LastName      string            `json:"last_name,omitempty"`
	Name          string            `json:"name,omitempty"`
	ExternalID    string            `json:"external_id,omitempty"`
	Locale        string            `json:"locale,omitempty"`
	Metadata      map[string]string `json:"metadata,omitempty"` // never changed, only replaced: Flush may be writing it
	PasswordHash  string            `json:"password_hash,omitempty"`
	MFARequired   bool              `json:"mfa_required,omitempty"` // a sign-in needs a factor
	LastSignInAt  time.Time         `json:"last_sign_in_at,omitzero"`
	CreatedAt     time.Time         `json:"created_at"`
	UpdatedAt     time.Time         `json:"updated_at"`
}

// wireUser is a user on the wire. What a user does not have is null, since some SDKs
// need it to be there.
type wireUser struct {
	Object        string       `json:"object"`
	ID            string       `json:"id"`
	Email         string       `json:"email"`
	EmailVerified bool         `json:"email_verified"`
	FirstName     *string      `json:"first_name"`
	LastName      *string      `json:"last_name"`
	Name          *string      `json:"name"`
	PictureURL    *string      `json:"profile_picture_url"` // the engine knows none
	LastSignInAt  *workos.Time `json:"last_sign_in_at"`
	ExternalID    *string      `json:"external_id"`
	Locale        *string      `json:"locale"`
	Metadata      metadata     `json:"metadata"`
	CreatedAt     workos.Time  `json:"created_at"`
	UpdatedAt     workos.Time  `json:"updated_at"`
}

// wire is the user without the password.
func (u *user) wire() wireUser {
	w := wireUser{
		Object: "user", ID: u.ID, Email: u.Email, EmailVerified: u.EmailVerified,
		FirstName: orNull(u.FirstName), LastName: orNull(u.LastName), Name: orNull(u.Name), // guess: no recording has a name that was not given
		ExternalID: orNull(u.ExternalID), Locale: orNull(u.Locale), Metadata: u.Metadata,
		CreatedAt: workos.At(u.CreatedAt), UpdatedAt: workos.At(u.UpdatedAt),
	}
	if w.Metadata == nil {
		w.Metadata = metadata{}
	}
	if !u.LastSignInAt.IsZero() {
		w.LastSignInAt = new(workos.At(u.LastSignInAt))
	}
	return w
}

// metadata on the wire has the order that JavaScript gives it: numbers first, by value. See
// [encodePlain].
type metadata map[string]string

// MarshalJSON writes the metadata.
func (m metadata) MarshalJSON() ([]byte, error) {
	byNumber := func(a, b string) int { return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a, b)) }
	b := []byte{'{'}
	for i, name := range slices.SortedFunc(maps.Keys(m), byNumber) {
		if i > 0 {
			b = append(b, ',')
		}
		pair, err := encodePlain(map[string]string{name: m[name]})
		if err != nil {
			return nil, err
		}
		b = append(b, pair[1:len(pair)-1]...) // without its braces
	}
	return append(b, '}'), nil
}

// number is what JavaScript takes a name for, if it is a number there; others are last.
func number(name string) uint64 {
	n, err := strconv.ParseUint(name, 10, 32)
	if err != nil || n == math.MaxUint32 || strconv.FormatUint(n, 10) != name {
		return math.MaxUint64
	}
	return n
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// createUser answers POST /user_management/users.
func (r *request) createUser() response {
	var in userFields
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	if in.Email == nil {
		in.Email = new(string)
	}
	if resp := checkEmail(*in.Email); resp != nil {
		return *resp
	}
	u := &user{}
	if resp := u.set(in); resp != nil {
		return *resp
	}
	var taken []detail
	if r.userByEmail(u.Email) != nil {
		taken = append(taken, detail{Code: "email_not_available", Message: "A user with this email already exists."})
	}
	if r.userByExternalID(u.ExternalID) != nil {
		// guess: no recording; the description has the code for updates only
		taken = append(taken, detail{Code: "external_id_already_used", Message: "A user with this external ID already exists."})
	}
	if taken != nil {
		return refused("user_creation_error", "Could not create user.", taken...)
	}
	if err := r.newUser(u); err != nil {
		return internal(err)
	}
	return response{http.StatusCreated, u.wire()}
}

// newUser gives a user an id and adds them.
func (r *request) newUser(u *user) error {
	id, err := r.engine.ids.next(userPrefix, r.now)
	if err != nil {
		return err
	}
	u.ID, u.CreatedAt, u.UpdatedAt = id, r.now, r.now
	r.addUser(u)
	r.dirty = true
	return r.emit(userCreated, u.wire())
}

// updateUser answers PUT /user_management/users/{id}. Only what is given changes; null
// clears what the description lets be null, and is nothing elsewhere.
func (r *request) updateUser(u *user) response {
	var in userFields
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	next := *u
	var given map[string]json.RawMessage
	if err := json.Unmarshal(r.body, &given); err != nil {
		return internal(err) // it was decoded above
	}
	isNull := func(name string) bool { return string(given[name]) == "null" }
	if isNull("external_id") {
		next.ExternalID = ""
	}
	if isNull("locale") {
		next.Locale = ""
	}
	if isNull("metadata") {
		next.Metadata = nil
	}
	if in.Email != nil {
		if resp := needs("email", strings.TrimSpace(*in.Email)); resp != nil {
			return *resp
		}
		if !isAddress(*in.Email) {
			return refused("invalid_email", notAddress)
		}
		if !strings.EqualFold(*in.Email, u.Email) {
			next.EmailVerified = false // guess: no recording; nobody has read mail at the new address
		}
	}
	if resp := next.set(in); resp != nil {
		return *resp
	}
	if other := r.userByEmail(next.Email); other != nil && other != u {
		return refused("email_not_available", "A user with this email already exists.")
	}
	if other := r.userByExternalID(next.ExternalID); other != nil && other != u {
		return refused("external_id_already_used", "A user with this external ID already exists.")
	}
	next.UpdatedAt = r.now
	r.changeUser(u, next)
	r.dirty = true
	if err := r.emit(userUpdated, u.wire()); err != nil {
		return internal(err)
	}
	return response{http.StatusOK, u.wire()}
}

// deleteUser answers DELETE /user_management/users/{id}.
func (r *request) deleteUser(u *user) response {
	r.removeUser(u)
	if err := r.emit(userDeleted, u.wire()); err != nil {
		return internal(err)
	}
	return response{status: http.StatusOK}
}

// removeUser deletes a user and all that belongs to them.
func (r *request) removeUser(u *user) {
	r.dropFactors(r.factorsOf(u.ID)...)
	r.dropMagicAuth(r.index.magicAuths[u.ID])
	maps.DeleteFunc(r.Pending, func(_ string, p pending) bool { return p.UserID == u.ID })
	maps.DeleteFunc(r.Sessions, func(_ string, s session) bool { return s.UserID == u.ID })
	r.dropUser(u)
	r.dirty = true
}

// getUser answers GET /user_management/users/{id}.
func (r *request) getUser(u *user) response {
	return response{http.StatusOK, u.wire()}
}

// getUserByExternalID answers GET /user_management/users/external_id/{external_id}.
func (r *request) getUserByExternalID() response {
	id := r.http.PathValue("external_id")
	if u := r.userByExternalID(id); u != nil {
		return r.getUser(u)
	}
	return notFound("User", id)
}

// listUsers answers GET /user_management/users.
func (r *request) listUsers() response {
	query := r.http.URL.Query()
	if resp := noOrganizations(query); resp != nil {
		return *resp
	}
	if email := query.Get("email"); email != "" {
		var found []*user
		if u := r.userByEmail(email); u != nil {
			found = append(found, u)
		}
		return page(r, found, r.Users, userPrefix, (*user).wire)
	}
	return page(r, slices.Collect(maps.Values(r.Users)), r.Users, userPrefix, (*user).wire)
}

// listUserFactors answers GET /user_management/users/{id}/auth_factors.
func (r *request) listUserFactors(u *user) response {
	return page(r, r.factorsOf(u.ID), r.Factors, factorPrefix, (*factor).wire)
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
		return invalid("type", notListed("type"))
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
