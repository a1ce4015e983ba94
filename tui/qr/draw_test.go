package qr

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"rsc.io/qr"
)

const example = "otpauth://totp/Foo%20Corp:alan.turing@example.com" +
	"?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Foo%20Corp"

// uriOf returns an otpauth URI of n bytes.
func uriOf(n int) string {
	const head, tail = "otpauth://totp/a:", "?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	user := strings.Repeat("alan.turing%20", n)
	return head + user[:n-len(head)-len(tail)] + tail
}

// looks are the paints with the themes that each must work on.
var looks = []struct {
	name   string
	paint  Paint
	themes []theme
}{
	{"painted", Painted, []theme{dark, light}},
	{"painted8", Painted8, []theme{dark, light}},
	{"reversed", Reversed, []theme{dark}},
	{"plain dark", PlainDark, []theme{dark}},
	{"plain light", PlainLight, []theme{light}},
}

// eachDrawing calls test for a code in every variant of every paint on every theme.
func eachDrawing(t *testing.T, text string, test func(t *testing.T, c Code, v Variant, img *image.Gray)) {
	c := encode(t, text)
	for _, look := range looks {
		for _, v := range Variants(look.paint) {
			for _, th := range look.themes {
				t.Run(fmt.Sprintf("%d bytes/%s/%s/%s", len(text), look.name, v, th.name), func(t *testing.T) {
					t.Parallel()
					cols, rows := c.Size(v)
					test(t, c, v, screen(t, c.Draw(v, look.paint), cols, rows, th))
				})
			}
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
		t.Fatalf("not scanned: %v", err)
	}
	return result.GetText()
}

func TestDrawScans(t *testing.T) {
	for _, text := range []string{uriOf(60), example, uriOf(150), uriOf(200), uriOf(250), uriOf(300)} {
		eachDrawing(t, text, func(t *testing.T, _ Code, _ Variant, img *image.Gray) {
			if got := scan(t, img); got != text {
				t.Errorf("scanned %q, want %q", got, text)
			}
		})
	}
}

// A scanner corrects errors, so that a wrong glyph could hide from it: here every
// module counts, and so do the quiet zone and what fills the last cells.
func TestDrawEveryModule(t *testing.T) {
	for _, text := range []string{example, uriOf(200)} {
		want, err := qr.Encode(text, qr.L)
		if err != nil {
			t.Fatal(err)
		}
		eachDrawing(t, text, func(t *testing.T, c Code, v Variant, img *image.Gray) {
			s := shapes[v]
			w, h := cellWidth*s.columns/s.across, float64(cellHeight)/float64(s.down)
			cols, rows := c.Size(v)
			for y := range rows * s.down {
				for x := range cols / s.columns * s.across {
					px := around*cellWidth + x*w + w/2
					py := around*cellHeight + int(float64(y)*h+h/2)
					black := img.GrayAt(px, py).Y < 0x80
					if black != want.Black(x-s.quiet, y-s.quiet) {
						t.Fatalf("module %d,%d is drawn black=%t", x-s.quiet, y-s.quiet, black)
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

// Frames go over slow lines: colours are set once a row and not once a cell.
func TestDrawSetsColoursOnceARow(t *testing.T) {
	c := encode(t, example)
	for p, want := range map[Paint]int{Painted: 2, Painted8: 2, PlainDark: 0, PlainLight: 0} {
		for _, v := range Variants(p) {
			if v == ASCII { // its spaces have no other way to be black or white
				continue
			}
			for i, line := range strings.Split(c.Draw(v, p), "\n") {
				if got := strings.Count(line, "\x1b"); got != want {
					t.Fatalf("%s, paint %d: row %d has %d sequences, want %d", v, p, i, got, want)
				}
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
