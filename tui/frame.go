package tui

import (
	"image"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// picture is what stands at the left of a screen's text. Nothing ever covers it.
type picture struct {
	drawn string      // empty if there is none
	size  image.Point // in cells
	place place
}

// place is where a picture is.
type place int

const (
	inFrame     place = iota // below the header and above the footer
	besideFrame              // as high as the terminal, with the frame in the column beside it
	alone                    // in the middle of the terminal, without header
)

const (
	pictureGap  = 2  // columns between a picture and what is beside it
	leastColumn = 24 // columns that a text, or the frame, needs beside a picture
	leastBelow  = 3  // rows that a text needs below a picture
)

// frame is where everything is on the terminal.
type frame struct {
	picture picture
	at      image.Point // of the picture

	head   []string // the rows of the header
	corner image.Point
	body   image.Rectangle
	notice image.Rectangle // at the bottom of it; a long one covers the text
	foot   image.Rectangle
	keys   []string // the rows of the footer
	spots  []spot
}

// box is the size of a screen's body. The frame takes a column on either side, and
// four rows and the margin.
func (s *session) box() (w, h int) { return max(0, s.width-2), max(0, s.height-4-s.margin()) }

// margin is the empty rows above the body, where there is room for some.
func (s *session) margin() int {
	const plenty = 30
	if s.height >= plenty {
		return 1
	}
	return 0
}

// room is the space for a picture in a place.
func (s *session) room(at place) image.Point {
	switch at {
	case inFrame:
		return image.Pt(s.box())
	case besideFrame:
		return image.Pt(s.width-pictureGap-leastColumn-1, s.height)
	}
	return image.Pt(s.width, s.height)
}

// beside reports whether a picture in the frame leaves room for a text beside it,
// and below whether it leaves room for one below it.
func (s *session) beside(size image.Point) bool {
	return size.X+pictureGap+leastColumn <= s.room(inFrame).X
}
func (s *session) below(size image.Point) bool { return size.Y+leastBelow <= s.room(inFrame).Y }

// needs is the size of a terminal that has room for a picture: of the two ways to
// place it, the one that is closer to this terminal.
func (s *session) needs(size image.Point) image.Point {
	beside := size.Add(image.Pt(pictureGap+leastColumn+1, 0))
	framed := session{width: size.X + 2, height: size.Y + 4}
	if framed.height += framed.margin(); s.width >= beside.X || s.height < framed.height {
		return beside
	}
	return image.Pt(framed.width, framed.height)
}

// frame lays everything out.
func (m Model) frame() frame {
	w, h := m.session.width, m.session.height
	whole := image.Rectangle{Min: image.Pt(1, 0), Max: image.Pt(w-1, h)}
	var p picture
	if s, ok := aspect[pictured](m.top()); ok && !m.help.open {
		p = s.picture()
	}
	switch {
	case p.drawn == "":
		f := m.framed(whole, false)
		most := 4
		if h <= MinHeight+4 { // it may cover the code to type
			most = 3
		}
		f.notice.Min.Y = f.notice.Max.Y - most
		return f
	case p.place == alone:
		return m.unframed(p)
	case p.place == besideFrame:
		whole.Min.X = p.size.X + pictureGap
		f := m.framed(whole, true)
		f.picture = p
		return f
	}
	f := m.framed(whole, false)
	f.picture, f.at = p, f.body.Min
	if m.session.beside(p.size) {
		f.body.Min.X += p.size.X + pictureGap
	} else {
		f.body.Min.Y += p.size.Y
	}
	f.notice.Min = f.body.Min
	return f
}

// framed is the frame in a part of the terminal, which is all of it or a narrow
// column.
func (m Model) framed(part image.Rectangle, narrow bool) frame {
	margin, rows := m.session.margin(), 1
	if narrow {
		margin, rows = 1, part.Dy()/3 // the text needs the others
	}
	f := frame{corner: part.Min, head: m.head(part.Dx(), narrow), body: part, notice: part, foot: part}
	f.keys, f.spots = m.footer(part.Dx(), rows)
	f.foot.Min.Y = part.Max.Y - len(f.keys)
	f.body.Min.Y += len(f.head) + margin
	f.body.Max.Y = f.foot.Min.Y - 1
	f.notice.Min.Y, f.notice.Max.Y = f.body.Min.Y, f.foot.Min.Y
	return f
}

// unframed is a picture in the middle, and the notice and the keys if there are
// rows left below it. If there is one, a notice takes it.
func (m Model) unframed(p picture) frame {
	f := frame{picture: p, at: image.Pt(m.session.width-p.size.X, m.session.height-p.size.Y).Div(2)}
	f.notice = image.Rectangle{
		Min: image.Pt(1, f.at.Y+p.size.Y),
		Max: image.Pt(m.session.width-1, m.session.height),
	}
	if rows := f.notice.Dy(); rows > 1 || rows == 1 && m.notice.text == "" && !m.session.busy() {
		f.foot = f.notice
		f.keys, f.spots = m.footer(f.foot.Dx(), 1)
		f.foot.Min.Y = f.foot.Max.Y - 1
		f.notice.Max.Y = f.foot.Min.Y
	}
	return f
}

// draw draws the terminal, always as high as it is, so that nothing jumps.
func (m Model) draw() string {
	f := m.frame()
	rows := make([]string, m.session.height)
	if f.picture.drawn != "" {
		put(rows, f.at, strings.Split(f.picture.drawn, "\n"))
	}
	put(rows, f.corner, f.head)
	if w, h := f.body.Dx(), f.body.Dy(); w > 0 && h > 0 {
		put(rows, f.body.Min, fit(m.body(w, h), w, h))
	}
	if most := f.notice.Dy(); most > 0 {
		lines := m.noticeLines(f.notice.Dx(), most)
		put(rows, image.Pt(f.notice.Min.X, f.notice.Max.Y-len(lines)), lines)
	}
	put(rows, f.foot.Min, f.keys)
	inked := ground(m.session.styles.text)
	for i, row := range rows {
		rows[i] = inked(row)
	}
	return strings.Join(rows, "\n")
}

// put draws lines from a point on, over all that is right of it.
func put(rows []string, at image.Point, lines []string) {
	for i, l := range lines {
		row := &rows[at.Y+i]
		switch over := lipgloss.Width(*row) - at.X; {
		case over > 0:
			*row = ansi.Truncate(*row, at.X, "")
		case over < 0:
			*row += strings.Repeat(" ", -over)
		}
		*row += l
	}
}
