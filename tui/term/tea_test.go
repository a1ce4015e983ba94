package term

import (
	"io"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// listener is a program that keeps what it is told.
type listener struct{ heard []string }

func (l *listener) Init() tea.Cmd { return nil }
func (l *listener) View() string  { return "frame" }

func (l *listener) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case AnswerMsg:
		l.heard = append(l.heard, "answer "+msg.Name)
	case tea.MouseMsg:
		l.heard = append(l.heard, "mouse "+msg.String())
	case tea.KeyMsg:
		switch {
		case msg.Paste:
			l.heard = append(l.heard, "paste "+string(msg.Runes))
		case msg.Type == tea.KeyRunes && !msg.Alt: // how many come at once is nothing to rely on
			for _, r := range msg.Runes {
				l.heard = append(l.heard, string(r))
			}
		default:
			l.heard = append(l.heard, msg.String())
		}
		if msg.String() == "ctrl+q" {
			return l, tea.Quit
		}
	}
	return l, nil
}

// reads are what a reader returns, one after the other.
type reads struct {
	left [][]byte
	end  func()
}

func (r *reads) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		r.end() // Bubble Tea has taken all that came before
		return 0, io.EOF
	}
	n := copy(p, r.left[0])
	if r.left[0] = r.left[0][n:]; len(r.left[0]) == 0 {
		r.left = r.left[1:]
	}
	return n, nil
}

// heardOf is what Bubble Tea makes of reads.
func heardOf(t testing.TB, all [][]byte) []string {
	t.Helper()
	l, in := &listener{}, &reads{left: slices.DeleteFunc(all, func(b []byte) bool { return len(b) == 0 })}
	p := tea.NewProgram(l, tea.WithInput(in), tea.WithOutput(io.Discard), tea.WithoutRenderer(), tea.WithoutSignalHandler())
	in.end = func() { p.Send(tea.Quit()) }
	if _, err := p.Run(); err != nil {
		t.Fatal(err)
	}
	return l.heard
}

// filtered is what comes out of a filter, which waits for nothing more at the end.
func filtered(f *filter, text string) []byte {
	var out []byte
	for _, b := range []byte(text) {
		out = f.feed(out, b)
	}
	return f.settle(out, false)
}

func TestKeys(t *testing.T) {
	for typed, want := range map[string]string{
		"abc":            "a b c",
		"é日\x1bé":        "é 日 alt+é",
		"\r\t\x7f\x03":   "enter tab backspace ctrl+c",
		"\x1b":           "esc",
		"a\x1b":          "a esc",
		"\x1bx\x1b\r":    "alt+x alt+enter",
		"\x1b[":          "alt+[",
		"\x1bO":          "alt+O",
		"\x1b]":          "alt+]",
		"\x1bP":          "alt+P",
		"\x1b[A\x1bOB":   "up down",
		"\x1b[1;5C":      "ctrl+right",
		"\x1b\x1b[D":     "alt+left",
		"\x1b[15~\x1bOP": "f5 f1",
		"\x1b[[A":        "f1", // Linux
		"\x1b[Z":         "shift+tab",
		"\x1b[7$\x1b[8^": "shift+home ctrl+end",
		"\x1b[a":         "shift+up",
		// urxvt
		"\x1bOax\x1bOb\x1bOc\x1bOd": "ctrl+up x ctrl+down ctrl+right ctrl+left",
		"\x1b\x1bOa":                "alt+ctrl+up",
		"\x1b[3$x":                  "delete x",
		"\x1b[3^\x1b[3@x":           "x",
		"\x1b[2$\x1b[23$x":          "x",
		// st
		"\x1b[P":             "delete",
		"\x1b[Mabc":          "a b c",
		"\x1b[2Kx\x1b[4hx":   "x x",
		"\x1b[3;2~":          "delete",
		"\x1bOH\x1bOF\x1bOM": "home end",
		// what nobody understands
		"\x1bO5Px\x1bOjx\x1bO;x":     "x x",
		"\x1b[99~x\x1b[1;2;3zx":      "x x",
		"\x1b\x1b[99~x\x1b\x1bOjx":   "x x",
		"\x1b[I\x1b[OA":              "A",
		"\x1b[[Zx\x1b[]x":            "x x",
		"\x1b[?2026;2$yx\x1b[=1;2cx": "x x",
		"\x1b[\rx\x1b[1\x1b[Ax":      "enter x up x",
		"\x1bO\rx":                   "enter x",
		"\x1b]52;c;ZGVsZXRl\x07x":    "x",
		"\x1bPq1\x1b\\x\x1b^d\x1b\\x\x1b_d\x1b\\x\x1bXd\x1b\\x": "x x x x",
		"\x1b]0;d\rx":         "enter x",
		"\x1b]0;d\x1b[Ax":     "up x",
		"\x1b\\x":             "x",
		"\xff\xc3x\xe9\x1b[A": "x up",
		// pastes
		"\x1b[200~a\x1bOa\x1b[99~\r\x1b]11;b\x07é\x1b[201~x": "paste a\x1bOa\x1b[99~\r\x1b]11;b\x07é x",
		"\x1b\x1b[200~d\x1b[201~":                            "paste d",
		// answers that nobody waits for
		"x\x1b[?64;1c\x1b[>41;379;0c\x1b]11;rgb:0/0/0\x1b\\\x1bP>|kitty(1)\x1b\\y": "x y",
		"\x1b\x1b]11;rgb:0/0/0\x1b\\": "esc",
		"\x1b\x1b[?1c":                "esc",
		"\x1b\x1b\x1b[?1c":            "alt+esc",
		"\x1b]11;rgb:" + strings.Repeat("d", 1000) + "\x07x": "x",
		"\x1b[" + strings.Repeat("1;", 1000) + "Ax":          "x",
		"\x1b[<0;5;7M": "mouse left press",
		"\x1b[<0;5Mx":  "x",
	} {
		got := strings.Join(heardOf(t, [][]byte{filtered(&filter{}, typed)}), " ")
		if got != want {
			t.Errorf("%q is %q, want %q", typed, got, want)
		}
	}
}

// Without SGR the three bytes after ESC [ M may be anything.
func TestOldMouse(t *testing.T) {
	f := &filter{mouse: true}
	if got := strings.Join(heardOf(t, [][]byte{filtered(f, "\x1b[M !\xe9d")}), " "); got != "mouse left press d" {
		t.Errorf("%q", got)
	}
}
