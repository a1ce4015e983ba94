package main

import (
	"fmt"
	"io"
	"math"
	"os"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
)

func (p *program) qrCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "qr FACTOR",
		Short: "Show the QR code of a TOTP factor that is not verified yet",
		Long: `qr draws the QR code that an authenticator app scans, the largest that fits the
terminal, black on white also with NO_COLOR and --theme none: it is a picture. Where
standard output is no terminal it is drawn in half blocks. The secret is kept until the factor is verified for the first time (see
--keep-secrets), so that it can be shown until then.

With --json the factor is printed as on the wire, with totp.secret and totp.uri.`,
		Example: `  mfa-tui qr alan
  mfa-tui qr alan --png alan.png`,
		Args:              usage(cobra.ExactArgs(1)),
		ValidArgsFunction: p.completeFactorThat(store.Record.HasSecret),
		RunE: func(_ *cobra.Command, args []string) error {
			return p.withApp(func(a *app) error {
				r, err := a.Find(args[0])
				if err != nil {
					return err
				}
				return p.showQR(r, file)
			})
		},
	}
	cmd.Flags().StringVar(&file, "png", "", "write a picture to a new `FILE`, or to - for standard output")
	p.jsonFlag(cmd.Flags())
	return cmd
}

func (p *program) showQR(r store.Record, file string) error {
	switch {
	case r.TOTP == nil:
		return fmt.Errorf("%s has no QR code: it is of type %s", factors.FullName(r), r.Type)
	case r.TOTP.URI == "":
		return fmt.Errorf("%s has no QR code any more: its secret is erased once it is verified, and WorkOS tells it only once", factors.FullName(r))
	}
	code, err := qr.Encode(r.TOTP.URI)
	if err != nil {
		return fmt.Errorf("%s: %w", factors.FullName(r), err)
	}
	if file != "" {
		if err := p.writePNG(file, code); err != nil || file == "-" || !p.json {
			return err
		}
	}
	if p.json {
		return printJSON(p.out, r.Factor)
	}
	return p.drawQR(r, code)
}

// writePNG writes a picture, which holds the secret: to a new file, for the
// person alone.
func (p *program) writePNG(file string, code qr.Code) error {
	const scale = 8
	png, err := code.PNG(scale)
	if err != nil {
		return err
	}
	if file == "-" {
		_, err := p.out.Write(png)
		return err
	}
	return store.CreateFile(file, png)
}

// drawQR draws a QR code on standard output, and says the secret on standard
// error for a person who can't scan.
func (p *program) drawQR(r store.Record, code qr.Code) error {
	paint := paintOf(p.env, p.out)
	variant := p.pipedVariant(code, paint)
	if f, ok := p.out.(*os.File); ok && term.IsTerminal(f.Fd()) {
		cols, rows := canvas(f)
		variants := p.fitting(code, f, cols, rows)
		if len(variants) == 0 {
			needCols, needRows := code.Smallest(paint, sextants)
			return fmt.Errorf("the QR code needs a terminal of %dx%d, this one is %dx%d; make it larger, use --png, or type the secret: %s",
				needCols, needRows+below, cols, rows+below, words.InFours(clean(r.TOTP.Secret)))
		}
		variant = variants[0]
	}
	_, err := io.WriteString(p.out, code.Draw(variant, paint)+"\n")
	if err == nil {
		p.say("can't scan? the secret is %s", words.InFours(clean(r.TOTP.Secret)))
	}
	return err
}

// sextants reports whether the terminal is known to draw sextants itself.
const sextants = false

// fitting is the variants of a code to take on a terminal of this size, the wanted
// one first.
func (p *program) fitting(code qr.Code, terminal *os.File, cols, rows int) []qr.Variant {
	take, _ := code.Fitting(paintOf(p.env, terminal), qrChoicesFor(p.env).load(p.flags.qr), cols, rows, sextants)
	return take
}

// below is the lines under a code: the secret and the next prompt.
const below = 2

// canvas is the size of a terminal but for the lines below the code, in cells.
func canvas(terminal *os.File) (cols, rows int) {
	cols, rows, err := term.GetSize(terminal.Fd())
	if err != nil || cols == 0 {
		cols, rows = 80, 24
	}
	return cols, rows - below
}

// pipedVariant is the variant where standard output is no terminal: there is room
// for any of them.
func (p *program) pipedVariant(code qr.Code, paint qr.Paint) qr.Variant {
	wanted := qr.Style(p.flags.qr)
	if wanted == "" || wanted == qr.Auto {
		wanted = qr.HalfStyle
	}
	take, _ := code.Fitting(paint, wanted, math.MaxInt, math.MaxInt, sextants)
	return take[0]
}
