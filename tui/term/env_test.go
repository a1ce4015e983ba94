package term

import (
	"maps"
	"testing"

	"github.com/muesli/termenv"
)

// env is an environment.
type env map[string]string

func (e env) Getenv(name string) string { return e[name] }

func (e env) Environ() []string {
	var all []string
	for name, value := range e {
		all = append(all, name+"="+value)
	}
	return all
}

// with is the environment with more variables.
func (e env) with(more env) env {
	e = maps.Clone(e)
	maps.Copy(e, more)
	return e
}

var xtermEnv = env{"TERM": "xterm-256color"}

func TestColors(t *testing.T) {
	for _, tt := range []struct {
		env  env
		want termenv.Profile
	}{
		{env{}, termenv.Ascii},
		{env{"TERM": "dumb", "COLORTERM": "truecolor"}, termenv.Ascii},
		{env{"TERM": "vt100"}, termenv.Ascii},
		{xtermEnv, termenv.ANSI256},
		{xtermEnv.with(env{"COLORTERM": "truecolor"}), termenv.TrueColor},
		{xtermEnv.with(env{"NO_COLOR": "1"}), termenv.Ascii},
		{env{"TERM": "screen"}, termenv.ANSI},
		{env{"TERM": "screen.xterm-new"}, termenv.ANSI},
		{env{"TERM": "screen-256color"}, termenv.ANSI256},
		{env{"TERM": "screen", "NO_COLOR": "1"}, termenv.Ascii},
		{env{"TERM": "rxvt-unicode"}, termenv.ANSI},
	} {
		if got := FromEnv(tt.env, "linux").Colors; got != tt.want {
			t.Errorf("%v: profile %d, want %d", tt.env, got, tt.want)
		}
	}
}

func TestBackgroundOfTheEnvironment(t *testing.T) {
	for value, want := range map[string]Background{
		"": UnknownBackground, "default": UnknownBackground, "0;15": Light, "0;7": Light, "15;0": Dark, "15;default;8": Dark, "0;default;9": Light,
	} {
		if got := FromEnv(env{"COLORFGBG": value}, "linux").Background; got != want {
			t.Errorf("%q: %d, want %d", value, got, want)
		}
	}
}

func TestUTF8(t *testing.T) {
	for _, tt := range []struct {
		env    env
		system string
		want   bool
	}{
		{env{}, "linux", true},
		{env{"LANG": "en_US.UTF-8"}, "linux", true},
		{env{"LANG": "de_DE.utf8@euro"}, "linux", true},
		{env{"LANG": "C"}, "linux", false},
		{env{"LANG": "en_US.ISO-8859-1"}, "darwin", false},
		{env{"LC_ALL": "C.UTF-8", "LANG": "C"}, "linux", true},
		{env{"LC_ALL": "POSIX", "LANG": "C.UTF-8"}, "linux", false},
		{env{"LC_CTYPE": "UTF-8", "LANG": "C"}, "darwin", true},
		{env{"LANG": "C"}, "windows", true},
	} {
		if got := FromEnv(tt.env, tt.system).UTF8; got != tt.want {
			t.Errorf("%v on %s: %t", tt.env, tt.system, got)
		}
	}
}

func TestDesktop(t *testing.T) {
	for _, tt := range []struct {
		env    env
		system string
		want   bool
	}{
		{env{}, "linux", false},
		{env{"DISPLAY": ":0"}, "linux", true},
		{env{"WAYLAND_DISPLAY": "wayland-0"}, "freebsd", true},
		{env{"DISPLAY": "localhost:10.0", "SSH_CONNECTION": "1 2 3 4"}, "linux", false},
		{env{}, "darwin", true},
		{env{"SSH_TTY": "/dev/ttys001"}, "darwin", false},
		{env{}, "windows", true},
		{env{"SSH_CLIENT": "1 2 3"}, "windows", false},
	} {
		if got := FromEnv(tt.env, tt.system).Desktop; got != tt.want {
			t.Errorf("%v on %s: %t", tt.env, tt.system, got)
		}
	}
}

func TestWhoIsAsked(t *testing.T) {
	for _, tt := range []struct {
		env    env
		system string
		want   bool
	}{
		{xtermEnv, "linux", true},
		{xtermEnv, "windows", false},
		{xtermEnv.with(env{"SSH_CONNECTION": "1 2 3 4"}), "linux", true},
		{env{"TERM": "rxvt-unicode-256color"}, "linux", true},
		{env{"TERM": "st-256color"}, "linux", true},
		{env{"TERM": "vte-256color"}, "linux", true},
		{env{}, "linux", false},
		{env{"TERM": "dumb"}, "linux", false},
		{env{"TERM": "linux"}, "linux", false},
		{env{"TERM": "eterm-color"}, "linux", false},
		{env{"TERM": "vt220"}, "linux", false},
		{env{"TERM": "screen"}, "linux", false},
		{env{"TERM": "screen-256color", "STY": "1.pts"}, "linux", false},
		{env{"TERM": "screen-256color", "TMUX": "/tmp/tmux"}, "linux", true},
		{env{"TERM": "screen-256color", "TMUX": "/tmp/tmux", "STY": "1.pts"}, "linux", false},
		{xtermEnv.with(env{"STY": "1.pts"}), "linux", false},
		{xtermEnv.with(env{"ZELLIJ": "0"}), "linux", false},
		{xtermEnv.with(env{"INSIDE_EMACS": "29.1,term:0.96"}), "linux", false},
	} {
		if got := FromEnv(tt.env, tt.system).Answers; got != tt.want {
			t.Errorf("%v on %s: %t", tt.env, tt.system, got)
		}
	}
}

func TestSextantsByTheEnvironment(t *testing.T) {
	for _, tt := range []struct {
		env  env
		want bool
	}{
		{env{}, false},
		{xtermEnv, false},
		{xtermEnv.with(env{"VTE_VERSION": "7006"}), true},
		{xtermEnv.with(env{"VTE_VERSION": "5803"}), false},
		{xtermEnv.with(env{"VTE_VERSION": "7006", "LANG": "C"}), false},
		{xtermEnv.with(env{"VTE_VERSION": "7006", "XTERM_VERSION": "XTerm(379)"}), false}, // started from one
		{xtermEnv.with(env{"VTE_VERSION": "7006", "ALACRITTY_WINDOW_ID": "1"}), false},
		{xtermEnv.with(env{"VTE_VERSION": "7006", "TMUX": "/tmp/tmux"}), false},
		{xtermEnv.with(env{"VTE_VERSION": "7006", "TERM_PROGRAM": "tmux"}), false},
		{env{"TERM": "st-256color", "VTE_VERSION": "7006"}, false},
		{xtermEnv.with(env{"KONSOLE_VERSION": "220400"}), true},
		{xtermEnv.with(env{"KONSOLE_VERSION": "211203"}), false},
		{env{"TERM": "xterm-kitty"}, true},
		{env{"TERM": "xterm-kitty", "ZELLIJ": "0"}, false},
		{env{"TERM": "xterm", "KITTY_WINDOW_ID": "1"}, false},
		{env{"TERM": "xterm-ghostty"}, true},
		{env{"TERM": "foot-extra"}, true},
		{env{"TERM": "screen", "STY": "1.pts", "VTE_VERSION": "7006"}, false},
		{env{"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20240203-110809-5046fc22"}, true}, // on Windows
		{xtermEnv.with(env{"TERM_PROGRAM": "WezTerm", "TERM_PROGRAM_VERSION": "20210502-154244-3f7122cb"}), false},
		{xtermEnv.with(env{"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.6.7"}), true},
		{xtermEnv.with(env{"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.6.6"}), false},
		{xtermEnv.with(env{"TERM_PROGRAM": "Apple_Terminal", "TERM_PROGRAM_VERSION": "447"}), false},
		{xtermEnv.with(env{"TERM_PROGRAM": "vscode", "TERM_PROGRAM_VERSION": "1.108.0", "VTE_VERSION": "7006"}), false},
		{env{"WT_SESSION": "e1a3b4c5"}, false}, // it does not tell its version
	} {
		if got := FromEnv(tt.env, "linux").Sextants; got != tt.want {
			t.Errorf("%v: %t", tt.env, got)
		}
	}
}
