package tui

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos/inspect"
)

// callsList is the calls of all clients.
func (s *session) callsList() consoleList {
	calls := s.live.calls
	return consoleList{
		n:  len(calls),
		id: func(i int) string { return strconv.Itoa(calls[i].N) },
		text: func(i int) string {
			c := calls[i]
			return strings.Join([]string{c.Method, c.Path, c.Query, callStatus(c), s.gist(c).text, c.RequestID, string(c.Request.JSON), string(c.Response.JSON)}, "\n")
		},
		head: func(w int) string {
			before, path, gist := callColumns(w)
			line := column("METHOD", 8) + column("PATH", path)
			if before > 0 {
				line = column("TIME", before) + line
			}
			if gist > 0 {
				line += column("RESULT", gist)
			}
			if before > 0 {
				line += "STATUS"
			}
			return line
		},
		line: func(i, w int) string { return s.callLine(calls[i], w) },
		open: func(c consoleScreen, i int) (screen, tea.Cmd) {
			return c, func() tea.Msg { return openCallMsg{calls[i].N} }
		},
		actions: func(c consoleScreen, i int, ok bool) []action {
			return []action{
				c.openKey(),
				{as(keyCopyShown, "y", "copy as curl"), ok, shown, func() (screen, tea.Cmd) { return c, s.copyText("call as curl", calls[i].Curl()) }},
			}
		},
	}
}

// openCallMsg opens a call over the console.
type openCallMsg struct{ n int }

// callColumns are the widths of the columns of a call in w columns: the time, the path
// and what the call came to; 0 for none.
func callColumns(w int) (before, path, gist int) {
	const method, status, took = 8, 3, 9
	rest := w - method - status
	if w >= 60 {
		before, rest = 10, rest-10-took
	}
	const longest = 52 // of the usual paths, with one ID
	gist = min(28, rest*2/5)
	if w < 52 {
		gist = max(0, min(14, rest-14))
	}
	path = max(0, min(rest-gist, max(longest, rest/2)))
	return before, path, rest - path
}

// callLine is a call in w columns. What a person did in the console itself is dim.
func (s *session) callLine(c inspect.Call, w int) string {
	st := s.styles
	before, path, width := callColumns(w)
	method, target := st.accent, st.text
	if !c.Served {
		method, target = st.dim, st.dim
	}
	line := method.Render(column(words.Clean(c.Method), 8)) + target.Render(column(shortPath(c, path-2), path))
	if before > 0 {
		line = st.dim.Render(column(s.zoned(c.Start), before)) + line
	}
	if width > 0 {
		g := s.gist(c)
		if marked := words.Join(" · ", g.in(width-2), "console"); !c.Served && lipgloss.Width(marked) <= width-2 {
			g.text = marked
		}
		line += [...]lipgloss.Style{st.dim, st.good, st.warning, st.bad}[g.kind].Render(column(g.in(width-2), width))
	}
	line += st.status(c).Render(callStatus(c))
	if before > 0 {
		line += st.dim.Render(fmt.Sprintf("  %7s", callTook(c)))
	}
	return line
}
