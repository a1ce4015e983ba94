//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"

	"mfa-tui/store"
	"mfa-tui/workos"
)

// make bench: the whole program and the smallest list that Bubble Tea can show, in
// turns in the same run, on a terminal of 80x24. A ratio is our median over that of
// the smallest list.

// rivals are the two programs, each with its arguments for a number of factors.
type rivals struct {
	ours, smallest string
	stores         map[int]string
}

func newRivals(b *testing.B) rivals {
	b.Helper()
	dir := b.TempDir()
	r := rivals{filepath.Join(dir, "mfa-tui"), filepath.Join(dir, "smallest"), map[int]string{}}
	for path, source := range map[string]string{r.ours: ".", r.smallest: "../smallest"} {
		if out, err := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", path, source).CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
	}
	return r
}

// commands are both programs with so many factors, ours first.
func (r rivals) commands(b *testing.B, factors int) [2][]string {
	b.Helper()
	if r.stores[factors] == "" {
		r.stores[factors] = filepath.Join(b.TempDir(), "factors.json")
		s, err := store.Open(store.Options{Path: r.stores[factors], Environment: "local"})
		if err != nil {
			b.Fatal(err)
		}
		records := make([]store.Record, factors)
		for i := range records {
			records[i].Factor = workos.Factor{
				ID: fmt.Sprintf("auth_factor_01FVYZ5QM8N98T9ME5BC%06d", i), Type: workos.TOTP,
				TOTP:      &workos.TOTPDetails{Issuer: "Foo Corp", User: fmt.Sprintf("user%d@example.com", i)},
				CreatedAt: workos.At(time.Unix(1.7e9+int64(i), 0)), UpdatedAt: workos.At(time.Unix(1.7e9+int64(i), 0)),
			}
		}
		data, err := json.Marshal(records)
		if err == nil {
			_, err = s.Import(context.Background(), data, nil)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return [2][]string{{r.ours, "--local", "--store", r.stores[factors]}, {r.smallest, strconv.Itoa(factors)}}
}

// drawn is a program on a terminal, with what it writes as it comes.
type drawn struct {
	b       *testing.B
	cmd     *exec.Cmd
	pty     *os.File
	began   time.Time
	written chan []byte
}

// answers are what a terminal answers: its background, and where the cursor is.
var answers = map[string]string{"\x1b]11;?": "\x1b]11;rgb:0000/0000/0000\x1b\\", "\x1b[6n": "\x1b[1;1R"}

func draw(b *testing.B, command []string) *drawn {
	b.Helper()
	d := &drawn{b: b, cmd: exec.Command(command[0], command[1:]...), written: make(chan []byte, 1<<16), began: time.Now()}
	d.cmd.Env = []string{"TERM=xterm-256color", "HOME=" + b.TempDir(), "PATH=" + os.Getenv("PATH")}
	var err error
	if d.pty, err = pty.StartWithSize(d.cmd, &pty.Winsize{Cols: 80, Rows: 24}); err != nil {
		b.Fatal(err)
	}
	go func() {
		defer close(d.written)
		for {
			buf := make([]byte, 1<<16)
			n, err := d.pty.Read(buf)
			for query, answer := range answers { // as a terminal does, or the other program would wait for it
				if bytes.Contains(buf[:n], []byte(query)) {
					_, _ = d.pty.WriteString(answer)
				}
			}
			if n > 0 {
				d.written <- buf[:n]
			}
			if err != nil {
				return
			}
		}
	}()
	return d
}

// first waits for text and returns how long it took from the start.
func (d *drawn) first() time.Duration {
	d.b.Helper()
	var all []byte
	for {
		select {
		case text, ok := <-d.written:
			if !ok {
				d.b.Fatalf("it ended: %q", all)
			}
			all = append(all, text...)
			if len(bytes.TrimSpace([]byte(ansi.Strip(string(all))))) > 0 {
				return time.Since(d.began)
			}
		case <-time.After(patience):
			d.b.Fatalf("no text: %q", all)
		}
	}
}

// quiet waits until nothing was written for a time and returns how much was.
func (d *drawn) quiet(pause time.Duration) (count int) {
	for {
		select {
		case text, ok := <-d.written:
			if !ok {
				return count
			}
			count += len(text)
		case <-time.After(pause):
			return count
		}
	}
}

// press presses keys and returns how long it took until something was written.
func (d *drawn) press(keys string) time.Duration {
	d.b.Helper()
	began := time.Now()
	if _, err := d.pty.WriteString(keys); err != nil {
		d.b.Fatal(err)
	}
	select {
	case <-d.written:
		took := time.Since(began)
		d.quiet(20 * time.Millisecond)
		return took
	case <-time.After(patience):
		d.b.Fatalf("%q has no effect", keys)
		return 0
	}
}

func (d *drawn) end() {
	_ = d.cmd.Process.Kill()
	_ = d.cmd.Wait()
	_ = d.pty.Close()
}

// peak is the most memory that the program has had, in MiB; 0 where the system does
// not report it.
func (d *drawn) peak() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.cmd.Process.Pid))
	m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if err != nil || m == nil {
		return 0
	}
	kib, _ := strconv.ParseFloat(string(m[1]), 64)
	return kib / 1024
}

// quantile is the value that a part of the values is below.
func quantile(values []float64, part float64) float64 {
	values = slices.Sorted(slices.Values(values))
	return values[int(part*float64(len(values)-1))]
}

// reportBoth reports ours and the ratio to the other.
func reportBoth(b *testing.B, name, unit string, part float64, ours, other []float64) {
	b.Helper()
	b.ReportMetric(quantile(ours, part), name+"-"+unit)
	b.ReportMetric(quantile(ours, part)/quantile(other, part), name+"-ratio")
}

var factorCounts = []int{3, 10, 1000, 10_000, 100_000}

// BenchmarkFirstFrame is the time from the start to the first text, and the peak
// of memory by then. On two processors it shall be the time of the smallest list
// up to 1,000 factors, at most 45 ms for 10,000, and at most 300 ms for 100,000.
func BenchmarkFirstFrame(b *testing.B) {
	r := newRivals(b)
	for _, n := range factorCounts {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			commands := r.commands(b, n)
			var first, peak [2][]float64
			for b.Loop() {
				for i, c := range commands {
					d := draw(b, c)
					first[i] = append(first[i], d.first().Seconds()*1e3)
					d.quiet(100 * time.Millisecond)
					peak[i] = append(peak[i], d.peak())
					d.end()
				}
			}
			reportBoth(b, "frame", "ms", 0.5, first[0], first[1])
			reportBoth(b, "peak", "MiB", 0.5, peak[0], peak[1])
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkKey is the time from a key to the screen.
func BenchmarkKey(b *testing.B) {
	r := newRivals(b)
	for _, n := range factorCounts[1:] {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var both [2]*drawn
			for i, c := range r.commands(b, n) {
				both[i] = draw(b, c)
				defer both[i].end()
				both[i].first()
				both[i].quiet(500 * time.Millisecond)
			}
			var took [2][]float64
			for k := 0; b.Loop(); k++ {
				for i, d := range both {
					time.Sleep(time.Duration(rand.IntN(1e7))) // or all keys meet the same part of the renderer's tick
					took[i] = append(took[i], d.press([]string{"\x1b[B", "\x1b[A"}[k%2]).Seconds()*1e3)
				}
			}
			reportBoth(b, "p50", "ms", 0.5, took[0], took[1])
			reportBoth(b, "p95", "ms", 0.95, took[0], took[1])
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkFilterKey is how long a key is held back while 100,000 factors are
// filtered: the slowest of a word that is typed, and taken back. The first search of a
// session takes some 13 ms more.
func BenchmarkFilterKey(b *testing.B) {
	d := draw(b, newRivals(b).commands(b, 100_000)[0])
	defer d.end()
	d.first()
	d.quiet(500 * time.Millisecond)
	d.press("/")
	var slowest []float64
	for b.Loop() {
		worst := time.Duration(0)
		for _, key := range []string{"u", "s", "e", "r", "7", "\x7f", "\x7f", "\x7f", "\x7f", "\x7f"} {
			worst = max(worst, d.press(key))
		}
		slowest = append(slowest, worst.Seconds()*1e3)
	}
	b.ReportMetric(quantile(slowest, 0.5), "slowest-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIdle is how many bytes an idle screen writes.
func BenchmarkIdle(b *testing.B) {
	d := draw(b, newRivals(b).commands(b, 3)[0])
	defer d.end()
	d.first()
	d.quiet(500 * time.Millisecond)
	written := 0
	for b.Loop() {
		written += d.quiet(time.Second)
	}
	b.ReportMetric(float64(written), "bytes")
}
