package inspect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Mask replaces a value that is hidden.
const Mask = "••••••"

const (
	// A shorter secret or key is not masked in other texts, where it would be found
	// by chance.
	shortestSecret = 4
	shortestKey    = 8
	// deepest is how many levels of JSON are shown.
	deepest = 32
)

// masker hides what is secret in calls. In JSON it shows a text or a number only in
// a field that is known to be harmless, so what the API adds later is hidden. It
// learns: a secret that is hidden in one place is hidden everywhere. Masking a call
// again changes nothing.
//
// With shows it hides only keys and passwords, and learns nothing but the key: what else
// is secret was made up by a test server, for a person who wants to see it.
type masker struct {
	shows bool
	key   string // with shows

	secrets map[string]int // folded, with the last call that has them
	n       int            // the call that is being masked
	fresh   []string       // the secrets that were learned from it
}

// kind says what may be shown of a field.
type kind int

const (
	unknown kind = iota // texts and numbers are hidden
	harmless
	prose  // a sentence, which may quote anything
	secret // hidden with all that is below it, and its values everywhere else
)

func kindOf(field string) kind {
	switch field {
	case "object", "id", "type", "issuer", "user", "phone_number", "user_id", "factor_id", "authentication_factor_id",
		"created_at", "updated_at", "expires_at", "totp_issuer", "totp_user", "entity_id",
		"email", "first_name", "last_name", "name", "external_id", "locale", "last_sign_in_at", "organization_id",
		"before", "after", "limit", "order", "field", "status", "statusCode", "method", "path":
		return harmless
	case "message", "error", "error_description", "errors", "detail", "sms_template":
		return prose
	case "code", "secret", "totp_secret", "qr_code", "uri", "otp", "password", "token", "access_token", "refresh_token", "pending_authentication_token",
		"client_secret", "password_hash", "api_key", "authorization":
		return secret
	}
	return unknown
}

// kindOf is what may be shown of a field to who sees these calls.
func (m *masker) kindOf(field string) kind {
	if !m.shows {
		return kindOf(field)
	}
	switch field {
	case "password", "password_hash", "client_secret", "api_key", "authorization":
		return secret
	}
	return harmless
}

// signs are what a text that has a key, a password or a picture has, too, in lower case.
var signs = [...]string{"sk_", "bearer", "data:", "password", "client_secret", "api_key", "authorization"}

// maySkip reports whether a text surely has nothing to hide and no character that can't
// be seen. It is quick: a busy server's calls are mostly such.
func maySkip[T string | []byte](m *masker, text T) bool {
	if !m.shows {
		return false
	}
	for i := range len(text) {
		b := text[i]
		switch {
		case b < ' ' || b >= unicode.MaxASCII || b == '\\' || b == '%':
			return false
		case m.key != "" && b == m.key[0] && hasPrefix(text[i:], m.key):
			return false
		}
		switch b | 0x20 {
		case 's', 'b', 'd', 'p', 'c', 'a':
			for _, sign := range signs {
				if hasPrefix(text[i:], sign) {
					return false
				}
			}
		}
	}
	return true
}

// hasPrefix reports whether a text begins with a sign, in lower case or not.
func hasPrefix[T string | []byte](text T, sign string) bool {
	if len(text) < len(sign) {
		return false
	}
	for i := range len(sign) {
		if b := text[i]; b != sign[i] && (b < 'A' || b > 'Z' || b|0x20 != sign[i]) {
			return false
		}
	}
	return true
}

// newCall masks a call that may have this key or secrets that are not known yet.
func (m *masker) newCall(c Call, key string) Call {
	m.n, m.fresh = c.N, nil
	if m.shows {
		return m.call(c)
	}
	if len(key) >= shortestKey {
		m.learn(key)
	}
	m.call(c) // learns what is secret anywhere in it
	return m.call(c)
}

// call masks a call.
func (m *masker) call(c Call) Call {
	if !c.looked && !maySkip(m, c.Path) {
		c.Path = m.path(c.Path)
	}
	if !c.looked && c.Query != "" && !maySkip(m, c.Query) {
		c.Query = m.query(c.Query)
	}
	c.looked = m.shows
	c.Request, c.Response = m.body(c.Request, false), m.body(c.Response, c.Status >= 400)
	for _, text := range []*string{&c.RequestID, &c.Err} {
		if *text != "" && !maySkip(m, *text) {
			*text = m.sentence(*text)
		}
	}
	return c
}

// learn remembers a secret, to hide it everywhere.
func (m *masker) learn(secret string) {
	text := fold(strings.TrimSpace(secret))
	if len(text) < shortestSecret || secret == Mask {
		return
	}
	if _, known := m.secrets[text]; !known {
		m.fresh = append(m.fresh, text)
	}
	m.secrets[text] = m.n
}

// learnFrom is learn for what stands in a call.
func (m *masker) learnFrom(secret string) {
	if !m.shows {
		m.learn(secret)
	}
}

// learned reports whether an earlier call may have a secret that was learned from
// this one. It is quick, so that calls without one need not be masked again.
func (m *masker) learned(c Call) bool {
	if m.fresh == nil {
		return false
	}
	path, _ := url.PathUnescape(c.Path)
	query, _ := url.QueryUnescape(c.Query)
	texts := fold(strings.Join([]string{path, query, c.RequestID, c.Err, string(c.Request.JSON), string(c.Response.JSON)}, "\n"))
	return slices.ContainsFunc(m.fresh, func(secret string) bool {
		escaped := strings.ContainsFunc(secret, func(r rune) bool { return r == '"' || r == '\\' || !unicode.IsPrint(r) }) // in JSON
		return escaped || strings.Contains(texts, secret)
	})
}

// forget forgets the secrets that no call after this one has.
func (m *masker) forget(n int) {
	if m.shows { // the key, which all calls have
		return
	}
	maps.DeleteFunc(m.secrets, func(_ string, last int) bool { return last <= n })
}

var ungroup = strings.NewReplacer(" ", "", "-", "")

// fold returns a text in the form in which secrets are compared: in lower case
// and not in groups.
func fold(s string) string { return strings.ToLower(ungroup.Replace(s)) }

// hide masks the secrets that are known.
func (m *masker) hide(s string) string {
	text := fold(s)
	var at []int // where in s each byte of text is from
	for i, r := range s {
		for range len(fold(string(r))) {
			at = append(at, i)
		}
	}
	hidden := make([]bool, len(s))
	for secret := range m.secrets {
		for from := 0; ; from++ {
			i := strings.Index(text[from:], secret)
			if i < 0 {
				break
			}
			from += i
			for k := at[from]; k <= at[from+len(secret)-1]; k++ {
				hidden[k] = true
			}
		}
	}
	var out strings.Builder
	for i, r := range s {
		switch {
		case !hidden[i]:
			out.WriteRune(r)
		case i == 0 || !hidden[i-1]:
			out.WriteString(Mask)
		}
	}
	return out.String()
}

// Secrets that can be recognized by their form: in any text, and in a sentence.
// After a URI, which may have spaces, the whole rest is hidden.
var (
	forms = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)(?:otpauth:|data:\w+/).*|\bsk_\w{4,}|\bbearer\s+\S+|` +
			`(?-i:\b[A-Z2-7]{16,}\b|\b[A-Z2-7]{4}(?:[ -][A-Z2-7]{4}){3,}\b)`)
	})
	// keyForms are the keys among them, and pictures, which would fill the screen.
	keyForms     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)data:\w+/[^"\s]*|\bsk_\w{4,}|\bbearer\s+\S+`) })
	formsInProse = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b\d{3}[ -]?\d{3}\b`) })
)

// text masks the secrets in a text that are known or recognized by their form.
func (m *masker) text(s string) string {
	if m.shows {
		if strings.HasPrefix(s, "data:image/") && !strings.ContainsAny(s, "\"\t\n\f\r ") {
			return Mask // a picture whole, which would take long to search
		}
		return keyForms().ReplaceAllLiteralString(m.hide(s), Mask)
	}
	return forms().ReplaceAllLiteralString(m.hide(s), Mask)
}

// sentence masks a text that may quote anything, so also what looks like a code.
func (m *masker) sentence(s string) string {
	if m.shows {
		return m.text(s)
	}
	return formsInProse().ReplaceAllLiteralString(m.text(s), Mask)
}

// path masks each part of a path that has a secret.
func (m *masker) path(escaped string) string {
	parts := strings.Split(escaped, "/")
	for i, p := range parts {
		if plain, err := url.PathUnescape(p); err != nil || m.sentence(plain) != plain {
			parts[i] = Mask
		}
	}
	return strings.Join(parts, "/")
}

// query masks a query and sorts it by name.
func (m *masker) query(raw string) string {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return Mask
	}
	for name, list := range values {
		if name == Mask || m.name(name, false) != name {
			return Mask
		}
		for i, v := range list {
			list[i], _ = m.leaf(v, m.below(place{}, name)).(string)
		}
	}
	return values.Encode()
}

// body masks a body and keeps the order of its fields. It escapes characters that
// can't be seen, since they could move the cursor or reverse the text.
func (m *masker) body(b Body, failure bool) Body {
	if b.JSON == nil || b.looked || maySkip(m, b.JSON) {
		return b
	}
	return m.masked(b, failure)
}

// masked is body for one that may have something to hide.
func (m *masker) masked(b Body, failure bool) Body {
	dec := json.NewDecoder(bytes.NewReader(b.JSON))
	dec.UseNumber()
	var masked, compact bytes.Buffer
	m.copy(&masked, dec, place{failure: failure})
	json.Compact(&compact, masked.Bytes()) // which is valid
	var out []byte
	for _, r := range compact.String() {
		if unicode.IsPrint(r) {
			out = utf8.AppendRune(out, r)
			continue
		}
		for _, u := range utf16.AppendRune(nil, r) {
			out = fmt.Appendf(out, `\u%04x`, u)
		}
	}
	return Body{JSON: out}
}

// place is where in JSON a value is.
type place struct {
	field   string
	hidden  bool // in or below a secret field
	failure bool // in the response of a failure
	depth   int
}

func (m *masker) below(p place, field string) place {
	p.field, p.hidden = field, p.hidden || m.kindOf(field) == secret
	return p
}

// copy copies the next value of valid JSON, masked.
func (m *masker) copy(out *bytes.Buffer, dec *json.Decoder, p place) {
	if p.depth++; p.depth == deepest+1 {
		m.copy(&bytes.Buffer{}, dec, p) // to learn from it
		write(out, Mask)
		return
	}
	token, _ := dec.Token()
	open, ok := token.(json.Delim)
	if !ok {
		write(out, m.leaf(token, p))
		return
	}
	out.WriteString(open.String())
	for first := true; dec.More(); first = false {
		if !first {
			out.WriteByte(',')
		}
		if open == '{' {
			token, _ := dec.Token()
			name, _ := token.(string)
			write(out, m.name(name, p.hidden))
			out.WriteByte(':')
			m.copy(out, dec, m.below(p, name))
		} else {
			m.copy(out, dec, p)
		}
	}
	end, _ := dec.Token()
	fmt.Fprint(out, end)
}

func write(out *bytes.Buffer, v any) {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.Encode(v) // a text or a number, into memory
}

// leaf masks a value that is no object or array.
func (m *masker) leaf(v any, p place) any {
	var value string
	switch v := v.(type) {
	case string:
		value = v
	case json.Number:
		value = v.String()
	default: // true, false or null
		return v
	}
	shown := m.text(value)
	switch kind := m.kindOf(p.field); {
	case p.failure && p.field == "code" && errorName(value):
		return shown
	case p.hidden:
		m.learnFrom(value)
		return Mask
	case kind == unknown:
		return Mask
	case kind == prose:
		shown = m.sentence(value)
	}
	if shown == value {
		return v // a number stays one
	}
	return shown
}

// errorName reports whether a code is the name of an error, such as
// entity_not_found, or a sentence in its place: codes to type are digits.
func errorName(code string) bool {
	return !strings.ContainsFunc(code, func(r rune) bool { return r != '_' && r != ' ' && (r < 'a' || r > 'z') })
}

// fieldName is what the name of a field looks like. Any other name may be a value,
// as in a map by code.
var fieldName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z]([A-Za-z_-]{0,36}[A-Za-z])?[0-9]{0,2}$`)
})

// name masks the name of a field; hidden means that it is below a secret field.
func (m *masker) name(s string, hidden bool) string {
	if m.shows && !hidden {
		return m.text(s)
	}
	if kindOf(s) != unknown {
		return s
	}
	if hidden {
		m.learnFrom(s)
	}
	if hidden || !fieldName().MatchString(s) || m.text(s) != s {
		return Mask
	}
	return s
}
