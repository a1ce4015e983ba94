package main

import (
	"os"

	xterm "github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"

	"mfa-tui/tui"
	"mfa-tui/tui/qr"
	"mfa-tui/tui/term"
)

// usualURI is an otpauth URI as long as most are.
const usualURI = "otpauth://totp/Foo%20Corp:alan.turing@example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Foo%20Corp"

const enlarge = "make the terminal larger, or its font smaller"

// terminal checks the terminal by the environment and its size. The terminal
// itself is not asked, so that doctor says at once what is wrong.
func (r *report) terminal() {
	f := terminalOf(r.out, r.errOut, r.in)
	switch {
	case f == nil:
		r.warn("terminal", "run mfa-tui in a terminal to see the screens", "there is none: the screens need one, the commands do not")
		return
	case !isTerminal(r.in) || !isTerminal(r.out):
		r.warn("terminal", "run mfa-tui without a pipe or a redirection to see the screens", "standard input or output is redirected here: the screens need both, the commands do not")
	}
	r.checkTerminal(f)
}

// checkTerminal checks a terminal that there is.
func (r *report) checkTerminal(f *os.File) {
	r.termName()
	r.size(f)
	if r.system != windowsOS { // which has none in the environment
		r.locale()
	}
	r.colours()
	r.qrCode(f)
}

// onWindows is the first text on Windows, and the other one everywhere else.
func (r *report) onWindows(text, otherwise string) string {
	if r.system == windowsOS {
		return text
	}
	return otherwise
}

func (r *report) termName() {
	fix := "if yours can move the cursor, as nearly all can: " + r.onWindows("remove the variable TERM", "export TERM=xterm-256color")
	switch name := r.env["TERM"]; {
	case name == "" && r.system == windowsOS: // nobody sets it there
		r.ok("terminal", "%s", map[bool]string{true: "Windows Terminal", false: "a Windows console"}[r.env["WT_SESSION"] != ""])
	case name == "":
		r.warn("terminal", fix, "TERM is not set")
	case name == "dumb":
		r.warn("terminal", fix, "TERM=dumb is for a terminal that can't move the cursor, as the screens do")
	default:
		r.ok("terminal", "TERM=%s", name)
	}
}

func (r *report) size(f *os.File) {
	cols, rows, err := xterm.GetSize(f.Fd())
	switch {
	case err != nil || cols == 0 || rows == 0:
		r.warn("size", r.onWindows("use another terminal, such as Windows Terminal", "stty cols 80 rows 24"), "the terminal does not report it")
	case cols < tui.MinWidth || rows < tui.MinHeight:
		r.fail("size", enlarge, "%dx%d, and the screens need %dx%d", cols, rows, tui.MinWidth, tui.MinHeight)
	default:
		r.ok("size", "%dx%d", cols, rows)
	}
}

func (r *report) locale() {
	switch name := term.Locale(r.env.Getenv); {
	case !r.terminalByEnv().UTF8:
		r.warn("locale", fixUTF8, "%s", r.notUTF8())
	case name == "":
		r.ok("locale", "none is set; the screens are drawn in UTF-8")
	default:
		r.ok("locale", "%s", name)
	}
}

func (r *report) colours() {
	text := map[termenv.Profile]string{
		termenv.TrueColor: "16 million", termenv.ANSI256: "256", termenv.ANSI: "16", termenv.Ascii: "none",
	}[r.look().profile]
	switch {
	case r.theme() == "none":
		r.ok("colours", "%s, as the theme says", text)
	case r.env["NO_COLOR"] != "":
		r.ok("colours", "%s, as NO_COLOR says", text)
	default:
		r.ok("colours", "%s, by %s", text, r.onWindows("the version of Windows", "TERM and COLORTERM"))
	}
}

// qrCode checks which QR code fits the whole terminal.
func (r *report) qrCode(f *os.File) {
	code, err := qr.Encode(usualURI)
	if err != nil {
		r.fail("QR code", "", "%v", err)
		return
	}
	cols, rows := canvas(f)
	variants := r.fitting(code, cols, rows)
	if len(variants) == 0 {
		cols, rows := r.smallest(code)
		r.warn("QR code", enlarge, "a typical code needs %dx%d: here the secret is shown instead", cols, rows+below)
		return
	}
	cols, rows = code.Size(variants[0])
	hint := ""
	if variants[0].Style() == qr.SextantStyle && r.glyphs() != qr.Sextants {
		hint = "; if you see boxes or question marks in it, the font lacks these blocks: make the terminal larger"
	}
	r.ok("QR code", "a typical code fits as %s, %dx%d%s", variants[0], cols, rows, hint)
}
