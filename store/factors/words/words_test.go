package words_test

import (
	"testing"
	"time"

	"mfa-tui/store/factors/words"
)

func TestWords(t *testing.T) {
	now := time.Date(2026, 1, 15, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ got, want string }{
		{words.Clean("a\x1b[2Jb\x07\u202ec\u009b\r\nd\te\ufffd"), "a[2Jbc  d e"},
		{words.Clean("👨\u200d👩\u200d👧 ❤\ufe0f न\u200cम a\u200b\u2060\ufeff\u00ad\u034f\U000e0101b"), "👨👩👧 ❤ नम ab"},
		{words.Clean("नमस्ते é\u0301 \u0600"), "नमस्ते é\u0301 \u0600"},
		{words.Clean("a\u2028b\u2029c"), "a b c"},
		{words.CleanLines("a\tb\u009b\x7f\u202e\n\x1b[2J\r\U000e0041\n"), "a\tb\n[2J \n"},
		{words.Visible("a\x1b\n\u202e\u200b\U000e0041b"), "a\x1b\nb"},
		{string(words.EscapeJSON([]byte("{\n\"é\": \"\x7f\u009b\u202e\u200b\ufffd\U000e0041 😀\"\n}"))),
			"{\n\"é\": \"\\u007f\\u009b\\u202e\\u200b\\ufffd\\udb40\\udc41 😀\"\n}"},
		{words.Join(" · ", "", "a", "", "b"), "a · b"},
		{words.InFours("ABCDEFGHIJ"), "ABCD EFGH IJ"},
		{words.InFours(""), ""},
		{words.InHalves("123456"), "123 456"},
		{words.InHalves("12345\x1b"), "123 45"},
		{words.InHalves("1234"), "1234"},
		{words.Span(time.Second), "1 second"},
		{words.Span(1500 * time.Millisecond), "2 seconds"},
		{words.Span(time.Minute), "1 minute"},
		{words.Span(90 * time.Second), "90 seconds"},
		{words.Span(2*time.Minute + time.Second), "3 minutes"},
		{words.Span(time.Hour), "1 hour"},
		{words.Span(61 * time.Minute), "61 minutes"},
		{words.Span(48 * time.Hour), "48 hours"},
		{words.Ago(now.Add(-59*time.Second), now), "just now"},
		{words.Ago(now.Add(30*time.Second), now), "just now"},
		{words.Ago(now.Add(-2*time.Minute), now), "2 minutes ago"},
		{words.Ago(now.Add(9*time.Minute+40*time.Second), now), "10 minutes from now"},
		{words.Ago(now.Add(-31*24*time.Hour), now), "1 month ago"},
		{words.Ago(now.Add(-32*24*time.Hour), now), "14 Dec 2025"},
		{words.Ago(time.Date(2024, 2, 28, 23, 30, 0, 0, time.UTC), now.In(time.FixedZone("CET", 3600))), "29 Feb 2024"},
		{words.Aside(now.Add(-2*time.Minute), now), "2 minutes ago"},
		{words.Aside(now.Add(-32*24*time.Hour), now), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestTyped(t *testing.T) {
	for typed, want := range map[string][2]string{
		"Foo Corp ":      {"Foo Corp ", ""},
		"a\x1bb":         {"ab", "dropped 1 control character; check what remains"},
		"a\x1bb\x00":     {"ab", "dropped 2 control characters; check what remains"},
		"a\u200bb\x1b":   {"ab", "dropped 2 invisible characters; check what remains"},
		"a\nb\x1b":       {"a b", "dropped 1 control character; check what remains"},
		"a\tb":           {"a b", "line breaks and tabs became spaces; check what remains"},
		"a@b.co\r\n":     {"a@b.co  ", ""},
		"\xff":           {"", "dropped 1 invisible character; check what remains"},
		"नमस्ते é\u0301": {"नमस्ते é\u0301", ""},
	} {
		if text, dropped := words.Typed(typed); text != want[0] || dropped != want[1] {
			t.Errorf("%q: %q, %q", typed, text, dropped)
		}
	}
}

// A time is shown as the wall has it, too, with the date if that is another there.
func TestLocal(t *testing.T) {
	at := time.Date(2026, 1, 15, 23, 30, 0, 0, time.UTC)
	for _, tt := range []struct {
		zone *time.Location
		want string
	}{{time.UTC, ""}, {time.FixedZone("CET", 3600), "2026-01-16 00:30:00 CET"}, {time.FixedZone("EST", -5*3600), "18:30:00 EST"}} {
		if got := words.Local(at, at.In(tt.zone)); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.zone, got, tt.want)
		}
	}
}

func TestWhen(t *testing.T) {
	berlin := time.FixedZone("Berlin", 60*60)
	now := time.Date(2026, 1, 15, 0, 30, 0, 0, berlin)
	for want, at := range map[string]time.Time{
		"just now":        now,
		"7 min ago":       now.Add(-7 * time.Minute),
		"yesterday 23:12": time.Date(2026, 1, 14, 22, 12, 0, 0, time.UTC),
		"today 23:59":     time.Date(2026, 1, 15, 23, 59, 0, 0, berlin), // a clock that was moved
		"10 Jan 14:03":    time.Date(2026, 1, 10, 14, 3, 0, 0, berlin),
		"31 Dec 2025":     time.Date(2025, 12, 31, 14, 3, 0, 0, berlin),
	} {
		if got := words.When(at, now); got != want {
			t.Errorf("%s: %q, want %q", at, got, want)
		}
	}
}

// A name that is written as it is has no capital letter, wherever it stands.
func TestCapital(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "must not": "Must not", "über": "Über", "refused: x": "Refused: x", `"a" is`: `"a" is`, "1 of 2": "1 of 2",
		"phone_number must": "phone_number must", "api.b.co has": "api.b.co has", "a@b.co is": "a@b.co is",
	} {
		if got := words.Capital(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestSentences(t *testing.T) {
	for want, parts := range map[string][]string{"": {"", ""}, "A b. C? D:": {"a b", "", "c?", "d:"}, "Über.": {"über"}} {
		if got := words.Sentences(parts...); got != want {
			t.Errorf("%q: %q, want %q", parts, got, want)
		}
	}
}
