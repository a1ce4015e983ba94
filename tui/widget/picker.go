// Package widget has what screens are put together from and what knows nothing of
// factors: a list to pick from and the cells for a code. A widget is a value that a
// screen keeps or makes when it needs it; it draws no frame and does no I/O.
package widget

import "strings"

// Picker is a choice from a list, of which a page is seen, or a text that is
// scrolled, whose choice is the first line seen. It is made of what its owner
// knows already, so it never has to be told of a resize: only At is kept.
type Picker struct {
	At   int // the chosen one, counted from 0; kept within the list where it is read
	N    int // how many there are
	Rows int // how many are seen at a time, at least one
}

func (p Picker) rows() int { return max(1, p.Rows) }

// To returns a place within the list.
func (p Picker) To(at int) int { return max(0, min(at, p.N-1)) }

// By returns the place so many lines on.
func (p Picker) By(lines int) int { return p.To(p.To(p.At) + lines) }

// ByPages returns the place so many pages on.
func (p Picker) ByPages(pages int) int { return p.By(pages * p.rows()) }

// Page returns the places that are seen: from first up to, not including, end.
func (p Picker) Page() (first, end int) {
	first = p.To(p.At) / p.rows() * p.rows()
	return first, min(p.N, first+p.rows())
}

// Pages returns which page is seen, counted from 1, of how many.
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
