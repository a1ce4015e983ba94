package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"mfa-tui/tui/qr"
)

// A choice is remembered for its terminal.
func TestQRChoices(t *testing.T) {
	dir := t.TempDir()
	on := func(terminal string) qrChoices {
		return qrChoicesFor(environ{"XDG_STATE_HOME": dir, "TERM": terminal})
	}
	want := func(c qrChoices, asked string, want qr.Style) {
		t.Helper()
		if got := c.load(asked); got != want {
			t.Errorf("%s, asked for %q: %v, want %v", c.terminal, asked, got, want)
		}
	}
	xterm := on("xterm")
	want(xterm, "", qr.Auto)
	if _, err := os.Stat(filepath.Join(dir, "mfa-tui")); err == nil {
		t.Error("a file was made though nothing was chosen")
	}
	if err := xterm.save(qr.HalfStyle); err != nil {
		t.Fatal(err)
	}
	want(xterm, "", qr.HalfStyle)
	want(on("foot"), "", qr.Auto)

	want(on("foot"), "full", qr.FullStyle)
	want(on("foot"), "", qr.FullStyle)
	want(xterm, "", qr.HalfStyle)

	for _, broken := range []string{"[", `{"xterm": {"form": "round"}}`, "null", ""} {
		if err := os.WriteFile(xterm.file.Path(), []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		want(xterm, "", qr.Auto)
		if err := xterm.save(qr.HalfStyle); err != nil {
			t.Errorf("over %q: %v", broken, err)
		}
		want(xterm, "", qr.HalfStyle)
	}
}

func TestQRStyleIsChecked(t *testing.T) {
	status, _, errOut := outcome(t, nil, "--qr", "round", "factors", "list")
	if status != exitUsage || errOut != "mfa-tui: QR style \"round\": want one of auto, full, half, sextant, ascii\n" {
		t.Errorf("%d, %q", status, errOut)
	}
}

// Without a home folder nothing is remembered, in / least of all.
func TestNoFolderForQRChoices(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("its folders do not depend on HOME")
	}
	t.Chdir(t.TempDir())
	for _, home := range []string{"", "here"} {
		t.Setenv("HOME", home)
		choices := qrChoicesFor(environ{"XDG_STATE_HOME": "here"})
		if err := choices.save(qr.Style("half")); err == nil || !strings.Contains(err.Error(), "HOME is ") {
			t.Errorf("HOME %q: %v", home, err)
		}
		if got := choices.load(""); got != qr.Auto {
			t.Errorf("HOME %q: %s", home, got)
		}
		if _, err := os.Stat("here"); err == nil {
			t.Errorf("HOME %q: it wrote into the working folder", home)
		}
	}
}
