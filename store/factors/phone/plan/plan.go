// Package plan is the form of the numbering plans: a [Plan] on each line of
// plans.jsonl. Patterns are regular expressions for a national number or its
// beginning, as libphonenumber has them.
package plan

// Plan is how the numbers of a country calling code look.
type Plan struct {
	Code      int      `json:"code"`
	Lengths   []int32  `json:"lengths"`             // of a national number, in digits, ascending
	Local     []int32  `json:"local,omitempty"`     // lengths that can only be dialled inside the country
	Prefix    string   `json:"prefix,omitempty"`    // what is dialled before the number inside the country
	Transform string   `json:"transform,omitempty"` // what takes its place, with the groups of Prefix
	Formats   []Format `json:"formats,omitempty"`   // the first that matches is taken
	Regions   []Region `json:"regions"`             // the countries and territories of the code, the main one first
}

// Format is how numbers are written internationally.
type Format struct {
	Leading string `json:"leading,omitempty"` // how the numbers begin, empty for all
	Pattern string `json:"pattern"`
	Format  string `json:"format"` // with the groups of Pattern
}

// Region is a country or territory.
type Region struct {
	Name    string  `json:"name,omitempty"`    // in English; empty for services of no country
	Leading string  `json:"leading,omitempty"` // how its numbers begin, if that distinguishes it from the other regions
	General Range   `json:"general"`
	Types   []Range `json:"types"` // what its numbers are used for; a valid number is in one
}

// Range is a set of national numbers.
type Range struct {
	Lengths []int32 `json:"lengths,omitempty"` // empty for those of the pattern
	Pattern string  `json:"pattern"`
}
