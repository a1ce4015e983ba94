package tui

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
	"github.com/muesli/termenv"
)

// luminance is the relative luminance of a colour, as WCAG 2.2
// defines it.
func luminance(t *testing.T, c lipgloss.Color) float64 {
	t.Helper()
	rgb := termenv.ConvertToRGB(termenv.TrueColor.Color(string(c)))
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb.R) + 0.7152*linear(rgb.G) + 0.0722*linear(rgb.B)
}

func contrast(a, b float64) float64 { return (max(a, b) + 0.05) / (min(a, b) + 0.05) }

// Every colour reads on the backgrounds of its theme and on a chosen row: WCAG asks
// for a contrast of 4.5. No colour for every background has it on the darkest and on the
// lightest.
func TestColoursRead(t *testing.T) {
	const black, mocha, solarizedDark = "#000000", "#1e1e2e", "#002b36"
	const white, solarizedLight = "#ffffff", "#fdf6e3"
	for theme, test := range map[Theme]struct {
		backgrounds []lipgloss.Color
		least       float64
	}{
		AnyTheme:   {[]lipgloss.Color{black, mocha, solarizedDark, white, solarizedLight}, 3.5},
		DarkTheme:  {[]lipgloss.Color{black, mocha, solarizedDark, palettes[DarkTheme].bar}, 4.5},
		LightTheme: {[]lipgloss.Color{white, solarizedLight, palettes[LightTheme].bar}, 4.5},
	} {
		st := newStyles(colourful(termenv.ANSI256), theme)
		for name, s := range st.named() {
			c, coloured := s.GetForeground().(lipgloss.Color)
			if !coloured || c == "" {
				if theme != AnyTheme { // else it is the terminal's own
					t.Errorf("theme %d: %s has no colour", theme, name)
				}
				continue
			}
			for _, bg := range test.backgrounds {
				if got := contrast(luminance(t, c), luminance(t, bg)); got < test.least {
					t.Errorf("theme %d: %s (%s) on %s has a contrast of %.2f, want %.1f", theme, name, c, bg, got, test.least)
				}
			}
		}
		for mode, style := range st.badges {
			fg, bg := style.GetForeground().(lipgloss.Color), style.GetBackground().(lipgloss.Color)
			if got := contrast(luminance(t, fg), luminance(t, bg)); got < 4.5 {
				t.Errorf("the badge %s has a contrast of %.1f", mode, got)
			}
		}
	}
}

// named are the styles of text.
func (st styles) named() map[string]pen {
	return map[string]pen{
		"name": st.name, "text": st.text, "title": st.title, "dim": st.dim, "accent": st.accent, "key": st.key,
		"good": st.good, "warning": st.warning, "bad": st.bad, "bar": st.bar,
	}
}

// With 16 colours nothing vanishes, whatever they are: the console's, or Solarized, whose
// bright black is the dark background. Where the background may be dark, what is less important
// is faint, in the terminal's own colour.
func TestSixteenColoursRead(t *testing.T) {
	const least = 2.7
	vga := strings.Fields("#000000 #aa0000 #00aa00 #aa5500 #0000aa #aa00aa #00aaaa #aaaaaa #555555 #ff5555 #55ff55 #ffff55 #5555ff #ff55ff #55ffff #ffffff")
	solarized := strings.Fields("#073642 #dc322f #859900 #b58900 #268bd2 #d33682 #2aa198 #eee8d5 #002b36 #cb4b16 #586e75 #657b83 #839496 #6c71c4 #93a1a1 #fdf6e3")
	dark, light := map[string][]string{"#000000": vga, "#002b36": solarized}, map[string][]string{"#ffffff": vga, "#fdf6e3": solarized}
	for theme, all := range map[Theme][]map[string][]string{AnyTheme: {dark, light}, DarkTheme: {dark}, LightTheme: {light}} {
		st := newStyles(colourful(termenv.ANSI), theme)
		for name, style := range st.named() {
			i, err := strconv.Atoi(fmt.Sprint(style.GetForeground()))
			if err != nil {
				continue // it is the terminal's own
			}
			for _, terminals := range all {
				for bg, colours := range terminals {
					if got := contrast(luminance(t, lipgloss.Color(colours[i])), luminance(t, lipgloss.Color(bg))); got < least {
						t.Errorf("theme %d: %s (%d) on %s has a contrast of %.2f", theme, name, i, bg, got)
					}
				}
			}
		}
		if got := st.dim.Render("x") + st.edge.Render("x"); theme != LightTheme && got != "\x1b[2mx\x1b[0m\x1b[2mx\x1b[0m" {
			t.Errorf("theme %d: less important text is %q", theme, got)
		}
	}
}

func colourful(p termenv.Profile) *lipgloss.Renderer {
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(p)
	return r
}

// A chosen row is a bar across all its columns, whatever styles are in it: in a colour
// where there are 256 and the background is known, else in reverse video.
func TestBarOfAChosenRow(t *testing.T) {
	for name, test := range map[string]struct {
		profile termenv.Profile
		theme   Theme
		bar     string
	}{
		"dark":       {termenv.ANSI256, DarkTheme, "48;5;236"},
		"light":      {termenv.TrueColor, LightTheme, "48;5;189"},
		"unknown":    {termenv.ANSI256, AnyTheme, "7"},
		"16 colours": {termenv.ANSI, DarkTheme, "7"},
		"no colours": {termenv.ANSI, PlainTheme, "7"},
	} {
		st := newStyles(colourful(test.profile), test.theme)
		text := "a" + st.good.Render("b") + "c"
		if got := st.line(false, text, 10); got != hanging+"  "+column(text, 10) {
			t.Errorf("%s: a line that is not chosen is %q", name, got)
		}
		got := st.line(true, text, 10)
		if plain := ansi.Strip(got); plain != hanging+"▌ abc       " {
			t.Errorf("%s: the text of the bar is %q", name, plain)
		}
		_, row, _ := strings.Cut(got, "▌")
		row = strings.TrimPrefix(row, "\x1b[0m") // the mark's own; the cell after it is a part of the bar
		for _, part := range strings.Split(strings.TrimSuffix(row, "\x1b[0m"), "\x1b[0m") {
			if begin, _, _ := strings.Cut(part, "m"); !strings.HasPrefix(part, "\x1b[") || !strings.HasSuffix(begin, test.bar) {
				t.Errorf("%s: %q is not on the bar of %q", name, part, row)
			}
		}
	}
	if got := newStyles(colourful(termenv.Ascii), PlainTheme).line(true, "a", 3); got != hanging+"▌ a  " {
		t.Errorf("without any escape the line is %q", got)
	}
}

// A pen draws as the style that it is made of, with colours and without, only faster; but
// nothing for no text.
func TestPen(t *testing.T) {
	for _, profile := range []termenv.Profile{termenv.Ascii, termenv.ANSI, termenv.ANSI256} {
		for _, theme := range []Theme{AnyTheme, DarkTheme, LightTheme, PlainTheme} {
			st := newStyles(colourful(profile), theme)
			for _, p := range []pen{st.text, st.title, st.dim, st.accent, st.bar, st.bad} {
				for _, text := range []string{"Foo", " a b ", "é\x1b[1mx\x1b[0my", "one\ntwo three", "a\tb"} {
					if got, want := p.Render(text), p.Style.Render(text); got != want {
						t.Errorf("%q, want %q", got, want)
					}
				}
				if got := p.Render(""); got != "" {
					t.Errorf("no text is drawn as %q", got)
				}
			}
		}
	}
}
