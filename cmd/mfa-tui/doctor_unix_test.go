//go:build unix

package main

import (
	"strings"
	"testing"
)

// What doctor says of a terminal, by its size and its environment.
func TestDoctorInATerminal(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cols, rows int
		env        []string
		want       []string
		exit       int
	}{
		"usual": {80, 24, nil, []string{"✓ terminal     TERM=xterm-256color", "✓ size         80x24", "✓ colours      256",
			"✓ QR code      a typical code fits as half blocks, quiet zone 1, 43x22"}, exitDone},
		"tiny":       {40, 12, nil, []string{"✓ size         40x12", "! QR code      a typical code needs", "→ make the terminal"}, exitDone},
		"too small":  {39, 12, nil, []string{"✗ size         39x12, and the screens", "need 40x12"}, exitFailed},
		"low":        {80, 18, nil, []string{"! QR code      a typical code needs 43x24"}, exitDone},
		"sextants":   {80, 18, nil, []string{"fits as sextant blocks", "the font lacks these"}, exitDone},
		"large":      {120, 40, []string{"COLORTERM=truecolor"}, []string{"✓ colours      16 million", "quiet zone 4"}, exitDone},
		"no colours": {80, 24, []string{"NO_COLOR=1"}, []string{"✓ colours      none, as NO_COLOR says"}, exitDone},
		"theme":      {80, 24, []string{"MFA_TUI_THEME=none"}, []string{"✓ colours      none, as the theme says"}, exitDone},
		"dumb":       {80, 24, []string{"TERM=dumb"}, []string{"! terminal     TERM=dumb is for a terminal that can't move", "→ if yours can move the cursor"}, exitDone},
		"no TERM":    {80, 24, []string{"TERM="}, []string{"! terminal     TERM is not set"}, exitDone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSeat(t, test.env...)
			s.cols, s.rows = test.cols, test.rows
			args := []string{"doctor"}
			if name == "sextants" {
				args = append(args, "--qr", "sextant")
			}
			x := s.start(args...)
			if status := x.ends(); status != test.exit {
				t.Errorf("exit status %d, want %d", status, test.exit)
			}
			x.until("the last check", func(string) bool { return strings.Contains(x.output(), "QR code") })
			out := strings.ReplaceAll(x.output(), "\r\n", "\n")
			for _, text := range test.want {
				if !strings.Contains(out, text) {
					t.Errorf("no %q in\n%s", text, out)
				}
			}
			for line := range strings.SplitSeq(out, "\n") {
				if n := len([]rune(line)); n > test.cols {
					t.Errorf("%d columns: %s", n, line)
				}
			}
		})
	}
}
