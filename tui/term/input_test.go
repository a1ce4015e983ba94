//go:build linux

package term

import (
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	xterm "github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

const room = 256 // of Bubble Tea's reads

// The answers of three terminals.
var someAnswers = []string{
	"\x1bP>|kitty(0.26.5)\x1b\\\x1b[>1;4000;26c\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b[?62;c",
	"\x1b[>85;95;0c\x1b]11;rgba:ffff/ffff/ffff/dddd\x1b\x1b[?1;2c",
	"\x1bP>|XTerm(379)\x1b\\\x1b[>41;379;0c\x1b]11;rgb:0000/0000/0000\x07\x1b[?64;1;2;6;9;15;16;17;18;21;22;28c",
}

// sent sends pieces, each after the one before it was read, to an input, which
// waits for the rest of what is torn. It returns what the reads return until the
// end, and what was answered.
func sent(t testing.TB, asked bool, pieces ...string) (all [][]byte, answers []AnswerMsg) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	in, _ := Connect(r, nil, Options{Terminal: FromEnv(xtermEnv, "linux"), Answered: func(a AnswerMsg) { answers = append(answers, a) }})
	in.patience, in.asked = time.Minute, asked
	var sender sync.WaitGroup
	defer sender.Wait()
	sender.Go(func() {
		defer w.Close()
		for _, p := range pieces {
			_, _ = w.WriteString(p)
			for ready(r, 0) { // the reader has all of it, and waits
				runtime.Gosched()
			}
		}
	})
	for {
		ready(r, time.Minute) // as the reader of Bubble Tea does, which knows the file alone
		buf := make([]byte, room)
		n, err := in.Read(buf)
		if n == room {
			t.Errorf("%q leaves Bubble Tea waiting for more", buf)
		}
		all = append(all, buf[:n])
		if err == io.EOF {
			return all, answers
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// An answer is never a key, wherever it is torn, and whatever is typed around it.
func TestTornAnswers(t *testing.T) {
	for _, answer := range someAnswers {
		for cut := range len(answer) + 1 {
			all, answers := sent(t, true, "a\x1b"+answer[:cut], answer[cut:]+"b\x1b[A")
			if got := strings.Join(heardOf(t, all), " "); got != "a esc b up" || len(answers) != 1 {
				t.Fatalf("%q cut at %d: %q, %v", answer, cut, got, answers)
			}
		}
		var bytes []string
		for _, b := range []byte(answer) {
			bytes = append(bytes, string([]byte{b}))
		}
		if all, answers := sent(t, true, bytes...); len(slices.Concat(all...)) > 0 || len(answers) != 1 {
			t.Errorf("%q byte by byte: %q, %v", answer, all, answers)
		}
	}
}

// The rest of an answer is no key either when it comes after the time in which its
// beginning was taken for the escape key.
func TestLateAnswers(t *testing.T) {
	for _, answer := range someAnswers {
		for cut := 1; cut < len(answer); cut++ {
			f := &filter{}
			var first, rest []byte
			for _, b := range []byte(answer[:cut]) {
				first = f.feed(first, b)
			}
			first = f.settle(first, true)
			for _, b := range []byte(answer[cut:]) {
				rest = f.feed(rest, b)
			}
			if len(rest) > 0 || !f.answered || len(first) > 0 && string(first) != "\x1b" {
				t.Errorf("%q cut at %d: %q, then %q", answer, cut, first, rest)
			}
		}
	}
	for _, typed := range []string{"x", "Px", "P>x", "]x", "[x", "\x1b[A", "\x1bx", "\x1b\x1b[A"} { // after the key
		f := &filter{}
		if got := string(f.settle(f.feed(nil, esc), true)) + string(filtered(f, typed)); got != "\x1b"+typed {
			t.Errorf("%q after escape is %q", typed, got)
		}
	}
}

// Bubble Tea reads 256 bytes at once.
func TestLongReads(t *testing.T) {
	for _, answer := range someAnswers {
		for _, size := range []int{255, 256, 257} {
			for _, asked := range []bool{true, false} {
				keys := strings.Repeat("x", size-len(answer))
				all, answers := sent(t, asked, keys+answer, "\x1bOay")
				want := strings.Split(keys, "")
				want = append(want, "ctrl+up", "y")
				if got := heardOf(t, all); !slices.Equal(got, want) || len(answers) > 0 != asked {
					t.Errorf("%d bytes that end with %q: %q, %v", size, answer, got, answers)
				}
			}
			for _, key := range []string{"\x1bOa", "é", "\x1b[A"} { // cut by the end of a read
				keys := strings.Repeat(key, size/len(key))
				all, _ := sent(t, false, strings.Repeat("x", size%len(key)), keys)
				if got := len(heardOf(t, all)); got != size/len(key)+size%len(key) {
					t.Errorf("%q again and again: %d keys", key, got)
				}
			}
			paste := strings.Repeat("é", size)
			if got := heardOf(t, first(sent(t, true, pasteStart+paste+pasteEnd))); !slices.Equal(got, []string{"paste " + paste}) {
				t.Errorf("a paste of %d: %q", size, got)
			}
		}
	}
}

func first(all [][]byte, _ []AnswerMsg) [][]byte { return all }

// The escape key is not held back while nobody waits for an answer: this would
// wait for a minute.
func TestLoneEscape(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	in, _ := Connect(r, nil, Options{})
	in.patience = time.Minute
	buf := make([]byte, room)
	if n, err := in.Read(buf); n != 0 || err != nil {
		t.Errorf("without a key: %d, %v", n, err)
	}
	for _, key := range []string{"\x1b", "ab\x1b"} {
		if _, err := w.WriteString(key); err != nil {
			t.Fatal(err)
		}
		if n, err := in.Read(buf); string(buf[:n]) != key || err != nil {
			t.Errorf("%q: %q, %v", key, buf[:n], err)
		}
	}
	in.asked, in.patience = true, 0 // its rest does not come
	if _, err := w.WriteString("\x1b"); err != nil {
		t.Fatal(err)
	}
	if n, err := in.Read(buf); string(buf[:n]) != "\x1b" || err != nil {
		t.Errorf("asked: %q, %v", buf[:n], err)
	}
}

// What comes after the end is for the shell, but for the answers.
func TestDrain(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	in, out := Connect(r, w, Options{Answered: func(AnswerMsg) { t.Error("told after the end") }})
	in.asked = true
	for range 2 { // the second time there is nothing to wait for
		if _, err := w.WriteString(someAnswers[0] + "ls\r"); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte("\x1b[?1049l")); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, room)
		n, err := r.Read(buf)
		if want := "ls\r\x1b[?1049l"; !strings.HasSuffix(string(buf[:n]), want) || in.asked || err != nil {
			t.Errorf("%q, %v", buf[:n], err)
		}
	}
}

// FuzzInput types keys and pastes between answers, which are torn anywhere.
func FuzzInput(f *testing.F) {
	f.Add(uint64(1), uint64(2))
	f.Fuzz(func(t *testing.T, a, b uint64) {
		random := rand.New(rand.NewPCG(a, b))
		tokens := [][2]string{ // what is typed, what it is
			{"a", "a"}, {"\r", "enter"}, {"é", "é"}, {"👨", "👨"}, {"\x1b[A", "up"}, {"\x1bOc", "ctrl+right"}, {"\x1b[3$", "delete"}, {"\x1bx", "alt+x"},
			{"\x1b\x1b[C", "alt+right"}, {pasteStart + "p\x1bé\x1b[" + pasteEnd, "paste p\x1bé\x1b["}, {"\x1b[99~", ""}, {"\x1bOj", ""},
			{"\x1b]52;c;ZA==\x1b\\", ""}, {"\x1b]11;rgb:ffff/ffff/ffff\x1b\\", ""}, {"\x1bP>|kitty(0.26.5)\x1b\\", ""}, {"\x1b[>1;4000;26c", ""},
			{"\x1b\x1b]11;rgb:0/0/0\x07", "esc"}, {"\x1b\x1b[>1;4000;26c", "esc"},
		}
		var typed string
		var want []string
		for range random.IntN(80) {
			token := tokens[random.IntN(len(tokens))]
			typed += token[0]
			if token[1] != "" {
				want = append(want, token[1])
			}
		}
		typed += "\x1b[?62;c"
		var pieces []string
		for left := typed; left != ""; {
			n := 1 + random.IntN(min(len(left), 1+random.IntN(300)))
			pieces, left = append(pieces, left[:n]), left[n:]
		}
		all, answers := sent(t, true, pieces...)
		if got := heardOf(t, all); !slices.Equal(got, want) || len(answers) != 1 {
			t.Errorf("%q: %q, want %q, answers %v", pieces, got, want, answers)
		}
	})
}

// FuzzFilter types anything: little is held back, and the enter key works after it.
func FuzzFilter(f *testing.F) {
	for _, s := range append(someAnswers, "\x1b[200~x", "\x1b[\x1bO\x1b]\x1b\x1b\x1b", "\xff\xc3\x28", "\x1b[3$\x1b[3") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		x := &filter{}
		filtered(x, typed)
		if len(x.held) > longest+1 {
			t.Errorf("%d bytes are held", len(x.held))
		}
		got := heardOf(t, [][]byte{filtered(x, pasteEnd+"\r"+pasteEnd), filtered(x, "\r")})
		if len(got) == 0 || got[len(got)-1] != "enter" {
			t.Errorf("after %q enter is %q", typed, got)
		}
	})
}

// The real program on a real terminal, which answers after the first frame.
func TestProgram(t *testing.T) {
	ptmx, tty, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer ptmx.Close()
	drawn := make(chan string, 1000)
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, err := ptmx.Read(buf)
			if err != nil {
				close(drawn)
				return
			}
			drawn <- string(buf[:n])
		}
	}()
	var p *tea.Program
	in, out := Connect(tty, tty, Options{Terminal: FromEnv(xtermEnv, "linux"), Ask: true, Answered: func(a AnswerMsg) { p.Send(a) }})
	in.patience = time.Minute
	l := &listener{}
	p = tea.NewProgram(l, tea.WithInput(in), tea.WithOutput(out), tea.WithAltScreen(), tea.WithoutSignalHandler())
	ended := make(chan error)
	go func() {
		_, err := p.Run()
		ended <- err
	}()
	shown := ""
	for !strings.Contains(shown, questions) {
		shown += <-drawn
	}
	if frame := strings.Index(shown, "frame"); frame < 0 || frame > strings.Index(shown, questions) {
		t.Errorf("asked before the first frame: %q", shown)
	}
	send := func(s string) {
		if _, err := ptmx.WriteString(s); err != nil {
			t.Error(err)
		}
		for ready(tty, 0) {
			runtime.Gosched()
		}
	}
	var want []string
	for i, answer := range someAnswers {
		for cut := range len(answer) {
			if i+cut > 0 {
				in.ask()
			}
			send("a" + answer[:cut])
			send(answer[cut:] + "b")
			want = append(want, "a", "answer "+[]string{"kitty(0.26.5)", "", "XTerm(379)"}[i], "b")
		}
	}
	// It quits before the answer, which no shell reads.
	in.ask()
	if _, err := ptmx.WriteString("\x11" + someAnswers[0]); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := l.heard; !slices.Equal(got[:len(got)-1], want) && !slices.Equal(got[:len(got)-2], want) {
		t.Errorf("%q, want %q", got, want)
	}
	if _, err := xterm.MakeRaw(tty.Fd()); err != nil {
		t.Fatal(err)
	}
	if ready(tty, 0) {
		buf := make([]byte, room)
		n, err := tty.Read(buf)
		t.Errorf("the shell reads %q, %v; heard last %q, asked %v", buf[:n], err, l.heard[len(l.heard)-1], in.asked)
	}
	_ = tty.Close()
	for s := range drawn {
		shown += s
	}
	if strings.Contains(shown, "rgb:") {
		t.Errorf("the terminal shows the answer: %q", shown)
	}
}
