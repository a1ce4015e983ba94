package tui

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
)

var updateFiles = flag.Bool("update", false, "rewrite the golden files and the diagram of README.md")

// TestWholeFlow enrolls and verifies a TOTP and an SMS factor, and finds both after a
// restart.
func TestWholeFlow(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.sees("No factors on your list yet", "n enroll")

	p.enrollTOTP("Foo Corp", "alan.turing@example.com").sees("Scan this", "Foo Corp · alan.turing@example.com")
	totp := p.newest()
	p.press("enter").at("code").sees("from your authenticator app").seesNo("expire")
	p.types(p.appCode(totp.ID)).at("result").sees("✓ Verified Foo Corp · alan.turing@example.com, just now", "factor ID "+totp.ID, "challenge ID auth_challenge_", "first try", "1 of 1 verified").seesNo("expires")
	p.press("enter").at("factors").sees("✓ verified just now")

	p.enrollSMS("+1 (500) 555-0006").sees("+• •••-•••-0006", "– not challenged yet")
	p.press("c").at("message").sees("{{code}}", "Your verification code is 123456.")
	p.press("ctrl+u").types("Foo says {{code}}, bye").sees("Foo says 123456, bye", "1 segment")
	p.press("enter").at("code").sees("sent to +1 500-555-0006", "expires in 10:00", "test phone")
	code := p.smsCode("+15005550006")
	p.sees("Foo says " + code + ", bye").types(code).at("result").sees("✓ Verified").seesNo("expires")
	p.press("esc").at("factors")

	p.restart(80, 24)
	p.sees("2 factors", "Foo Corp", "+• •••-•••-0006").seesNo("never")
	p.waits(31*time.Second).press("down", "c").at("code")
	p.types(p.appCode(totp.ID)).at("result").sees("✓ Verified")
}

// TestKeys runs short tales of keys: what a person presses, what is then on the
// screen. Each begins with a TOTP factor, an SMS factor and a generic one.
func TestKeys(t *testing.T) {
	tests := []struct {
		name, keys, screen string
		sees               []string
	}{
		{"open and back", "enter esc", "factors", []string{"3 factors"}},
		{"question mark shows all keys", "? end", "factors", []string{"ctrl+z", "Go back to the shell"}},
		{"any key closes the help", "? n", "factors", []string{"3 factors"}},
		{"filter", "/ f o o", "factors", []string{"1 of 3", "Foo Corp"}},
		{"arrows move while the filter is typed", "/ o down enter enter", "factor", []string{"phone"}},
		{"a letter more keeps the choice", "/ o down down t p enter enter", "factor", []string{"Foo Corp"}},
		{"filter without a match", "/ z z z", "factors", []string{"No matches", "0 of 3"}},
		{"a filter without a match is kept too", "/ z z z enter", "factors", []string{"No matches", "0 of 3", "esc show all"}},
		{"the choice survives a filter without a match", "down / z z z esc c", "message", nil},
		{"and one that is kept", "down / z z z enter esc c", "message", nil},
		{"filter kept with enter, esc shows all", "/ f o o enter esc", "factors", []string{"3 factors"}},
		{"filter survives opening a factor", "/ f o o enter enter esc", "factors", []string{"1 of 3"}},
		{"an empty filter shows all", "/", "factors", []string{"3 of 3", "Foo Corp"}},
		{"enter and esc leave an empty filter", "/ enter / esc /", "factors", []string{"3 of 3"}},
		{"an emptied filter is left too", "/ f backspace enter X", "confirm", []string{"all 3 factors"}},
		{"the selection survives an empty filter", "down / esc c", "message", nil},
		{"clear waits while a filter hides some", "/ f o o enter X", "factors", []string{"1 of 3"}},
		{"q goes into the filter", "/ q ~", "factors", []string{"0 of 3"}},
		{"enroll esc esc", "n esc", "factors", nil},
		{"enroll type by arrows", "n down enter", "enrollForm", []string{"Enroll › SMS"}},
		{"enroll type by j k", "n j j k enter", "enrollForm", []string{"Enroll › SMS"}},
		{"form esc goes to the type", "n enter esc", "enrollType", nil},
		{"submit is dead while empty", "n enter enter enter", "enrollForm", []string{"✗ Must not be empty"}},
		{"enter submits from any field", "n enter F tab a up enter", "qr", []string{"Scan this"}},
		{"enter goes to the field that is empty", "n enter F enter a enter", "qr", []string{"Scan this"}},
		{"tab wraps over the button", "n enter tab tab tab tab F", "enrollForm", []string{"┃ F"}},
		{"qr from the factor", "down down enter v", "qr", []string{"Scan this"}},
		{"view says why there is no code", "down down c esc enter v", "qr", nil},
		{"secret shown and hidden", "down down enter v s", "qr", []string{"Type this secret"}},
		{"challenge from the factor, esc back", "down down enter c esc", "factor", []string{"not answered"}},
		{"challenge from the list, esc back", "down down c esc", "factors", nil},
		{"message esc back to the list", "down c esc", "factors", nil},
		{"a letter does not go into a code", "down down c a", "code", []string{"! Digits only"}},
		{"a digit after a letter does", "down down c a 1", "code", []string{"│ 1 ││ _ │"}},
		{"generic code behind o", "c o", "code", []string{"deliver this code", "hide code"}},
		{"delete asks, enter says no", "d enter", "factors", []string{"3 factors"}},
		{"delete asks and names it", "d", "confirm", []string{"Delete this factor", "auth_factor_", "permanently"}},
		{"delete", "d right enter", "factors", []string{"2 factors", "Deleted Generic"}},
		{"remove", "enter x right enter", "factors", []string{"2 factors", "Removed from the list: auth_factor_", "(Generic OTP) · a adds it again by this ID"}},
		{"remove from the list", "x right enter", "factors", []string{"2 factors", "Removed from the list: auth_factor_"}},
		{"clear asks", "X", "confirm", []string{"all 3 factors", "They still exist at"}},
		{"clear", "X right enter", "factors", []string{"No factors on your list yet"}},
		{"label", "enter e M y enter", "factor", []string{"My", "✓ Label saved"}},
		{"label removed", "enter e M y enter e ctrl+u enter", "factor", []string{"✓ Label removed"}},
		{"label that another has", "down enter e M y enter esc up enter e M y enter", "label", []string{"✗ \"My\" already names My (auth_factor_"}},
		{"label esc keeps the old", "enter e M y esc", "factor", []string{"Generic OTP"}},
		{"refresh one", "enter r", "factor", []string{"Refreshed"}},
		{"refresh all", "r", "factors", []string{"3 factors refreshed"}},
		{"copy ID", "enter y", "factor", []string{"Factor ID copied to the test"}},
		{"add an unfinished ID", "a x enter", "add", []string{"not a factor ID"}},
		{"save a picture", "down down enter v p", "qr", []string{"saved as auth_factor_"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := threeFactors(t, 80, 24)
			p.press(strings.Fields(tt.keys)...).at(tt.screen).sees(tt.sees...)
			if p.quit {
				t.Error("the program has ended")
			}
		})
	}
}

// threeFactors is a person with a TOTP factor (never verified), an SMS factor
// and a generic one, newest first: otp, sms, totp.
func threeFactors(t testing.TB, width, height int) *person {
	t.Helper()
	p := newPerson(t, width, height)
	records := []store.Record{{}, {}, {}}
	for i, opts := range []workos.EnrollFactorOpts{
		{Type: workos.TOTP, TOTPIssuer: "Foo Corp", TOTPUser: "alan.turing@example.com"},
		{Type: workos.SMS, PhoneNumber: "+15005550006"},
		{Type: workos.GenericOTP},
	} {
		opts.IdempotencyKey = p.model.session.NewKey()
		f, err := p.model.session.API.EnrollFactor(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		records[i].Factor = f
		p.now = p.now.Add(time.Minute)
	}
	slices.Reverse(records)
	data, err := json.Marshal(records)
	if err == nil {
		_, err = p.store.Import(t.Context(), data, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	p.restart(width, height)
	return p.at("factors")
}

func TestQuit(t *testing.T) {
	for keys, quits := range map[string]bool{
		"q": true, "ctrl+c": true, "n q": true, "n enter ctrl+c": true, "esc": false, "n enter q": false,
		"down down c q": false, "down c q": false, "? q": false,
	} {
		t.Run(keys, func(t *testing.T) {
			t.Parallel()
			p := threeFactors(t, 80, 24)
			if p.press(strings.Fields(keys)...); p.quit != quits {
				t.Errorf("quit is %v, want %v", p.quit, quits)
			}
		})
	}
}

// TestMoves makes every move of the table, and so proves that none is dead. That there
// is no other move, the person checks on every step of every test.
func TestMoves(t *testing.T) {
	walked := map[move]bool{}
	walk := func(name string, p *person) {
		for m := range p.walked {
			walked[m] = true
		}
		if t.Failed() {
			t.Fatalf("after %s", name)
		}
	}
	for _, keys := range []string{
		"n esc n enter esc esc",
		"enter e esc e enter d esc x esc esc",
		"enter c esc c o esc", "down enter enter esc esc c esc",
		"down down enter v enter esc esc esc", "down down c esc",
		"a esc", "L esc", "e esc", "e enter", "d esc", "X right enter", "enter d right enter",
		"x n x enter", "enter d n d enter", "down enter c esc",
	} {
		p := threeFactors(t, 80, 24)
		walk(keys, p.press(strings.Fields(keys)...))
	}

	p := threeFactors(t, 80, 24) // results, and on from there
	p.press("c", "o").types(p.shownCode()).at("result").press("c").at("code").press("esc", "down", "c", "enter")
	p.types(p.smsCode("+15005550006")).at("result").press("c").at("message").press("esc")
	p.press("up", "c").types(p.shownCode()).at("result").press("enter", "c").types(p.shownCode()).at("result").press("e", "esc", "e").types("otp").press("enter").at("result").sees("✓ Verified otp", "✓ Label saved").press("n", "esc")
	walk("results", p)

	walk("enrolling", newPerson(t, 80, 24).enrollTOTP("Foo Corp", "alan.turing@example.com"))
	walk("enrolling a phone", newPerson(t, 80, 24).enrollSMS("+15005550006"))
	walk("adding", adding(t))
	walk("unsaved", unsavedEverywhere(t))
	walk("unsaved, gone on", goneOnUnsaved(t))
	walk("users", userFactorsWays(t))
	walk("questions about users", userFactorsAnswers(t))
	walk("store error", brokenStore(t))
	walk("backup", restoring(t))
	walk("moving from another environment", moving(t))
	walk("another window moves", movedByAnotherWindow(t))
	walk("factor file gone", vanishing(t))
	walk("unsaved since the factor file is gone", unsavedSinceVanished(t))
	walk("no answer", serverThatNeverAnswers(t))

	for _, m := range moves {
		for _, by := range m.causes() {
			if !walked[move{m.from, by, m.to}] {
				t.Errorf("no test goes from %s by %s to %s", m.from, by, m.to)
			}
		}
	}
}

// shownCode is the code that the panel shows.
func (p *person) shownCode() string {
	p.t.Helper()
	return digits(within(p.model.screen).(codeScreen).phone.code)
}

// TestREADMEDiagram keeps the diagram of README.md equal to the table; with
// -update it draws it there.
func TestREADMEDiagram(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok1 := strings.Cut(string(readme), "```mermaid\n")
	old, after, ok2 := strings.Cut(rest, "```\n")
	switch want := diagram(); {
	case !ok1 || !ok2:
		t.Fatal("README.md has no diagram")
	case *updateFiles:
		if err := os.WriteFile("README.md", []byte(before+"```mermaid\n"+want+"```\n"+after), 0o644); err != nil {
			t.Fatal(err)
		}
	case old != want:
		t.Errorf("the diagram is not up to date; go test ./tui -run README -update draws it:\n%s", want)
	}
}

// diagram is the table as README.md draws it. That esc goes back is said in
// words there, and left out here.
func diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> factors\n")
	for _, m := range moves {
		if m.by != "esc" {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", m.from, m.to, m.by)
		}
	}
	return b.String()
}
