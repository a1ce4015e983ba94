package tui

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
)

// qrScreen draws the otpauth URI of a TOTP factor as a QR code that a phone
// scans off the terminal, in the largest style that fits.
type qrScreen struct {
	session *session
	record  store.Record
	code    qr.Code
	err     error // the URI is missing or too long for a QR code
	back    navigate
	choice  qr.Style
	at      int  // which of the variants
	asked   bool // m was pressed: what is only offered may be drawn
	zoomed  bool // the code has the whole terminal
	secret  bool // the secret is shown

	showing int  // names this showing of the secret
	replace bool // the next picture may replace the one that is there
}

// qrText is the width that the text beside a code needs, in columns.
const qrText = 15

// errNoURI is for a response without a QR code, as from a server that is not quite WorkOS.
var errNoURI = errors.New("no QR code was returned with this factor")

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
	variant, ok := s.variant()
	if !ok {
		return s.noCode(w)
	}
	drawn := s.code.Draw(variant, s.session.Paint)
	cols, rows := s.code.Size(variant)
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
		{keyStyle, drawn, shownIf(s.styles() > 1) | whileBusy, s.nextStyle},
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
func (s qrScreen) hidesSecret() bool {
	_, drawn := s.variant()
	return s.secretText() != "" && drawn
}

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
	s.zoomed, s.at, s.asked = !s.zoomed, 0, false
	return s, nil
}

func (s qrScreen) nextStyle() (screen, tea.Cmd) {
	take, offer := s.variants()
	all := append(take, offer...)
	_, drawn := s.variant()
	switch {
	case len(all) == 0, drawn && len(all) == 1:
		return s, say(plain, "no other style fits this terminal")
	case drawn:
		s.at = (s.at + 1) % len(all)
	}
	s.asked = true
	v := all[s.at]
	if s.session.QR = v.Style(); s.at == 0 && len(take) > 0 {
		s.session.QR = s.choice // the first is the choice before
	}
	text := fmt.Sprintf("%s (%d of %d)", v, s.at+1, len(all))
	if s.at >= len(take) {
		text += " · press m if you see boxes or question marks"
	}
	return s, tea.Batch(say(plain, text), s.session.rememberQR(s.session.QR))
}

func (s qrScreen) savePNG() (screen, tea.Cmd) {
	return s, s.session.savePNG(s.record.ID, s.code, s.replace)
}

// saved tells where the picture is, or asks before another one is replaced.
func (s qrScreen) saved(msg pngSavedMsg) (screen, tea.Cmd) {
	s.replace = errors.Is(msg.err, fs.ErrExist)
	switch {
	case s.replace:
		return s, say(warning, words.Clean(msg.path)+" already exists · press p again to overwrite")
	case msg.err != nil:
		return s, say(failure, "not saved: "+words.Clean(msg.err.Error()))
	}
	return s, say(success, "QR code saved as "+words.Clean(msg.path)+" · anyone with this file can generate your codes")
}

// room is the space for the code: the whole terminal while zoomed, else the body.
func (s qrScreen) room() (w, h int) {
	if s.zoomed {
		return s.session.width, s.session.height
	}
	return s.session.box()
}

// variants are those that fit now, the best first: those to take, and those to
// offer behind m.
func (s qrScreen) variants() (take, offer []qr.Variant) {
	if s.err != nil {
		return nil, nil
	}
	w, h := s.room()
	return s.code.Fitting(s.session.Paint, s.choice, w, h, s.session.Sextants)
}

// styles is how many ways there are to draw the code.
func (s qrScreen) styles() int {
	take, offer := s.variants()
	return len(take) + len(offer)
}

// variant is the chosen one, if there is one.
func (s qrScreen) variant() (v qr.Variant, ok bool) {
	all, offer := s.variants()
	if s.asked {
		all = append(all, offer...)
	}
	if len(all) == 0 {
		return 0, false
	}
	return all[min(s.at, len(all)-1)], true
}

// aside is the column beside the code, if there is one.
func (s qrScreen) aside(w int) (from, width int) {
	variant, ok := s.variant()
	if !ok {
		return 0, w
	}
	cols, _ := s.code.Size(variant)
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
		cols, rows := s.code.Smallest(s.session.Paint, s.session.Sextants)
		why = fmt.Sprintf("The QR code needs a terminal of %dx%d, this is %dx%d", cols+2, rows+4, s.session.width, s.session.height)
		if zoomed := rows; cols <= s.session.width && zoomed <= s.session.height {
			why += " · z gives it the whole terminal"
		}
		if s.styles() > 0 {
			why += " · m draws it in smaller blocks, which some fonts lack"
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
