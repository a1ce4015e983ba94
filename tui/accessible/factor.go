package accessible

import (
	"strings"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// factor is the step of one factor. All there is to know of it is read out once.
func (s *session) factor(r store.Record) error {
	read := false
	return until(func() error {
		r = s.newest(r)
		s.say(s.line(r))
		if !read {
			s.details(r)
			read = true
		}
		return s.choose("", s.factorOptions(r, &read), func(answer string) (func() error, bool) { return s.moved(r, answer) })
	})
}

// newest is a factor as the list has it, or as it is if it is not there.
func (s *session) newest(r store.Record) store.Record {
	if now, ok := s.Store.Record(r.ID); ok {
		return now
	}
	return r
}

// factorOptions is what can be done with a factor. What changes it lets its
// details be read again.
func (s *session) factorOptions(r store.Record, read *bool) []option {
	var options []option
	add := func(can bool, key, does string, do func(store.Record) error) {
		if can {
			options = append(options, option{key, does, func() error { return do(r) }})
		}
	}
	listed := s.Listed(r.ID)
	add(factors.CanChallenge(r.Type), "c", "to challenge", s.challenge)
	add(r.HasSecret(), "v", "to hear the secret", func(r store.Record) error { s.saySecret(r); return nil })
	add(r.HasSecret(), "u", "to hear the otpauth URI", func(r store.Record) error { s.quote(r.TOTP.URI); return nil })
	add(listed, "e", "to edit the label", s.label)
	add(listed, "r", "to refresh", func(r store.Record) error { *read = false; return s.refresh(r) })
	add(!listed, "a", "to put it on your list", func(r store.Record) error { *read = false; return s.put(r) })
	add(r.GoneAt.IsZero(), "d", "to delete", s.delete)
	add(listed, "x", "to remove from list", s.remove)
	options = append(options, option{"b", "to go back", goBack})
	return append(options, s.anywhere()...)
}

// moved tells where a letter has gone that did something here once.
func (s *session) moved(r store.Record, answer string) (func() error, bool) {
	text := ""
	switch {
	case strings.EqualFold(answer, "f"):
		text = "now x: it removes the factor from your list"
	case strings.EqualFold(answer, "v") && r.Type == workos.TOTP:
		text = "the secret is gone: it is not kept after the first verification"
	default:
		return nil, false
	}
	return func() error { s.say(text); return nil }, true
}

// details reads out all there is to know of a factor that its line does not tell.
func (s *session) details(r store.Record) {
	for _, fact := range s.Facts(r, s.moment) {
		if fact[0] != "type" {
			s.say(fact[0] + ": " + fact[1])
		}
	}
	if n := len(r.History); n > 1 {
		var all []string
		for i := n - 1; i >= 0; i-- {
			all = append(all, factors.ResultName(r.History[i].Outcome)+" "+words.Ago(r.History[i].At, s.Now()))
		}
		s.say("challenges, newest first: " + strings.Join(all, ", "))
	}
}

// moment tells a time exactly, and how long ago that is.
func (s *session) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return words.Stamp(t) + ", " + words.Ago(t, s.Now())
}

func (s *session) label(r store.Record) error {
	label, err := s.askLabel(r.ID)
	if err != nil {
		return err
	}
	s.say("saving")
	done, err := s.Label(s.ctx, r.ID, label)
	if err != nil {
		return s.failed("not saved", err)
	}
	s.unsaved("not saved", done.SaveErr)
	return nil
}

// askLabel asks for the label of a factor until it is good.
func (s *session) askLabel(id string) (string, error) {
	for {
		label, err := s.ask("label, "+factors.LabelHint, "an empty line for none")
		if err != nil {
			return "", err
		}
		if _, err = s.CheckLabel(id, label); err == nil {
			return label, nil
		}
		s.say(s.Explain(err)...)
	}
}

// put puts a factor on the list that is not there.
func (s *session) put(r store.Record) error {
	s.say("putting it on your list")
	done, err := s.Add(s.ctx, r.ID, "")
	if err != nil {
		return s.failed("not added", err)
	}
	return s.keep("the factor was found", done)
}

func (s *session) refresh(r store.Record) error {
	s.say("refreshing")
	done, err := s.Refresh(s.ctx, r.ID)
	switch {
	case err != nil:
		return s.failed("not refreshed", err)
	case done.SaveErr != nil:
		s.unsaved("not saved", done.SaveErr)
	case done.Gone:
		s.say("gone: "+s.Service()+" does not know this factor any more", "x removes it from your list")
	default:
		s.say("refreshed")
	}
	return nil
}

// delete deletes a factor at WorkOS and here, once the person has typed yes.
func (s *session) delete(r store.Record) error {
	yes, err := s.sure(s.DeleteQuestion(), r)
	if err != nil || !yes {
		return err
	}
	s.say("deleting")
	done, err := s.Delete(s.ctx, r)
	if err != nil {
		return s.failed("not deleted", err)
	}
	s.say("deleted " + name(r))
	s.unsaved("it is still on your list", done.SaveErr)
	return errBack
}

// remove removes a factor from the list, once the person has typed yes.
func (s *session) remove(r store.Record) error {
	yes, err := s.sure(s.RemoveQuestion(r), r)
	if err != nil || !yes {
		return err
	}
	s.say("removing")
	if err := s.Remove(s.ctx, r.ID); err != nil {
		s.unsaved("not removed", err)
		return nil
	}
	s.say("removed " + name(r) + " from the list")
	return errBack
}

// sure asks whether a person is sure about a factor, which is named.
func (s *session) sure(q factors.Question, r store.Record) (bool, error) {
	s.say(q.Text, "it is "+typeAndName(r)+", ID "+words.Clean(r.ID), q.Warning)
	return s.yes()
}
