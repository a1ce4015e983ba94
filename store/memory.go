package store

import "slices"

// NewMemory returns a store without a file: what is in it ends with the program. It is
// for factors whose home is elsewhere, such as those of a server; [Store.Replace] brings
// them in.
func NewMemory(environment string) *Store {
	s := &Store{environment: EnvironmentName(environment), keepSecrets: true}
	s.saved, _ = decode(nil, s.environment) // nothing to read, so no error
	s.show()
	return s
}

// Replace puts other factors, newest first, in place of those that a store in memory has.
// A factor that stays keeps its label.
func (s *Store) Replace(records []Record) {
	s.writing.Lock()
	defer s.writing.Unlock()
	next := *s.saved
	next.records, next.index = slices.Clone(records), make(map[string]int, len(records))
	for i := range next.records {
		r := &next.records[i]
		if old, ok := s.saved.record(r.ID); ok {
			r.Label = old.Label
		}
		next.index[r.ID] = i
	}
	s.saved = &next
	s.show()
}
