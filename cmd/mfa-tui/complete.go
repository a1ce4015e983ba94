package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// Completions come from the factor file alone, so that the tab key is never
// slow and calls nobody.

// completeFactor completes the one factor of a command.
func (p *program) completeFactor(cmd *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	return p.completeFactorThat(func(store.Record) bool { return true })(cmd, args, word)
}

// completeFactorThat completes the one factor of a command that is only for some.
func (p *program) completeFactorThat(fits func(store.Record) bool) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return p.factorWords(fits, nil, word)
	}
}

// completeFactors completes ids and labels of factors that are not named yet.
func (p *program) completeFactors(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	return p.factorWords(func(store.Record) bool { return true }, args, word)
}

// factorWords are the ids and labels of the factors that fit and are not among args.
func (p *program) factorWords(fits func(store.Record) bool, args []string, word string) ([]string, cobra.ShellCompDirective) {
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
		if !fits(r) || named[r.ID] || named[r.Label] && r.Label != "" {
			continue
		}
		add(r.Label, strings.ToUpper(string(r.Type))+", "+factorState(r))
		add(r.ID, factors.Name(r))
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
			words = append(words, cobra.CompletionWithDesc(a.ChallengeID, factors.Name(r)))
		}
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeUser completes the one user of a command: those who have a factor here.
func (p *program) completeUser(_ *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	owned := map[string][]string{}
	for _, r := range p.recordsOnDisk() {
		if r.UserID != "" && r.UserID == clean(r.UserID) && strings.HasPrefix(r.UserID, word) {
			owned[r.UserID] = append(owned[r.UserID], factors.Name(r))
		}
	}
	var words []string
	for _, id := range slices.Sorted(maps.Keys(owned)) {
		words = append(words, cobra.CompletionWithDesc(id, strings.Join(owned[id], ", ")))
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

// completeFlags completes the values of flags, of a command and all below it.
func completeFlags(cmd *cobra.Command, values map[string]cobra.CompletionFunc) {
	for _, fs := range []*pflag.FlagSet{cmd.PersistentFlags(), cmd.Flags()} {
		fs.VisitAll(func(f *pflag.Flag) {
			if complete, ok := values[f.Name]; ok {
				if err := cmd.RegisterFlagCompletionFunc(f.Name, complete); err != nil {
					panic(err) // it was done already
				}
			}
		})
	}
	for _, c := range cmd.Commands() {
		completeFlags(c, values)
	}
}

// flagValues is what completes the values of flags, by name. Those of the others
// can't be known.
func (p *program) flagValues() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"theme":  cobra.FixedCompletions(themes, cobra.ShellCompDirectiveNoFileComp),
		"qr":     cobra.FixedCompletions(qrStyles(), cobra.ShellCompDirectiveNoFileComp),
		"issuer": p.completeIssuer,
		"user-id": func(cmd *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
			return p.completeUser(cmd, nil, word)
		},
		"png":      cobra.FixedCompletions([]string{"png"}, cobra.ShellCompDirectiveFilterFileExt),
		"seed":     cobra.FixedCompletions([]string{"yaml", "yml", "json"}, cobra.ShellCompDirectiveFilterFileExt),
		"store":    completeFile,
		"env-file": completeFile,
		"log":      completeFile,
		"state":    completeFile,
	}
}

// completeFile leaves it to the shell to complete the name of a file.
func completeFile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// completeIssuer completes the issuers that factors have already.
func (p *program) completeIssuer(_ *cobra.Command, _ []string, word string) ([]string, cobra.ShellCompDirective) {
	issuers := map[string]bool{}
	for _, r := range p.recordsOnDisk() {
		if r.TOTP == nil {
			continue
		}
		if name := r.TOTP.Issuer; name != "" && name == clean(name) && strings.HasPrefix(name, word) {
			issuers[name] = true
		}
	}
	return slices.Sorted(maps.Keys(issuers)), cobra.ShellCompDirectiveNoFileComp
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
