package tui

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"

	"mfa-tui/store"
	"mfa-tui/store/factors"
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
	newPerson(t, 80, 24).holds(manyRecords(1000)).press("/").types("label 99x").sees("0 of 1000", "No matches").press("backspace").sees("19 of 1000")
}

// An empty list, and a filter whose factors disappear, work.
func TestFilterOfNothing(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("/").types("sms").press("enter").sees("1 of 3")
	p.press("enter", "x", "y").at("factors").sees("No matches", "0 of 2").press("esc").sees("2 factors")
}

// What was searched for is in sight, whatever it is in, also if the row does not have it.
func TestFilterShowsWhatMatched(t *testing.T) {
	p := threeFactors(t, 80, 24)
	id := p.newest().ID
	p.press("e").types("mail code").press("enter", "/")
	for typed, want := range map[string]string{
		strings.ToLower(id[len(id)-5:]): "▌ OTP mail code ID …" + id[len(id)-22:] + " – not challenged yet",
		"generic_otp":                   "▌ OTP mail code type generic_otp – not challenged yet",
		"5550006":                       "▌ SMS +• •••-555-0006 – not challenged yet",
		"turing":                        "▌ TOTP Foo Corp alan.turing@example.com – not challenged yet",
	} {
		p.types(typed).sees("1 of 3", want).press("ctrl+u")
	}
	p.types(strings.ToLower(id[:12])).sees("3 of 3", "▌ OTP mail code ID "+id[:12]).resizes(40, 12).sees("3 of 3", "mail code ID auth_fac").resizes(80, 24)
	p.press("ctrl+u").types(strings.ToLower(id[12:20])).sees("▌ OTP mail code ID " + id[12:30])
	p.press("esc").sees("▌ OTP mail code Generic OTP")
}

// Of a phone number the end is shown, however little room there is.
func TestListShowsTheEndOfANumber(t *testing.T) {
	p := newPerson(t, 100, 24).enrollSMS("+4915123457781").press("e").types("a long name for a phone").press("enter")
	for _, w := range []int{100, 110, 120, 80, 70, 60, 40} {
		p.resizes(w, 24).sees("a long na", "7781")
	}
}

// The columns are as wide as the page needs, and a name that is cut shows how it differs.
func TestColumnsFitThePage(t *testing.T) {
	p := newPerson(t, 120, 40)
	records := manyRecords(3)
	for i := range records {
		records[i] = store.Record{Factor: workos.Factor{ID: records[i].ID, Type: workos.TOTP,
			TOTP: &workos.TOTPDetails{Issuer: fmt.Sprint("Navy Labs International Department ", i), User: "grace.hopper@example.com"}}}
	}
	p.holds(records)
	for size, want := range map[[2]int]string{
		{80, 24}:  "Navy Labs Inte…tment 1 grace.hopper@example.com – not",
		{120, 40}: "Navy Labs Int…tment 1 grace.hopper@example.com – not",
		{200, 50}: "Navy Labs International Department 1 grace.hopper@example.com – not challenged yet",
	} {
		p.resizes(size[0], size[1]).sees("TOTP " + want)
	}
}

// However little room there is, all that was typed is in sight.
func TestFilterShowsEveryMatch(t *testing.T) {
	p := newPerson(t, 80, 24).holds([]store.Record{{Factor: workos.Factor{ID: "auth_factor_01KF0RDQG8DBK7GFTFQSVVZRJ4", Type: workos.TOTP,
		TOTP: &workos.TOTPDetails{Issuer: "Navy Labs International Department of the North", User: "grace.hopper@example.com"}}}})
	p.press("/").types("department g8d").sees("1 of 1", "…rnational Department… ID").sees("QG8D")
	p.press("ctrl+u").types("grace labs north").sees("…Labs…ent of the North", "grace.hopper@example.com")
	p.press("ctrl+u").types("grace g8d").sees("grace", "· ID").sees("G8D")

	q := factors.NewQuery("one four")
	for w, want := range map[int]string{19: "one two three four!", 18: "one…wo three four!", 11: "one…e four!", 9: "one…four!"} {
		if got := extract(q, "one two three four!", w); got != want {
			t.Errorf("%q in %d columns, want %q", got, w, want)
		}
	}
}

// What matched is underlined where the terminal can, and nothing else is.
func TestFilterHighlights(t *testing.T) {
	st, q := newStyles(colourful(termenv.TrueColor), DarkTheme), factors.NewQuery("corp")
	got := st.found(q, "Foo Corp", st.text)
	if want := st.text.Render("Foo ") + st.accent.Underline(true).Render("Corp"); ansi.Strip(got) != "Foo Corp" || got != want+st.text.Render("") {
		t.Errorf("%q, want %q", got, want)
	}
	st = newStyles(colourful(termenv.ANSI256), AnyTheme) // whose chosen row is in reverse video
	_, row, _ := strings.Cut(st.line(true, st.found(q, "Foo Corp", st.text), 10), " ")
	if strings.Count(row, "\x1b[4m") != len("Corp") || strings.Contains(row, "38;5") {
		t.Errorf("the chosen row is %q", row)
	}
}

// The list can be moved in while a filter is typed, a page at a time too.
func TestMovingWhileFiltering(t *testing.T) {
	p := newPerson(t, 80, 24).holds(manyRecords(1000)).press("/").types("label").sees("▌ OTP label 999")
	p.press("down", "down", "up").sees("▌ OTP label 998").press("pgdown", "pgdown").sees("page 3 of", "▌ OTP label 966").press("pgup").sees("▌ OTP label 982")
	p.types(" 98").sees("▌ OTP label 982").press("enter").sees("20 of 1000", "▌ OTP label 982").press("esc").sees("▌ OTP label 982", "page 2 of")
}
