package accessible

import (
	"fmt"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// list is the first step: the factors on the list that were searched for.
func (s *session) list() error {
	_, _ = s.Store.Reload() // an error is reported when the file is written to
	all := s.Index(s.order)
	found := all.Find(s.term)
	number := english.Plural(len(found), "factor", "")
	switch {
	case len(all.Records) == 0:
		s.say("no factors on your list yet")
	case len(found) == 0:
		s.say(fmt.Sprintf("no factor has %q in it", s.term))
	case s.term != "":
		s.say(fmt.Sprintf("%s with %q, %s", number, s.term, s.order))
	default:
		s.say(number + ", " + s.order.String())
	}
	vanished := s.Store.Vanished()
	if vanished != nil {
		s.say("factor file "+words.Clean(vanished.Path)+" is gone", "these factors are still in memory",
			"nothing is enrolled until the file is there again")
	}
	movable := false
	if len(all.Records) == 0 {
		if others := s.Elsewhere(); others != "" {
			s.say("also in the factor file: " + others)
		}
		movable = len(s.Store.Movable()) > 0
	}
	several := len(all.Records) > 1
	shown := entries[*store.Record]{
		items: found,
		line:  func(r *store.Record) string { return s.line(*r) },
		open:  func(r *store.Record) error { return s.factor(*r, nobody) },
		options: []option{
			{"w", vanished != nil, "to write the file back", s.writeBack},
			{"n", true, "to enroll", func() error { return s.enroll(nobody) }},
			{"a", true, "to add by ID", s.add},
			{"e", movable, "to move factors here", func() error { return until(s.environments) }},
			{"/", several || s.term != "", "to find", s.find},
			{"s", several, "to sort", func() error { s.order = s.order.Next(); return nil }},
			{"r", len(found) > 0, "to refresh them", func() error { return s.refreshAll(found) }},
			{"X", several, "to clear the list", s.clear},
			{"u", true, "for users", func() error { return until(s.users) }},
			s.apiCalls(), quit,
		},
	}
	return stay(shown.choose(&s.prompter, 0)) // there is nothing to go back to
}

// writeBack writes a factor file that is gone from memory.
func (s *session) writeBack() error {
	s.say("writing")
	if err := s.Store.WriteBack(s.ctx); err != nil {
		return s.failed("not written back", err)
	}
	s.say("the factor file is there again")
	return nil
}

func (s *session) find() (err error) {
	s.term, err = s.ask("find what in "+factors.SearchHint+"?", "an empty line shows all")
	return err
}

// add is the step that adds a factor to the list by its ID.
func (s *session) add() error {
	id, err := s.askUntil("ID of the factor", factors.IDHint, emptyGoesBack, func(text string) error {
		_, err := factors.CheckID(text)
		return err
	})
	if err != nil || id == "" {
		return err
	}
	added, err := s.put(id)
	if err != nil || added.ID == "" {
		return err
	}
	return s.factor(added, nobody)
}

// put adds a factor to the list, and returns it if that worked.
func (s *session) put(id string) (store.Record, error) {
	s.say("adding the factor to your list")
	done, err := s.Add(s.ctx, id, "")
	if err != nil {
		return store.Record{}, s.failed("not added", err)
	}
	return done.Record, s.keep("the factor was found", done)
}

// environments is the step that moves the factors of another environment to the empty
// list.
func (s *session) environments() error {
	shown := entries[store.Environment]{
		items: s.Store.Movable(),
		line: func(e store.Environment) string {
			return words.Clean(e.Name) + ", " + factors.EnvironmentCount(e)
		},
		open:    s.moveHere,
		options: s.backAnd(),
	}
	return shown.choose(&s.prompter, 0)
}

// moveHere moves the factors of an environment, once the person has typed yes.
func (s *session) moveHere(e store.Environment) error {
	if yes, err := s.sure(s.MoveQuestion(e), nobody, "", ""); err != nil || !yes {
		return err
	}
	s.say("moving")
	moved, err := s.MoveHere(s.ctx, e.Name)
	if err != nil {
		return s.failed("nothing was moved", err)
	}
	s.say(factors.Moved(moved, e.Name, s.Store.Environment()))
	return errBack
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
	text, lost := factors.RefreshedCount(len(fresh)-gone, len(ids)-len(fresh)), fmt.Sprintf("%d gone at %s", gone, s.Service())
	switch {
	case err != nil && gone > 0:
		return s.failed(lost+", "+text, err)
	case err != nil:
		return s.failed(text, err)
	case gone > 0:
		text += ", " + lost
	}
	s.say(text)
	return nil
}

// clear removes all factors from the list, after an export.
func (s *session) clear() error {
	records := s.Store.Records()
	if yes, err := s.sure(s.ClearQuestion(len(records)), nobody, "", ""); err != nil || !yes {
		return err
	}
	ids := make([]string, len(records))
	for i, r := range records {
		ids[i] = r.ID
	}
	s.say("removing")
	export, err := s.Clear(s.ctx, ids...)
	if err != nil {
		return s.failed("not removed", err)
	}
	s.say(english.Plural(len(ids), "factor", "")+" removed from the list",
		"bring them back with mfa-tui import "+words.Clean(export))
	return nil
}
