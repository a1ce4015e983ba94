package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"mfa-tui/workos/local"
)

// What is written while screens are on the terminal comes when they have ended, the last
// lines of it; where standard error is elsewhere it is there at once.
func TestNotes(t *testing.T) {
	for _, elsewhere := range []bool{false, true} {
		var out strings.Builder
		n := &notes{to: &out, elsewhere: elsewhere}
		fmt.Fprintln(n, "mfa-tui: early")
		if before := n.before(); before != "early" || out.String() != "mfa-tui: early\n" {
			t.Errorf("%q, %q", before, out.String())
		}
		for i := range mostNotes + 2 {
			fmt.Fprintf(n, "mfa-tui: line %d\n", i)
		}
		if shown := <-n.news; shown != "line 0" || strings.Contains(out.String(), "line 5\n") != elsewhere {
			t.Errorf("elsewhere %t: shown %q, written %q", elsewhere, shown, out.String())
		}
		n.release()
		want := "mfa-tui: early\nmfa-tui: 2 earlier lines were left out\nmfa-tui: line 2\n"
		if elsewhere {
			want = "mfa-tui: early\nmfa-tui: line 0\nmfa-tui: line 1\n"
		}
		if got := out.String(); !strings.HasPrefix(got, want) || strings.Count(got, "line 101\n") != 1 {
			t.Errorf("elsewhere %t: %q", elsewhere, got)
		}
	}
}

// The image prints lines whatever arguments it is given, and its arguments are good.
func TestImageIsHeadless(t *testing.T) {
	p := &program{out: io.Discard, errOut: io.Discard}
	var entry, args []string
	file, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(file), "\n") {
		for begin, list := range map[string]*[]string{"ENTRYPOINT ": &entry, "CMD ": &args} {
			if rest, ok := strings.CutPrefix(line, begin); ok {
				if err := json.Unmarshal([]byte(rest), list); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	serve := p.serveCommand()
	serve.RunE = func(*cobra.Command, []string) error { return nil }
	serve.SetArgs(slices.Concat(entry[2:], args))
	if err := serve.Execute(); err != nil {
		t.Fatal(err)
	}
	if serve.Flag("headless").Value.String() != "true" || serve.Flag("emulate-from").Value.String() == "[]" {
		t.Errorf("%q %q", entry, args)
	}
}

// The note of a call says what the hook does, in the words of the header, and not to how
// many: that is of those to come.
func TestHookEffect(t *testing.T) {
	for want, h := range map[string]local.Hook{
		"429": {Status: 429, Count: 1}, "500": {Status: 500, Count: 3}, "connection reset": {Reset: true, Count: 1},
		"response cut short": {CutAfter: new(int)}, "challenge expired": {Code: "authentication_challenge_expired", Status: 422},
	} {
		if got := h.Effect(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
