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
}

// String names the form for a person.
func (f Form) String() string {
	if f == Full {
		return shapes[f].name
	}
	return fmt.Sprintf("%s, quiet zone %d", shapes[f].name, shapes[f].quiet)
}

// Forms returns the forms that can be drawn with a paint, the largest first.
func Forms(p Paint) []Form {
	switch p {
	case Reversed:
		return []Form{Full}
	case Painted8:
		return []Form{Full, Half4, Half2, Half1}
	}
	return []Form{Full, Half4, Half2, Half1, Sextant4, Sextant2, Sextant1}
}

// Size returns how many cells the code takes in a form.
func (c Code) Size(f Form) (cols, rows int) {
	s := shapes[f]
	side := c.size + 2*s.quiet
	return (side + s.across - 1) / s.across * s.columns, (side + s.down - 1) / s.down
}

// Fit returns the largest form that fits into a space, in cells. It reports
// false if none does.
func (c Code) Fit(p Paint, cols, rows int) (Form, bool) {
	for _, f := range Forms(p) {
		if w, h := c.Size(f); w <= cols && h <= rows {
			return f, true
		}
	}
	return 0, false
}

// Smallest returns the size of the smallest form of a paint, in cells.
func (c Code) Smallest(p Paint) (cols, rows int) {
	forms := Forms(p)
	return c.Size(forms[len(forms)-1])
}
