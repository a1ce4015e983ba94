package main

import (
	"fmt"
	"os"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"

	"mfa-tui/tui/qr"
)

// The smallest terminal that the screens are made for.
const (
	leastCols = 40
	leastRows = 12
)

// usualURI is an otpauth URI as long as most are.
const usualURI = "otpauth://totp/Foo%20Corp:alan.turing@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Foo%20Corp"

// terminal checks the terminal by the environment and its size. It is not asked
// itself, since it may not answer.
func (x *examination) terminal() {
	f := terminalOf(x.out, x.errOut, x.in)
	switch {
	case f == nil:
		x.note("terminal", warning, "there is none: the screens need one, the commands for scripts do not", "")
		return
	case !isTerminal(x.in) || !isTerminal(x.out):
		x.note("terminal", warning, "standard input or output is redirected here: the screens need both, the commands for scripts do not", "")
	}
	x.termName()
	x.size(f)
	x.colours(f)
	x.qrCode(f)
}

func (x *examination) termName() {
	const fix = "if yours can move the cursor, as nearly all can: export TERM=xterm-256color"
	switch name := x.env["TERM"]; name {
	case "":
		x.note("terminal", warning, "TERM is not set", fix)
	case "dumb":
		x.note("terminal", warning, "TERM=dumb is for a terminal that can't move the cursor, as the screens do", fix)
	default:
		x.ok("terminal", "TERM=%s", name)
	}
}

func (x *examination) size(f *os.File) {
	cols, rows, err := term.GetSize(f.Fd())
	switch {
	case err != nil || cols == 0 || rows == 0:
		x.note("size", warning, "the terminal does not tell it", "stty cols 80 rows 24")
	case cols < leastCols || rows < leastRows:
		x.note("size", failed, fmt.Sprintf("%dx%d, and the screens need %dx%d", cols, rows, leastCols, leastRows), "make the terminal larger, or its font smaller")
	default:
		x.ok("size", "%dx%d", cols, rows)
	}
}

func (x *examination) colours(f *os.File) {
	text := map[termenv.Profile]string{
		termenv.TrueColor: "16 million", termenv.ANSI256: "256", termenv.ANSI: "16", termenv.Ascii: "none",
	}[lookOf(x.env, f, x.theme()).profile]
	switch {
	case x.theme() == "none":
		text += ", as the theme says"
	case x.env["NO_COLOR"] != "":
		text += ", as NO_COLOR says"
	default:
		text += ", by TERM and COLORTERM"
	}
	x.ok("colours", "%s", text)
}

// qrCode checks how a QR code fits the whole terminal.
func (x *examination) qrCode(f *os.File) {
	code, err := qr.Encode(usualURI)
	if err != nil {
		x.note("QR code", failed, err.Error(), "")
		return
	}
	cols, rows := canvas(f)
	variants := x.fitting(code, f, cols, rows)
	if len(variants) == 0 {
		cols, rows := code.Smallest(paintOf(x.env, f), sextants)
		x.note("QR code", warning, fmt.Sprintf("one of usual length needs %dx%d: here the secret is shown in its place", cols, rows+below),
			"make the terminal larger, or its font smaller")
		return
	}
	variant := variants[0]
	cols, rows = code.Size(variant)
	text := fmt.Sprintf("one of usual length fits as %s, %dx%d", variant, cols, rows)
	if variant >= qr.Sextant4 {
		text += "; if there are boxes or question marks in it, the font lacks these blocks: make the terminal larger"
	}
	x.ok("QR code", "%s", text)
}
