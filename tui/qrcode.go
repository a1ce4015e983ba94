package tui

import (
	"errors"
	"fmt"
	"image"
	"io/fs"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/cellbuf"
	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/tui/qr"
)

// qrScreen draws the otpauth URI of a TOTP factor as a QR code, in the largest style
// that fits. Only a key or a resize changes how it is drawn.
type qrScreen struct {
	session *session
	record  store.Record
	code    qr.Code
	err     error // the URI is missing or too long for a QR code
	back    navigate
	wanted  qr.Style  // drawn first
	glyphs  qr.Glyphs // those known when the screen was opened
	chosen  *drawing  // with m
	zoomed  bool      // the code has the whole terminal
	secret  bool      // the secret is shown

	showing int  // which time the secret is shown
	replace bool // p overwrites an existing picture
}

// drawing is how the code is drawn.
type drawing struct {
	none    bool // it is not
	variant qr.Variant
	place   place
}

// errNoURI is for a response without a QR code, as from a server that is not quite WorkOS.
var errNoURI = errors.New("no QR code was returned with this factor")

func newQRScreen(s *session, r store.Record, back navigate) qrScreen {
	drawn := qrScreen{session: s, record: r, back: back, wanted: s.QR, glyphs: s.Glyphs}
	if r.TOTP == nil || r.TOTP.URI == "" {
		drawn.err = errNoURI
		return drawn
	}
	drawn.code, drawn.err = qr.Encode(r.TOTP.URI)
	return drawn
}

func (s qrScreen) title() trail { return s.session.factorTrail(s.record, "QR\u00a0code") }

func (s qrScreen) steps() steps { return s.session.laterSteps(s.record, 2) }

func (s qrScreen) update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case recordsChangedMsg:
		if r := s.session.latest(s.record); r.HasSecret() { // else the code stays until it is left
			s.record = r
		}
	case challengeStartedMsg:
		return s.session.onChallengeStarted(s, msg, s.backTo())
	case pngSavedMsg:
		return s.saved(msg)
	case pngOpenedMsg:
		return s.opened(msg)
	case hideMsg:
		s.secret = s.secret && !msg.ends(s.showing)
		return s, nil
	case tea.KeyMsg:
		s.replace = false
	}
	return s, nil
}

// backTo leads back to the code, or past it once the secret is erased.
func (s qrScreen) backTo() navigate {
	return func() (screen, tea.Cmd) {
		s.secret = false
		if r, ok := s.session.Store.Record(s.record.ID); ok && !r.HasSecret() {
			return s.back()
		}
		return s, nil
	}
}

// picture is the code. The secret replaces it where it has no other place.
func (s qrScreen) picture() picture {
	d := s.drawing()
	if d.none {
		return picture{}
	}
	p := picture{size: s.size(d.variant), place: d.place}
	if s.secret && p.place == inFrame && !s.session.beside(p.size) && !s.session.below(p.size) {
		return picture{}
	}
	p.drawn = s.code.Draw(d.variant, s.session.Paint)
	return p
}

func (s qrScreen) view(w, h int) string {
	const legible = 60 // columns
	w = min(w, legible)
	var lines []string
	if d := s.drawing(); d.none {
		lines = s.noCode(h)
	} else {
		lines = s.text(d, h)
	}
	for i, l := range lines {
		lines[i] = cellbuf.Wrap(l, w, " ")
	}
	return strings.Join(lines, "\n")
}

func (s qrScreen) actions() []action {
	coded, savePNG := s.err == nil, s.savePNG
	s.replace = false // any key but p keeps the existing picture
	secret := "show secret"
	if s.secret {
		secret = "hide secret"
	}
	return []action{
		{as(keyBack, "esc", "zoom out"), s.zoomed, shown, s.zoom}, // first: there may be room for one
		{keyTypeCode, true, shown, s.verify},
		{keyZoom, s.zoomed || s.zoomHelps(), shownIf(!s.zoomed) | whileBusy, s.zoom},
		{keyStyle, coded, shownIf(len(s.drawings()) > 1) | whileBusy, s.nextStyle},
		{as(keySecret, "s", secret), s.hidesSecret(), shown | whileBusy, s.showSecret},
		{keySavePNG, coded, shown, savePNG},
		{keyOpenPNG, coded && s.session.Desktop, shown, s.openPNG},
		{keyCopy, s.secretText() != "", shown | whileBusy, s.copySecret},
		{keyCopyURI, coded, shown | whileBusy, s.copyURI},
		{keyBack, !s.zoomed, shown, s.back},
	}
}

func (s qrScreen) verify() (screen, tea.Cmd) {
	s.zoomed = false
	return s.session.onChallengeKey(s, s.record, s.backTo())
}

func (s qrScreen) secretText() string {
	if s.record.TOTP == nil {
		return ""
	}
	return s.record.TOTP.Secret
}

// hidesSecret reports whether the secret can be shown and hidden. Where no code can be
// drawn the secret is always shown.
func (s qrScreen) hidesSecret() bool { return s.secretText() != "" && !s.drawing().none }

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
	return s, s.session.copySecret("URI", s.record.TOTP.URI)
}

func (s qrScreen) zoom() (screen, tea.Cmd) {
	s.zoomed, s.secret = !s.zoomed, false
	return s, nil
}

func (s qrScreen) nextStyle() (screen, tea.Cmd) {
	all := s.drawings()
	if len(all) < 2 {
		return s, say(plain, "no other style fits this terminal")
	}
	at := (s.at(all) + 1) % len(all)
	d := all[at]
	said := say(plain, fmt.Sprintf("style: %s (%d\u00a0of\u00a0%d)", d.name(), at+1, len(all)))
	s.chosen = &d
	switch {
	case at == 0:
		s.chosen, s.session.QR = nil, s.wanted // as it was
	case d.none:
		s.session.QR = qr.Auto
	case s.doubts(d): // nobody wants boxes at the next start
		return s, said
	default:
		s.session.QR = d.variant.Style()
	}
	return s, tea.Batch(said, s.session.rememberQR(s.session.QR))
}

func (d drawing) name() string {
	if d.none {
		return "none"
	}
	return string(d.variant.Style())
}

func (s qrScreen) openPNG() (screen, tea.Cmd) {
	return s, s.session.openPNG(s.code)
}

func (s qrScreen) savePNG() (screen, tea.Cmd) {
	return s, s.session.savePNG(s.record.ID, s.code, s.replace)
}

// saved says where the picture is, or asks before overwriting one.
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

// opened says that the picture is open.
func (s qrScreen) opened(msg pngOpenedMsg) (screen, tea.Cmd) {
	if msg.err != nil {
		return s, say(failure, "can't open the picture: "+words.Clean(msg.err.Error())+" · press p to save it")
	}
	return s, say(success, "picture opened in your image viewer · it is deleted when you leave this screen")
}

// places are where the code may be, the best first.
func (s qrScreen) places() []place {
	if s.zoomed {
		return []place{alone}
	}
	return []place{inFrame, besideFrame}
}

// size is the size of a variant in cells.
func (s qrScreen) size(v qr.Variant) image.Point { return image.Pt(s.code.Size(v)) }

// drawings are those that fit now, one of each style, the best first. Sextants that the terminal may
// not draw come last unless they are wanted. Where there is nothing else to take, no
// code is one of the drawings.
func (s qrScreen) drawings() []drawing {
	if s.err != nil {
		return []drawing{{none: true}}
	}
	w, h := s.session.width, s.session.height
	take, offer := s.code.Fitting(s.session.Paint, s.glyphs, s.wanted, w, h)
	all, doubtful := s.placed(take), s.placed(offer)
	if !slices.ContainsFunc(all, func(d drawing) bool { return !s.doubts(d) }) {
		all = append(all, drawing{none: true})
	}
	// Half blocks leave the frame where it is, and scan as well.
	if len(all) > 1 && all[0] == (drawing{variant: qr.Full, place: besideFrame}) && all[0].variant.Style() != s.wanted {
		all = append(all[1:], all[0])
	}
	return append(all, doubtful...)
}

// placed are the variants that fit in one of the places, the largest of each style.
func (s qrScreen) placed(variants []qr.Variant) (fitting []drawing) {
	for _, v := range variants {
		if n := len(fitting); n > 0 && fitting[n-1].variant.Style() == v.Style() {
			continue
		}
		for _, at := range s.places() {
			if size, room := s.size(v), s.session.room(at); size.X <= room.X && size.Y <= room.Y {
				fitting = append(fitting, drawing{variant: v, place: at})
				break
			}
		}
	}
	return fitting
}

// doubts reports whether the terminal may not be able to draw a drawing.
func (s qrScreen) doubts(d drawing) bool {
	return !d.none && d.variant.Style() == qr.SextantStyle && s.glyphs != qr.Sextants
}

// at is which of the drawings is shown: the one of the chosen style, or else the best.
func (s qrScreen) at(all []drawing) int {
	if s.chosen == nil {
		return 0
	}
	return max(0, slices.IndexFunc(all, func(d drawing) bool {
		return d.none == s.chosen.none && d.variant.Style() == s.chosen.variant.Style()
	}))
}

// drawing is the one that is shown.
func (s qrScreen) drawing() drawing {
	all := s.drawings()
	return all[s.at(all)]
}

// text is what stands beside the code, in h rows.
func (s qrScreen) text(d drawing, h int) []string {
	const few, allKeys = 6, 120 // rows; columns of a terminal whose footer has the keys
	st := s.session.styles
	lines := []string{"Does it scan? If not: " + s.instead()}
	if s.doubts(d) {
		lines = append(lines, st.warning.Render("This may not scan: many fonts lack these blocks. Press m"))
	}
	do := []string{"Scan this with your authenticator app, then press " + st.key.Render("enter") + " and type the code that it shows."}
	switch {
	case s.secret:
		lines = append(append(s.typeIn(), ""), lines...)
	case h < few:
		lines = append([]string{"Scan this with your authenticator app"}, lines...) // the footer says enter
	default:
		lines = append(append(lines, ""), do...)
	}
	if d.place == inFrame && s.session.width < allKeys {
		lines = append(append(lines, ""), s.keys()...)
	}
	return lines
}

// instead is the keys for a code that does not scan: the next style, unless that may not
// scan either.
func (s qrScreen) instead() string {
	st, all := s.session.styles, s.drawings()
	if next := all[(s.at(all)+1)%len(all)]; len(all) > 1 && !next.none && !s.doubts(next) {
		return st.key.Render("m")
	}
	return st.key.Render("s") + " or " + st.key.Render("p")
}

// keys are the keys that are about the code, in the words of the footer, which may have
// no room for them.
func (s qrScreen) keys() (lines []string) {
	for _, a := range s.actions() {
		if a.when && a.how&shown != 0 && strings.Contains("zmspw", a.key.Help().Key) {
			lines = append(lines, keyWord(s.session.styles, a.key))
		}
	}
	return lines
}

// typeIn is the secret and what to do with it.
func (s qrScreen) typeIn() []string {
	st := s.session.styles
	return []string{
		st.title.Render(words.InFours(words.Clean(s.secretText()))),
		"Type this secret into your authenticator app, then press " + st.key.Render("enter") + " and type the code that the app shows.",
	}
}

// noCode says why no code is drawn, and what to do instead, in h rows.
func (s qrScreen) noCode(h int) []string {
	st, airy := s.session.styles, h >= airyRows
	var why string
	switch {
	case s.err == errNoURI:
		why = s.err.Error()
	case s.err != nil:
		why = "Issuer and user are too long for a QR code"
	default:
		why = s.tooSmall(airy)
	}
	parts := [][]string{{st.warning.Render("! " + why)}}
	if s.secretText() != "" {
		parts = append(parts, s.typeIn())
	}
	keys := s.keys()
	if !airy {
		keys = []string{strings.Join(keys, footerGap)}
	}
	var lines []string
	for _, p := range append(parts, keys) {
		if airy && len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, p...)
	}
	return lines
}

// tooSmall says what the terminal lacks for a code, and exactly so where there is room.
func (s qrScreen) tooSmall(exact bool) string {
	w, h := s.session.width, s.session.height
	needs := s.session.needs(s.smallest())
	var more []string
	if wider := needs.X - w; wider > 0 {
		more = append(more, english.Plural(wider, "column", "")+" wider")
	}
	if taller := needs.Y - h; taller > 0 {
		more = append(more, english.Plural(taller, "row", "")+" taller")
	}
	text := fmt.Sprintf("The QR code needs %dx%d, this terminal is %dx%d", needs.X, needs.Y, w, h)
	if exact {
		text += ": make it " + strings.Join(more, " and ")
	}
	return text
}

// smallest is the size of the smallest drawing to take unasked.
func (s qrScreen) smallest() image.Point {
	return image.Pt(s.code.Smallest(s.session.Paint, s.glyphs))
}

// zoomHelps reports whether a code is drawn, or drawn larger, once it has the whole
// terminal.
func (s qrScreen) zoomHelps() bool {
	now := s.drawing()
	s.zoomed = true
	then := s.drawing()
	return !then.none && (now.none || s.size(then.variant).X > s.size(now.variant).X)
}
