package tui

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
	"mfa-tui/tui/term"
)

// Each press of m shows the next style, in the largest variant that fits, names it and
// remembers it. The remembered one is drawn first.
func TestChoiceOfQRStyle(t *testing.T) {
	p := newPerson(t, 120, 50)
	p.model.session.Glyphs = qr.Sextants
	p.enrollTOTP("Foo", "a@b.co")
	p.press("m").sees("Style: half (2 of 3)")
	p.press("m").sees("Style: sextant (3 of 3)")
	p.press("m").sees("Style: full (1 of 3)").press("m", "m")
	want := []qr.Style{qr.HalfStyle, qr.SextantStyle, "", qr.HalfStyle, qr.SextantStyle}
	if !slices.Equal(p.remembered, want) {
		t.Errorf("remembered %v, want %v", p.remembered, want)
	}
	p.press("esc", "esc").enrollTOTP("Foo", "b@b.co").press("m").sees("Style: full (2 of 3)")
	p.resizes(44, 24).press("m").sees("(").resizes(120, 50)
	p.press("esc").at("factor")
}

// A style of blocks that the terminal may lack is not remembered, and not drawn first
// for the next factor: only --qr asks for it for good.
func TestDoubtfulStyleIsNotRemembered(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo Corp", "alan@example.com")
	p.press("m").sees("Style: sextant (2 of 2)", "This may not scan")
	if len(p.remembered) > 0 {
		t.Errorf("remembered %v", p.remembered)
	}
	p.press("esc", "esc").enrollTOTP("Foo Corp", "b@b.co").seesNo("This may not scan")
	p.press("m").sees("This may not scan").press("m").sees("Style: half").seesNo("This may not scan")
}

// z is offered only where the whole terminal has room for a code, or for a larger one.
// While it is taken, the way back is told, and the secret is not shown.
func TestZoomIsOfferedWhereItHelps(t *testing.T) {
	larger := newPerson(t, 106, 46).enrollTOTP("Foo Corp", "alan@example.com").sees("z zoom")
	before := larger.model.frame().picture.size
	larger.press("s", "z").sees("esc zoom out", "s show secret")
	if after := larger.model.frame().picture.size; after.X <= before.X {
		t.Errorf("%v is not larger than %v", after, before)
	}
	larger.press("z").sees("z zoom").press("z", "esc").at("qr").press("esc").at("factor")
	newPerson(t, 80, 24).enrollTOTP("Foo Corp", "alan@example.com").seesNo("z zoom").resizes(120, 40).seesNo("z zoom").
		resizes(50, 24).press("z").sees("esc zoom out")
	newPerson(t, 50, 24).enrollTOTP("Foo", "a@b.co").sees("Scan this with your authenticator app", "enter type the code")
	p := newPerson(t, 80, 24).enrollTOTP(longIssuer, longUser).seesNo("zoom")
	p.press("z").seesNo("zoom").sees("The QR code needs")
	p.resizes(54, 24).sees("make it 24 columns wider and 2 rows taller")
	p.resizes(54, 26).sees("make it 24 columns wider", "z zoom").seesNo("taller")
	if p.press("z"); p.model.screen.(qrScreen).drawing().none {
		t.Error("no code in the whole terminal")
	}
	p.resizes(80, 20).sees("zoom out").press("z").seesNo("zoom") // the way back is always there
}

// The keys stay told beside a code when the secret is shown there.
func TestKeysAreToldBesideTheSecret(t *testing.T) {
	p := newPerson(t, 120, 40).enrollTOTP("Foo Corp", "alan@example.com").press("s")
	p.sees(words.InFours(p.newest().TOTP.Secret)+" Type this secret into your authenticator app, then press enter and type the code that the app shows.",
		"m style", "s hide secret", "w open picture", "p save PNG")
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

const (
	longIssuer = "Northwind Traders International"
	longUser   = "firstname.lastname@subsidiary.example.com"
)

// drawnCode is the cells of the QR code on the screen, with their colours, and where
// it is.
func (p *person) drawnCode() (code, at string) {
	p.t.Helper()
	f := p.model.frame()
	if f.picture.drawn == "" {
		return "", ""
	}
	rows := strings.Split(p.model.View(), "\n")[f.at.Y:][:f.picture.size.Y]
	for i, row := range rows {
		rows[i] = ansi.Cut(row, f.at.X, f.at.X+f.picture.size.X)
	}
	return strings.Join(rows, "\n"), f.at.String()
}

// Nothing but a resize, m and z changes a cell of the code: no notice however long,
// no spinner, no answer of the terminal.
func TestNothingChangesTheCode(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {80, 23}, {120, 40}, {52, 40}, {46, 27}, {110, 40}} {
		for _, issuer := range []string{"Foo", longIssuer} {
			t.Run(fmt.Sprintf("%dx%d %s", size[0], size[1], issuer), func(t *testing.T) {
				p := newPerson(t, size[0], size[1])
				p.folder = strings.Repeat("/a/long/way/down", 10)
				p.enrollTOTP(issuer, "alan.turing@example.com")
				code, at := p.drawnCode()
				if code == "" {
					if issuer == "Foo" {
						t.Fatalf("no code:\n%s", p.screen())
					}
					t.Skip("no room, with so long a name")
				}
				same := func(by string) {
					t.Helper()
					if now, there := p.drawnCode(); now != code || there != at {
						t.Errorf("%s changed the code:\n%s", by, p.screen())
					}
				}
				p.model.session.Copy = func(string) (Copied, error) {
					return Copied{How: strings.Repeat("was sent on a long way ", 20)}, nil
				}
				for _, key := range []string{"y", "p", "p", "p", "u", "w", "x", "?", "esc", "i", "i"} {
					if p.press(key); key != "?" && key != "i" {
						same(key)
					}
				}
				same("coming back")
				p.send(noticeMsg{notice{failure, strings.Repeat("it failed ", 100)}})
				same("a notice")
				p.model.session.work = work{id: p.model.session.nextID(), verb: "Working…"}
				p.send(noticeMsg{notice{}}) // to draw it
				same("work")
				p.model.session.work = work{}
				p.send(term.AnswerMsg{Name: "kitty(0.26.5)", Sextants: true})
				same("the terminal's answer")
				p.send(recordsChangedMsg{})
				same("another window")
			})
		}
	}
}

// The size that the screen asks for is enough for a code, and no less is.
func TestSizeThatACodeNeeds(t *testing.T) {
	size := regexp.MustCompile(`The QR code needs (\d+)x(\d+), this terminal is \d+x\d+`)
	more := func(screen, what string) int { // 0 if the screen does not ask for it
		m := regexp.MustCompile(`(\d+) ` + what).FindStringSubmatch(screen)
		n, _ := strconv.Atoi(append(m, "", "")[1])
		return n
	}
	for _, glyphs := range []qr.Glyphs{qr.Spaces, qr.HalfBlocks, qr.Sextants} {
		for _, from := range [][2]int{{40, 12}, {80, 24}, {52, 24}, {60, 20}, {48, 40}, {100, 20}} {
			for _, user := range []string{"a@b.co", longUser, strings.Repeat("a", 150)} {
				p := newPerson(t, from[0], from[1])
				p.model.session.Glyphs = glyphs
				p.enrollTOTP(longIssuer, user)
				drawn := func(w, h int) bool {
					p.resizes(w, h)
					return !p.model.screen.(qrScreen).drawing().none
				}
				screen := strings.Join(strings.Fields(p.screen()), " ")
				m := size.FindStringSubmatch(screen)
				if m == nil {
					if !drawn(from[0], from[1]) {
						t.Errorf("%v: neither a code nor a size:\n%s", from, p.screen())
					}
					continue
				}
				p.sees(words.InFours(p.newest().TOTP.Secret))
				w, _ := strconv.Atoi(m[1])
				h, _ := strconv.Atoi(m[2])
				w, h = max(w, from[0]), max(h, from[1]) // a window is made larger
				if strings.Contains(screen, "make it") != (from[1] > MinHeight) {
					t.Errorf("from %v: it says what is missing, or not:\n%s", from, screen)
				}
				if from[1] > MinHeight && (from[0]+more(screen, "columns? wider") != w || from[1]+more(screen, "rows? taller") != h) {
					t.Errorf("from %v: what is missing to %dx%d is another:\n%s", from, w, h, screen)
				}
				if !drawn(w, h) {
					t.Errorf("from %v: no code at %dx%d", from, w, h)
				}
				if w > from[0] && drawn(w-1, h) || h > from[1] && drawn(w, h-1) {
					t.Errorf("from %v: %dx%d is more than a code needs", from, w, h)
				}
			}
		}
	}
}

// The secret can be read whole at every size, also beside a code or below one.
func TestSecretIsShownWhole(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo Corp", "alan@example.com").press("s")
	sextants := newPerson(t, 80, 24).enrollTOTP(longIssuer, longUser).press("m", "s")
	for w := MinWidth; w <= 120; w += 3 {
		for h := MinHeight; h <= 45; h++ {
			for _, p := range []*person{p, sextants} {
				if p.resizes(w, h).sees(words.InFours(p.newest().TOTP.Secret)); t.Failed() {
					t.Fatalf("at %dx%d", w, h)
				}
			}
		}
	}
}

// Sextants are not taken unless the terminal is known to draw them, or the person
// wants them; then the screen says that they may not scan, and m leads
// away from them.
func TestSextantsOnlyWhereTheyAreDrawn(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP(longIssuer, longUser).
		sees("The QR code needs 78x26, this terminal is 80x24: make it 2 rows taller", "m style")
	late := *p
	late.send(term.AnswerMsg{Name: "kitty(0.26.5)", Sextants: true}) // nothing on the screen moves
	late.sees("The QR code needs")
	p.model.session.Glyphs = qr.HalfBlocks
	p.press("m").sees("Style: sextant (2 of 2)", "This may not scan: many fonts lack these blocks. Press m").seesNo("The QR code needs")
	p.press("m").sees("Style: none (1 of 2)", "The QR code needs")

	p.press("esc", "esc")
	p.model.session.QR = qr.SextantStyle // as --qr asks for it
	p.enrollTOTP(longIssuer, "f"+longUser[1:]).sees("This may not scan")
	p.press("m").sees("Style: none (2 of 2)")
	if last := p.remembered[len(p.remembered)-1]; last != qr.Auto {
		t.Errorf("remembered %s", last)
	}

	p = newPerson(t, 80, 24)
	p.send(term.AnswerMsg{Name: "kitty(0.26.5)", Sextants: true})
	p.enrollTOTP(longIssuer, longUser).seesNo("This may not scan", "The QR code needs")
	if d := p.model.screen.(qrScreen).drawing(); d.variant != qr.Sextant4 {
		t.Errorf("drawn in %s", d.variant)
	}
}

// Where only the frame's rows are missing, the code has the full height and the
// frame stands beside it, with everything that it says elsewhere.
func TestFrameBesideTheCode(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo Corp", "alan@example.com")
	d := p.model.screen.(qrScreen).drawing()
	if d != (drawing{variant: qr.Half4, place: besideFrame}) {
		t.Errorf("drawn as %+v", d)
	}
	p.sees("Does it scan? If not: s or p", "LOCAL", "QR code", "✓ enrolled · ● scan", "enter type the code", "esc back", "? help", "q quit", "w open picture")
	p.press("?").sees("Everywhere", "Factors › Foo Corp").press("esc").sees("Does it scan?")
	p.press("s").sees(words.InFours(p.newest().TOTP.Secret))
	p.clicks("hide secret").seesNo(words.InFours(p.newest().TOTP.Secret))
	p.clicks("esc back").at("factor")
}

// The picture in the viewer is deleted when its screen is left, however that is, and
// at the end.
func TestOpenedPictureIsDeleted(t *testing.T) {
	gone := func(p *person, at int, want bool, when string) {
		t.Helper()
		if *p.viewed[at] == want {
			t.Errorf("%s: picture %d is there: %t", when, at, !want)
		}
	}
	p := threeFactors(t, 80, 24).press("down", "down", "enter", "v", "w").sees("Picture opened in your image viewer")
	gone(p, 0, false, "opened")
	p.press("s", "i", "i", "?", "esc", "y")
	gone(p, 0, false, "on the screen")
	p.press("w")
	gone(p, 0, true, "opened again")
	gone(p, 1, false, "opened again")
	p.press("esc").at("factor")
	gone(p, 1, true, "left")
	p.press("v", "w", "enter").at("code")
	gone(p, 2, true, "on the code")
	p.press("esc", "w", "ctrl+c")
	gone(p, 3, false, "before the end")
	p.model.Finish(time.Second, func(int) { t.Error("it waits") })
	gone(p, 3, true, "ended")

	// The screen is left while the picture is being opened, or before.
	p = threeFactors(t, 80, 24).press("down", "down", "enter", "v")
	_, open := p.model.screen.(qrScreen).openPNG()
	p.press("esc").sees("Cancelled").press("esc").at("factor")
	p.run(open)
	if len(p.viewed) != 0 {
		t.Error("opened after the screen was left")
	}
	p.press("v")
	opens := p.model.session.OpenPNG
	p.model.session.OpenPNG = func(png []byte) (func() error, error) {
		p.model.session.opened.left.Add(1) // as esc does now
		return opens(png)
	}
	p.press("w")
	gone(p, 0, true, "left while it opens")

	locked, there := true, true
	p.model.session.OpenPNG = func([]byte) (func() error, error) {
		return func() error {
			if locked {
				return errors.New("in use")
			}
			there = false
			return nil
		}, nil
	}
	p.press("w", "esc").sees("✗ The picture with the secret is still there: in use")
	locked = false
	if p.press("v", "esc"); there {
		t.Error("not deleted when that was possible")
	}
	p.press("v")
	p.model.session.OpenPNG = func([]byte) (func() error, error) { return nil, errors.New("no viewer") }
	p.press("w").sees("✗ Can't open the picture: no viewer")
	p.model.session.Desktop = false
	p.seesNo("open picture").press("w").seesNo("picture")
}
