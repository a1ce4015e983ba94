package qr

import (
	"image"
	"strings"
)

// Draw draws the code in one of the [Variants] of a paint. Rows are joined by line
// breaks; each is as wide as [Code.Size] says and carries its own colours.
//
// The glyphs of many terminals do not fill their cells, and the gap shows the
// background. So a cell of one colour is a space on a painted background, and a
// mixed cell has the glyph whose gaps do the least harm.
func (c Code) Draw(v Variant, p Paint) string {
	cols, rows := c.Size(v)
	d := newDrawing(c, v)
	d.bare = p == Bare
	var b strings.Builder
	for row := range rows {
		if row > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(paints[p].begin)
		black := false // the background now
		for col := range cols / d.columns {
			glyph, background := d.cell(col, row)
			switch {
			case background == black:
			case background:
				b.WriteString(paints[p].black)
			default:
				b.WriteString(paints[p].white)
			}
			black = background
			for range d.columns {
				b.WriteRune(glyph)
			}
		}
		b.WriteString(paints[p].end)
	}
	return b.String()
}

// drawing is a code that is drawn cell by cell, row by row. Its modules begin with
// the upper left one of the code.
type drawing struct {
	Code
	shape
	covered []bool // by glyphs so far, a module each
	width   int    // of covered
	bare    bool   // no background is white
}

func newDrawing(c Code, v Variant) drawing {
	s := shapes[v]
	cols, rows := c.Size(v)
	width, height := cols/s.columns*s.across+2, rows*s.down+2 // a module more around the drawing
	return drawing{Code: c, shape: s, covered: make([]bool, width*height), width: width}
}

// index is where covered has a module.
func (d drawing) index(m image.Point) int { return (m.Y+d.above()+1)*d.width + m.X + d.quiet + 1 }

// cell returns the glyph of a cell, and whether its background is black.
func (d drawing) cell(col, row int) (glyph rune, black bool) {
	corner := image.Pt(col*d.across-d.quiet, row*d.down-d.above())
	all := 1<<(d.across*d.down) - 1 // a bit a module, from the upper left on
	blacks := 0
	for i := range d.across * d.down {
		if m := d.module(corner, i); d.black(m.X, m.Y) {
			blacks |= 1 << i
		}
	}
	switch {
	case d.bare && blacks == 0:
		return '█', true
	case d.bare && blacks < all:
		return d.glyph(corner, all&^blacks), true
	case blacks == 0 || blacks == all:
		return ' ', blacks == all
	case d.harm(corner, blacks) < d.harm(corner, all&^blacks):
		return d.glyph(corner, blacks), false
	}
	return d.glyph(corner, all&^blacks), true
}

// module is the module of a bit in the cell with this upper left corner.
func (d drawing) module(corner image.Point, bit int) image.Point {
	return corner.Add(image.Pt(bit%d.across, bit/d.across))
}

// harm weighs what gaps at the edges of a cell would do if its glyph covered these
// modules: cut them off modules of the same colour in the next cells, or make
// stripes where another glyph, of the other colour, ends too.
func (d drawing) harm(corner image.Point, modules int) (sum int) {
	const blackCut, whiteCut, stripes = 8, 4, 6
	cell := image.Rectangle{corner, corner.Add(image.Pt(d.across, d.down))}
	for i := range d.across * d.down {
		if modules>>i&1 == 0 {
			continue
		}
		m := d.module(corner, i)
		black := d.black(m.X, m.Y)
		for _, step := range [...]image.Point{{0, -1}, {0, 1}, {-1, 0}, {1, 0}} {
			next := m.Add(step)
			same, weight := d.black(next.X, next.Y) == black, 0
			switch {
			case next.In(cell):
			case same && black:
				weight = blackCut
			case same && d.contains(next.X, next.Y): // the quiet zone bears it
				weight = whiteCut
			case !same && d.covered[d.index(next)]:
				weight = stripes
			}
			if d.style == HalfStyle && step.Y == 0 {
				weight /= 4 // half blocks lack rows more often than columns
			}
			sum += weight
		}
	}
	return sum
}

// glyph is the character whose foreground covers these modules of a mixed cell.
func (d drawing) glyph(corner image.Point, modules int) rune {
	for i := range d.across * d.down {
		d.covered[d.index(d.module(corner, i))] = modules>>i&1 == 1
	}
	if d.style == HalfStyle {
		return []rune(" ▀▄")[modules]
	}
	return sextant(modules)
}

// sextant is the block sextant for six modules. U+1FB00 and what follows leave
// out four that were in Unicode before, among them the left and the right half.
func sextant(modules int) rune {
	const left, right = 0b010101, 0b101010
	switch {
	case modules == left:
		return '▌'
	case modules == right:
		return '▐'
	case modules > right:
		modules--
		fallthrough
	case modules > left:
		modules--
	}
	return rune(0x1FB00 + modules - 1)
}
