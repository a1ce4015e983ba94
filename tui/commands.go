package tui

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
	"mfa-tui/workos"
)

// All I/O of the screens is here, as commands: a command is named by a verb, the
// message that ends it by the past tense. A command gets values, never a screen.
// What it does with factors is a use case of package factors.

// outcome is what every result carries: the work that it ends, and why the call
// failed. That a call worked but could not be saved is in its [factors.Done].
type outcome struct {
	id  int
	err error
}

func (o outcome) workID() int { return o.id }

func (o outcome) failed() error { return o.err }

// report is empty for the results that only the waiting screen tells.
func (o outcome) report(*session) notice { return notice{} }

// call starts work that esc cancels.
func (s *session) call(verb string, do func(ctx context.Context, id int) tea.Msg) tea.Cmd {
	ctx, cancel := context.WithCancel(context.Background())
	s.work = work{id: s.nextID(), verb: verb, cancel: cancel}
	id := s.work.id
	return func() tea.Msg { return do(ctx, id) }
}

// runToCompletion starts work that keeps running when its screen is left or the person
// quits, since it can't be undone and its result must be kept.
func (s *session) runToCompletion(verb string, do func(ctx context.Context, id int) result) tea.Cmd {
	s.work = work{id: s.nextID(), verb: verb}
	id := s.work.id
	return func() tea.Msg {
		if !s.pending.enter() {
			return nil // the program is ending, and nothing has been done yet
		}
		ended := do(context.Background(), id) // what is done sets its own limits
		s.pending.leave(verb, ended)
		return ended
	}
}

// factorEnrolledMsg ends enrollFactor.
type factorEnrolledMsg struct {
	outcome
	factors.Done
	opts workos.EnrollFactorOpts
}

func (m factorEnrolledMsg) report(s *session) notice {
	name := factorName(store.Record{Factor: factors.ToEnroll(m.opts)})
	switch {
	case errors.As(m.err, new(*factors.UncertainError)) && !s.over:
		return notice{failure, "enrolling " + name + " failed: " + s.explain(m.err) + " · " + factors.SafeAgain}
	case m.err != nil:
		return notice{failure, "enrolling " + name + " failed: " + s.explain(m.err)}
	case m.SaveErr != nil:
		return notice{failure, fmt.Sprintf("%s was enrolled as %s, but not saved: %v", name, m.Record.ID, m.SaveErr)}
	}
	return notice{success, "enrolled " + factorName(m.Record)}
}

// enrollFactor enrolls a factor and saves it, with a label unless that is empty.
func (s *session) enrollFactor(opts workos.EnrollFactorOpts, label string) tea.Cmd {
	return s.runToCompletion("Enrolling…", func(ctx context.Context, id int) result {
		enrolled, err := s.List.Enroll(ctx, opts, label)
		return factorEnrolledMsg{outcome{id, err}, enrolled.Done, opts}
	})
}

// factorAddedMsg ends addFactor.
type factorAddedMsg struct {
	outcome
	factors.Done
}

// addFactor adds a factor to the list by its ID.
func (s *session) addFactor(factorID string) tea.Cmd {
	return s.call("Looking for the factor…", func(ctx context.Context, id int) tea.Msg {
		added, err := s.List.Add(ctx, factorID, "")
		return factorAddedMsg{outcome{id, err}, added}
	})
}

// factorRefreshedMsg ends refreshFactor.
type factorRefreshedMsg struct {
	outcome
	factors.Refreshed
}

// refreshFactor asks WorkOS for a factor again and saves the response.
func (s *session) refreshFactor(factorID string) tea.Cmd {
	return s.call("Refreshing…", func(ctx context.Context, id int) tea.Msg {
		refreshed, err := s.List.Refresh(ctx, factorID)
		return factorRefreshedMsg{outcome{id, err}, refreshed}
	})
}

// factorsRefreshedMsg ends refreshFactors.
type factorsRefreshedMsg struct {
	outcome
	asked int
	fresh []factors.Refreshed // those that were answered
}

// refreshFactors refreshes several factors and counts those that are done.
func (s *session) refreshFactors(factorIDs []string) tea.Cmd {
	var answered atomic.Int64
	cmd := s.call("Refreshing", func(ctx context.Context, id int) tea.Msg {
		fresh, err := s.List.RefreshEach(ctx, factorIDs, func() { answered.Add(1) })
		return factorsRefreshedMsg{outcome{id, err}, len(factorIDs), fresh}
	})
	s.work.all, s.work.done = len(factorIDs), &answered
	return cmd
}

// factorDeletedMsg ends deleteFactor.
type factorDeletedMsg struct {
	outcome
	factors.Done
}

func (m factorDeletedMsg) report(s *session) notice {
	name := fullName(m.Record)
	switch {
	case m.err != nil:
		return notice{failure, "deleting " + name + " failed: " + s.explain(m.err)}
	case m.SaveErr != nil:
		return notice{failure, fmt.Sprintf("deleted %s, but it is still in the list: %v", name, m.SaveErr)}
	}
	return notice{success, s.Deleted(m.Record, name)}
}

// deleteFactor deletes a factor at WorkOS, then here.
func (s *session) deleteFactor(r store.Record) tea.Cmd {
	return s.runToCompletion("Deleting…", func(ctx context.Context, id int) result {
		deleted, err := s.List.Delete(ctx, r)
		return factorDeletedMsg{outcome{id, err}, deleted}
	})
}

// factorsRemovedMsg ends removeFactor and clearFactors.
type factorsRemovedMsg struct {
	outcome
	removed []store.Record
	export  string // where they were exported to first, if they were
}

func (m factorsRemovedMsg) report(*session) notice {
	if m.err != nil {
		return notice{failure, words.Clean(m.err.Error())}
	}
	if m.export != "" {
		return notice{success, "removed " + english.Plural(len(m.removed), "factor", "") +
			" from the list · mfa-tui import brings them back from " + words.Clean(m.export)}
	}
	// The ID comes first, since a small terminal cuts a long notice, and it is the way back.
	r := m.removed[0]
	return notice{success, "removed from the list: " + words.Clean(r.ID) + " (" + factorName(r) + ") · a adds it again by this ID"}
}

// removeFactor removes a factor from the list; it stays at WorkOS.
func (s *session) removeFactor(r store.Record) tea.Cmd {
	return s.runToCompletion("Removing…", func(ctx context.Context, id int) result {
		return factorsRemovedMsg{outcome{id, s.List.Remove(ctx, r.ID)}, []store.Record{r}, ""}
	})
}

// clearFactors removes all factors from the list, after an export.
func (s *session) clearFactors(all []store.Record) tea.Cmd {
	return s.runToCompletion("Removing…", func(ctx context.Context, id int) result {
		ids := make([]string, len(all))
		for i, r := range all {
			ids[i] = r.ID
		}
		export, err := s.List.Clear(ctx, ids...)
		return factorsRemovedMsg{outcome{id, err}, all, export}
	})
}

// factorsMovedMsg ends moveFactors.
type factorsMovedMsg struct {
	outcome
	store.Moved
	from, to string
}

func (m factorsMovedMsg) report(*session) notice {
	if m.err != nil {
		return notice{failure, "nothing was moved: " + words.Clean(m.err.Error())}
	}
	return notice{success, factors.Moved(m.Moved, m.from, m.to)}
}

// moveFactors moves the factors of another environment to this list.
func (s *session) moveFactors(from string) tea.Cmd {
	return s.runToCompletion("Moving…", func(ctx context.Context, id int) result {
		moved, err := s.List.MoveHere(ctx, from)
		return factorsMovedMsg{outcome{id, err}, moved, from, s.Store.Environment()}
	})
}

// lookAtStore takes over what another window has written to the factor file.
// Where there is nothing new it only looks at the file's time.
func (s *session) lookAtStore() tea.Cmd {
	file := s.Store
	if file == nil {
		return nil
	}
	return func() tea.Msg {
		changed, err := file.Reload()
		var vanished *store.VanishedError
		switch {
		case !changed: // another error is shown when the file is next written
			return nil
		case errors.As(err, &vanished):
			return storeVanishedMsg{vanished}
		}
		return recordsChangedMsg{}
	}
}

// storeVanishedMsg tells once that the factor file is gone.
type storeVanishedMsg struct{ err *store.VanishedError }

// storeWrittenMsg ends writeStoreBack.
type storeWrittenMsg struct{ outcome }

func (m storeWrittenMsg) report(s *session) notice {
	if m.err != nil {
		return notice{failure, "not written back: " + words.Clean(m.err.Error())}
	}
	return notice{success, "the factor file is there again, with " + english.Plural(len(s.Store.Records()), "factor", "")}
}

// writeStoreBack writes a factor file that is gone from memory.
func (s *session) writeStoreBack() tea.Cmd {
	return s.runToCompletion("Writing…", func(ctx context.Context, id int) result {
		return storeWrittenMsg{outcome{id, s.Store.WriteBack(ctx)}}
	})
}

// challengeStartedMsg ends startChallenge.
type challengeStartedMsg struct {
	outcome
	factors.Challenged
	template string
}

// startChallenge challenges a factor; template is the message of an SMS.
func (s *session) startChallenge(verb string, r store.Record, template string) tea.Cmd {
	cmd := s.call(verb, func(ctx context.Context, id int) tea.Msg {
		challenged, err := s.List.Challenge(ctx, r, template)
		return challengeStartedMsg{outcome{id, err}, challenged, template}
	})
	if r.Type == workos.SMS {
		s.work.warning = " · the message may have been sent anyway"
	}
	return cmd
}

// codeCheckedMsg ends verifyCode.
type codeCheckedMsg struct {
	outcome
	factors.Checked
}

// verifyCode checks a code against a challenge and saves the result.
func (s *session) verifyCode(r store.Record, challengeID, code string) tea.Cmd {
	return s.call("Checking code…", func(ctx context.Context, id int) tea.Msg {
		checked, err := s.List.Verify(ctx, r, challengeID, code)
		return codeCheckedMsg{outcome{id, err}, checked}
	})
}

// labelSetMsg ends setLabel.
type labelSetMsg struct {
	outcome
	factors.Done
}

// setLabel gives a factor the person's own name for it.
func (s *session) setLabel(factorID, label string) tea.Cmd {
	return s.runToCompletion("Saving…", func(ctx context.Context, id int) result {
		labelled, err := s.List.Label(ctx, factorID, label)
		return labelSetMsg{outcome{id, err}, labelled}
	})
}

// listPausedMsg comes when nothing was typed for a while on the users' screen.
type listPausedMsg struct{ listing int }

func (s *session) pauseBeforeList(listing int) tea.Cmd {
	return s.After(listPause, func(time.Time) tea.Msg { return listPausedMsg{listing} })
}

// usersListedMsg ends listUsers.
type usersListedMsg struct {
	listing int
	users   []workos.User
	more    bool
	err     error
}

// listUsers asks for the first users. No screen waits for them: a person can type and
// find one meanwhile.
func (s *session) listUsers(ctx context.Context, listing int) tea.Cmd {
	return func() tea.Msg {
		users, more, err := s.List.FirstUsers(ctx)
		return usersListedMsg{listing, users, more, err}
	}
}

// usersFoundMsg ends findUsers.
type usersFoundMsg struct {
	outcome
	users []workos.User
}

// findUsers asks for the users with an e-mail address.
func (s *session) findUsers(email string) tea.Cmd {
	return s.call("Looking for the user…", func(ctx context.Context, id int) tea.Msg {
		users, err := s.List.FindUsers(ctx, email)
		return usersFoundMsg{outcome{id, err}, users}
	})
}

// userAddedMsg ends addUser.
type userAddedMsg struct {
	outcome
	user workos.User
}

// addUser adds a user.
func (s *session) addUser(email string) tea.Cmd {
	return s.call("Adding the user…", func(ctx context.Context, id int) tea.Msg {
		user, err := s.List.AddUser(ctx, workos.CreateUserOpts{Email: email})
		return userAddedMsg{outcome{id, err}, user}
	})
}

// userFactorsLoadedMsg ends loadUserFactors.
type userFactorsLoadedMsg struct {
	outcome
	from    string // the page follows this factor; empty for the first page
	factors []workos.Factor
	next    string // where the next page begins, empty if there is none
}

// loadUserFactors asks for a page of a user's factors, newest first.
func (s *session) loadUserFactors(userID, from string) tea.Cmd {
	verb := "Loading factors…"
	if from != "" {
		verb = "Loading more factors…"
	}
	return s.call(verb, func(ctx context.Context, id int) tea.Msg {
		page, next, err := s.List.UserFactors(ctx, userID, from)
		return userFactorsLoadedMsg{outcome{id, err}, from, page, next}
	})
}

// savedMsg ends saveUnsaved.
type savedMsg struct{ outcome }

// saveUnsaved tries again to write what is not in the factor file yet.
func (s *session) saveUnsaved() tea.Cmd {
	return s.runToCompletion("Saving…", func(ctx context.Context, id int) result {
		return savedMsg{outcome{id, s.Store.Save(ctx)}}
	})
}

// storeOpenedMsg ends openStore.
type storeOpenedMsg struct {
	outcome
	store *store.Store
}

// openStore tries again to open the factor file.
func (s *session) openStore() tea.Cmd {
	return s.runToCompletion("Reading…", func(_ context.Context, id int) result {
		file, err := s.OpenStore()
		return storeOpenedMsg{outcome{id, err}, file}
	})
}

// storeRestoredMsg ends restoreStore.
type storeRestoredMsg struct {
	outcome
	store *store.Store
	kept  string // where the broken file is
}

// restoreStore restores the backup of the factor file and opens it.
func (s *session) restoreStore() tea.Cmd {
	return s.runToCompletion("Restoring the backup…", func(ctx context.Context, id int) result {
		msg := storeRestoredMsg{outcome: outcome{id: id}}
		if msg.kept, msg.err = s.RestoreStore(ctx); msg.err == nil {
			msg.store, msg.err = s.OpenStore()
		}
		return msg
	})
}

// phoneReadMsg ends readPhone: what the test phone shows.
type phoneReadMsg struct {
	clock int
	sms   string    // the message
	code  string    // in the message, or of the authenticator
	next  string    // the authenticator's next code
	until time.Time // when the code changes; zero for a message
	err   error
}

// readPhone reads the test phone: the message of the challenge of an SMS factor, the
// authenticator app for a TOTP factor.
func (s *session) readPhone(clock int, f workos.Factor, challengeID string) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := factors.Bounded(context.Background())
		defer cancel()
		msg := phoneReadMsg{clock: clock}
		switch {
		case f.SMS != nil:
			msg.sms, msg.code, msg.err = s.Phone.SMS(ctx, challengeID)
		case f.TOTP != nil:
			msg.code, msg.next, msg.until, msg.err = s.Phone.AuthenticatorCode(ctx, f.ID)
		}
		return msg
	}
}

// phoneFoundMsg ends findPhone, if there is one.
type phoneFoundMsg struct{ phone factors.TestPhone }

// findPhone looks for the test phone of the server, where there may be one.
func (s *session) findPhone() tea.Cmd {
	if s.Phone != nil || s.FindPhone == nil {
		return nil
	}
	return func() tea.Msg {
		ctx, cancel := factors.Bounded(context.Background())
		defer cancel()
		if phone := s.FindPhone(ctx); phone != nil {
			return phoneFoundMsg{phone}
		}
		return nil
	}
}

// tick waits a second for a clock.
func (s *session) tick(clock int) tea.Cmd {
	return s.After(time.Second, func(time.Time) tea.Msg { return tickMsg{clock} })
}

// minuteMsg comes once a minute: times such as "2 minutes ago" have changed.
type minuteMsg struct{}

func (s *session) nextMinute() tea.Cmd {
	return s.After(time.Minute, func(time.Time) tea.Msg { return minuteMsg{} })
}

// rememberQR keeps how QR codes are drawn on this terminal for the next time.
func (s *session) rememberQR(style qr.Style) tea.Cmd {
	return func() tea.Msg {
		if err := s.RememberQR(style); err != nil {
			return noticeMsg{notice{warning, "this style could not be remembered: " + words.Clean(err.Error())}}
		}
		return nil
	}
}

// hideAfter is how long a secret or a code that was asked for stays on the screen.
const hideAfter = 30 * time.Second

// hideMsg ends hideLater. A screen ignores the one of an earlier showing. The zero
// value ends any: something else has covered the screen, and who comes back to it may
// not be alone any more.
type hideMsg struct{ showing int }

// ends reports whether what was shown is to be hidden.
func (m hideMsg) ends(showing int) bool { return m.showing == 0 || m.showing == showing }

// hideLater waits until a secret or code is to be hidden.
func (s *session) hideLater(showing int) tea.Cmd {
	return s.After(hideAfter, func(time.Time) tea.Msg { return hideMsg{showing} })
}

// pngSavedMsg ends savePNG. If err is fs.ErrExist, path is the existing file.
type pngSavedMsg struct {
	outcome
	path string
}

// savePNG saves a QR code as a picture named after the factor.
func (s *session) savePNG(factorID string, code qr.Code, replace bool) tea.Cmd {
	return s.runToCompletion("Saving…", func(_ context.Context, id int) result {
		msg := pngSavedMsg{outcome: outcome{id: id}}
		png, err := code.PNG()
		if err == nil {
			msg.path, err = s.SavePNG(factorID+".png", png, replace)
		}
		msg.err = err
		return msg
	})
}
