package factors

import (
	"cmp"
	"slices"
	"strings"

	"mfa-tui/store"
)

// Order is an order of the factors on the list.
type Order int

// The orders.
const (
	ByNewest   Order = iota // the store's own
	ByName                  // A to Z; a phone by its number
	ByVerified              // the last verified first, those never verified last
)

// String names the order for a person.
func (o Order) String() string {
	return [...]string{"newest first", "by name", "last verified first"}[o]
}

// Next is the order after this one, the first after the last.
func (o Order) Next() Order { return (o + 1) % (ByVerified + 1) }

// Sorted returns the factors on the list in an order. They point into what the
// store shows now, so that many of them cost no copies.
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
		slices.SortStableFunc(records, func(a, b *store.Record) int { return b.VerifiedAt.Compare(a.VerifiedAt) })
	}
	return records
}

// sortName is what a factor is sorted by: its name, but a phone number without
// the signs between its digits.
func sortName(r *store.Record) string {
	if r.Label == "" && r.SMS != nil {
		return r.SMS.PhoneNumber
	}
	return Name(*r)
}
