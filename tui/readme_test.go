package tui

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	readmeScreen = regexp.MustCompile("(?s)<!-- file: tui/(\\w+\\.go) -->\n```go\n(.*?)```\n")
	readmeLines  = regexp.MustCompile("(?s)<!-- lines -->\n```diff\n(.*?)```\n")
)

// TestREADMEScreen adds the screen that the README adds, to this package as it is,
// and walks to it.
func TestREADMEScreen(t *testing.T) {
	if os.Getenv("LONG_TESTS") == "" {
		t.Skip("builds the package: make race")
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	screen, lines := readmeScreen.FindSubmatch(readme), readmeLines.FindSubmatch(readme)
	if screen == nil || lines == nil {
		t.Fatal("the README adds no screen")
	}
	sources := map[string]string{string(screen[1]): string(screen[2])}
	addLines(t, sources, string(lines[1]))
	folder := t.TempDir()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	overlay := map[string]string{}
	for name, source := range sources {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(here, name)] = path
	}
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "test", "-overlay", file, "-run", "^(TestMoves|TestKeys)$", ".").CombinedOutput(); err != nil {
		t.Errorf("the screen that the README adds: %v\n%s", err, out)
	}
}

// addLines adds the lines of a diff without numbers: below "--- tui/FILE" a line
// that the file has once, and + with those to put after it.
func addLines(t *testing.T, sources map[string]string, diff string) {
	t.Helper()
	var name, after string
	for line := range strings.SplitSeq(strings.TrimSuffix(diff, "\n"), "\n") {
		if path, ok := strings.CutPrefix(line, "--- tui/"); ok {
			name = path
			source, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			sources[name] = string(source)
			continue
		}
		text := "\n" + line[1:] + "\n"
		if line[0] == '+' {
			sources[name] = strings.Replace(sources[name], after, after+text[1:], 1)
		} else if strings.Count(sources[name], text) != 1 {
			t.Fatalf("tui/%s does not have this line of the README once:%s", name, text)
		}
		after = text
	}
}
