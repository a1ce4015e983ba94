package store

import (
	"encoding/json"
	"time"
	"unsafe"

	"mfa-tui/workos"
)

// quick reads the JSON of one record, in the form that encoding/json writes: no
// spaces, known names, each at most once. Its methods report false for anything
// else, and the record is then to be read by encoding/json.
type quick struct {
	bytes []byte
	text  string // the same memory
	at    int
}

// newQuick reads from JSON that nobody changes any more: the strings of the
// record are parts of it, as its raw form is anyway.
func newQuick(line []byte) quick {
	return quick{bytes: line, text: unsafe.String(unsafe.SliceData(line), len(line))}
}

func (q *quick) atEnd() bool { return q.at == len(q.text) }

func (q *quick) record(r *Record) bool {
	return q.object(func(name string) bool {
		switch name {
		case "id":
			return q.string(&r.ID)
		case "type":
			return q.string((*string)(&r.Type))
		case "user_id":
			return q.string(&r.UserID)
		case "totp":
			return q.totp(&r.TOTP)
		case "sms":
			return q.sms(&r.SMS)
		case "created_at":
			return q.time(&r.CreatedAt)
		case "updated_at":
			return q.time(&r.UpdatedAt)
		case "label":
			return q.string(&r.Label)
		case "verified_at":
			return q.time(&r.VerifiedAt)
		case "gone_at":
			return q.time(&r.GoneAt)
		case "challenges":
			return q.history(&r.History)
		}
		return false
	})
}

func (q *quick) totp(to **workos.TOTPDetails) bool {
	if *to != nil {
		return false
	}
	d := new(workos.TOTPDetails)
	*to = d
	return q.object(func(name string) bool {
		switch name {
		case "issuer":
			return q.string(&d.Issuer)
		case "user":
			return q.string(&d.User)
		case "secret":
			return q.string(&d.Secret)
		case "qr_code":
			return q.string(&d.QRCode)
		case "uri":
			return q.string(&d.URI)
		}
		return false
	})
}

func (q *quick) sms(to **workos.SMSDetails) bool {
	if *to != nil {
		return false
	}
	d := new(workos.SMSDetails)
	*to = d
	return q.object(func(name string) bool { return name == "phone_number" && q.string(&d.PhoneNumber) })
}

func (q *quick) history(to *[]Attempt) bool {
	if *to != nil || !q.eat('[') {
		return false
	}
	for {
		*to = append(*to, Attempt{})
		if !q.attempt(&(*to)[len(*to)-1]) {
			return false
		}
		if !q.eat(',') {
			return q.eat(']')
		}
	}
}

func (q *quick) attempt(a *Attempt) bool {
	return q.object(func(name string) bool {
		switch name {
		case "challenge_id":
			return q.string(&a.ChallengeID)
		case "at":
			return q.time(&a.At)
		case "outcome":
			return q.string((*string)(&a.Outcome))
		case "wrong_codes":
			return q.number(&a.WrongCodes)
		}
		return false
	})
}

// object calls member for each name, which must read its value.
func (q *quick) object(member func(name string) bool) bool {
	if !q.eat('{') {
		return false
	}
	for {
		name, ok := q.quoted()
		if !ok || !q.eat(':') || !member(name) {
			return false
		}
		if !q.eat(',') {
			return q.eat('}')
		}
	}
}

func (q *quick) eat(c byte) bool {
	if q.at < len(q.text) && q.text[q.at] == c {
		q.at++
		return true
	}
	return false
}

// quoted reads a string without escapes.
func (q *quick) quoted() (string, bool) {
	if !q.eat('"') {
		return "", false
	}
	begin := q.at
	for ; q.at < len(q.text); q.at++ {
		switch c := q.text[q.at]; {
		case c == '"':
			q.at++
			return q.text[begin : q.at-1], true
		case c == '\\' || c < ' ':
			return "", false
		}
	}
	return "", false
}

// string reads a string. A second one for the same name is not for this reader.
func (q *quick) string(to *string) (ok bool) {
	if *to != "" {
		return false
	}
	begin := q.at
	if *to, ok = q.quoted(); ok {
		return true
	}
	return q.escaped(to, begin)
}

// escaped reads a string with escapes, as encoding/json writes the & of a URI.
func (q *quick) escaped(to *string, begin int) bool {
	for ; q.at < len(q.text); q.at++ {
		switch q.text[q.at] {
		case '\\':
			q.at++
		case '"':
			q.at++
			return json.Unmarshal(q.bytes[begin:q.at], to) == nil
		}
	}
	return false
}

func (q *quick) time(to *time.Time) bool {
	begin := q.at
	_, ok := q.quoted()
	return ok && to.IsZero() && to.UnmarshalJSON(q.bytes[begin:q.at]) == nil
}

// number reads a small count.
func (q *quick) number(to *int) bool {
	begin := q.at
	n := 0
	for q.at < len(q.text) && q.at-begin < 9 && '0' <= q.text[q.at] && q.text[q.at] <= '9' {
		n = 10*n + int(q.text[q.at]-'0')
		q.at++
	}
	if q.at == begin || q.text[begin] == '0' && q.at > begin+1 || *to != 0 {
		return false
	}
	*to = n
	return true
}
