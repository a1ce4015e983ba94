package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
)

// A cell of the picture, in its units: twice as high as wide, so that two blocks
// make a square.
const (
	cellWidth  = 12
	cellHeight = 24
	fontSize   = 20
	baseline   = 18 // of a cell's text, from its top
)

// The window around the cells.
const (
	barHeight = 44
	padding   = 16
)

// screen is rows of cells.
type screen []row

// row is the cells of a line.
type row []cell

// cell is one character of the screen.
type cell struct {
	glyph rune
	style
	bg   string
	wide bool // the next cell belongs to it
}

// style is what a run of text has in common.
type style struct {
	fg                       string
	bold, italic, underlined bool
}

// svg draws the screen as a window in a theme. The text is text, each run of it
// as wide as its cells whatever the font; what has to meet its neighbours, such
// as blocks and boxes, is drawn.
func (s screen) svg(th theme, title string) []byte {
	cols, rows := len(s[0]), len(s)
	w, h := cols*cellWidth+2*padding, rows*cellHeight+barHeight+2*padding
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", w, h, w, h)
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(title))
	th.window(&b, w, h)
	fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", padding, barHeight+padding)
	s.blocks(&b, th.bg)
	s.boxes(&b)
	s.texts(&b)
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// window draws the frame with its bar.
func (th theme) window(b *bytes.Buffer, w, h int) {
	fmt.Fprintf(b, `<rect x="1" y="1" width="%d" height="%d" rx="12" fill="%s"/>`+"\n", w-2, h-2, th.bg)
	fmt.Fprintf(b, `<path d="M1 %dV13a12 12 0 0 1 12-12h%da12 12 0 0 1 12 12v%dz" fill="%s"/>`+"\n", barHeight, w-26, barHeight-13, th.bar)
	for i, colour := range []string{"#ff5f57", "#febc2e", "#28c840"} {
		fmt.Fprintf(b, `<circle cx="%d" cy="%d" r="7" fill="%s"/>`, 24+24*i, barHeight/2, colour)
	}
	fmt.Fprintf(b, "\n"+`<text x="%d" y="%d" text-anchor="middle" font-family="system-ui,sans-serif" font-size="17" fill="%s">mfa-tui</text>`+"\n",
		w/2, barHeight/2+6, th.faint)
	fmt.Fprintf(b, `<path d="M1 %dh%d" stroke="%s"/>`+"\n", barHeight, w-2, th.edge)
	fmt.Fprintf(b, `<rect x="1" y="1" width="%d" height="%d" rx="12" fill="none" stroke="%s" stroke-width="2"/>`+"\n", w-2, h-2, th.edge)
}

// texts draws what is written, run by run, with the runs of a style together.
func (s screen) texts(b *bytes.Buffer) {
	var order []style
	runs := map[style]*strings.Builder{}
	for y, row := range s {
		for x := 0; x < len(row); {
			text, cells := row.run(x)
			if text == "" {
				x++
				continue
			}
			st := row[x].style
			if runs[st] == nil {
				order, runs[st] = append(order, st), &strings.Builder{}
			}
			fmt.Fprintf(runs[st], `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
				x*cellWidth, y*cellHeight+baseline, cells*cellWidth, escape(text))
			x += cells
		}
	}
	fmt.Fprintf(b, `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace" font-size="%d">`+"\n", fontSize)
	for _, st := range order {
		fmt.Fprintf(b, "<g %s>\n%s</g>\n", st.attributes(), runs[st])
	}
	b.WriteString("</g>\n")
}

func (st style) attributes() string {
	a := fmt.Sprintf(`fill="%s"`, st.fg)
	if st.bold {
		a += ` font-weight="bold"`
	}
	if st.italic {
		a += ` font-style="italic"`
	}
	if st.underlined {
		a += ` text-decoration="underline"`
	}
	return a
}

// run is the text of one style that begins at x, and the number of its cells;
// none if nothing is written there. It ends before a second space, since SVG
// joins spaces, and a wide character is a run of its own, since another font
// draws it.
func (row row) run(x int) (text string, cells int) {
	if !row[x].written() {
		return "", 0
	}
	if row[x].wide {
		return string(row[x].glyph), 2
	}
	end := x // behind the last character that is not a space
	for i := x; i < len(row) && !row[i].wide && row[i].style == row[x].style; i++ {
		switch {
		case row[i].written():
			end = i + 1
		case row[i].glyph != ' ' || i == end+1:
			i = len(row)
		}
	}
	var b strings.Builder
	for _, c := range row[x:end] {
		b.WriteRune(c.glyph)
	}
	return b.String(), end - x
}

// written reports whether a cell has a character that is drawn as text.
func (c cell) written() bool {
	if c.glyph == ' ' || c.glyph == 0 || c.glyph == filler {
		return false
	}
	_, block := blocks[c.glyph]
	_, box := boxes[c.glyph]
	return !block && !box
}

// escape makes text fit to stand in XML.
func escape(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
