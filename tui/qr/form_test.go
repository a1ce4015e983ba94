package qr

import "testing"

func TestFormString(t *testing.T) {
	for f, want := range map[Form]string{
		Full:     "full blocks",
		Half4:    "half blocks, quiet zone 4",
		Half1:    "half blocks, quiet zone 1",
		Sextant2: "sextant blocks, quiet zone 2",
	} {
		if got := f.String(); got != want {
			t.Errorf("form %d is %q, want %q", f, got, want)
		}
	}
}

// The example is a code of version 6, 41 modules a side.
func TestFit(t *testing.T) {
	c := encode(t, example)
	for _, test := range []struct {
		paint      Paint
		cols, rows int
		want       Form
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
		{Reversed, 98, 49, Full, true},
		{Reversed, 97, 49, 0, false},
	} {
		if got, ok := c.Fit(test.paint, test.cols, test.rows); got != test.want || ok != test.fits {
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
		if _, ok := c.Fit(test.paint, cols, rows); !ok {
			t.Errorf("paint %d does not fit into the smallest size that it names", test.paint)
		}
	}
}
