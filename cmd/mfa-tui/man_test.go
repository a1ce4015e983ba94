package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// manPages writes the man pages and returns their folder.
func manPages(t *testing.T, env ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "man")
	if status, _, errOut := outcome(t, env, "man", dir); status != exitDone {
		t.Fatal(errOut)
	}
	return dir
}

// inSections fails unless the page has these sections in this order.
func inSections(t *testing.T, page string, want ...string) {
	t.Helper()
	rest := page
	for _, title := range want {
		_, after, found := strings.Cut(rest, "\n.SH "+title+"\n")
		if !found {
			t.Fatalf("no section %s in its place:\n%s", title, page)
		}
		rest = after
	}
}

// Each command has a page, with what a person looks for in one.
func TestManPages(t *testing.T) {
	dir := manPages(t, "SOURCE_DATE_EPOCH=1000000000")
	pages := map[string]string{}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		pages[filepath.Base(name)] = string(data)
	}
	commands := documented((&program{}).rootCommand())
	if len(pages) != len(commands) {
		t.Errorf("%d pages for %d commands", len(pages), len(commands))
	}
	raw := regexp.MustCompile(`(?m)^[^.].*([^\\]-|'|~|\x60)`) // printed as other characters
	for _, cmd := range commands {
		name := strings.ReplaceAll(cmd.CommandPath(), " ", "-")
		page := pages[name+".1"]
		inSections(t, page, "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO")
		if found := raw.FindString(page); found != "" {
			t.Errorf("%s has %q", name, found)
		}
		if !strings.HasPrefix(page, ".TH "+strings.ToUpper(name)+" 1 2001-09-09 ") {
			t.Errorf("%s has another date: %s", name, page)
		}
		if !cmd.HasSubCommands() && cmd.Parent().Name() != "completion" {
			inSections(t, page, "OPTIONS", "EXAMPLES", "EXIT STATUS")
		}
	}
	inSections(t, pages["mfa-tui.1"], "EXAMPLES", "KEYS", "EXIT STATUS", "ENVIRONMENT", "FILES", "SEE ALSO")
	for _, variable := range variablesOfREADME(t) {
		if !strings.Contains(pages["mfa-tui.1"], "\n  "+variable+"  ") {
			t.Errorf("the page of mfa-tui lacks the variable %s", variable)
		}
	}
	for page, text := range map[string]string{
		"mfa-tui.1":             "WORKOS_API_KEY the WorkOS key",
		"mfa-tui-enroll-totp.1": `mfa\-tui enroll totp \-\-issuer \(aqFoo Corp\(aq`,
		"mfa-tui-serve.1":       `\-\-port PORT PORT to listen on; 0 picks a free one (default 4100)`,
	} {
		if !strings.Contains(strings.Join(strings.Fields(pages[page]), " "), text) {
			t.Errorf("%s lacks %s:\n%s", page, text, pages[page])
		}
	}
	if strings.Contains(pages["mfa-tui-serve.1"], "store") || !strings.Contains(pages["mfa-tui-users.1"], "store") {
		t.Error("serve has no --store, every other command has")
	}
	manReads(t, names)
}

// variablesOfREADME are the environment variables in the README's table of them.
func variablesOfREADME(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(data), "| variable |")
	table, _, _ = strings.Cut(table, "\n\n")
	var names []string
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)`").FindAllStringSubmatch(table, -1) {
		names = append(names, row[1])
	}
	if len(names) == 0 {
		t.Error("the README has no table of variables")
	}
	return names
}

// manReads fails if man or mandoc has something to say against pages.
func manReads(t *testing.T, names []string) {
	t.Helper()
	for _, reader := range [][]string{
		{"man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"},
		{"mandoc", "-T", "lint", "-W", "warning"},
	} {
		if _, err := exec.LookPath(reader[0]); err != nil {
			t.Logf("there is no %s to read them", reader[0])
			continue
		}
		for _, name := range names {
			cmd := exec.Command(reader[0], append(reader[1:], name)...)
			cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "MANROFFSEQ=", "MANWIDTH=80")
			var messages strings.Builder
			cmd.Stderr = &messages
			if reader[0] == "mandoc" {
				cmd.Stdout = &messages
			}
			if err := cmd.Run(); err != nil || messages.Len() > 0 {
				t.Errorf("%s: %s: %v %s", reader[0], filepath.Base(name), err, messages.String())
			}
		}
	}
}

// The topics are help, too.
func TestHelpTopics(t *testing.T) {
	for _, topic := range helpTopics() {
		status, out, errOut := outcome(t, nil, "help", topic.Name())
		if status != exitDone || !slices.Equal(strings.Fields(out), strings.Fields(topic.Long)) {
			t.Errorf("%s: status %d, %s%s", topic.Name(), status, out, errOut)
		}
	}
	if _, out, _ := outcome(t, nil, "--help"); !strings.Contains(out, "mfa-tui environment") {
		t.Errorf("--help names no topic:\n%s", out)
	}
}

// A command that does something says how to call it, prints JSON, and takes the
// calls that its examples make.
func TestExamples(t *testing.T) {
	for _, cmd := range documented((&program{}).rootCommand()) {
		if cmd.HasParent() && (cmd.HasSubCommands() || cmd.Parent().Name() == "completion") {
			continue // does nothing, or has lines of other shells
		}
		if cmd.HasParent() && cmd.Flag("json") == nil {
			t.Errorf("%s has no --json", cmd.CommandPath())
		}
		calls := callsOf(t, cmd.Example)
		own := 0
		for _, call := range calls {
			called, err := parsed(call)
			if err != nil {
				t.Errorf("%s: mfa-tui %q: %v", cmd.CommandPath(), call, err)
			}
			if called == cmd.CommandPath() {
				own++
			}
		}
		if own == 0 {
			t.Errorf("%s has no example:\n%s", cmd.CommandPath(), cmd.Example)
		}
	}
}

// callsOf returns the arguments of each mfa-tui that a shell calls for an example.
func callsOf(t *testing.T, example string) [][]string {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("there is no shell")
	}
	dir := t.TempDir() // a file for each call
	script := "mfatui() { for a; do printf '%s\\n' \"$a\"; done >\"$(mktemp \"$CALLS/XXXXXX\")\"; }\n" +
		strings.NewReplacer("  mfa-tui ", "  mfatui ", "(mfa-tui ", "(mfatui ", "| mfa-tui ", "| mfatui ").Replace(example)
	cmd := exec.Command("sh", "-e", "-c", script)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "challenge=auth_challenge_01", "CALLS="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s\n%v: %s", example, err, out)
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var calls [][]string
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var args []string
		for line := range strings.Lines(string(data)) {
			args = append(args, strings.TrimSuffix(line, "\n"))
		}
		calls = append(calls, args)
	}
	return calls
}

// parsed returns which command is called with these arguments, and what is wrong with them.
func parsed(args []string) (command string, err error) {
	cmd, rest, err := (&program{}).rootCommand().Find(args)
	if err != nil {
		return "", err
	}
	if err := cmd.ParseFlags(rest); err != nil {
		return "", err
	}
	return cmd.CommandPath(), cmd.ValidateArgs(cmd.Flags().Args())
}
