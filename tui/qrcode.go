package tui

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
)

// qrScreen draws the otpauth URI of a TOTP factor as a QR code that a phone
// scans off the terminal, in the largest form that fits.
type qrScreen struct {
	session *session
	record  store.Record
	code    qr.Code
	err     error // the URI is missing or too long for a QR code
	back    navigate
	choice  QRChoice
	mode    int  // 0: the first of looks; n: the nth
	zoomed  bool // the code has the whole terminal
	secret  bool // the secret is shown

	showing int  // names this showing of the secret
	replace bool // the next picture may replace the one that is there
}

// look is a way to draw the code.
type look struct {
	form  qr.Form
	paint qr.Paint
}

// qrText is the width that the text beside a code needs, in columns.
const qrText = 15

// errNoURI is for an answer without a QR code, as from an API that is not quite WorkOS.
var errNoURI = fmt.Errorf("no QR code was returned with this factor")

func newQRScreen(s *session, r store.Record, back navigate) qrScreen {
	drawn := qrScreen{session: s, record: r, back: back, choice: s.QR}
	if r.TOTP == nil || r.TOTP.URI == "" {
		drawn.err = errNoURI
		return drawn
	}
	drawn.code, drawn.err = qr.Encode(r.TOTP.URI)
	return drawn
}

func (s qrScreen) title() trail { return factorsTrail(factorName(s.record), "QR code") }

func (s qrScreen) steps() steps { return laterSteps(s.record, 2) }

// full gives the code the whole terminal while it is zoomed.
func (s qrScreen) full() bool { return s.zoomed }

func (s qrScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case challengeStartedMsg:
		return s.session.challenged(s, msg, s.backTo())
	case pngSavedMsg:
		return s.saved(msg)
	case hideMsg:
		s.secret = s.secret && msg.showing != s.showing
		return s, nil
	case tea.KeyMsg:
		s.replace = false
	}
	return s, nil
}

// backTo is the way back to the code, as long as the secret is kept.
func (s qrScreen) backTo() navigate {
	return func() (screen, tea.Cmd) {
		s.secret = false
		if r, ok := s.session.Store.Record(s.record.ID); ok && !r.HasSecret() {
			return s.back()
		}
		return s, nil
	}
}

func (s qrScreen) view(w, h int) string {
	looks := s.looks()
	if len(looks) == 0 {
		return s.noCode(w)
	}
	l := s.look(looks)
	drawn := s.code.Draw(l.form, l.paint)
	cols, rows := s.code.Size(l.form)
	if s.zoomed {
		margin := strings.Repeat(" ", max(0, (w-cols)/2))
		above := max(0, (h-rows)/2)
		whole := strings.Repeat("\n", above) + margin + strings.ReplaceAll(drawn, "\n", "\n"+margin)
		if below := h - above - rows; below > 0 {
			whole += strings.Repeat("\n", below) + " " + keyWord(s.session.styles, as(keyZoom, "z", "zoom out"))
		}
		return whole
	}
	if from, width := s.aside(w); from > 0 {
		return lipgloss.JoinHorizontal(lipgloss.Top, drawn, "  ", s.text(width))
	}
	if s.secret { // no room beside the code: the secret takes its place while it is shown
		return s.text(w)
	}
	return drawn
}

func (s qrScreen) actions() []action {
	drawn, savePNG := s.err == nil, s.savePNG
	s.replace = false // any other key than p keeps the picture that is there
	zoom, secret := "zoom", "show secret"
	if s.zoomed {
		zoom = "zoom out"
	}
	if s.secret {
		secret = "hide secret"
	}
	return []action{
		{keyVerify, true, shown, s.verify},
		{as(keySecret, "s", secret), s.hidesSecret(), shown | whileBusy, s.showSecret},
		{keyCopy, s.secretText() != "", shown | whileBusy, s.copySecret},
		{as(keyZoom, "z", zoom), drawn, shown | whileBusy, s.zoom},
		{keyStyle, drawn, shownIf(len(s.looks()) > 1) | whileBusy, s.nextLook},
		{keySavePNG, drawn, shown, savePNG},
		{keyCopyURI, drawn, shown | whileBusy, s.copyURI},
		{as(keyBack, "esc", "zoom out"), s.zoomed, shown, s.zoom},
		{as(keyBack, "esc", "later"), !s.zoomed, shown, s.back},
	}
}

func (s qrScreen) verify() (screen, tea.Cmd) {
	s.zoomed = false
	return s.session.challenge(s, s.record, s.backTo())
}

func (s qrScreen) secretText() string {
	if s.record.TOTP == nil {
		return ""
	}
	return s.record.TOTP.Secret
}

// hidesSecret reports whether the secret can be shown and hidden: where no code
// can be drawn it is all there is, and shown at once.
func (s qrScreen) hidesSecret() bool { return s.secretText() != "" && len(s.looks()) > 0 }

func (s qrScreen) showSecret() (screen, tea.Cmd) {
	s.secret, s.zoomed = !s.secret, false
	if !s.secret {
		return s, nil
	}
	s.showing = s.session.nextID()
	return s, s.session.hideLater(s.showing)
}

func (s qrScreen) copySecret() (screen, tea.Cmd) {
	return s, s.session.copySecret("secret", s.secretText())
}

func (s qrScreen) copyURI() (screen, tea.Cmd) {
	return s, s.session.copySecret("otpauth URI", s.record.TOTP.URI)
}

func (s qrScreen) zoom() (screen, tea.Cmd) {
	s.zoomed, s.mode = !s.zoomed, 0
	return s, nil
}

func (s qrScreen) nextLook() (screen, tea.Cmd) {
	looks := s.looks()
	if len(looks) < 2 {
		return s, say(plain, "no other style fits this terminal")
	}
	s.mode = (s.mode + 1) % len(looks)
	l := looks[s.mode]
	s.session.QR = s.choose(l)
	told := say(plain, fmt.Sprintf("%s (%d of %d)", l.name(), s.mode+1, len(looks)))
	return s, tea.Batch(told, s.session.rememberQR(s.session.QR))
}

// choose is the choice that a look stands for: the first one is the choice that
// there was before.
func (s qrScreen) choose(l look) QRChoice {
	if s.mode == 0 {
		return s.choice
	}
	return QRChoice{l.form.Family(), l.paint != s.session.Paint}
}

func (l look) name() string {
	switch l.paint {
	case qr.PlainDark:
		return l.form.String() + ", for a dark terminal"
	case qr.PlainLight:
		return l.form.String() + ", for a light terminal"
	}
	return l.form.String()
}

func (s qrScreen) savePNG() (screen, tea.Cmd) {
	return s, s.session.savePNG(s.record.ID, s.code, s.replace)
}

// saved tells where the picture is, or asks before another one is replaced.
func (s qrScreen) saved(msg pngSavedMsg) (screen, tea.Cmd) {
	s.replace = errors.Is(msg.err, fs.ErrExist)
	switch {
	case s.replace:
		return s, say(warning, words.Clean(msg.path)+" is there already · p again replaces it, any other key keeps it")
	case msg.err != nil:
		return s, say(failure, "not saved: "+words.Clean(msg.err.Error()))
	}
	return s, say(success, "QR code saved as "+words.Clean(msg.path)+" · whoever has the picture has the factor")
}

// room is the space for the code: the whole terminal while zoomed, else the body.
func (s qrScreen) room() (w, h int) {
	if s.zoomed {
		return s.session.width, s.session.height
	}
	return s.session.box()
}

// looks are the ways to draw the code that fit now, the best first.
func (s qrScreen) looks() []look {
	if s.err != nil {
		return nil
	}
	w, h := s.room()
	paints := []qr.Paint{s.session.Paint, s.session.OtherPaint}
	switch {
	case paints[0] == paints[1]:
		paints = paints[:1]
	case s.choice.Other:
		slices.Reverse(paints)
	}
	var fitting []look
	for _, f := range s.code.Fitting(s.session.Paint, s.choice.Family, w, h) {
		for _, p := range paints { // both have the same forms
			fitting = append(fitting, look{f, p})
		}
	}
	return fitting
}

// look is the chosen one of the looks.
func (s qrScreen) look(looks []look) look { return looks[min(s.mode, len(looks)-1)] }

// aside is the column beside the code, if there is one.
func (s qrScreen) aside(w int) (from, width int) {
	looks := s.looks()
	if len(looks) == 0 {
		return 0, w
	}
	cols, _ := s.code.Size(s.look(looks).form)
	if from = cols + 2; from+qrText > w {
		return 0, w
	}
	return from, min(w-from, 60)
}

// text stands beside the code.
func (s qrScreen) text(w int) string {
	st := s.session.styles
	lines := []string{
		"Scan this with your authenticator app, then press " + st.key.Render("enter") + " and type the code that it shows.",
		"",
	}
	if s.secret {
		lines = append(lines, st.dim.Render("The secret, to type in instead:"), words.InFours(words.Clean(s.secretText())))
	} else {
		lines = append(lines, st.dim.Render("Can't scan?"))
		for _, key := range [...][2]string{{"m", "style"}, {"z", "zoom"}, {"s", "show secret"}, {"u", "copy the URI"}, {"p", "save PNG"}} {
			lines = append(lines, st.key.Render(key[0])+" "+st.dim.Render(key[1]))
		}
	}
	for i, l := range lines {
		lines[i] = ansi.Wrap(l, w, " ")
	}
	if s.secret {
		lines[len(lines)-1] = st.title.Render(lines[len(lines)-1])
	}
	return strings.Join(lines, "\n")
}

// noCode says why no code is drawn, and shows the secret instead.
func (s qrScreen) noCode(w int) string {
	st := s.session.styles
	var why string
	switch {
	case s.err == errNoURI:
		why = s.err.Error()
	case s.err != nil:
		why = "Issuer and user are too long for a QR code"
	default:
		cols, rows := s.code.Smallest(s.session.Paint)
		why = fmt.Sprintf("The QR code needs a terminal of %dx%d, this is %dx%d", cols+2, rows+4, s.session.width, s.session.height)
		if zoomed := rows; cols <= s.session.width && zoomed <= s.session.height {
			why += " · z gives it the whole terminal"
		}
	}
	lines := []string{st.warning.Render("! " + why), ""}
	if secret := words.Clean(s.secretText()); secret != "" {
		lines = append(lines, "Type this secret into your authenticator app:", st.title.Render(words.InFours(secret)), "")
	}
	on := "enter goes on to the code"
	if s.zoomed {
		on += " · z zooms out"
	}
	lines = append(lines, st.dim.Render(on))
	for i, l := range lines {
		lines[i] = ansi.Wrap(l, w, " ")
	}
	return strings.Join(lines, "\n")
}
