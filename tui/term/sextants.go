package term

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// drawers are the terminals that draw sextants themselves, by the beginning of
// the name that they answer with (XTVERSION) and the first version that does it.
// Those without a version did it before they had an answer. Windows Terminal draws
// them from 1.26 on, but tells no program its version; VS Code only with a GPU.
var drawers = []struct {
	name  string
	since []int
}{
	{"VTE(", nil},                 // draws since 0.60.0, answers since 0.76.0
	{"kitty(", nil},               // draws well since 0.19.3, answers since 0.21.2
	{"Konsole ", nil},             // both since 22.04.0
	{"foot(", nil},                // both since 1.7.0
	{"ghostty ", nil},             // both since 1.0.0
	{"WezTerm ", []int{20210814}}, // 20210814-124438-54e29167
	{"iTerm2 ", []int{3, 6, 7}},   // 3.6.7
	{"Rio ", []int{0, 4, 6}},      // 0.4.6; some before were one off
	{"contour ", []int{0, 2, 1}},  // 0.2.1.174
}

// Versions in numbers, as variables and the second device attributes have them.
const (
	vteSince       = 6000   // 0.60.0
	konsoleSince   = 220400 // 22.04.0
	alacrittySince = 2300   // its library 0.23.0, which 0.13.2 has
)

var numbers = regexp.MustCompile(`\d+`)

// namesDrawer reports whether a name that a terminal answers with is one of the
// drawers.
func namesDrawer(name string) bool {
	for _, d := range drawers {
		if version, ok := strings.CutPrefix(name, d.name); ok {
			return slices.Compare(versionOf(version), d.since) >= 0
		}
	}
	return false
}

// versionOf are the numbers in a text.
func versionOf(s string) []int {
	var version []int
	for _, n := range numbers.FindAllString(s, -1) {
		number, _ := strconv.Atoi(n) // too large is larger than any we know
		version = append(version, number)
	}
	return version
}

// attributesDraw reports whether a terminal that has no name for itself is one of
// the drawers, by its secondary device attributes (DA2) without their frame, such
// as "65;6800;1".
func (t Terminal) attributesDraw(attributes string) bool {
	var kind, version, hardware int
	if _, err := fmt.Sscanf(attributes, "%d;%d;%d", &kind, &version, &hardware); err != nil || hardware != 1 {
		return false
	}
	switch kind {
	case 65, 61: // VTE from 0.54 on
		return version >= vteSince
	case 0:
		return t.alacritty && version >= alacrittySince
	}
	return false
}

// drawsSextants is what the variables say. Terminals that are started from
// another one inherit its variables, so that those count only where nothing
// speaks against them.
func drawsSextants(get func(string) string) bool {
	name, program := get("TERM"), get("TERM_PROGRAM")
	switch {
	case name == "xterm-kitty" || name == "xterm-ghostty" || hasPrefix(name, "foot"):
		return true // their own names, and all that are in use draw them
	case get("XTERM_VERSION") != "" || get("ALACRITTY_WINDOW_ID") != "" || get("ZED_TERM") != "":
		return false
	case program != "":
		answer, own := map[string]string{"WezTerm": "WezTerm", "iTerm.app": "iTerm2", "rio": "Rio"}[program]
		own = own && slices.Contains([]string{"", "xterm-256color", "wezterm", "xterm-rio", "rio"}, name)
		return own && namesDrawer(answer+" "+get("TERM_PROGRAM_VERSION"))
	case name != "xterm-256color":
		return false
	}
	vte, _ := strconv.Atoi(get("VTE_VERSION"))
	konsole, _ := strconv.Atoi(get("KONSOLE_VERSION"))
	return vte >= vteSince || konsole >= konsoleSince
}
