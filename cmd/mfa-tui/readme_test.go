package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const readmePath = "../../README.md"

// Marks say what is special about the README's block below them, as a comment
// that a reader does not see. Without one, each line of a block must work.
const (
	markTerminal = "needs a terminal" // the last line fails, and only for want of one
	markKey      = "needs a key"      // a server with the README's seed stands in for WorkOS
	markServer   = "keeps running"    // each line is a server that is up for the rest of the part
	markFile     = "file: "           // the block is what is in this file
)

// proseLanguages are those of blocks that are no commands.
var proseLanguages = []string{"text", "js", "mermaid", "json"}

// readmeBlock is a fenced block of the README.
type readmeBlock struct {
	part           string // the heading that it is under
	line           int
	language, mark string
	text           []string
}

// readmeBlocks returns the blocks of a text in Markdown.
func readmeBlocks(text string) (blocks []readmeBlock) {
	var part, mark string
	inside := false
	for i, line := range strings.Split(text, "\n") {
		language, fence := strings.CutPrefix(line, "```")
		heading, isHeading := strings.CutPrefix(line, "## ")
		comment, isComment := strings.CutPrefix(line, "<!-- ")
		switch {
		case fence && inside:
			inside, mark = false, ""
		case fence:
			inside = true
			blocks = append(blocks, readmeBlock{part: part, line: i + 1, language: language, mark: mark})
		case inside:
			last := &blocks[len(blocks)-1]
			last.text = append(last.text, line)
		case isHeading:
			part, mark = heading, ""
		case isComment:
			mark = strings.TrimSuffix(comment, " -->")
		case line != "":
			mark = "" // text between a mark and a block parts them
		}
	}
	return blocks
}

// check fails unless the block is of a kind that the tests know what to do with.
func (b readmeBlock) check() error {
	_, isFile := strings.CutPrefix(b.mark, markFile)
	switch {
	case b.language == "sh" && slices.Contains([]string{"", markTerminal, markKey, markServer}, b.mark):
	case b.language == "yaml" && isFile:
	case b.language == "go" && isFile, b.language == "diff" && b.mark == "lines": // tui's tests build them
	case slices.Contains(proseLanguages, b.language) && (b.mark == "" || b.mark == "screens"):
	default:
		return fmt.Errorf("README.md:%d: a block %q marked %q: want sh for commands, with a mark of readme_test.go if they can't just be run", b.line, b.language, b.mark)
	}
	return nil
}

// TestREADMECommands runs the commands of the README: part by part, each in a
// shell, a home and an empty folder of its own, offline.
func TestREADMECommands(t *testing.T) {
	data, err := os.ReadFile(readmePath)
	if err != nil {
		t.Fatal(err)
	}
	lookFor(t, "sh")
	if _, err := binary(); err != nil {
		t.Fatal(err)
	}
	blocks := readmeBlocks(string(data))
	var parts []string
	byPart := map[string][]readmeBlock{}
	for _, b := range blocks {
		if err := b.check(); err != nil {
			t.Error(err)
		}
		if byPart[b.part] == nil {
			parts = append(parts, b.part)
		}
		byPart[b.part] = append(byPart[b.part], b)
	}
	ran := 0
	for _, part := range parts {
		t.Run(part, func(t *testing.T) {
			r := newREADMEReader(t, blocks)
			for _, b := range byPart[part] {
				r.read(b)
			}
			ran += r.ran
		})
	}
	if ran == 0 && !t.Failed() {
		t.Error("the README has no command")
	}
}

// readmeReader does what a part of the README says.
type readmeReader struct {
	t       *testing.T
	folder  string
	shell   *shell // started for the first command
	server  string // the address of the server that was started last
	printed string // by all commands so far
	ran     int
}

// newREADMEReader is a reader who has made the files of the README.
func newREADMEReader(t *testing.T, blocks []readmeBlock) *readmeReader {
	r := &readmeReader{t: t, folder: t.TempDir()}
	for _, b := range blocks {
		name, isFile := strings.CutPrefix(b.mark, markFile)
		if !isFile || b.language != "yaml" {
			continue
		}
		if err := os.WriteFile(filepath.Join(r.folder, name), []byte(strings.Join(b.text, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *readmeReader) read(b readmeBlock) {
	r.t.Helper()
	if b.language != "sh" {
		return
	}
	if b.mark == markKey {
		r.standIn()
	}
	for i, line := range b.text {
		command, comment, _ := strings.Cut(line, " #")
		command = strings.TrimSpace(command)
		where := fmt.Sprintf("README.md:%d: %s", b.line+1+i, command)
		switch tool, _, _ := strings.Cut(command, " "); {
		case command == "" || strings.HasPrefix(command, "#"):
		case tool == "make":
			r.checkMake(where, command)
		case tool == "go":
			r.checkGo(where, command)
		case b.mark == markServer:
			r.serve(where, command)
		case strings.HasPrefix(comment, " asks"):
			r.runAsking(where, command)
		default:
			r.run(where, command, b.mark == markTerminal && i == len(b.text)-1)
		}
	}
}

// typed runs one line as a reader types it.
func (r *readmeReader) typed(command string) (out string, status int) {
	r.t.Helper()
	if r.shell == nil {
		r.shell = newShell(r.t, r.folder)
	}
	r.ran++
	out, status = r.shell.run(r.filledIn(command))
	r.printed += out
	return out, status
}

// runAsking runs a line that asks: where nobody can answer it wants --yes.
func (r *readmeReader) runAsking(where, command string) {
	r.t.Helper()
	if out, status := r.typed(command); status != exitUsage || !strings.Contains(out, "--yes") {
		r.t.Errorf("%s\nshould ask but ended with status %d:\n%s", where, status, out)
	}
	r.run(where, command+" --yes", false)
}

// run runs one line. It must do what it should, or want nothing but a terminal.
func (r *readmeReader) run(where, command string, needsTerminal bool) {
	r.t.Helper()
	out, status := r.typed(command)
	switch {
	case needsTerminal && (status != exitUsage || !strings.Contains(out, "the terminal UI needs one")):
		r.t.Errorf("%s\nis marked %q but ended with status %d:\n%s", where, markTerminal, status, out)
	case !needsTerminal && status != exitDone:
		r.t.Errorf("%s\nended with status %d:\n%s", where, status, out)
	}
}

// cutID is an id as the README shortens it, as in auth_challenge_01KG….
var cutID = regexp.MustCompile(`([a-z_]+_)01\w*…`)

// filledIn is a command as a reader types it: an id that the README cuts short is
// the last one of its kind that was printed, and the server is where it listens.
func (r *readmeReader) filledIn(command string) string {
	command = cutID.ReplaceAllStringFunc(command, func(short string) string {
		kind := cutID.FindStringSubmatch(short)[1]
		ids := regexp.MustCompile(`\b`+kind+`\w{26}`).FindAllString(r.printed, -1)
		if len(ids) == 0 {
			r.t.Fatalf("no %s was printed before %s", short, command)
		}
		return ids[len(ids)-1]
	})
	if r.server != "" {
		command = strings.ReplaceAll(command, defaultAddress, r.server)
	}
	return command
}

// checkMake fails unless the Makefile has the target.
func (r *readmeReader) checkMake(where, command string) {
	r.t.Helper()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, target := range strings.Fields(command)[1:] {
		if !strings.Contains(string(makefile), "\n"+target+":") {
			r.t.Errorf("%s\nthe Makefile has no %s", where, target)
		}
	}
	r.ran++
}

var (
	goPackage = regexp.MustCompile(` \./([\w/-]*)`)
	goTests   = regexp.MustCompile(` -(?:run|fuzz|bench)[ =]'?(\w+)`)
)

// checkGo fails unless the packages and the tests that the command names are there.
func (r *readmeReader) checkGo(where, command string) {
	r.t.Helper()
	r.ran++
	at := goPackage.FindStringSubmatch(command)
	if at == nil {
		r.t.Errorf("%s\nnames no package", where)
		return
	}
	folder := filepath.Join("../..", at[1])
	sources, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil || len(sources) == 0 {
		r.t.Errorf("%s\nthere is no package in %s: %v", where, at[1], err)
	}
	for _, name := range goTests.FindAllStringSubmatch(command, -1) {
		function := regexp.MustCompile(`(?m)^func (Test|Fuzz|Benchmark)?\w*` + name[1])
		if !slices.ContainsFunc(sources, func(path string) bool {
			source, err := os.ReadFile(path)
			return err == nil && strings.HasSuffix(path, "_test.go") && function.Match(source)
		}) {
			r.t.Errorf("%s\n%s has no test %s", where, at[1], name[1])
		}
	}
}

// lookFor skips the test where a program of the system is not there.
func lookFor(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("this system has no %s", program)
	}
	return path
}
