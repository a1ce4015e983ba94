package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// patience is how long is waited for what must come.
const patience = 20 * time.Second

// terminal is the program in a pseudo-terminal, and what it shows.
type terminal struct {
	cmd    *exec.Cmd
	pty    *os.File
	screen vt10x.Terminal
	reads  chan []byte // what the program wrote; closed when it has ended
	rest   []byte      // of a character that is not read whole
}

func newTerminal(cols, rows int) *terminal {
	return &terminal{screen: vt10x.New(vt10x.WithSize(cols, rows)), reads: make(chan []byte)}
}

// start runs the program with a home and a theme.
func start(ctx context.Context, binary, home, theme string, cols, rows int) (*terminal, error) {
	t := newTerminal(cols, rows)
	t.cmd = exec.CommandContext(ctx, binary, "--theme", theme)
	t.cmd.Dir = home // where no .env is
	t.cmd.Env = []string{"HOME=" + home, "XDG_DATA_HOME=" + filepath.Join(home, dataFolder), "TERM=xterm-256color", "LANG=C.UTF-8", "TZ=UTC"}
	var err error
	if t.pty, err = pty.StartWithSize(t.cmd, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		return nil, fmt.Errorf("start mfa-tui: %w", err)
	}
	go t.read()
	return t, nil
}

func (t *terminal) read() {
	defer close(t.reads)
	for {
		buf := make([]byte, 1<<16)
		n, err := t.pty.Read(buf)
		t.reads <- buf[:n]
		if err != nil {
			return
		}
	}
}

// close ends the program.
func (t *terminal) close() {
	_ = t.cmd.Process.Kill() // unless it has ended
	for range t.reads {
		// what it still wrote is of no use
	}
	_ = t.cmd.Wait()
	t.pty.Close()
}

// filler stands in the second cell of a wide character. The emulator gives every
// character one cell, so the program's columns would be off without it.
const filler = '\uF8FF'

// feed shows what the program wrote.
func (t *terminal) feed(data []byte) {
	data = append(t.rest, data...)
	var shown []byte
	for len(data) > 0 && utf8.FullRune(data) {
		r, n := utf8.DecodeRune(data)
		shown = append(shown, data[:n]...)
		if ansi.StringWidth(string(r)) == 2 {
			shown = utf8.AppendRune(shown, filler)
		}
		data = data[n:]
	}
	t.rest = append([]byte(nil), data...)
	_, _ = t.screen.Write(shown) // what it does not know it passes over
}

// text is what the screen shows.
func (t *terminal) text() string {
	return strings.ReplaceAll(t.screen.String(), string(filler), "")
}

// step is keys to press, and the text to wait for then.
type step struct{ press, sees string }

// keys presses keys step by step.
func (t *terminal) keys(steps ...step) error {
	for _, s := range steps {
		if _, err := t.pty.WriteString(s.press); err != nil {
			return fmt.Errorf("press %q: %w", s.press, err)
		}
		if err := t.until(s.sees, func(text string) bool { return strings.Contains(text, s.sees) }); err != nil {
			return err
		}
	}
	return nil
}

// finds waits for a match and returns its first group.
func (t *terminal) finds(pattern string) (string, error) {
	re := regexp.MustCompile(pattern)
	if err := t.until(pattern, re.MatchString); err != nil {
		return "", err
	}
	return re.FindStringSubmatch(t.text())[1], nil
}

// until waits for a screen that is drawn whole: behind each frame the program
// puts the cursor at the beginning of a line.
func (t *terminal) until(what string, is func(text string) bool) error {
	deadline := time.After(patience)
	for !is(t.text()) || t.screen.Cursor().X > 0 {
		select {
		case data, ok := <-t.reads:
			if !ok {
				return fmt.Errorf("waited for %q, but the program ended:\n%s", what, t.text())
			}
			t.feed(data)
		case <-deadline:
			return fmt.Errorf("waited for %q, but the screen is:\n%s", what, t.text())
		}
	}
	return nil
}

// The attributes of a cell, as the emulator numbers them.
const (
	underlined = 1 << 1
	bold       = 1 << 2
	italic     = 1 << 4
)

// photograph is the screen as it is now, in the colours of a theme.
func (t *terminal) photograph(th theme) screen {
	cols, rows := t.screen.Size()
	s := make(screen, rows)
	for y := range rows {
		for x := range cols {
			g := t.screen.Cell(x, y)
			if g.Char == filler && x > 0 {
				s[y][x-1].wide = true
			}
			s[y] = append(s[y], cell{
				glyph: g.Char,
				style: style{
					fg: th.colour(g.FG), bold: g.Mode&bold != 0,
					italic: g.Mode&italic != 0, underlined: g.Mode&underlined != 0,
				},
				bg: th.colour(g.BG),
			})
		}
	}
	return s
}
