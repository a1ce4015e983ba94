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
	{"curl", "curl code", true, inspect.Call.Curl},
	{"Go", "Go code", true, inspect.Call.Go},
	{"Python", "Python code", true, inspect.Call.Python},
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
// that is too wide it loses its beginning, since its end says what is done.
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

// timedFrom is the width of a list from which on it has the time of each call, and
// gistFrom the one from which on it says what the response means, not only with a mark.
const timedFrom, gistFrom = 52, 70

// call draws a call as a line of w columns. The path gets the width that is left.
func (st styles) call(c inspect.Call, chosen bool, w int) string {
	const methodWidth, gistWidth, tookWidth = 7, 16, 8
	g, dim := c.Gist(), st.dim
	if chosen {
		dim = st.text
	}
	gist, room := g.String(), gistWidth
	if w < gistFrom {
		gist, room = g.Verdict.Mark(), 1
	}
	end := "  " + st.gist(g).Render(column(words.Clean(gist), room)) + "  " + st.status(c).Render(callStatus(c))
	if w >= gistFrom {
		end += dim.Render(pad(callTook(c), tookWidth))
	}
	begin := ""
	if w >= timedFrom {
		begin = dim.Render(c.Start.UTC().Format(time.TimeOnly) + "  ")
	}
	begin += st.accent.Render(column(words.Clean(c.Method), methodWidth))
	path := w - lipgloss.Width(begin+end)
	return begin + st.text.Render(column(shortPath(c, path), path)) + end
}

// gist is the colour of what a response means.
func (st styles) gist(g inspect.Gist) lipgloss.Style {
	return map[inspect.Verdict]lipgloss.Style{inspect.Neutral: st.dim, inspect.Good: st.good, inspect.Bad: st.bad, inspect.Refused: st.warning}[g.Verdict]
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
