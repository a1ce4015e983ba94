package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// documents are the texts of this repository in Markdown, by their path.
func documents(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"*.md", "*/*.md", "*/*/*.md", "*/*/*/*.md"} {
		paths, err := filepath.Glob(filepath.Join("..", "..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[path] = string(data)
		}
	}
	return texts
}

var fenced = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// TestDocumentCommands runs the sh blocks of each part of each document.
func TestDocumentCommands(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("this system has no sh")
	}
	docs := documents(t)
	files := map[string]string{} // named in the first line of a yaml block
	for path, text := range docs {
		for _, block := range fenced.FindAllStringSubmatch(text, -1) {
			switch language, content := block[1], block[2]; language {
			case "yaml":
				name, _, _ := strings.Cut(strings.TrimPrefix(content, "# "), "\n")
				files[name] = content
			case "sh", "js", "mermaid":
			default:
				t.Errorf("%s: nothing checks a block of %q; commands are sh", path, language)
			}
		}
	}
	for path, text := range docs {
		for _, part := range strings.Split(text, "\n## ") {
			var script string
			for _, block := range fenced.FindAllStringSubmatch(part, -1) {
				if block[1] == "sh" {
					script += block[2]
				}
			}
			heading, _, _ := strings.Cut(part, "\n")
			if script != "" {
				t.Run(filepath.Base(filepath.Dir(path))+"/"+heading, func(t *testing.T) {
					t.Parallel()
					runDocument(t, script, files)
				})
			}
		}
	}
}

// Where a document says that its server is.
const documentURL = "http://127.0.0.1:4100"

var (
	serveLine    = regexp.MustCompile(`(?m)^mfa-tui (serve\b[^#\n]*).*$`)
	terminalLine = regexp.MustCompile(`(?m)^mfa-tui$`)
)

// documentTools take the place of what would build the program or run its tests:
// they fail unless the targets, the packages and the tests are there.
const documentTools = `
make() { for target; do grep -q "^$target:" "$ROOT/Makefile"; done; }
go() {
	for word; do case $word in
		./...) ;;
		./*) ls "$ROOT/$word"/*.go ;;
		Test*|Fuzz*|Benchmark*) grep -rqE "^func (${word%%/*})\(" --include='*_test.go' "$ROOT"/*/ ;;
	esac; done
}
`

// runDocument runs the commands of a part as a reader types them: in an empty
// folder and home, offline, with the program on the path and the servers up.
func runDocument(t *testing.T, script string, files map[string]string) {
	folder := t.TempDir()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Link(path, filepath.Join(folder, filepath.Base(path))); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		writeFile(t, filepath.Join(folder, name), content)
	}
	writeFile(t, filepath.Join(folder, ".curlrc"), "fail-with-body\nnoproxy = 127.0.0.1\n")
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "WORKOS_") || strings.HasPrefix(v, "MFA_TUI_")
	})
	env = append(env, "ROOT="+root, "HOME="+folder, "CURL_HOME="+folder, "XDG_DATA_HOME="+filepath.Join(folder, "data"),
		"PATH="+folder+string(os.PathListSeparator)+os.Getenv("PATH"),
		"HTTPS_PROXY=http://127.0.0.1:9", "https_proxy=http://127.0.0.1:9")

	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	servers := serveLine.FindAllStringSubmatch(script, -1)
	if len(servers) == 0 && strings.Contains(script, documentURL) {
		servers = [][]string{{"", "serve --seed seed.yaml"}}
	}
	for _, line := range servers {
		server := exec.CommandContext(ctx, path, append(strings.Fields(line[1]), "--port", "0", "--json")...)
		server.Dir, server.Env, server.Stderr = folder, env, t.Output()
		out, err := server.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		defer func() {
			cancel()
			_ = server.Wait() // killed, so it fails
		}()
		var ready struct{ URL string }
		if err := json.NewDecoder(out).Decode(&ready); err != nil {
			t.Fatalf("mfa-tui %s: %v", line[1], err)
		}
		scheme, _, _ := strings.Cut(ready.URL, ":")
		script = strings.ReplaceAll(script, strings.Replace(documentURL, "http", scheme, 1), ready.URL)
	}
	script = serveLine.ReplaceAllString(script, "")
	// The screens need a terminal, and here there is none.
	script = terminalLine.ReplaceAllString(script, "mfa-tui 2>&1 | grep 'the terminal UI needs one'")

	shell := exec.CommandContext(ctx, "sh", "-eux", "-c", documentTools+script)
	shell.Dir, shell.Env, shell.WaitDelay = folder, env, patience
	if out, err := shell.CombinedOutput(); err != nil {
		t.Errorf("%v, at the last line of\n%s", err, out)
	}
}

var (
	documentLink = regexp.MustCompile(`(?:\]\(|src="|srcset=")([^)#"]*)(?:#([^)"]*))?[)"]`)
	documentFile = regexp.MustCompile("`([\\w./-]+\\.(?:go|md|txtar))`")
	unslugged    = regexp.MustCompile(`[^\w -]`)
)

// TestDocumentFiles looks for each file and heading that a document links, and
// for each file of this repository that it names.
func TestDocumentFiles(t *testing.T) {
	docs := documents(t)
	for path, text := range docs {
		for _, link := range documentLink.FindAllStringSubmatch(text, -1) {
			if strings.Contains(link[1], "://") {
				continue
			}
			target := path
			if link[1] != "" {
				target = filepath.Join(filepath.Dir(path), link[1])
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links %s: %v", path, link[1], err)
			}
			isHeading := func(line string) bool {
				heading, is := strings.CutPrefix(line, "## ")
				return is && link[2] == strings.ReplaceAll(unslugged.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
			}
			if text := docs[target]; link[2] != "" && !slices.ContainsFunc(strings.Split(text, "\n"), isHeading) {
				t.Errorf("%s links a heading #%s that %s does not have", path, link[2], target)
			}
		}
		for _, name := range documentFile.FindAllStringSubmatch(text, -1) {
			_, beside := os.Stat(filepath.Join(filepath.Dir(path), name[1]))
			_, below := os.Stat(filepath.Join("..", "..", name[1]))
			if beside != nil && below != nil {
				t.Errorf("%s names %s: %v", path, name[1], beside)
			}
		}
	}
}

// The documents in the archive of a release find there what they link and show.
func TestArchiveHasItsLinks(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", ".goreleaser.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	packed := map[string]bool{}
	for _, src := range regexp.MustCompile(`\{src: ([^,]*)`).FindAllStringSubmatch(string(data), -1) {
		paths, err := filepath.Glob(filepath.Join("..", "..", src[1]))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			packed[path] = true
		}
	}
	for path := range packed {
		if filepath.Ext(path) != ".md" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range documentLink.FindAllStringSubmatch(string(text), -1) {
			target := filepath.Join(filepath.Dir(path), link[1])
			if link[1] != "" && !strings.Contains(link[1], "://") && !packed[target] {
				t.Errorf("%s links %s, which is not in the archive", path, link[1])
			}
		}
	}
}

// TestDocumentWords compares the commands and flags in the documents with those of
// the program: both have the same.
func TestDocumentWords(t *testing.T) {
	var all string
	for _, text := range documents(t) {
		all += text + "\n"
	}
	root := (&program{env: environ{}, in: strings.NewReader(""), out: io.Discard, errOut: io.Discard}).rootCommand()
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	flags := map[string]bool{}
	walk(root, func(cmd *cobra.Command) {
		if cmd.Runnable() && !cmd.Hidden && !strings.Contains(all, cmd.Name()) {
			t.Errorf("no document has the command %s", cmd.CommandPath())
		}
		for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
			set.VisitAll(func(f *pflag.Flag) { flags[f.Name] = true })
		}
	})
	root.InitDefaultCompletionCmd() // whose flags are in its own help
	for name := range flags {
		if !regexp.MustCompile(`--` + name + `\b`).MatchString(all) {
			t.Errorf("no document has the flag --%s", name)
		}
	}
	for _, m := range regexp.MustCompile("`--([a-z-]+)").FindAllStringSubmatch(all, -1) {
		if !flags[m[1]] {
			t.Errorf("a document has a flag --%s that no command has", m[1])
		}
	}
	for _, m := range regexp.MustCompile("`(?:\\./)?mfa-tui ([a-z][^`]*)`").FindAllStringSubmatch(all, -1) {
		words := strings.Fields(m[1])
		if cmd, rest, err := root.Find(words); err != nil || cmd == root || cmd.HasSubCommands() && len(rest) > 0 {
			t.Errorf("a document has a command mfa-tui %s that is not there: %v", m[1], err)
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
