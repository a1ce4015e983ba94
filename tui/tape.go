package tui

import (
	"bytes"
	"encoding/json"
	"image"
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos/inspect"
)

// The call tape is a column beside every screen of a wide terminal: the API calls of
// the session as they happen, newest first, and what was sent and answered. Whoever
// uses the screens sees how the API is used.

const (
	tapeFrom = 150 // columns of a terminal from which on there is a tape
	tapeGap  = 4   // columns between a body and the tape, with a line in them
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
		lines = []string{st.title.Render("API calls"), "", st.dim.Render("Each call that a key makes is shown here.")}
	}
	t := taper{w, st, ground(st.dim)}
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
	w   int
	st  styles
	dim func(string) string // [lipgloss.Style.Render] would take half the time of a frame
}

// call draws a call: what was called and how it ended, what was sent, what came back.
func (t taper) call(c inspect.Call) []string {
	end := " " + t.st.status(c).Render(callStatus(c)) + t.dim(pad(callTook(c), 8))
	method := words.Clean(c.Method)
	room := t.w - lipgloss.Width(method+" ") - lipgloss.Width(end)
	lines := []string{t.st.accent.Render(method) + " " + column(shortPath(c, room), room) + end}
	sent, got := t.fields(c.Request), t.fields(c.Response)
	if c.Err != "" {
		got = append(got, t.st.bad.Render(words.Clean(c.Err)))
	}
	return slices.Concat(lines, t.flowed("→", sent), t.flowed("←", got))
}

// pad is text at the right of w columns.
func pad(text string, w int) string {
	return strings.Repeat(" ", max(0, w-lipgloss.Width(text))) + text
}

// status is the style of how a call ended.
func (st styles) status(c inspect.Call) lipgloss.Style {
	switch {
	case !c.Ended:
		return st.dim
	case c.Status == 0 || c.Status >= 500 || c.Gist().Verdict == inspect.Bad:
		return st.bad
	case c.Status >= 400:
		return st.warning
	}
	return st.good
}

// fields are the fields of a body, but for what kind of object it is and since when: the
// plain ones, then those with fields of their own.
func (t taper) fields(b inspect.Body) []string {
	if b.JSON == nil {
		if b.Note == "" {
			return nil
		}
		return []string{t.dim(words.Clean(b.Note))}
	}
	var plain, nested []string
	in := json.NewDecoder(bytes.NewReader(b.JSON))
	if open, _ := in.Token(); open != json.Delim('{') { // it is JSON, which the recorder has checked
		return []string{words.Clean(string(b.JSON))}
	}
	for in.More() {
		name, _ := in.Token()
		var value json.RawMessage
		if in.Decode(&value) != nil {
			break
		}
		switch key, _ := name.(string); {
		case key == "object" || key == "created_at" || key == "updated_at":
		case value[0] == '{' || value[0] == '[':
			nested = append(nested, t.field(key, value))
		default:
			plain = append(plain, t.field(key, value))
		}
	}
	if all := append(plain, nested...); len(all) > 0 {
		return all
	}
	return []string{t.dim("{}")}
}

// field draws a field of a body.
func (t taper) field(key string, value json.RawMessage) string {
	const longest, end = 30, 6 // columns of a value, and of its end
	text := words.Clean(string(value))
	switch {
	case value[0] == '{':
		text = "{…}"
	case value[0] == '[':
		var items []json.RawMessage
		_ = json.Unmarshal(value, &items) // it is an array
		text = "[" + strconv.Itoa(len(items)) + "]"
	case key == "valid" && text == "false":
		text = t.st.bad.Render(text)
	case key == "valid" && text == "true":
		text = t.st.good.Render(text)
	default:
		if w := lipgloss.Width(text); w > longest {
			text = ansi.Truncate(text, longest-end-1, "…") + ansi.TruncateLeft(text, w-end, "")
		}
	}
	return t.dim(words.Clean(key)+":") + " " + text
}

// flowed draws what was sent or answered behind a mark, in a few rows.
func (t taper) flowed(mark string, parts []string) (lines []string) {
	const rows = 3
	line, width := "  "+t.dim(mark), 3
	for i, p := range parts {
		if i < len(parts)-1 {
			p += t.dim(",")
		}
		w := lipgloss.Width(p)
		if i > 0 && width+1+w > t.w {
			if lines = append(lines, line); len(lines) == rows {
				lines[rows-1] = ansi.Truncate(line, t.w-2, "") + t.dim(" …")
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
