package tui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
	"mfa-tui/tui/widget"
	"mfa-tui/workos/watch"
)

// serverMessageScreen is a whole message that a server "sent".
type serverMessageScreen struct {
	session *session
	message watch.Message
	back    navigate
}

func (s serverMessageScreen) title() trail { return trail{"Messages", words.Clean(s.message.To)} }

// update takes over what became of the code meanwhile.
func (s serverMessageScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	all := s.session.live.messages
	if i := slices.IndexFunc(all, func(m watch.Message) bool { return m.N == s.message.N }); i >= 0 {
		s.message = all[i]
	}
	return s, nil
}

func (s serverMessageScreen) view(w, h int) string {
	return s.session.wholeMessage(s.message, s.session.textWidth(w), h)
}

func (s serverMessageScreen) moves() bool { return s.session.good(s.message) }

func (s serverMessageScreen) actions() []action {
	return []action{
		{keyCopyCode, s.message.Code != "", shown, func() (screen, tea.Cmd) { return s, s.session.copyCodeOf(s.message) }},
		{keyBack, true, shown, s.back},
	}
}

// wholeMessage is a message with all that is known of it, in w columns and h rows: its code
// is large where there is room.
func (s *session) wholeMessage(m watch.Message, w, h int) string {
	const roomy = 16
	st := s.styles
	var lines []string
	switch code := words.InHalves(m.Code); {
	case m.Code == "":
	case h >= roomy && s.Glyphs != qr.Spaces && lipgloss.Width(widget.Large(code)) <= w:
		for _, l := range strings.Split(widget.Large(code), "\n") {
			lines = append(lines, s.whileGood(m, st.accent).Render(l))
		}
		lines = append(lines, "", st.text.Render(s.fate(m)), "")
	default:
		lines = []string{s.whileGood(m, st.title).Render(code) + "  " + st.text.Render(s.fate(m)), ""}
	}
	bubble := ansi.Wrap(s.inMessage(m), max(1, min(w, 60)-4), " ")
	lines = append(lines, strings.Split(st.box.Render(bubble), "\n")...)
	facts := []factors.Fact{{"to", words.Clean(m.To)}, {"for", s.forFactor(m)}, {"sent", moment(s, m.SentAt, w-labelWidth)}}
	if m.ChallengeID != "" {
		facts = append(facts, factors.Fact{"factor", words.Clean(m.FactorID)}, factors.Fact{"challenge", words.Clean(m.ChallengeID)})
	}
	lines = append(lines, "", table(st, append(facts, factors.Fact{"message", words.Clean(m.ID)}), w))
	return strings.Join(lines, "\n")
}
