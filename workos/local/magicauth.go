package local

import (
	"cmp"
	"net/http"
	"time"

	"mfa-tui/workos"
)

// magicAuth is a code that signs a user in by e-mail.
type magicAuth struct {
	ID     string `json:"id"`
	UserID string `json:"user_id"`
	Email  string `json:"email"`
	oneTime
	CreatedAt time.Time `json:"created_at"`
}

// wireMagicAuth is a magic auth on the wire.
type wireMagicAuth struct {
	Object    string      `json:"object"`
	ID        string      `json:"id"`
	UserID    string      `json:"user_id"`
	Email     string      `json:"email"`
	ExpiresAt workos.Time `json:"expires_at"`
	Code      string      `json:"code,omitempty"` // an event has none
	CreatedAt workos.Time `json:"created_at"`
	UpdatedAt workos.Time `json:"updated_at"`
}

func (m *magicAuth) wire() wireMagicAuth {
	return wireMagicAuth{
		Object: "magic_auth", ID: m.ID, UserID: m.UserID, Email: m.Email, Code: m.Code,
		ExpiresAt: workos.At(m.ExpiresAt), CreatedAt: workos.At(m.CreatedAt), UpdatedAt: workos.At(m.CreatedAt),
	}
}

// createMagicAuth answers POST /user_management/magic_auth. Two guesses: it adds a user
// whom nobody knows yet, since the description has sign_up_not_allowed among its errors;
// and a new code replaces the user's last one.
func (r *request) createMagicAuth() response {
	var in struct {
		Email string `json:"email"`
	}
	if resp := r.decode(&in); resp != nil {
		return *resp
	}
	if resp := cmp.Or(checkEmail(in.Email), tooLong(map[string]*string{"email": &in.Email})); resp != nil {
		return *resp
	}
	code, err := r.engine.newCode(in.Email)
	if err != nil {
		return internal(err)
	}
	id, err := r.engine.ids.next(magicPrefix, r.now)
	if err != nil {
		return internal(err)
	}
	u := r.userByEmail(in.Email)
	if u == nil {
		u = &user{Email: in.Email}
		if err := r.newUser(u); err != nil {
			return internal(err)
		}
	}
	m := &magicAuth{
		ID: id, UserID: u.ID, Email: u.Email, CreatedAt: r.now,
		oneTime: oneTime{Code: code, ExpiresAt: r.now.Add(challengeTime)},
	}
	r.prune(r.now)
	r.putMagicAuth(m)
	r.dirty = true
	data := m.wire()
	data.Code = "" // the code is not for whoever reads events
	if err := r.emit(magicAuthCreated, data); err != nil {
		return internal(err)
	}
	r.send(Message{Channel: Email, To: m.Email, Body: "Your sign-in code is {{code}}.", Code: m.Code})
	return response{http.StatusCreated, m.wire()}
}

// getMagicAuth answers GET /user_management/magic_auth/{id}.
func (r *request) getMagicAuth(m *magicAuth) response {
	return response{http.StatusOK, m.wire()}
}
