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

// Every picture is in the README, for dark and for light; every picture that the
// README names is there; and there is no other.
func TestREADME(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	var made, there []string
	for _, p := range pictures {
		light := filepath.ToSlash(filepath.Join(".github", "pictures", p.file(light)))
		dark := filepath.ToSlash(filepath.Join(".github", "pictures", p.file(dark)))
		made = append(made, dark, light)
		element := regexp.MustCompile(fmt.Sprintf(
			`<picture><source media="\(prefers-color-scheme: dark\)" srcset="%s"><img src="%s" width="\d+" alt="[^"]+"></picture>`,
			regexp.QuoteMeta(dark), regexp.QuoteMeta(light)))
		if n := len(element.FindAll(readme, -1)); n != 1 {
			t.Errorf("the README has the picture %s %d times", p.name, n)
		}
	}
	named := regexp.MustCompile(`\.github/pictures/[^")\s]+`).FindAllString(string(readme), -1)
	files, err := filepath.Glob(filepath.Join(root, ".github", "pictures", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		there = append(there, strings.TrimPrefix(filepath.ToSlash(f), root+"/"))
	}
	for _, list := range []*[]string{&made, &named, &there} {
		slices.Sort(*list)
	}
	if !slices.Equal(made, named) || !slices.Equal(made, there) {
		t.Errorf("there are\n%v\nthe README names\n%v\nmade are\n%v", there, named, made)
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
