package tui

import (
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
