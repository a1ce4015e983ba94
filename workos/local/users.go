package local

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// user is a user as the engine keeps it.
type user struct {
	ID        string    `json:"id"`
	Email     string    `json:"email"`
	FirstName string    `json:"first_name,omitempty"`
	LastName  string    `json:"last_name,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// wireUser is a user on the wire.
type wireUser struct {
	Object        string   `json:"object"`
	ID            string   `json:"id"`
	Email         string   `json:"email"`
	FirstName     *string  `json:"first_name"`
	LastName      *string  `json:"last_name"`
	EmailVerified bool     `json:"email_verified"`
	CreatedAt     wireTime `json:"created_at"`
	UpdatedAt     wireTime `json:"updated_at"`
}

func (u *user) wire() wireUser {
	return wireUser{
		Object: "user", ID: u.ID, Email: u.Email, FirstName: orNull(u.FirstName), LastName: orNull(u.LastName),
		CreatedAt: wireTime(u.CreatedAt), UpdatedAt: wireTime(u.UpdatedAt),
	}
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// createUser answers POST /user_management/users.
func (r *request) createUser() answer {
	var in struct {
		Email     string `json:"email"`
		FirstName string `json:"first_name"`
		LastName  string `json:"last_name"`
	}
	if a := r.decode(&in); a != nil {
		return *a
	}
	if strings.TrimSpace(in.Email) == "" {
		return invalid("email", "required")
	}
	for _, u := range r.Users {
		if strings.EqualFold(u.Email, in.Email) {
			return unprocessable("user_creation_error", "A user with this email exists already.")
		}
	}
	id, err := r.engine.newID("user_")
	if err != nil {
		return internal(err)
	}
	u := &user{ID: id, Email: in.Email, FirstName: in.FirstName, LastName: in.LastName, CreatedAt: r.now, UpdatedAt: r.now}
	r.Users[id] = u
	r.dirty = true
	return answer{http.StatusCreated, u.wire()}
}

// getUser answers GET /user_management/users/{id}.
func (r *request) getUser() answer {
	id := r.http.PathValue("id")
	u, ok := r.Users[id]
	if !ok {
		return notFound("User", id)
	}
	return answer{http.StatusOK, u.wire()}
}

// listUsers answers GET /user_management/users.
func (r *request) listUsers() answer {
	email := r.http.URL.Query().Get("email")
	var users []wireUser
	for _, u := range r.Users {
		if email == "" || strings.EqualFold(u.Email, email) {
			users = append(users, u.wire())
		}
	}
	return page(r, users, func(u wireUser) string { return u.ID })
}

// listUserFactors answers GET /user_management/users/{id}/auth_factors.
func (r *request) listUserFactors() answer {
	id := r.http.PathValue("id")
	if r.Users[id] == nil {
		return notFound("User", id)
	}
	var factors []wireFactor
	for _, f := range r.Factors {
		if f.UserID == id {
			factors = append(factors, f.wire())
		}
	}
	return page(r, factors, func(f wireFactor) string { return f.ID })
}

// enrollUserFactor answers POST /user_management/users/{id}/auth_factors.
func (r *request) enrollUserFactor() answer {
	id := r.http.PathValue("id")
	u := r.Users[id]
	if u == nil {
		return notFound("User", id)
	}
	var in struct {
		Type   string `json:"type"`
		Issuer string `json:"totp_issuer"`
		User   string `json:"totp_user"`
		Secret string `json:"totp_secret"`
	}
	if a := r.decode(&in); a != nil {
		return *a
	}
	switch {
	case in.Type != typeTOTP:
		return invalid("type", "invalid")
	case in.Secret != "" && !validSecret(in.Secret):
		return invalid("totp_secret", "invalid")
	}
	// WorkOS's defaults are the team's name and the user's e-mail address.
	f := &factor{Type: typeTOTP, UserID: id, Issuer: cmp.Or(in.Issuer, "WorkOS"), User: cmp.Or(in.User, u.Email), Secret: strings.TrimRight(in.Secret, "=")}
	w, a := r.addTOTP(f)
	if a != nil {
		return *a
	}
	c, err := r.addChallenge(f)
	if err != nil {
		return internal(err)
	}
	return answer{http.StatusCreated, struct {
		Factor    wireFactor    `json:"authentication_factor"`
		Challenge wireChallenge `json:"authentication_challenge"`
	}{w, c.wire()}}
}

// page answers with the part of a list that the query asks for: newest first
// unless order is asc, at most limit, behind the id after or ahead of before.
func page[T any](r *request, all []T, id func(T) string) answer {
	q := r.http.URL.Query()
	limit := 10
	if s := q.Get("limit"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 100 {
			return invalid("limit", "out_of_range")
		}
		limit = n
	}
	ascending := false
	switch q.Get("order") {
	case "asc":
		ascending = true
	case "", "desc", "normal":
	default:
		return invalid("order", "invalid")
	}
	// ULIDs sort by the time of their making.
	slices.SortFunc(all, func(a, b T) int {
		if ascending {
			return cmp.Compare(id(a), id(b))
		}
		return cmp.Compare(id(b), id(a))
	})
	from, to := 0, len(all)
	behind := func(cursor string) int {
		return slices.IndexFunc(all, func(v T) bool { return id(v) == cursor })
	}
	if after := q.Get("after"); after != "" {
		from = behind(after) + 1
		if from == 0 {
			return invalid("after", "not_found")
		}
	}
	if before := q.Get("before"); before != "" {
		to = behind(before)
		if to < 0 {
			return invalid("before", "not_found")
		}
		from = max(from, to-limit)
	}
	to = max(from, min(to, from+limit))
	var meta struct {
		Before *string `json:"before"`
		After  *string `json:"after"`
	}
	if from > 0 && from < to {
		meta.Before = orNull(id(all[from]))
	}
	if to < len(all) && from < to {
		meta.After = orNull(id(all[to-1]))
	}
	return answer{http.StatusOK, struct {
		Object   string `json:"object"`
		Data     []T    `json:"data"`
		Metadata any    `json:"list_metadata"`
	}{"list", append([]T{}, all[from:to]...), meta}}
}
