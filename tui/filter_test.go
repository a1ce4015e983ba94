package tui

import (
	"encoding/json"
	"fmt"
	"testing"

	"mfa-tui/store"
	"mfa-tui/workos"
)

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
		_, err = p.store.Import(p.t.Context(), data, nil)
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.model.screen = newFactorsScreen(p.model.session, "")
	return p
}

// The chosen factor stays chosen when the filter is kept and when it ends.
func TestFilterKeepsTheChoice(t *testing.T) {
	p := newPerson(t, 80, 24).holds(manyRecords(1000)).press("/").types("label 99").sees("19 of 1000", "▌ OTP label 99 ")
	p.press("9", "enter").sees("1 of 1000", "▌ OTP label 999").press("esc").sees("1,000 factors", "▌ OTP label 999")
}

// Deleting a letter finds more again.
func TestFilterWidens(t *testing.T) {
	newPerson(t, 80, 24).holds(manyRecords(1000)).press("/").types("label 99x").sees("0 of 1000", "no match").press("backspace").sees("19 of 1000")
}

// An empty list, and a filter whose factors disappear, work.
func TestFilterOfNothing(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("/").types("sms").press("enter").sees("1 of 3")
	p.press("enter", "x", "y").at("factors").sees("no match", "0 of 2").press("esc").sees("2 factors")
}
