package tui

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
)

// order is an order of the list of factors.
type order int

const (
	byNewest order = iota // the store's own
	byName
	byVerified // the last verified first, those never verified last
)

// String names the order for a person.
func (o order) String() string {
	return [...]string{"newest first", "by name", "last verified first"}[o]
}

func (o order) next() order { return (o + 1) % (byVerified + 1) }

// sortRecords puts records, newest first, into an order. Equal ones stay so.
func sortRecords(records []*store.Record, o order) {
	switch o {
	case byName:
		names := make(map[*store.Record]string, len(records))
		for _, r := range records {
			names[r] = strings.ToLower(sortName(r))
		}
		slices.SortStableFunc(records, func(a, b *store.Record) int { return cmp.Compare(names[a], names[b]) })
	case byVerified:
		slices.SortStableFunc(records, func(a, b *store.Record) int { return b.VerifiedAt.Compare(a.VerifiedAt) })
	}
}

// sortName is what a factor is sorted by: its name, but with the digits of a
// phone number as they are.
func sortName(r *store.Record) string {
	if r.Label == "" && r.SMS != nil {
		return r.SMS.PhoneNumber
	}
	return factorName(*r)
}

// sortedRecords are the records of the store in the order of the session. They
// point into the store's snapshot, so that many of them cost no copies.
func (s *session) sortedRecords() []*store.Record {
	all := s.Store.Records()
	records := make([]*store.Record, len(all))
	for i := range all {
		records[i] = &all[i]
	}
	sortRecords(records, s.order)
	return records
}

// sort goes on to the next order; it holds for the rest of the session.
func (s factorsScreen) sort() (screen, tea.Cmd) {
	s.session.order = s.session.order.next()
	return s.reload(), nil // the summary tells the order
}
