package store

import "hash/maphash"

// index finds records by their id. It is a hash table of numbers of records, as
// quick to build as a file is to read, which a map is not. The zero index is
// empty. An index is never changed.
type index []int32 // number of a record + 1; 0 is free; at most half are taken

var indexSeed = maphash.MakeSeed()

// newIndex returns the index of records, and whether each id is there only once.
func newIndex(records []Record) (x index, unique bool) {
	size := 8
	for size < 2*len(records) {
		size *= 2
	}
	x, unique = make(index, size), true
	for i := range records {
		slot, taken := x.slot(records, records[i].ID)
		if taken {
			unique = false
		}
		x[slot] = int32(i + 1)
	}
	return x, unique
}

// slot is where an id is, or where it belongs.
func (x index) slot(records []Record, id string) (slot int, taken bool) {
	mask := len(x) - 1
	for slot = int(maphash.String(indexSeed, id)) & mask; x[slot] != 0; slot = (slot + 1) & mask {
		if records[x[slot]-1].ID == id {
			return slot, true
		}
	}
	return slot, false
}

// find returns the number of the record with an id.
func (x index) find(records []Record, id string) (int, bool) {
	if len(x) == 0 {
		return 0, false
	}
	slot, ok := x.slot(records, id)
	return int(x[slot]) - 1, ok
}
