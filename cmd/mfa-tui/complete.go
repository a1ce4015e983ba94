package main

import (
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/store/factors/words"
)

// completion is a word to complete, and what a shell shows beside it.
type completion struct{ word, description string }

// anyNumber is for what can be named as often as there are factors.
const anyNumber = math.MaxInt

// complete completes words of the factors in the factor file, up to a number of
// arguments, without the factors that are named already. It makes no calls, so
// the tab key never waits.
func (p *program) complete(most int, wordsOf func(store.Record) []completion) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= most {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		var found []string
		descriptions := map[string][]string{}
		for _, r := range p.recordsOnDisk() {
			of := slices.DeleteFunc(wordsOf(r), func(c completion) bool { return c.word == "" })
			if slices.ContainsFunc(of, func(c completion) bool { return slices.Contains(args, c.word) }) {
				continue
			}
			for _, c := range of {
				if c.word != words.Clean(c.word) || !strings.HasPrefix(c.word, typed) {
					continue
				}
				if _, seen := descriptions[c.word]; !seen {
					found, descriptions[c.word] = append(found, c.word), nil
				}
				if c.description != "" {
					descriptions[c.word] = append(descriptions[c.word], c.description)
				}
			}
		}
		for i, word := range found {
			if of := descriptions[word]; of != nil {
				found[i] = cobra.CompletionWithDesc(word, strings.Join(of, ", "))
			}
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeFactors completes labels and IDs of the factors that fit.
func (p *program) completeFactors(most int, fits func(store.Record) bool) cobra.CompletionFunc {
	return p.complete(most, func(r store.Record) []completion {
		if !fits(r) {
			return nil
		}
		return []completion{{r.Label, strings.ToUpper(string(r.Type)) + ", " + factorState(r)}, {r.ID, factors.Name(r)}}
	})
}

func anyFactor(store.Record) bool { return true }

// completeChallenges completes the IDs of challenges that still take a code.
func (p *program) completeChallenges(most int) cobra.CompletionFunc {
	return p.complete(most, func(r store.Record) []completion {
		a, _ := r.LastAttempt()
		if a.Outcome != store.OutcomeOpen && a.Outcome != store.OutcomeWrongCode {
			return nil
		}
		return []completion{{a.ChallengeID, factors.Name(r)}}
	})
}

// completeUsers completes the users that factors belong to.
func (p *program) completeUsers(most int) cobra.CompletionFunc {
	return p.complete(most, func(r store.Record) []completion { return []completion{{r.UserID, factors.Name(r)}} })
}

// completeIssuers completes the issuers that factors have already.
func (p *program) completeIssuers() cobra.CompletionFunc {
	return p.complete(anyNumber, func(r store.Record) []completion {
		if r.TOTP == nil {
			return nil
		}
		return []completion{{word: r.TOTP.Issuer}}
	})
}

// flagValues completes the values of flags, by name. The others have any value.
func (p *program) flagValues() map[string]cobra.CompletionFunc {
	return map[string]cobra.CompletionFunc{
		"theme":    cobra.FixedCompletions(themes, cobra.ShellCompDirectiveNoFileComp),
		"qr":       cobra.FixedCompletions(qrStyles(), cobra.ShellCompDirectiveNoFileComp),
		"issuer":   p.completeIssuers(),
		"user-id":  p.completeUsers(anyNumber),
		"mfa":      cobra.FixedCompletions([]string{mfaOptional, mfaRequired}, cobra.ShellCompDirectiveNoFileComp),
		"png":      cobra.FixedCompletions([]string{"png"}, cobra.ShellCompDirectiveFilterFileExt),
		"seed":     cobra.FixedCompletions([]string{"yaml", "yml", "json"}, cobra.ShellCompDirectiveFilterFileExt),
		"store":    completeFile,
		"env-file": completeFile,
		"log":      completeFile,
		"state":    completeFile,
		"output":   completeFile,
	}
}

// completeFile lets the shell complete the name of a file.
func completeFile(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveDefault
}

// completeFlags completes the values of flags of a command and all below it.
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

// completeEnvironments completes the names of environments in the factor file whose
// factors can be moved.
func (p *program) completeEnvironments(most int) cobra.CompletionFunc {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		var found []string
		if s := p.storeOnDisk(); s != nil && len(args) < most {
			for _, e := range s.Environments() {
				if e.Name != store.Local && strings.HasPrefix(e.Name, typed) && e.Name == words.Clean(e.Name) && !slices.Contains(args, e.Name) {
					found = append(found, cobra.CompletionWithDesc(e.Name, factors.EnvironmentCount(e)))
				}
			}
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}

// recordsOnDisk returns the factors of this environment.
func (p *program) recordsOnDisk() []store.Record {
	if s := p.storeOnDisk(); s != nil {
		return s.Records()
	}
	return nil
}

// storeOnDisk is the factor file, nil if it can't be read: an error message would only
// break up the command line.
func (p *program) storeOnDisk() *store.Store {
	c, err := p.flags.config(p.env)
	if err != nil {
		return nil
	}
	s, err := store.Open(store.Options{Path: c.storePath, Environment: c.environment})
	if err != nil {
		return nil
	}
	return s
}
