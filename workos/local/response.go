package local

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// The codes of errors, as WorkOS names them.
const (
	codeNotFound           = "entity_not_found"
	codeInvalidPhoneNumber = "invalid_phone_number"
	codeExpired            = "authentication_challenge_expired"
	codeAlreadyVerified    = "authentication_challenge_previously_verified"
	codeTooManyAttempts    = "one_time_code_too_many_attempts"
	codeRateLimit          = "rate_limit_exceeded"
	codeBadRequest         = "bad_request"                // guess: no recording
	codeInvalidParameters  = "invalid_request_parameters" // recorded for users; for the rest a guess, see invalid
	codeMFAChallenge       = "mfa_challenge"
	codeMFAEnrollment      = "mfa_enrollment"
	codeTooLarge           = "payload_too_large"      // guess: no recording
	codeKeyReused          = "idempotency_key_reused" // guess: no recording
	codeInternal           = "internal_error"         // the engine's own
	codeUnavailable        = "unavailable"            // the engine's own
	codeNotEmulated        = "not_emulated"           // the engine's own
)

const jsonType = "application/json; charset=utf-8"

// response is a status and what is encoded as the body; nil is no body.
type response struct {
	status int
	body   any
}

// problem is the body of an error.
type problem struct {
	Message  string   `json:"message"`
	Code     string   `json:"code,omitempty"`
	EntityID string   `json:"entity_id,omitempty"`
	Errors   []detail `json:"errors,omitempty"`
}

// detail is one of the errors in a problem. What is of users has a message, what is of
// factors and challenges a field, as in WorkOS's older endpoints.
type detail struct {
	Field   string `json:"field,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message,omitempty"`
}

func notFound(kind, id string) response {
	return response{http.StatusNotFound, problem{Message: fmt.Sprintf("%s not found: '%s'.", kind, id), Code: codeNotFound, EntityID: id}}
}

func unprocessable(code, message string) response {
	return response{http.StatusUnprocessableEntity, problem{Message: message, Code: code}}
}

// invalid is the response to missing or wrong fields, given in pairs of name and
// code. Nobody recorded one of /auth/*: the form and the words are those of other old
// endpoints. The problem's own code, which they lack, is a guess: Go SDKs before
// version 10 take a verification without it for a success.
func invalid(pairs ...string) response {
	p := problem{Message: "Validation failed", Code: codeInvalidParameters}
	for i := 0; i+1 < len(pairs); i += 2 {
		p.Errors = append(p.Errors, detail{Field: pairs[i], Code: pairs[i+1]})
	}
	return response{http.StatusUnprocessableEntity, p}
}

// What is wrong with a field, in WorkOS's recorded words. A missing field has the
// wrong type there.
func notText(field string) string   { return field + " must be a string" }
func notListed(field string) string { return field + " must be a valid enum value" }

// invalidParameters is the response to missing or wrong fields of a user, as WorkOS was
// recorded to give it.
func invalidParameters(details ...detail) response {
	return response{http.StatusUnprocessableEntity, problem{Message: "Validation failed", Code: codeInvalidParameters, Errors: details}}
}

// needs is the response to fields that are empty, given in pairs of name and value, nil
// if none is. Recorded is only email_string_required, for a user: the others are guesses.
func needs(pairs ...string) *response {
	var missing []detail
	for i := 0; i+1 < len(pairs); i += 2 {
		if name := pairs[i]; pairs[i+1] == "" {
			missing = append(missing, required(name, "string", "a non-empty string"))
		}
	}
	if missing == nil {
		return nil
	}
	return new(invalidParameters(missing...))
}

// maxText is how many characters a text about a person has at most. guess: no recording;
// without a limit a thousand events, each with a user, could fill the memory.
const maxText = 512

// tooLong is the response to texts over maxText, nil if none is. guess: its code and words, too.
func tooLong(texts map[string]*string) *response {
	var long []detail
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		if text := texts[name]; text != nil && utf8.RuneCountInString(*text) > maxText {
			long = append(long, detail{Code: name + "_too_long", Message: fmt.Sprintf("%s should be at most %d characters long.", sentenceOf(name), maxText)})
		}
	}
	if long == nil {
		return nil
	}
	return new(invalidParameters(long...))
}

// required says which type a field should have, in the form of email_string_required.
func required(field, kind, want string) detail {
	return detail{Code: strings.ReplaceAll(field, ".", "_") + "_" + kind + "_required", Message: sentenceOf(field) + " should be " + want + "."}
}

// sentenceOf begins a sentence with a field.
func sentenceOf(field string) string {
	words := strings.NewReplacer("_", " ", ".", " ").Replace(field)
	return strings.ToUpper(words[:1]) + words[1:]
}

// oauthError is the response to a sign-in for whose refusal OAuth has the code.
func oauthError(code, description string) response {
	return response{http.StatusBadRequest, struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{code, description}}
}

// refused is the response to a request whose fields are right, and which can't be done.
func refused(code, message string, details ...detail) response {
	return response{http.StatusBadRequest, problem{Message: message, Code: code, Errors: details}}
}

// badRequest is the response to a request that the engine can't make sense of.
func badRequest(message string) response { return refused(codeBadRequest, message) }

// namesFields reports whether mistakes on a path are told by field, as those of factors and
// challenges are, and not by a sentence, as those of users.
func namesFields(path string) bool {
	return strings.HasPrefix(path, "/auth/") || strings.HasSuffix(path, "/auth_factors")
}

func internal(err error) response {
	return response{http.StatusInternalServerError, problem{Message: err.Error(), Code: codeInternal}}
}

// write sends a response.
func write(w http.ResponseWriter, resp response) {
	if resp.body == nil {
		w.WriteHeader(resp.status)
		return
	}
	body, err := json.Marshal(resp.body)
	if err == nil {
		body, err = drawPicture(body)
	}
	if err != nil {
		resp.status, body = http.StatusInternalServerError, []byte(`{"message":"the response can't be encoded","code":"internal_error"}`)
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(resp.status)
	w.Write(body) // fails only if the client has gone
}
