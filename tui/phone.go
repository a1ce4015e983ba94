package tui

import (
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
)

// phonePanel stands beside the code. It is the test phone of the local engine with its
// messages and authenticator app, or the code to deliver for a Generic OTP factor.
// Codes are hidden until the person asks; messages are shown, as on a phone.
type phonePanel struct {
	factor    workos.Factor
	challenge string    // its id
	code      string    // of an authenticator or a Generic OTP factor
	sms       string    // the message of the challenge
	next      string    // the authenticator's next code
	until     time.Time // when it shows that
	open      bool      // the code is shown
	err       error
}

// newPhonePanel returns the panel for a challenge, and the command that reads the
// phone if there is one.
func newPhonePanel(s *session, clock int, r store.Record, c workos.Challenge) (phonePanel, tea.Cmd) {
	p := phonePanel{factor: r.Factor, challenge: c.ID, code: c.Code}
	if s.Phone == nil || r.SMS == nil && r.TOTP == nil {
		return p, nil
	}
	return p, p.load(s, clock)
}

// load reads the phone.
func (p phonePanel) load(s *session, clock int) tea.Cmd {
	return s.readPhone(clock, p.factor, p.challenge)
}

// hides reports whether there is a code to show or to hide.
func (p phonePanel) hides() bool { return p.code != "" }

// counts reports whether the panel changes with time.
func (p phonePanel) counts() bool { return p.open && !p.until.IsZero() }

// refresh reads the authenticator again when its code has changed.
func (p phonePanel) refresh(s *session, clock int) tea.Cmd {
	if !p.counts() || s.Now().Before(p.until) {
		return nil
	}
	return p.load(s, clock)
}

// read takes over what the phone shows.
func (p phonePanel) read(msg phoneReadMsg) phonePanel {
	p.err = msg.err
	if p.factor.SMS != nil {
		p.sms = msg.text
	} else {
		p.code, p.next, p.until = msg.text, msg.next, msg.until
	}
	return p
}

// content is what the panel says, with its title. The title is empty if there is no
// panel.
func (p phonePanel) content(s *session) (title, text string) {
	switch {
	case p.err != nil:
		return "test phone", words.Clean(p.err.Error())
	case p.factor.SMS != nil && s.Phone != nil && p.sms == "":
		return "test phone", "no message yet"
	case p.factor.SMS != nil && s.Phone != nil:
		return "test phone · new message", words.Clean(p.sms)
	case p.code == "":
		return "", ""
	case p.factor.Type == workos.GenericOTP:
		return "deliver this code", p.shown("")
	}
	left := max(0, int(p.until.Sub(s.Now()).Round(time.Second).Seconds()))
	return "test phone · authenticator", p.shown(fmt.Sprintf("  for %d s\n%s  next", left, words.InHalves(p.next)))
}

// box draws the panel in a box of w columns, empty if there is none.
func (p phonePanel) box(s *session, w int) string {
	title, text := p.content(s)
	if title == "" {
		return ""
	}
	st, inner := s.styles, max(1, w-4)
	return st.box.Width(w - 2).Render(st.dim.Render(ansi.Truncate(title, inner, "…")) + "\n\n" +
		st.title.Render(ansi.Wrap(text, inner, " ")))
}

// plain draws the panel where there is no room for a box: in at most w columns and h
// rows, the last of which says if that is not all.
func (p phonePanel) plain(s *session, w, h int) string {
	title, text := p.content(s)
	if title == "" {
		return ""
	}
	title, _, _ = strings.Cut(title, " · ")
	const noBreak = "\u00a0" // keeps a code and what is said of it on a line; not for the screen
	if p.factor.SMS == nil {
		text = strings.ReplaceAll(strings.ReplaceAll(text, "  ", " "), " ", noBreak)
	}
	text = strings.ReplaceAll(text, "\n", ", ")
	title += ":"
	lines := strings.Split(strings.ReplaceAll(ansi.Wrap(title+" "+text, w, " "), noBreak, " "), "\n")
	over := len(lines) - max(1, h)
	if over > 0 {
		lines = lines[:len(lines)-over-1]
	}
	st := s.styles
	for i, l := range lines {
		rest, first := strings.CutPrefix(l, title)
		lines[i] = st.title.Render(rest)
		if first {
			lines[i] = st.dim.Render(title) + lines[i]
		}
	}
	if over > 0 {
		lines = append(lines, st.dim.Render(fmt.Sprintf("… %s: enlarge the window", english.Plural(over+1, "more line", ""))))
	}
	return strings.Join(lines, "\n")
}

// shown is the code and the text with it, or dots while the code is hidden.
func (p phonePanel) shown(with string) string {
	if !p.open {
		return "••• •••  o shows it"
	}
	return words.InHalves(p.code) + with
}
