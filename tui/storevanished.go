package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store/factors/words"
)

// storeVanishedScreen comes over the list once when the factor file is found to be
// gone. After esc the list is as it was, and still has the key.
type storeVanishedScreen struct {
	session *session
	path    string
	back    navigate
}

func (s storeVanishedScreen) title() trail { return factorsTrail("File gone") }

func (s storeVanishedScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case storeWrittenMsg:
		if msg.err != nil {
			return s, tellReport(s.session, msg)
		}
		next, cmd := s.back()
		return next, tea.Batch(cmd, tellReport(s.session, msg))
	case recordsChangedMsg:
		if s.session.Store.Vanished() == nil {
			next, cmd := s.back()
			return next, tea.Batch(cmd, say(success, "the factor file is there again"))
		}
	}
	return s, nil
}

// tellReport shows what a result has to say.
func tellReport(s *session, msg result) tea.Cmd {
	return func() tea.Msg { return noticeMsg{msg.report(s)} }
}

func (s storeVanishedScreen) view(w, _ int) string {
	st := s.session.styles
	number := len(s.session.Store.Records())
	next := fmt.Sprintf("%s %s still in memory. Press %s to write the file back.",
		english.Plural(number, "factor", ""), english.PluralWord(number, "is", "are"), st.key.Render("w"))
	return strings.Join([]string{
		st.bad.Render(ansi.Wrap("✗ "+words.Clean(s.path)+" is gone", w, " ")), "",
		ansi.Wrap(next, w, " "), "",
		ansi.Wrap("Nothing is enrolled until then. A file that you put back is read again.", w, " "),
	}, "\n")
}

func (s storeVanishedScreen) actions() []action {
	return []action{
		{as(keyWriteBack, "w", "write"), true, shown, s.writeBack},
		{keyBack, true, shown, s.back},
	}
}

func (s storeVanishedScreen) writeBack() (screen, tea.Cmd) {
	return s, s.session.writeStoreBack()
}
