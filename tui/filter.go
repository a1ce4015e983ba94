package tui

import (
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
)

// filter is what a person types to see some of the factors alone.
type filter struct {
	input  textinput.Model
	typing bool // keys go into the input
	on     bool // it is typed, or was and is kept
}

func (s *session) newFilter() filter {
	f := filter{input: textinput.New()}
	f.input.Prompt = "/ "
	f.input.CharLimit = inputLimit
	s.plainInput(&f.input)
	return f
}

// kept reports whether the filter hides factors and is not typed any more.
func (f filter) kept() bool { return f.on && !f.typing }

// index is factors with the text that they are searched by.
type index struct {
	records []*store.Record
	texts   []string // in lower case; made when it is first searched
}

// find returns the factors that have all words of a text, in their order.
func (in *index) find(text string) []*store.Record {
	terms := termsOf(text)
	if len(terms) == 0 {
		return in.records
	}
	if in.texts == nil {
		in.texts = make([]string, len(in.records))
		for i, r := range in.records {
			in.texts[i] = searched(r)
		}
	}
	found := []*store.Record{}
	for i, r := range in.records {
		if hasAll(in.texts[i], terms) {
			found = append(found, r)
		}
	}
	return found
}

func hasAll(text string, terms []term) bool {
	for _, t := range terms {
		if !strings.Contains(text, t.text) && (t.number == "" || !strings.Contains(text, t.number)) {
			return false
		}
	}
	return true
}

// term is a word that is searched for.
type term struct {
	text   string
	number string // the same without the signs that phone numbers are written with; empty if it is none
}

func termsOf(text string) []term {
	var terms []term
	for _, w := range strings.Fields(strings.ToLower(text)) {
		next := term{text: w}
		if strings.Trim(w, "+-.()0123456789") == "" && strings.ContainsAny(w, "0123456789") {
			next.number = strings.NewReplacer("-", "", ".", "", "(", "", ")", "").Replace(w)
		}
		terms = append(terms, next)
	}
	return terms
}

// searched is what the filter looks into, in lower case, a space between the fields.
func searched(r *store.Record) string {
	fields := []string{r.Label, string(r.Type), r.ID, r.UserID}
	if r.TOTP != nil {
		fields = append(fields, r.TOTP.Issuer, r.TOTP.User)
	}
	if r.SMS != nil {
		fields = append(fields, r.SMS.PhoneNumber)
	}
	return strings.ToLower(strings.Join(fields, " "))
}

// startFilter lets the filter be typed, on with what is in it.
func (s factorsScreen) startFilter() (screen, tea.Cmd) {
	s.filter.on, s.filter.typing = true, true
	s.filter.input.CursorEnd()
	return s, s.filter.input.Focus()
}

// typeFilter gives a key to the filter.
func (s factorsScreen) typeFilter(msg tea.KeyMsg) (screen, tea.Cmd) {
	before := s.filter.input.Value()
	var cmd tea.Cmd
	s.filter.input, cmd = s.filter.input.Update(msg)
	if s.filter.input.Value() != before {
		s.shows(s.all.find(s.filter.input.Value()))
	}
	return s, cmd
}

// keepFilter goes back to the list as it is filtered; a filter that lets all
// through, or none, is none.
func (s factorsScreen) keepFilter() (screen, tea.Cmd) {
	if len(s.records) == 0 || strings.TrimSpace(s.filter.input.Value()) == "" {
		return s.endFilter()
	}
	s.filter.typing = false
	s.filter.input.Blur()
	return s, nil
}

// endFilter shows all factors.
func (s factorsScreen) endFilter() (screen, tea.Cmd) {
	s.filter = s.session.newFilter()
	s.shows(s.all.records)
	return s, nil
}
