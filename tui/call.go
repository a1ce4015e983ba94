package tui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos/inspect"
)

// callForm is how the chosen call is shown.
type callForm int

const (
	firstCode callForm = 2 // and those that follow are code that makes the call again
	callForms callForm = 5 // how many there are
)

var forms = [callForms]struct {
	name string
	text func(inspect.Call) string
}{
	{"Request", inspect.Call.RequestText}, {"Response", inspect.Call.ResponseText},
	{"curl", inspect.Call.Curl}, {"Go", inspect.Call.Go}, {"Python", inspect.Call.Python},
}

// String names a form, as its tab does.
func (f callForm) String() string { return forms[f].name }

// text is a call in this form.
func (f callForm) text(c inspect.Call) string { return forms[f].text(c) }

// copied names a form in the notice of a copy.
func (f callForm) copied() string {
	if f.code() {
		return f.String() + " code"
	}
	return strings.ToLower(f.String())
}

// code reports whether a form is code that makes the call again.
func (f callForm) code() bool { return f >= firstCode }

// callStatus tells how a call ended, in three characters.
func callStatus(c inspect.Call) string {
	switch {
	case !c.Ended:
		return "  …"
	case c.Status == 0:
		return "ERR"
	}
	return strconv.Itoa(c.Status)
}

// callTook tells how long a call took, in at most six characters.
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

// shortPath is the path in at most w columns. Its ids are cut to their ends, and
// it loses its beginning first, since its end tells what is done.
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

// pathOfEnds is the path with as much of the end of each id.
func pathOfEnds(path string, end int) string {
	parts := strings.Split(words.Clean(path), "/")
	for i, p := range parts {
		if strings.Contains(p, "_") && len(p) > 20 {
			parts[i] = ending(p, end)
		}
	}
	return strings.Join(parts, "/")
}

// tail is the end of an id, by which people tell it from others.
func tail(id string) string { return ending(id, 6) }

// ending is the last n characters of a text, after a sign for the others.
func ending(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return "…" + string(r[len(r)-n:])
	}
	return s
}
