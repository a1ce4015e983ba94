package qr

// Style is a drawing of a QR code, as a person chooses it.
type Style string

// The styles; Auto is the largest one that fits.
const (
	Auto         Style = "auto"
	FullStyle    Style = "full"
	HalfStyle    Style = "half"
	SextantStyle Style = "sextant"
	ASCIIStyle   Style = "ascii" // another name for FullStyle, which is made of spaces
)

// Styles are all styles, the largest first.
var Styles = []Style{Auto, FullStyle, HalfStyle, SextantStyle, ASCIIStyle}

// Variant is a style with its quiet zone.
type Variant int

// The variants, from the largest to the smallest.
const (
	Full     Variant = iota // two columns and a row a module, quiet zone 4; spaces alone
	Half4                   // a column and half a row a module, quiet zone 4
	Half2                   // quiet zone 2
	Half1                   // quiet zone 1
	Sextant4                // half a column and a third of a row a module, quiet zone 4
	Sextant2                // quiet zone 2
	Sextant1                // quiet zone 1
)

// shape is the modules of a cell, the columns of a module that is wider than a
// cell, and the quiet zone in modules.
type shape struct {
	across, down, columns, quiet int
	style                        Style
	name                         string
}

var shapes = [...]shape{
	Full:     {1, 1, 2, quietZone, FullStyle, "full blocks"},
	Half4:    {1, 2, 1, 4, HalfStyle, "half blocks, quiet zone 4"},
	Half2:    {1, 2, 1, 2, HalfStyle, "half blocks, quiet zone 2"},
	Half1:    {1, 2, 1, 1, HalfStyle, "half blocks, quiet zone 1"},
	Sextant4: {2, 3, 1, 4, SextantStyle, "sextant blocks, quiet zone 4"},
	Sextant2: {2, 3, 1, 2, SextantStyle, "sextant blocks, quiet zone 2"},
	Sextant1: {2, 3, 1, 1, SextantStyle, "sextant blocks, quiet zone 1"},
}

// above is the quiet zone above the code. With half blocks it is even, so that the
// code begins a cell; the row that this takes is there, since a code is odd.
func (s shape) above() int {
	if s.down == 2 {
		return (s.quiet + 1) / 2 * 2
	}
	return s.quiet
}

// String names the variant for a person.
func (v Variant) String() string { return shapes[v].name }

// Style returns the style of a variant.
func (v Variant) Style() Style { return shapes[v].style }

// Variants returns what can be drawn with a paint, the largest first.
func Variants(p Paint) []Variant {
	if p == Reversed {
		return []Variant{Full}
	}
	if p == Bare {
		return []Variant{Half4, Half2, Half1}
	}
	return []Variant{Full, Half4, Half2, Half1, Sextant4, Sextant2, Sextant1}
}

// Size returns how many cells the code takes.
func (c Code) Size(v Variant) (cols, rows int) {
	s := shapes[v]
	side := c.size + 2*s.quiet
	return (side + s.across - 1) / s.across * s.columns, (side + s.down - 1) / s.down
}

// Glyphs are the characters that a terminal is known to have.
type Glyphs int

// The glyphs, each with those before it.
const (
	Spaces     Glyphs = iota // and ASCII: the locale is not UTF-8
	HalfBlocks               // which every font has
	Sextants                 // many fonts lack them, so the terminal must draw them itself
)

// have reports whether a variant is made of these.
func (g Glyphs) have(v Variant) bool {
	switch v.Style() {
	case HalfStyle:
		return g >= HalfBlocks
	case SextantStyle:
		return g >= Sextants
	}
	return true
}

// Fitting returns the variants that fit into a space, in cells, each with the
// largest first: those to take unasked, with the wanted style before the others,
// and those to offer. Sextants that the terminal is not known to have are only taken
// if they are wanted.
func (c Code) Fitting(p Paint, known Glyphs, wanted Style, cols, rows int) (take, offer []Variant) {
	if wanted == ASCIIStyle {
		wanted = FullStyle
	}
	var first []Variant
	for _, v := range Variants(p) {
		switch w, h := c.Size(v); {
		case w > cols || h > rows || known == Spaces && !known.have(v):
		case v.Style() == wanted:
			first = append(first, v)
		case !known.have(v):
			offer = append(offer, v)
		default:
			take = append(take, v)
		}
	}
	return append(first, take...), offer
}

// Smallest returns the size of the smallest variant to take unasked, in cells.
func (c Code) Smallest(p Paint, known Glyphs) (cols, rows int) {
	for _, v := range Variants(p) {
		if known.have(v) {
			cols, rows = c.Size(v)
		}
	}
	return cols, rows
}
