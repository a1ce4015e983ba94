package term

import (
	"os"
	"strings"
	"testing"
	"testing/quick"

	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store/factors/words"
)

// wrote is what an output makes of writes.
func wrote(t *testing.T, o Options, writes ...string) []string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	_, out := Connect(r, w, o)
	var got []string
	buf := make([]byte, 4096)
	for _, s := range writes {
		if n, err := out.Write([]byte(s)); n != len(s) || err != nil {
			t.Errorf("%q: %d, %v", s, n, err)
		}
		n, err := r.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(buf[:n]))
	}
	return got
}

func TestOutput(t *testing.T) {
	const off, on = "\x1b[?7l", "\x1b[?7h"
	asking := Options{Terminal: FromEnv(xtermEnv, "linux"), Ask: true}
	notAsking, silent, latin, console := asking, asking, asking, asking
	console.Ask, console.Synchronized = false, true
	notAsking.Ask, silent.Terminal.Answers, latin.Ask, latin.Terminal.UTF8 = false, false, false, false
	for _, tt := range []struct {
		options      Options
		writes, want []string
	}{
		{asking, []string{"\x1b[?25l", "\x1b[?1049h", "\x1b[2J", "\x1b[H"}, []string{"\x1b[?25l", "\x1b[?1049h", "\x1b[2J", "\x1b[H"}},
		{
			asking, []string{"\x1b[H\r \x1b[K\x1b[H", "\x1b[H\rone", "\x1b[H\rtwo"}, // nothing is on the first
			[]string{off + "\x1b[H\r \x1b[K\x1b[H" + on, off + "\x1b[H\rone" + on + questions, off + "\x1b[H\rtwo" + on},
		},
		{notAsking, []string{"\x1b[H\rone ✓"}, []string{off + "\x1b[H\rone ✓" + on}},
		{console, []string{"\x1b[?25l", "\x1b[H\rone"}, []string{"\x1b[?25l", "\x1b[?2026h" + off + "\x1b[H\rone" + on + "\x1b[?2026l"}},
		{silent, []string{"\x1b[H\rone"}, []string{off + "\x1b[H\rone" + on}},
		{latin, []string{"\x1b[H\r\x1b[1m› é\x1b[0m 日", "✓"}, []string{off + "\x1b[H\r\x1b[1m> ?\x1b[0m ??" + on, "✓"}},
	} {
		for i, got := range wrote(t, tt.options, tt.writes...) {
			if got != tt.want[i] {
				t.Errorf("%q: %q, want %q", tt.writes[i], got, tt.want[i])
			}
		}
	}
}

func TestASCII(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "plain\x1b[1m\n": "plain\x1b[1m\n", "✓ ✗ – › … ·": "+ x - > ~ -",
		"╭──╮\n│▌é│\n╰━┷╯": "+--+\n||?|\n+=++", "👨\u200d👩 नी": "?? ?", "e\u0301": "e", "⠋⠙": ASCII("⠋⠙"), "█▀": "##",
	} {
		if got := ASCII(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
	if ASCII("⠋") == ASCII("⠙") {
		t.Error("the spinner stands still")
	}
	same := func(s string) bool {
		s = words.Clean(s) // as what comes from outside
		got := ASCII(s)
		for _, r := range got {
			if r > 0x7f {
				return false
			}
		}
		return ansi.StringWidth(got) == ansi.StringWidth(s)
	}
	if err := quick.Check(same, &quick.Config{MaxCount: 5000}); err != nil {
		t.Error(err)
	}
}

// A terminal is given back also in the middle of a frame, and while it takes no output.
func TestGiveBack(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_, out := Connect(r, w, Options{})
	out.GiveBack()
	buf := make([]byte, 4096)
	n, err := r.Read(buf)
	if got := string(buf[:n]); err != nil || !strings.HasPrefix(got, "\x1b[?2026l") || !strings.Contains(got, "\x1b[?1049l") {
		t.Errorf("%q, %v", got, err)
	}
	full := make(chan error, 1)
	go func() {
		_, err := w.Write(make([]byte, 1<<20)) // more than a pipe takes
		full <- err
	}()
	out.GiveBack()
	r.Close()
	w.Close()
	if err := <-full; err == nil {
		t.Error("the pipe takes all, and so shows nothing")
	}
}
