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
		slices.SortStableFunc(records, func(a, b *store.Record) int { return natural(names[a], names[b]) })
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

// natural compares texts, the numbers in them by their value: person 2 comes before
// person 10. A phone number has no value: those of a country stand together.
func natural(a, b string) int {
	for plus := false; a != "" && b != ""; {
		if plus = plus && digit(a[0]); plus || !digit(a[0]) || !digit(b[0]) {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			plus = plus || a[0] == '+'
			a, b = a[1:], b[1:]
			continue
		}
		m, n := digits(a), digits(b)
		x, y := strings.TrimLeft(a[:m], "0"), strings.TrimLeft(b[:n], "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
			return c
		}
		a, b = a[m:], b[n:]
	}
	return cmp.Compare(len(a), len(b))
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

// digits is how many digits a text begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}
