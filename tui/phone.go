package tui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/widget"
	"mfa-tui/workos"
)

// phonePanel is where the code can be seen. It is the test phone of the local engine
// with its messages and authenticator app, or the code to deliver for a Generic OTP
// factor. Codes are hidden until the person asks; messages are shown, as on a phone.
type phonePanel struct {
	record    store.Record
	challenge string    // its id
	there     bool      // there is a phone, or a code to deliver
	code      string    // of an authenticator, in the message, or of a Generic OTP factor
	sms       string    // the message of the challenge
	next      string    // the authenticator's next code
	until     time.Time // when it shows that
	open      bool      // the code is shown
	closed    bool      // the challenge takes no more codes
	err       error
}

// newPhonePanel returns the panel for a challenge, and the command that reads the
// phone if there is one.
func newPhonePanel(s *session, clock int, r store.Record, c workos.Challenge) (phonePanel, tea.Cmd) {
	p := phonePanel{record: r, challenge: c.ID, code: c.Code, there: c.Code != "", open: s.serves()} // a console shows all codes
	if s.Phone == nil || r.SMS == nil && r.TOTP == nil {
		return p, nil
	}
	p.there = true
	return p, p.load(s, clock)
}

// load reads the phone.
func (p phonePanel) load(s *session, clock int) tea.Cmd {
	return s.readPhone(clock, p.record.Factor, p.challenge)
}

// hides reports whether there is a code to show or to hide.
func (p phonePanel) hides() bool { return p.code != "" && p.record.SMS == nil }

// fills reports whether the code can be filled in.
func (p phonePanel) fills() bool { return p.code != "" && !p.closed }

// stale reports whether the authenticator has another code by now.
func (p phonePanel) stale(s *session) bool { return !p.until.IsZero() && !s.Now().Before(p.until) }

// refresh reads the authenticator again when the code that it shows has changed.
func (p phonePanel) refresh(s *session, clock int) tea.Cmd {
	if !p.open || !p.stale(s) {
		return nil
	}
	return p.load(s, clock)
}

// read takes over what the phone shows.
func (p phonePanel) read(msg phoneReadMsg) phonePanel {
	p.sms, p.code, p.next, p.until, p.err = msg.sms, msg.code, msg.next, msg.until, msg.err
	return p
}

// left is how long the authenticator shows its code. While the code is hidden the phone
// is not read again, but the next one comes as the last one did.
func (p phonePanel) left(now time.Time) time.Duration {
	if p.until.IsZero() {
		return factors.NextCode(now)
	}
	return factors.NextStep(p.until, now)
}

// title is what the panel is.
func (p phonePanel) title() string {
	switch {
	case p.record.Type == workos.GenericOTP:
		return "deliver this code"
	case p.record.TOTP != nil:
		return "test phone · authenticator"
	case p.sms != "":
		return "test phone · new message"
	}
	return "test phone"
}

// shown is the code, or dots while it is hidden.
func (p phonePanel) shown() string {
	if p.open && p.code != "" {
		return words.InHalves(p.code)
	}
	return "••• •••"
}

// The box of the phone is wide enough for a message of 28 columns in its bubble.
const (
	phoneWidth  = 36
	phoneMargin = 4 // a border and a space on either side, also of a bubble
)

// box draws the panel in the narrowest box that fits into w columns and h rows, empty if
// none does.
func (p phonePanel) box(s *session, w, h int) string {
	if !p.there {
		return ""
	}
	for _, width := range []int{phoneWidth, w} {
		if width > w || width < phoneWidth {
			continue
		}
		if box := titledBox(s.styles, p.title(), p.lines(s, width-phoneMargin), width); lipgloss.Height(box) <= h {
			return box
		}
	}
	return ""
}

// lines is what the phone shows in w columns. It has as many rows before the message
// comes as with a short one, and as many with a hidden code as with one that is shown.
func (p phonePanel) lines(s *session, w int) []string {
	st := s.styles
	var lines []string
	switch {
	case p.err != nil:
		lines = strings.Split(ansi.Wrap(words.Clean(p.err.Error()), w, " "), "\n")
	case p.record.SMS != nil:
		lines = p.messageLines(st, w)
	case p.record.Type == workos.GenericOTP:
		lines = []string{st.title.Render(p.shown())}
	default:
		lines = p.authenticatorLines(s, w)
	}
	var keys []string
	if p.fills() {
		keys = append(keys, keyWord(st, keyFill))
	}
	if p.code != "" {
		keys = append(keys, keyWord(st, as(keyCopyCode, "y", "copy")))
	}
	if p.hides() {
		keys = append(keys, keyWord(st, as(keyCode, "o", showOrHide(p.open))))
	}
	return slices.Concat([]string{""}, lines, []string{"", strings.Join(keys, "  ")})
}

func showOrHide(open bool) string {
	if open {
		return "hide"
	}
	return "show"
}

// messageLines is the message as a bubble, and its code as large as text can be.
func (p phonePanel) messageLines(st styles, w int) []string {
	const shortMessage = 2
	if p.sms == "" {
		return append([]string{st.dim.Render("no message yet")}, make([]string, shortMessage+2)...)
	}
	text := ansi.Wrap(words.Clean(p.sms), w-phoneMargin, " ")
	bubble := strings.Split(st.box.Render(text+strings.Repeat("\n", max(0, shortMessage-lipgloss.Height(text)))), "\n")
	return append(bubble, strings.Repeat(" ", phoneMargin/2)+st.title.Render(words.InHalves(p.code)))
}

// authenticatorLines is the entry of an authenticator app: whose code it is, the code,
// the next one, and the time until that.
func (p phonePanel) authenticatorLines(s *session, w int) []string {
	st, left := s.styles, p.left(s.Now())
	code := st.title.Render(p.shown())
	if p.open && p.next != "" {
		code += "   " + st.dim.Render("next "+words.InHalves(p.next))
	}
	seconds := fmt.Sprintf(" %2d s", int(left.Seconds()))
	ring := widget.Ring(w-len(seconds), float64(left)/float64(factors.CodeStep), st.accent.Style, st.dim.Style)
	return []string{st.text.Render(ansi.Truncate(wireName(p.record), w, "…")), code, ring + seconds}
}

// titledBox draws lines in a rounded box of w columns with a title in its border.
func titledBox(st styles, title string, lines []string, w int) string {
	line := st.accent.Bold(false)
	inner, side := max(1, w-phoneMargin), line.Render("│")
	title = ansi.Truncate(title, inner-1, "…")
	rows := []string{line.Render("╭─ ") + title + line.Render(" "+strings.Repeat("─", max(0, inner-1-lipgloss.Width(title)))+"╮")}
	for _, l := range lines {
		rows = append(rows, side+" "+column(l, inner)+" "+side)
	}
	return strings.Join(append(rows, line.Render("╰"+strings.Repeat("─", inner+2)+"╯")), "\n")
}

// texts are what the panel says where there is no room for a box, at first all of it, then
// the least. A non-breaking space keeps a code and what is said of it on a line.
func (p phonePanel) texts(s *session) []string {
	switch {
	case p.err != nil:
		return []string{words.Clean(p.err.Error())}
	case p.record.SMS != nil && p.sms == "":
		return []string{"no message yet"}
	case p.record.SMS != nil:
		return []string{words.Clean(p.sms)}
	case !p.open || p.code == "":
		return []string{noBreaks(p.shown() + " o shows it")}
	case p.record.TOTP == nil:
		return []string{noBreaks(p.shown())}
	}
	now := noBreaks(fmt.Sprintf("%s for %d s", p.shown(), int(p.left(s.Now()).Seconds())))
	return []string{now + ", " + noBreaks(words.InHalves(p.next)+" next"), now}
}

const noBreak = "\u00a0"

func noBreaks(text string) string { return strings.ReplaceAll(text, " ", noBreak) }

// plain draws the panel where there is no room for a box: in at most w columns and h
// rows, the last of which says if that is not all.
func (p phonePanel) plain(s *session, w, h int) string {
	if !p.there {
		return ""
	}
	title, _, _ := strings.Cut(p.title(), " · ")
	title += ":"
	var lines []string
	over := 0
	for _, text := range p.texts(s) {
		lines = strings.Split(strings.ReplaceAll(ansi.Wrap(title+" "+text, w, " "), noBreak, " "), "\n")
		if over = len(lines) - max(1, h); over <= 0 {
			break
		}
	}
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
