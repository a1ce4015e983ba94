package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mfa-tui/store/factors/words"
)

// arrange chooses the line of the lab that has this text.
func (p *person) arrange(name string) *person {
	p.t.Helper()
	p.press("L").at("lab")
	for range experiments {
		if e := experiments[p.model.screen.(labScreen).at]; e.name == name {
			return p.press("enter").sees("✓ " + words.Capital(e.done)).press("esc")
		}
		p.press("down")
	}
	p.t.Fatalf("the lab has no %q", name)
	return p
}

// Each failure of the lab shows its error on the screen where it happens, which says that
// it was made on purpose and gives no advice for real trouble. The call after it works.
func TestLab(t *testing.T) {
	const onPurpose = "made on purpose"
	enrolls := func(choose ...string) func(*person) {
		return func(p *person) {
			p.press("n").press(choose...).press("enter").types("+15005550006")
			if _, open := p.model.screen.(enrollFormScreen); open {
				p.press("down").types("a@b.co").press("enter").at("enrollForm")
			}
		}
	}
	challenges, answers := func(p *person) { p.press("c").at("factors") }, func(p *person) { p.press("c").types("123456").at("code") }
	tests := map[string][]labTest{
		"any call: too many requests (429)": {{challenges, []string{"429", onPurpose}}},
		"any call: key refused (401)":       {{challenges, []string{"401", onPurpose}}},
		"any call: error (500)":             {{challenges, []string{"500", onPurpose}}},
		"any call: a proxy's page (502)":    {{challenges, []string{"502", onPurpose}}},
		"any call: connection breaks":       {{challenges, []string{"reset by peer", onPurpose}}},
		"enroll: phone number refused":      {{enrolls("down"), []string{"Phone number is invalid: '+15005550006' (" + onPurpose + ")"}}},
		"enroll: a field refused": {
			{enrolls(), []string{"Issuer", "✗ totp_issuer must be a string (" + onPurpose + ")"}},
			{enrolls("down"), []string{"✗ phone_number must be a string (" + onPurpose + ")"}},
			{enrolls("down", "down"), []string{"✗ Validation failed · type must be a valid enum value", onPurpose}},
		},
		"challenge: factor not found (404)": {{challenges, []string{"404", onPurpose, "3 factors"}}},
		"challenge: SMS lost":               {{func(p *person) { p.press("down", "c", "enter").at("code") }, []string{"no message yet"}}},
		"code: challenge expired":           {{answers, []string{"has expired (" + onPurpose + ")"}}},
		"code: verified before":             {{answers, []string{"already verified", onPurpose}}},
		"code: too many tries":              {{answers, []string{"✗ Too many wrong codes", onPurpose}}},
	}
	for _, e := range experiments {
		if tests[e.name] == nil && strings.HasPrefix(e.done, "armed: ") && e.name != "any call: no response" { // which ends with esc
			t.Errorf("%q is not tried", e.name)
		}
	}
	for name, each := range tests {
		for i, tt := range each {
			t.Run(fmt.Sprint(name, i), func(t *testing.T) {
				p := threeFactors(t, 80, 24).arrange(name)
				tt.do(p)
				p.sees(tt.sees...).seesNo("check the", "check WORKOS", "press r ", "try again", ".local.json", "base URL")
				p.press("esc", "esc", "esc").at("factors").press("k", "k", "c").at("code")
			})
		}
	}
}

// labTest is a way into a failure of the lab, and what is seen then.
type labTest struct {
	do   func(*person)
	sees []string
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
	p.press("L").at("factors").press("?").seesNo("lab ", "Make calls fail")
}
