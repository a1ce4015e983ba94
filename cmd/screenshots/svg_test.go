package main

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// drawing is what a test reads of an SVG.
type drawing struct {
	Title  string `xml:"title"`
	Screen struct {
		Paths []struct {
			Fill   string `xml:"fill,attr"`
			Stroke string `xml:"stroke,attr"`
			D      string `xml:"d,attr"`
		} `xml:"path"`
		Styles []struct {
			Fill  string   `xml:"fill,attr"`
			Bold  string   `xml:"font-weight,attr"`
			Slant string   `xml:"font-style,attr"`
			Line  string   `xml:"text-decoration,attr"`
			Texts []writes `xml:"text"`
		} `xml:"g>g"`
	} `xml:"g"`
}

type writes struct {
	X     int    `xml:"x,attr"`
	Y     int    `xml:"y,attr"`
	Width int    `xml:"textLength,attr"`
	Text  string `xml:",chardata"`
}

func parse(t *testing.T, svg []byte) drawing {
	t.Helper()
	var d drawing
	if err := xml.Unmarshal(svg, &d); err != nil {
		t.Fatalf("%v in\n%s", err, svg)
	}
	return d
}

// draw shows what a program writes and returns the picture of it.
func draw(t *testing.T, written string, th theme) drawing {
	t.Helper()
	x := newTerminal(20, 4)
	x.feed([]byte(written))
	return parse(t, x.photograph(th).svg(th, "a < b"))
}

// texts are the runs with their place in cells and their style.
func (d drawing) texts() (all []string) {
	for _, st := range d.Screen.Styles {
		for _, w := range st.Texts {
			all = append(all, strings.TrimSpace(fmt.Sprintf("%d,%d+%d %q %s %s%s%s",
				w.X/cellWidth, (w.Y-baseline)/cellHeight, w.Width/cellWidth, w.Text, st.Fill, st.Bold, st.Slant, st.Line)))
		}
	}
	return all
}

func TestText(t *testing.T) {
	for _, test := range []struct {
		name, written string
		want          []string
	}{
		{"plain", "a bc", []string{`0,0+4 "a bc" #d8dee4`}},
		{"spaces before, between and after", "  a  b c  \r\n   d", []string{`2,0+1 "a" #d8dee4`, `5,0+3 "b c" #d8dee4`, `3,1+1 "d" #d8dee4`}},
		{"a colour of 16", "\x1b[32ma\x1b[0m", []string{`0,0+1 "a" #3fb950`}},
		{"a colour of the cube", "\x1b[38;5;141ma", []string{`0,0+1 "a" #af87ff`}},
		{"a grey", "\x1b[38;5;247ma", []string{`0,0+1 "a" #9e9e9e`}},
		{"a colour of its own", "\x1b[38;2;18;52;86ma", []string{`0,0+1 "a" #123456`}},
		{"a change of style", "a \x1b[1mb c\x1b[0m d", []string{`0,0+1 "a" #d8dee4`, `6,0+1 "d" #d8dee4`, `2,0+3 "b c" #d8dee4 bold`}},
		{"italic and underlined", "\x1b[3ma\x1b[0;4mb", []string{`0,0+1 "a" #d8dee4 italic`, `1,0+1 "b" #d8dee4 underline`}},
		{"reverse", "\x1b[7ma", []string{`0,0+1 "a" #161b22`}},
		{"wide characters", "a東京 b", []string{`0,0+1 "a" #d8dee4`, `1,0+2 "東" #d8dee4`, `3,0+2 "京" #d8dee4`, `6,0+1 "b" #d8dee4`}},
		{"what XML is made of", `<&">`, []string{`0,0+4 "<&\">" #d8dee4`}},
		{"text beside boxes and blocks", "│a│█b", []string{`1,0+1 "a" #d8dee4`, `4,0+1 "b" #d8dee4`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := draw(t, test.written, dark)
			if got := d.texts(); strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
			if d.Title != "a < b" {
				t.Errorf("the title is %q", d.Title)
			}
		})
	}
}

// A character may come in two reads.
func TestTextInPieces(t *testing.T) {
	x := newTerminal(4, 1)
	for _, b := range []byte("é東") {
		x.feed([]byte{b})
	}
	if got := strings.TrimRight(x.text(), " \n"); got != "é東" {
		t.Errorf("got %q", got)
	}
}

// A frame that is read in part is not what was waited for.
func TestWholeFrame(t *testing.T) {
	x := newTerminal(20, 2)
	x.reads = make(chan []byte, 2)
	x.reads <- []byte("a\r\nq quit")
	x.reads <- []byte(" now\x1b[2;H")
	err := x.until("q quit", func(text string) bool { return strings.Contains(text, "q quit") })
	if err != nil || !strings.Contains(x.text(), "q quit now") {
		t.Errorf("%v, %q", err, x.text())
	}
}

var patches = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v(\d+)h-(\d+)z`)

// covered are the parts of the picture that are painted in a colour, as rows of
// # and spaces.
func (d drawing) covered(t *testing.T, colour string, cols, rows int) string {
	t.Helper()
	const pw, ph = cellWidth / partCols, cellHeight / partRows
	grid := make([][]byte, rows*partRows)
	for y := range grid {
		grid[y] = []byte(strings.Repeat(" ", cols*partCols))
	}
	for _, path := range d.Screen.Paths {
		if path.Fill != colour {
			continue
		}
		if rest := patches.ReplaceAllString(path.D, ""); rest != "" {
			t.Fatalf("%q in a path", rest)
		}
		for _, m := range patches.FindAllStringSubmatch(path.D, -1) {
			var n [5]int
			for i := range n {
				fmt.Sscan(m[i+1], &n[i])
			}
			for i := range (n[2] / pw) * (n[3] / ph) {
				grid[n[1]/ph+i/(n[2]/pw)][n[0]/pw+i%(n[2]/pw)] = '#'
			}
		}
	}
	lines := make([]string, len(grid))
	for y, line := range grid {
		lines[y] = strings.TrimRight(string(line), " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func TestBlocks(t *testing.T) {
	const ink, white = "\x1b[38;5;16m", "\x1b[48;5;231m"
	for _, test := range []struct {
		name, written, colour string
		want                  string
	}{
		{"full, upper, lower, left, right", ink + "█▀▄▌▐", "#000000", "####  #  #\n##  ###  #"},
		{"the background below a block", ink + white + "▀", "#ffffff", "\n##"},
		{"the background of text", white + "a ", "#ffffff", "####\n####"},
		{"two rows", ink + "█\r\n█", "#000000", strings.TrimSuffix(strings.Repeat("##\n", 4), "\n")},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := draw(t, test.written, dark).covered(t, test.colour, 20, 4); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// A background that is the window's own is not painted, and large areas are one
// patch: a picture stays small.
func TestBlocksAreFew(t *testing.T) {
	d := draw(t, "\x1b[48;5;231m"+strings.Repeat(" ", 80), dark)
	if len(d.Screen.Paths) != 1 || d.Screen.Paths[0].D != "M0 0h240v96h-240z" {
		t.Errorf("%+v", d.Screen.Paths)
	}
	if d := draw(t, "\x1b[48;5;231m"+strings.Repeat(" ", 80), light); len(d.Screen.Paths) != 0 {
		t.Errorf("%+v", d.Screen.Paths)
	}
}

func TestBoxes(t *testing.T) {
	d := draw(t, "\x1b[38;5;247m╭──╮\r\n│\x1b[0m│", dark)
	want := map[string]string{
		"#9e9e9e": "M0 0m12 12a6 6 0 0 0-6 6v6" + "M12 0m0 12h12h12" + "M36 0m0 12a6 6 0 0 1 6 6v6" + "M0 24m6 0v24",
		"#d8dee4": "M12 24m6 0v24",
	}
	for _, path := range d.Screen.Paths {
		if path.D != want[path.Stroke] {
			t.Errorf("%s: got %q, want %q", path.Stroke, path.D, want[path.Stroke])
		}
		delete(want, path.Stroke)
	}
	if len(want) > 0 {
		t.Errorf("not drawn: %v", want)
	}
}
