//go:build unix

package main

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hinshun/vt10x"
)

// grid is a screen as it was, row by row.
type grid [][]vt10x.Glyph

func copyOf(screen cells) grid {
	cols, rows := screen.Size()
	g := make(grid, rows)
	for y := range g {
		g[y] = make([]vt10x.Glyph, cols)
		for x := range g[y] {
			g[y][x] = screen.Cell(x, y)
		}
	}
	return g
}

func (g grid) Size() (cols, rows int)    { return len(g[0]), len(g) }
func (g grid) Cell(x, y int) vt10x.Glyph { return g[y][x] }

// changes is how many rows differ.
func (g grid) changes(other grid) (n int) {
	for y := range g {
		if !slices.Equal(g[y], other[y]) {
			n++
		}
	}
	return n
}

// only is a screen with all rows empty but one.
type only struct {
	grid
	row int
}

func (o only) Cell(x, y int) vt10x.Glyph {
	if y != o.row {
		return vt10x.Glyph{Char: ' ', FG: vt10x.DefaultFG, BG: vt10x.DefaultBG}
	}
	return o.grid.Cell(x, y)
}

// film is screens that follow each other, again and again.
type film struct {
	frames []frame
	still  int // the frame for those who want no motion
}

// frame is a screen, the key that is pressed at it if any, and how long it stays.
type frame struct {
	screen grid
	key    string
	lasts  time.Duration
}

func (f film) lasts() (sum time.Duration) {
	for _, fr := range f.frames {
		sum += fr.lasts
	}
	return sum
}

// add adds a frame.
func (f *film) add(screen grid, key string, lasts time.Duration) {
	f.frames = append(f.frames, frame{screen, key, lasts})
}

// last is the screen of the last frame.
func (f *film) last() grid { return f.frames[len(f.frames)-1].screen }

// svg draws each row that differs once, and shows it in its frames. Without motion,
// or where nothing moves, there is the still frame.
func (f film) svg(th theme, title, desc string) string {
	cols, rows := f.frames[0].screen.Size()
	var style, contents strings.Builder
	fmt.Fprintf(&style, ".f{visibility:hidden}.s{visibility:visible}"+
		"@media (prefers-reduced-motion:no-preference){.f{visibility:hidden;animation:%gs steps(1) infinite}}", f.lasts().Seconds())
	for i, part := range f.parts(th) {
		class := "f"
		if part.in[f.still] {
			class = "f s"
		}
		if slices.Contains(part.in, false) {
			fmt.Fprintf(&style, "@keyframes f%d{%s}", i, f.keyframes(part.in))
			fmt.Fprintf(&contents, "<g class=%q style=\"animation-name:f%d\">\n%s</g>\n", class, i, part.drawn)
		} else {
			contents.WriteString(part.drawn)
		}
	}
	head := fmt.Sprintf("<title>%s</title>\n<desc>%s</desc>\n<style>%s</style>", html.EscapeString(title), html.EscapeString(desc), style.String())
	return window{th, cols, rows}.svg(head, contents.String())
}

// part is what is shown in the same frames.
type part struct {
	in    []bool // for each frame whether it is shown
	drawn string
}

func (f film) parts(th theme) (parts []part) {
	in, order := map[string][]bool{}, []string{}
	show := func(drawn string, i int) {
		if in[drawn] == nil {
			in[drawn] = make([]bool, len(f.frames))
			order = append(order, drawn)
		}
		in[drawn][i] = true
	}
	var drawn []string // the rows of the frame
	for i, fr := range f.frames {
		cols, rows := fr.screen.Size()
		drawn = append(drawn, make([]string, rows-len(drawn))...)
		for y := range rows {
			if i == 0 || !slices.Equal(fr.screen[y], f.frames[i-1].screen[y]) {
				drawn[y] = th.contents(only{fr.screen, y})
			}
			show(drawn[y], i)
		}
		show(th.keycap(fr.key, cols), i)
	}
	for _, drawn := range order {
		same := func(p part) bool { return slices.Equal(p.in, in[drawn]) }
		if i := slices.IndexFunc(parts, same); i >= 0 {
			parts[i].drawn += drawn
		} else if drawn != "" {
			parts = append(parts, part{in[drawn], drawn})
		}
	}
	return parts
}

// keyframes are the times of showing and hiding, in percent.
func (f film) keyframes(in []bool) string {
	var b strings.Builder
	var at time.Duration
	shown := false
	for i, fr := range f.frames {
		if in[i] != shown {
			shown = in[i]
			visibility := map[bool]string{true: "visible", false: "hidden"}[shown]
			fmt.Fprintf(&b, "%.5g%%{visibility:%s}", 100*at.Seconds()/f.lasts().Seconds(), visibility)
		}
		at += fr.lasts
	}
	return b.String()
}

// keycap draws a key that is pressed, at the right of the window's bar.
func (th theme) keycap(key string, cols int) string {
	if key == "" {
		return ""
	}
	w := 24 + 12*utf8.RuneCountInString(key)
	x, y := cols*cellWidth-w, -barHeight-padding+8
	return fmt.Sprintf(`<rect x="%d" y="%d" width="%d" height="28" rx="6" fill="%s" stroke="%s"/>`+"\n", x, y, w, th.bg, th.faint) +
		fmt.Sprintf(`<text x="%d" y="%d" text-anchor="middle" font-size="18" font-weight="bold" fill="%s">%s</text>`+"\n", x+w/2, y+20, th.fg, html.EscapeString(key))
}

// A row that is shown twice is drawn once, and what is shown together is together.
func TestFilm(t *testing.T) {
	t.Parallel()
	screen := vt10x.New(vt10x.WithSize(4, 4))
	f := film{still: 1}
	for _, text := range []string{"a\r\nb", "a\r\nc\r\nd", "a\r\nb", "a\r\ne"} {
		_, _ = screen.Write([]byte("\x1b[H\x1b[2J" + text))
		f.add(copyOf(screen), "", time.Second)
	}
	f.frames[2].key = "<"
	row := func(y int, text string) string {
		return fmt.Sprintf(`<text x="0" y="%d" textLength="12" lengthAdjust="spacingAndGlyphs" fill="#d8dee4">%s</text>`+"\n", y*24+18, text)
	}
	want := row(0, "a") +
		"<g class=\"f\" style=\"animation-name:f1\">\n" + row(1, "b") + "</g>\n" +
		"<g class=\"f s\" style=\"animation-name:f2\">\n" + row(1, "c") + row(2, "d") + "</g>\n" +
		"<g class=\"f\" style=\"animation-name:f3\">\n" + dark.keycap("<", 4) + "</g>\n" +
		"<g class=\"f\" style=\"animation-name:f4\">\n" + row(1, "e") + "</g>\n</g>\n</svg>\n"
	head, body, _ := strings.Cut(f.svg(dark, "a < b", "c & d"), "monospace\">\n")
	if body != want {
		t.Errorf("got\n%swant\n%s", body, want)
	}
	for _, want := range []string{
		"<title>a &lt; b</title>\n<desc>c &amp; d</desc>\n", "animation:4s steps(1) infinite",
		"@keyframes f1{0%{visibility:visible}25%{visibility:hidden}50%{visibility:visible}75%{visibility:hidden}}",
		"@keyframes f2{25%{visibility:visible}50%{visibility:hidden}}", "@keyframes f4{75%{visibility:visible}}</style>",
	} {
		if !strings.Contains(head, want) {
			t.Errorf("no %s in %s", want, head)
		}
	}
	if still := still(body); still != row(0, "a")+"<g class=\"f s\" style=\"animation-name:f2\">\n"+row(1, "c")+row(2, "d")+"</g>\n</g>\n</svg>\n" {
		t.Errorf("the still is %s", still)
	}
}
