package widget

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

// CodeLength is the number of digits of every code that WorkOS checks.
const CodeLength = 6

// Code is six cells for a one-time code. They take digits only: typing moves forward,
// backspace moves back, a paste fills them. A code is text, so that leading zeroes
// stay.
type Code struct {
	cells   [CodeLength]byte // a digit, or 0 for an empty cell
	at      int              // the cell that the next digit goes into; CodeLength when behind the last
	verdict Verdict
}

// Verdict is what is known of a code.
type Verdict int

// The verdicts. The digits of a wrong code stay until the next one begins.
const (
	Unchecked Verdict = iota
	Wrong
	Right
)

// Judged returns the code with a verdict on it.
func (c Code) Judged(v Verdict) Code {
	c.verdict = v
	return c
}

// Verdict is what is known of the code.
func (c Code) Verdict() Verdict { return c.verdict }

// CodeOf returns the cells with a code in them.
func CodeOf(code string) Code {
	c, _, _ := Code{}.Insert(code)
	return c
}

// Update handles a key. It reports whether the key completed the code, and whether it
// was text without a digit. After a wrong code the first digit begins a new one, and the
// keys that move or delete correct the wrong one.
func (c Code) Update(msg tea.KeyMsg) (next Code, completed, refused bool) {
	before := c
	c.verdict = Unchecked
	switch msg.Type {
	case tea.KeyRunes, tea.KeySpace:
		return before.Insert(string(msg.Runes))
	case tea.KeyBackspace:
		c.at = max(0, c.at-1)
		c.cells[c.at] = 0
	case tea.KeyDelete:
		if c.at < CodeLength {
			c.cells[c.at] = 0
		}
	case tea.KeyLeft:
		c.at = max(0, c.at-1)
	case tea.KeyRight:
		c.at = min(CodeLength-1, c.at+1)
	case tea.KeyHome, tea.KeyCtrlA:
		c.at = 0
	case tea.KeyCtrlU:
		c = Code{}
	default:
		c = before
	}
	return c, false, false
}

// Insert types text. A whole code replaces what is there; fewer digits go in at the
// cursor.
func (c Code) Insert(text string) (next Code, completed, refused bool) {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	if digits == "" {
		return c, false, strings.TrimSpace(text) != ""
	}
	if len(digits) >= CodeLength || c.verdict != Unchecked {
		c = Code{}
	}
	from := c.at
	for i := 0; i < len(digits) && c.at < CodeLength; i++ {
		c.cells[c.at] = digits[i]
		c.at++
	}
	return c, c.at > from && c.Complete(), false
}

// Complete reports whether every cell has a digit.
func (c Code) Complete() bool { return len(c.Value()) == CodeLength }

// Value is the digits typed so far.
func (c Code) Value() string {
	var b strings.Builder
	for _, d := range c.cells {
		if d != 0 {
			b.WriteByte(d)
		}
	}
	return b.String()
}

// CodeStyles are the styles of the cells, of the current cell, of the digits, and of
// cells and digits of a code that was checked.
type CodeStyles struct{ Cell, Current, Digit, Wrong, Right lipgloss.Style }

// View draws the cells, three rows high and 31 columns wide. Active cells show where
// the next digit goes.
func (c Code) View(st CodeStyles, active bool) string {
	cell, digit := st.Cell, st.Digit
	switch c.verdict {
	case Wrong:
		cell, digit = st.Wrong, st.Wrong
	case Right:
		cell, digit = st.Right, st.Right
	}
	boxes := make([]string, 0, CodeLength+1)
	for i, d := range c.cells {
		if i == CodeLength/2 {
			boxes = append(boxes, " ")
		}
		text, style := " ", cell
		if d != 0 {
			text = string(d)
		}
		if active && i == c.at {
			style = st.Current
			if d == 0 {
				text = "_"
			}
		}
		side := style.Render("│")
		boxes = append(boxes, style.Render("┌───┐")+"\n"+side+digit.Render(" "+text+" ")+side+"\n"+style.Render("└───┘"))
	}
	return lipgloss.JoinHorizontal(lipgloss.Top, boxes...)
}
