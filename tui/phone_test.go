package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The test phone shows the message of the challenge whose code is asked for: none if it
// was lost, even if an older one is there, and after a resend the new one.
func TestPhoneShowsThisChallenge(t *testing.T) {
	p := threeFactors(t, 80, 24)
	const number = "+15005550006"
	p.press("down", "c", "enter").at("code")
	old := p.smsCode(number)
	p.sees("test phone · new message", old).press("esc").waits(time.Minute)

	p.arrange("next SMS: lost").press("c", "enter").at("code").sees("test phone", "no message yet").seesNo("new message", old)
	p.waits(31*time.Second).press("r").at("code").sees("test phone · new message", p.smsCode(number)).seesNo(old)
	if p.smsCode(number) == old {
		t.Fatal("nothing was sent again")
	}
	other := p.smsCode(number)
	p.press("esc").enrollSMS(number).press("c", "enter").at("code").sees(p.smsCode(number)).seesNo(other)
}

// All of a message is shown where there are rows for it, and what is left out is said.
func TestPhoneShowsWholeMessage(t *testing.T) {
	for _, test := range []struct {
		width, height, words int
		whole                bool
	}{
		{80, 24, 55, true},  // in the box
		{80, 24, 100, true}, // below the cells
		{120, 40, 120, true},
		{40, 24, 35, true}, // in the box below the cells
		{40, 24, 46, true},
		{100, 12, 44, true}, // beside the cells, without a box
		{60, 12, 18, true},
		{40, 12, 10, true},
		{40, 12, 30, false},
		{80, 24, 175, false}, // nearly the longest that the local engine takes
	} {
		t.Run(fmt.Sprintf("%dx%d, %d words", test.width, test.height, test.words), func(t *testing.T) {
			message := "{{code}}"
			for i := range test.words {
				message += fmt.Sprintf(" word%03d", i)
			}
			p := threeFactors(t, 80, 24)
			p.press("down", "c", "ctrl+u").pastes(message).press("enter").at("code").resizes(test.width, test.height)
			p.sees("test phone", p.smsCode("+15005550006"), "word000")
			var missing []string
			for _, word := range strings.Fields(message)[1:] {
				if !strings.Contains(p.screen(), word) {
					missing = append(missing, word)
				}
			}
			if test.whole {
				p.seesNo("enlarge")
			} else {
				p.sees("more lines: enlarge the window")
			}
			if test.whole != (len(missing) == 0) {
				t.Errorf("%d words are missing on\n%s", len(missing), p.screen())
			}
		})
	}
}
