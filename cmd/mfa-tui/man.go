//go:build docs

package main

import (
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// The man pages are written by a build of their own, so that what they need is
// not in the program: go run -tags docs ./cmd/mfa-tui man DIR.
func init() { moreCommands = append(moreCommands, (*program).manCommand) }

func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Hidden: true,
		Args:   cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			root.Long += manual
			disableGenTag(root)
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			// The date is today's, or that of SOURCE_DATE_EPOCH, which a release sets.
			return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "mfa-tui " + version(), Manual: "mfa-tui"}, args[0])
		},
	}
}

func disableGenTag(cmd *cobra.Command) {
	cmd.DisableAutoGenTag = true
	for _, c := range cmd.Commands() {
		disableGenTag(c)
	}
}

// manual is what the page of mfa-tui has beyond its help, as Markdown.
const manual = `

# KEYS
The last line of each screen shows the keys that work now, **?** all of them. Arrows and hjkl move, enter confirms, esc goes back, q quits.

# EXIT STATUS
**0** done, **1** failed, **2** wrong usage, **3** the code is not valid, **4** not found, **5** the key is refused.

# ENVIRONMENT
**WORKOS_API_KEY**: the key of WorkOS. Without it the local engine is used.

**WORKOS_CLIENT_ID**: names the environment that the factors are kept by.

**WORKOS_BASE_URL**: another server than https://api.workos.com.

**MFA_TUI_STORE**: the factor file.

**MFA_TUI_THEME**: auto, dark, light or none.

**NO_COLOR**: no colours, if it is set to anything.

# FILES
**$XDG_DATA_HOME/mfa-tui/factors.json**: the factors, with a last good copy in factors.json.bak beside it.

**$XDG_DATA_HOME/mfa-tui/factors.local.json**: the state of the local engine.

**$XDG_STATE_HOME/mfa-tui/qr.json**: how QR codes are drawn on each terminal.

**.env**: variables that the environment does not have.
`
