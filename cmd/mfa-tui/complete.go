package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"mfa-tui/store"
)

// Completions come from the factor file alone, so that the tab key is never
// slow and calls nobody.

// completeFactor completes the one factor of a command.
func (p *program) completeFactor(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return p.completeFactors(cmd, args, word)
}

// completeFactors completes ids and labels of factors that are not named yet.
func (p *program) completeFactors(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	named := map[string]bool{}
	for _, arg := range args {
		named[arg] = true
	}
	var words []string
	add := func(w, description string) {
		if w != "" && w == clean(w) && strings.HasPrefix(w, word) {
			words = append(words, cobra.CompletionWithDesc(w, description))
		}
	}
	for _, r := range p.recordsOnDisk() {
		if named[r.ID] || named[r.Label] && r.Label != "" {
			continue
		}
		add(r.Label, strings.ToUpper(string(r.Type))+", "+factorState(r))
		add(r.ID, factorName(r))
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeChallenge completes the ids of challenges that a code may still verify.
func (p *program) completeChallenge(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	var words []string
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	for _, r := range p.recordsOnDisk() {
		a, ok := r.LastAttempt()
		open := a.Outcome == store.OutcomeOpen || a.Outcome == store.OutcomeWrongCode
		if ok && open && strings.HasPrefix(a.ChallengeID, word) {
			words = append(words, cobra.CompletionWithDesc(a.ChallengeID, factorName(r)))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeUser completes the one user of a command: those who have a factor here.
func (p *program) completeUser(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	factors := map[string][]string{}
	for _, r := range p.recordsOnDisk() {
		if r.UserID != "" && r.UserID == clean(r.UserID) && strings.HasPrefix(r.UserID, word) {
			factors[r.UserID] = append(factors[r.UserID], factorName(r))
		}
	}
	var words []string
	for _, id := range slices.Sorted(maps.Keys(factors)) {
		words = append(words, cobra.CompletionWithDesc(id, strings.Join(factors[id], ", ")))
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeFlags completes the values of the flags that every command has.
func (p *program) completeFlags(cmd *cobra.Command) {
	for name, values := range map[string][]string{"theme": themes, "qr": qrForms()} {
		if err := cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
			panic(err) // there is no such flag
		}
	}
}

// recordsOnDisk are the factors of this environment, none if they can't be read:
// an error message would only tear the command line.
func (p *program) recordsOnDisk() []store.Record {
	c, err := p.flags.config(p.env)
	if err != nil {
		return nil
	}
	s, err := store.Open(store.Options{Path: c.storePath, Environment: c.environment})
	if err != nil {
		return nil
	}
	return s.Records()
}
