package store

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"
	"unsafe"

	"mfa-tui/workos"
)

// quick reads the JSON of one record, in the form that encoding/json writes: no
// spaces, known names, each at most once. Its methods report false for anything
// else, and the record is then to be read by encoding/json.
type quick struct {
	bytes   []byte
	text    string // the same memory
	at      int
	escapes bool // there are some
	last    struct {
		text string
		time time.Time
	}
}

// begin reads from a line of JSON that nobody changes any more: the strings of
// the record are parts of it, as its raw form is anyway. It reports false for one
// with control characters, which JSON does not allow.
func (q *quick) begin(line []byte) bool {
	q.bytes, q.text, q.at = line, unsafe.String(unsafe.SliceData(line), len(line)), 0
	q.escapes = strings.IndexByte(q.text, '\\') >= 0
	return !hasControl(line)
}

// hasControl looks at eight bytes at a time, since it looks at all that there are.
func hasControl(b []byte) bool {
	const each = 0x0101010101010101
	for ; len(b) >= 8; b = b[8:] {
		// A byte below ' ' borrows, and had no high bit that would explain it.
		if x := binary.LittleEndian.Uint64(b); (x-' '*each)&^x&(0x80*each) != 0 {
			return true
		}
	}
	for _, c := range b {
		if c < ' ' {
			return true
		}
	}
	return false
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
	n := strings.IndexByte(q.text[begin:], '"')
	if n < 0 || q.escapes && strings.IndexByte(q.text[begin:begin+n], '\\') >= 0 {
		return "", false
	}
	q.at += n + 1
	return q.text[begin : begin+n], true
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
	q.at = begin
	return q.escapes && q.escaped(to)
}

// escaped reads a string with escapes, as encoding/json writes the & of a URI.
func (q *quick) escaped(to *string) bool {
	for i := q.at + 1; i < len(q.text); i++ {
		switch q.text[i] {
		case '\\':
			i++
		case '"':
			raw := q.bytes[q.at : i+1]
			q.at = i + 1
			return json.Unmarshal(raw, to) == nil
		}
	}
	return false
}

// time reads a time. Many are the same as the one before.
func (q *quick) time(to *time.Time) bool {
	begin := q.at
	text, ok := q.quoted()
	if !ok || !to.IsZero() {
		return false
	}
	if text == "" || text != q.last.text {
		q.last.text = ""
		if q.last.time.UnmarshalJSON(q.bytes[begin:q.at]) != nil {
			return false
		}
		q.last.text = text
	}
	*to = q.last.time
	return true
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
