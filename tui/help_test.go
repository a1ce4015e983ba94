package tui

import (
	"cmp"
	"strings"
	"testing"
	"unicode/utf8"
)

// The help scrolls where it is longer than the terminal, and any other key closes it.
func TestHelpScrolls(t *testing.T) {
	p := threeFactors(t, 40, 12)
	p.press("?").sees("On this screen", "Enroll a factor", "more", "↑↓ scroll", "esc close").seesNo("Everywhere")
	p.press("down").sees("↑ 2 more").press("up", "up").sees("On this screen")
	p.press("end").sees("ctrl+c", "Quit at once").press("home").sees("On this screen")
	p.press("esc").at("factors").sees("3 factors").press("?").sees("On this screen")
	p.resizes(120, 40).sees("Everywhere", "Quit at once", "any key close").seesNo("more").press("n").at("factors").sees("3 factors")
	p.press("n", "enter").types("?").sees("?").press("f1").sees("Delete what you have typed").seesNo("q quit")
}

// The help has every key that works, also those that the footer has no room for.
func TestHelpTellsEveryKey(t *testing.T) {
	signs := map[string]string{"up": "↑", "down": "↓", "left": "←", "right": "→", "pgdown": "pgdn", " ": "space"}
	for _, tale := range tales {
		t.Run(tale.name, func(t *testing.T) {
			t.Parallel()
			p := threeFactors(t, 120, 40)
			tale.do(p)
			told := map[string]bool{}
			for _, b := range append(p.model.screenKeys(shown|offered), p.model.everywhere()...) {
				for _, word := range strings.Fields(b.Help().Key) {
					told[word] = true
					if utf8.RuneCountInString(word) == 2 { // two keys, such as ↑↓
						for _, r := range word {
							told[string(r)] = true
						}
					}
				}
			}
			for _, a := range p.model.actions() {
				if a.how&shown == 0 && a.key.Help() == keyShowQR.Help() {
					continue // it only says why there is no code
				}
				for _, name := range a.key.Keys() {
					if !told[cmp.Or(signs[name], name)] {
						t.Errorf("the help does not have %s, %s", name, a.key.Help().Desc)
					}
				}
			}
		})
	}
}

// Each key that the help has is explained in a sentence.
func TestHelpExplainsEveryKey(t *testing.T) {
	for _, tale := range tales {
		t.Run(tale.name, func(t *testing.T) {
			t.Parallel()
			p := threeFactors(t, 120, 40)
			tale.do(p)
			for _, b := range append(p.model.screenKeys(shown|offered), p.model.everywhere()...) {
				if sentences[b.Help().Desc] == "" {
					t.Errorf("%s, %q, has no sentence", b.Help().Key, b.Help().Desc)
				}
			}
		})
	}
}
