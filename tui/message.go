package tui

import (
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// messageScreen edits the text message before it is sent. Without {{code}} it can't
// be sent, since no code would arrive.
type messageScreen struct {
	session *session
	record  store.Record
	back    navigate
	entry   entry
	clock   int
}

func newMessageScreen(s *session, r store.Record, back navigate) (messageScreen, tea.Cmd) {
	message := messageScreen{s, r, back, s.newEntry("Message", ""), s.nextID()}
	message.entry.input.SetValue(factors.DefaultMessage)
	return message, message.next()
}

// next waits for the next second while a pause is counted.
func (s messageScreen) next() tea.Cmd {
	if s.session.pauseLeft(s.record) == 0 {
		return nil
	}
	return s.session.tick(s.clock)
}

func (s messageScreen) title() trail { return factorsTrail(factorName(s.record), "Message") }

func (s messageScreen) steps() steps { return laterSteps(s.record, 2) }

func (s messageScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case challengeStartedMsg:
		next, cmd := s.session.onChallengeStarted(s, msg, s.back)
		if stays, ok := next.(messageScreen); ok {
			cmd = tea.Batch(cmd, stays.next())
		}
		return next, cmd
	case tickMsg:
		if msg.clock == s.clock {
			return s, s.next()
		}
		return s, nil
	case recordsChangedMsg:
		s.record = s.session.latest(s.record)
	case tea.KeyMsg:
		s.entry.typed(msg)
	}
	return s, nil
}

func (s messageScreen) view(w, h int) string {
	st := s.session.styles
	text := factors.SampleMessage(s.entry.input.Value())
	hint, style := factors.CodePlaceholder+" is replaced by the code", st.dim
	if problem, warning := s.problem(), s.remark(); problem != "" {
		hint, style = "✗ "+problem, st.bad
	} else if warning != "" {
		hint, style = "! "+warning, st.warning
	}
	lines := strings.Split(s.entry.view(st, hint, style, w), "\n")
	if h > 10 {
		lines = append(lines, "")
	}
	size := fmt.Sprintf("Preview · %s, %s", english.Plural(len([]rune(text)), "character", ""),
		english.Plural(factors.Segments(text), "segment", ""))
	lines = append(lines, st.dim.Render(size))
	preview := strings.Split(ansi.Wrap(words.Clean(text), max(1, w-2), " "), "\n")
	if room := max(1, h-len(lines)); len(preview) > room {
		preview = append(preview[:room-1], "…")
	}
	for _, l := range preview {
		lines = append(lines, st.dim.Render("│ ")+l)
	}
	return strings.Join(lines, "\n")
}

func (s messageScreen) actions() []action {
	return []action{
		{keySend, s.problem() == "", shown, s.send},
		{keyBack, true, shown, s.back},
	}
}

func (s messageScreen) typing() typing { return textTyped }

func (s messageScreen) send() (screen, tea.Cmd) {
	if left := s.session.pauseLeft(s.record); left > 0 {
		return s, say(warning, factors.PauseText(left))
	}
	return s, s.session.startChallenge("Sending code…", s.record, s.entry.input.Value())
}

// problem is why the message can't be sent, empty if it can.
func (s messageScreen) problem() string {
	if err := factors.CheckMessage(s.entry.input.Value()); err != nil {
		return err.Error()
	}
	return ""
}

// remark is what to know about a message that can be sent, empty if nothing.
func (s messageScreen) remark() string {
	if left := s.session.pauseLeft(s.record); left > 0 {
		return factors.PauseText(left)
	}
	return factors.MessageRemark(s.entry.input.Value())
}
