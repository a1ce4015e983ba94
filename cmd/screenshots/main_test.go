//go:build unix

package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// needsProgram skips tests that build the program but where tests may take their
// time: a test that does not import what it builds would be cached in vain.
func needsProgram(t *testing.T) {
	t.Helper()
	if os.Getenv("LONG_TESTS") == "" {
		t.Skip("builds the program: make race")
	}
}

// TestRun takes all pictures of the program as it is.
func TestRun(t *testing.T) {
	needsProgram(t)
	folder := filepath.Join(t.TempDir(), "pictures")
	if err := run(context.Background(), []string{"-out", folder}); err != nil {
		t.Fatal(err)
	}
	shows := map[string][]string{
		"list":    {"Foo Corp · grace@example.com", "銀", "auth_factor_"},
		"qr":      {"Scan this with"},
		"factor":  {"challenged", "+1 500-555-0006"},
		"code":    {"Enter the code sent to", "Your verification code is"},
		"result":  {"Verified", "auth_challenge_"},
		"confirm": {"Delete this factor", "[ No ]"},
	}
	for _, p := range pictures {
		for _, th := range []theme{dark, light} {
			svg, err := os.ReadFile(filepath.Join(folder, p.file(th)))
			if err != nil {
				t.Fatal(err)
			}
			texts := strings.Join(parse(t, svg).texts(), "\n")
			for _, want := range append(shows[p.name], "LOCAL", th.fg) {
				if len(shows[p.name]) == 0 || !strings.Contains(texts, want) {
					t.Errorf("%s: no %q in\n%s", p.file(th), want, texts)
				}
			}
		}
	}
}

// What does not come is told with the screen, and so is a program that ends.
func TestWaitsInVain(t *testing.T) {
	needsProgram(t)
	binary, err := build(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	x, err := start(context.Background(), binary, t.TempDir(), "dark", 80, 24)
	if err != nil {
		t.Fatal(err)
	}
	defer x.close()
	if err := x.keys(step{"", "q quit"}, step{"q", "never"}); err == nil || !strings.Contains(err.Error(), "ended") {
		t.Errorf("got %v", err)
	}
}
