package qr

import "strings"

// Draw draws the code in one of the [Variants] of a paint. Rows are joined by line
// breaks; each is as wide as [Code.Size] says and carries its own colours.
func (c Code) Draw(v Variant, p Paint) string {
	_, rows := c.Size(v)
	lines := make([]string, rows)
	for row := range lines {
		if v == ASCII {
			lines[row] = c.spaces(row, p)
		} else {
			begin, end := p.sequences()
			lines[row] = begin + c.row(v, p, row) + end
		}
	}
	return strings.Join(lines, "\n")
}

// row draws a row of cells. The blocks are black, except for PlainDark, whose
// foreground is the lighter colour.
func (c Code) row(v Variant, p Paint, row int) string {
	s := shapes[v]
	cols, _ := c.Size(v)
	var b strings.Builder
	for col := range cols / s.columns {
		cell := 0 // a bit a module, from the upper left on
		for i := range s.across * s.down {
			x, y := col*s.across+i%s.across-s.quiet, row*s.down+i/s.across-s.quiet
			if c.black(x, y) != (p == PlainDark) {
				cell |= 1 << i
			}
		}
		g := glyph(s, cell)
		for range s.columns {
			b.WriteRune(g)
		}
	}
	return b.String()
}

// glyph is the character whose foreground covers the modules of the cell.
func glyph(s shape, cell int) rune {
	switch s.across * s.down {
	case 1:
		return []rune(" █")[cell]
	case 2:
		return []rune(" ▀▄█")[cell]
	}
	return sextant(cell)
}

// sextant is the block sextant for six modules. The range from U+1FB00 leaves out the
// four that Unicode had before: empty, left half, right half, full.
func sextant(cell int) rune {
	const left, right = 0b010101, 0b101010
	switch {
	case cell == 0:
		return ' '
	case cell == left:
		return '▌'
	case cell == right:
		return '▐'
	case cell == 0b111111:
		return '█'
	case cell > right:
		cell--
		fallthrough
	case cell > left:
		cell--
	}
	return rune(0x1FB00 + cell - 1)
}

// spaces draws a row of spaces, which need no glyph, black and white by the paint.
func (c Code) spaces(row int, p Paint) string {
	const normal = "\x1b[0m"
	black, white := p.backgrounds()
	var b strings.Builder
	for x := -quietZone; x < c.size+quietZone; x++ {
		y := row - quietZone
		if now := c.black(x, y); x == -quietZone || now != c.black(x-1, y) {
			b.WriteString(normal)
			if now {
				b.WriteString(black)
			} else {
				b.WriteString(white)
			}
		}
		b.WriteString("  ")
	}
	return b.String() + normal
}
