package tui

import (
	"context"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/tui/qr"
	"mfa-tui/workos"
)

// All I/O of the screens is here, as commands: a command is a verb, the message
// that ends it the past tense. A command gets values, never a screen. What it does
// with factors is a use case of package factors.

// outcome is what every result carries: the work that it ends, and what failed.
type outcome struct {
	id      int
	err     error // the call failed, so nothing was done
	saveErr error // the call worked, but the factor file could not be written
}

func (o outcome) workID() int { return o.id }

// late drops the result of work that was cancelled.
func (o outcome) late(*session) notice { return notice{} }

// runToCompletion runs an effect that must be finished even when the person quits.
func (d *session) runToCompletion(effect func(context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if !d.lasting.enter() {
			return nil // the program is ending, and nothing has been done yet
		}
		defer d.lasting.leave()
		ctx, cancel := factors.Bounded(context.Background())
		defer cancel()
		return effect(ctx)
	}
}

// factorEnrolledMsg ends enrollFactor.
type factorEnrolledMsg struct {
	outcome
	opts   workos.EnrollFactorOpts
	record store.Record
}

func (m factorEnrolledMsg) late(d *session) notice {
	name := factorName(store.Record{Factor: factors.ToEnroll(m.opts)})
	switch {
	case m.err != nil:
		return notice{failure, "enrolling " + name + " failed: " + d.explain(m.err)}
	case m.saveErr != nil:
		return notice{failure, fmt.Sprintf("%s was enrolled as %s, but not saved: %v", name, m.record.ID, m.saveErr)}
	}
	return notice{success, "enrolled " + factorName(m.record)}
}

// enrollFactor enrolls a factor and saves it.
func (d *session) enrollFactor(id int, opts workos.EnrollFactorOpts) tea.Cmd {
	return d.runToCompletion(func(ctx context.Context) tea.Msg {
		done, err := d.Enroll(ctx, opts, "")
		return factorEnrolledMsg{outcome{id, err, done.SaveErr}, opts, done.Record}
	})
}

// factorAdoptedMsg ends adoptFactor.
type factorAdoptedMsg struct {
	outcome
	record store.Record
}

// adoptFactor asks for a factor by its ID and saves it.
func (d *session) adoptFactor(ctx context.Context, id int, factorID string) tea.Cmd {
	return func() tea.Msg {
		done, err := d.Add(ctx, factorID, "")
		return factorAdoptedMsg{outcome{id, err, done.SaveErr}, done.Record}
	}
}

// factorRefreshedMsg ends refreshFactor.
type factorRefreshedMsg struct {
	outcome
	record store.Record
	gone   bool
}

// refreshFactor asks WorkOS for a factor again and saves the answer.
func (d *session) refreshFactor(ctx context.Context, id int, factorID string) tea.Cmd {
	return func() tea.Msg {
		done, err := d.Refresh(ctx, factorID)
		return factorRefreshedMsg{outcome{id, err, done.SaveErr}, done.Record, done.Gone}
	}
}

// factorDeletedMsg ends deleteFactor.
type factorDeletedMsg struct {
	outcome
	record store.Record
}

func (m factorDeletedMsg) late(d *session) notice {
	switch {
	case m.err != nil:
		return notice{failure, "deleting " + factorName(m.record) + " failed: " + d.explain(m.err)}
	case m.saveErr != nil:
		return notice{failure, fmt.Sprintf("deleted %s, but it is still in the list: %v", factorName(m.record), m.saveErr)}
	}
	return notice{success, "deleted " + factorName(m.record)}
}

// deleteFactor deletes a factor at WorkOS, then here.
func (d *session) deleteFactor(id int, r store.Record) tea.Cmd {
	return d.runToCompletion(func(ctx context.Context) tea.Msg {
		done, err := d.Delete(ctx, r)
		return factorDeletedMsg{outcome{id, err, done.SaveErr}, done.Record}
	})
}

// factorsForgottenMsg ends forgetFactors.
type factorsForgottenMsg struct {
	outcome
	count  int
	export string // where they were exported to first, if they were
}

func (m factorsForgottenMsg) late(*session) notice {
	if m.saveErr != nil {
		return notice{failure, clean(m.saveErr.Error())}
	}
	text := "removed " + english.Plural(m.count, "factor", "") + " from the list"
	if m.export != "" {
		text += " · mfa-tui import brings them back from " + clean(m.export)
	}
	return notice{success, text}
}

// forgetFactors takes factors off the list; they stay at WorkOS. Several are
// exported first.
func (d *session) forgetFactors(id int, factorIDs []string) tea.Cmd {
	return d.runToCompletion(func(ctx context.Context) tea.Msg {
		msg := factorsForgottenMsg{outcome: outcome{id: id}, count: len(factorIDs)}
		if len(factorIDs) > 1 {
			msg.export, msg.saveErr = d.Clear(ctx, factorIDs...)
		} else {
			msg.saveErr = d.Remove(ctx, factorIDs...)
		}
		return msg
	})
}

// lookAtStore takes over what another window has written to the factor file. It
// costs no more than a look at the file's time where there is nothing new.
func (d *session) lookAtStore() tea.Cmd {
	s := d.Store
	if s == nil {
		return nil
	}
	return func() tea.Msg {
		if changed, err := s.Reload(); err != nil || !changed {
			return nil // what is wrong with the file is told when it is written to
		}
		return recordsChangedMsg{}
	}
}

// challengeStartedMsg ends startChallenge.
type challengeStartedMsg struct {
	outcome
	record    store.Record
	challenge workos.Challenge
	template  string
}

// startChallenge challenges a factor; template is the message of an SMS.
func (d *session) startChallenge(ctx context.Context, id int, r store.Record, template string) tea.Cmd {
	return func() tea.Msg {
		done, err := d.Challenge(ctx, r, template)
		return challengeStartedMsg{outcome{id, err, done.SaveErr}, done.Record, done.Challenge, template}
	}
}

// codeCheckedMsg ends verifyCode. A wrong code, an expired or used challenge and
// too many wrong codes are results, not errors.
type codeCheckedMsg struct {
	outcome
	became       store.Outcome
	verification workos.Verification
	record       store.Record
}

// verifyCode checks a code against a challenge and saves the result.
func (d *session) verifyCode(ctx context.Context, id int, r store.Record, challengeID, code string) tea.Cmd {
	return func() tea.Msg {
		done, err := d.Verify(ctx, r, challengeID, code)
		return codeCheckedMsg{outcome{id, err, done.SaveErr}, done.Result, done.Verification, done.Record}
	}
}

// labelSetMsg ends setLabel.
type labelSetMsg struct {
	outcome
	record store.Record
}

// setLabel gives a factor the person's own name for it.
func (d *session) setLabel(id int, factorID, label string) tea.Cmd {
	return d.runToCompletion(func(ctx context.Context) tea.Msg {
		done, err := d.Label(ctx, factorID, label)
		return labelSetMsg{outcome{id, err, done.SaveErr}, done.Record}
	})
}

// savedMsg ends saveUnsaved.
type savedMsg struct{ outcome }

// saveUnsaved tries again to write what is not in the factor file yet.
func (d *session) saveUnsaved(id int) tea.Cmd {
	return d.runToCompletion(func(ctx context.Context) tea.Msg {
		return savedMsg{outcome{id: id, saveErr: d.Store.Save(ctx)}}
	})
}

// storeOpenedMsg ends openStore.
type storeOpenedMsg struct {
	outcome
	store *store.Store
}

// openStore tries again to open the factor file.
func (d *session) openStore(id int) tea.Cmd {
	return func() tea.Msg {
		s, err := d.OpenStore()
		return storeOpenedMsg{outcome{id: id, err: err}, s}
	}
}

// storeRestoredMsg ends restoreStore.
type storeRestoredMsg struct {
	outcome
	store *store.Store
	kept  string // where the broken file is
}

// restoreStore puts the last good copy of the factor file back and opens it.
func (d *session) restoreStore(id int) tea.Cmd {
	return d.runToCompletion(func(ctx context.Context) tea.Msg {
		msg := storeRestoredMsg{outcome: outcome{id: id}}
		if msg.kept, msg.err = d.RestoreStore(ctx); msg.err != nil {
			return msg
		}
		msg.store, msg.err = d.OpenStore()
		return msg
	})
}

// phoneReadMsg ends readPhone: what the test phone shows.
type phoneReadMsg struct {
	clock int
	text  string    // the message, or the code of the authenticator
	next  string    // the authenticator's next code
	until time.Time // when the code changes; zero for a message
	err   error
}

// readPhone looks at the test phone: at the messages of an SMS factor, at the
// authenticator of a TOTP factor.
func (d *session) readPhone(clock int, f workos.Factor) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := factors.Bounded(context.Background())
		defer cancel()
		msg := phoneReadMsg{clock: clock}
		switch {
		case f.SMS != nil:
			msg.text, _, msg.err = d.Phone.LastSMS(ctx, f.SMS.PhoneNumber)
		case f.TOTP != nil:
			msg.text, msg.next, msg.until, msg.err = d.Phone.AuthenticatorCode(ctx, f.ID)
		}
		return msg
	}
}

// tick lets a second pass for a clock.
func (d *session) tick(clock int) tea.Cmd {
	return d.After(time.Second, func(time.Time) tea.Msg { return tickMsg{clock} })
}

// minuteMsg comes once a minute: times such as "2 minutes ago" have changed.
type minuteMsg struct{}

func (d *session) nextMinute() tea.Cmd {
	return d.After(time.Minute, func(time.Time) tea.Msg { return minuteMsg{} })
}

// rememberQR keeps how QR codes are drawn on this terminal. That it could not be
// kept is told, but changes nothing now.
func (d *session) rememberQR(c QRChoice) tea.Cmd {
	return func() tea.Msg {
		if err := d.RememberQR(c); err != nil {
			return noticeMsg{notice{warning, "drawn so, but not remembered: " + clean(err.Error())}}
		}
		return nil
	}
}

// hideAfter is how long a secret or a code that was asked for stays on the screen.
const hideAfter = 30 * time.Second

// hideMsg ends hideLater. A screen ignores the end of an earlier showing.
type hideMsg struct{ showing int }

// hideLater lets the time of a showing pass.
func (d *session) hideLater(showing int) tea.Cmd {
	return d.After(hideAfter, func(time.Time) tea.Msg { return hideMsg{showing} })
}

// pngSavedMsg ends savePNG. Its path is that of the file that is there already if
// err is fs.ErrExist.
type pngSavedMsg struct {
	outcome
	path string
}

// savePNG saves a QR code as a picture named after the factor.
func (d *session) savePNG(id int, factorID string, code qr.Code, replace bool) tea.Cmd {
	return func() tea.Msg {
		const scale = 8
		msg := pngSavedMsg{outcome: outcome{id: id}}
		png, err := code.PNG(scale)
		if err == nil {
			msg.path, err = d.SavePNG(factorID+".png", png, replace)
		}
		msg.err = err
		return msg
	}
}
