package term

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// The bytes that sequences are made of.
const (
	esc = 0x1b
	bel = 0x07
	del = 0x7f

	csi = '['
	ss3 = 'O'
	osc = ']'
	dcs = 'P'

	textStarts = "]PX^_" // OSC, DCS, SOS, PM, APC: text up to a terminator
)

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"

	longestKey = 32  // no key has more bytes
	longest    = 256 // no answer has more; the rest of what has is not kept
)

// mended are keys that Bubble Tea does not know, as those that it knows.
var mended = map[string]string{
	"\x1bOa": "\x1b[1;5A", "\x1bOb": "\x1b[1;5B", "\x1bOc": "\x1b[1;5C", "\x1bOd": "\x1b[1;5D", // urxvt: ctrl and an arrow
	"\x1b[P":    "\x1b[3~", // st: Delete
	"\x1b[3$":   "\x1b[3~", // urxvt: shift+Delete
	"\x1b[3;2~": "\x1b[3~", // xterm: shift+Delete
	"\x1bOH":    "\x1b[H",  // Home and End while the cursor keys are in application mode
	"\x1bOF":    "\x1b[F",
}

var (
	// keys are sequences that may be keys. Bubble Tea ignores those that it does
	// not know, as long as no escape is before them.
	keys = regexp.MustCompile(`^\x1b(?:O[A-DP-S]|\[[\d;:]*[@-HJ-LNP-Z\\^-~]|\[[78]\$|\[\[[A-E]|\[<\d+;\d+;\d+[Mm])$`)
	// altKeys are those that Bubble Tea knows with an escape before them.
	altKeys = regexp.MustCompile(`^\x1b(?:O[A-DP-S]|\[(?:1;[256])?[A-D]|\[[a-dFHZ]|\[[1-8]~|\[[5-8]\^)$`)
	// shifted begins as a control sequence, but ends as only urxvt's keys do.
	shifted = regexp.MustCompile(`^\x1b\[\d+\$$`)
)

// beginnings are how answers begin.
var beginnings = [...]string{"\x1bP>|", "\x1b]11;", "\x1b[>", "\x1b[?"}

// filter turns what a terminal sends into what Bubble Tea understands. It is fed
// byte by byte, and holds back an unfinished sequence or character.
type filter struct {
	mouse bool // it is on: some terminals report it in three bytes after ESC [ M

	held    []byte
	waiting string // what an answer may begin with; an escape was passed as the key
	pasting bool
	tail    []byte // the last bytes of the paste

	replies  replies
	answered bool // the end mark came
}

// feed appends to out what a byte completes.
func (f *filter) feed(out []byte, b byte) []byte {
	if f.pasting {
		f.tail = append(f.tail, b)
		f.tail = f.tail[max(0, len(f.tail)-len(pasteEnd)):]
		f.pasting = string(f.tail) != pasteEnd
		return append(out, b)
	}
	f.held = append(f.held, b)
	if f.waiting != "" {
		return f.late(out)
	}
	if f.held[0] != esc {
		return f.character(out, f.held)
	}
	if len(f.held) > 2 && f.held[1] == esc && (b == esc || strings.IndexByte(textStarts, f.held[2]) >= 0) {
		out = append(out, esc) // the key, before something of its own
		f.held = append(f.held[:0], f.held[1:]...)
	}
	s := f.held
	alt := len(s) > 1 && s[1] == esc
	if alt {
		s = s[1:]
	}
	if len(s) < 2 || s[1] == esc {
		return out
	}
	switch s[1] {
	case csi:
		return f.control(out, s, alt)
	case ss3:
		return f.single(out, s, alt)
	case osc, dcs, 'X', '^', '_':
		return f.text(out, s)
	case '\\': // the end of a string whose beginning is gone
		f.drop()
		return out
	}
	return f.character(out, s[1:])
}

// late goes on with what is held, which may be the rest of an answer whose escape
// was taken for the key.
func (f *filter) late(out []byte) []byte {
	whole := f.waiting + string(f.held)
	for _, beginning := range beginnings {
		switch {
		case whole == beginning:
			f.held, f.waiting = append(f.held[:0], whole...), ""
			return out
		case strings.HasPrefix(beginning, whole):
			return out
		}
	}
	f.waiting = ""
	return f.again(out, len(f.held))
}

// character ends what is held with c, a character as far as it came.
func (f *filter) character(out, c []byte) []byte {
	switch {
	case !utf8.FullRune(c):
		return out
	case utf8.Valid(c):
		return f.pass(out)
	case len(c) > 1:
		return f.again(out, 1) // it was broken off
	}
	f.drop() // no character begins so
	return out
}

// control ends what is held if s is a whole control sequence.
func (f *filter) control(out, s []byte, alt bool) []byte {
	b := s[len(s)-1]
	switch {
	case len(s) == 2, len(s) == 3 && b == csi: // ESC [ [ A is F1 on the Linux console
		return out
	case b < ' ':
		return f.again(out, 1)
	case f.mouse && s[2] == 'M' && len(s) < 6:
		return out
	case f.mouse && s[2] == 'M':
		return f.pass(out)
	case b >= del:
		return f.again(out, 1)
	case shifted.Match(s), b >= '@':
	default: // a parameter
		f.held = f.held[:min(len(f.held), longest)]
		return out
	}
	reply := b == 'c' && (s[2] == '?' || s[2] == '>')
	switch text := string(s); {
	case reply && s[2] == '?':
		f.answered = true
	case reply:
		f.replies.attributes = text[3 : len(text)-1]
	case text == pasteStart:
		f.pasting, f.tail = true, nil
		f.drop()
		return append(out, text...)
	default:
		return f.key(out, s, alt)
	}
	if alt {
		out = append(out, esc) // the key, before an answer
	}
	f.drop()
	return out
}

// single ends what is held if s is a key after ESC O.
func (f *filter) single(out, s []byte, alt bool) []byte {
	switch b := s[len(s)-1]; {
	case len(s) == 2, b >= '0' && b <= ';': // with the number of a modifier, in old terminals
		f.held = f.held[:min(len(f.held), longest)]
		return out
	case b < ' ' || b >= del:
		return f.again(out, 1)
	}
	return f.key(out, s, alt)
}

// text ends what is held if s is a whole string.
func (f *filter) text(out, s []byte) []byte {
	last := len(s) - 1
	switch b := s[last]; {
	case s[last-1] == esc && last > 2:
		f.replies.take(s[1], string(s[2:last-1]))
		switch b {
		case '\\':
		case esc:
			return f.again(out, 1) // older urxvt ends it with the escape alone
		default:
			return f.again(out, 2) // it was broken off
		}
	case b == esc:
		return out
	case b == bel:
		f.replies.take(s[1], string(s[2:last]))
	case b < ' ': // a key: it was broken off
		return f.again(out, 1)
	default:
		f.held = f.held[:min(len(f.held), longest)]
		return out
	}
	f.drop()
	return out
}

// key ends what is held with a sequence: one that is not understood is nothing.
func (f *filter) key(out, s []byte, alt bool) []byte {
	text, ok := mended[string(s)]
	if !ok {
		text = string(s)
	}
	switch {
	case len(text) > longestKey:
	case alt && altKeys.MatchString(text):
		out = append(append(out, esc), text...)
	case !alt && keys.MatchString(text):
		out = append(out, text...)
	}
	f.drop()
	return out
}

// settle appends what is held if it is a key by itself. Call it when the rest
// should have come. asked says that it may come even so: in an answer.
func (f *filter) settle(out []byte, asked bool) []byte {
	if f.waiting != "" {
		f.waiting += string(f.held)
		return f.pass(out)
	}
	if len(f.held) == 1 && f.held[0] == esc ||
		len(f.held) == 2 && f.held[0] == esc && strings.IndexByte("\x1b[O"+textStarts, f.held[1]) >= 0 {
		if asked {
			f.waiting = string(f.held)
		}
		if asked && len(f.held) == 2 && slices.ContainsFunc(beginnings[:], func(b string) bool { return b[:2] == f.waiting }) {
			f.drop() // alt and this letter are no key of ours, and would be typed
			return out
		}
		return f.pass(out)
	}
	return out
}

// pass appends what is held as it is.
func (f *filter) pass(out []byte) []byte {
	out = append(out, f.held...)
	f.drop()
	return out
}

// again drops what is held but its last bytes, which begin anew.
func (f *filter) again(out []byte, last int) []byte {
	rest := bytes.Clone(f.held[len(f.held)-last:])
	f.drop()
	for _, b := range rest {
		out = f.feed(out, b)
	}
	return out
}

func (f *filter) drop() { f.held = f.held[:0] }
