package main

import (
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"

	"mfa-tui/store/factors/words"
	"mfa-tui/tui/term"
)

// table is a list for a person, who sees it on a terminal.
type table struct {
	head  []string
	rows  [][]string
	named bool // the first cell is what the person would name a row by: it is never cut
	spare int  // how many of the last columns are left out where there is little room
}

// wideFlag lets a command print all that a table has.
func (p *program) wideFlag(fs *pflag.FlagSet) {
	fs.BoolVar(&p.wide, "wide", false, "print whole IDs, phone numbers and exact times, and cut nothing")
}

// table writes rows as they are for a program, and for a person the table that is made
// for the columns of the terminal. With --wide it is made for any number of them.
func (p *program) table(rows [][]string, made func(cols int) table) string {
	terminal := terminalOf(p.out)
	if len(rows) == 0 || terminal == nil && !p.wide {
		return columns(rows)
	}
	cols := math.MaxInt
	if !p.wide {
		cols, _ = canvas(terminal)
	}
	text := made(cols).tidy().fit(cols)
	if terminal != nil && !p.terminalByEnv().UTF8 {
		text = term.ASCII(text)
	}
	return text
}

// tidy is a table whose cells can be drawn, without the columns that are empty.
func (t table) tidy() table {
	tidied := table{named: t.named, rows: make([][]string, len(t.rows))}
	for col, head := range t.head {
		if !slices.ContainsFunc(t.rows, func(row []string) bool { return row[col] != "" }) {
			continue
		}
		tidied.head = append(tidied.head, head)
		for i, row := range t.rows {
			tidied.rows[i] = append(tidied.rows[i], words.Clean(row[col]))
		}
		if col >= len(t.head)-t.spare {
			tidied.spare++
		}
	}
	return tidied
}

// widths are the widths of the columns.
func (t table) widths() []int {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for col, cell := range row {
			widths[col] = max(widths[col], ansi.StringWidth(cell))
		}
	}
	return widths
}

// gap is the spaces between two columns.
const gap = 2

// total is the width of a table, a wide column counted as most.
func total(widths []int, most int) int {
	sum := gap * (len(widths) - 1)
	for _, w := range widths {
		sum += min(w, most)
	}
	return sum
}

// fit draws a table in so many columns of the terminal. If there is little room, a wide
// name gets a line of its own, or else the spare columns are left out. Then the widest
// columns are cut.
func (t table) fit(cols int) string {
	const enough, part = 30, 3 // a cell of 30 tells most; a name may take a third
	widths, all := t.widths(), len(t.head)
	cut := widths
	if t.named {
		cut = widths[1:]
	}
	switch little := total(widths, enough) > cols; {
	case little && t.named && all > 1 && widths[0] > cols/part:
		lines := strings.SplitAfter(t.part(1, all).fit(cols), "\n")
		for i, row := range t.rows {
			lines[i+1] += "  " + row[0] + "\n"
		}
		return strings.Join(lines, "")
	case little && t.spare > 0:
		return t.part(0, all-1).fit(cols)
	}
	for over := total(widths, math.MaxInt) - cols; over > 0 && len(cut) > 0; over-- {
		widest := slices.Max(cut)
		cut[slices.Index(cut, widest)] = max(1, widest-1)
	}
	return t.draw(widths)
}

// part is some columns of a table.
func (t table) part(from, to int) table {
	part := table{head: t.head[from:to], named: t.named && from == 0, spare: t.spare - len(t.head) + to}
	for _, row := range t.rows {
		part.rows = append(part.rows, row[from:to])
	}
	return part
}

// draw draws a table with columns of these widths.
func (t table) draw(widths []int) string {
	var b strings.Builder
	for _, row := range append([][]string{t.head}, t.rows...) {
		line := ""
		for col, cell := range row {
			cell = ansi.Truncate(cell, widths[col], "…")
			line += cell + strings.Repeat(" ", gap+widths[col]-ansi.StringWidth(cell))
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
