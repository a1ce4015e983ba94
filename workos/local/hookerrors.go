package local

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// hooked is a call that a hook refuses with an error of this code.
type hooked struct {
	code         string
	method, path string
	sent         struct { // of an enrollment
		Type  string `json:"type"`
		Phone string `json:"phone_number"`
	}
	now time.Time
}

// newHooked reads what the refusal is about; a request without it is refused as well.
func newHooked(code string, r *http.Request, now time.Time) hooked {
	c := hooked{code: code, method: r.Method, path: r.URL.Path, now: now.UTC()}
	if r.Body != nil {
		_ = json.NewDecoder(io.LimitReader(r.Body, MaxBody)).Decode(&c.sent)
	}
	return c
}

// hookErrors are the bodies of the errors that a hook can make, by status and code: all
// those of testdata/answers.yaml, and what a broken server may say.
var hookErrors = map[int]map[string]func(hooked) any{
	http.StatusBadRequest: {
		codeBadRequest:        plain("Request body could not be read"),
		codeTooManyAttempts:   plain("Too many wrong codes on this challenge."),
		codeNotEmulated:       plain("This is not emulated."),
		"user_creation_error": withErrors("Could not create user.", detail{Code: "email_not_available", Message: "A user with this email already exists."}),
		"password_strength_error": withErrors("Password does not meet strength requirements.",
			detail{Code: "password_too_weak", Message: "Password is too weak."}),
		"invalid_password_hash":                         plain("The password hash is not valid."),
		"password_and_password_hash_provided":           plain("Provide a password or a password hash, not both."),
		"password_and_password_hash_type_provided":      plain("A password hash type can't be combined with a password."),
		"password_salt_position_requires_password_hash": plain("A password salt position needs a password hash."),
		"invalid_metadata":                              plain("Metadata should have at most 50 keys."),
		"invalid_locale":                                plain("Locale should be a language tag such as en-US."),
		"external_id_already_used":                      plain("A user with this external ID already exists."),
		"email_not_available":                           plain("A user with this email already exists."),
		"invalid_email":                                 plain("Email should be a valid address."),
		"invalid_credentials":                           plain("Invalid credentials."),
		"invalid_one_time_code":                         plain("The code '000000' has expired or is invalid."),
		"one_time_code_previously_used":                 plain("The one-time code was used before."),
		"one_time_code_expired":                         plain("The one-time code has expired."),
		"invalid_pending_authentication_token":          plain("The pending_authentication_token has expired or is invalid."),
		"user_mismatch":                                 plain("The authentication challenge is not of the user who signs in."),
		"invalid_client":                                oauth("Invalid client ID."),
		"invalid_grant":                                 oauth("The grant has expired or is invalid."),
		"organization_not_found":                        oauth("Organization not found."),
		"unsupported_grant_type":                        oauth("The grant type is not emulated."),
	},
	http.StatusForbidden: {
		"forbidden":       plain(http.StatusText(http.StatusForbidden)),
		codeMFAChallenge:  (hooked).signIn,
		codeMFAEnrollment: (hooked).signIn,
	},
	http.StatusNotFound: {
		codeNotFound:    (hooked).notFound,
		codeNotEmulated: func(c hooked) any { return notEmulated(c.method, c.path) },
	},
	http.StatusMethodNotAllowed: {
		codeNotEmulated: func(c hooked) any { return notEmulated(c.method, c.path) },
	},
	http.StatusConflict: {
		"conflict": plain(http.StatusText(http.StatusConflict)),
	},
	http.StatusRequestEntityTooLarge: {
		codeTooLarge: plain("Request body is too large"),
	},
	http.StatusUnprocessableEntity: {
		codeInvalidParameters:  (hooked).invalid,
		codeInvalidPhoneNumber: func(c hooked) any { return problem{Message: invalidPhone(c.sent.Phone), Code: c.code} },
		codeExpired:            plain("The authentication challenge has expired."),
		codeAlreadyVerified:    plain("The authentication challenge has already been verified."),
		codeKeyReused:          plain("The Idempotency-Key was used before with another request."),
		"unprocessable_entity": plain(http.StatusText(http.StatusUnprocessableEntity)),
	},
	http.StatusTooManyRequests: {
		codeRateLimit: plain("Too many requests."),
	},
	http.StatusInternalServerError: {
		codeInternal:   plain("The state can't be saved."),
		"server_error": plain(http.StatusText(http.StatusInternalServerError)),
	},
	http.StatusServiceUnavailable: {
		"service_unavailable": plain(http.StatusText(http.StatusServiceUnavailable)),
	},
}

// usualCodes are the codes of errors of which a hook names the status only. 401 has none.
var usualCodes = map[int]string{
	http.StatusBadRequest: codeBadRequest, http.StatusForbidden: "forbidden", http.StatusNotFound: codeNotFound, http.StatusConflict: "conflict",
	http.StatusRequestEntityTooLarge: codeTooLarge, http.StatusUnprocessableEntity: "unprocessable_entity", http.StatusTooManyRequests: codeRateLimit,
	http.StatusInternalServerError: "server_error", http.StatusServiceUnavailable: "service_unavailable",
}

// statusesOf returns the statuses that a code comes with, sorted.
func statusesOf(code string) []int {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(hookErrors)), func(status int) bool { return hookErrors[status][code] == nil })
}

// errorBody is the body of an error of this status and code; without a code, of the usual one.
func errorBody(status int, c hooked) any {
	if c.code == "" {
		c.code = usualCodes[status]
	}
	if body := hookErrors[status][c.code]; body != nil {
		return body(c)
	}
	message := http.StatusText(status)
	if message == "" {
		message = "Status set by a hook"
	}
	return problem{Message: message}
}

// usually is the refusal with a code that always comes with the same words.
func usually(code string) response {
	return response{http.StatusBadRequest, errorBody(http.StatusBadRequest, hooked{code: code})}
}

func plain(message string) func(hooked) any { return withErrors(message) }

func withErrors(message string, details ...detail) func(hooked) any {
	return func(c hooked) any { return problem{Message: message, Code: c.code, Errors: details} }
}

func oauth(description string) func(hooked) any {
	return func(c hooked) any { return oauthError(c.code, description).body }
}

// invalid is in the form of the endpoint, as in the engine's own responses: fields for
// the old ones and for the parameters of lists, else messages.
func (c hooked) invalid() any {
	switch {
	case c.path == enrollPath && c.sent.Type == typeTOTP:
		return invalid("totp_issuer", notText("totp_issuer")).body
	case c.path == enrollPath && c.sent.Type == typeSMS:
		return invalid("phone_number", notText("phone_number")).body
	case c.path == enrollPath:
		return invalid("type", notListed("type")).body
	case namesFields(c.path) || c.method == http.MethodGet:
		return invalid("code", notText("code")).body
	}
	return needs("email", "").body
}

// notFound names what the path names.
func (c hooked) notFound() any {
	for _, of := range []struct{ path, kind string }{
		{"/auth/factors/", "Authentication Factor"}, {"/auth/challenges/", "Authentication Challenge"},
		{externalIDs, "User"}, {"/user_management/users/", "User"}, {"/user_management/magic_auth/", "MagicAuth"},
	} {
		if rest, ok := strings.CutPrefix(c.path, of.path); ok {
			id, _, _ := strings.Cut(rest, "/")
			return notFound(of.kind, id).body
		}
	}
	return notFound("Entity", c.path[strings.LastIndex(c.path, "/")+1:]).body
}

// signIn is of a user who is not there: a client can read it, but not go on.
func (c hooked) signIn() any {
	u := &user{ID: "user_01HOOK00000000000000000000", Email: "hook@example.com", CreatedAt: c.now, UpdatedAt: c.now}
	body := secondFactor{Code: c.code, Message: mustEnroll, Token: "pending_of_a_hook", User: u.wire()}
	if c.code == codeMFAChallenge {
		body.Message, body.Factors = mustChallenge, []pendingFactor{{"auth_factor_01HOOK00000000000000000000", typeTOTP}}
	}
	return body
}
