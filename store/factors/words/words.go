// Package words writes text for people: without what a terminal would obey, secrets
// in groups, times as people say them.
package words

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dustin/go-humanize"
	"github.com/dustin/go-humanize/english"
)

// Clean makes text from outside safe to draw or print: it removes control characters
// and all that can't be seen, and turns line breaks and tabs into spaces. Marks that
// reorder text go this way, and joiners and variation selectors: terminals disagree
// about how wide a name with them is.
func Clean(s string) string {
	return strings.Map(clean, s)
}

// CleanLines is Clean for whole lines: line breaks and tabs stay.
func CleanLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		return clean(r)
	}, s)
}

// Visible is Clean for keys, whose control characters mean something: it removes only
// what can't be seen.
func Visible(s string) string {
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		return r
	}, s)
}

// Typed is Clean for a text that was typed or pasted. dropped says what is not as it
// was, empty if all is: one may be a part of what was meant.
func Typed(s string) (text, dropped string) {
	count, kind, spaced := 0, "control", false
	for _, r := range strings.TrimSpace(s) {
		switch c := clean(r); {
		case c == -1:
			if count++; !unicode.IsControl(r) {
				kind = "invisible"
			}
		case c != r:
			spaced = true
		}
	}
	switch {
	case count > 0:
		dropped = "dropped " + english.Plural(count, kind+" character", "") + "; check what remains"
	case spaced:
		dropped = "line breaks and tabs became spaces; check what remains"
	}
	return Clean(s), dropped
}

// Join joins the parts that are not empty.
func Join(separator string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), separator)
}

// Sentences makes a sentence of each part that is not empty.
func Sentences(parts ...string) string {
	var all []string
	for _, part := range parts {
		if part = Capital(part); part == "" {
			continue
		}
		if !strings.ContainsAny(part[len(part)-1:], ".?:") {
			part += "."
		}
		all = append(all, part)
	}
	return strings.Join(all, " ")
}

// Capital is a text that begins with a capital letter, unless it begins with a name that
// is written as it is, such as api.example.com, phone_number or curl.
func Capital(text string) string {
	first, _, _ := strings.Cut(text, " ")
	if text == "" || first == "curl" || strings.ContainsAny(strings.TrimRight(first, ".:"), "._:/@") {
		return text
	}
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:]
}

// EscapeJSON writes as \u what Clean would remove, so that JSON can be printed and
// loses nothing. Only the characters of strings can be such.
func EscapeJSON(data []byte) []byte {
	var b bytes.Buffer
	for _, r := range string(data) {
		if r < unicode.MaxASCII || clean(r) == r {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, "\\u%04x", unit)
		}
	}
	return b.Bytes()
}

// clean returns a character as Clean writes it, -1 for none.
func clean(r rune) rune {
	switch {
	case r == '\n' || r == '\r' || r == '\t' || unicode.In(r, unicode.Zl, unicode.Zp):
		return ' '
	case unicode.IsControl(r), invisible(r), r == unicode.ReplacementChar:
		return -1
	}
	return r
}

// invisible reports whether a character has no shape of its own.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r) ||
		unicode.In(r, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
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

// Stamp is an exact time, in UTC.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// Local is the time of day of t where now is read off the wall, with the date if that is
// another there. It is empty where that is UTC.
func Local(t, now time.Time) string {
	t = t.In(now.Location())
	layout := "15:04:05 MST"
	switch _, offset := t.Zone(); {
	case offset == 0:
		return ""
	case t.Format(time.DateOnly) != t.UTC().Format(time.DateOnly):
		layout = "2006-01-02 " + layout
	}
	return t.Format(layout)
}

// Ago is a time as people say it, e.g. "2 minutes ago", beyond a month the date where now
// is read off the wall: "2 years ago" is many days.
func Ago(t, now time.Time) string {
	if long(t, now) {
		return t.In(now.Location()).Format("2 Jan 2006")
	}
	if d := now.Sub(t); d < time.Minute && d > -time.Minute { // clocks differ a little
		return "just now"
	}
	if t.After(now) { // "10 minutes from now" for all of the first of them
		t = t.Add(30 * time.Second)
	}
	return humanize.RelTime(t, now, "ago", "from now")
}

// Aside is Ago for after an exact time: empty where that is a date.
func Aside(t, now time.Time) string {
	if long(t, now) {
		return ""
	}
	return Ago(t, now)
}

// long reports whether a time is more than a month away.
func long(t, now time.Time) bool { return now.Sub(t).Abs() > 31*24*time.Hour }

var shortUnits = strings.NewReplacer(" minutes ", " min ", " minute ", " min ")

// ShortAgo is Ago for a narrow column, e.g. "2 min ago".
func ShortAgo(t, now time.Time) string { return shortUnits.Replace(Ago(t, now)) }

// When is a time for a short column: how long ago within an hour, else the day and the
// time of day where now is read off the wall, e.g. "yesterday 09:12".
func When(t, now time.Time) string {
	if now.Sub(t).Abs() < time.Hour {
		return ShortAgo(t, now)
	}
	t = t.In(now.Location())
	const clock = "15:04"
	switch t.Format(time.DateOnly) {
	case now.Format(time.DateOnly):
		return t.Format("today " + clock)
	case now.AddDate(0, 0, -1).Format(time.DateOnly):
		return t.Format("yesterday " + clock)
	}
	if t.Year() == now.Year() {
		return t.Format("2 Jan " + clock)
	}
	return t.Format("2 Jan 2006")
}

// Span is a length of time as people say it, e.g. "90 seconds" or "1 hour". A part of
// the smallest unit counts as a whole one: nobody who waits that long comes too early.
func Span(d time.Duration) string {
	unit, name := time.Second, "second"
	switch {
	case d >= 2*time.Hour, d == time.Hour:
		unit, name = time.Hour, "hour"
	case d >= 2*time.Minute, d == time.Minute:
		unit, name = time.Minute, "minute"
	}
	return english.Plural(int((d+unit-1)/unit), name, "")
}
