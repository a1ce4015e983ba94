package factors

import (
	"strings"

	"mfa-tui/store"
)

// Index is factors with the text that they are searched by. The zero value of an
// Index with Records is ready for use.
type Index struct {
	Records []*store.Record
	texts   []string // in lower case; made when it is first searched
}

// SearchHint says what is searched.
const SearchHint = "label, issuer, user, phone, ID or type"

// Find returns the factors that have all words of a text, in their order. An empty
// text finds all.
func (in *Index) Find(text string) []*store.Record {
	terms := termsOf(text)
	if len(terms) == 0 {
		return in.Records
	}
	if in.texts == nil {
		in.texts = make([]string, len(in.Records))
		for i, r := range in.Records {
			in.texts[i] = searched(r)
		}
	}
	found := []*store.Record{}
	for i, r := range in.Records {
		if hasAll(in.texts[i], terms) {
			found = append(found, r)
		}
	}
	return found
}

func hasAll(text string, terms []term) bool {
	for _, t := range terms {
		if !strings.Contains(text, t.text) && (t.number == "" || !strings.Contains(text, t.number)) {
			return false
		}
	}
	return true
}

// term is a word that is searched for.
type term struct {
	text   string
	number string // the same without the signs that phone numbers are written with; empty if it is none
}

func termsOf(text string) []term {
	var terms []term
	for _, w := range strings.Fields(strings.ToLower(text)) {
		next := term{text: w}
		if strings.Trim(w, "+-.()0123456789") == "" && strings.ContainsAny(w, "0123456789") {
			next.number = strings.NewReplacer("-", "", ".", "", "(", "", ")", "").Replace(w)
		}
		terms = append(terms, next)
	}
	return terms
}

// searched is what is looked into, in lower case, a space between the fields.
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
