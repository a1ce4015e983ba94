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
	tape   image.Rectangle // beside the body; empty if there is none
	notice image.Rectangle // at the bottom of it; a long one covers the text
	foot   image.Rectangle
	keys   []string // the rows of the footer
	spots  []spot
}

const (
	rowsAround = 4  // the header and its rule, the notice, the footer
	roomy      = 60 // columns of a terminal from which on the body has margins
)

// box is the size of a screen's body beside the call tape, and fullBox of one without.
func (s *session) box() (w, h int)     { return s.body().Dx(), s.body().Dy() }
func (s *session) fullBox() (w, h int) { return s.fullBody().Dx(), s.fullBody().Dy() }

// body is where a screen's body is, with the marks of a list at the left of it.
func (s *session) body() image.Rectangle {
	r := s.fullBody()
	if tape := s.tape(); !tape.Empty() {
		r.Max.X = tape.Min.X - tapeGap
	}
	return r
}

// fullBody is the same where there is no tape.
func (s *session) fullBody() image.Rectangle {
	r := image.Rect(markWidth, 2+s.margin(), s.width, s.height-2)
	if s.width >= roomy {
		r.Min.X, r.Max.X = r.Min.X+1, r.Max.X-1
	}
	return r
}

// margin is the empty rows above the body, where there is room for one.
func (s *session) margin() int {
	if s.height > MinHeight {
		return 1
	}
	return 0
}

// room is the space for a picture in a place. In the frame it takes the margins too.
func (s *session) room(at place) image.Point {
	switch at {
	case inFrame:
		return image.Pt(s.width-2, s.height-rowsAround)
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
	framed := size.Add(image.Pt(2, rowsAround))
	if s.width >= beside.X || s.height < framed.Y {
		return beside
	}
	return framed
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
	f.picture, f.at = p, image.Pt(1, 2)
	if f.at.Y+m.session.margin()+p.size.Y < f.body.Max.Y { // else its row has a text
		f.at.Y += m.session.margin()
	}
	if m.session.beside(p.size) {
		f.body.Min.X = f.at.X + p.size.X + pictureGap
	} else {
		f.body.Min.Y = f.at.Y + p.size.Y
	}
	if f.at.X+p.size.X+pictureGap+leastColumn > f.body.Max.X { // a wide one leaves no room for the tape
		f.tape, f.body.Max.X = image.Rectangle{}, whole.Max.X
	}
	f.notice.Min, f.notice.Max.X = f.body.Min, f.body.Max.X
	return f
}

// framed is the frame in a part of the terminal, which is all of it or a narrow
// column.
func (m Model) framed(part image.Rectangle, narrow bool) frame {
	f := frame{corner: part.Min, head: m.head(part.Dx(), narrow), body: part, notice: part, foot: part}
	rows := 1
	if narrow {
		rows = part.Dy() / 3 // the text needs the others
	}
	f.keys, f.spots = m.footer(part.Dx(), rows)
	f.foot.Min.Y = part.Max.Y - len(f.keys)
	_, calls := m.top().(callsScreen)
	_, console := m.top().(consoleScreen) // which has the calls in a list
	switch {
	case narrow:
		f.body = image.Rect(part.Min.X, len(f.head)+1, part.Max.X, f.foot.Min.Y-1)
	case calls || console || m.session.tape().Empty():
		f.body = m.session.fullBody()
	default:
		f.body, f.tape = m.session.body(), m.session.tape()
		f.notice.Max.X = f.body.Max.X
	}
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
	if !f.tape.Empty() {
		put(rows, f.tape.Min.Sub(image.Pt(2, 0)), m.tapeLines(f.tape.Dx(), f.tape.Dy()))
	}
	put(rows, f.foot.Min, f.keys)
	for i, row := range rows {
		rows[i] = m.session.styles.text.ground(row)
	}
	return strings.Join(rows, "\n")
}

// put draws lines from a point on, over all that is right of it. A line of a list has
// its mark left of it.
func put(rows []string, at image.Point, lines []string) {
	for i, l := range lines {
		row, from := &rows[at.Y+i], at.X
		if text, listed := strings.CutPrefix(l, hanging); listed {
			l, from = text, at.X-markWidth
		}
		switch over := lipgloss.Width(*row) - from; {
		case over > 0:
			*row = ansi.Truncate(*row, from, "")
		case over < 0:
			*row += strings.Repeat(" ", -over)
		}
		*row += l
	}
}
