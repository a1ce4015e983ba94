package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/charmbracelet/x/term"
	"github.com/muesli/termenv"
	"github.com/spf13/cobra"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
)

func (p *program) qrCommand() *cobra.Command {
	var picture struct {
		file  string
		force bool
	}
	cmd := &cobra.Command{
		Use:   "qr [FACTOR]",
		Short: "Show the QR code of a TOTP factor that is not verified yet",
		Long: `qr draws the QR code for an authenticator app, the largest that fits the terminal.
If standard output is not a terminal, it is drawn in half blocks. The secret is kept until the factor is first verified (see
--keep-secrets), so qr works until then. Without FACTOR it takes the only factor
whose secret is kept.

--png writes a picture that only you can read. A file that is there stays, unless
--force overwrites it; a symbolic link is then replaced, not what it leads to.

With --json the factor is printed as the API has it, with totp.secret and totp.uri.`,
		Example: `  mfa-tui qr alan
  mfa-tui qr alan --png alan.png
  mfa-tui qr alan --png alan.png --force`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: p.completeFactors(1, store.Record.HasSecret),
		RunE: p.withApp(func(_ context.Context, a *app, args []string) error {
			if picture.force && picture.file == "" {
				return usageError{errors.New("--force needs --png")}
			}
			if picture.force {
				if err := a.checkOverwrite(picture.file); err != nil {
					return err
				}
			}
			if len(args) > 0 {
				r, err := a.Find(args[0])
				if err != nil {
					return err
				}
				if err := a.CheckThere(r); err != nil {
					return err
				}
				return p.showQR(r, picture.file, picture.force)
			}
			defer p.sayElsewhere(a)
			r, err := a.OnlySecret()
			if err != nil {
				return err
			}
			if !p.json {
				p.say("the QR code of %s", factors.FullName(r))
			}
			return p.showQR(r, picture.file, picture.force)
		}),
	}
	cmd.Flags().StringVar(&picture.file, "png", "", "write a picture to a new `FILE`, or to - for standard output")
	cmd.Flags().BoolVar(&picture.force, "force", false, "let --png overwrite a file")
	p.jsonFlag(cmd.Flags())
	return cmd
}

func (p *program) showQR(r store.Record, file string, force bool) error {
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
		if err := p.writePNG(file, code, force); err != nil || file == "-" || !p.json {
			return err
		}
	}
	if p.json {
		return printJSON(p.out, r.Factor)
	}
	return p.drawQR(r, code)
}

// writePNG writes a picture, which has the secret, to standard output for "-" or to
// a file that only the person can read.
func (p *program) writePNG(file string, code qr.Code, replace bool) error {
	png, err := code.PNG()
	if err != nil {
		return err
	}
	if file == "-" {
		_, err := rawWriter(p.out).Write(png)
		return err
	}
	if _, err = savePNG(file, png, replace); errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s already exists; --force overwrites it", file)
	}
	return err
}

// savePNG writes a picture, which has a secret, to a file in the working folder and
// returns its whole path. An existing file is only replaced if replace says so; the
// error is fs.ErrExist otherwise. What is no file, such as a folder or a device, is
// never replaced.
func savePNG(name string, png []byte, replace bool) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return path, fmt.Errorf("%s is not a file that can be overwritten", path)
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
	defer p.obeySequences()()
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

// obeySequences makes a console of Windows obey the sequences that paint a code, or
// has it drawn without any if it can't. restore makes the console as it was.
func (p *program) obeySequences() (restore func()) {
	f := terminalOf(p.out)
	if f == nil {
		return func() {}
	}
	back, err := termenv.EnableVirtualTerminalProcessing(termenv.NewOutput(f))
	p.bare = err != nil
	return func() { _ = back() } // the code is drawn, whatever the console is now
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
