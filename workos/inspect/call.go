package inspect

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Call is one attempt of a request, without its secrets.
type Call struct {
	N         int    // counts the calls of a recorder, from 1
	BaseURL   string // where it was sent; empty for WorkOS's own
	Method    string
	Path      string // as it was sent: escaped, without the base URL
	Query     string // encoded, without the question mark
	Start     time.Time
	Duration  time.Duration
	Ended     bool // false while there is neither a response nor an error
	Status    int  // 0 without a response
	RequestID string
	Request   Body
	Response  Body
	Err       string // why there is no response, or not all of it
	Note      string // what a server notes about it, see [Note]
	Served    bool   // a [Recorder.Handler] answered it, so another program made it

	looked bool // path and query have nothing to hide

	gist   func() Gist       // nil unless a recorder keeps the call
	fields func() [2][]Field // the same
}

// kept is a call that reads its bodies once, and only if somebody looks at it.
func (c Call) kept() Call {
	if !c.Ended {
		return c
	}
	read := c
	c.gist = sync.OnceValue(func() Gist { return read.readGist() })
	c.fields = sync.OnceValue(func() [2][]Field { return read.readFields() })
	return c
}

// size is about how many bytes the call takes in memory.
func (c Call) size() int {
	const fixed = 1000
	texts := len(c.Method) + len(c.Path) + len(c.Query) + len(c.RequestID) + len(c.Err) + len(c.Note) + len(c.Request.Note) + len(c.Response.Note)
	return fixed + texts + cap(c.Request.JSON) + cap(c.Response.JSON)
}

// Body is what a call sent or got.
type Body struct {
	JSON []byte // nil if there was none or it can't be shown
	Note string // why it can't be shown, e.g. "not JSON, 120 bytes"

	looked bool // it has nothing to hide
}

// Outcome says how a call ended.
func (c Call) Outcome() string {
	switch {
	case !c.Ended:
		return "no response yet"
	case c.Status == 0:
		return "no response"
	}
	return strings.TrimSpace(strconv.Itoa(c.Status) + " " + http.StatusText(c.Status))
}

// RequestText is what was sent, as lines.
func (c Call) RequestText() string {
	target := c.Path
	if c.Query != "" {
		target += "?" + c.Query
	}
	return joined(c.Method+" "+target, c.Request.text())
}

// ResponseText is what came back, as lines.
func (c Call) ResponseText() string {
	first := c.Outcome()
	if c.RequestID != "" {
		first += " · " + c.RequestID
	}
	return joined(first, c.Err, c.Response.text())
}

// joined joins the texts that are not empty, each on a line of its own.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(t string) bool { return t == "" }), "\n") + "\n"
}

// text is a body for people to read, empty if there is none.
func (b Body) text() string {
	var out bytes.Buffer
	if b.JSON == nil {
		return b.Note
	}
	if json.Indent(&out, b.JSON, "", "  ") != nil {
		return notJSON(b.JSON)
	}
	return out.String()
}
