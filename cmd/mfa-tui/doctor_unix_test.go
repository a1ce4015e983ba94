//go:build unix

package main

import "testing"

// What doctor says of a terminal: its name, its size, its colours, and how a QR
// code fits.
func TestDoctorInATerminal(t *testing.T) {
	for name, test := range map[string]struct {
		env        []string
		cols, rows int
		status     int
		sees       []string
	}{
		"usual":     {nil, 80, 24, exitDone, []string{"✓ terminal     TERM=xterm-256color", "✓ size         80x24", "✓ colours      256, by TERM", "✓ QR code      one of usual length fits as"}},
		"too small": {nil, 39, 24, exitFailed, []string{"✗ size", "39x24, and the screens"}},
		"plain":     {[]string{"TERM=", "NO_COLOR=1"}, 120, 40, exitDone, []string{"! terminal     TERM is not set", "export TERM=xterm-256color", "none, as NO_COLOR says"}},
		"no cursor": {[]string{"TERM=dumb"}, 80, 24, exitDone, []string{"! terminal     TERM=dumb is for"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSeat(t, test.env...)
			s.cols, s.rows = test.cols, test.rows
			x := s.start("doctor")
			x.sees(test.sees...)
			if status := x.ends(); status != test.status {
				t.Errorf("exit status %d, want %d", status, test.status)
			}
		})
	}
}
