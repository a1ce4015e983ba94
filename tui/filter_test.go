package tui

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/list"
	tea "github.com/charmbracelet/bubbletea"

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

func itemsOf(records []store.Record) []list.Item {
	items := make([]list.Item, len(records))
	for i := range records {
		items[i] = factorItem{&records[i]}
	}
	return items
}

// ends are the last letters of the ids of what was found.
func (f found) ends() string {
	var b strings.Builder
	for _, it := range f.items {
		id := it.(factorItem).ID
		b.WriteString(id[len(id)-1:])
	}
	return b.String()
}

func TestFilterFinds(t *testing.T) {
	in := &haystack{items: itemsOf(filterRecords())}
	for term, want := range map[string]string{
		"": "ABC", "   ": "ABC", "zzz": "",
		"foo": "A", "FOO corp": "A", "corp foo": "A", "alan@": "A", "foo door": "", "user_01x": "A",
		"élan": "B", "ÉLAN": "B", "é": "B",
		"totp": "A", "sms": "B", "otp": "AC", "generic": "C", "01b": "B", "auth_factor_01C": "C",
		"5005550006": "B", "+15005550006": "B", "+1 500-555-0006": "B", "500 555 0006": "B", "(500) 555-0006": "B", "555.0006": "B", "0007": "",
		"2026-01": "B", "(-)": "C", "door 500": "",
		"corpalan": "", "corp\talan": "A",
	} {
		if got, ok := in.find(term, found{}, new(search)); got.ends() != want || !ok {
			t.Errorf("%q finds %q, want %q", term, got.ends(), want)
		}
	}
}

// Typing on looks through what was found alone, and finds the same.
func TestFilterNarrows(t *testing.T) {
	in := &haystack{items: itemsOf(filterRecords())}
	rnd := rand.New(rand.NewPCG(1, 2))
	const letters = "oOaé5 0-(+)1.6tsm"
	term, last := "", found{}
	for range 20_000 {
		if runes := []rune(term); len(runes) > 0 && rnd.IntN(3) == 0 {
			term = string(runes[:rnd.IntN(len(runes))])
		} else {
			term += string([]rune(letters)[rnd.IntN(17)])
		}
		var ok bool
		if last, ok = in.find(term, last, new(search)); !ok {
			t.Fatal("ended by nobody")
		}
		fresh, _ := in.find(term, found{}, new(search))
		if !slices.Equal(last.at, fresh.at) || last.ends() != fresh.ends() {
			t.Fatalf("%q finds %q typed on, %q afresh", term, last.ends(), fresh.ends())
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

// filtering is the list of n factors with the filter open.
func filtering(t *testing.T, n int) factorsScreen {
	t.Helper()
	p := newPerson(t, 80, 24)
	s := p.model.screen.(factorsScreen)
	s.list.SetItems(s.refilter(itemsOf(manyRecords(n))))
	next, cmd := s.startFilter()
	runAll(cmd)
	return next.(factorsScreen)
}

// runAll runs a command and those that it is made of.
func runAll(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	switch msg := cmd().(type) {
	case nil:
		return nil
	case tea.BatchMsg:
		var msgs []tea.Msg
		for _, c := range msg {
			msgs = append(msgs, runAll(c)...)
		}
		return msgs
	default:
		return []tea.Msg{msg}
	}
}

func typed(s factorsScreen, text string) (factorsScreen, tea.Cmd) {
	next, cmd := s.typeFilter(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)})
	return next.(factorsScreen), cmd
}

// A search that ends late says nothing, before or after the newest.
func TestFilterDropsWhatIsOutdated(t *testing.T) {
	s := filtering(t, 1000)
	s, first := typed(s, "9")
	outdated := runAll(first) // done, but not told yet
	s, second := typed(s, "99")
	if msgs := runAll(first); len(msgs) != 0 {
		t.Errorf("an ended search tells %v", msgs)
	}
	for _, msgs := range [][]tea.Msg{outdated, runAll(second), outdated} {
		for _, msg := range msgs {
			next, _ := s.update(msg)
			s = next.(factorsScreen)
		}
	}
	if n := len(s.list.Items()); n != 1 || s.filter.run != nil {
		t.Errorf("the list has %d factors, want the one with 999", n)
	}
}

// Enter is meant for what is typed, also if its search is still under way.
func TestFilterIsKeptAsTyped(t *testing.T) {
	s := filtering(t, 1000)
	s, _ = typed(s, "999")
	next, _ := s.typeFilter(tea.KeyMsg{Type: tea.KeyEnter})
	s = next.(factorsScreen)
	if r, _ := s.selected(); r.Label != "label 999" || !s.filter.kept() {
		t.Errorf("%q is selected of %d", r.Label, len(s.list.Items()))
	}
	next, _ = s.endFilter()
	s = next.(factorsScreen)
	if r, _ := s.selected(); r.Label != "label 999" || len(s.list.Items()) != 1000 {
		t.Errorf("%q is selected of %d after esc", r.Label, len(s.list.Items()))
	}
}

// A key that goes into the filter costs the same, however many factors there are:
// the search is not done in update.
func TestFilterKeyDoesNotSearch(t *testing.T) {
	allocs := func(n int) float64 {
		s := filtering(t, n)
		return testing.AllocsPerRun(10, func() { typed(s, "9") })
	}
	if few, many := allocs(10), allocs(20_000); many > few+5 {
		t.Errorf("a key costs %.0f allocations with 10 factors, %.0f with 20,000", few, many)
	}
	s := filtering(t, 20_000)
	s, cmd := typed(s, "label")
	if s.filter.last.items != nil || cmd == nil {
		t.Error("searched in update")
	}
}

// An empty list, and a filter whose factors go away, are left in good order.
func TestFilterOfNothing(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("/").types("sms").press("enter").sees("1 of 3")
	p.press("enter", "f", "y").at("factors").sees("no match", "0 of 2").press("esc").sees("2 factors")
}

func BenchmarkFilter(b *testing.B) {
	items := itemsOf(manyRecords(100_000))
	b.Run("prepare", func(b *testing.B) {
		for b.Loop() {
			(&haystack{items: items}).prepare()
		}
	})
	in := &haystack{items: items}
	for _, term := range []string{"l", "label 9", "zzz"} {
		b.Run(term, func(b *testing.B) {
			for b.Loop() {
				in.find(term, found{}, new(search))
			}
		})
	}
}

// Other factors are searched anew, also where all were let through.
func TestFilterOfOtherFactors(t *testing.T) {
	s := filtering(t, 1000)
	search := func(cmd tea.Cmd) {
		for _, msg := range runAll(cmd) {
			next, _ := s.update(msg)
			s = next.(factorsScreen)
		}
	}
	var cmd tea.Cmd
	s, cmd = typed(s, "9")
	search(cmd)
	next, cmd := s.typeFilter(tea.KeyMsg{Type: tea.KeyBackspace})
	s = next.(factorsScreen)
	search(cmd)
	s.list.SetItems(s.refilter(itemsOf(manyRecords(10))))
	s, cmd = typed(s, "label")
	search(cmd)
	if n := len(s.list.Items()); n != 10 {
		t.Errorf("%d factors are found, want 10", n)
	}
}
