package qr

import (
	"image"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"
)

// around is the width of bare terminal on every side of a drawing, in cells:
// a scanner must not need it to be white.
const around = 2

// theme is the greys that a terminal uses for its default colours.
type theme struct {
	name   string
	fg, bg uint8
}

var (
	dark  = theme{"dark", 0xd0, 0x1c}
	light = theme{"light", 0x33, 0xf4}
)

// palette is the grey of each colour that may be drawn with.
type palette map[vt10x.Color]uint8

// font is a cell in pixels, and how many of them at each of its sides a glyph
// leaves to the background.
type font struct {
	width, height            int
	top, bottom, left, right int
}

// terminal is what a terminal emulator shows of a drawing.
type terminal struct {
	cols, rows int
	cells      []glyphCell
}

type glyphCell struct {
	fg, bg uint8
	ink    ink
}

// shows feeds a drawing of this size to a terminal emulator with a theme.
func shows(t *testing.T, drawn string, cols, rows int, th theme, colours palette) terminal {
	t.Helper()
	cols, rows = cols+2*around, rows+2*around
	vt := vt10x.New(vt10x.WithSize(cols, rows))
	margin := strings.Repeat(" ", around)
	text := strings.Repeat("\r\n", around) + margin + strings.ReplaceAll(drawn, "\n", "\r\n"+margin)
	if _, err := vt.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	grey := func(c vt10x.Color) uint8 {
		switch c {
		case vt10x.DefaultFG:
			return th.fg
		case vt10x.DefaultBG:
			return th.bg
		}
		g, ok := colours[c]
		if !ok {
			t.Fatalf("drawn in colour %d", c)
		}
		return g
	}
	term := terminal{cols, rows, nil}
	for i := range cols * rows {
		cell := vt.Cell(i%cols, i/cols)
		ink, ok := glyphs[cell.Char]
		if !ok {
			t.Fatalf("drawn with %q", cell.Char)
		}
		term.cells = append(term.cells, glyphCell{grey(cell.FG), grey(cell.BG), ink})
	}
	return term
}

// picture is the window of the terminal.
func (term terminal) picture(f font) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, term.cols*f.width, term.rows*f.height))
	pixels := map[ink][]bool{}
	for i, cell := range term.cells {
		covered, ok := pixels[cell.ink]
		if !ok {
			covered = f.covers(cell.ink)
			pixels[cell.ink] = covered
		}
		corner := i/term.cols*f.height*img.Stride + i%term.cols*f.width
		for y := range f.height {
			row := img.Pix[corner+y*img.Stride:][:f.width]
			for x := range row {
				row[x] = cell.bg
				if covered[y*f.width+x] {
					row[x] = cell.fg
				}
			}
		}
	}
	return img
}

// covers returns the pixels of a cell that a glyph covers.
func (f font) covers(glyph ink) []bool {
	covered := make([]bool, f.width*f.height)
	for i := range covered {
		x, y := i%f.width, i/f.width
		covered[i] = x >= f.left && x < f.width-f.right && y >= f.top && y < f.height-f.bottom &&
			glyph.covers((2*x+1)*inkColumns/(2*f.width), (2*y+1)*inkRows/(2*f.height))
	}
	return covered
}

// ink is the parts of a cell that its glyph covers, a bit each from the upper left
// on: halves and thirds of the height are parts of it.
type ink uint16

const inkColumns, inkRows = 2, 6

func (k ink) covers(x, y int) bool { return k>>(y*inkColumns+x)&1 == 1 }

func inked(by func(x, y int) bool) (k ink) {
	for i := range inkColumns * inkRows {
		if by(i%inkColumns, i/inkColumns) {
			k |= 1 << i
		}
	}
	return k
}

// glyphs are the parts that each glyph covers which may be drawn.
var glyphs = func() map[rune]ink {
	m := map[rune]ink{
		' ': 0,
		'▀': inked(func(x, y int) bool { return y < inkRows/2 }),
		'▄': inked(func(x, y int) bool { return y >= inkRows/2 }),
		'█': inked(func(int, int) bool { return true }),
		'▌': inked(func(x, y int) bool { return x == 0 }),
		'▐': inked(func(x, y int) bool { return x == 1 }),
	}
	for glyph, sixths := range sextants {
		m[glyph] = inked(func(x, y int) bool { return strings.ContainsRune(sixths, '1'+rune(y/2*2+x)) })
	}
	return m
}()

// sextants are the parts of each block sextant, as the names in the Unicode
// chart "Symbols for Legacy Computing" list them: U+1FB00 is BLOCK SEXTANT-1.
var sextants = func() map[rune]string {
	const names = "1 2 12 3 13 23 123 4 14 24 124 34 134 234 1234 5 15 25 125 35 " +
		"235 1235 45 145 245 1245 345 1345 2345 12345 6 16 26 126 36 136 236 1236 46 146 " +
		"1246 346 1346 2346 12346 56 156 256 1256 356 1356 2356 12356 456 1456 2456 12456 3456 13456 23456"
	m := make(map[rune]string)
	for i, name := range strings.Fields(names) {
		m[rune(0x1FB00+i)] = name
	}
	return m
}()
