// Package term knows what a terminal is and can, and stands between it and
// Bubble Tea.
//
// [FromEnv] tells what the environment says. It is all there is before the first
// frame, which waits for nothing, and all there ever is on Windows, where Bubble
// Tea reads key events past any reader.
//
// [Connect] wraps both directions. The [Output] asks the terminal for its name and
// its background right after the first frame. The [Input] takes the answers out of
// the keys, however late or torn they come, and hands them over as one [AnswerMsg]
// once the terminal has answered the last question, which every terminal knows.
// A terminal that never answers changes nothing.
//
// The Input also mends keys that Bubble Tea does not know (urxvt's ctrl+arrows,
// st's Delete) and drops every other sequence that it does not understand, which
// would be typed as letters otherwise. The Output turns off autowrap while a frame
// is written: a name that the terminal draws wider than it was measured is cut at
// the edge and moves nothing. On a terminal that is not UTF-8 it draws a frame in
// ASCII.
package term

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/muesli/termenv"
)

// Background is what text is drawn on.
type Background int

// The backgrounds.
const (
	UnknownBackground Background = iota
	Dark
	Light
)

// Terminal is what is known of a terminal.
type Terminal struct {
	// Colors is termenv.Ascii where there are none, or none are wanted.
	Colors     termenv.Profile
	Background Background
	// Sextants is set where the terminal draws U+1FB00 to U+1FB3B itself, without
	// gaps, whatever its font has.
	Sextants bool
	// UTF8 is unset where the locale says that text is anything else. A locale
	// that is not set says nothing, and nearly every terminal is UTF-8.
	UTF8 bool
	// Desktop is set where a window that is opened is one that the person sees.
	Desktop bool
	// Answers is set where the terminal can be asked: elsewhere a question may be
	// drawn as text, or its answer be typed into a shell.
	Answers bool

	nested    bool // in a multiplexer, which draws with the terminal outside
	alacritty bool // what calls itself a library of Alacritty's is Alacritty
}

// FromEnv is what the environment and the system, a GOOS, say of the terminal. It
// asks nothing.
func FromEnv(env termenv.Environ, system string) Terminal {
	get := env.Getenv
	name := get("TERM")
	t := Terminal{
		Colors:     colors(env),
		Background: background(get("COLORFGBG")),
		UTF8:       system == "windows" || utf8Locale(get),
		Desktop:    desktop(get, system),
		nested: get("TMUX") != "" || get("STY") != "" || get("ZELLIJ") != "" || get("TERM_PROGRAM") == "tmux" ||
			hasPrefix(name, "screen", "tmux"),
	}
	t.Answers = system != "windows" && answers(get)
	// Zed and Rio are built on the same library, and answer alike.
	t.alacritty = (get("ALACRITTY_WINDOW_ID") != "" || name == "alacritty") && get("TERM_PROGRAM") == ""
	t.Sextants = t.UTF8 && !t.nested && drawsSextants(get)
	return t
}

// colors is what the environment says of colours.
func colors(env termenv.Environ) termenv.Profile {
	name := env.Getenv("TERM")
	if name == "dumb" {
		return termenv.Ascii
	}
	output := termenv.NewOutput(io.Discard, termenv.WithEnvironment(env), termenv.WithTTY(true))
	profile := output.EnvColorProfile()
	if profile == termenv.Ascii && !output.EnvNoColor() && hasPrefix(name, "screen", "tmux", "xterm", "rxvt", "foot", "st-") {
		return termenv.ANSI // all of them have at least 8
	}
	return profile
}

// background is what COLORFGBG says, as rxvt, Konsole and others set it: "0;15" is
// black on white. Most terminals do not set it.
func background(colorFGBG string) Background {
	parts := strings.Split(colorFGBG, ";")
	switch color, err := strconv.Atoi(parts[len(parts)-1]); {
	case err != nil:
		return UnknownBackground
	case color == 7 || color > 8 && color <= 15:
		return Light
	}
	return Dark
}

// utf8Locale reports whether text is UTF-8, by the first variable that says it.
func utf8Locale(get func(string) string) bool {
	locale := Locale(get)
	codeset := strings.ToLower(strings.ReplaceAll(locale, "-", ""))
	return locale == "" || strings.Contains(codeset, "utf8")
}

// Locale is the locale of text by the environment, such as "de_DE.UTF-8", empty
// if none is set.
func Locale(get func(string) string) string {
	for _, name := range [...]string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := get(name); value != "" {
			return value
		}
	}
	return ""
}

// OverSSH reports whether the terminal is on another machine.
func OverSSH(get func(string) string) bool {
	return get("SSH_CONNECTION") != "" || get("SSH_TTY") != "" || get("SSH_CLIENT") != ""
}

// desktop reports whether a window that is opened is in front of the person.
func desktop(get func(string) string, system string) bool {
	switch {
	case OverSSH(get):
		return false
	case system == "darwin" || system == "windows":
		return true
	}
	return get("DISPLAY") != "" || get("WAYLAND_DISPLAY") != ""
}

// answers reports whether the terminal can be asked. GNU screen may bring the
// answer of the terminal outside after its own, zellij to another pane; the
// consoles and Emacs draw a question as text.
func answers(get func(string) string) bool {
	name := get("TERM")
	switch {
	case get("STY") != "" || get("ZELLIJ") != "" || get("INSIDE_EMACS") != "":
		return false
	case strings.HasPrefix(name, "screen"):
		return get("TMUX") != ""
	case strings.HasPrefix(name, "vt"):
		return strings.HasPrefix(name, "vte")
	}
	return name != "" && !hasPrefix(name, "dumb", "linux", "eterm", "Eterm", "ansi", "cons", "sun", "wsvt")
}

func hasPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
}
