package factors_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

func TestIndexFinds(t *testing.T) {
	in := factors.Index{Records: []*store.Record{
		{Factor: workos.Factor{ID: "auth_factor_01A", Type: workos.TOTP, UserID: "user_01X", TOTP: &workos.TOTPDetails{Issuer: "Foo Corp", User: "Alan@example.com"}}},
		{Factor: workos.Factor{ID: "auth_factor_01B", Type: workos.SMS, SMS: &workos.SMSDetails{PhoneNumber: "+15005550006"}}, Label: "Élan 2026-01"},
		{Factor: workos.Factor{ID: "auth_factor_01C", Type: workos.GenericOTP}, Label: "front door (-)"},
	}}
	states := map[string]string{"auth_factor_01A": "wrong code verified", "auth_factor_01C": "gone at WorkOS"}
	in.More = func(r store.Record) string { return states[r.ID] }
	for term, want := range map[string]string{
		"wrong": "A", "corp verified": "A", "workos": "C",
		"": "ABC", "   ": "ABC", "zzz": "",
		"foo": "A", "FOO corp": "A", "corp foo": "A", "alan@": "A", "foo door": "", "user_01x": "A",
		"élan": "B", "ÉLAN": "B", "é": "B",
		"totp": "A", "sms": "B", "otp": "AC", "generic": "C", "01b": "B", "auth_factor_01C": "C",
		"5005550006": "B", "+15005550006": "B", "+1 500-555-0006": "B", "500 555 0006": "B", "(500) 555-0006": "B", "555.0006": "B", "0007": "",
		"2026-01": "B", "(-)": "C", "door 500": "",
		"corpalan": "", "corp\talan": "A",
	} {
		var got strings.Builder
		for _, r := range in.Find(term) {
			got.WriteString(strings.TrimPrefix(r.ID, "auth_factor_01"))
		}
		if got.String() != want {
			t.Errorf("%q finds %q, want %q", term, got.String(), want)
		}
	}
}

// What is searched for is found where people see it, whatever is between the digits.
func TestHits(t *testing.T) {
	for _, tt := range []struct{ query, text, want string }{
		{"foo", "Foo Corp · foo@b.co", "[Foo] Corp · [foo]@b.co"},
		{"é", "Élan", "[É]lan"},
		{"İ", "xİy", "x[İ]y"},
		{"corp foo", "Foo Corp", "[Foo] [Corp]"},
		{"oo fo", "Foo", "[Foo]"},
		{"5550006", "+1 500-555-0006", "+1 500-[555-0006]"},
		{"+1500", "+1 500-555-0006", "[+1 500]-555-0006"},
		{"555.0006", "+1 500-555-0006", "+1 500-[555-0006]"},
		{"2026-01", "Élan 2026-01", "Élan [2026-01]"},
		{"zzz", "Foo", "Foo"},
		{"", "Foo", "Foo"},
		{"aa", "aaaa", "[aaaa]"},
		{"-", "a-b", "a[-]b"},
	} {
		got := []byte(tt.text)
		for _, s := range slices.Backward(factors.NewQuery(tt.query).Hits(tt.text)) {
			got = slices.Insert(slices.Insert(got, s.To, ']'), s.From, '[')
		}
		if string(got) != tt.want {
			t.Errorf("%q in %q: %s, want %s", tt.query, tt.text, got, tt.want)
		}
	}
}

func FuzzHits(f *testing.F) {
	f.Add("foo 1-2", "Foo İ 12")
	f.Add("\xff", "a\xffb")
	f.Fuzz(func(t *testing.T, query, text string) {
		before := 0
		for _, s := range factors.NewQuery(query).Hits(text) {
			if s.From < before || s.To <= s.From || s.To > len(text) {
				t.Fatalf("%q in %q: %+v", query, text, s)
			}
			before = s.To
		}
	})
}

// A phone number shows the digits that are searched for, and no others.
func TestQueryMasks(t *testing.T) {
	f := workos.Factor{SMS: &workos.SMSDetails{PhoneNumber: "+15005550006"}}
	for query, want := range map[string]string{
		"": "+• •••-•••-0006", "foo": "+• •••-•••-0006", "500555": "+• 500-555-0006", "+15": "+1 5••-•••-0006", "0006": "+• •••-•••-0006",
	} {
		if got := factors.NewQuery(query).Masked(f).SMS.PhoneNumber; got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
	}
	if factors.NewQuery("1").Masked(workos.Factor{}).SMS != nil {
		t.Error("a factor got a phone")
	}
}

// A row that was found for what it does not show says what that is.
func TestUnseen(t *testing.T) {
	r := store.Record{Label: "alan", Factor: workos.Factor{ID: "auth_factor_01A7", UserID: "user_01X", Type: workos.GenericOTP,
		TOTP: &workos.TOTPDetails{Issuer: "Foo", User: "alan@b.co"}}}
	for query, want := range map[string]factors.Fact{
		"": {}, "alan": {}, "foo": {"issuer", "Foo"}, "b.co": {"user", "alan@b.co"}, "01a7": {"ID", "01A7"}, "auth_factor_01": {"ID", "auth_factor_01A7"}, "alan 01x": {"user ID", "user_01X"},
		"generic": {"type", "generic_otp"}, "zzz": {},
	} {
		if got, ok := factors.NewQuery(query).Unseen(r, "OTP", "alan"); got != want || ok != (want != factors.Fact{}) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

// BenchmarkIndex measures the search of many factors: the first, which prepares the
// texts, and the next.
func BenchmarkIndex(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		records := make([]*store.Record, n)
		for i := range records {
			records[i] = &store.Record{Factor: workos.Factor{ID: fmt.Sprintf("auth_factor_%06d", i), Type: workos.GenericOTP}, Label: fmt.Sprint("label ", i)}
		}
		b.Run(fmt.Sprint(n, "/first"), func(b *testing.B) {
			for b.Loop() {
				in := factors.Index{Records: records}
				in.Find("label 9")
			}
		})
		b.Run(fmt.Sprint(n, "/next"), func(b *testing.B) {
			in := factors.Index{Records: records}
			in.Find("label")
			for b.Loop() {
				in.Find("label 9")
			}
		})
	}
}
