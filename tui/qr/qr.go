// Package qr draws QR codes as terminal cells that a phone really scans.
//
// [Encode] makes a [Code] of a text, at error correction level L, since a
// terminal has few cells and a screen has no dirt on it. A [Form] is a shape for
// the modules, from two columns a module down to six modules a cell; a [Paint]
// is how black and white are made on a given terminal. [Code.Fit] picks the
// largest form for a space, [Code.Draw] draws it.
package qr

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/mdp/qrterminal/v3"
	"rsc.io/qr"
)

// ErrTooLong is the error of [Encode] for a text that no QR code can hold.
var ErrTooLong = errors.New("too long for a QR code")

// quietZone is the white margin in modules that ISO/IEC 18004 asks for.
const quietZone = 4

// Code is a QR code: a square of black and white modules.
type Code struct {
	text    string
	size    int    // modules a side
	modules []bool // black, row by row
}

// Encode makes the smallest QR code of level L for a text.
func Encode(text string) (Code, error) {
	if text == "" {
		return Code{}, errors.New("nothing to encode")
	}
	// qrterminal panics on a text that does not fit.
	if _, err := qr.Encode(text, qr.L); err != nil {
		return Code{}, fmt.Errorf("%w: %d bytes", ErrTooLong, len(text))
	}
	var buf bytes.Buffer
	qrterminal.GenerateWithConfig(text, qrterminal.Config{Level: qrterminal.L, Writer: &buf, BlackChar: "#", WhiteChar: "."})
	rows := strings.Split(buf.String(), "\n")
	c := Code{text: text, size: len(rows[0]) - 1} // it writes one column and one row too many
	for y := range c.size {
		for x := range c.size {
			c.modules = append(c.modules, rows[y][x] == '#')
		}
	}
	return c, nil
}

// black reports whether the module is black; everything around the code is white.
func (c Code) black(x, y int) bool {
	return x >= 0 && y >= 0 && x < c.size && y < c.size && c.modules[y*c.size+x]
}

// PNG is the code as a picture, black on white, with scale pixels a module.
func (c Code) PNG(scale int) ([]byte, error) {
	code, err := qr.Encode(c.text, qr.L)
	if err != nil {
		return nil, fmt.Errorf("encode the picture: %w", err)
	}
	code.Scale = scale
	return code.PNG(), nil
}
