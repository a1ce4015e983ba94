package tui

import (
	"bytes"
	"encoding/json"
	"image"
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
	for _, c := range calls {
		if len(lines) >= h {
			break
		}
		lines = append(append(lines, ""), st.taped(c, w)...)
	}
	lines = fit(strings.Join(lines, "\n"), w, h)
	for i, l := range lines {
		lines[i] = st.edge.Render("│") + " " + l
	}
	return lines
}

// taped draws a call: what was called and how it ended, what was sent, what came back.
func (st styles) taped(c inspect.Call, w int) []string {
	const most = 3 // rows of a body
	end := " " + st.status(c).Render(callStatus(c)) + st.dim.Render(pad(callTook(c), 8))
	method := words.Clean(c.Method)
	room := w - lipgloss.Width(method+" ") - lipgloss.Width(end)
	lines := []string{st.accent.Render(method) + " " + column(shortPath(c, room), room) + end}
	sent, got := st.bodyParts(c.Request), st.bodyParts(c.Response)
	if c.Err != "" {
		got = append(got, st.bad.Render(words.Clean(c.Err)))
	}
	lines = append(lines, st.flowed("→", sent, w, most)...)
	return append(lines, st.flowed("←", got, w, most)...)
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

// bodyParts are the fields of a body, what is in fields of its own left out, then what
// kind of object it is and since when.
func (st styles) bodyParts(b inspect.Body) []string {
	if b.JSON == nil {
		if b.Note == "" {
			return nil
		}
		return []string{st.dim.Render(words.Clean(b.Note))}
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
			nested = append(nested, st.bodyPart(key, value))
		default:
			plain = append(plain, st.bodyPart(key, value))
		}
	}
	all := append(plain, nested...)
	if len(all) == 0 {
		return []string{st.dim.Render("{}")}
	}
	return all
}

// bodyPart draws a field of a body.
func (st styles) bodyPart(key string, value json.RawMessage) string {
	const longest = 30 // columns of a value
	text, style := words.Clean(string(value)), st.text
	switch {
	case value[0] == '{':
		text = "{…}"
	case value[0] == '[':
		var items []json.RawMessage
		_ = json.Unmarshal(value, &items) // it is an array
		text = "[" + strconv.Itoa(len(items)) + "]"
	case lipgloss.Width(text) > longest:
		text = ansi.Truncate(text, longest-7, "…") + ansi.TruncateLeft(text, lipgloss.Width(text)-6, "")
	case text == "false" && key == "valid":
		style = st.bad
	case text == "true" && key == "valid":
		style = st.good
	}
	return st.dim.Render(words.Clean(key)+":") + " " + style.Render(text)
}

// flowed draws what was sent or answered behind a mark, in at most so many rows of w
// columns.
func (st styles) flowed(mark string, parts []string, w, most int) []string {
	const indent = "    "
	var lines []string
	line := "  " + st.dim.Render(mark) + " "
	for i, p := range parts {
		if i < len(parts)-1 {
			p += st.dim.Render(",")
		}
		if i > 0 && lipgloss.Width(line)+1+lipgloss.Width(p) > w {
			if lines = append(lines, line); len(lines) == most {
				lines[most-1] = ansi.Truncate(line, w-2, "") + st.dim.Render(" …")
				return lines
			}
			line = indent + p
			continue
		}
		if i > 0 {
			line += " "
		}
		line += p
	}
	if len(parts) == 0 {
		return lines
	}
	return append(lines, line)
}
