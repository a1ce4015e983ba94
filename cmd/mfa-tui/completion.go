package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// finishOwn makes wrong calls of the commands that cobra adds, completion and
// help, usage errors as those of every other command.
func finishOwn(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	root.InitDefaultHelpCmd()
	for _, c := range root.Commands() {
		switch c.Name() {
		case "completion":
			c.Long += `
The tab key then completes commands, flags and their values, and what the factor
file has: IDs and labels of factors, open challenges and users. It makes no calls.`
			onlyBelow(c, c.Commands())
			for _, shell := range c.Commands() {
				shell.Args = noArgs
			}
		case "help":
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
