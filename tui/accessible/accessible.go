// Package accessible is the program without screens, for screen readers and
// braille displays: plain lines and questions. It does what the screens do, with
// the same words and letters, but has no lab.
//
// It says each thing once, in full sentences. Each step reads out what there is and
// asks what to do ([prompter.choose]). Steps call each other, and go back by
// returning errBack.
//
//	list.go       the factors on the list
//	factor.go     one factor
//	enroll.go     the enrollment of a factor
//	challenge.go  a challenge and its code
//	users.go      users and their factors
//	calls.go      the API calls
//	prompt.go     lines, questions and choices
package accessible

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
)

// Options is what [Run] is given. Every field but Phone, FindPhone, StoreErr and Notice is
// needed.
type Options struct {
	*factors.List // without a Store if StoreErr says why

	Phone factors.TestPhone // nil unless Mode is Local
	// FindPhone looks for the test phone of a server that may be a local engine. It is
	// called at most once, and nil where there is none to find.
	FindPhone func(context.Context) factors.TestPhone

	// StoreErr is why the factor file could not be opened; OpenStore tries again.
	StoreErr  error
	OpenStore func() (*store.Store, error)
	// RestoreStore restores the backup of a broken factor file, and returns where
	// the broken one is kept.
	RestoreStore func(context.Context) (kept string, err error)
	// Notice is said at the start, unless it is empty.
	Notice string

	// Calls returns the last calls of the session, newest first.
	Calls func() []inspect.Call
}

// Run talks with a person until the person quits, in ends, or ctx is done. It finishes
// an enrollment or a deletion first. The error is one of writing to out, or why the
// factor file could not be opened to the end.
func Run(ctx context.Context, opts Options, in io.Reader, out io.Writer) error {
	s := &session{Options: opts, prompter: newPrompter(ctx, in, out)}
	err := s.begin()
	if errors.Is(err, errEnd) {
		err = nil
	}
	if s.Store == nil {
		err = errors.Join(err, s.StoreErr)
	}
	return errors.Join(err, s.writeErr)
}

// session is a conversation with a person.
type session struct {
	Options
	prompter
	order  factors.Order // of the list
	term   string        // of the search of the list
	pauses factors.Pauses
}

// begin is the first step: the list, once the factor file can be read.
func (s *session) begin() error {
	s.say("this is mfa-tui, " + map[factors.Mode]string{
		factors.Local: "on the local engine, which works offline: set WORKOS_API_KEY to use WorkOS",
		factors.Test:  "at " + s.Service() + ", test environment",
		factors.Live:  "at " + s.Service() + ", live environment: text messages go to real people",
	}[s.Mode])
	if s.Store == nil {
		s.say(s.Notice)
		if err := until(s.storeError); err != nil {
			return err
		}
	} else {
		s.say(s.Store.Notice(), s.Notice)
	}
	return until(s.list)
}

// storeError is the step while the factor file can't be read.
func (s *session) storeError() error {
	advice, backup := factors.FileAdvice(s.StoreErr)
	s.say("the factor file can't be read: "+words.Clean(s.StoreErr.Error()), advice+", then try again")
	return s.choose([]option{
		{"r", true, "to try again", func() error { return s.open("") }},
		{"b", !backup.IsZero(), "to restore the backup from " + words.Ago(backup, s.Now()), s.restore},
		quit,
	}, "", nil)
}

// restore restores the backup of a broken factor file.
func (s *session) restore() error {
	s.say("restoring the backup")
	kept, err := s.RestoreStore(s.ctx)
	if err != nil {
		s.StoreErr = err
		return nil
	}
	return s.open("the backup is restored. The broken file is kept as " + words.Clean(kept))
}

// open opens the factor file. If that works, it says done, and what the person should
// know of the file.
func (s *session) open(done string) error {
	opened, err := s.OpenStore()
	if err != nil {
		s.StoreErr = err
		return nil
	}
	s.Store = opened
	s.say(done)
	s.say(opened.Notice())
	return errBack
}

// apiCalls is an option of nearly every step.
func (s *session) apiCalls() option {
	return option{"i", true, "for API calls", func() error { return until(s.calls) }}
}

// backAnd is options and those that nearly every step ends with.
func (s *session) backAnd(options ...option) []option {
	return append(options, back, s.apiCalls(), quit)
}

// failed says what was not done, and why, unless err is nil. A call that was cancelled
// by the end of the program did not fail. What was finished after it and failed is an
// error to end with.
func (s *session) failed(what string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return errEnd
	}
	if s.ctx.Err() != nil { // nobody looks at what is said any more
		return fmt.Errorf("%s: %w", what, err)
	}
	parts := s.Explain(err)
	parts[0] = what + ": " + parts[0]
	s.say(parts...)
	return nil
}

// keep asks to save again while the result of a call is not in the factor file.
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

// sure asks whether to do what can't be undone. owner is whose factor it is about, if
// known, and what names it, unless the question does. proof is typed in place of a yes, if
// there is one.
func (s *session) sure(q factors.Question, owner workos.User, what, proof string) (bool, error) {
	s.say(s.LiveRemark(), q.Of(factors.UserName(owner)), what, q.Warning)
	typed := "yes"
	if proof != "" {
		typed = fmt.Sprintf("the last %d characters of the ID", factors.ProofLength)
	}
	answer, err := s.ask("type " + typed + " to do it, anything else for no")
	yes := factors.Proves(answer, cmp.Or(proof, "yes"))
	if err == nil && !yes {
		s.say("nothing was done")
	}
	return yes, err
}
