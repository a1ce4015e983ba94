//go:build unix

package main

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"html"
	"image"
	"image/color"
	drawing "image/draw"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// The pictures of the documents are taken from the real program as it is tested: in
// a terminal, on the local engine, with the factors of factorsForPictures. Times,
// challenges and codes differ each time.
var update = flag.Bool("update", false, "write the pictures again: make screenshots")

// picturesFolder has the pictures that the documents show.
var picturesFolder = filepath.Join("..", "..", ".github", "pictures")

// picture is a screen worth showing: how to get there from the list, and what is
// on it.
type picture struct {
	name       string
	title      string // for those who can't see it
	cols, rows int
	walk       func(*terminal)
	shows      []string
}

var pictures = []picture{
	{"list", "The list of factors, and beside it the facts of the chosen one", 120, 16, func(x *terminal) {},
		[]string{"grace@example.com", "Alan's phone", "auth_factor_", "? help"}},
	{"qr", "A QR code to scan, and beside it what to do if it does not scan", 84, 24, func(x *terminal) {
		x.press(down).sees("▌ TOTP  Foo Corp")
		x.press(enter).sees("v QR code")
		x.press("v")
	}, []string{"Scan this with", "enter type the code"}},
	{"factor", "A factor with its ID, its times and its challenges", 100, 18, func(x *terminal) {
		x.press(down + down).sees("▌ SMS")
		x.press(enter)
	}, []string{"challenges", "+1 500-555-0006", "e edit label"}},
	{"code", "Six cells for the code, and beside them the test phone with the message", 100, 18, func(x *terminal) {
		x.press(x.receivesCode()[:3])
	}, []string{"Enter the code sent to", "Your verification code is", "_", "? help"}},
	{"result", "Verified: a receipt, and beside it the challenges of the factor so far", 100, 18, func(x *terminal) {
		x.press(x.receivesCode())
	}, []string{"Verified", "auth_challenge_", "of 2 verified", "enter factors"}},
	{"confirm", "The question before a factor is deleted, with the cursor on no", 92, 15, func(x *terminal) {
		x.press(down + down).sees("▌ SMS")
		x.press("d")
	}, []string{"Delete this factor", "[ No ]", "←→ choose"}},
}

// receivesCode challenges the phone and returns the code of the message.
func (x *terminal) receivesCode() string {
	x.t.Helper()
	x.press(down + down).sees("▌ SMS")
	x.press("c").sees("enter send")
	x.press(enter).sees("sent to", "new message")
	x.settles()                            // rows of the screen before may have digits
	return x.finds(`code is +│\D*(\d{6})`) // in its bubble, not in the preview of the screen before
}

func (p picture) file(th theme) string { return p.name + "-" + th.name + ".svg" }

func TestPictures(t *testing.T) {
	t.Parallel()
	for _, p := range pictures {
		for _, th := range []theme{dark, light} {
			t.Run(p.file(th), func(t *testing.T) {
				t.Parallel()
				s := newSeat(t)
				s.cols, s.rows = p.cols, p.rows
				factorsForPictures(t, s.home)
				x := s.start("--theme", th.name)
				x.sees("6 factors", "? help")
				p.walk(x)
				x.sees(p.shows...)
				svg := th.svg(x.wholeFrame(func(grid) bool { return true }), p.title)
				x.press(ctrlC).ends()
				if *update {
					writePicture(t, p.file(th), svg)
				}
				checkPicture(t, p, th, svg)
			})
		}
	}
}

// wholeFrame waits until a frame is drawn to its end, and is the one that is waited
// for: behind each the program puts the cursor at the beginning of a line.
func (x *terminal) wholeFrame(is func(grid) bool) (frame grid) {
	x.t.Helper()
	x.until("a whole frame", func(string) bool {
		x.mu.Lock()
		defer x.mu.Unlock()
		frame = copyOf(x.screen)
		return x.screen.Cursor().X == 0 && is(frame)
	})
	return frame
}

func writePicture(t *testing.T, name, svg string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(picturesFolder, name), []byte(svg), 0o644); err != nil {
		t.Fatal(err)
	}
}

// checkPicture fails unless a picture is small, and shows what it is for. It returns
// what its QR code says.
func checkPicture(t *testing.T, p picture, th theme, svg string) (scanned string) {
	t.Helper()
	most := 60 << 10 // keeps the repository light
	if p.name == demo.name {
		most = 300_000
		checkMotion(t, svg)
	}
	var text strings.Builder
	for _, m := range regexp.MustCompile(`>([^<]*)</text>`).FindAllStringSubmatch(svg, -1) {
		text.WriteString(html.UnescapeString(m[1]) + " ") // keys have a style of their own
	}
	for _, want := range append(p.shows, "LOCAL") {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%s: no %q in\n%s", p.file(th), want, text.String())
		}
	}
	if len(svg) > most || !strings.Contains(svg, "<title>"+p.title+"</title>") || !strings.Contains(svg, th.accent) {
		t.Errorf("%s: %d bytes, the title or the colour %s is missing", p.file(th), len(svg), th.accent)
	}
	if err := xml.Unmarshal([]byte(svg), new(any)); err != nil {
		t.Errorf("%s: %v", p.file(th), err)
	}
	if !strings.Contains(strings.Join(p.shows, ""), "Scan this") {
		return ""
	}
	scanned = scanImage(t, blackParts(still(svg), p.cols*cellWidth, p.rows*cellHeight))
	uri, err := url.Parse(scanned)
	if err != nil || uri.Scheme != "otpauth" || uri.Path != "/Foo Corp:alan@example.com" || uri.Query().Get("secret") == "" {
		t.Errorf("%s: scanned %q", p.file(th), scanned)
	}
	return scanned
}

// blackParts are the black rectangles of a picture.
func blackParts(svg string, width, height int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, width, height))
	drawing.Draw(img, img.Bounds(), image.White, image.Point{}, drawing.Src)
	for _, path := range regexp.MustCompile(`fill="#000000"[^>]* d="([^"]*)"`).FindAllStringSubmatch(svg, -1) {
		for part := range strings.SplitSeq(path[1], "M") {
			var x, y, w, h int
			if n, _ := fmt.Sscanf(part, "%d %dh%dv%d", &x, &y, &w, &h); n == 4 {
				drawing.Draw(img, image.Rect(x, y, x+w, y+h), image.NewUniform(color.Black), image.Point{}, drawing.Src)
			}
		}
	}
	return img
}

// Every picture is in a document, for dark and for light, and there is no other. The
// published ones show what those of today show.
func TestPublishedPictures(t *testing.T) {
	var documents string
	for _, path := range []string{"README.md", "tui/README.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", path))
		if err != nil {
			t.Fatal(err)
		}
		documents += string(text)
	}
	all := append(slices.Clone(pictures), demo)
	for _, p := range all {
		element := regexp.MustCompile(fmt.Sprintf(
			`<picture><source media="\(prefers-color-scheme: dark\)" srcset="[./]*github/pictures/%s"><img src="[./]*github/pictures/%s" width="\d+" alt="[^"]+"></picture>`,
			regexp.QuoteMeta(p.file(dark)), regexp.QuoteMeta(p.file(light))))
		if n := len(element.FindAllString(documents, -1)); n != 1 {
			t.Errorf("the picture %s is shown %d times", p.name, n)
		}
		for _, th := range []theme{dark, light} {
			svg, err := os.ReadFile(filepath.Join(picturesFolder, p.file(th)))
			if err != nil {
				t.Fatal(err)
			}
			checkPicture(t, p, th, string(svg))
		}
	}
	files, err := os.ReadDir(picturesFolder)
	if err != nil || len(files) != 2*len(all) {
		t.Errorf("there are %d files for %d pictures: %v", len(files), len(all), err)
	}
}

// factorsForPictures fills the factor file in a home, and the local engine's own
// with the phone that the pictures challenge.
func factorsForPictures(t *testing.T, home string) {
	t.Helper()
	now := time.Now().UTC()
	const phoneID, phone = "auth_factor_01KX6S8T4Z9Q2M5V7B3N1C0D6F", "+15005550006"
	factor := func(id string, kind workos.FactorType, label string, days int, verified time.Duration) store.Record {
		created := now.AddDate(0, 0, -days)
		r := store.Record{Factor: workos.Factor{ID: id, Type: kind, CreatedAt: workos.At(created), UpdatedAt: workos.At(created)}, Label: label}
		if verified > 0 {
			r.VerifiedAt = workos.At(now.Add(-verified))
			r.History = []store.Attempt{{ChallengeID: "auth_challenge_01KZ4J7Q0V8R2T6W9X3Y5M1N8P", At: r.VerifiedAt, Outcome: store.OutcomeVerified}}
		}
		return r
	}
	totp := func(r store.Record, issuer, user string) store.Record {
		r.TOTP = &workos.TOTPDetails{Issuer: issuer, User: user}
		return r
	}
	sms := factor(phoneID, workos.SMS, "Alan's phone", 93, 41*time.Minute)
	sms.SMS = &workos.SMSDetails{PhoneNumber: phone}
	alan := totp(factor("auth_factor_01KXR4J2H8P6W0Y3E5T9K7M1QA", workos.TOTP, "", 51, 0), "Foo Corp", "alan@example.com")
	alan.TOTP.Secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
	alan.TOTP.URI = "otpauth://totp/Foo%20Corp:alan@example.com?secret=" + alan.TOTP.Secret + "&issuer=Foo%20Corp"
	records := []store.Record{
		totp(factor("auth_factor_01KXT8V5N3C1Z7B9D2F4G6H0JK", workos.TOTP, "", 50, 2*time.Minute), "Foo Corp", "grace@example.com"),
		alan, sms,
		totp(factor("auth_factor_01KV2P7R9S4T6W8X0Y1Z3A5BCD", workos.TOTP, "", 168, 3*time.Hour), "Bar & Sons", "ops@example.com"),
		factor("auth_factor_01KS5E6F7G8H9J0K1M2N3P4QRS", workos.GenericOTP, "Help desk", 220, 26*time.Hour),
		totp(factor("auth_factor_01KN1T2V3W4X5Y6Z7A8B9C0DEF", workos.TOTP, "", 269, 72*time.Hour), "Initech", "yuki@example.jp"),
	}
	slices.Reverse(records)
	data, err := json.Marshal(records)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(home, "data", "mfa-tui", "factors.json")
	s, err := store.Open(store.Options{Path: path, Environment: "local"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(t.Context(), data, nil); err != nil {
		t.Fatal(err)
	}
	engine := local.New(local.Options{Storage: store.NewFile(enginePath(path)), Deferred: true, Seed: &local.Seed{
		Factors: []local.SeedFactor{{ID: phoneID, Type: "sms", PhoneNumber: phone}},
	}})
	if err := engine.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
}
