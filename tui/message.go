package tui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// messageScreen edits the text message before it is sent: without {{code}} the
// person would never get a code, so that it can't be sent.
type messageScreen struct {
	session *session
	record  store.Record
	back    navigate
	input   textinput.Model
	clock   int
}

func newMessageScreen(d *session, r store.Record, back navigate) (messageScreen, tea.Cmd) {
	in := d.newInput("")
	in.SetValue(factors.DefaultMessage)
	in.Focus()
	s := messageScreen{session: d, record: r, back: back, input: in, clock: d.nextID()}
	return s, s.next()
}

// next lets the clock go on while a pause is counted.
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
		next, cmd := s.session.challenged(s, msg, s.back)
		if stays, ok := next.(messageScreen); ok {
			cmd = tea.Batch(cmd, stays.next())
		}
		return next, cmd
	case tickMsg:
		if msg.clock == s.clock {
			return s, s.next()
		}
		return s, nil
	case tea.KeyMsg:
		s.input, _ = s.input.Update(msg)
	}
	return s, nil
}

func (s messageScreen) view(w, h int) string {
	st := s.session.styles
	text := factors.SampleMessage(s.input.Value())
	in := s.input
	in.Width = max(1, w-3)
	lines := []string{st.accent.Render("Message"), in.View()}
	switch problem, warn := s.problem(), s.remark(); {
	case problem != "":
		lines = append(lines, strings.Split(remark(st.bad, "✗ "+problem, w), "\n")...)
	case warn != "":
		lines = append(lines, strings.Split(remark(st.warning, "! "+warn, w), "\n")...)
	default:
		lines = append(lines, remark(st.dim, factors.CodePlaceholder+" is replaced by the code", w))
	}
	if h > 10 {
		lines = append(lines, "")
	}
	size := fmt.Sprintf("Preview · %s, %s", english.Plural(len([]rune(text)), "character", ""),
		english.Plural(factors.Segments(text), "segment", ""))
	lines = append(lines, st.dim.Render(size))
	preview := strings.Split(ansi.Wrap(clean(text), max(1, w-2), " "), "\n")
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
	return s, s.session.sendChallenge("Sending code…", s.record, s.input.Value())
}

// problem is why the message can't be sent, empty if it can.
func (s messageScreen) problem() string {
	if err := factors.CheckMessage(s.input.Value()); err != nil {
		return err.Error()
	}
	return ""
}

// remark is what the person should know of a message that can be sent.
func (s messageScreen) remark() string {
	if left := s.session.pauseLeft(s.record); left > 0 {
		return factors.PauseText(left)
	}
	return factors.MessageRemark(s.input.Value())
}
