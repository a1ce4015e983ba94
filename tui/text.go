package tui

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/tui/widget"
)

// fit cuts or fills s to exactly h lines of at most w columns.
func fit(s string, w, h int) []string {
	lines := strings.Split(s, "\n")
	if len(lines) > h {
		lines = lines[:max(0, h)]
	}
	for i, l := range lines {
		if cells(l) > w {
			lines[i] = truncate(l, w)
		}
	}
	for len(lines) < h {
		lines = append(lines, "")
	}
	return lines
}

// textWidth is the width of a text or a form in a body of w columns: longer lines are
// hard to read.
func (s *session) textWidth(w int) int { return min(w, 76) }

// column pads or cuts s to exactly w columns.
func column(s string, w int) string {
	s = truncate(s, w)
	return s + strings.Repeat(" ", max(0, w-cells(s)))
}

// A line of a list begins with this character, which has no width and which the root
// takes out: the line hangs so far out of its box that its text stands in line with the
// text above it, and its mark left of that.
const (
	hanging   = "\x00"
	markWidth = 2
)

// cells is the width of a line within its box.
func cells(line string) int {
	w := lipgloss.Width(line)
	if strings.HasPrefix(line, hanging) {
		w -= markWidth
	}
	return w
}

// truncate cuts a line to w columns of its box.
func truncate(line string, w int) string {
	if strings.HasPrefix(line, hanging) {
		w += markWidth
	}
	return ansi.Truncate(line, max(0, w), "…")
}

// middleCut is a text in w columns, without its middle if it is wider: names often differ
// at their ends.
func middleCut(text string, w int) string {
	if over := lipgloss.Width(text) - w; over > 0 {
		end := max(0, w) / 3
		return ansi.Truncate(text, max(0, w-end-1), "") + "…" + ansi.TruncateLeft(text, w+over-end, "")
	}
	return text
}

// scroll is the visible part of a text of so many lines in h rows, empty if it fits. A
// page is two lines shorter, since window may replace two.
func scroll(from, lines, h int) widget.Picker {
	if lines <= h {
		return widget.Picker{}
	}
	return widget.Picker{At: from, N: lines - h + 1, Rows: h - 2}
}

// window is h lines beginning at from. The first and the last say how many more there
// are.
func window(lines []string, from, h int) string {
	if len(lines) <= h || h < 1 {
		return strings.Join(lines, "\n")
	}
	from = min(from, len(lines)-h)
	shown := append([]string(nil), lines[from:from+h]...)
	if from > 0 {
		shown[0] = fmt.Sprintf("↑ %d more", from+1)
	}
	if rest := len(lines) - from - h; rest > 0 {
		shown[h-1] = fmt.Sprintf("↓ %d more", rest+1)
	}
	return strings.Join(shown, "\n")
}

// shortened is at most so many lines, the last of which says if there were more.
func shortened(lines []string, most int) []string {
	if len(lines) <= most {
		return lines
	}
	last := lines[most-1]
	return append(slices.Clone(lines[:most-1]), ansi.Truncate(last, max(0, lipgloss.Width(last)-1), "")+"…")
}

// besideGap is the columns between what is drawn beside each other.
const besideGap = 3

// dividerWidth is a line between two halves, with a space on either side.
const dividerWidth = 3

// divided draws left, leftWidth columns wide, a line, and right in a box of w columns
// and h rows.
func divided(st styles, left, right string, leftWidth, w, h int) string {
	rows, others := fit(left, leftWidth, h), fit(right, w-leftWidth-dividerWidth, h)
	for i := range rows {
		rows[i] = column(rows[i], leftWidth) + st.edge.Render(" │ ") + others[i]
	}
	return strings.Join(rows, "\n")
}
