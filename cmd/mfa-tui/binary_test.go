//go:build unix

package main

import (
	"bytes"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// seat is a person's place at a terminal: their home, and the terminal's size.
type seat struct {
	t          *testing.T
	home       string // also the working folder
	env        []string
	cols, rows int
	answer     string // of the terminal to the question what it is; empty if it never answers
}

func newSeat(t *testing.T, env ...string) seat {
	t.Helper()
	home := t.TempDir()
	return seat{t, home, append([]string{
		"HOME=" + home, "PATH=" + os.Getenv("PATH"), "TERM=xterm-256color", "XDG_DATA_HOME=" + filepath.Join(home, "data"),
		"GOCOVERDIR=" + t.TempDir(), // or the program complains on the terminal where coverage is measured
	}, env...), 80, 24, "\x1b[?6c"}
}

// terminal is the real binary in a pseudo-terminal.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	pty    *os.File
	before *term.State
	answer string // to the question what it is
	screen vt10x.Terminal
	exited chan error

	mu      sync.Mutex
	raw     bytes.Buffer  // all that was written
	written chan struct{} // closed at the next write
}

// start runs the program as a shell does.
func (s seat) start(args ...string) *terminal {
	s.t.Helper()
	path, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	return s.startProgram(path, args...)
}

func (s seat) startProgram(path string, args ...string) *terminal {
	s.t.Helper()
	x := &terminal{
		t: s.t, cmd: exec.Command(path, args...), screen: vt10x.New(vt10x.WithSize(s.cols, s.rows)),
		answer: s.answer, exited: make(chan error, 1), written: make(chan struct{}),
	}
	x.cmd.Dir, x.cmd.Env = s.home, s.env
	x.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} // for the signal of a resize
	master, slave, err := pty.Open()
	if err != nil {
		s.t.Fatal(err)
	}
	x.pty = master
	if err := pty.Setsize(slave, &pty.Winsize{Cols: uint16(s.cols), Rows: uint16(s.rows)}); err != nil {
		s.t.Fatal(err)
	}
	if x.before, err = term.GetState(slave.Fd()); err != nil {
		s.t.Fatal(err)
	}
	x.cmd.Stdin, x.cmd.Stdout, x.cmd.Stderr = slave, slave, slave
	if err := x.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go x.read()
	go func() { x.exited <- x.cmd.Wait() }()
	s.t.Cleanup(func() {
		_ = x.cmd.Process.Kill() // unless it has ended, as it should
		x.checkRestored(slave)
		master.Close()
		slave.Close()
	})
	return x
}

func (x *terminal) read() {
	buf := make([]byte, 1<<16)
	var text []byte // not shown yet
	for {
		n, err := x.pty.Read(buf)
		x.mu.Lock()
		asked := questioned(x.raw.Bytes())
		x.raw.Write(buf[:n])
		if !asked && questioned(x.raw.Bytes()) {
			_, _ = x.pty.WriteString(x.answer)
		}
		text = append(text, buf[:n]...)
		whole := len(text)
		for whole > 0 && whole > len(text)-utf8.UTFMax && !utf8.Valid(text[:whole]) {
			whole-- // the rest of a character comes with the next read
		}
		if whole > 0 {
			_, _ = x.screen.Write(text[:whole]) // what it does not know it passes over
			text = text[whole:]
		}
		close(x.written)
		x.written = make(chan struct{})
		x.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// questioned reports whether the terminal was asked what it is, to the last question.
func questioned(out []byte) bool { return bytes.Contains(out, []byte("\x1b[c")) }

// text is what the screen shows, and the next write to it.
func (x *terminal) text() (string, <-chan struct{}) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.String(), x.written
}

func (x *terminal) output() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.raw.String()
}

// until waits for a screen and returns it.
func (x *terminal) until(what string, is func(screen string) bool) string {
	x.t.Helper()
	deadline := time.After(patience)
	for {
		screen, written := x.text()
		if is(screen) {
			return screen
		}
		select {
		case <-written:
		case <-deadline:
			x.t.Fatalf("waited for %s, the screen is\n%s", what, screen)
		}
	}
}

// sees waits until all texts are on the screen.
func (x *terminal) sees(texts ...string) string {
	x.t.Helper()
	return x.until(strings.Join(texts, ", "), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

// finds waits for a match and returns its first group.
func (x *terminal) finds(pattern string) string {
	x.t.Helper()
	re := regexp.MustCompile(pattern)
	return re.FindStringSubmatch(x.until(pattern, re.MatchString))[1]
}

// The keys that are not letters.
const (
	enter, esc, tab = "\r", "\x1b", "\t"
	down, ctrlC     = "\x1b[B", "\x03"
	ctrlU           = "\x15"
)

func (x *terminal) press(keys string) *terminal {
	x.t.Helper()
	if _, err := x.pty.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
	return x
}

// ends waits for the end of the program and returns its exit status.
func (x *terminal) ends() int {
	x.t.Helper()
	select {
	case <-x.exited:
		return x.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		screen, _ := x.text()
		x.t.Fatalf("it goes on:\n%s", screen)
		return -1
	}
}

// checkRestored fails unless the terminal is left as it was found, and was asked
// nothing before there was something to see.
func (x *terminal) checkRestored(slave *os.File) {
	if x.t.Failed() {
		return
	}
	after, err := term.GetState(slave.Fd())
	if err != nil || *after != *x.before {
		x.t.Errorf("the terminal's modes are left changed: %v", err)
	}
	modes := map[string]string{"\x1b[?1049h": "\x1b[?1049l", "\x1b[?25l": "\x1b[?25h", "\x1b[?2004h": "\x1b[?2004l", "\x1b[?1002h": "\x1b[?1002l"}
	x.until("its modes to be off", func(string) bool { // the last of the output may come after the end
		out := x.output()
		for on, off := range modes {
			if strings.LastIndex(out, on) > strings.LastIndex(out, off) {
				return false
			}
		}
		return true
	})
	for _, query := range []string{"\x1b]10;?", "\x1b]11;?", "\x1b[6n", "\x1b[c"} {
		before, _, asked := strings.Cut(x.output(), query)
		if asked && strings.TrimSpace(ansi.Strip(before)) == "" {
			x.t.Errorf("the terminal was asked %q before the first frame", query)
		}
	}
}

// scan reads the QR code off the screen that shows one.
func (x *terminal) scan() string {
	x.t.Helper()
	x.sees("Scan this", "esc back", "q quit") // the last line is drawn last
	return x.scanNow()
}

// scanNow reads the QR code off the screen, as a phone does: by dark and light.
func (x *terminal) scanNow() string {
	x.t.Helper()
	x.mu.Lock()
	img := photograph(x.screen)
	x.mu.Unlock()
	return scanImage(x.t, img)
}

// scanImage reads the QR code in an image.
func scanImage(t *testing.T, img image.Image) string {
	t.Helper()
	for _, hint := range []gozxing.DecodeHintType{gozxing.DecodeHintType_TRY_HARDER, gozxing.DecodeHintType_PURE_BARCODE} {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, map[gozxing.DecodeHintType]any{hint: true})
		if err == nil {
			return result.GetText()
		}
	}
	t.Fatal("no QR code was found")
	return ""
}

// photograph draws the part of the screen that the code takes up, four pixels a
// module. Text beside it is left out, as a person points the camera.
func photograph(screen vt10x.Terminal) *image.Gray {
	const w, h, black, white = 4, 8, 16, 231
	cols, rows := screen.Size()
	var frame image.Rectangle
	for y := range rows {
		for x := range cols {
			if cell := screen.Cell(x, y); cell.BG == white && cell.FG == black || cell.BG == black && cell.FG == white {
				frame = frame.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	img := image.NewGray(image.Rect(0, 0, frame.Dx()*w, frame.Dy()*h))
	for i := range img.Pix {
		at := image.Pt(i%img.Stride, i/img.Stride)
		cell := screen.Cell(frame.Min.X+at.X/w, frame.Min.Y+at.Y/h)
		top, bottom := halves(cell.Char)
		colour := cell.BG
		if at.Y%h < h/2 && top || at.Y%h >= h/2 && bottom {
			colour = cell.FG
		}
		if colour == white {
			img.Pix[i] = 0xff
		}
	}
	return img
}

// halves says which halves of a cell its glyph fills.
func halves(glyph rune) (top, bottom bool) {
	return glyph == '▀' || glyph == '█', glyph == '▄' || glyph == '█'
}
