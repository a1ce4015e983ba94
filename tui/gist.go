package tui

import (
	"bytes"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
	"mfa-tui/workos/inspect"
)

// gist is what a call came to, in a few words.
type gist struct {
	text  string
	kind  noticeKind
	short string // where text is too wide; empty to cut that
}

// in is the gist in w columns.
func (g gist) in(w int) string {
	if g.short != "" && lipgloss.Width(g.text) > w {
		g.text = g.short
	}
	return ansi.Truncate(g.text, max(0, w), "…")
}

// gist tells what a call came to: what the server notes about it, or what its response
// means, with where the message of a challenge went.
func (s *session) gist(c inspect.Call) gist {
	if c.Note != "" {
		return gist{text: clean(c.Note), kind: warning}
	}
	g := c.Gist()
	switch text := clean(g.Text); {
	case g.Verdict == inspect.Bad:
		return gist{text: "✗ not valid", kind: failure}
	case g.Verdict == inspect.Good:
		return gist{text: "✓ " + strings.TrimSuffix(text, ": true"), kind: success}
	case g.Verdict == inspect.Refused && (c.Status == 0 || c.Status >= 500):
		return gist{text: text, kind: failure}
	case g.Verdict == inspect.Refused:
		return gist{text: text, kind: warning}
	case strings.HasSuffix(c.Path, "/challenge"):
		for _, m := range s.live.messages {
			if m.ChallengeID != "" && bytes.Contains(c.Response.JSON, []byte(m.ChallengeID)) {
				return gist{text: "SMS to " + clean(m.To), short: "SMS to " + ending(clean(m.To), 4)}
			}
		}
	case strings.HasSuffix(c.Path, "/magic_auth"):
		return gist{text: "mail to " + text}
	case strings.HasSuffix(c.Path, "/enroll"), strings.HasSuffix(c.Path, "/auth_factors") && c.Method != "GET":
		return gist{text: factors.TypeName(workos.FactorType(text)) + " factor"}
	}
	return gist{text: clean(g.Text)}
}
