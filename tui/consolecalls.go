package tui

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
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
		ended: func(i int) bool { return calls[i].Ended },
		columns: func(q factors.Query, w int) []consoleColumn {
			at := columnsOfCall(w)
			at.query = q
			return []consoleColumn{{at.heads(), w, func(i, _ int) string { return s.callLine(calls[i], at, false) }}}
		},
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

// heads are the names of the columns.
func (c callColumns) heads() string {
	line := column("TIME", c.time) + column("METHOD", methodWidth) + column("PATH", c.path) + column("RESULT", c.gist)
	if c.took > 0 {
		line += "STATUS"
	}
	return line
}

// openCallMsg opens a call over the console.
type openCallMsg struct{ n int }
