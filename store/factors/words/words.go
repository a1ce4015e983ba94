// Package words writes text for people: cleaned of what a terminal would obey,
// secrets in groups, times as people tell them. It is below all that draws or
// prints.
package words

import (
	"strings"
	"time"
	"unicode"

	"github.com/dustin/go-humanize"
)

// Clean makes text from outside fit to draw or print: control characters and the
// marks that reorder text are left out, line breaks and tabs become spaces.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
}

// InFours splits a secret into groups of four, as people read it out.
func InFours(secret string) string {
	var b strings.Builder
	for i, r := range secret {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// InHalves splits a code of six digits in two, as authenticator apps do.
func InHalves(code string) string {
	const digits = 6
	if len(code) == digits {
		return Clean(code[:digits/2] + " " + code[digits/2:])
	}
	return Clean(code)
}

// Stamp tells a time exactly, in UTC.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Ago tells a time as people do, e.g. "2 minutes ago".
func Ago(t, now time.Time) string {
	if d := now.Sub(t); d < time.Minute && d > -time.Minute { // clocks differ a little
		return "just now"
	}
	if t.After(now) { // "10 minutes from now" for all of the first of them
		t = t.Add(30 * time.Second)
	}
	return humanize.RelTime(t, now, "ago", "from now")
}
