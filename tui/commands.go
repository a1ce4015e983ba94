package tui

import (
	"context"
	"errors"
	"fmt"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/tui/qr"
	"mfa-tui/workos"
)

// All I/O of the screens is here, as commands: a command is a verb, the message
// that ends it the past tense. A command gets values, never a screen, and
// finishes the whole effect (call, then save) before it reports.

// outcome is what every result carries: the work that it ends, and what failed.
type outcome struct {
	id      int
	err     error // the call failed, so nothing was done
	saveErr error // the call worked, but the factor file could not be written
}

func (o outcome) workID() int { return o.id }

// late drops the result of work that was cancelled.
func (o outcome) late(*session) notice { return notice{} }

// lastingly runs an effect that must be finished even when the person quits.
func (d *session) lastingly(effect func(context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if !d.lasting.enter() {
			return nil // the program is ending, and nothing has been done yet
		}
		defer d.lasting.leave()
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		return effect(ctx)
	}
}

// call runs an effect that may be cancelled, bounded in time.
func call(ctx context.Context, effect func(context.Context) tea.Msg) tea.Cmd {
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		return effect(ctx)
	}
}

// saving is the context of a save after a call that worked: cancelling the call
// must not keep its result out of the file.
func saving(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), callTimeout)
}

// factorEnrolledMsg ends enrollFactor.
type factorEnrolledMsg struct {
	outcome
	opts   workos.EnrollFactorOpts
	record store.Record
}

func (m factorEnrolledMsg) late(d *session) notice {
	name := optsName(m.opts)
	switch {
	case m.err != nil:
		return notice{failure, "enrolling " + name + " failed: " + d.explain(m.err)}
	case m.saveErr != nil:
		return notice{failure, fmt.Sprintf("%s was enrolled as %s, but not saved: %v", name, m.record.ID, m.saveErr)}
	}
	return notice{success, "enrolled " + factorName(m.record)}
}

// enrollFactor enrolls a factor and saves it. It calls nobody while the factor
// file can't be written, since a factor whose id is lost is lost.
func (d *session) enrollFactor(id int, opts workos.EnrollFactorOpts) tea.Cmd {
	opts = d.enrolls.keyed(opts, d.NewKey)
	return d.lastingly(func(ctx context.Context) tea.Msg {
		msg := factorEnrolledMsg{outcome: outcome{id: id}, opts: opts}
		if err := d.Store.Ready(ctx); err != nil {
			msg.err = &notReadyError{err}
			return msg
		}
		factor, err := d.API.EnrollFactor(ctx, opts)
		if err == nil || workos.IsRefused(err) {
			d.enrolls.settled(opts)
		}
		if err != nil {
			msg.err = err
			return msg
		}
		ctx, cancel := saving(ctx)
		defer cancel()
		msg.record, msg.saveErr = d.put(ctx, factor)
		return msg
	})
}

// put saves a factor and returns its record.
func (d *session) put(ctx context.Context, factor workos.Factor) (store.Record, error) {
	_, err := d.Store.Put(ctx, store.Record{Factor: factor})
	if r, ok := d.Store.Record(factor.ID); ok {
		return r, err
	}
	return store.Record{Factor: factor}, err
}

// notReadyError is why nothing was enrolled: the factor file can't be written.
type notReadyError struct{ err error }

func (e *notReadyError) Error() string { return e.err.Error() }
func (e *notReadyError) Unwrap() error { return e.err }

// factorAdoptedMsg ends adoptFactor.
type factorAdoptedMsg struct {
	outcome
	record store.Record
}

// adoptFactor asks for a factor by its id and saves it.
func (d *session) adoptFactor(ctx context.Context, id int, factorID string) tea.Cmd {
	return call(ctx, func(ctx context.Context) tea.Msg {
		msg := factorAdoptedMsg{outcome: outcome{id: id}}
		factor, err := d.API.GetFactor(ctx, workos.GetFactorOpts{FactorID: factorID})
		if err != nil {
			msg.err = err
			return msg
		}
		ctx, cancel := saving(ctx)
		defer cancel()
		msg.record, msg.saveErr = d.put(ctx, factor)
		return msg
	})
}

// factorRefreshedMsg ends refreshFactor.
type factorRefreshedMsg struct {
	outcome
	record store.Record
	gone   bool
}

// refreshFactor asks WorkOS for a factor again and saves the answer. One that
// WorkOS does not know any more is marked as gone.
func (d *session) refreshFactor(ctx context.Context, id int, factorID string) tea.Cmd {
	return call(ctx, func(ctx context.Context) tea.Msg {
		msg := factorRefreshedMsg{outcome: outcome{id: id}}
		factor, err := d.API.GetFactor(ctx, workos.GetFactorOpts{FactorID: factorID})
		ctx, cancel := saving(ctx)
		defer cancel()
		switch {
		case workos.IsNotFound(err):
			msg.gone = true
			msg.record, msg.saveErr = d.Store.MarkGone(ctx, factorID, d.Now())
		case err != nil:
			msg.err = err
		default:
			factor.ID = factorID
			msg.record, msg.saveErr = d.Store.Refreshed(ctx, factor)
		}
		return msg
	})
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

// deleteFactor deletes a factor at WorkOS, then here. One that WorkOS does not
// know any more is as good as deleted.
func (d *session) deleteFactor(id int, r store.Record) tea.Cmd {
	return d.lastingly(func(ctx context.Context) tea.Msg {
		msg := factorDeletedMsg{outcome: outcome{id: id}, record: r}
		err := d.API.DeleteFactor(ctx, workos.DeleteFactorOpts{FactorID: r.ID})
		if err != nil && !workos.IsNotFound(err) {
			msg.err = err
			return msg
		}
		ctx, cancel := saving(ctx)
		defer cancel()
		msg.saveErr = d.Store.Forget(ctx, r.ID)
		return msg
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
// exported first, and stay if that fails: nobody could name them all again.
func (d *session) forgetFactors(id int, factorIDs []string) tea.Cmd {
	return d.lastingly(func(ctx context.Context) tea.Msg {
		msg := factorsForgottenMsg{outcome: outcome{id: id}, count: len(factorIDs)}
		if len(factorIDs) > 1 {
			if msg.export, msg.saveErr = d.Store.WriteExport(d.Now()); msg.saveErr != nil {
				return msg
			}
		}
		msg.saveErr = d.Store.Forget(ctx, factorIDs...)
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
	return call(ctx, func(ctx context.Context) tea.Msg {
		msg := challengeStartedMsg{outcome: outcome{id: id}, record: r, template: template}
		msg.challenge, msg.err = d.API.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: r.ID, SMSTemplate: template})
		if msg.err != nil {
			return msg
		}
		ctx, cancel := saving(ctx)
		defer cancel()
		started, err := d.Store.Started(ctx, r.ID, msg.challenge)
		if err == nil {
			msg.record = started
		}
		msg.saveErr = unlessUnkept(err)
		return msg
	})
}

// codeCheckedMsg ends verifyCode. A wrong code, an expired or used challenge and
// too many tries are outcomes, not errors.
type codeCheckedMsg struct {
	outcome
	became       store.Outcome
	verification workos.Verification
	record       store.Record
}

// verifyCode checks a code against a challenge and saves the outcome.
func (d *session) verifyCode(ctx context.Context, id int, r store.Record, challengeID, code string) tea.Cmd {
	return call(ctx, func(ctx context.Context) tea.Msg {
		msg := codeCheckedMsg{outcome: outcome{id: id}, record: r}
		v, err := d.API.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: challengeID, Code: code})
		msg.verification = v
		switch {
		case workos.IsExpired(err):
			msg.became = store.OutcomeExpired
		case workos.IsAlreadyVerified(err):
			msg.became = store.OutcomeAlreadyVerified
		case workos.IsTooManyAttempts(err):
			msg.became = store.OutcomeTooManyAttempts
		case err != nil:
			msg.err = err
			return msg
		case v.Valid:
			msg.became = store.OutcomeVerified
		default:
			msg.became = store.OutcomeWrongCode
		}
		ctx, cancel := saving(ctx)
		defer cancel()
		finished, err := d.Store.Finished(ctx, r.ID, challengeID, msg.became, d.Now())
		msg.saveErr = unlessUnkept(err)
		if finished.ID != "" {
			msg.record = finished
		}
		return msg
	})
}

// unlessUnkept is no error for a factor that is not in the factor file, as a
// user's may be: it has no history there.
func unlessUnkept(err error) error {
	if errors.Is(err, store.ErrNoRecord) {
		return nil
	}
	return err
}

// labelSetMsg ends setLabel.
type labelSetMsg struct {
	outcome
	record store.Record
}

// setLabel gives a factor the person's own name for it.
func (d *session) setLabel(id int, factorID, label string) tea.Cmd {
	return d.lastingly(func(ctx context.Context) tea.Msg {
		r, err := d.Store.SetLabel(ctx, factorID, label)
		return labelSetMsg{outcome{id: id, saveErr: err}, r}
	})
}

// savedMsg ends saveUnsaved.
type savedMsg struct{ outcome }

// saveUnsaved tries again to write what is not in the factor file yet.
func (d *session) saveUnsaved(id int) tea.Cmd {
	return d.lastingly(func(ctx context.Context) tea.Msg {
		return savedMsg{outcome{id: id, saveErr: d.Store.Save(ctx)}}
	})
}

// storeOpenedMsg ends openStore.
type storeOpenedMsg struct {
	outcome
	store Store
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
	store Store
	kept  string // where the broken file is
}

// restoreStore puts the last good copy of the factor file back and opens it.
func (d *session) restoreStore(id int) tea.Cmd {
	return d.lastingly(func(ctx context.Context) tea.Msg {
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
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
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
