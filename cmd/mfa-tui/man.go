package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// manCommand writes a man page for each command: what --help says, and the help
// topics. SOURCE_DATE_EPOCH is the date, if it is set, so that the same source makes
// the same pages.
func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the man pages into a folder",
		Hidden: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			date := time.Now()
			if epoch := p.env["SOURCE_DATE_EPOCH"]; epoch != "" {
				seconds, err := strconv.ParseInt(epoch, 10, 64)
				if err != nil {
					return usageError{fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)}
				}
				date = time.Unix(seconds, 0)
			}
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			for _, c := range documented(cmd.Root()) {
				path := filepath.Join(args[0], pageName(c)+".1")
				if err := os.WriteFile(path, []byte(manPage(c, date)), 0o644); err != nil {
					return err
				}
			}
			return nil
		},
	}
}

// documented returns a command and all below it that have a page.
func documented(cmd *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{cmd}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			all = append(all, documented(c)...)
		}
	}
	return all
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

func manPage(cmd *cobra.Command, date time.Time) string {
	cmd.InitDefaultHelpFlag()
	if cmd.Name() == "serve" {
		hideForeignFlags(cmd, true)
		defer hideForeignFlags(cmd, false)
	}
	var page strings.Builder
	fmt.Fprintf(&page, ".TH %s 1 %s %q \"mfa-tui manual\"\n.nh\n", strings.ToUpper(pageName(cmd)), date.UTC().Format(time.DateOnly), "mfa-tui "+version())
	section := func(title, text string) {
		if text = strings.Trim(text, "\n"); text != "" {
			page.WriteString(".SH " + title + "\n" + roff(text))
		}
	}
	options := func(flags *pflag.FlagSet) string { return flags.FlagUsagesWrapped(manColumns) }
	description := cmd.Long
	if description == "" {
		description = cmd.Short
	}
	var related []string
	cmd.VisitParents(func(c *cobra.Command) { related = append(related, pageName(c)+"(1)") })
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			related = append(related, pageName(c)+"(1)")
		}
	}

	section("NAME", pageName(cmd)+" - "+cmd.Short)
	section("SYNOPSIS", cmd.UseLine())
	section("DESCRIPTION", description)
	section("OPTIONS", options(cmd.NonInheritedFlags()))
	section("INHERITED OPTIONS", options(cmd.InheritedFlags()))
	section("EXAMPLES", cmd.Example)
	for _, t := range helpTopics() {
		if !cmd.HasParent() || t.Name() == "exit-status" {
			section(strings.ToUpper(strings.ReplaceAll(t.Name(), "-", " ")), t.Long)
		}
	}
	section("SEE ALSO", strings.Join(related, ", "))
	return page.String()
}

// manColumns is what the margin of a page leaves of 80 columns.
const manColumns = 72

// asTyped keeps the characters that man would print as others, such as the minus of a
// flag as a dash, so that what a reader copies works.
var asTyped = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "\n.", "\n\\&.")

// roff writes text in the language of man pages. Indented paragraphs stay as they
// are, the others are filled.
func roff(text string) string {
	var b strings.Builder
	for i, paragraph := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		if strings.HasPrefix(paragraph, " ") || strings.HasPrefix(paragraph, "\t") {
			paragraph = ".EX\n" + asTyped.Replace(paragraph) + "\n.EE"
		} else {
			paragraph = asTyped.Replace("\n" + paragraph)[1:]
		}
		b.WriteString(paragraph + "\n")
	}
	return b.String()
}
