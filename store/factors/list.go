package factors

import (
	"cmp"
	"slices"
	"strings"

	"mfa-tui/store"
)

// Order is how the list is sorted.
type Order int

// The orders.
const (
	ByNewest   Order = iota // the order of the store
	ByName                  // A to Z; a phone by its number
	ByVerified              // the last verified first, those never verified last
)

// String is the order in words.
func (o Order) String() string {
	return [...]string{"newest first", "by name", "last verified first"}[o]
}

// Next is the order after this one, the first after the last.
func (o Order) Next() Order { return (o + 1) % (ByVerified + 1) }

// Sorted returns the factors on the list in an order. They point into the records of
// the store: a long list is not copied.
func (l *List) Sorted(o Order) []*store.Record {
	all := l.Store.Records()
	records := make([]*store.Record, len(all))
	for i := range all {
		records[i] = &all[i]
	}
	switch o {
	case ByName:
		names := make(map[*store.Record]string, len(records))
		for _, r := range records {
			names[r] = strings.ToLower(sortName(r))
		}
		slices.SortStableFunc(records, func(a, b *store.Record) int { return cmp.Compare(names[a], names[b]) })
	case ByVerified:
		slices.SortStableFunc(records, func(a, b *store.Record) int { return b.VerifiedAt.Compare(a.VerifiedAt.Time) })
	}
	return records
}

// sortName is what a factor is sorted by: its name, but a phone number as its digits.
func sortName(r *store.Record) string {
	if r.Label == "" && r.SMS != nil {
		return r.SMS.PhoneNumber
	}
	return Name(*r)
}

// Index is factors that can be searched. Set Records, and it is ready for use.
type Index struct {
	Records []*store.Record
	texts   []string // what is searched of each, made by the first search
}

// SearchHint says what is searched.
const SearchHint = "label, issuer, user, phone, ID or type"

// Find returns the factors that contain all words of a text, in the order of Records.
// An empty text finds all.
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
		if !strings.Contains(text, t.text) && !strings.Contains(text, t.number) {
			return false
		}
	}
	return true
}

// term is a word that is searched for.
type term struct {
	text   string
	number string // text, without punctuation if it can be a phone number
}

func termsOf(text string) []term {
	var terms []term
	for _, w := range strings.Fields(strings.ToLower(text)) {
		next := term{w, w}
		if strings.Trim(w, "+-.()0123456789") == "" && strings.ContainsAny(w, "0123456789") {
			next.number = strings.NewReplacer("-", "", ".", "", "(", "", ")", "").Replace(w)
		}
		terms = append(terms, next)
	}
	return terms
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
