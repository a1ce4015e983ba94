package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// storeErrorScreen replaces the factors while the factor file can't be read. Nothing
// can be enrolled meanwhile, and the file is not touched.
type storeErrorScreen struct {
	session *session
	err     error
}

func (s storeErrorScreen) title() trail { return trail{"The factor file can't be read"} }

func (s storeErrorScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case storeOpenedMsg:
		if msg.err != nil {
			s.err, s.session.StoreErr = msg.err, msg.err
			return s, say(failure, "the factor file still can't be read")
		}
		s.session.Store = msg.store
		if text := s.session.startNotice(); text != "" {
			return newFactorsScreen(s.session, ""), say(warning, text)
		}
		return newFactorsScreen(s.session, ""), nil
	case storeRestoredMsg:
		if msg.err != nil {
			return s, say(failure, words.Clean(msg.err.Error()))
		}
		s.session.Store = msg.store
		return newFactorsScreen(s.session, ""), say(success,
			words.Join(" · ", "backup restored", "the broken file is kept as "+words.Clean(msg.kept), s.session.startNotice()))
	}
	return s, nil
}

// startNotice is what the person should know at the start, of the factor file first,
// empty if nothing.
func (s *session) startNotice() string {
	return words.Clean(words.Join(" · ", s.Store.Notice(), s.Notice))
}

func (s storeErrorScreen) view(w, _ int) string {
	st := s.session.styles
	next, backup := factors.FileAdvice(s.err)
	next += ", then press r."
	if !backup.IsZero() {
		next += "\n\nOr press b to restore the backup from " + words.Ago(backup, s.session.Now()) + ". The broken file is kept beside it."
	}
	return strings.Join([]string{
		st.bad.Render(ansi.Wrap("✗ "+words.Clean(s.err.Error()), w, " ")), "", ansi.Wrap(next, w, " "),
	}, "\n")
}

func (s storeErrorScreen) actions() []action {
	_, backup := factors.FileAdvice(s.err)
	return []action{
		{keyRestore, !backup.IsZero(), shown, s.restore},
		{keyTryAgain, true, shown, s.tryAgain},
	}
}

func (s storeErrorScreen) restore() (screen, tea.Cmd) {
	return s, s.session.restoreStore()
}

func (s storeErrorScreen) tryAgain() (screen, tea.Cmd) {
	return s, s.session.openStore()
}
