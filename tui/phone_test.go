package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store/factors"
)

// The test phone shows the message of the challenge whose code is asked for: none if it
// was lost, even if an older one is there, and after a resend the new one.
func TestPhoneShowsThisChallenge(t *testing.T) {
	p := threeFactors(t, 80, 24)
	const number = "+15005550006"
	p.press("down", "c", "enter").at("code")
	old := p.smsCode(number)
	p.sees("test phone · new message", old).press("esc").waits(time.Minute)

	p.arrange("challenge: SMS lost").press("c", "enter").at("code").sees("test phone", "no message yet").seesNo("new message", old)
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

// At a server the phone is looked for while the screens are there already, and appears on
// the one that is open when it is found.
func TestPhoneFoundLater(t *testing.T) {
	for _, ours := range []bool{true, false} {
		p := threeFactors(t, 80, 24)
		asked := 0
		opts := p.model.session.Options
		opts.Mode, opts.Host, opts.Phone, opts.Lab = factors.Test, "127.0.0.1:4100", nil, nil
		opts.FindPhone = func(context.Context) factors.TestPhone {
			if asked++; ours {
				return p.engine
			}
			return nil
		}
		p.model = New(opts)
		looking := p.run(p.model.Init()) // the clock, and the phone
		p.resizes(80, 24).at("factors").sees("TEST", "127.0.0.1:4100")
		p.press("down", "c", "enter").at("code").seesNo("test phone")
		if asked != 0 {
			t.Error("the first frame waits for an answer")
		}
		for _, cmd := range looking {
			for _, then := range p.run(cmd) {
				for _, read := range p.run(then) {
					p.run(read)
				}
			}
		}
		if ours {
			p.sees("test phone · new message", p.smsCode("+15005550006"))
			p.press("esc").at("factors").press("down", "c").at("code").sees("test phone · authenticator").press("o").sees("next")
		} else {
			p.seesNo("test phone").press("esc").at("factors").press("down", "c").at("code").seesNo("test phone", "o show code")
		}
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	}
}

// A code that the person has shown stays when the phone is found.
func TestPhoneFoundKeepsTheCode(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("c").at("code").sees("deliver this code", "o show ").press("o").sees("o hide ")
	p.run(func() tea.Msg { return phoneFoundMsg{p.engine} })
	p.sees("deliver this code", "o hide ").seesNo("o show ")
}
