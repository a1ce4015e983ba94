package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// buildFolder is where the program is built, removed at the end.
var buildFolder string

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// binary builds the program once.
var binary = sync.OnceValues(func() (path string, err error) {
	if buildFolder, err = os.MkdirTemp("", "mfa-tui"); err != nil {
		return "", err
	}
	path = filepath.Join(buildFolder, "mfa-tui")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// private reports whether a file is for its owner alone, where its mode tells.
func private(info fs.FileInfo) bool {
	return info.Mode().Perm() == 0o600 || runtime.GOOS == "windows"
}

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
