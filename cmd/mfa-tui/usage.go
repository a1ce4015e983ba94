package main

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"
	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// How commands are called: what they take is read from their Use lines, and what is
// wrong with a call or how to call is said here for all of them.

// checkUsage makes a command and all below it take what their Use lines say.
func checkUsage(cmd *cobra.Command) {
	if cmd.Name() != "help" { // which has its own
		cmd.Args = asUsed
	}
	for _, c := range cmd.Commands() {
		checkUsage(c)
	}
}

// asUsed checks the arguments and the required flags of a call: those of the Use line,
// as in "totp --issuer NAME [FILE]". The last argument is any number of them with "…".
func asUsed(cmd *cobra.Command, args []string) error {
	if cmd.HasSubCommands() && len(args) > 0 {
		return unknownCommand(cmd, args[0])
	}
	var missing []string
	place, most, flag := 0, 0, false
	for _, word := range strings.Fields(cmd.Use)[1:] {
		name, isFlag := strings.CutPrefix(word, "--")
		switch {
		case isFlag && !cmd.Flags().Changed(name):
			missing = append(missing, word)
		case isFlag, flag: // with its value
		default:
			if place++; len(args) < place && !strings.HasPrefix(word, "[") {
				missing = append(missing, strings.TrimSuffix(word, "…"))
			}
			if most = place; strings.Contains(word, "…") {
				most = anyNumber
			}
		}
		flag = isFlag
	}
	switch line := cmd.CommandPath() + strings.TrimPrefix(cmd.Use, cmd.Name()); {
	case len(missing) == 1:
		return fmt.Errorf("%s is missing: %s", missing[0], line)
	case len(missing) > 1:
		return fmt.Errorf("%s are missing: %s", english.WordSeries(missing, "and"), line)
	case most == 0 && len(args) > 0:
		return fmt.Errorf("%s takes no argument, but got %q", cmd.CommandPath(), args[0])
	case len(args) > most:
		return fmt.Errorf("too many arguments (%d): %s", len(args), line) // without them: one may be a code
	}
	return nil
}

// unknownCommand is the error for a word that is none of the commands of cmd.
func unknownCommand(cmd *cobra.Command, word string) error {
	err := fmt.Errorf("unknown command %q for %q", word, cmd.CommandPath())
	const far = 2 // letters
	for cmd.SuggestionsMinimumDistance = 1; cmd.SuggestionsMinimumDistance <= far; cmd.SuggestionsMinimumDistance++ {
		if meant := cmd.SuggestionsFor(word); len(meant) > 0 {
			return fmt.Errorf("%w (did you mean %s?)", err, english.OxfordWordSeries(meant, "or"))
		}
	}
	return err
}

// wrongFlag says what is wrong with the value of a flag without the words of strconv.
func wrongFlag(_ *cobra.Command, err error) error {
	wrong := (*pflag.InvalidValueError)(nil)
	if !errors.As(err, &wrong) {
		return err
	}
	err = wrong.Unwrap()
	switch wrong.GetFlag().Value.Type() {
	case "int":
		err = errors.New("want a number")
	case "bool":
		err = errors.New("want true or false")
	}
	return fmt.Errorf("--%s %q: %w", wrong.GetFlag().Name, wrong.GetValue(), err)
}

// helpColumns is the width of the help.
const helpColumns = 80

// help prints the help of a command.
func help(cmd *cobra.Command, _ []string) {
	if cmd.Name() == "serve" {
		hideForeignFlags(cmd, true)
		defer hideForeignFlags(cmd, false)
	}
	text := filled(cmp.Or(cmd.Long, cmd.Short)) + "\n\n"
	if cmd.Runnable() || cmd.HasSubCommands() {
		text += cmd.UsageString()
	}
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		fmt.Fprint(cmd.OutOrStdout(), hanging(line))
	}
}

// filled joins the lines of a text, but not its paragraphs, nor lines that are
// indented.
func filled(text string) string {
	return lineBreak.ReplaceAllString(text, "$1 $2")
}

var lineBreak = regexp.MustCompile(`(\S)\n(\S)`)

// hanging wraps a line at its spaces. What has a text beside it, as a flag has, keeps it
// there.
func hanging(line string) string {
	if ansi.StringWidth(line) <= helpColumns {
		return line
	}
	name := named.FindString(line)
	text, column := name, ansi.StringWidth(name)
	for i, word := range strings.Fields(line[len(name):]) {
		width := ansi.StringWidth(word)
		switch {
		case i == 0:
		case column+1+width > helpColumns:
			column = ansi.StringWidth(name)
			text += "\n" + strings.Repeat(" ", column)
		default:
			column++
			text += " "
		}
		column += width
		text += word
	}
	return text + "\n"
}

var named = regexp.MustCompile(`^ *(-\S.*?  +)?`)
