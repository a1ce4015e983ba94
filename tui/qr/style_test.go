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
	for _, test := range []struct {
		paint      Paint
		cols, rows int
		want       Variant
		fits       bool
	}{
		{Painted, 200, 100, Full, true},
		{Painted, 98, 49, Full, true},
		{Painted, 97, 49, Half4, true},
		{Painted, 98, 48, Half4, true},
		{Painted, 49, 25, Half4, true},
		{Painted, 80, 24, Half2, true},
		{Painted, 45, 23, Half2, true},
		{Painted, 43, 22, Half1, true},
		{Painted, 79, 20, Sextant4, true},
		{Painted, 25, 17, Sextant4, true},
		{Painted, 24, 17, Sextant2, true},
		{Painted, 23, 15, Sextant2, true},
		{Painted, 22, 15, Sextant1, true},
		{Painted, 21, 15, 0, false},
		{Painted, 40, 12, 0, false},
		{Painted, 0, 0, 0, false},
		{Painted, -1, -1, 0, false},
		{PlainDark, 79, 20, Sextant4, true},
		{PlainLight, 79, 20, Sextant4, true},
		{Painted8, 80, 24, Half2, true},
		{Painted8, 79, 20, 0, false},
		{Reversed, 98, 49, ASCII, true},
		{Reversed, 97, 49, 0, false},
	} {
		if got, ok := first(c.Fitting(test.paint, Auto, test.cols, test.rows)); got != test.want || ok != test.fits {
			t.Errorf("paint %d in %dx%d: %s, %t, want %s, %t",
				test.paint, test.cols, test.rows, got, ok, test.want, test.fits)
		}
	}
}

func TestSmallest(t *testing.T) {
	c := encode(t, example)
	for _, test := range []struct {
		paint      Paint
		cols, rows int
	}{
		{Painted, 22, 15},
		{PlainDark, 22, 15},
		{Painted8, 43, 22},
		{Reversed, 98, 49},
	} {
		cols, rows := c.Smallest(test.paint)
		if cols != test.cols || rows != test.rows {
			t.Errorf("paint %d: %dx%d, want %dx%d", test.paint, cols, rows, test.cols, test.rows)
		}
		if len(c.Fitting(test.paint, Auto, cols, rows)) == 0 {
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

// A wanted family comes first if it fits, and the others stay behind it.
func TestFittingFamily(t *testing.T) {
	c := encode(t, example)
	for _, test := range []struct {
		wanted     Style
		cols, rows int
		want       []Variant
	}{
		{Auto, 98, 49, []Variant{Full, Half4, Half2, Half1, Sextant4, Sextant2, Sextant1, ASCII}},
		{FullStyle, 98, 49, []Variant{Full, Half4, Half2, Half1, Sextant4, Sextant2, Sextant1, ASCII}},
		{HalfStyle, 98, 49, []Variant{Half4, Half2, Half1, Full, Sextant4, Sextant2, Sextant1, ASCII}},
		{SextantStyle, 98, 49, []Variant{Sextant4, Sextant2, Sextant1, Full, Half4, Half2, Half1, ASCII}},
		{ASCIIStyle, 98, 49, []Variant{ASCII, Full, Half4, Half2, Half1, Sextant4, Sextant2, Sextant1}},
		{ASCIIStyle, 80, 24, []Variant{Half2, Half1, Sextant4, Sextant2, Sextant1}},
		{HalfStyle, 40, 20, []Variant{Sextant4, Sextant2, Sextant1}},
	} {
		if got := c.Fitting(Painted, test.wanted, test.cols, test.rows); !slices.Equal(got, test.want) {
			t.Errorf("%s in %dx%d: %v, want %v", test.wanted, test.cols, test.rows, got, test.want)
		}
	}
}
