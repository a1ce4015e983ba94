package tui

import (
	"math"
	"strconv"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// luminance is the relative luminance of one of the 256 colours, as WCAG 2.2
// defines it.
func luminance(t *testing.T, c lipgloss.Color) float64 {
	t.Helper()
	n, err := strconv.Atoi(string(c))
	if err != nil {
		t.Fatal(err)
	}
	rgb := termenv.ConvertToRGB(termenv.ANSI256Color(n))
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb.R) + 0.7152*linear(rgb.G) + 0.0722*linear(rgb.B)
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// Every colour reads on the backgrounds of its theme: WCAG asks for a contrast of
// 4.5, and for 3 of bold text. A colour for every background can't have more
// than the lower one on the darkest and the lightest.
func TestColoursRead(t *testing.T) {
	black, darkGrey := lipgloss.Color("16"), lipgloss.Color("235")
	white, paleGrey := lipgloss.Color("231"), lipgloss.Color("254")
	for theme, test := range map[Theme]struct {
		backgrounds []lipgloss.Color
		least       float64
	}{
		AnyTheme:   {[]lipgloss.Color{black, white}, 3.5},
		DarkTheme:  {[]lipgloss.Color{black, darkGrey}, 4.5},
		LightTheme: {[]lipgloss.Color{white, paleGrey}, 4.5},
	} {
		p := palettes[theme]
		for name, c := range map[string]lipgloss.Color{"accent": p.accent, "grey": p.grey, "good": p.good, "warning": p.warning, "bad": p.bad} {
			for _, bg := range test.backgrounds {
				if got := contrast(luminance(t, c), luminance(t, bg)); got < test.least {
					t.Errorf("theme %d: %s (%s) on %s has a contrast of %.1f, want %.1f", theme, name, c, bg, got, test.least)
				}
			}
		}
	}
	badges := newStyles(lipgloss.DefaultRenderer(), AnyTheme).badges
	for mode, style := range badges {
		fg, bg := style.GetForeground().(lipgloss.Color), style.GetBackground().(lipgloss.Color)
		if got := contrast(luminance(t, fg), luminance(t, bg)); got < 4.5 {
			t.Errorf("the badge %s has a contrast of %.1f", mode, got)
		}
	}
}
