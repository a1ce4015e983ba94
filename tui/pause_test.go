package tui

import (
	"net/http"
	"testing"
	"time"
)

// Messages to the same phone keep a distance; the screens count it down.
func TestPauseBetweenMessages(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").enrollSMS("+15005550007").press("down")
	p.press("c").seesNo("you can resend").press("enter").at("code").sees("resend (r) in 30 s")
	sent := len(p.wire.calls)
	p.press("r").at("code").sees("! You can resend in 30 s")
	p.waits(time.Second).sees("resend (r) in 29 s")
	p.press("esc", "c").at("message").sees("! You can resend in 29 s").press("enter").at("message")
	p.waits(time.Second).sees("! You can resend in 28 s")
	if len(p.wire.calls) != sent {
		t.Errorf("called in the pause: %q", p.wire.calls[sent:])
	}
	p.press("esc", "up", "c").seesNo("you can resend") // another phone
	p.press("esc", "down", "c").waits(28 * time.Second).seesNo("you can resend").press("enter").at("code")
}

// The pause that the server asks for wins over the program's own.
func TestRetryAfterWins(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("c", "enter").at("code").waits(31 * time.Second)
	p.wire.fault = answer(http.StatusTooManyRequests, "application/json", `{"message":"slow down"}`, "Retry-After", "90")
	p.press("r").at("code").sees("too many requests (429) · try again in 90 seconds", "resend (r) in 90 s")
	p.wire.fault = nil
	p.waits(31 * time.Second).press("r").sees("You can resend in 59 s")
	p.waits(59*time.Second).press("r").sees("expires in 10:00", "resend (r) in 30 s")
}

// A clock that is moved back does not make a pause longer.
func TestPauseAndTheClock(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("c", "enter", "esc")
	p.now = p.now.Add(-time.Hour)
	p.press("c").seesNo("you can resend")
}

// Two wrong codes in a row: the clocks are compared.
func TestClocksAreCompared(t *testing.T) {
	for name, test := range map[string]struct {
		ahead time.Duration // the engine's clock
		sees  string
	}{
		"the same": {0, "! Usually the phone's clock is off: this computer and the local engine agree on 12:00:00 UTC"},
		"ahead":    {47 * time.Second, "! Set this computer's clock: it is 12:00:00 UTC here, 47s behind the local engine"},
		"behind":   {-time.Hour, "! Set this computer's clock: it is 12:00:00 UTC here, 1h0m0s ahead of the local engine"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co")
			p.engine.MoveClock(test.ahead)
			p.press("enter").types(wrong(p.appCode(p.newest().ID))).seesNo("phone's clock", "this computer's clock")
			p.types(wrong(p.appCode(p.newest().ID))).sees("clock", test.sees)
			p.waits(time.Second).sees("12:00:01 UTC")
		})
	}
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("c", "enter")
	for range 2 {
		p.types(wrong(p.smsCode("+15005550006")))
	}
	p.seesNo("clock")
}
