package tui

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// filterRecords are one factor of each type, with odd names.
func filterRecords() []store.Record {
	return []store.Record{
		{Factor: workos.Factor{ID: "auth_factor_01A", Type: workos.TOTP, UserID: "user_01X", TOTP: &workos.TOTPDetails{Issuer: "Foo Corp", User: "Alan@example.com"}}},
		{Factor: workos.Factor{ID: "auth_factor_01B", Type: workos.SMS, SMS: &workos.SMSDetails{PhoneNumber: "+15005550006"}}, Label: "Élan 2026-01"},
		{Factor: workos.Factor{ID: "auth_factor_01C", Type: workos.GenericOTP}, Label: "front door (-)"},
	}
}

// indexOf are records to search.
func indexOf(records []store.Record) *index {
	in := new(index)
	for i := range records {
		in.records = append(in.records, &records[i])
	}
	return in
}

// found are the last letters of the ids of what an index finds.
func (in *index) found(text string) string {
	var b strings.Builder
	for _, r := range in.find(text) {
		b.WriteString(r.ID[len(r.ID)-1:])
	}
	return b.String()
}

func TestFilterFinds(t *testing.T) {
	in := indexOf(filterRecords())
	for term, want := range map[string]string{
		"": "ABC", "   ": "ABC", "zzz": "",
		"foo": "A", "FOO corp": "A", "corp foo": "A", "alan@": "A", "foo door": "", "user_01x": "A",
		"élan": "B", "ÉLAN": "B", "é": "B",
		"totp": "A", "sms": "B", "otp": "AC", "generic": "C", "01b": "B", "auth_factor_01C": "C",
		"5005550006": "B", "+15005550006": "B", "+1 500-555-0006": "B", "500 555 0006": "B", "(500) 555-0006": "B", "555.0006": "B", "0007": "",
		"2026-01": "B", "(-)": "C", "door 500": "",
		"corpalan": "", "corp\talan": "A",
	} {
		if got := in.found(term); got != want {
			t.Errorf("%q finds %q, want %q", term, got, want)
		}
	}
}

// manyRecords are n factors that differ by a number.
func manyRecords(n int) []store.Record {
	records := make([]store.Record, n)
	for i := range records {
		records[i] = store.Record{Factor: workos.Factor{ID: fmt.Sprintf("auth_factor_%06d", i), Type: workos.GenericOTP}, Label: fmt.Sprint("label ", i)}
	}
	return records
}

// holds puts records on the list.
func (p *person) holds(records []store.Record) *person {
	p.t.Helper()
	data, err := json.Marshal(records)
	if err == nil {
		_, err = p.store.Import(p.t.Context(), data)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.model.screen = newFactorsScreen(p.model.session, "")
	return p
}

// What is chosen stays so when the filter is kept and when it ends.
func TestFilterKeepsTheChoice(t *testing.T) {
	p := newPerson(t, 80, 24).holds(manyRecords(1000)).press("/").types("label 99").sees("19 of 1000", "› OTP label 99 ")
	p.press("9", "enter").sees("1 of 1000", "› OTP label 999").press("esc").sees("1,000 factors", "› OTP label 999")
}

// Deleting a letter finds more again.
func TestFilterWidens(t *testing.T) {
	newPerson(t, 80, 24).holds(manyRecords(1000)).press("/").types("label 99x").sees("0 of 1000", "no match").press("backspace").sees("19 of 1000")
}

// An empty list, and a filter whose factors go away, are left in good order.
func TestFilterOfNothing(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("/").types("sms").press("enter").sees("1 of 3")
	p.press("enter", "x", "y").at("factors").sees("no match", "0 of 2").press("esc").sees("2 factors")
}

// BenchmarkFilter is a search of many factors, and the first one, which makes the
// text that is searched.
func BenchmarkFilter(b *testing.B) {
	for _, n := range []int{1000, 10_000, 100_000} {
		records := manyRecords(n)
		b.Run(fmt.Sprint(n, "/first"), func(b *testing.B) {
			for b.Loop() {
				indexOf(records).find("label 9")
			}
		})
		b.Run(fmt.Sprint(n, "/next"), func(b *testing.B) {
			in := indexOf(records)
			in.find("label")
			for b.Loop() {
				in.find("label 9")
			}
		})
	}
}
