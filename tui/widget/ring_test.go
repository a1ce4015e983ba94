package widget

import (
	"math"
	"testing"

	"github.com/charmbracelet/lipgloss"
)

func TestRing(t *testing.T) {
	plain := lipgloss.NewStyle()
	for _, tt := range []struct {
		cells int
		left  float64
		want  string
	}{
		{6, 1, "━━━━━━"},
		{6, 0.5, "━━━───"},
		{6, 0.1, "━─────"}, // nearest: 0.6 of a cell
		{6, 0, "──────"},
		{3, 1.7, "━━━"}, // a clock that was moved
		{3, -1, "───"},
		{0, 0.5, ""},
		{-2, 0.5, ""},
		{3, math.Inf(1), "━━━"},
	} {
		if got := Ring(tt.cells, tt.left, plain, plain); got != tt.want {
			t.Errorf("%d cells, %.1f left: %q, want %q", tt.cells, tt.left, got, tt.want)
		}
	}
}
