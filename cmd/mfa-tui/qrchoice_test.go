package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/muesli/termenv"

	"mfa-tui/tui"
	"mfa-tui/tui/qr"
)

// A choice is remembered for its terminal, and apart for the same terminal without
// colours.
func TestQRChoices(t *testing.T) {
	dir := t.TempDir()
	on := func(terminal string, profile termenv.Profile) qrChoices {
		return qrChoicesFor(environ{"XDG_STATE_HOME": dir, "TERM": terminal}, look{profile: profile})
	}
	want := func(c qrChoices, asked string, want tui.QRChoice) {
		t.Helper()
		if got := c.load(asked); got != want {
			t.Errorf("%s, asked for %q: %v, want %v", c.terminal, asked, got, want)
		}
	}
	auto, xterm := tui.QRChoice{Style: qr.Auto}, on("xterm", termenv.TrueColor)
	want(xterm, "", auto)
	if _, err := os.Stat(filepath.Join(dir, "mfa-tui")); err == nil {
		t.Error("a file was made though nothing was chosen")
	}
	half := tui.QRChoice{Style: qr.HalfStyle, Other: true}
	if err := xterm.save(half); err != nil {
		t.Fatal(err)
	}
	want(xterm, "", half)
	want(on("xterm", termenv.Ascii), "", auto)
	want(on("foot", termenv.TrueColor), "", auto)

	want(on("foot", termenv.TrueColor), "full", tui.QRChoice{Style: qr.FullStyle})
	want(on("foot", termenv.TrueColor), "", tui.QRChoice{Style: qr.FullStyle})
	want(xterm, "", half)

	for _, broken := range []string{"[", `{"xterm": {"form": "round"}}`, "null", ""} {
		if err := os.WriteFile(xterm.file.Path(), []byte(broken), 0o600); err != nil {
			t.Fatal(err)
		}
		want(xterm, "", auto)
		if err := xterm.save(half); err != nil {
			t.Errorf("over %q: %v", broken, err)
		}
		want(xterm, "", half)
	}
}

func TestQRStyleIsChecked(t *testing.T) {
	status, _, errOut := outcome(t, nil, "--qr", "round", "factors", "list")
	if status != exitUsage || errOut != "mfa-tui: QR style \"round\": want one of auto, full, half, sextant, ascii\n" {
		t.Errorf("%d, %q", status, errOut)
	}
}
