package tui

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"mfa-tui/store/factors"
)

// A wrong code stays, in red, and what is wrong stands under it. The next digit begins
// afresh, and enter does not send the same code again.
func TestWrongCodeStays(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c").at("code")
	p.model.session.CodeLimit = 5
	code := p.shownCode()
	p.types(wrong(code)).at("code").sees("✗ Wrong code (1 of 5). Try again, or r for a new one", "│ "+code[:1]+" ││ "+code[1:2]+" │")
	if p.model.notice.text != "" {
		t.Errorf("the notice says %q", p.model.notice.text)
	}
	rows := strings.Split(p.screen(), "\n")
	for i, row := range rows {
		if strings.Contains(row, "✗ Wrong code") && !strings.Contains(rows[i-1], "└───┘") {
			t.Errorf("it is not under the cells:\n%s", p.screen())
		}
	}
	colours := lipgloss.NewRenderer(io.Discard, termenv.WithProfile(termenv.ANSI256))
	st := newStyles(colours, DarkTheme)
	cells := codeCells(st, p.model.screen.(codeScreen).input, true)
	if red := st.bad.Render(" " + code[:1] + " "); !strings.Contains(cells, red) || !strings.Contains(cells, st.bad.Render("┌───┐")) {
		t.Errorf("the cells are not red: %q", cells)
	}

	calls := len(p.wire.calls)
	if p.press("enter").at("code").sees("✗ Wrong code", "! Type the next code"); len(p.wire.calls) != calls {
		t.Error("the same code was sent again")
	}
	p.types(code[:1]).sees("│ " + code[:1] + " ││ _ ││   │").seesNo("Wrong code").types(code[1:]).at("result").sees("second try")
}

// A digit that was mistyped can be corrected in a wrong code.
func TestCorrectAWrongCode(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c").at("code")
	code := p.shownCode()
	p.types(wrong(code)).press("backspace").seesNo("Wrong code").types(code[5:]).at("result")
}

// f fills in the code of the phone and verifies it: of an authenticator the one that it
// shows now. Without a phone there is no f.
func TestFillIn(t *testing.T) {
	for name, keys := range map[string][]string{"Generic OTP": {"c"}, "SMS": {"down", "c", "enter"}, "TOTP": {"down", "down", "c"}} {
		t.Run(name, func(t *testing.T) {
			p := threeFactors(t, 80, 24).press(keys...).at("code").sees("f fill in").waits(95 * time.Second)
			p.types("12").press("f").at("result").sees("✓ Verified")
		})
	}
	p := threeFactors(t, 80, 24)
	p.model.session.Phone = nil
	p.press("down", "down", "c").at("code").seesNo("test phone", "f fill in").press("f").at("code").sees("! Digits only")
}

// A code that could not be checked is checked when it is filled in or pasted again, but
// not by a digit more.
func TestFillInAgain(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c", "o").at("code")
	p.wire.fault = answer(500, "application/json", `{"message":"Internal Server Error"}`)
	code := p.press("f").at("code").sees("The code was not checked").shownCode()
	calls := len(p.wire.calls)
	if p.types("7").at("code"); len(p.wire.calls) != calls {
		t.Error("a seventh digit sends the code again")
	}
	if p.press("f").at("code"); len(p.wire.calls) <= calls {
		t.Error("f sends nothing")
	}
	p.wire.fault = nil
	p.pastes(code).at("result")
}

// There is nothing to fill in before the message came, which the key says.
func TestFillInTooEarly(t *testing.T) {
	p := threeFactors(t, 80, 24).arrange("challenge: SMS lost").press("down", "c", "enter").at("code").sees("no message yet").seesNo("f fill in")
	p.press("f").at("code").sees("! No message yet").seesNo("Digits only")
}

// What is wrong with a code stays in one row beside the phone.
func TestWrongCodeInOneRow(t *testing.T) {
	for _, w := range []int{100, 150} {
		p := threeFactors(t, w, 24).press("down", "down", "c").at("code")
		p.types(wrong(p.shownCode())).sees("✗ Wrong code (1 so far). Try again, or r for a new one │")
	}
}

// y copies the code that the authenticator shows now, and the code of a message.
func TestCopyCode(t *testing.T) {
	p := threeFactors(t, 80, 24).press("down", "down", "c").at("code").waits(95 * time.Second).press("y").sees("copied")
	id := p.store.Records()[2].ID
	if want, got := p.appCode(id), p.copied[0]; got != want {
		t.Errorf("copied %s, the authenticator shows %s", got, want)
	}
	p.press("esc", "up", "c", "enter").at("code").press("y").sees("copied")
	if want, got := p.smsCode("+15005550006"), p.copied[1]; got != want {
		t.Errorf("copied %s, the code in the message is %s", got, want)
	}
}

// An authenticator app shows a new code every half minute, which needs no test phone to
// know.
func TestNextCodeIsAnnounced(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.model.session.Phone = nil
	p.press("down", "down", "c").at("code").sees("━━━━━━━━━━━━━━━━━━━━ the app shows a new code in 30 s").seesNo("expire")
	p.waits(8 * time.Second).sees("━━━━━━━━━━━━━━━───── the app shows a new code in 22 s").waits(21 * time.Second).sees("━─────────────────── the app shows a new code in 1 s")
	p.waits(700 * time.Millisecond).sees("new code in 1 s").waits(300 * time.Millisecond).sees("new code in 30 s")

	p = threeFactors(t, 80, 24).press("down", "down", "c").at("code")
	for _, wait := range []time.Duration{29600 * time.Millisecond, 300 * time.Millisecond, 400 * time.Millisecond} { // to 100 ms before and 300 ms after
		p.waits(wait)
		_, rest, _ := strings.Cut(p.screen(), "new code in ")
		seconds, _, _ := strings.Cut(rest, " s")
		if p.sees(seconds + " s │"); seconds == "0" {
			t.Error("a code is shown for 0 s")
		}
	}
}

// Nothing moves when a code is wrong, advice or a message comes, or a code is shown.
func TestNothingJumps(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {100, 24}, {120, 40}, {200, 50}} {
		p := threeFactors(t, size[0], size[1])
		places := func() string {
			var all []string
			for i, row := range strings.Split(p.screen(), "\n") {
				for _, text := range []string{"┌───┐", "╭─ test phone", "the app shows", "expires in", "f fill in  y copy", "╰────────────────────────────────"} {
					if at := strings.Index(row, text); at >= 0 {
						all = append(all, strings.Repeat("↓", i)+text)
					}
				}
			}
			return strings.Join(all, "\n")
		}
		same := func(what, before string) {
			t.Helper()
			if after := places(); before != after {
				t.Errorf("%v: %s moves things:\n%s\n\n%s\n%s", size, what, before, after, p.screen())
			}
		}
		p.press("down", "down", "c").at("code")
		code, before := p.shownCode(), places()
		p.types(wrong(code)).sees("✗ Wrong code")
		same("a wrong code", before)
		p.types(wrong(code)).sees("! Usually")
		same("advice", before)
		p.press("o").sees("next")
		same("showing the code", before)

		p.press("esc").at("factors").arrange("challenge: SMS lost").press("up", "c", "enter").at("code").sees("no message yet")
		before = strings.ReplaceAll(places(), "f fill in  y copy", "")
		p.send(phoneReadMsg{clock: p.model.screen.(codeScreen).clock, sms: "Your verification code is 123456.", code: "123456"})
		p.sees("│ 123 456")
		if after := strings.ReplaceAll(places(), "f fill in  y copy", ""); !strings.HasPrefix(after, before[:strings.LastIndex(before, "\n")]) {
			t.Errorf("%v: a message moves things:\n%s\n\n%s", size, before, after)
		}
	}
}

// The challenges so far are under the cells, this one on top.
func TestChallengesSoFar(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c").seesNo("challenges").press("f").at("result")
	p.waits(30 * time.Hour).press("c").types(wrong(p.shownCode())).press("esc")
	p.waits(7*time.Minute).press("c").at("code").sees("challenges ✓ ✗ 1 of 2 verified", "● now no code yet", "✗ wrong code 7 min ago", "✓ verified yesterday 12:03")
	p.types(wrong(p.shownCode())).sees("● now 1 wrong code")
}

// A test phone that can't be read says why, and what waited for its code is dropped.
func TestPhoneFails(t *testing.T) {
	p := threeFactors(t, 80, 24)
	p.model.session.Phone = brokenPhone{}
	p.press("down", "down", "c").at("code").sees("test phone", "the battery is empty").seesNo("f fill in")
}

// brokenPhone is a test phone that can't be read.
type brokenPhone struct{ factors.TestPhone }

func (brokenPhone) AuthenticatorCode(context.Context, string) (code, next string, until time.Time, err error) {
	return "", "", time.Time{}, errors.New("the battery is empty")
}
