package tui

import (
	"testing"
	"time"
)

// arrange chooses the line of the lab that has this text.
func (p *person) arrange(name string) *person {
	p.t.Helper()
	p.press("L").at("lab")
	for range experiments {
		if e := experiments[p.model.screen.(labScreen).at]; e.name == name {
			return p.press("enter").sees("✓ " + e.done).press("esc")
		}
		p.press("down")
	}
	p.t.Fatalf("the lab has no %q", name)
	return p
}

// Each failure of the lab shows its error on the screen where it happens.
func TestLab(t *testing.T) {
	for name, do := range map[string]func(*person){
		"any call: too many requests (429)": func(p *person) { p.press("c").at("factors").sees("429", "made on purpose").seesNo("try again") },
		"any call: key refused (401)":       func(p *person) { p.press("c").at("factors").sees("401", "made on purpose").seesNo("WORKOS_API_KEY") },
		"any call: error (500)":             func(p *person) { p.press("c").at("factors").sees("500", "made on purpose").seesNo(".local.json") },
		"any call: a proxy's page (502)":    func(p *person) { p.press("c").at("factors").sees("502", "made on purpose") },
		"any call: connection breaks":       func(p *person) { p.press("c").at("factors").sees("reset by peer") },
		"enroll: phone number refused": func(p *person) {
			p.press("n", "down", "enter").types("+15005550006").press("enter").at("enrollForm").sees("Phone number is invalid").press("esc")
		},
		"enroll: a field refused": func(p *person) {
			p.press("n", "down", "down", "enter", "enter").at("enrollForm").sees("Validation failed", "made on purpose").press("esc")
		},
		"challenge: factor not found (404)": func(p *person) { p.press("c").at("factors").sees("404", "made on purpose", "3 factors") },
		"challenge: SMS lost":               func(p *person) { p.press("down", "c", "enter").at("code").sees("no message yet") },
		"code: challenge expired":           func(p *person) { p.press("c").types("123456").at("code").sees("has expired (made on purpose)") },
		"code: verified before":             func(p *person) { p.press("c").types("123456").at("code").sees("already verified") },
		"code: too many tries":              func(p *person) { p.press("c").types("123456").at("code").sees("✗ Too many wrong codes") },
	} {
		t.Run(name, func(t *testing.T) {
			p := threeFactors(t, 80, 24).arrange(name)
			do(p)
			p.press("esc", "esc").at("factors").press("k", "c").at("code") // and works again
		})
	}
}

// What is armed and a moved clock stand in the header of every screen until they are
// over, shorter where there is less room.
func TestArrangedInTheHeader(t *testing.T) {
	p := threeFactors(t, 80, 24).seesNo("armed", "clock +")
	p.arrange("any call: too many requests (429)").at("factors").sees("Factors ! armed: 429 once LOCAL")
	p.press("n").sees("Enroll ! armed: 429 once").resizes(40, 12).sees("! 429 once LOCAL").resizes(80, 24).press("esc")
	p.arrange("move the clock 30 seconds forward").sees("! armed: 429 once · clock +30s LOCAL")
	p.resizes(40, 12).sees("! lab LOCAL").resizes(80, 24)
	p.press("c").sees("! clock +30s LOCAL").seesNo("armed") // it has failed
	p.arrange("any call: error (500)").sees("! armed: 500 ×4 · clock +30s").arrange("clear armed failures").seesNo("armed")
	p.arrange("reset the clock").seesNo("clock +")
	p.enrollTOTP("Foo", "a@b.co").press("esc", "esc").arrange("challenge: SMS lost").press("enter", "v").at("qr").sees("mfa-tui ! SMS lost")
}

func TestLabClock(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("c").at("code")
	p.press("esc").arrange("move the clock 10 minutes forward")
	if off := p.engine.ClockOffset(); off < 10*time.Minute {
		t.Errorf("the clock was moved by %s", off)
	}
	p.press("L").sees("clock +10m1s").press("esc").at("factors").sees("clock +10m1s").arrange("reset the clock")
	p.press("L").seesNo("clock +").press("esc")
}

func TestLabTakesBack(t *testing.T) {
	p := threeFactors(t, 80, 24).arrange("any call: error (500)").arrange("any call: no response").sees("armed: 500 ×4 +1").arrange("clear armed failures").seesNo("armed: 500")
	p.press("c").at("code")
}

// There is no lab where the calls go to WorkOS.
func TestNoLabElsewhere(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.model.session.Lab = nil
	p.press("L").at("factors").press("?").seesNo("lab")
}
