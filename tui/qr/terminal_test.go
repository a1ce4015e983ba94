package qr

import (
	"image"
	"strings"
	"testing"

	"github.com/hinshun/vt10x"
)

// A cell of the tested terminal, in pixels. Thirds of its height are not whole
// pixels, as in most real fonts.
const cellWidth, cellHeight = 8, 16

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

// grey is how bright a terminal with this theme shows a colour.
func (th theme) grey(t *testing.T, c vt10x.Color) uint8 {
	switch c {
	case vt10x.DefaultFG:
		return th.fg
	case vt10x.DefaultBG:
		return th.bg
	case 0, 16:
		return 0
	case 7: // "white" of the 8 colours
		return 0xaa
	case 231:
		return 0xff
	}
	t.Fatalf("drawn in colour %d", c)
	return 0
}

// screen feeds a drawing of this size to a terminal emulator and returns what it
// shows as pixels.
func screen(t *testing.T, drawn string, cols, rows int, th theme) *image.Gray {
	t.Helper()
	cols, rows = cols+2*around, rows+2*around
	term := vt10x.New(vt10x.WithSize(cols, rows))
	margin := strings.Repeat(" ", around)
	text := strings.Repeat("\r\n", around) + margin + strings.ReplaceAll(drawn, "\n", "\r\n"+margin)
	if _, err := term.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	img := image.NewGray(image.Rect(0, 0, cols*cellWidth, rows*cellHeight))
	for row := range rows {
		for col := range cols {
			cell := term.Cell(col, row)
			fg, bg, parts := th.grey(t, cell.FG), th.grey(t, cell.BG), inked(t, cell.Char)
			for i := range cellWidth * cellHeight {
				x, y := i%cellWidth, i/cellWidth
				grey := bg
				if parts[y][x] {
					grey = fg
				}
				img.Pix[(row*cellHeight+y)*img.Stride+col*cellWidth+x] = grey
			}
		}
	}
	return img
}

// pixels are those of a cell that its glyph covers.
type pixels [cellHeight][cellWidth]bool

// glyphs are the pixels of every glyph that may be drawn.
var glyphs = func() map[rune]pixels {
	const halfWidth, halfHeight = cellWidth / 2, cellHeight / 2
	m := map[rune]pixels{
		' ': covered(func(x, y int) bool { return false }),
		'█': covered(func(x, y int) bool { return true }),
		'▀': covered(func(x, y int) bool { return y < halfHeight }),
		'▄': covered(func(x, y int) bool { return y >= halfHeight }),
		'▌': covered(func(x, y int) bool { return x < halfWidth }),
		'▐': covered(func(x, y int) bool { return x >= halfWidth }),
	}
	for glyph, sixths := range sextants {
		m[glyph] = covered(func(x, y int) bool {
			return strings.ContainsRune(sixths, '1'+rune(y*3/cellHeight*2+x/halfWidth))
		})
	}
	return m
}()

func covered(by func(x, y int) bool) (p pixels) {
	for y := range cellHeight {
		for x := range cellWidth {
			p[y][x] = by(x, y)
		}
	}
	return p
}

func inked(t *testing.T, glyph rune) pixels {
	p, ok := glyphs[glyph]
	if !ok {
		t.Fatalf("drawn with %q", glyph)
	}
	return p
}

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
