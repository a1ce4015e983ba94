package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestREADMEWords holds the commands and flags in the README's sentences against
// the program: each is there, and each flag and command of the program is in the README.
func TestREADMEWords(t *testing.T) {
	data, err := os.ReadFile(readmePath)
	if err != nil {
		t.Fatal(err)
	}
	readme := string(data)
	root := (&program{env: environ{}, in: strings.NewReader(""), out: io.Discard, errOut: io.Discard}).rootCommand()
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	flags := map[string]bool{}
	walk(root, func(cmd *cobra.Command) {
		if cmd.Runnable() && !cmd.Hidden && !strings.Contains(readme, cmd.Name()) {
			t.Errorf("the README does not know the command %s", cmd.CommandPath())
		}
		for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
			set.VisitAll(func(f *pflag.Flag) { flags[f.Name] = true })
		}
	})
	for name := range flags {
		if !regexp.MustCompile(`--` + name + `\b`).MatchString(readme) {
			t.Errorf("the README does not know the flag --%s", name)
		}
	}
	for _, m := range regexp.MustCompile("`--([a-z-]+)").FindAllStringSubmatch(readme, -1) {
		if !flags[m[1]] {
			t.Errorf("the README has a flag --%s that no command has", m[1])
		}
	}
	for _, m := range regexp.MustCompile("`(?:\\./)?mfa-tui ([a-z][^`]*)`").FindAllStringSubmatch(readme, -1) {
		words := strings.Fields(m[1])
		if cmd, rest, err := root.Find(words); err != nil || cmd == root || cmd.HasSubCommands() && len(rest) > 0 {
			t.Errorf("the README has a command mfa-tui %s that is not there: %v", m[1], err)
		}
	}
}

// walk visits a command and all below it.
func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		walk(c, visit)
	}
}
