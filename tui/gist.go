package tui

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
	"mfa-tui/workos/inspect"
)

// gist is what a call came to, in a few words.
type gist struct {
	text  string
	kind  noticeKind
	short string // where text is too wide; empty to cut that
	mark  string // where there is room for no more
}

// in is the gist in w columns.
func (g gist) in(w int) string {
	switch {
	case w == 1:
		return g.mark
	case g.short != "" && lipgloss.Width(g.text) > w:
		g.text = g.short
	}
	return ansi.Truncate(g.text, max(0, w), "…")
}

// gist tells what a call came to: what the server notes about it, or what its response
// means, with where the message of a challenge went, if that is known.
func (s *session) gist(c inspect.Call) gist {
	if !c.Ended {
		return gist{text: "no response yet", short: "waits"}
	}
	g := c.Gist()
	if s.live != nil && g.Verdict == inspect.Neutral && strings.HasSuffix(c.Path, "/challenge") {
		for _, m := range s.live.messages {
			if m.ChallengeID != "" && bytes.Contains(c.Response.JSON, []byte(m.ChallengeID)) {
				return gist{text: "SMS to " + words.Clean(m.To), short: "SMS to " + ending(words.Clean(m.To), 4)}
			}
		}
	}
	kind := [...]noticeKind{inspect.Neutral: plain, inspect.Good: success, inspect.Bad: failure, inspect.Refused: warning, inspect.Failed: failure}[g.Verdict]
	text := words.Clean(g.String())
	return gist{text, kind, terser.Replace(text), g.Verdict.Mark()}
}

// terser leaves out what the path says already.
var terser = strings.NewReplacer(" factor", "", "signed in as ", "", "invalid_one_time_code", "invalid code", "authentication_challenge_", "", "one_time_code_", "")

// own is the gist of a call that a person made in the console itself.
func (g gist) own() gist {
	g.short, g.text = cmp.Or(g.short, g.text), words.Join(" · ", g.text, "console")
	return g
}

// gist draws a gist in w columns.
func (st styles) gist(g gist, w int) string { return st.ofKind(g.kind).Render(g.in(w)) }

// ofKind is the colour of a notice or a gist; a plain one has that of notes.
func (st styles) ofKind(k noticeKind) pen {
	return [...]pen{st.dim, st.good, st.warning, st.bad}[k]
}
