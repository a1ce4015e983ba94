//go:build docs

package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// section is a part of a man page: text, then terms and what they mean.
type section struct {
	title, text string
	terms       [][2]string
}

func (s section) roff() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n.SH %s\n", s.title)
	if s.text != "" {
		b.WriteString(s.text + "\n")
	}
	for _, t := range s.terms {
		fmt.Fprintf(&b, ".TP\n\\fB%s\\fP\n%s\n", t[0], t[1])
	}
	return b.String()
}

// sectionsOf are the parts of a command's page that its help does not have.
func sectionsOf(cmd *cobra.Command) []section {
	if !cmd.HasParent() {
		return []section{keysSection, exitSection, environmentSection, filesSection}
	}
	return []section{exitSection, {title: "ENVIRONMENT AND FILES", text: `See \fBmfa-tui\fP(1).`}}
}

var keysSection = section{
	title: "KEYS",
	text: `The last line of each screen shows the keys that work on it now, \fB?\fP shows all of them (\fBF1\fP while
typing). Arrows and \fBhjkl\fP move, \fBenter\fP confirms, \fBesc\fP goes back, \fBq\fP quits.`,
}

var exitSection = section{
	title: "EXIT STATUS",
	terms: [][2]string{
		{"0", "It is done."},
		{"1", "Something failed."},
		{"2", "It was called wrongly: an unknown flag, a missing word, no terminal to ask on."},
		{"3", "The code is not valid."},
		{"4", "The factor, challenge or user is not found."},
		{"5", "The API key is refused."},
	},
}

var environmentSection = section{
	title: "ENVIRONMENT",
	terms: [][2]string{
		{"WORKOS_API_KEY", `The key of WorkOS. Without it everything is on the local engine. There is no option for it, since others can
read a command line.`},
		{"WORKOS_CLIENT_ID", "Names the environment that factors are kept by, so that they stay together when the key is changed."},
		{"WORKOS_BASE_URL", `Another server than \fBhttps://api.workos.com\fP; its factors are kept apart.`},
		{"MFA_TUI_STORE", "The factor file."},
		{"MFA_TUI_THEME", `As \fB--theme\fP.`},
		{"ACCESSIBLE", `As \fB--accessible\fP, unless it is 0 or false.`},
		{"NO_COLOR", "No colours, if it is set to anything."},
		{"COLORFGBG", "What some terminals tell of their background."},
		{"HTTPS_PROXY, NO_PROXY", "The proxy for calls, and the hosts that need none."},
		{"XDG_DATA_HOME, XDG_STATE_HOME", `The folders of the files below; \fB~/.local/share\fP and \fB~/.local/state\fP if they are not set. macOS and
Windows have folders of their own.`},
	},
}

var filesSection = section{
	title: "FILES",
	terms: [][2]string{
		{"$XDG_DATA_HOME/mfa-tui/factors.json", `The factors, with the last good copy in \fBfactors.json.bak\fP beside it.`},
		{"$XDG_DATA_HOME/mfa-tui/factors.local.json", "The state of the local engine."},
		{"$XDG_STATE_HOME/mfa-tui/qr.json", "How QR codes are drawn on each terminal."},
		{".env", "Variables that the environment does not have, in the working folder."},
	},
}
