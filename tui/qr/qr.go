// Package qr draws QR codes as terminal cells that a phone really scans.
//
// [Encode] makes a [Code] of a text, at error correction level L, since a
// terminal has few cells and a screen has no dirt on it. A [Style] is how modules
// are drawn, from two columns a module down to six modules a cell; a [Variant] is a
// style with its quiet zone; a [Paint] is how black and white are made on a
// terminal, [Glyphs] are the characters that it has. [Code.Fitting] lists the
// variants for a space, [Code.Draw] draws one.
package qr

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"github.com/mdp/qrterminal/v3"

	"mfa-tui/workos/guard"
)

// ErrTooLong is the error of [Encode] for a text that no QR code can hold.
var ErrTooLong = errors.New("too long for a QR code")

// capacity is how many bytes a QR code of version 40 and level L holds
// (ISO/IEC 18004, table 7).
const capacity = 2953

// quietZone is the white margin in modules that ISO/IEC 18004 asks for.
const quietZone = 4

// Code is a QR code: a square of black and white modules.
type Code struct {
	size    int    // modules a side
	modules []bool // black, row by row
}

// Encode makes the smallest QR code of level L for a text. It returns
// [ErrTooLong] for a text that does not fit, and an error for an empty one.
func Encode(text string) (Code, error) { return guard.Parse(encodeText, text) }

func encodeText(text string) (Code, error) {
	if text == "" {
		return Code{}, errors.New("nothing to encode")
	}
	if len(text) > capacity { // qrterminal panics on a text that does not fit
		return Code{}, fmt.Errorf("%w: %d bytes", ErrTooLong, len(text))
	}
	var buf bytes.Buffer
	const border = 1 // the least that qrterminal draws; it adds a row and a column of its own at the far end
	qrterminal.GenerateWithConfig(text, qrterminal.Config{
		Level: qrterminal.L, Writer: &buf, BlackChar: "#", WhiteChar: ".", QuietZone: border,
	})
	rows := strings.Split(buf.String(), "\n")
	c := Code{size: len(rows[0]) - 2*border}
	for _, row := range rows[border : border+c.size] {
		for _, module := range row[border : border+c.size] {
			c.modules = append(c.modules, module == '#')
		}
	}
	return c, nil
}

// black reports whether the module is black; everything around the code is white.
func (c Code) black(x, y int) bool {
	return c.contains(x, y) && c.modules[y*c.size+x]
}

// contains reports whether the module is part of the code itself.
func (c Code) contains(x, y int) bool { return x >= 0 && y >= 0 && x < c.size && y < c.size }

// PNG returns the code as a picture, black on white with a quiet zone of 4.
func (c Code) PNG() ([]byte, error) {
	const scale = 8 // pixels a module
	side := (c.size + 2*quietZone) * scale
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if c.black(x/scale-quietZone, y/scale-quietZone) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("draw the QR code as a picture: %w", err)
	}
	return buf.Bytes(), nil
}
