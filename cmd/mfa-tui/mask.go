package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"

	"mfa-tui/tui"
)

// masker hides what is secret in one attempt of a request: before it is kept, so
// that nothing that shows or copies a call can tell it. It is made for what is
// not known yet: a text or a number is shown only in a field that is known to be
// harmless, and there without the secrets that this request is known to have.
type masker struct{ secrets []string }

// harmless reports whether the texts and numbers of a field are shown.
func harmless(field string) bool {
	switch field {
	case "object", "id", "type", "issuer", "user", "phone_number", "user_id", "factor_id", "authentication_factor_id",
		"created_at", "updated_at", "expires_at", "totp_issuer", "totp_user", "entity_id",
		"email", "first_name", "last_name", "name", "external_id", "locale", "last_sign_in_at", "organization_id",
		"before", "after", "limit", "order", "field", "status", "statusCode":
		return true
	}
	return prose(field)
}

// prose reports whether a field is a sentence, in which anything may be quoted.
func prose(field string) bool {
	switch field {
	case "message", "error", "error_description", "errors", "detail", "sms_template":
		return true
	}
	return false
}

// secret reports whether nothing of a field is shown, nothing below it either,
// and its values are hidden wherever else they turn up.
func secret(field string) bool {
	switch field {
	case "code", "secret", "totp_secret", "qr_code", "uri", "otp", "password", "token", "access_token", "refresh_token", "api_key", "authorization":
		return true
	}
	return false
}

// fieldName is what the name of a field looks like. A name of another form may
// be a value that serves as one.
var fieldName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z]+(?:[_-][A-Za-z]+)*[0-9]{0,2}$`)
})

const (
	longestName = 40
	// A shorter secret or key is not looked for inside of other texts: it would
	// be found everywhere.
	shortestSecret = 4
	shortestKey    = 8
	// A longer one is looked for as it is, not in other ways to write it.
	longestWritten = 128
	// deepest is how many levels of JSON are shown.
	deepest = 32
)

// newMasker knows the key of a request.
func newMasker(req *http.Request) *masker {
	m := &masker{}
	_, key, _ := strings.Cut(req.Header.Get("Authorization"), " ")
	if len(key) >= shortestKey {
		m.learn(key)
	}
	return m
}

// learn makes a secret known. The longest is first, so that one which is a part
// of another does not leave the rest of that one to be read.
func (m *masker) learn(secret string) {
	if secret = strings.TrimSpace(secret); len(secret) < shortestSecret || slices.Contains(m.secrets, secret) {
		return
	}
	at := slices.IndexFunc(m.secrets, func(s string) bool { return len(s) < len(secret) })
	if at < 0 {
		at = len(m.secrets)
	}
	m.secrets = slices.Insert(m.secrets, at, secret)
}

// body returns a body that can be shown. In the answer of a failure, code is the
// name of the error.
func (m *masker) body(b []byte, failure bool) tui.Body {
	switch {
	case len(bytes.TrimSpace(b)) == 0:
		return tui.Body{}
	case len(b) > keptBody:
		return tui.Body{Note: fmt.Sprintf("longer than %d KiB, not kept", keptBody>>10)}
	case !json.Valid(b):
		return tui.Body{Note: fmt.Sprintf("not JSON, %d bytes", len(b))}
	}
	m.search(read(b), "", false, failure)
	w := writer{masker: m, dec: read(b), failure: failure}
	w.value("", false, 0)
	return tui.Body{JSON: w.out.Bytes()}
}

func read(b []byte) *json.Decoder {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	return dec
}

// search learns the values of secret fields, and the names below them, from JSON
// that is valid.
func (m *masker) search(dec *json.Decoder, name string, hidden, failure bool) {
	hidden = hidden || secret(name)
	token, _ := dec.Token()
	switch v := token.(type) {
	case json.Delim:
		for dec.More() {
			if v == '{' {
				token, _ := dec.Token()
				if name, _ = token.(string); hidden {
					m.learn(name)
				}
			}
			m.search(dec, name, hidden, failure)
		}
		dec.Token()
	case string:
		if hidden && !errorName(name, v, failure) {
			m.learn(v)
		}
	case json.Number:
		if hidden {
			m.learn(v.String())
		}
	}
}

// errorName reports whether a code is the name of an error, such as
// entity_not_found: codes to type are digits.
func errorName(field, value string, failure bool) bool {
	return failure && field == "code" && !strings.ContainsFunc(value, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}

// Secrets that can be told by their form: in any text, and in a sentence. What
// may have spaces in it is hidden up to the end.
var (
	forms = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)(?:otpauth:|data:\w+/).*|\bsk_\w{4,}|\bbearer\s+\S+|` +
			`(?-i:\b[A-Z2-7]{16,}\b|\b[A-Z2-7]{4}(?:[ -][A-Z2-7]{4}){3,}\b)`)
	})
	formsInProse = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b\d{3}[ -]?\d{3}\b`) })
)

// text returns a text without the secrets that are known, or can be told by
// their form.
func (m *masker) text(s string) string {
	for _, secret := range m.secrets {
		s = hide(s, secret)
	}
	return forms().ReplaceAllLiteralString(s, tui.Mask)
}

// hide masks a secret in a text: in capitals or not, and in groups.
func hide(s, secret string) string {
	if len(secret) > longestWritten || len(s) < len(secret) {
		return strings.ReplaceAll(s, secret, tui.Mask)
	}
	var written strings.Builder
	written.WriteString("(?i)")
	for i, r := range secret {
		if i > 0 {
			written.WriteString("[ -]?")
		}
		written.WriteString(regexp.QuoteMeta(string(r)))
	}
	form, err := regexp.Compile(written.String())
	if err != nil { // it is not UTF-8
		return strings.ReplaceAll(s, secret, tui.Mask)
	}
	return form.ReplaceAllLiteralString(s, tui.Mask)
}

// sentence returns a text that may quote anything, without what looks like a
// code or a secret.
func (m *masker) sentence(s string) string {
	return formsInProse().ReplaceAllLiteralString(m.text(s), tui.Mask)
}

// name returns the name of a field. Hidden is one below a secret field.
func (m *masker) name(s string, hidden bool) string {
	switch {
	case harmless(s), secret(s):
		return s
	case hidden, len(s) > longestName, !fieldName().MatchString(s), m.text(s) != s:
		return tui.Mask
	}
	return s
}

// path returns a path that can be shown, with each part that tells a secret
// masked.
func (m *masker) path(escaped string) string {
	parts := strings.Split(escaped, "/")
	for i, p := range parts {
		if plain, err := url.PathUnescape(p); err != nil || m.sentence(plain) != plain {
			parts[i] = tui.Mask
		}
	}
	return strings.Join(parts, "/")
}

// query returns a query that can be shown, in the order of its names.
func (m *masker) query(raw string) string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return tui.Mask
	}
	for name, list := range values {
		for i, v := range list {
			if list[i] = m.text(v); !harmless(name) {
				list[i] = tui.Mask
			}
		}
		if m.name(name, false) != name {
			return tui.Mask
		}
	}
	return values.Encode()
}

// writer writes JSON anew, with its fields in their order and its secrets masked.
type writer struct {
	*masker
	dec     *json.Decoder // of JSON that is valid
	failure bool
	out     bytes.Buffer
}

// value writes the next value, of the field with this name. Hidden is what is
// below a secret field.
func (w *writer) value(name string, hidden bool, depth int) {
	if depth == deepest {
		var skipped json.RawMessage
		w.dec.Decode(&skipped)
		w.quote(tui.Mask)
		return
	}
	hidden = hidden || secret(name)
	token, _ := w.dec.Token()
	switch v := token.(type) {
	case json.Delim:
		w.out.WriteRune(rune(v))
		w.members(v, name, hidden, depth+1)
	case string:
		w.leaf(name, v, hidden, func(s string) { w.quote(s) })
	case json.Number:
		w.leaf(name, v.String(), hidden, func(s string) { w.out.WriteString(s) })
	case bool:
		fmt.Fprint(&w.out, v)
	default:
		w.out.WriteString("null")
	}
}

// members writes what is in an object or an array, up to its end.
func (w *writer) members(open json.Delim, name string, hidden bool, depth int) {
	for first := true; w.dec.More(); first = false {
		if !first {
			w.out.WriteByte(',')
		}
		if open == '{' {
			token, _ := w.dec.Token()
			name, _ = token.(string)
			w.quote(w.masker.name(name, hidden))
			w.out.WriteByte(':')
		}
		w.value(name, hidden, depth)
	}
	end, _ := w.dec.Token()
	if end, ok := end.(json.Delim); ok {
		w.out.WriteRune(rune(end))
	}
}

// leaf writes a text or a number, or the mask in its place.
func (w *writer) leaf(name, value string, hidden bool, write func(string)) {
	shown := w.text(value)
	if prose(name) {
		shown = w.sentence(value)
	}
	switch {
	case errorName(name, value, w.failure):
		w.quote(shown)
	case hidden || !harmless(name):
		w.quote(tui.Mask)
	case shown != value:
		w.quote(shown)
	default:
		write(value)
	}
}

// quote writes a text as JSON in which all characters can be seen: what could
// move the cursor or turn the direction of writing is escaped.
func (w *writer) quote(s string) {
	w.out.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.out.WriteByte('\\')
			w.out.WriteRune(r)
		case r == '\n':
			w.out.WriteString(`\n`)
		case unicode.IsPrint(r):
			w.out.WriteRune(r)
		default:
			for _, u := range utf16.AppendRune(nil, r) {
				fmt.Fprintf(&w.out, `\u%04x`, u)
			}
		}
	}
	w.out.WriteByte('"')
}
