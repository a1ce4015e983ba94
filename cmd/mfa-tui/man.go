//go:build docs

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

// The man pages are written by a build of their own, so that what they need is
// not in the program: go run -tags docs ./cmd/mfa-tui man DIR. Their date is that
// of SOURCE_DATE_EPOCH, so that the same source makes the same pages.
func init() { moreCommands = append(moreCommands, (*program).manCommand) }

func (p *program) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the man pages into a folder",
		Hidden: true,
		Args:   usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			return writePages(cmd.Root(), args[0])
		},
	}
}

// writePages writes the page of a command and of those below it.
func writePages(cmd *cobra.Command, dir string) error {
	page, err := manPage(cmd)
	if err != nil {
		return fmt.Errorf("%s: %w", cmd.CommandPath(), err)
	}
	if err := os.WriteFile(filepath.Join(dir, pageName(cmd)+".1"), page, 0o644); err != nil {
		return err
	}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			if err := writePages(c, dir); err != nil {
				return err
			}
		}
	}
	return nil
}

func pageName(cmd *cobra.Command) string { return strings.ReplaceAll(cmd.CommandPath(), " ", "-") }

// manPage is the page that cobra makes of a command, with what cobra knows
// nothing of before its last section.
func manPage(cmd *cobra.Command) ([]byte, error) {
	cmd.DisableAutoGenTag = true
	if cmd.Name() == "serve" {
		hideForeignFlags(cmd, true)
		defer hideForeignFlags(cmd, false)
	}
	var b bytes.Buffer
	header := doc.GenManHeader{Section: "1", Source: "mfa-tui " + version(), Manual: "mfa-tui manual"}
	if err := doc.GenMan(cmd, &header, &b); err != nil {
		return nil, err
	}
	const last = "\n.SH SEE ALSO\n"
	page, seeAlso, found := strings.Cut(b.String(), last)
	if !found {
		return nil, fmt.Errorf("its page has no SEE ALSO")
	}
	for _, s := range sectionsOf(cmd) {
		page += s.roff()
	}
	return []byte(typeset(page + last + seeAlso)), nil
}

// option is a flag as cobra writes it: names, default, and what it does, where
// the name of the value is bold.
var option = regexp.MustCompile(`(?m)^(?:\.PP\n)?((?:\\fB-\w\\fP, )?\\fB--[\w-]+\\fP)\[?=(.*?)\]?\n\t(.*)$`)

var valueName = regexp.MustCompile(`\\fB(.*?)\\fR`)

// asTag makes an option a paragraph with a tag: the names, and the value's name.
func asTag(found string) string {
	parts := option.FindStringSubmatch(found)
	names, value, text := parts[1], parts[2], valueName.ReplaceAllString(parts[3], `\fI$1\fP`)
	if name := valueName.FindStringSubmatch(parts[3]); name != nil {
		names += ` \fI` + name[1] + `\fP`
	}
	if value = strings.Trim(value, `"`); !slices.Contains([]string{"", "0", "false"}, value) {
		text += " (default " + value + ")"
	}
	return ".TP\n" + names + "\n" + text
}

// asTyped are the characters that a manual would print as others, such as a dash
// for the minus of a flag, so that what is copied from it would not work.
var asTyped = strings.NewReplacer(`\-`, `\-`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)

// typeset makes a page of cobra's look like one of a manual.
func typeset(page string) string {
	page = option.ReplaceAllStringFunc(page, asTag)
	page = strings.ReplaceAll(page, "SH OPTIONS INHERITED FROM PARENT COMMANDS", "SH INHERITED OPTIONS")
	page = strings.ReplaceAll(page, ".SH EXAMPLE\n", ".SH EXAMPLES\n")
	lines := strings.Split(page, "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, ".") {
			lines[i] = asTyped.Replace(line)
		}
	}
	return strings.Join(lines, "\n")
}
