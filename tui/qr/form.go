package qr

import "fmt"

// Form is a shape that modules are drawn in.
type Form int

// The forms, from the largest to the smallest.
const (
	Full     Form = iota // two columns and a row a module, quiet zone 4
	Half4                // a column and half a row a module, quiet zone 4
	Half2                // quiet zone 2
	Half1                // quiet zone 1
	Sextant4             // half a column and a third of a row a module, quiet zone 4
	Sextant2             // quiet zone 2
	Sextant1             // quiet zone 1
	ASCII                // as Full, of spaces alone: for fonts without block characters
)

// shape is what a form is made of: the modules of a cell, the columns of a
// module that is wider than a cell, the quiet zone in modules.
type shape struct {
	across, down, columns, quiet int
	name                         string
}

var shapes = [...]shape{
	Full:     {1, 1, 2, quietZone, "full blocks"},
	Half4:    {1, 2, 1, 4, "half blocks"},
	Half2:    {1, 2, 1, 2, "half blocks"},
	Half1:    {1, 2, 1, 1, "half blocks"},
	Sextant4: {2, 3, 1, 4, "sextant blocks"},
	Sextant2: {2, 3, 1, 2, "sextant blocks"},
	Sextant1: {2, 3, 1, 1, "sextant blocks"},
	ASCII:    {1, 1, 2, quietZone, "spaces"},
}

// String names the form for a person.
func (f Form) String() string {
	if f == Full || f == ASCII {
		return shapes[f].name
	}
	return fmt.Sprintf("%s, quiet zone %d", shapes[f].name, shapes[f].quiet)
}

// Forms returns the forms that can be drawn with a paint, the largest first.
func Forms(p Paint) []Form {
	switch p {
	case Reversed:
		return []Form{ASCII}
	case Painted8:
		return []Form{Full, Half4, Half2, Half1, ASCII}
	}
	return []Form{Full, Half4, Half2, Half1, Sextant4, Sextant2, Sextant1, ASCII}
}

// Family is a kind of form, as a person chooses it.
type Family string

// The families; Auto is the largest form that fits, whatever its family.
const (
	Auto      Family = "auto"
	FullForm  Family = "full"
	HalfForm  Family = "half"
	SixthForm Family = "sextant"
	ASCIIForm Family = "ascii"
)

// Families are all families, in the order of the forms.
var Families = []Family{Auto, FullForm, HalfForm, SixthForm, ASCIIForm}

// Family returns the family of a form.
func (f Form) Family() Family {
	switch f {
	case Full:
		return FullForm
	case Half4, Half2, Half1:
		return HalfForm
	case ASCII:
		return ASCIIForm
	}
	return SixthForm
}

// Size returns how many cells the code takes in a form.
func (c Code) Size(f Form) (cols, rows int) {
	s := shapes[f]
	side := c.size + 2*s.quiet
	return (side + s.across - 1) / s.across * s.columns, (side + s.down - 1) / s.down
}

// Fitting returns the forms that fit into a space, in cells: those of the wanted
// family first, the largest first in either part.
func (c Code) Fitting(p Paint, wanted Family, cols, rows int) []Form {
	var first, rest []Form
	for _, f := range Forms(p) {
		switch w, h := c.Size(f); {
		case w > cols || h > rows:
		case f.Family() == wanted:
			first = append(first, f)
		default:
			rest = append(rest, f)
		}
	}
	return append(first, rest...)
}

// Smallest returns the size of the smallest form of a paint, in cells.
func (c Code) Smallest(p Paint) (cols, rows int) {
	for _, f := range Forms(p) {
		if w, h := c.Size(f); rows == 0 || h < rows || h == rows && w < cols {
			cols, rows = w, h
		}
	}
	return cols, rows
}
