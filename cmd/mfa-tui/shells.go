package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// A correction replaces a part of a completion script that cobra makes.
type correction struct{ from, to string }

// corrections, by shell, keep a label such as "x;touch y" from being run as a
// command: a factor file can come from someone else. Zsh needs none: it quotes what
// it inserts, and its script evaluates the words as they are typed.
var corrections = map[string][]correction{
	// Fish hands over words without their quotes, which are then evaluated.
	"fish": {{
		`    # Extract the last arg and escape it in case it is a space
`,
		`    # These words are unquoted: quote them again, so that eval runs none of them, but
    # expands variables and a ~ in front
    set args (string escape --no-quoted -- $args | string replace -r '^\\\\~' '~' | string replace -ra '\\\\\$(?=[A-Za-z_])' '$$')
    # Extract the last arg and escape it in case it is a space
`,
	}},
	// Bash inserts what several words have in common, unquoted unless the script does
	// it. Type 63 only lists them.
	"bash": {{
		`        if (( ${#COMPREPLY[@]} == 1 )); then
            COMPREPLY[0]=$(printf "%q" "${COMPREPLY[0]}")
`,
		`        if (( ${#COMPREPLY[@]} == 1 || ( ${#COMPREPLY[@]} > 1 && ${COMP_TYPE:-9} != 63 ) )); then
            IFS=$'\n' read -ra COMPREPLY -d '' < <(printf "%q\n" "${COMPREPLY[@]}")
`,
	}, {
		`    else
        # Format the descriptions
`,
		`    else
        # Escape what several completions have in common, which is inserted
        local i
        if (( ${COMP_TYPE:-9} != 63 )); then
            for i in "${!COMPREPLY[@]}"; do
                comp=${COMPREPLY[i]%%"$tab"*}
                COMPREPLY[i]=$(printf "%q" "$comp")${COMPREPLY[i]#"$comp"}
            done
        fi
        # Format the descriptions
`,
	}},
	// PowerShell, where the tab key completes as in Bash, does the same.
	"powershell": {{
		`                    # Add the proper number of spaces to align the descriptions
`,
		`                    $CompletionText = $($comp.Name | __mfa-tui_escapeStringWithSpecialChars)
                    # Add the proper number of spaces to align the descriptions
`,
	}, {
		`                    $CompletionText = "$($comp.Name)$Description"
`,
		``,
	}},
}

// writeScript writes the completion script of a shell.
func writeScript(root *cobra.Command, shell string, w io.Writer) error {
	write := map[string]func(io.Writer) error{
		"bash":       func(w io.Writer) error { return root.GenBashCompletionV2(w, true) },
		"zsh":        root.GenZshCompletion,
		"fish":       func(w io.Writer) error { return root.GenFishCompletion(w, true) },
		"powershell": root.GenPowerShellCompletionWithDesc,
	}[shell]
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fmt.Errorf("write the completion script: %w", err)
	}
	script := b.String()
	for _, c := range corrections[shell] {
		if strings.Count(script, c.from) != 1 {
			return fmt.Errorf("the completion script for %s is not as expected, and may run labels as commands", shell)
		}
		script = strings.Replace(script, c.from, c.to, 1)
	}
	_, err := io.WriteString(w, script)
	return err
}
