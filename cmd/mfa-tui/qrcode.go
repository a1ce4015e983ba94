package main

import (
	"cmp"
	"fmt"
	"io"
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
terminal. Where standard output is no terminal it is drawn without colours, for a
dark one. The secret is kept until the factor is verified for the first time (see
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
	l := lookOf(p.env, p.out, p.theme())
	paint, variant := plainPaint(l.light), p.plainVariant()
	if f, ok := p.out.(*os.File); ok && term.IsTerminal(f.Fd()) {
		cols, rows := canvas(f)
		var variants []qr.Variant
		if paint, variants = p.fitting(code, l, cols, rows); len(variants) == 0 {
			needCols, needRows := code.Smallest(paint)
			return fmt.Errorf("the QR code needs a terminal of %dx%d, this one is %dx%d; make it larger, use --png, or type the secret: %s",
				needCols, needRows+1, cols, rows+1, words.InFours(clean(r.TOTP.Secret)))
		}
		variant = variants[0]
	}
	_, err := io.WriteString(p.out, code.Draw(variant, paint)+"\n")
	if err == nil {
		p.say("can't scan? the secret is %s", words.InFours(clean(r.TOTP.Secret)))
	}
	return err
}

// fitting is how a code is drawn on a terminal with a look and a size, the variant
// that is wanted first.
func (p *program) fitting(code qr.Code, l look, cols, rows int) (qr.Paint, []qr.Variant) {
	choice := qrChoicesFor(p.env, l).load(p.flags.qr)
	paint := qr.PaintFor(p.env["TERM"], l.plain(), l.light != choice.Other)
	return paint, code.Fitting(paint, choice.Style, cols, rows)
}

// canvas is the size of a terminal but for the line of the next prompt, in cells.
func canvas(terminal *os.File) (cols, rows int) {
	cols, rows, err := term.GetSize(terminal.Fd())
	if err != nil || cols == 0 {
		cols, rows = 80, 24
	}
	return cols, rows - 1
}

// plainPaint is how a QR code is drawn for a terminal that is not known.
func plainPaint(light bool) qr.Paint {
	if light {
		return qr.PlainLight
	}
	return qr.PlainDark
}

// plainVariant is the variant for a terminal that is not known, where there is room for
// any of them.
func (p *program) plainVariant() qr.Variant {
	wanted := qr.Style(cmp.Or(p.flags.qr, string(qr.HalfStyle)))
	for _, f := range qr.Variants(qr.PlainDark) {
		if f.Style() == wanted {
			return f
		}
	}
	return qr.Half4
}
