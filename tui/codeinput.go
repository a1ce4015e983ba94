package tui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"
)

// codeLength is the number of digits of every code that WorkOS checks.
const codeLength = 6

// codeInput is six cells for a one-time code. Only digits go in: typing moves
// on, backspace moves back, a paste fills all. A code is text, so that leading
// zeroes stay.
type codeInput struct {
	cells [codeLength]byte // a digit, or 0 for an empty cell
	at    int              // the cell that the next digit goes into; codeLength when behind the last
}

// update answers a key. It reports whether the key completed the code, and
// whether it was text without a digit.
func (c codeInput) update(msg tea.KeyMsg) (next codeInput, completed, refused bool) {
	switch msg.Type {
	case tea.KeyRunes, tea.KeySpace:
		return c.insert(string(msg.Runes))
	case tea.KeyBackspace:
		c.at = max(0, c.at-1)
		c.cells[c.at] = 0
	case tea.KeyDelete:
		if c.at < codeLength {
			c.cells[c.at] = 0
		}
	case tea.KeyLeft:
		c.at = max(0, c.at-1)
	case tea.KeyRight:
		c.at = min(codeLength-1, c.at+1)
	case tea.KeyHome, tea.KeyCtrlA:
		c.at = 0
	case tea.KeyCtrlU:
		c = codeInput{}
	}
	return c, false, false
}

// insert types text: a whole code replaces what is there, fewer digits go on
// from the cursor.
func (c codeInput) insert(text string) (next codeInput, completed, refused bool) {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
	if digits == "" {
		return c, false, strings.TrimSpace(text) != ""
	}
	if len(digits) >= codeLength {
		c = codeInput{}
	}
	for i := 0; i < len(digits) && c.at < codeLength; i++ {
		c.cells[c.at] = digits[i]
		c.at++
	}
	return c, c.complete(), false
}

func (c codeInput) complete() bool { return len(c.value()) == codeLength }

// value is the digits that are there.
func (c codeInput) value() string {
	var b strings.Builder
	for _, d := range c.cells {
		if d != 0 {
			b.WriteByte(d)
		}
	}
	return b.String()
}

// view draws the cells, three rows high, 31 columns wide.
func (c codeInput) view(st styles, active bool) string {
	boxes := make([]string, 0, codeLength+1)
	for i, d := range c.cells {
		if i == codeLength/2 {
			boxes = append(boxes, " ")
		}
		text, style := " ", st.dim
		if d != 0 {
			text = string(d)
		}
		if active && i == c.at {
			style = st.accent
			if d == 0 {
				text = "_"
			}
		}
		side := style.Render("│")
		boxes = append(boxes, style.Render("┌───┐")+"\n"+side+st.title.Render(" "+text+" ")+side+"\n"+style.Render("└───┘"))
	}
	return lipgloss.JoinHorizontal(lipgloss.Top, boxes...)
}
