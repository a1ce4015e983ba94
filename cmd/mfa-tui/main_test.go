package main

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// buildFolder is where the program is built, removed at the end.
var buildFolder string

// tests are the tests with what must be removed after them.
type tests struct{ *testing.M }

func (t tests) Run() int {
	defer func() {
		if buildFolder != "" {
			_ = os.RemoveAll(buildFolder)
		}
	}()
	return t.M.Run()
}

// TestMain lets the scripts run the program: under the name mfa-tui the test
// binary does what main does.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){
		"mfa-tui-panicking": panickingMain,
		"mfa-tui": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
		},
	})
}
