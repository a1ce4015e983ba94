package qr

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"strings"
	"testing"
)

func TestEncodeLimits(t *testing.T) {
	if _, err := Encode(strings.Repeat("a", capacity)); err != nil {
		t.Errorf("a text that just fits: %v", err)
	}
	secret := strings.Repeat("a", capacity+1)
	_, err := Encode(secret)
	if !errors.Is(err, ErrTooLong) {
		t.Errorf("a text that does not fit: %v, want %v", err, ErrTooLong)
	}
	if err != nil && strings.Contains(err.Error(), "aaa") {
		t.Error("the error has the text")
	}
	if _, err := Encode(""); err == nil || errors.Is(err, ErrTooLong) {
		t.Errorf("an empty text: %v, want an error of its own", err)
	}
}

func TestPNG(t *testing.T) {
	b, err := encode(t, example).PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	const scale = 8
	if got, want := img.Bounds().Dx(), (41+2*4)*scale; got != want {
		t.Errorf("%d pixels wide, want %d", got, want)
	}
	if corner := 4 * scale; !blackAt(img, corner, corner) || blackAt(img, corner-1, corner) || blackAt(img, corner, corner-1) {
		t.Error("the code does not begin after a quiet zone of 4")
	}
	if got := scan(t, img); got != example {
		t.Errorf("scanned %q, want %q", got, example)
	}
}

func blackAt(img image.Image, x, y int) bool {
	r, _, _, _ := img.At(x, y).RGBA()
	return r == 0
}

func FuzzEncode(f *testing.F) {
	for _, text := range []string{"", "0", "A-1", "é\x00\xff", example, strings.Repeat("7", 300)} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Encode(text)
		if err != nil {
			if text != "" && !errors.Is(err, ErrTooLong) {
				t.Fatal(err)
			}
			return
		}
		for p := range Paint(len(paints)) {
			for _, variant := range Variants(p) {
				checkSize(t, c, variant, p)
			}
		}
	})
}
