package tui

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
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
			at := columnsOfCall(w)
			line := column("METHOD", methodWidth) + column("PATH", at.path)
			if at.time > 0 {
				line = column("TIME", at.time) + line
			}
			if at.gist > 0 {
				line += column("RESULT", at.gist)
			}
			if at.took > 0 {
				line += "STATUS"
			}
			return line
		},
		line: func(i, w int) string { return s.callLine(calls[i], columnsOfCall(w), false) },
		open: func(c consoleScreen, i int) (screen, tea.Cmd) {
			return c, func() tea.Msg { return openCallMsg{calls[i].N} }
		},
		actions: func(c consoleScreen, i int, ok bool) []action {
			return []action{
				c.openKey(),
				{as(keyCopyShown, "y", "copy as curl"), ok, shown, func() (screen, tea.Cmd) { return c, s.copyText("curl command", calls[i].Curl()) }},
			}
		},
	}
}

// openCallMsg opens a call over the console.
type openCallMsg struct{ n int }
