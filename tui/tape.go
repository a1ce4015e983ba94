package tui

import (
	"image"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
)

// The call tape is a column beside every screen of a wide terminal: the API calls of
// the session as they happen, newest first, and what was sent and answered. Whoever
// uses the screens sees how the API is used.

const (
	tapeFrom = 150 // columns of a terminal from which on there is a tape
	tapeGap  = 4   // columns between a body and the tape, with a line in them

	tapeRows   = 3  // of what a call sent, and of what came back
	tapeFields = 60 // more than fit into them
)

// tape is where the call tape is, empty on a terminal without room for it.
func (s *session) tape() image.Rectangle {
	if s.width < tapeFrom {
		return image.Rectangle{}
	}
	w := min(60, s.width*3/10)
	return image.Rect(s.width-1-w, 2+s.margin(), s.width-1, s.height-2)
}

// tapeLines draws the tape and the line beside it, in a tape of w columns and h rows.
func (m Model) tapeLines(w, h int) []string {
	st, calls := m.session.styles, m.session.Calls()
	lines := []string{st.title.Render("API calls") + "  " + st.key.Render(m.callsKey().Help().Key) + st.dim.Render(" opens")}
	if len(calls) == 0 {
		lines = []string{st.title.Render("API calls"), "", st.dim.Render("API calls appear here as they happen.")}
	}
	t := taper{w, st}
	for _, c := range calls {
		if len(lines) >= h {
			break
		}
		lines = append(append(lines, ""), t.call(c)...)
	}
	lines = fit(strings.Join(lines, "\n"), w, h)
	edge := st.edge.Render("│") + " "
	for i, l := range lines {
		lines[i] = edge + l
	}
	return lines
}

// taper draws calls on a tape of w columns.
type taper struct {
	w  int
	st styles
}

// call draws a call: what was called and how it ended, what was sent, what came back.
func (t taper) call(c inspect.Call) []string {
	end := " " + t.st.status(c).Render(callStatus(c)) + t.st.dim.Render(pad(callTook(c), 8))
	method := words.Clean(c.Method)
	room := t.w - lipgloss.Width(method+" ") - lipgloss.Width(end)
	lines := []string{t.st.accent.Render(method) + " " + column(shortPath(c, room), room) + end}
	request, response := c.Fields()
	sent, got := t.fields(c.Request, request), t.fields(c.Response, response)
	if c.Err != "" {
		got = append(got, t.st.bad.Render(words.Clean(c.Err)))
	}
	return slices.Concat(lines, t.flowed("→", sent), t.flowed("←", got))
}

// pad is text at the right of w columns.
func pad(text string, w int) string {
	return strings.Repeat(" ", max(0, w-lipgloss.Width(text))) + text
}

// fields draws the fields of a body.
func (t taper) fields(b inspect.Body, all []inspect.Field) []string {
	switch {
	case b.Note != "":
		return []string{t.st.dim.Render(words.Clean(b.Note))}
	case all != nil && len(all) == 0:
		return []string{t.st.dim.Render("{}")}
	}
	drawn := make([]string, min(len(all), tapeFields))
	for i := range drawn {
		drawn[i] = t.field(all[i])
	}
	return drawn
}

// field draws a field of a body.
func (t taper) field(f inspect.Field) string {
	const longest, end = 30, 6 // columns of a value, and of its end
	text := words.Clean(f.Text)
	switch {
	case f.Name == "":
		return text
	case f.Name == "phone_number": // others may look on
		text = strconv.Quote(factors.Masked(workos.Factor{SMS: &workos.SMSDetails{PhoneNumber: strings.Trim(text, `"`)}}).SMS.PhoneNumber)
	case f.Name == "valid" && text == "false":
		text = t.st.bad.Render(text)
	case f.Name == "valid" && text == "true":
		text = t.st.good.Render(text)
	default:
		if w := ansi.StringWidth(text); w > longest {
			text = ansi.Truncate(text, longest-end-1, "…") + ansi.TruncateLeft(text, w-end, "")
		}
	}
	return t.st.dim.Render(words.Clean(f.Name)+":") + " " + text
}

// flowed draws what was sent or answered behind a mark, in a few rows.
func (t taper) flowed(mark string, parts []string) (lines []string) {
	line, width := "  "+t.st.dim.Render(mark), 3
	for i, p := range parts {
		if i < len(parts)-1 {
			p += t.st.dim.Render(",")
		}
		w := lipgloss.Width(p)
		if i > 0 && width+1+w > t.w {
			if lines = append(lines, line); len(lines) == tapeRows {
				lines[tapeRows-1] = ansi.Truncate(line, t.w-2, "") + t.st.dim.Render(" …")
				return lines
			}
			line, width = "   ", 3
		}
		line, width = line+" "+p, width+1+w
	}
	if len(parts) == 0 {
		return nil
	}
	return append(lines, line)
}
