package tui

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/charmbracelet/bubbles/key"
	"github.com/charmbracelet/bubbles/list"
	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
)

// The list shows what the filter lets through. Each key that changes the filter
// starts a search in a command and ends the one before it, so that no key waits
// for another, however many factors there are.

// filter is what a person types to see some of the factors alone.
type filter struct {
	input  textinput.Model
	typing bool // keys go into the input
	on     bool // it is typed, or was and is kept
	in     *haystack
	last   found   // what is shown
	run    *search // the newest; nil if its result is shown
}

// search is a search under way.
type search struct{ ended atomic.Bool }

// found are the items in which all words of a term are.
type found struct {
	term  string
	items []list.Item
	at    []int32 // their places in the haystack
}

// factorsFoundMsg is the end of a search.
type factorsFoundMsg struct {
	run *search
	found
}

func (d *session) newFilter(items []list.Item) filter {
	f := filter{input: textinput.New(), in: &haystack{items: items}}
	f.input.Prompt = "/ "
	f.input.CharLimit = inputLimit
	d.plainInput(&f.input)
	return f
}

// kept reports whether the filter hides factors and is not typed any more.
func (f filter) kept() bool { return f.on && !f.typing }

// start starts a search for what is typed, in place of the one under way.
func (f *filter) start() tea.Cmd {
	f.end()
	run := new(search)
	f.run = run
	in, last, term := f.in, f.last, f.input.Value()
	return func() tea.Msg {
		if result, ok := in.find(term, last, run); ok {
			return factorsFoundMsg{run, result}
		}
		return nil
	}
}

// end ends the search under way, if there is one.
func (f *filter) end() {
	if f.run != nil {
		f.run.ended.Store(true)
		f.run = nil
	}
}

// haystack is the text of items, made when it is first searched.
type haystack struct {
	items []list.Item
	once  sync.Once
	text  []byte // of all items, in lower case
	ends  []int  // of the text of each
}

// prepare makes the text.
func (h *haystack) prepare() {
	h.once.Do(func() {
		h.ends = make([]int, len(h.items))
		h.text = make([]byte, 0, 128*len(h.items))
		for i, it := range h.items {
			begin := len(h.text)
			h.text = appendFields(h.text, it.(factorItem).Record)
			h.text = lowerFrom(h.text, begin)
			h.ends[i] = len(h.text)
		}
	})
}

// find returns the items with all words of a term. What was found for the
// beginning of the term is looked through alone. It reports false if the search
// was ended before.
func (h *haystack) find(term string, before found, run *search) (found, bool) {
	h.prepare()
	result := found{term: term}
	words := wordsOf(term)
	narrowed := before.items != nil && narrows(before.term, term)
	n := len(h.items)
	if narrowed {
		n = len(before.at)
	}
	result.items, result.at = make([]list.Item, 0, n), make([]int32, 0, n)
	for i := range n {
		const often = 4096
		if i%often == 0 && run.ended.Load() {
			return found{}, false
		}
		at := int32(i)
		if narrowed {
			at = before.at[i]
		}
		if h.has(int(at), words) {
			result.items, result.at = append(result.items, h.items[at]), append(result.at, at)
		}
	}
	return result, true
}

func (h *haystack) has(i int, words []sought) bool {
	begin := 0
	if i > 0 {
		begin = h.ends[i-1]
	}
	text := h.text[begin:h.ends[i]]
	for _, w := range words {
		if !bytes.Contains(text, w.text) && (w.number == nil || !bytes.Contains(text, w.number)) {
			return false
		}
	}
	return true
}

// sought is a word of a term.
type sought struct {
	text   []byte
	number []byte // the same without the signs that phone numbers are written with; nil if it is none
}

func wordsOf(term string) []sought {
	var words []sought
	for _, w := range strings.Fields(strings.ToLower(term)) {
		next := sought{text: []byte(w)}
		if strings.Trim(w, "+-.()0123456789") == "" && strings.ContainsAny(w, "0123456789") {
			next.number = []byte(strings.NewReplacer("-", "", ".", "", "(", "", ")", "").Replace(w))
		}
		words = append(words, next)
	}
	return words
}

// narrows reports whether everything with the words of term has those of its
// beginning too. Only a sign that becomes part of a number lets more through.
func narrows(beginning, term string) bool {
	rest, ok := strings.CutPrefix(term, beginning)
	last := beginning[strings.LastIndexAny(beginning, " \t")+1:]
	return ok && (rest == "" || strings.Trim(last, "+-.()") != "" || last == "")
}

// appendFields appends what the filter looks into, a space between the fields.
func appendFields(b []byte, r *store.Record) []byte {
	add := func(field string) {
		if field != "" {
			b = append(append(b, field...), ' ')
		}
	}
	add(r.Label)
	add(string(r.Type))
	add(r.ID)
	add(r.UserID)
	if r.TOTP != nil {
		add(r.TOTP.Issuer)
		add(r.TOTP.User)
	}
	if r.SMS != nil {
		add(r.SMS.PhoneNumber)
	}
	return b
}

// lowerFrom puts b from begin on in lower case.
func lowerFrom(b []byte, begin int) []byte {
	for i := begin; i < len(b); i++ {
		switch c := b[i]; {
		case c >= 0x80:
			return append(b[:begin], bytes.ToLower(b[begin:])...)
		case 'A' <= c && c <= 'Z':
			b[i] = c + 'a' - 'A'
		}
	}
	return b
}

// startFilter lets the filter be typed, on with what is in it.
func (s factorsScreen) startFilter() (screen, tea.Cmd) {
	f := &s.filter
	f.on, f.typing = true, true
	f.input.CursorEnd()
	in := f.in
	return s, tea.Batch(f.input.Focus(), func() tea.Msg { in.prepare(); return nil })
}

// typeFilter gives a key to the filter.
func (s factorsScreen) typeFilter(msg tea.KeyMsg) (screen, tea.Cmd) {
	switch {
	case key.Matches(msg, keyKeepFilter):
		return s.keepFilter()
	case key.Matches(msg, keyDropFilter):
		return s.endFilter()
	}
	before := s.filter.input.Value()
	var cmd tea.Cmd
	s.filter.input, cmd = s.filter.input.Update(msg)
	if s.filter.input.Value() == before {
		return s, cmd
	}
	return s, tea.Batch(cmd, s.filter.start())
}

// keepFilter goes back to the list as it is filtered; a filter that lets all
// through, or none, is none.
func (s factorsScreen) keepFilter() (screen, tea.Cmd) {
	s.finishSearch()
	if len(s.list.Items()) == 0 || strings.TrimSpace(s.filter.input.Value()) == "" {
		return s.endFilter()
	}
	s.filter.typing = false
	s.filter.input.Blur()
	return s, nil
}

// endFilter shows all factors.
func (s factorsScreen) endFilter() (screen, tea.Cmd) {
	s.filter.end()
	in := s.filter.in
	s.filter = s.session.newFilter(in.items)
	s.filter.in = in
	s.shows(in.items)
	return s, nil
}

// found shows what a search has found, unless a newer one is under way.
func (s factorsScreen) found(msg factorsFoundMsg) (screen, tea.Cmd) {
	if msg.run == s.filter.run {
		s.filter.run = nil
		s.filter.last = msg.found
		s.shows(msg.items)
	}
	return s, nil
}

// finishSearch waits for what is typed: the next key is meant for its result.
func (s *factorsScreen) finishSearch() {
	if s.filter.run == nil {
		return
	}
	s.filter.end()
	result, _ := s.filter.in.find(s.filter.input.Value(), s.filter.last, new(search))
	s.filter.last = result
	s.shows(result.items)
}

// refilter filters other items as those before.
func (s *factorsScreen) refilter(items []list.Item) []list.Item {
	f := &s.filter
	f.end()
	f.in, f.last = &haystack{items: items}, found{}
	if !f.on || strings.TrimSpace(f.input.Value()) == "" {
		return items
	}
	f.last, _ = f.in.find(f.input.Value(), found{}, new(search))
	return f.last.items
}

// shows puts items on the list. The selection stays on its factor; if that is
// not among them, it goes to the first.
func (s *factorsScreen) shows(items []list.Item) {
	chosen := s.list.SelectedItem()
	s.list.SetItems(items)
	s.list.Select(max(0, slices.Index(items, chosen)))
}
