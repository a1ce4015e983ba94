package factors

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// Index is factors that can be searched. Set Records, and it is ready for use.
type Index struct {
	Records []*store.Record
	More    func(store.Record) string // what else is searched of each, nil for nothing
	texts   []string                  // what is searched of each, made by the first search
}

// Index is the factors on the list in an order, searched for their states too.
func (l *List) Index(o Order) *Index { return &Index{Records: l.Sorted(o), More: l.StateWords} }

// SearchHint says what is searched.
const SearchHint = "label, issuer, user, phone, ID, type or result"

// Find returns the factors that contain all words of a text, in the order of Records.
// An empty text finds all.
func (in *Index) Find(text string) []*store.Record {
	terms := NewQuery(text)
	if len(terms) == 0 {
		return in.Records
	}
	if in.texts == nil {
		in.texts = make([]string, len(in.Records))
		for i, r := range in.Records {
			in.texts[i] = searched(r)
			if in.More != nil {
				in.texts[i] += " " + strings.ToLower(in.More(*r))
			}
		}
	}
	found := []*store.Record{}
	for i, r := range in.Records {
		if terms.in(in.texts[i]) {
			found = append(found, r)
		}
	}
	return found
}

// Query is the words that are searched for.
type Query []term

type term struct {
	text   string
	number string // text, without punctuation if it can be a phone number
}

// punctuation is what stands between the digits of a phone number.
const punctuation = "-.()"

// NewQuery returns the words of a text.
func NewQuery(text string) Query {
	var terms Query
	for _, w := range strings.Fields(strings.ToLower(text)) {
		next := term{w, w}
		if strings.Trim(w, "+0123456789"+punctuation) == "" && strings.ContainsAny(w, "0123456789") {
			next.number = strings.Map(withoutPunctuation, w)
		}
		terms = append(terms, next)
	}
	return terms
}

// In reports whether a text has all words.
func (q Query) In(text string) bool { return q.in(strings.ToLower(text)) }

func (q Query) in(lower string) bool {
	for _, t := range q {
		if !strings.Contains(lower, t.text) && !strings.Contains(lower, t.number) {
			return false
		}
	}
	return true
}

// searched is what is searched of a factor, in lower case, a space between the fields.
func searched(r *store.Record) string {
	fields := []string{r.Label, string(r.Type), r.ID, r.UserID}
	if r.TOTP != nil {
		fields = append(fields, r.TOTP.Issuer, r.TOTP.User)
	}
	if r.SMS != nil {
		fields = append(fields, r.SMS.PhoneNumber)
	}
	return strings.ToLower(strings.Join(fields, " "))
}

func withoutPunctuation(r rune) rune {
	if strings.ContainsRune(punctuation, r) {
		return -1
	}
	return r
}

// Span is a part of a text, in bytes.
type Span struct{ From, To int }

// Hits returns where the words are in a text, in order.
func (q Query) Hits(text string) []Span {
	if len(q) == 0 {
		return nil
	}
	plain := newFolded(text, func(rune) bool { return true })
	var spans []Span
	for _, t := range q {
		spans = append(spans, plain.all(t.text)...)
		if strings.ContainsAny(t.number, "0123456789") {
			compact := newFolded(text, func(r rune) bool { return r != ' ' && withoutPunctuation(r) == r })
			spans = append(spans, compact.all(t.number)...)
		}
	}
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	var apart []Span
	for _, s := range spans {
		if last := len(apart) - 1; last >= 0 && s.From <= apart[last].To {
			apart[last].To = max(apart[last].To, s.To)
		} else {
			apart = append(apart, s)
		}
	}
	return apart
}

// folded is a text in lower case, and where its bytes are from.
type folded struct {
	text string
	from []Span
}

func newFolded(text string, keep func(rune) bool) folded {
	f := folded{from: make([]Span, 0, len(text))}
	var lower strings.Builder
	lower.Grow(len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if keep(r) {
			n, _ := lower.WriteRune(unicode.ToLower(r))
			for range n {
				f.from = append(f.from, Span{i, i + size})
			}
		}
		i += size
	}
	f.text = lower.String()
	return f
}

// all is where a word is in the text that was folded.
func (f folded) all(word string) []Span {
	var spans []Span
	for at := 0; word != ""; at += len(word) {
		i := strings.Index(f.text[at:], word)
		if i < 0 {
			break
		}
		at += i
		spans = append(spans, Span{f.from[at].From, f.from[at+len(word)-1].To})
	}
	return spans
}

// Masked is [Masked], but shows the digits that are searched for: who looks on has seen
// them typed.
func (q Query) Masked(f workos.Factor) workos.Factor {
	masked := Masked(f)
	if f.SMS == nil || len(q) == 0 {
		return masked
	}
	plain, shown, at := Phone(f), []rune(masked.SMS.PhoneNumber), 0
	hits := q.Hits(plain)
	for i, r := range plain {
		if slices.ContainsFunc(hits, func(s Span) bool { return s.From <= i && i < s.To }) {
			shown[at] = r
		}
		at++
	}
	masked.SMS = &workos.SMSDetails{PhoneNumber: string(shown)}
	return masked
}

// Unseen returns what is known of a factor and has a word that no text shows. It is
// false if they show all words.
func (q Query) Unseen(r store.Record, texts ...string) (Fact, bool) {
	if len(q) == 0 { // each row of a list asks
		return Fact{}, false
	}
	var totp workos.TOTPDetails
	if r.TOTP != nil {
		totp = *r.TOTP
	}
	facts := []Fact{{"label", r.Label}, {"issuer", totp.Issuer}, {"user", totp.User}, {"ID", strings.TrimPrefix(r.ID, factorPrefix)}, {"ID", r.ID}, {"user ID", r.UserID}, {"type", string(r.Type)}}
	for _, t := range q {
		has := func(text string) bool { return len(Query{t}.Hits(text)) > 0 }
		if slices.ContainsFunc(texts, has) {
			continue
		}
		for _, f := range facts {
			if f[1] = words.Clean(f[1]); has(f[1]) {
				return f, true
			}
		}
	}
	return Fact{}, false
}
