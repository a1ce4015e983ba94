package main

import (
	"bytes"
	"fmt"
	"strings"
)

// A cell is cut in quarters.
const (
	partCols = 2
	partRows = 2
)

// parts are those of a cell that a block covers: bit 0 is the upper left one,
// bit 1 the one to its right.
type parts uint8

// blocks are the characters that cover parts of their cell.
var blocks = map[rune]parts{'█': 0b1111, '▀': 0b0011, '▄': 0b1100, '▌': 0b0101, '▐': 0b1010}

// blocks draws the backgrounds and the blocks, one path a colour.
func (s screen) blocks(b *bytes.Buffer, background string) {
	cols, rows := len(s[0])*partCols, len(s)*partRows
	at := func(x, y int) string {
		c := s[y/partRows][x/partCols]
		if blocks[c.glyph]&(1<<(y%partRows*partCols+x%partCols)) != 0 {
			return c.fg
		}
		return c.bg
	}
	var order []string
	paths := map[string]*strings.Builder{}
	done := map[[2]int]bool{}
	for y := range rows {
		for x := range cols {
			colour := at(x, y)
			if colour == background || done[[2]int{x, y}] {
				continue
			}
			w, h := patch(x, y, cols, rows, func(x, y int) bool { return at(x, y) == colour && !done[[2]int{x, y}] })
			for i := range w * h {
				done[[2]int{x + i%w, y + i/w}] = true
			}
			if paths[colour] == nil {
				order, paths[colour] = append(order, colour), &strings.Builder{}
			}
			const pw, ph = cellWidth / partCols, cellHeight / partRows
			fmt.Fprintf(paths[colour], "M%d %dh%dv%dh%dz", x*pw, y*ph, w*pw, h*ph, -w*pw)
		}
	}
	for _, colour := range order {
		fmt.Fprintf(b, `<path fill="%s" shape-rendering="crispEdges" d="%s"/>`+"\n", colour, paths[colour])
	}
}

// patch is the size of a large rectangle at x, y: as wide as it can be, then as
// high.
func patch(x, y, cols, rows int, is func(x, y int) bool) (w, h int) {
	for x+w < cols && is(x+w, y) {
		w++
	}
	for h = 1; y+h < rows; h++ {
		for i := range w {
			if !is(x+i, y+h) {
				return w, h
			}
		}
	}
	return w, h
}

// boxes are the lines of frames, from the middle of the cell to its edges, as
// SVG paths relative to the upper left corner of the cell.
var boxes = map[rune]string{
	'─': "m0 12h12", '│': "m6 0v24",
	'┌': "m12 12h-6v12", '┐': "m0 12h6v12", '└': "m12 12h-6v-12", '┘': "m0 12h6v-12",
	'╭': "m12 12a6 6 0 0 0-6 6v6", '╮': "m0 12a6 6 0 0 1 6 6v6", '╰': "m12 12a6 6 0 0 1-6-6v-6", '╯': "m0 12a6 6 0 0 0 6-6v-6",
	'├': "m6 0v24m0-12h6", '┤': "m6 0v24m0-12h-6", '┬': "m0 12h12m-6 0v12", '┴': "m0 12h12m-6 0v-12", '┼': "m6 0v24m-6-12h12",
}

// boxes draws the lines of frames, one path a colour.
func (s screen) boxes(b *bytes.Buffer) {
	var order []string
	paths := map[string]*strings.Builder{}
	for y, row := range s {
		for x := 0; x < len(row); x++ {
			line, ok := boxes[row[x].glyph]
			if !ok {
				continue
			}
			colour := row[x].fg
			if paths[colour] == nil {
				order, paths[colour] = append(order, colour), &strings.Builder{}
			}
			fmt.Fprintf(paths[colour], "M%d %d%s", x*cellWidth, y*cellHeight, line)
			for row[x].glyph == '─' && x+1 < len(row) && row[x+1].glyph == '─' && row[x+1].fg == colour {
				fmt.Fprintf(paths[colour], "h%d", cellWidth)
				x++
			}
		}
	}
	for _, colour := range order {
		fmt.Fprintf(b, `<path fill="none" stroke="%s" stroke-width="2" d="%s"/>`+"\n", colour, paths[colour])
	}
}
