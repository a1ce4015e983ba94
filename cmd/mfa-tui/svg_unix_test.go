//go:build unix

package main

import (
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hinshun/vt10x"
	"github.com/muesli/termenv"
)

// theme is the colours of a terminal's window.
type theme struct {
	name   string // also the program's --theme
	fg, bg string
	bar    string // of the title
	edge   string // of the window
	faint  string // the title
	accent string // of the program's theme
}

var (
	dark  = theme{name: "dark", fg: "#d8dee4", bg: "#161b22", bar: "#21262d", edge: "#30363d", faint: "#9198a1", accent: "#af87ff"}
	light = theme{name: "light", fg: "#1f2328", bg: "#ffffff", bar: "#f6f8fa", edge: "#d1d9e0", faint: "#59636e", accent: "#5f00af"}
)

func (th theme) colour(c vt10x.Color) string {
	switch c {
	case vt10x.DefaultFG:
		return th.fg
	case vt10x.DefaultBG:
		return th.bg
	}
	return termenv.ConvertToRGB(termenv.ANSI256Color(c)).Hex()
}

// A cell of a picture is twice as high as wide, so that half a block is a square.
const (
	cellWidth  = 12
	cellHeight = 24
	baseline   = 18 // of a cell's text, from its top
	barHeight  = 44
	padding    = 16
)

// cells are what is drawn of a terminal, or of its screen as it was.
type cells interface {
	Size() (cols, rows int)
	Cell(x, y int) vt10x.Glyph
}

// svg draws a screen as a window.
func (th theme) svg(screen cells, title string) string {
	cols, rows := screen.Size()
	return window{th, cols, rows}.svg("<title>"+html.EscapeString(title)+"</title>", th.contents(screen))
}

// contents draws what is on a screen. Text is text, as wide as its cells whatever the
// font; what must meet its neighbours, blocks and lines, is drawn.
func (th theme) contents(screen cells) string {
	return th.blocks(screen) + th.lines(screen) + th.texts(screen)
}

// window is that of a terminal of so many cells.
type window struct {
	theme
	cols, rows int
}

// svg draws the window around contents, and puts the head before it.
func (th window) svg(head, contents string) string {
	w, h := th.cols*cellWidth+2*padding, th.rows*cellHeight+barHeight+2*padding
	var b strings.Builder
	write := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`, w, h, w, h)
	write("%s", head)
	write(`<rect x="1" y="1" width="%d" height="%d" rx="12" fill="%s"/>`, w-2, h-2, th.bg)
	write(`<path d="M1 %dV13a12 12 0 0 1 12-12h%da12 12 0 0 1 12 12v%dz" fill="%s"/>`, barHeight, w-26, barHeight-13, th.bar)
	for i, colour := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		write(`<circle cx="%d" cy="%d" r="7" fill="%s"/>`, 24+24*i, barHeight/2, colour)
	}
	write(`<text x="%d" y="%d" text-anchor="middle" font-family="system-ui,sans-serif" font-size="17" fill="%s">mfa-tui</text>`, w/2, barHeight/2+6, th.faint)
	write(`<path d="M1 %dh%d" stroke="%s"/>`, barHeight, w-2, th.edge)
	write(`<rect x="1" y="1" width="%d" height="%d" rx="12" fill="none" stroke="%s" stroke-width="2"/>`, w-2, h-2, th.edge)
	write(`<g transform="translate(%d %d)" font-size="20" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace">`, padding, barHeight+padding)
	b.WriteString(contents)
	write("</g>\n</svg>")
	return b.String()
}

// blocks draws backgrounds and blocks in rows half as high as a cell.
func (th theme) blocks(screen cells) string {
	cols, rows := screen.Size()
	colour := func(x, y int) string {
		cell := screen.Cell(x, y/2)
		if top, bottom := halves(cell.Char); y%2 == 0 && top || y%2 == 1 && bottom {
			return th.colour(cell.FG)
		}
		return th.colour(cell.BG)
	}
	paths := map[string]string{}
	for y := range 2 * rows {
		for x, n := 0, 0; x < cols; x += n {
			c := colour(x, y)
			for n = 1; x+n < cols && colour(x+n, y) == c; n++ {
			}
			paths[c] += fmt.Sprintf("M%d %dh%dv%dh%dz", x*cellWidth, y*cellHeight/2, n*cellWidth, cellHeight/2, -n*cellWidth)
		}
	}
	delete(paths, th.bg)
	return elements(paths, `<path fill="%s" shape-rendering="crispEdges" d="%s"/>`)
}

// boxes are the characters of frames, as paths from the upper left of the cell.
var boxes = map[rune]string{
	'─': "m0 12h12", '│': "m6 0v24",
	'┌': "m12 12h-6v12", '┐': "m0 12h6v12", '└': "m12 12h-6v-12", '┘': "m0 12h6v-12",
	'╭': "m12 12a6 6 0 0 0-6 6v6", '╮': "m0 12a6 6 0 0 1 6 6v6", '╰': "m12 12a6 6 0 0 1-6-6v-6", '╯': "m0 12a6 6 0 0 0 6-6v-6",
}

// lines draws frames.
func (th theme) lines(screen cells) string {
	cols, rows := screen.Size()
	paths := map[string]string{}
	for i := range cols * rows {
		x, y := i%cols, i/cols
		if cell := screen.Cell(x, y); boxes[cell.Char] != "" {
			paths[th.colour(cell.FG)] += fmt.Sprintf("M%d %d%s", x*cellWidth, y*cellHeight, boxes[cell.Char])
		}
	}
	return elements(paths, `<path fill="none" stroke="%s" stroke-width="2" d="%s"/>`)
}

// elements writes an element for each colour.
func elements(paths map[string]string, element string) string {
	var b strings.Builder
	for _, colour := range slices.Sorted(maps.Keys(paths)) {
		fmt.Fprintf(&b, element+"\n", colour, paths[colour])
	}
	return b.String()
}

// style is the attributes of the text in a cell.
func (th theme) style(cell vt10x.Glyph) string {
	const underlined, bold, italic = 1 << 1, 1 << 2, 1 << 4 // as the emulator numbers them
	style := fmt.Sprintf(`fill="%s"`, th.colour(cell.FG))
	for _, attribute := range []struct {
		mode int16
		text string
	}{{bold, ` font-weight="bold"`}, {italic, ` font-style="italic"`}, {underlined, ` text-decoration="underline"`}} {
		if cell.Mode&attribute.mode != 0 {
			style += attribute.text
		}
	}
	return style
}

// written is text without two spaces in a row, which SVG would join.
var written = regexp.MustCompile(`\S+( \S+)*`)

// texts writes text, in runs of one style.
func (th theme) texts(screen cells) string {
	cols, rows := screen.Size()
	var b strings.Builder
	for y := range rows {
		for x := 0; x < cols; {
			from, style, run := x, th.style(screen.Cell(x, y)), ""
			for ; x < cols && th.style(screen.Cell(x, y)) == style; x++ {
				glyph := screen.Cell(x, y).Char
				if top, bottom := halves(glyph); top || bottom || boxes[glyph] != "" || glyph == 0 {
					glyph = ' '
				}
				run += string(glyph)
			}
			for _, at := range written.FindAllStringIndex(run, -1) {
				text := run[at[0]:at[1]]
				fmt.Fprintf(&b, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs" %s>%s</text>`+"\n",
					(from+utf8.RuneCountInString(run[:at[0]]))*cellWidth, y*cellHeight+baseline, utf8.RuneCountInString(text)*cellWidth, style, html.EscapeString(text))
			}
		}
	}
	return b.String()
}

// What is on a screen is drawn at its place, in its style.
func TestSVG(t *testing.T) {
	t.Parallel()
	text := func(x, y, cells int, style, text string) string {
		return fmt.Sprintf(`<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs" %s>%s</text>`, x*12, y*24+18, cells*12, style, text)
	}
	const plain = `fill="#d8dee4"`
	for name, test := range map[string]struct {
		screen string
		want   []string
	}{
		"spaces":         {"  a  b c  \r\n   d", []string{text(2, 0, 1, plain, "a"), text(5, 0, 3, plain, "b c"), text(3, 1, 1, plain, "d")}},
		"a colour":       {"\x1b[38;5;141ma", []string{text(0, 0, 1, `fill="#af87ff"`, "a")}},
		"a grey":         {"\x1b[38;5;247ma", []string{text(0, 0, 1, `fill="#9e9e9e"`, "a")}},
		"weights":        {"a \x1b[1mb c\x1b[0;3md\x1b[0;4me", []string{text(0, 0, 1, plain, "a"), text(2, 0, 3, plain+` font-weight="bold"`, "b c"), text(5, 0, 1, plain+` font-style="italic"`, "d"), text(6, 0, 1, plain+` text-decoration="underline"`, "e")}},
		"reverse":        {"\x1b[7ma", []string{`<path fill="#d8dee4" shape-rendering="crispEdges" d="M0 0h12v12h-12zM0 12h12v12h-12z"/>`, text(0, 0, 1, `fill="#161b22"`, "a")}},
		"XML":            {`<&">`, []string{text(0, 0, 4, plain, "&lt;&amp;&#34;&gt;")}},
		"blocks":         {"\x1b[38;5;16m█▀▄\x1b[0ma", []string{`<path fill="#000000" shape-rendering="crispEdges" d="M0 0h24v12h-24zM0 12h12v12h-12zM24 12h12v12h-12z"/>`, text(3, 0, 1, plain, "a")}},
		"block on white": {"\x1b[38;5;16;48;5;231m▀", []string{`<path fill="#000000" shape-rendering="crispEdges" d="M0 0h12v12h-12z"/>`, `<path fill="#ffffff" shape-rendering="crispEdges" d="M0 12h12v12h-12z"/>`}},
		"a frame":        {"╭─\r\n│a", []string{`<path fill="none" stroke="#d8dee4" stroke-width="2" d="M0 0m12 12a6 6 0 0 0-6 6v6M12 0m0 12h12M0 24m6 0v24"/>`, text(1, 1, 1, plain, "a")}},
	} {
		screen := vt10x.New(vt10x.WithSize(20, 4))
		_, _ = screen.Write([]byte(test.screen))
		_, body, _ := strings.Cut(dark.svg(screen, "a < b"), "monospace\">\n")
		body, _, _ = strings.Cut(body, "</g>")
		if want := strings.Join(test.want, "\n") + "\n"; body != want {
			t.Errorf("%s: got\n%swant\n%s", name, body, want)
		}
	}
}
