package term

import (
	"regexp"
	"strconv"
	"strings"
)

// questions are asked in one write: the name (XTVERSION), the second device
// attributes (DA2), the background (OSC 11), and at the end the device attributes
// (DA1), which every terminal answers, and after the others.
const questions = "\x1b[>0q" + "\x1b[>c" + "\x1b]11;?\x1b\\" + "\x1b[c"

// AnswerMsg is what the terminal says about itself. It comes once, or never.
type AnswerMsg struct {
	// Name is what it calls itself, such as "kitty(0.26.5)", empty if it has no
	// name. It is text from outside.
	Name       string
	Background Background // UnknownBackground if it did not tell
	Sextants   bool       // as in [Terminal]: what the environment said counts no more
}

// replies are the answers as they came.
type replies struct {
	name, attributes string
	background       Background
}

// message is what the replies mean on a terminal.
func (r replies) message(t Terminal) AnswerMsg {
	draws := t.attributesDraw(r.attributes)
	if r.name != "" {
		draws = namesDrawer(r.name)
	}
	return AnswerMsg{r.name, r.background, t.UTF8 && !t.nested && draws}
}

// colorAnswer is a colour as X11 writes it: one to four digits a channel.
var colorAnswer = regexp.MustCompile(`^rgba?:([[:xdigit:]]{1,4})/([[:xdigit:]]{1,4})/([[:xdigit:]]{1,4})(/[[:xdigit:]]{1,4})?$`)

// backgroundOf is what a colour is as a background.
func backgroundOf(color string) Background {
	m := colorAnswer.FindStringSubmatch(color)
	if m == nil {
		return UnknownBackground
	}
	brightness := 0.0
	for i, weight := range [...]float64{0.299, 0.587, 0.114} { // ITU-R BT.601: how bright each channel looks
		digits := m[i+1]
		value, _ := strconv.ParseUint(digits, 16, 16) // the expression has matched
		brightness += weight * float64(value) / float64(uint64(1)<<(4*len(digits))-1)
	}
	if brightness > 0.5 {
		return Light
	}
	return Dark
}

// take keeps what a control string says, if it is an answer: kind is the letter
// that began it.
func (r *replies) take(kind byte, text string) {
	if color, ok := strings.CutPrefix(text, "11;"); ok && kind == osc {
		r.background = backgroundOf(color)
	}
	if name, ok := strings.CutPrefix(text, ">|"); ok && kind == dcs {
		r.name = name
	}
}
