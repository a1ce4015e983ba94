package tui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"
)

// Call is one attempt of a call, as the inspector shows it. Whoever makes it has
// hidden its secrets already: this package draws and copies what it is given.
type Call struct {
	N         int // counts the calls of the session, from 1
	Method    string
	Path      string // as it was sent: escaped, without the base URL
	Query     string // encoded, without the question mark
	Start     time.Time
	Duration  time.Duration
	Ended     bool // false while there is neither an answer nor an error
	Status    int  // 0 without an answer
	RequestID string
	Request   Body
	Answer    Body
	Err       string // why there is no answer, or not all of it
}

// Body is what a call sent or got.
type Body struct {
	JSON []byte // compact; nil if there was none, or none that can be shown
	Note string // why none can be shown, e.g. "not JSON, 120 bytes"
}

// Mask is what stands in a call in place of a value that is hidden.
const Mask = "••••••"

// callForm is how the chosen call is shown.
type callForm int

const (
	asRequest callForm = iota
	asAnswer
	asCurl
	asGo
	asPython
	callForms // how many there are
)

// String names a form, as its tab does.
func (f callForm) String() string { return [...]string{"Request", "Answer", "curl", "Go", "Python"}[f] }

// copied names a form in the notice of a copy.
func (f callForm) copied() string {
	if f.code() {
		return f.String() + " code"
	}
	return strings.ToLower(f.String())
}

// code reports whether a form is code that makes the call again.
func (f callForm) code() bool { return f >= asCurl }

// status tells how a call ended, in three characters.
func (c Call) status() string {
	switch {
	case !c.Ended:
		return "  …"
	case c.Status == 0:
		return "ERR"
	}
	return strconv.Itoa(c.Status)
}

// outcome tells how a call ended, in words.
func (c Call) outcome() string {
	switch {
	case !c.Ended:
		return "no answer yet"
	case c.Status == 0:
		return "no answer"
	}
	return strings.TrimSpace(strconv.Itoa(c.Status) + " " + http.StatusText(c.Status))
}

// took tells how long a call took, in at most six characters.
func (c Call) took() string {
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

// request tells what was sent, as lines.
func (c Call) request() string {
	target := c.Path
	if c.Query != "" {
		target += "?" + c.Query
	}
	return joined(c.Method+" "+target, c.Request.text())
}

// answer tells what came back, as lines.
func (c Call) answer() string {
	first := c.outcome()
	if c.RequestID != "" {
		first += " · " + c.RequestID
	}
	return joined(first, c.Err, c.Answer.text())
}

// joined joins the texts that are not empty, each on a line of its own.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), "\n") + "\n"
}

// text is a body as people read it, empty if there is none.
func (b Body) text() string {
	var out bytes.Buffer
	if b.JSON == nil || json.Indent(&out, b.JSON, "", "  ") != nil {
		return b.Note
	}
	return out.String()
}

// shortPath is the path in at most w columns. Its ids are cut to their ends, and
// it loses its beginning first, since its end tells what is done.
func (c Call) shortPath(w int) string {
	queries := []string{""}
	if c.Query != "" {
		queries = []string{"?" + clean(c.Query), "?…"}
	}
	for _, end := range []int{6, 3} {
		for _, query := range queries {
			if path := c.pathOfEnds(end) + query; lipgloss.Width(path) <= w {
				return path
			}
		}
	}
	path := c.pathOfEnds(3)
	return ansi.TruncateLeft(path, max(0, lipgloss.Width(path)-w+1), "…")
}

// pathOfEnds is the path with as much of the end of each id.
func (c Call) pathOfEnds(end int) string {
	parts := strings.Split(clean(c.Path), "/")
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
