package accessible

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// factor is the step of one factor, whose owner may be unknown. Its details are read out at first, and again after
// they changed.
func (s *session) factor(r store.Record, owner workos.User) error {
	read := false
	return until(func() error {
		r = s.newest(r)
		s.say(s.line(r))
		if !read {
			s.details(r)
			read = true
		}
		listed, there := s.Listed(r.ID), r.GoneAt.IsZero()
		say := func(text string) func() error { return func() error { s.say(text); return nil } }
		return s.choose(s.backAnd(
			option{"c", there && factors.CanChallenge(r.Type), "to challenge", func() error { return s.challenge(r) }},
			option{"v", there && r.HasSecret(), "to hear the secret", func() error { s.saySecret(r); return nil }},
			option{"v", there && r.Type == workos.TOTP, "", say("the secret is gone: it is not kept after the first verification")},
			option{"u", there && r.HasSecret(), "to hear the otpauth URI", func() error { s.quote(r.TOTP.URI); return nil }},
			option{"e", there && listed, "to edit the label", func() error { return s.label(r) }},
			option{"r", there && listed, "to refresh", func() error { read = false; return s.refresh(r) }},
			option{"a", !listed, "to add it to your list", func() error { read = false; _, err := s.put(r.ID); return err }},
			option{"d", there, "to delete", func() error { return s.delete(r, owner) }},
			option{"x", listed, "to remove from list", func() error { return s.remove(r, owner) }},
			option{"f", true, "", say("now x: it removes the factor from your list")}, // what f once did
		), "", nil)
	})
}

// line is a factor in a few words: type, name and state.
func (s *session) line(r store.Record) string {
	_, state := s.State(r)
	return typeAndName(r) + ", " + state
}

// typeAndName is the type of a factor and its name, unless that is the type.
func typeAndName(r store.Record) string {
	if t := factors.TypeName(r.Type); name(r) != t {
		return t + ", " + name(r)
	}
	return name(r)
}

// name is the name of a factor without its whole phone number: others may listen.
func name(r store.Record) string {
	if digits := []rune(factors.Phone(r.Factor)); r.Label == "" && len(digits) > 0 {
		const spoken = 4
		return "phone ending in " + string(digits[max(0, len(digits)-spoken):])
	}
	return factors.Name(r)
}

// newest is a factor as the list has it now, or unchanged if it is not on the list.
func (s *session) newest(r store.Record) store.Record {
	if now, ok := s.Store.Record(r.ID); ok {
		return now
	}
	return r
}

// details reads out what the line of a factor does not say.
func (s *session) details(r store.Record) {
	for _, fact := range s.Facts(r, s.moment) {
		if fact[0] != "type" {
			s.say(fact[0] + ": " + fact[1])
		}
	}
	if n := len(r.History); n > 0 {
		var all []string
		for i := n - 1; i >= 0; i-- {
			all = append(all, factors.ResultName(r.History[i].Outcome)+" "+words.Ago(r.History[i].At.Time, s.Now()))
		}
		s.say("challenges: "+factors.VerifiedCount(r.History), "newest first: "+strings.Join(all, ", "))
	}
}

// moment is an exact time, and how long ago it is.
func (s *session) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return words.Join(", ", words.Stamp(t), words.Local(t, s.Now()), words.Aside(t, s.Now()))
}

func (s *session) label(r store.Record) error {
	label, err := s.askLabel("label", r.ID)
	if err != nil {
		return err
	}
	s.say("saving")
	done, err := s.Label(s.ctx, r.ID, label)
	if err = cmp.Or(err, done.SaveErr); err != nil {
		return s.failed("not saved", err)
	}
	s.say(factors.LabelSaved(done.Record.Label))
	return nil
}

// askLabel asks for the label of a factor, empty for none.
func (s *session) askLabel(name, id string) (string, error) {
	return s.askUntil(name, factors.LabelHint, "an empty line for none", func(label string) error {
		_, err := s.CheckLabel(id, label)
		return errors.Unwrap(err) // without the name of the field
	})
}

func (s *session) refresh(r store.Record) error {
	s.say("refreshing")
	done, err := s.Refresh(s.ctx, r.ID)
	switch err := cmp.Or(err, done.SaveErr); {
	case err != nil:
		return s.failed("not refreshed", err)
	case done.Gone:
		s.say("gone: "+s.Service()+" no longer has this factor", "x removes it from your list")
	default:
		s.say("refreshed")
	}
	return nil
}

// delete deletes a factor at WorkOS and here, once the person is sure.
func (s *session) delete(r store.Record, owner workos.User) error {
	if yes, err := s.sure(factors.DeleteQuestion, owner, itIs(r), s.Proof(r)); err != nil || !yes {
		return err
	}
	s.say("deleting")
	done, err := s.Delete(s.ctx, r)
	if err != nil {
		return s.failed("the deletion failed", err) // whether it is deleted, the error says
	}
	s.say(s.Deleted(done.Record, name(r)))
	return cmp.Or(s.failed("it is deleted, but still on your list", done.SaveErr), errBack)
}

// remove removes a factor from the list, once the person has typed yes.
func (s *session) remove(r store.Record, owner workos.User) error {
	if yes, err := s.sure(s.RemoveQuestion(r), owner, itIs(r), ""); err != nil || !yes {
		return err
	}
	s.say("removing")
	if err := s.Remove(s.ctx, r.ID); err != nil {
		return s.failed("not removed", err)
	}
	s.say("removed "+name(r)+" from the list", "to add it again you need its ID, "+words.Clean(r.ID))
	return errBack
}

// itIs names a factor that a question is about.
func itIs(r store.Record) string { return "it is " + typeAndName(r) + ", ID " + words.Clean(r.ID) }
