package accessible

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// list is the first step: the factors on the list, those that were searched for.
func (s *session) list() error {
	_, _ = s.Store.Reload() // trouble with the file is told when it is written to
	all := factors.Index{Records: s.Sorted(s.order)}
	found := all.Find(s.term)
	number := english.Plural(len(found), "factor", "")
	switch {
	case len(all.Records) == 0:
		s.say("no current factors")
	case len(found) == 0:
		s.say(fmt.Sprintf("no factor has %q in it", s.term))
	case s.term != "":
		s.say(fmt.Sprintf("%s with %q, %s", number, s.term, s.order))
	default:
		s.say(number + ", " + s.order.String())
	}
	shown := entries{
		length:  len(found),
		line:    func(i int) string { return s.line(*found[i]) },
		open:    func(i int) error { return s.factor(*found[i]) },
		options: s.listOptions(len(all.Records), found),
	}
	err := shown.choose(&s.prompter, 0)
	if errors.Is(err, errBack) { // there is nothing to go back to
		return nil
	}
	return err
}

// listOptions is what can be done on the list of so many factors, some of which
// are found.
func (s *session) listOptions(all int, found []*store.Record) []option {
	options := []option{
		{"n", "to enroll", func() error { return s.enroll(nobody) }},
		{"a", "to add by ID", s.add},
	}
	if all > 1 || s.term != "" {
		options = append(options, option{"/", "to find", s.find})
	}
	if all > 1 {
		options = append(options, option{"s", "to sort", func() error { s.order = s.order.Next(); return nil }})
	}
	if len(found) > 0 {
		options = append(options, option{"r", "to refresh them", func() error { return s.refreshAll(found) }})
	}
	if all > 1 {
		options = append(options, option{"X", "to clear the list", s.clear})
	}
	options = append(options, option{"u", "for users", func() error { return until(s.users) }})
	return append(options, s.anywhere()...)
}

// anywhere is what can be done at every choice.
func (s *session) anywhere() []option {
	return []option{{"i", "for API calls", func() error { return until(s.calls) }}, {"q", "to quit", quit}}
}

func (s *session) find() (err error) {
	s.term, err = s.ask("find what in "+factors.SearchHint+"?", "an empty line shows all")
	return err
}

// line is a factor in a few words.
func (s *session) line(r store.Record) string {
	_, state := s.State(r)
	return typeAndName(r) + ", " + state
}

// typeAndName is the type and the name of a factor, if it has one.
func typeAndName(r store.Record) string {
	if t := factors.TypeName(r.Type); name(r) != t {
		return t + ", " + name(r)
	}
	return name(r)
}

// name is the name of a factor for the ear, where others may listen.
func name(r store.Record) string {
	if digits := []rune(factors.Phone(r.Factor)); r.Label == "" && len(digits) > 0 {
		const spoken = 4
		return "phone ending in " + string(digits[max(0, len(digits)-spoken):])
	}
	return factors.Name(r)
}

// failed tells why a call failed, after what was not done. A call that the end of
// the program cancelled is none.
func (s *session) failed(what string, err error) error {
	if errors.Is(err, context.Canceled) {
		return errEnd
	}
	parts := s.Explain(err)
	parts[0] = what + ": " + parts[0]
	s.say(parts...)
	return nil
}

// unsaved tells that the factor file could not be written, unless err is nil.
func (s *session) unsaved(what string, err error) {
	if err != nil {
		s.say(what + ": " + words.Clean(err.Error()))
	}
}

// keep asks to save again while a factor is not in the factor file.
func (s *session) keep(what string, done factors.Done) error {
	for err := done.SaveErr; err != nil; {
		s.say(what+", but the factor file could not be written: "+words.Clean(err.Error()),
			"the ID is "+words.Clean(done.Record.ID), "without it the factor can't be found again")
		answer, end := s.ask("fix it, then press enter to save again",
			"Or g to go on: what is not saved is printed when you quit")
		if end != nil || strings.EqualFold(answer, "g") {
			return end
		}
		s.say("saving")
		err = s.Store.Save(s.ctx)
	}
	return nil
}

// add is the step that adds a factor to the list by its ID.
func (s *session) add() error {
	id, err := s.askUntil("ID of the factor", factors.IDHint, "", func(text string) error {
		_, err := factors.CheckID(text)
		return err
	})
	if err != nil || id == "" {
		return err
	}
	s.say("looking for the factor")
	done, err := s.Add(s.ctx, id, "")
	if err != nil {
		return s.failed("not added", err)
	}
	if err := s.keep("the factor was found", done); err != nil {
		return err
	}
	return s.factor(done.Record)
}

// refreshAll refreshes the factors that were read out.
func (s *session) refreshAll(found []*store.Record) error {
	ids := make([]string, len(found))
	for i, r := range found {
		ids[i] = r.ID
	}
	s.say("refreshing")
	fresh, err := s.RefreshAll(s.ctx, ids...)
	gone := 0
	for _, r := range fresh {
		if r.Gone {
			gone++
		}
	}
	text := english.Plural(len(fresh)-gone, "factor", "") + " refreshed"
	if gone > 0 {
		text += fmt.Sprintf(", %d gone at %s", gone, s.Service())
	}
	if err != nil {
		return s.failed(fmt.Sprintf("%s, %d not", text, len(ids)-len(fresh)), err)
	}
	s.say(text)
	return nil
}

// clear removes all factors from the list, once a backup is saved.
func (s *session) clear() error {
	records := s.Store.Records()
	q := s.RemoveQuestion(records...)
	s.say(q.Text, q.Warning)
	yes, err := s.yes()
	if err != nil || !yes {
		return err
	}
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	s.say("removing")
	backup, err := s.Clear(s.ctx, ids...)
	if err != nil {
		s.unsaved("not removed", err)
		return nil
	}
	s.say(english.Plural(len(ids), "factor", "")+" removed from the list",
		"bring them back with mfa-tui import "+words.Clean(backup))
	return nil
}
