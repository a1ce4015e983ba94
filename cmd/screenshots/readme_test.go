package main

import (
	"fmt"
	"image"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const root = "../.."

// Every picture is in a document, for dark and for light, and there is no other.
func TestPicturesAreShown(t *testing.T) {
	shown := ""
	for _, path := range []string{"README.md", "tui/README.md"} {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		shown += string(text)
	}
	for _, p := range pictures {
		element := regexp.MustCompile(fmt.Sprintf(
			`<picture><source media="\(prefers-color-scheme: dark\)" srcset="[./]*github/pictures/%s"><img src="[./]*github/pictures/%s" width="\d+" alt="[^"]+"></picture>`,
			regexp.QuoteMeta(p.file(dark)), regexp.QuoteMeta(p.file(light))))
		if n := len(element.FindAllString(shown, -1)); n != 1 {
			t.Errorf("the picture %s is shown %d times", p.name, n)
		}
	}
	files, err := os.ReadDir(filepath.Join(root, ".github", "pictures"))
	if err != nil || len(files) != 2*len(pictures) {
		t.Errorf("there are %d files for %d pictures: %v", len(files), len(pictures), err)
	}
}

// maxSize keeps the repository light.
const maxSize = 60 << 10

func TestPicturesAreSmall(t *testing.T) {
	for _, p := range pictures {
		for _, th := range []theme{dark, light} {
			svg := published(t, p, th)
			if d := parse(t, svg); len(svg) > maxSize || d.Title != p.title || len(d.texts()) < 5 {
				t.Errorf("%s: %d bytes, %q, %d texts", p.file(th), len(svg), d.Title, len(d.texts()))
			}
		}
	}
}

func published(t *testing.T, p picture, th theme) []byte {
	t.Helper()
	svg, err := os.ReadFile(filepath.Join(root, ".github", "pictures", p.file(th)))
	if err != nil {
		t.Fatal(err)
	}
	return svg
}

// The QR code in the README scans.
func TestPictureScans(t *testing.T) {
	for _, th := range []theme{dark, light} {
		i := slices.IndexFunc(pictures, func(p picture) bool { return p.name == "qr" })
		d := parse(t, published(t, pictures[i], th))
		text := scan(t, d.covered(t, "#000000", pictures[i].cols, pictures[i].rows))
		uri, err := url.Parse(text)
		if err != nil || uri.Scheme != "otpauth" || uri.Path != "/Foo Corp:alan@example.com" || uri.Query().Get("secret") == "" {
			t.Errorf("%s: scanned %q", th.name, text)
		}
	}
}

// scan reads a QR code from the dark parts of a picture.
func scan(t *testing.T, parts string) string {
	t.Helper()
	const margin = 40
	lines := strings.Split(parts, "\n")
	w := 0
	for _, line := range lines {
		w = max(w, len(line))
	}
	const pw, ph = cellWidth / partCols, cellHeight / partRows
	img := image.NewGray(image.Rect(0, 0, w*pw+2*margin, len(lines)*ph+2*margin))
	for i := range img.Pix {
		x, y := (i%img.Stride-margin)/pw, (i/img.Stride-margin)/ph
		if i%img.Stride < margin || i/img.Stride < margin || y >= len(lines) || x >= len(lines[y]) || lines[y][x] != '#' {
			img.Pix[i] = 0xff
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
	if err != nil {
		t.Fatal(err)
	}
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	if err != nil {
		t.Fatalf("%v in\n%s", err, parts)
	}
	return result.GetText()
}
