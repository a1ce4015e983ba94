package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// shellKind is one that the tab key can be taught in.
type shellKind struct {
	name, title, long, example string
	script                     func(root *cobra.Command, w io.Writer) error
}

// shells are all that there are scripts for.
var shells = []shellKind{{
	name: "bash", title: "bash",
	long: "The script needs the package bash-completion, which most systems have.",
	example: `  # in this shell
  source <(mfa-tui completion bash)

  # in every new one
  mkdir -p ~/.local/share/bash-completion/completions
  mfa-tui completion bash >~/.local/share/bash-completion/completions/mfa-tui`,
	script: func(root *cobra.Command, w io.Writer) error { return root.GenBashCompletionV2(w, true) },
}, {
	name: "zsh", title: "zsh",
	long: "The script needs zsh's own completion, which these lines of\n~/.zshrc start:\n\n    fpath=(~/.zfunc $fpath)\n    autoload -Uz compinit && compinit",
	example: `  # in this shell
  source <(mfa-tui completion zsh)

  # in every new one
  mkdir -p ~/.zfunc
  mfa-tui completion zsh >~/.zfunc/_mfa-tui`,
	script: func(root *cobra.Command, w io.Writer) error { return root.GenZshCompletion(w) },
}, {
	name: "fish", title: "fish",
	long: "fish needs nothing else.",
	example: `  # in this shell
  mfa-tui completion fish | source

  # in every new one
  mfa-tui completion fish >~/.config/fish/completions/mfa-tui.fish`,
	script: func(root *cobra.Command, w io.Writer) error { return root.GenFishCompletion(w, true) },
}, {
	name: "powershell", title: "PowerShell",
	long: "PowerShell needs nothing else.",
	example: `  # in this shell
  mfa-tui completion powershell | Out-String | Invoke-Expression

  # in every new one
  mfa-tui completion powershell >>$PROFILE`,
	script: func(root *cobra.Command, w io.Writer) error { return root.GenPowerShellCompletionWithDesc(w) },
}}

// completionCommand takes the place of cobra's own, which knows nothing of exit
// statuses.
func (p *program) completionCommand() *cobra.Command {
	var commands []*cobra.Command
	for _, s := range shells {
		commands = append(commands, p.shellCommand(s))
	}
	cmd := group("completion", "Print the script that teaches a shell's tab key", commands...)
	cmd.Long = `The tab key completes commands, flags and their values, and what the factor file has
of this environment: ids and labels of factors, challenges that wait for a code, and
users. It calls nobody.`
	return cmd
}

func (p *program) shellCommand(s shellKind) *cobra.Command {
	return &cobra.Command{
		Use:     s.name,
		Short:   "Print the script for " + s.title,
		Long:    fmt.Sprintf("%s prints the script for %s. %s", s.name, s.title, s.long),
		Example: s.example,
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return s.script(cmd.Root(), p.out) },
	}
}

// checkHelp makes help for a command that does not exist one of usage.
func checkHelp(root *cobra.Command) {
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		if c.Name() == "help" {
			c.Args = func(_ *cobra.Command, words []string) error {
				found, rest, err := root.Find(words)
				if err == nil && len(rest) > 0 {
					err = fmt.Errorf("%s has no command %q", found.CommandPath(), clean(rest[0]))
				}
				if err != nil {
					return usageError{err}
				}
				return nil
			}
		}
	}
}
