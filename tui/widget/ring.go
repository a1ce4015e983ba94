package widget

import (
	"math"
	"strings"

	"github.com/charmbracelet/lipgloss"
)

// Ring is a bar of so many cells for time that runs out, as the ring of an authenticator
// app. left is how much of it is left, from 0 to 1.
func Ring(cells int, left float64, full, empty lipgloss.Style) string {
	cells = max(0, cells)
	filled := int(math.Round(float64(cells) * min(1, max(0, left))))
	return full.Render(strings.Repeat("━", filled)) + empty.Render(strings.Repeat("─", cells-filled))
}
