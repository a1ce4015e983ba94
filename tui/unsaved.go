package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
)

// unsavedScreen comes after a call that worked when the factor file could not be
// written. It shows the ID of the factor, which must not be lost, and saves again.
type unsavedScreen struct {
	session *session
	what    string // what worked, e.g. "The factor is enrolled"
	record  store.Record
	err     error
	next    navigate
}

// unlessUnsaved goes to next, or to an unsavedScreen first if the save failed.
func (s *session) unlessUnsaved(next navigate, what string, r store.Record, saveErr error) (screen, tea.Cmd) {
	if saveErr == nil {
		return next()
	}
	return unsavedScreen{s, what, r, saveErr, next}, nil
}

func (s unsavedScreen) title() trail { return factorsTrail("Not saved") }

func (s unsavedScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case savedMsg:
		if msg.err != nil {
			s.err = msg.err
			return s, say(failure, "still not saved")
		}
		return s.goOn(success, "saved")
	}
	return s, nil
}

func (s unsavedScreen) view(w, _ int) string {
	st := s.session.styles
	return strings.Join([]string{
		st.bad.Render(ansi.Wrap("✗ "+s.what+", but the factor file could not be written", w, " ")),
		"",
		words.Clean(s.record.ID),
		ansi.Wrap(st.dim.Render(words.Clean(s.err.Error())), w, " "),
		"",
		ansi.Wrap("Fix that, then press enter. Without its ID the factor can't be found again.", w, " "),
	}, "\n")
}

func (s unsavedScreen) actions() []action {
	return []action{
		{keySaveAgain, true, shown, s.save},
		{keyCopyID, true, shown, s.copyID},
		{keyGoOn, true, shown, s.unsaved},
	}
}

func (s unsavedScreen) save() (screen, tea.Cmd) {
	return s, s.session.saveUnsaved()
}

func (s unsavedScreen) copyID() (screen, tea.Cmd) {
	return s, s.session.copyText("factor ID", s.record.ID)
}

func (s unsavedScreen) unsaved() (screen, tea.Cmd) {
	return s.goOn(warning, "not saved · its ID is printed when you quit unless it is saved by then")
}

// goOn goes where the person would have been without the failure.
func (s unsavedScreen) goOn(kind noticeKind, text string) (screen, tea.Cmd) {
	next, cmd := s.next()
	return next, tea.Batch(say(kind, text), cmd)
}
