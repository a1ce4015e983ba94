package term

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// signs are what the screens draw with, as ASCII, each as wide.
var signs = strings.NewReplacer(
	"✓", "+", "┃", ">", "✗", "x", "–", "-", "—", "-", "…", "~", "·", "-", "•", "*", "●", "*", "○", "o", "›", ">", "‹", "<", "×", "x",
	"↑", "^", "↓", "v", "←", "<", "→", ">", "“", `"`, "”", `"`, "’", "'",
)

// ASCII is text, which may have escape sequences, for a terminal that has no other
// characters. It stays as wide as it was: lines of boxes are drawn with - | and +,
// a letter that ASCII does not have is a question mark.
func ASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	state := byte(0)
	for s = signs.Replace(s); s != ""; {
		sequence, width, n, next := ansi.DecodeSequence(s, state, nil)
		if sequence[0] < 0x80 {
			b.WriteString(sequence)
		} else if r := []rune(sequence)[0]; width > 0 {
			b.WriteString(strings.Repeat(letter(r), width))
		}
		s, state = s[n:], next
	}
	return b.String()
}

// letter is the ASCII character for another one.
func letter(r rune) string {
	switch {
	case r == '─' || r == '═' || r == '╌' || r == '┄' || r == '╴' || r == '╶' || r == '▁' || r == '▔':
		return "-"
	case r == '━': // time that is left, before ─
		return "="
	case r == '│' || r == '┃' || r == '║' || r >= '▌' && r <= '▐':
		return "|"
	case r >= 0x2500 && r < 0x2580: // the rest of the boxes: corners and crossings
		return "+"
	case r >= 0x2580 && r < 0x25a0: // blocks
		return "#"
	case r >= 0x2800 && r < 0x2900: // the spinner
		return string(`|/-\`[r%4])
	}
	return "?"
}
