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

	"github.com/pquerna/otp/totp"
	"github.com/rogpeppe/go-internal/testscript"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

// long reports whether tests may take their time, as in make ci.
func long() bool { return os.Getenv("LONG_TESTS") != "" }

// buildFolder is where the program is built, removed at the end.
var buildFolder string

// binary is the path of the program: the test binary under another name, which
// needs no build, or in long tests the real one.
var binary = sync.OnceValues(func() (path string, err error) {
	if !long() {
		return exec.LookPath("mfa-tui")
	}
	if buildFolder, err = os.MkdirTemp("", "mfa-tui"); err != nil {
		return "", err
	}
	path = filepath.Join(buildFolder, "mfa-tui")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, "mfa-tui/cmd/mfa-tui").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// private reports whether only its owner can read a file, on systems with modes.
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

// oathtool prints the code of a TOTP secret, where a document uses the tool of this name.
func oathtool() {
	code, err := totp.GenerateCode(os.Args[len(os.Args)-1], time.Now())
	if err != nil {
		panic(err)
	}
	fmt.Println(code)
}

// TestMain lets the scripts run the program: under the name mfa-tui the test
// binary does what main does.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){
		"mfa-tui-panicking": panickingMain,
		"oathtool":          oathtool,
		"mfa-tui": func() {
			os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr))
		},
	})
}
