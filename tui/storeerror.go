package tui

import (
	"errors"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
)

// storeErrorScreen stands in place of the factors while the factor file can't
// be read. Nothing can be enrolled meanwhile, and the file is left alone.
type storeErrorScreen struct {
	session *session
	err     error
}

func newStoreErrorScreen(d *session, err error) storeErrorScreen {
	return storeErrorScreen{session: d, err: err}
}

func (s storeErrorScreen) title() trail { return trail{"The factor file can't be read"} }

func (s storeErrorScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case storeOpenedMsg:
		if msg.err != nil {
			s.err, s.session.StoreErr = msg.err, msg.err
			return s, say(failure, "still not readable")
		}
		s.session.Store = msg.store
		return newFactorsScreen(s.session, ""), s.session.tellOfStore()
	case storeRestoredMsg:
		if msg.err != nil {
			return s, say(failure, clean(msg.err.Error()))
		}
		s.session.Store = msg.store
		return newFactorsScreen(s.session, ""), say(success, "the copy is back · the broken file is kept as "+clean(msg.kept))
	}
	return s, nil
}

// tellOfStore shows what the person should know about the factor file, if anything.
func (s *session) tellOfStore() tea.Cmd {
	if text := s.Store.Notice(); text != "" {
		return say(warning, clean(text))
	}
	return nil
}

func (s storeErrorScreen) view(w, _ int) string {
	st := s.session.styles
	next := "Put that right, then press r."
	var broken *store.BrokenError
	if errors.As(s.err, &broken) {
		next = "Nothing in it was changed. The ids in it are the only way back to the factors, so don't delete it: put it right, or move it away, then press r."
	}
	if at := s.copied(); !at.IsZero() {
		next += "\n\nOr press b to put its last good copy back, from " + words.Ago(at, s.session.Now()) + ". The broken file is kept beside it."
	}
	return strings.Join([]string{
		st.bad.Render(ansi.Wrap("✗ "+clean(s.err.Error()), w, " ")), "", ansi.Wrap(next, w, " "),
	}, "\n")
}

func (s storeErrorScreen) actions() []action {
	return []action{
		{keyRestore, !s.copied().IsZero(), shown, s.restore},
		{keyTryAgain, true, shown, s.tryAgain},
	}
}

// copied is when the copy that can be put back was written, zero if there is none.
func (s storeErrorScreen) copied() time.Time {
	var broken *store.BrokenError
	if errors.As(s.err, &broken) && broken.Backup != "" {
		return broken.BackupAt
	}
	return time.Time{}
}

func (s storeErrorScreen) restore() (screen, tea.Cmd) {
	return s, s.session.restoreStore(s.session.beginLasting("Putting the copy back…"))
}

func (s storeErrorScreen) tryAgain() (screen, tea.Cmd) {
	return s, s.session.openStore(s.session.beginLasting("Reading…"))
}
