package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
)

// unsavedScreen stands between a call that worked and the next screen when the
// factor file could not be written: it names the factor, since its id must not
// be lost, and saves again.
type unsavedScreen struct {
	session *session
	what    string // what worked, e.g. "The factor is enrolled"
	record  store.Record
	err     error
	next    screen
}

func newUnsavedScreen(d *session, what string, r store.Record, err error, next screen) unsavedScreen {
	return unsavedScreen{session: d, what: what, record: r, err: err, next: next}
}

// unlessUnsaved goes on to next, by way of an unsavedScreen if the save failed.
func (s *session) unlessUnsaved(next screen, what string, r store.Record, saveErr error) (screen, tea.Cmd) {
	if saveErr == nil {
		return next, nil
	}
	return newUnsavedScreen(s, what, r, saveErr, next), nil
}

func (s unsavedScreen) title() trail { return factorsTrail("Not saved") }

func (s unsavedScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case savedMsg:
		if msg.saveErr != nil {
			s.err = msg.saveErr
			return s, say(failure, "still not saved")
		}
		return s.next, say(success, "saved")
	}
	return s, nil
}

func (s unsavedScreen) view(w, _ int) string {
	st := s.session.styles
	return strings.Join([]string{
		st.bad.Render(ansi.Wrap("✗ "+s.what+", but the factor file could not be written", w, " ")),
		"",
		clean(s.record.ID),
		ansi.Wrap(st.dim.Render(clean(s.err.Error())), w, " "),
		"",
		ansi.Wrap("Fix it, then press enter. Without its ID the factor can't be found again.", w, " "),
	}, "\n")
}

func (s unsavedScreen) actions() []action {
	return []action{
		{keySaveAgain, true, shown, s.save},
		{keyCopyID, true, shown, s.copyID},
		{keyGoOn, true, shown, s.goOn},
	}
}

func (s unsavedScreen) save() (screen, tea.Cmd) {
	return s, s.session.saveUnsaved(s.session.beginLasting("Saving…"))
}

func (s unsavedScreen) copyID() (screen, tea.Cmd) { return s, s.session.copyText("id", s.record.ID) }

func (s unsavedScreen) goOn() (screen, tea.Cmd) {
	return s.next, say(warning, "not saved: it is printed when you quit, if it is not saved by then")
}
