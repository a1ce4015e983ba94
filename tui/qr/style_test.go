package qr

import (
	"slices"
	"testing"
)

func TestVariantString(t *testing.T) {
	for v, want := range map[Variant]string{
		Full:     "full blocks",
		Half4:    "half blocks, quiet zone 4",
		Half1:    "half blocks, quiet zone 1",
		Sextant2: "sextant blocks, quiet zone 2",
	} {
		if got := v.String(); got != want {
			t.Errorf("variant %d is %q, want %q", v, got, want)
		}
	}
}

// The example is a code of version 6, 41 modules a side.
func TestFit(t *testing.T) {
	c := encode(t, example)
	const known, unknown = Sextants, HalfBlocks
	for _, test := range []struct {
		paint      Paint
		glyphs     Glyphs
		cols, rows int
		want       Variant
		fits       bool
	}{
		{Painted, known, 200, 100, Full, true},
		{Painted, known, 98, 49, Full, true},
		{Painted, known, 97, 49, Half4, true},
		{Painted, known, 98, 48, Half4, true},
		{Painted, known, 49, 25, Half4, true},
		{Painted, known, 80, 24, Half2, true},
		{Painted, known, 45, 23, Half2, true},
		{Painted, known, 43, 22, Half1, true},
		{Painted, known, 79, 20, Sextant4, true},
		{Painted, known, 25, 17, Sextant4, true},
		{Painted, known, 24, 17, Sextant2, true},
		{Painted, known, 23, 15, Sextant2, true},
		{Painted, known, 22, 15, Sextant1, true},
		{Painted, known, 21, 15, 0, false},
		{Painted, known, 40, 12, 0, false},
		{Painted, known, 0, 0, 0, false},
		{Painted, known, -1, -1, 0, false},
		{Painted, unknown, 43, 22, Half1, true},
		{Painted, unknown, 79, 20, 0, false},
		{Painted16, known, 79, 20, Sextant4, true},
		{Painted16, unknown, 80, 24, Half2, true},
		{Painted16, unknown, 79, 20, 0, false},
		{Reversed, unknown, 98, 49, Full, true},
		{Reversed, known, 97, 49, 0, false},
		{Painted, Spaces, 98, 49, Full, true},
		{Painted, Spaces, 97, 49, 0, false},
	} {
		taken, _ := c.Fitting(test.paint, test.glyphs, Auto, test.cols, test.rows)
		if got, ok := first(taken); got != test.want || ok != test.fits {
			t.Errorf("paint %d, glyphs %d, in %dx%d: %s, %t, want %s, %t",
				test.paint, test.glyphs, test.cols, test.rows, got, ok, test.want, test.fits)
		}
	}
}

func TestSmallest(t *testing.T) {
	c := encode(t, example)
	for _, test := range []struct {
		paint      Paint
		glyphs     Glyphs
		cols, rows int
	}{
		{Painted, Sextants, 22, 15},
		{Painted, HalfBlocks, 43, 22},
		{Painted16, HalfBlocks, 43, 22},
		{Painted, Spaces, 98, 49},
		{Reversed, Sextants, 98, 49},
	} {
		cols, rows := c.Smallest(test.paint, test.glyphs)
		if cols != test.cols || rows != test.rows {
			t.Errorf("paint %d: %dx%d, want %dx%d", test.paint, cols, rows, test.cols, test.rows)
		}
		if taken, _ := c.Fitting(test.paint, test.glyphs, Auto, cols, rows); len(taken) == 0 {
			t.Errorf("paint %d does not fit into the smallest size that it names", test.paint)
		}
	}
}

func first(variants []Variant) (Variant, bool) {
	if len(variants) == 0 {
		return 0, false
	}
	return variants[0], true
}

// A wanted style comes first if it fits, and the others stay behind it. Sextants
// that are neither wanted nor known to be drawn are only offered.
func TestFittingStyle(t *testing.T) {
	c := encode(t, example)
	half, sextant := []Variant{Half4, Half2, Half1}, []Variant{Sextant4, Sextant2, Sextant1}
	for _, test := range []struct {
		wanted       Style
		glyphs       Glyphs
		cols, rows   int
		taken, offer []Variant
	}{
		{Auto, Sextants, 98, 49, slices.Concat([]Variant{Full}, half, sextant), nil},
		{Auto, HalfBlocks, 98, 49, slices.Concat([]Variant{Full}, half), sextant},
		{FullStyle, Sextants, 98, 49, slices.Concat([]Variant{Full}, half, sextant), nil},
		{HalfStyle, Sextants, 98, 49, slices.Concat(half, []Variant{Full}, sextant), nil},
		{SextantStyle, Sextants, 98, 49, slices.Concat(sextant, []Variant{Full}, half), nil},
		{SextantStyle, HalfBlocks, 98, 49, slices.Concat(sextant, []Variant{Full}, half), nil},
		{ASCIIStyle, HalfBlocks, 98, 49, slices.Concat([]Variant{Full}, half), sextant},
		{ASCIIStyle, HalfBlocks, 80, 24, []Variant{Half2, Half1}, sextant},
		{HalfStyle, Sextants, 40, 20, sextant, nil},
		{HalfStyle, HalfBlocks, 40, 20, nil, sextant},
		{SextantStyle, Spaces, 98, 49, []Variant{Full}, nil},
	} {
		taken, offer := c.Fitting(Painted, test.glyphs, test.wanted, test.cols, test.rows)
		if !slices.Equal(taken, test.taken) || !slices.Equal(offer, test.offer) {
			t.Errorf("%s in %dx%d, glyphs %d: %v and %v, want %v and %v",
				test.wanted, test.cols, test.rows, test.glyphs, taken, offer, test.taken, test.offer)
		}
	}
}
