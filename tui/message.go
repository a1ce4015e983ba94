package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

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

func (s messageScreen) title() trail { return s.session.factorTrail(s.record, "Message") }

func (s messageScreen) steps() steps { return s.session.laterSteps(s.record, 2) }

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
	const remarkRows, spacious = 2, 14
	st, gap := s.session.styles, "\n"
	w = s.session.textWidth(w)
	if h >= spacious {
		gap = "\n\n"
	}
	to := st.dim.Render("To  ") + st.title.Render(ansi.Truncate(factors.SentTo(s.record.Factor), w-len("To  "), "…"))
	s.entry.note = " · " + factors.MessageSize(s.entry.input.Value())
	above := to + gap + s.entry.view(st, s.hint(), w, remarkRows)
	return above + "\n" + s.preview(w, h-lipgloss.Height(above))
}

// preview is the message as it may arrive, and what sending it does.
func (s messageScreen) preview(w, h int) string {
	const bubbleWidth, border = 46, 2
	st, style, does := s.session.styles, s.session.styles.dim, s.session.SendRemark()
	if s.session.Mode == factors.Live {
		style, does = st.warning, "! "+does
	}
	below := "\n" + style.Render(ansi.Wrap(does, w, " "))
	room := max(1, h-lipgloss.Height(below)+1)
	text := words.Clean(factors.SampleMessage(s.entry.input.Value()))
	if room <= border+2 {
		lines := shortened(strings.Split(ansi.Wrap(text, max(1, w-barWidth), " "), "\n"), room)
		return st.dim.Render("│ ") + strings.Join(lines, "\n"+st.dim.Render("│ ")) + below
	}
	lines := shortened(strings.Split(ansi.Wrap(text, max(1, min(w, bubbleWidth)-border*2), " "), "\n"), room-border-1)
	return st.dim.Render("Preview") + "\n" + st.box.Render(strings.Join(lines, "\n")) + below
}

// hint is what is wrong with the message, or what to know about it.
func (s messageScreen) hint() remark {
	st := s.session.styles
	if problem := s.problem(); problem != "" {
		return st.mistake(problem)
	}
	if warning := s.remark(); warning != "" {
		return st.caution(warning)
	}
	return remark{factors.CodePlaceholder + " is replaced by the code", st.dim}
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
