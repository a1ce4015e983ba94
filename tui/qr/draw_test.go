package qr

import (
	"fmt"
	"image"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"rsc.io/qr"
)

const example = "otpauth://totp/Foo%20Corp:alan.turing@example.com" +
	"?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Foo%20Corp"

const shortExample = "otpauth://totp/Foo%20Corp:alan@example.com" +
	"?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Foo%20Corp"

// uriOf returns an otpauth URI of n bytes.
func uriOf(n int) string {
	const head, tail = "otpauth://totp/a:", "?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	user := strings.Repeat("alan.turing%20", n)
	return head + user[:n-len(head)-len(tail)] + tail
}

// looks are what terminals make of the paints.
var looks = []struct {
	name    string
	paint   Paint
	theme   theme
	colours palette
}{
	{"painted dark", Painted, dark, palette{16: 0, 231: 0xff}},
	{"painted light", Painted, light, palette{16: 0, 231: 0xff}},
	{"16 colours dark", Painted16, dark, palette{0: 0, 15: 0xff}},
	{"16 colours light", Painted16, light, palette{0: 0x1c, 15: 0xf4}},
	{"8 colours dark", Painted16, dark, palette{0: 0, 15: 0xaa}}, // the Linux console
	{"reversed", Reversed, dark, nil},
}

// eachDrawing calls test for a code in every variant of every paint on every theme.
func eachDrawing(t *testing.T, text string, test func(t *testing.T, nth int, c Code, v Variant, term terminal)) {
	c := encode(t, text)
	drawings := 0
	for _, look := range looks {
		for _, v := range Variants(look.paint) {
			nth := drawings
			drawings++
			t.Run(fmt.Sprintf("%d bytes/%s/%s", len(text), look.name, v), func(t *testing.T) {
				t.Parallel()
				cols, rows := c.Size(v)
				test(t, nth, c, v, shows(t, c.Draw(v, look.paint), cols, rows, look.theme, look.colours))
			})
		}
	}
}

func encode(t testing.TB, text string) Code {
	t.Helper()
	c, err := Encode(text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// scan reads the QR code in a picture.
func scan(t *testing.T, img image.Image) string {
	t.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
	if err != nil {
		t.Errorf("not scanned: %v", err)
		return ""
	}
	return result.GetText()
}

// Every style scans in every font, also if its glyphs do not fill their cells.
func TestDrawScans(t *testing.T) {
	for _, text := range []string{uriOf(60), shortExample, example, uriOf(150), uriOf(200)} {
		eachDrawing(t, text, func(t *testing.T, nth int, _ Code, v Variant, term terminal) {
			all, step := fonts(v), 29 // another sample of them for each drawing
			if text == shortExample && nth < len(Variants(Painted)) && os.Getenv("LONG_TESTS") != "" {
				step = 4 // a denser one for the variants of the first look
			}
			for i := (nth + len(text)) % step; i < len(all); i += step {
				if got := scan(t, term.picture(all[i])); got != text {
					t.Errorf("%v: scanned %q, want %q", all[i], got, text)
				}
			}
		})
	}
}

// A console that obeys no sequence shows a code too, in a font that fills its cells.
func TestBareScans(t *testing.T) {
	for _, text := range []string{uriOf(60), example, uriOf(200)} {
		c := encode(t, text)
		for _, v := range Variants(Bare) {
			drawn := c.Draw(v, Bare)
			if strings.Contains(drawn, "\x1b") {
				t.Errorf("%s has a sequence in it", v)
			}
			checkSize(t, c, v, Bare)
			cols, rows := c.Size(v)
			term := shows(t, drawn, cols, rows, dark, nil)
			for _, f := range []font{{width: 8, height: 16}, {width: 8, height: 12}, {width: 10, height: 20}} {
				if got := scan(t, term.picture(f)); got != text {
					t.Errorf("%s, %v: scanned %q, want %q", v, f, got, text)
				}
			}
		}
	}
}

func TestDrawScansLongText(t *testing.T) {
	for _, text := range []string{uriOf(250), uriOf(300)} {
		eachDrawing(t, text, func(t *testing.T, _ int, _ Code, v Variant, term terminal) {
			if got := scan(t, term.picture(font{width: 8, height: 16})); got != text {
				t.Errorf("scanned %q, want %q", got, text)
			}
		})
	}
}

// fonts are those that a variant must scan in: of the usual sizes, with gaps at a
// side or two. A font that leaves out more than a quarter of a module is not for QR
// codes. Sextants have small modules, and must bear a gap above or below.
func fonts(v Variant) (all []font) {
	if v.Style() == SextantStyle {
		const w, h = 9, 18
		return []font{
			{width: 8, height: 16}, {width: 20, height: 40}, {width: w, height: h},
			{w, h, 1, 0, 0, 0}, {w, h, 0, 1, 0, 0},
		}
	}
	for _, size := range [][2]int{{7, 13}, {7, 14}, {8, 16}, {9, 18}, {10, 20}, {11, 23}, {14, 28}, {20, 40}} {
		w, h := size[0], size[1]
		all = append(all, font{width: w, height: h})
		for gap := 1; gap <= 3; gap++ {
			for a := range 4 {
				for b := range a + 1 {
					var gaps [4]int
					gaps[a], gaps[b] = gap, gap
					if f := (font{w, h, gaps[0], gaps[1], gaps[2], gaps[3]}); 4*max(f.left, f.right) <= w && 8*max(f.top, f.bottom) <= h {
						all = append(all, f)
					}
				}
			}
		}
	}
	return all
}

// A scanner corrects errors, so that a wrong glyph could hide from it: here every
// module counts, and so do the quiet zone and what fills the last cells.
func TestDrawEveryModule(t *testing.T) {
	for _, text := range []string{example, uriOf(200)} {
		want, err := qr.Encode(text, qr.L)
		if err != nil {
			t.Fatal(err)
		}
		eachDrawing(t, text, func(t *testing.T, _ int, c Code, v Variant, term terminal) {
			const cellWidth, cellHeight = 8, 18
			img := term.picture(font{width: cellWidth, height: cellHeight})
			s := shapes[v]
			w, h := cellWidth*s.columns/s.across, cellHeight/s.down
			cols, rows := c.Size(v)
			for y := range rows * s.down {
				for x := range cols / s.columns * s.across {
					px := around*cellWidth + x*w + w/2
					py := around*cellHeight + y*h + h/2
					black := img.GrayAt(px, py).Y < 0x80
					if black != want.Black(x-s.quiet, y-s.above()) {
						t.Fatalf("module %d,%d is drawn black=%t", x-s.quiet, y-s.above(), black)
					}
				}
			}
		})
	}
}

func TestDrawHasTheSizeItSays(t *testing.T) {
	for _, n := range []int{60, 150, 300} {
		c := encode(t, uriOf(n))
		for _, look := range looks {
			for _, v := range Variants(look.paint) {
				checkSize(t, c, v, look.paint)
			}
		}
	}
}

// checkSize fails the test unless the drawing is as large as Size says and every
// row ends without an attribute left on.
func checkSize(t *testing.T, c Code, v Variant, p Paint) {
	t.Helper()
	cols, rows := c.Size(v)
	lines := strings.Split(c.Draw(v, p), "\n")
	if len(lines) != rows {
		t.Fatalf("%s, paint %d: %d rows, want %d", v, p, len(lines), rows)
	}
	for i, line := range lines {
		if got := ansi.StringWidth(line); got != cols {
			t.Fatalf("%s, paint %d: row %d is %d wide, want %d", v, p, i, got, cols)
		}
		if strings.Contains(line, "\x1b") && !strings.HasSuffix(line, "\x1b[0m") {
			t.Fatalf("%s, paint %d: row %d leaves its colours on", v, p, i)
		}
	}
}

// Frames go over slow lines: colours are set once a row, and the background is
// changed in few bytes.
func TestDrawIsShort(t *testing.T) {
	c := encode(t, example)
	for _, look := range looks {
		for _, v := range Variants(look.paint) {
			_, rows := c.Size(v)
			drawn := c.Draw(v, look.paint)
			if got := strings.Count(drawn, paints[look.paint].begin); look.paint != Reversed && got != rows {
				t.Errorf("%s, %s: %d rows set colours %d times", look.name, v, rows, got)
			}
			if got, most := len(drawn), 10000; got > most {
				t.Errorf("%s, %s: %d bytes, want %d at most", look.name, v, got, most)
			}
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	c := encode(b, example)
	for _, v := range []Variant{Full, Half4, Sextant4} {
		b.Run(v.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Draw(v, Painted)
			}
		})
	}
}
