// Package widget has parts of screens that know nothing about factors: a list to pick
// from and the cells for a code. A widget is a value that a screen keeps, or makes when
// it needs it. It does no I/O.
package widget

import "strings"

// Picker is a cursor in a list that shows a page, or the first line shown of a text
// that scrolls. Its owner keeps only At and makes a Picker from what it knows, so no
// resize has to reach it.
type Picker struct {
	At   int // the chosen one, counted from 0; the methods keep it within the list
	N    int // how many there are
	Rows int // how many are shown at a time, at least one
}

func (p Picker) rows() int { return max(1, p.Rows) }

// To returns a place within the list.
func (p Picker) To(at int) int { return max(0, min(at, p.N-1)) }

// By returns the place so many lines on.
func (p Picker) By(lines int) int { return p.To(p.To(p.At) + lines) }

// ByPages returns the place so many pages on.
func (p Picker) ByPages(pages int) int { return p.By(pages * p.rows()) }

// Page returns the places that are shown, from first up to but not including end.
func (p Picker) Page() (first, end int) {
	first = p.To(p.At) / p.rows() * p.rows()
	return first, min(p.N, first+p.rows())
}

// Pages returns the number of the page shown, counted from 1, and of all pages.
func (p Picker) Pages() (page, pages int) {
	return p.To(p.At)/p.rows() + 1, max(1, (p.N+p.rows()-1)/p.rows())
}

// Row returns the place in a row of the page, and false for a row without one.
func (p Picker) Row(row int) (at int, ok bool) {
	first, end := p.Page()
	return first + row, row >= 0 && first+row < end
}

// View draws the page, a line for each place.
func (p Picker) View(line func(at int, chosen bool) string) string {
	first, end := p.Page()
	lines := make([]string, 0, end-first)
	for i := first; i < end; i++ {
		lines = append(lines, line(i, i == p.To(p.At)))
	}
	return strings.Join(lines, "\n")
}
