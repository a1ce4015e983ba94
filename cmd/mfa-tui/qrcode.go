package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

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
		Long: `qr draws the QR code for an authenticator app, the largest that fits the terminal.
If standard output is not a terminal, it is drawn in half blocks. The secret is kept until the factor is first verified (see
--keep-secrets), so qr works until then.

With --json the factor is printed as the API has it, with totp.secret and totp.uri.`,
		Example: `  mfa-tui qr alan
  mfa-tui qr alan --png alan.png`,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: p.completeFactors(1, store.Record.HasSecret),
		RunE: p.withApp(func(_ context.Context, a *app, args []string) error {
			r, err := a.Find(args[0])
			if err != nil {
				return err
			}
			if err := a.CheckThere(r); err != nil {
				return err
			}
			return p.showQR(r, file)
		}),
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
		return fmt.Errorf("%s has no QR code any more: its secret is erased once it is verified, and WorkOS sends it only once", factors.FullName(r))
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

// writePNG writes a picture, which has the secret, to standard output for "-" or to
// a new file that only the person can read.
func (p *program) writePNG(file string, code qr.Code) error {
	const scale = 8
	png, err := code.PNG(scale)
	if err != nil {
		return err
	}
	if file == "-" {
		_, err := rawWriter(p.out).Write(png)
		return err
	}
	return store.CreateFile(file, png)
}

// savePNG writes a picture, which has a secret, to a file in the working folder and
// returns its whole path. An existing file is only replaced if replace says so; the
// error is fs.ErrExist otherwise.
func savePNG(name string, png []byte, replace bool) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if replace {
		return path, store.ReplaceFile(path, png)
	}
	return path, store.CreateFile(path, png)
}

// drawQR draws a QR code on standard output, and prints the secret on standard
// error for a person who can't scan it.
func (p *program) drawQR(r store.Record, code qr.Code) error {
	secret := words.InFours(words.Clean(r.TOTP.Secret))
	wanted := cmp.Or(qr.Style(p.flags.qr), qr.HalfStyle)
	variants, _ := code.Fitting(p.paint(), qr.HalfBlocks, wanted, math.MaxInt, math.MaxInt)
	if f := terminalOf(p.out); f != nil {
		cols, rows := canvas(f)
		if variants = p.fitting(code, cols, rows); len(variants) == 0 {
			needCols, needRows := p.smallest(code)
			return fmt.Errorf("the QR code needs a terminal of %dx%d, this one is %dx%d; make it larger, use --png, or type the secret: %s",
				needCols, needRows+below, cols, rows+below, secret)
		}
	}
	if _, err := io.WriteString(rawWriter(p.out), code.Draw(variants[0], p.paint())+"\n"); err != nil {
		return err
	}
	p.say("can't scan? the secret is %s", secret)
	return nil
}

// fitting returns how a code can be drawn on a terminal of a size, the style that
// the person wants first.
func (p *program) fitting(code qr.Code, cols, rows int) []qr.Variant {
	wanted, _ := p.qrChoice()
	variants, _ := code.Fitting(p.paint(), p.glyphs(), wanted, cols, rows)
	return variants
}

// smallest is the size of the smallest drawing that the terminal is known to draw.
func (p *program) smallest(code qr.Code) (cols, rows int) {
	return code.Smallest(p.paint(), p.glyphs())
}

// canvas is the size of a terminal in cells, without the line of the next prompt.
// below is the lines under a code: the secret and the next prompt.
const below = 2

// canvas is the size of a terminal in cells, without the lines below the code.
func canvas(terminal *os.File) (cols, rows int) {
	cols, rows, err := term.GetSize(terminal.Fd())
	if err != nil || cols == 0 {
		cols, rows = 80, 24
	}
	return cols, rows - below
}
