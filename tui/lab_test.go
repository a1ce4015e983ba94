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
		"next call: too many requests (429)": func(p *person) { p.press("c").at("factors").sees("429", "try again in 30 seconds") },
		"next call: error (500)":             func(p *person) { p.press("c").at("factors").sees("500") },
		"next SMS: lost":                     func(p *person) { p.press("down", "c", "enter").at("code").sees("no message yet") },
		"next code: challenge expired":       func(p *person) { p.press("c").types("123456").at("code").sees("has expired") },
		"next code: too many tries":          func(p *person) { p.press("c").types("123456").at("code").sees("✗ Too many wrong codes") },
	} {
		t.Run(name, func(t *testing.T) {
			p := threeFactors(t, 80, 24).arrange(name)
			do(p)
			p.press("esc", "esc").at("factors").press("k", "c").at("code") // and works again
		})
	}
}

func TestLabClock(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.press("c").at("code")
	p.press("esc").arrange("move the clock 10 minutes forward")
	if off := p.engine.ClockOffset(); off < 10*time.Minute {
		t.Errorf("the clock was moved by %s", off)
	}
	p.press("L").sees("10m1s ahead").press("esc").arrange("reset the clock")
	p.press("L").sees("Clock in sync").press("esc")
}

func TestLabTakesBack(t *testing.T) {
	p := threeFactors(t, 80, 24).arrange("next call: error (500)").arrange("clear pending failures")
	p.press("c").at("code")
}

// There is no lab where the calls go to WorkOS.
func TestNoLabElsewhere(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.model.session.Lab = nil
	p.press("L").at("factors").press("?").seesNo("lab")
}
