package tui

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos/inspect"
)

// callView is how the chosen call is shown.
type callView struct {
	name, copied string // on its tab; in the notice of a copy
	code         bool   // it is code that makes the call again
	text         func(inspect.Call) string
}

var callViews = [...]callView{
	{"Request", "request", false, inspect.Call.RequestText},
	{"Response", "response", false, inspect.Call.ResponseText},
	{"curl", "curl command", true, inspect.Call.Curl},
	{"Go", "Go code", true, inspect.Call.Go},
	{"Python", "Python code", true, inspect.Call.Python},
	{"Node", "Node code", true, inspect.Call.Node},
}

// callStatus is how a call ended, in three characters.
func callStatus(c inspect.Call) string {
	switch {
	case !c.Ended:
		return "  …"
	case c.Status == 0:
		return "ERR"
	}
	return strconv.Itoa(c.Status)
}

// callTook is how long a call took, in at most six characters.
func callTook(c inspect.Call) string {
	switch d := c.Duration; {
	case !c.Ended:
		return ""
	case d < time.Millisecond:
		return strconv.FormatInt(d.Microseconds(), 10) + " µs"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	default:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
}

// shortPath is the path in at most w columns, with only the ends of its IDs. Where
// that is too wide it loses parts of its beginning, since its end says what is done.
func shortPath(c inspect.Call, w int) string {
	queries := []string{""}
	if c.Query != "" {
		queries = []string{"?" + words.Clean(c.Query), "?…"}
	}
	for _, end := range []int{6, 3} {
		for _, query := range queries {
			if path := pathOfEnds(c.Path, end) + query; lipgloss.Width(path) <= w {
				return path
			}
		}
	}
	path := pathOfEnds(c.Path, 3)
	for at := range len(path) {
		if at > 0 && path[at] == '/' && lipgloss.Width("…"+path[at:]) <= w {
			return "…" + path[at:]
		}
	}
	return ansi.TruncateLeft(path, max(0, lipgloss.Width(path)-w+1), "…")
}

// pathOfEnds is the path with each ID cut to its last characters.
func pathOfEnds(path string, end int) string {
	parts := strings.Split(words.Clean(path), "/")
	for i, p := range parts {
		if strings.Contains(p, "_") && len(p) > 20 {
			parts[i] = ending(p, end)
		}
	}
	return strings.Join(parts, "/")
}

// tail is the end of an ID, enough to recognize it.
func tail(id string) string { return ending(id, 6) }

// ending is the last n characters of a text, behind an ellipsis if there are more.
func ending(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n:])
	}
	return s
}

// callColumns are the widths of the columns of a call, the gaps behind them included; 0
// for none. All have the method and the status, too.
type callColumns struct {
	time, path, gist, took int
	query                  factors.Query // what to highlight
}

// The widths of a list of calls from which on it has the time of each, how long it took,
// and more of what it came to than its mark where something else says so.
const timedFrom, tookFrom, gistFrom = 52, 60, 60

const methodWidth, statusWidth = 7, 3

// columnsOfCall are those of a call in w columns. What it came to gets the width that is
// left by the path.
func columnsOfCall(w int) (c callColumns) {
	if w >= tookFrom {
		c.took = 8
	}
	if w >= timedFrom {
		c.time = 10
	}
	rest := w - c.time - methodWidth - statusWidth - c.took
	if c.gist = max(0, min(14, rest-14)); w >= timedFrom {
		c.gist = min(28, rest*3/8)
	}
	const longest = 52 // of the usual paths, with one ID
	c.path = max(0, min(rest-c.gist, max(longest, rest/2)))
	c.gist = rest - c.path
	return c
}

// marked is the same with only the mark of what the call came to.
func (c callColumns) marked() callColumns {
	const mark = 3
	c.path, c.gist = c.path+c.gist-mark, mark
	return c
}

// callLine draws a call as a line. In a console those that the person made there are dim.
func (s *session) callLine(c inspect.Call, at callColumns, chosen bool) string {
	st, dim := s.styles, s.styles.dim
	if chosen {
		dim = st.text
	}
	method, target, g := st.accent, st.text, s.gist(c)
	if s.serves() && !c.Served {
		method, target, g = dim, dim, g.own()
	}
	line := method.Render(column(words.Clean(c.Method), methodWidth)) + st.found(at.query, column(shortPath(c, at.path-2), at.path), target)
	if at.time > 0 {
		line = dim.Render(column(s.timeOf(c), at.time)) + line
	}
	if at.gist > 0 {
		line += st.found(at.query, column(g.in(at.gist-2), at.gist), st.ofKind(g.kind))
	}
	line += st.status(c).Render(callStatus(c))
	if at.took > 0 {
		line += dim.Render(pad(callTook(c), at.took))
	}
	return line
}

// timeOf is when a call was made: where a server's person is, else in UTC.
func (s *session) timeOf(c inspect.Call) string {
	return c.Start.In(s.Serving.Since.Location()).Format(time.TimeOnly)
}

// status is the style of how a call ended. A wrong code is a call that worked: what it
// came to is coloured, not its status.
func (st styles) status(c inspect.Call) pen {
	switch {
	case !c.Ended:
		return st.dim
	case c.Status == 0 || c.Status >= 500:
		return st.bad
	case c.Status >= 400:
		return st.warning
	}
	return st.good
}

// jsonToken is a name with its colon, a text, a number or a word of JSON.
var jsonToken = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`"(?:[^"\\]|\\.)*":?|-?[0-9][0-9.eE+-]*|\b(?:true|false|null)\b`)
})

// json draws a line of JSON, if it is one.
func (st styles) json(line string) string {
	if line == "" || !strings.ContainsAny(line[:1], ` "{}[]`) {
		return line
	}
	name := ""
	return jsonToken().ReplaceAllStringFunc(line, func(token string) string {
		switch {
		case strings.HasSuffix(token, ":"):
			name = token
			return st.dim.Render(token)
		case name == `"valid":` && token == "false":
			return st.bad.Render(token)
		case name == `"valid":` && token == "true":
			return st.good.Render(token)
		case token[0] == '"':
			return st.text.Render(token)
		}
		return st.accent.Render(token)
	})
}
