package tui

import "testing"

// The help scrolls where it is longer than the terminal, and any other key closes it.
func TestHelpScrolls(t *testing.T) {
	p := threeFactors(t, 40, 12)
	p.press("?").sees("On this screen", "n enroll", "↓ 18 more", "↑↓ scroll", "esc close").seesNo("Everywhere")
	p.press("down").sees("↑ 2 more", "↓ 17 more").press("up", "up").sees("On this screen")
	for range 10 {
		p.send(keyPress("pgdown"))
	}
	p.sees("ctrl+c", "quit at once").sees("↑ 18 more").press("pgup").sees("↓ 7 more")
	p.press("esc").at("factors").sees("3 factors").press("?").sees("On this screen")
	p.resizes(120, 40).sees("Everywhere", "quit at once", "any key close").seesNo("more").press("n").at("factors").sees("3 factors")
	p.press("n", "enter").types("?").sees("?").press("f1").sees("empty the field").seesNo("q quit")
}
