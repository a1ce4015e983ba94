//go:build unix

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"mfa-tui/store"
)

// demo is the picture that moves: the first minute of the README, to the letter, in
// the real program. Its times are made, not measured.
var demo = picture{
	name: "demo", title: "The first minute with mfa-tui", cols: 100, rows: 24,
	shows: []string{"Foo Corp", "alan@example.com", "Scan this", "Verified", "2 factors"},
}

const demoDesc = "From an empty list: a TOTP factor is enrolled, its QR code shown, and its code verified. " +
	"Then a phone is enrolled, and verified with the code of a text message. In the end both factors are on the list."

// What is at a screen takes its time.
const (
	keyStays  = 300 * time.Millisecond // before it is pressed, and after
	letter    = 90 * time.Millisecond
	digit     = 200 * time.Millisecond
	perRow    = 45 * time.Millisecond // to read what has changed
	looksAt   = 1000 * time.Millisecond
	untilOver = 3 * time.Second
)

// firstMinute is the keys, the texts to type and the texts to see of the README.
func firstMinute(t *testing.T) [][]string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(readme), "\n## The first minute\n")
	text, _, _ = strings.Cut(text, "\n## ")
	_, list, _ := strings.Cut(text, "\n1. ")
	return regexp.MustCompile("`([^`]+)`|\\*\\*([^*]+)\\*\\*|\\*([^*]+)\\*").FindAllStringSubmatch(list, -1)
}

// recorder films a terminal.
type recorder struct {
	*terminal
	film
}

// follow does what the README says and returns the URI of the QR code.
func (r *recorder) follow(steps [][]string) (uri string) {
	r.t.Helper()
	for _, s := range steps {
		switch key, typed, seen := s[1], s[2], s[3]; {
		case key != "":
			r.presses(key)
		case typed == "the code":
			code := r.finds(`\b(\d{3} ?\d{3})\b`)
			r.looks(looksAt)
			r.types(strings.ReplaceAll(code, " ", ""), digit)
		case typed != "":
			r.types(typed, letter)
		default:
			r.sees(seen)
			r.looks(looksAt)
			if seen == "Scan this" {
				uri, r.still = r.scan(), len(r.frames)-1
			}
		}
	}
	return uri
}

// presses presses a key and films what comes of it.
func (r *recorder) presses(key string) {
	r.t.Helper()
	keys, named := map[string]string{"enter": enter, "tab": tab, "↓": down}[key]
	if !named {
		keys = key
	}
	before := r.last()
	r.add(before, key, keyStays)
	r.press(keys)
	after := r.changed(before)
	r.add(after, key, keyStays)
	r.add(after, "", perRow*time.Duration(after.changes(before)))
}

func (r *recorder) types(text string, each time.Duration) {
	r.t.Helper()
	for _, key := range text {
		r.press(string(key))
		r.add(r.changed(r.last()), "", each)
	}
}

// looks films what there is now.
func (r *recorder) looks(d time.Duration) {
	r.t.Helper()
	r.add(r.wholeFrame(func(now grid) bool { return !now.spins() }), "", d)
}

// changed waits for another screen, on which no call is under way: keys would be lost.
func (r *recorder) changed(before grid) grid {
	r.t.Helper()
	return r.wholeFrame(func(after grid) bool { return after.changes(before) > 0 && !after.spins() })
}

// spins reports whether there is a spinner.
func (g grid) spins() bool {
	for _, row := range g {
		for _, cell := range row {
			if unicode.Is(unicode.Braille, cell.Char) {
				return true
			}
		}
	}
	return false
}

// TestDemo follows the first minute of the README to the letter, and films it.
func TestDemo(t *testing.T) {
	t.Parallel()
	steps := firstMinute(t)
	for _, th := range []theme{dark, light} {
		t.Run(demo.file(th), func(t *testing.T) {
			t.Parallel()
			s := newSeat(t)
			s.cols, s.rows = demo.cols, demo.rows
			r := &recorder{terminal: s.start("--theme", th.name)}
			r.sees("LOCAL", "q quit")
			r.looks(looksAt)
			uri := r.follow(steps)
			r.looks(untilOver)
			r.press(ctrlC).ends()

			factors, err := store.Open(store.Options{Path: filepath.Join(s.home, "data", "mfa-tui", "factors.json"), Environment: "local"})
			if err != nil {
				t.Fatal(err)
			}
			if f := factors.Records(); len(f) != 2 || f[0].VerifiedAt.IsZero() || f[1].VerifiedAt.IsZero() {
				t.Errorf("the first minute leaves %+v, not two verified factors", f)
			}
			if d := r.lasts(); d < 25*time.Second || d > 40*time.Second {
				t.Errorf("it lasts %s", d)
			}
			svg := r.svg(th, demo.title, demoDesc)
			if *update {
				writePicture(t, demo.file(th), svg)
			}
			if scanned := checkPicture(t, demo, th, svg); scanned != uri {
				t.Errorf("scanned %q, not %q", scanned, uri)
			}
		})
	}
}

// still is what is shown of a picture that moves to those who want no motion.
func still(svg string) string {
	return regexp.MustCompile(`(?s)<g class="f" .*?</g>\n`).ReplaceAllString(svg, "")
}

// checkMotion fails unless a picture moves only for those who do not mind, by CSS
// alone, and has a still for the others.
func checkMotion(t *testing.T, svg string) {
	t.Helper()
	for _, want := range []string{"<desc>" + demoDesc + "</desc>", "@media (prefers-reduced-motion:no-preference){.f{visibility:hidden;animation:"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Count(svg, "animation:") != 1 || still(svg) == svg || strings.Contains(svg, "<script") {
		t.Error("something moves for all, or there is no still")
	}
}
