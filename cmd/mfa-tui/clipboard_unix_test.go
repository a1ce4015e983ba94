//go:build unix

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// withClipboard puts a clipboard on the path that is a file, by the names that
// the systems have for it.
func withClipboard(t *testing.T) (env, file string) {
	t.Helper()
	folder := t.TempDir()
	file = filepath.Join(folder, "clipboard")
	read, write := "cat '"+file+"'\n", "cat >'"+file+"'\n"
	for name, script := range map[string]string{
		"xclip": "if [ \"$1\" = -out ]; then " + read + "else " + write + "fi\n", "pbcopy": write, "pbpaste": read,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return "PATH=" + folder + ":" + os.Getenv("PATH"), file
}

// A secret that was copied is off the clipboard when the program has ended, and
// what the person copied since is not.
func TestClipboardIsCleared(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ since, left string }{
		"it is still there":          {"", ""},
		"the person copied anything": {"mine", "mine"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env, file := withClipboard(t)
			x := newSeat(t, env, "WAYLAND_DISPLAY=", "SSH_TTY=", "SSH_CONNECTION=").start()
			x.sees("No factors on your list yet")
			secret := x.enrollTOTP().secret
			x.press("y").sees("✓ Secret copied")
			if got, err := os.ReadFile(file); err != nil || string(got) != secret {
				t.Fatalf("on the clipboard is %q, %v; want %q", got, err, secret)
			}
			if test.since != "" {
				if err := os.WriteFile(file, []byte(test.since), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			x.press(ctrlC).ends()
			if got, err := os.ReadFile(file); err != nil || string(got) != test.left {
				t.Errorf("at the end %q is on the clipboard, %v; want %q", got, err, test.left)
			}
		})
	}
}
