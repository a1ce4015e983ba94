package tui

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
)

// Each way to draw the code is one press of m away, is told, and is kept for the
// next time; what is kept is drawn first.
func TestChoiceOfQRStyle(t *testing.T) {
	p := newPerson(t, 120, 50).enrollTOTP("Foo", "a@b.co")
	p.press("m").sees("half blocks, quiet zone 4 (2 of ")
	p.press("m", "m", "m").sees("sextant blocks, quiet zone 4 (5 of ")
	want := []qr.Style{qr.HalfStyle, qr.HalfStyle, qr.HalfStyle, qr.SextantStyle}
	if !slices.Equal(p.remembered, want) {
		t.Errorf("remembered %v, want %v", p.remembered, want)
	}
	p.press("esc", "esc").enrollTOTP("Foo", "b@b.co").press("m").sees("sextant blocks, quiet zone 2 (2 of ")
	p.resizes(44, 24).press("m").sees("(").resizes(120, 50)
	p.press("z", "m", "z", "esc").at("factor")
}

// Sextants that the terminal may not draw are only shown to a person who asks.
func TestUnknownSextantsAreOffered(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.model.session.Sextants = false
	p.enrollTOTP("Northwind Traders International", "firstname.lastname@example.com")
	p.sees("The QR code needs a terminal of", "m draws it in smaller blocks", words.InFours(p.newest().TOTP.Secret))
	p.press("m").sees("sextant blocks, quiet zone 4 (1 of 3)", "boxes or question marks", "Scan this")
	p.press("m").sees("quiet zone 2 (2 of 3)")
	if want := []qr.Style{qr.SextantStyle, qr.SextantStyle}; !slices.Equal(p.remembered, want) {
		t.Errorf("remembered %v, want %v", p.remembered, want)
	}
}

// A picture that already exists is only replaced by a second p in a row.
func TestPictureIsNotReplacedUnasked(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co")
	name := p.newest().ID + ".png"
	p.press("p").sees("✓ QR code saved as", name[:len("auth_factor_01")])
	p.pngs[name] = []byte("mine")
	p.press("p").sees("! auth_factor_", "already exists", "press p again")
	p.press("m", "p").sees("already exists")
	if string(p.pngs[name]) != "mine" {
		t.Error("replaced without being asked")
	}
	p.press("p").sees("✓ QR code saved as", name[:len("auth_factor_01")])
	if string(p.pngs[name]) == "mine" {
		t.Error("not replaced")
	}
}

// What is told may take lines, but none of the code: it can still be scanned.
func TestNoticeDoesNotCoverTheCode(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.folder = strings.Repeat("/a/long/way/down", 10)
	p.enrollTOTP("Foo", "a@b.co").press("p").sees("anyone with this file")
	s := p.model.screen.(qrScreen)
	variant, _ := s.variant()
	for _, row := range strings.Split(ansi.Strip(s.code.Draw(variant, s.session.Paint)), "\n") {
		if !strings.Contains(p.screen(), row) {
			t.Fatalf("%q is covered:\n%s", row, p.screen())
		}
	}
	// Where no smaller style fits, the secret is not shown in place of the code.
	p.resizes(46, 22).press("p").sees("already exists").seesNo(words.InFours(s.secretText()))
}
