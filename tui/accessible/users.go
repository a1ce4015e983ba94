package accessible

import (
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// users is the step that finds a user, to help one who lost a phone.
func (s *session) users() error {
	text, err := s.ask("e-mail address of a user, or a part of the name",
		"press enter for the first users, or b to go back")
	switch {
	case err != nil:
		return err
	case strings.EqualFold(text, "b"):
		return errBack
	}
	email := ""
	if strings.Contains(text, "@") {
		if err := factors.CheckEmail(text); err != nil {
			s.say(err.Error())
			return nil
		}
		email = text
	}
	s.say("looking for users")
	found, more, err := s.lookFor(email)
	switch {
	case err != nil:
		return s.failed("the search failed", err)
	case email != "" && len(found) == 0:
		return s.noUser(email)
	case email != "" && len(found) == 1 && strings.EqualFold(found[0].Email, email):
		return s.user(found[0])
	case email == "":
		found = factors.MatchingUsers(found, text)
	}
	if len(found) == 0 {
		s.say("no matches among the first users", "type the whole address to find any user")
		return nil
	}
	if more {
		s.say("these are of the first users only", "type the whole address to find any user")
	}
	return until(func() error { return s.userList(found) })
}

// lookFor asks for the users with an address, or without one for the first of all.
func (s *session) lookFor(email string) (found []workos.User, more bool, err error) {
	if email == "" {
		return s.FirstUsers(s.ctx)
	}
	found, err = s.FindUsers(s.ctx, email)
	return found, false, err
}

// noUser is the step after an address that no user has. The local engine can create one.
func (s *session) noUser(email string) error {
	if s.findPhone(); !s.CanAddUsers(s.Phone) {
		s.say("no user has this address in this environment: check the spelling")
		return nil
	}
	s.say("no user has this address")
	return stay(s.choose(s.backAnd(option{"n", true, "to create one", func() error {
		s.say("creating the user")
		user, err := s.AddUser(s.ctx, workos.CreateUserOpts{Email: email})
		if err != nil {
			return s.failed("not created", err)
		}
		return s.user(user)
	}}), "", nil))
}

// userList is the step of the users that were found.
func (s *session) userList(found []workos.User) error {
	s.say(english.Plural(len(found), "user", ""))
	shown := entries[workos.User]{items: found, line: userLine, open: s.user, options: s.backAnd()}
	return shown.choose(&s.prompter, 0)
}

func userLine(u workos.User) string {
	parts := []string{factors.UserName(u), factors.OwnName(u), words.Clean(u.ID)}
	return strings.Join(slices.Compact(slices.DeleteFunc(parts, func(p string) bool { return p == "" })), ", ")
}

// user is the step of a user: all factors of the user at WorkOS, on the list or not.
func (s *session) user(u workos.User) error {
	return until(func() error {
		s.say("loading the factors of " + factors.UserName(u))
		page, next, err := s.UserFactors(s.ctx, u.ID, "")
		switch {
		case workos.IsNotFound(err):
			s.say(s.Service() + " no longer has this user")
			return errBack
		case err != nil:
			if err := s.failed("the factors could not be loaded", err); err != nil {
				return err
			}
			return s.choose(s.backAnd(option{"r", true, "to try again", func() error { return nil }}), "", nil)
		}
		return s.userFactors(u, page, next)
	})
}

// userFactors reads out the factors of a user. There are more after next, unless it is
// empty.
func (s *session) userFactors(u workos.User, loaded []workos.Factor, next string) error {
	number := english.Plural(len(loaded), "factor", "")
	switch {
	case len(loaded) == 0:
		number = "no factors"
	case next != "":
		number += " so far"
	}
	s.say(number + " of " + factors.UserName(u))
	record := func(f workos.Factor) store.Record { return s.newest(store.Record{Factor: f}) }
	shown := entries[workos.Factor]{
		items: loaded,
		line:  func(f workos.Factor) string { return s.userFactorLine(record(f)) },
		open:  func(f workos.Factor) error { return s.factor(record(f), u) },
		options: s.backAnd(
			option{"n", true, "to enroll for this user", func() error { return s.enroll(u) }},
			option{"r", true, "to refresh", func() error { return nil }},
		),
	}
	if next != "" {
		shown.load = func() error {
			s.say("loading more factors")
			page, after, err := s.UserFactors(s.ctx, u.ID, next)
			if err != nil {
				return s.failed("the factors could not be loaded", err)
			}
			before := len(shown.items)
			for _, f := range page {
				if !slices.ContainsFunc(shown.items, func(l workos.Factor) bool { return l.ID == f.ID }) {
					shown.items = append(shown.items, f)
				}
			}
			next = after
			if next == "" || len(shown.items) == before { // a page with nothing new is the last one
				shown.load = nil
			}
			return nil
		}
	}
	return shown.choose(&s.prompter, 0)
}

// userFactorLine is a factor of a user in a few words, with the time of its creation:
// by that a person recognizes the factor of a lost phone.
func (s *session) userFactorLine(r store.Record) string {
	if r.CreatedAt.IsZero() {
		return s.line(r)
	}
	return s.line(r) + ", created " + words.Ago(r.CreatedAt.Time, s.Now())
}
