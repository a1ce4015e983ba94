package tui

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// A mistake is shown where it was typed, and nothing is lost.
func TestBadInput(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct {
		name  string
		do    func(*person)
		sees  []string
		after string // the screen that is open then
	}{
		{"blank issuer", func(p *person) { p.press("n", "enter").types("  ").press("tab").types("a@b.co").press("enter") },
			[]string{"✗ Must not be empty", "a@b.co"}, "enrollForm"},
		{"colon in the issuer", func(p *person) { p.press("n", "enter").types("Foo: Corp") },
			[]string{"✗ Must not contain a colon", "Foo: Corp"}, "enrollForm"},
		{"control characters are left out", func(p *person) { p.press("n", "enter").pastes("Foo\x1b[31m\nCorp") },
			[]string{"┃ Foo[31m Corp", "! Dropped 1 control character; check what remains"}, "enrollForm"},
		{"control characters are left out of a label", func(p *person) { p.enrollOTP().press("enter", "e").pastes("a\x1bb\x07") },
			[]string{"┃ ab", "! Dropped 2 control characters"}, "label"},
		{"control characters are left out of an ID", func(p *person) { p.press("a").pastes("auth_factor_1\x1b[31m") },
			[]string{"┃ auth_factor_1[31m", "! Dropped 1 control character"}, "add"},
		{"control characters are left out of a message", func(p *person) {
			p.enrollSMS("+15005550006").press("c", "ctrl+u").pastes("\x1b{{code}}")
		}, []string{"┃ {{code}}", "! Dropped 1 control character"}, "message"},
		{"control characters are left out of an address", func(p *person) { p.press("u").pastes("a@b.co\u202e\x1b") },
			[]string{"┃ a@b.co", "! Dropped 2 invisible characters"}, "users"},
		{"control characters are left out of the filter", func(p *person) { p.enrollOTP().press("esc", "/").pastes("o\x1btp") },
			[]string{"/ otp", "1 of 1", "! Dropped 1 control character; check what remains"}, "factors"},
		{"a line break in a paste", func(p *person) { p.press("u").pastes("a@b.co\nx") },
			[]string{"┃ a@b.co x", "! Line breaks and tabs became spaces"}, "users"},
		{"a line break after a paste", func(p *person) { p.press("u").pastes("a@b.co\r\n") },
			[]string{"┃ a@b.co", "enter find"}, "users"},
		{"what was dropped is said once", func(p *person) { p.press("u").pastes("a\x1b").types("b") },
			[]string{"┃ ab", "the whole address"}, "users"},
		{"invisible characters are left out", func(p *person) { p.press("n", "enter").pastes("Fo\u202eo C\u200borp\U000e0041") },
			[]string{"┃ Foo Corp", "! Dropped 3 invisible characters; check what remains"}, "enrollForm"},
		{"invisible characters are not typed", func(p *person) { p.press("n", "enter").types("Fo\u202eo C\u200borp") },
			[]string{"┃ Foo Corp"}, "enrollForm"},
		{"300 characters: secret in place of the code", func(p *person) {
			p.press("n", "enter").pastes(long).press("tab").pastes(long).press("enter")
		}, []string{"The QR code needs", "Type this secret"}, "qr"},
		{"1500 characters: too much for any QR code", func(p *person) {
			p.press("n", "enter").pastes(strings.Repeat("x", 1500)).press("tab").pastes(strings.Repeat("y", 1500)).press("enter")
		}, []string{"✗ Too long for a QR code", "xxx"}, "enrollForm"},
		{"phone foo", func(p *person) { p.press("n", "down", "enter").types("foo") },
			[]string{"✗ Must begin with + and the country code", "foo"}, "enrollForm"},
		{"phone 555", func(p *person) { p.press("n", "down", "enter").types("555").press("enter") },
			[]string{"✗ Must begin with + and the country code", "555"}, "enrollForm"},
		{"phone too short", func(p *person) { p.press("n", "down", "enter").types("+1555").press("enter") },
			[]string{"✗ Too short for a US number"}, "enrollForm"},
		{"phone of no country", func(p *person) { p.press("n", "down", "enter").types("+999 1") }, []string{"✗ No country has this code"}, "enrollForm"},
		{"phone not in use", func(p *person) { p.press("n", "down", "enter").types("+1 111 555 0006") }, []string{"! +1 1115550006 · United States · not known to be in use"}, "enrollForm"},
		{"phone that is not whole", func(p *person) { p.press("n", "down", "enter").types("+49 15") }, []string{"Germany, keep typing"}, "enrollForm"},
		{"phone with clutter", func(p *person) { p.press("n", "down", "enter").types("+1 (500) 555-0006") },
			[]string{"✓ +1 500-555-0006 · United States"}, "enrollForm"},
		{"template without the code", func(p *person) {
			p.enrollSMS("+15005550006").press("c", "ctrl+u").types("hello").press("enter")
		}, []string{"✗ Add {{code}}: without it no code is sent"}, "message"},
		{"template with the code twice", func(p *person) {
			p.enrollSMS("+15005550006").press("c").types(" Again: {{code}}")
		}, []string{"! The code appears more than once", "code is 123456. Again:"}, "message"},
		{"template of 2000 characters", func(p *person) {
			p.enrollSMS("+15005550006").press("c").pastes(strings.Repeat("z", 2000))
		}, []string{"! Longer than 1600 characters", "2,033 characters, 14 segments"}, "message"},
		{"five digits are not sent", func(p *person) { p.enrollOTP().press("c").types("12345").press("enter") },
			[]string{"│ 5 │", "! A code has 6 digits; this one has 5"}, "code"},
		{"no digits are not sent", func(p *person) { p.enrollOTP().press("c").press("enter") },
			[]string{"! A code has 6 digits"}, "code"},
		{"letters", func(p *person) { p.enrollOTP().press("c").types("x") },
			[]string{"! Digits only"}, "code"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPerson(t, 80, 24)
			tt.do(p)
			p.at(tt.after).sees(tt.sees...)
		})
	}
}

// Letters that arrive at once are text or keys one by one, also if they spell the name of
// another key.
func TestLettersThatArriveAtOnce(t *testing.T) {
	at := func(p *person, texts ...string) *person {
		for _, text := range texts {
			p.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)})
		}
		return p
	}
	p := threeFactors(t, 80, 24).press(":")
	at(p, "delete").sees(": delete", "▌ delete d").press("esc").at("factors").press("n", "enter")
	at(p, "delete", "home", "enter", "up", "esc").at("enrollForm").sees("┃ deletehomeenterupesc").press("esc", "esc")
	at(p, "down").at("factors").sees("▌ OTP") // d asks, n answers no
	p.press("G", "c").at("code")
	at(p, "12", "34", "5").sees("│ 5 │").press("esc").at("factors")
}

func TestCodesPasted(t *testing.T) {
	for _, format := range []string{"%s", "%s %s", "%s-%s", " %s %s\n"} {
		t.Run(format, func(t *testing.T) {
			p := newPerson(t, 80, 24).enrollOTP().press("c")
			code := p.shownCode()
			text := strings.Replace(strings.Replace(format, "%s", code[:3], 1), "%s", code[3:], 1)
			if strings.Count(format, "%s") == 1 {
				text = code
			}
			p.press("9").pastes(text).at("result").sees("✓ Verified")
		})
	}
}

func TestCodeOutcomes(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co").press("enter")
	id := p.newest().ID
	good := p.appCode(id)
	p.types(wrong(good)).at("code").sees("✗ Wrong code (1 so far)", "1 wrong code", "│ "+good[:1]+" │")
	p.types(wrong(good)).sees("(2 so far)", "! Usually the phone's clock is off", "agree on 12:00:00 UTC")
	p.types(good).at("result")

	// The same code again: it is good only once.
	p.press("c").types(good).at("code").sees("✗ Wrong code", "! If you used this code before, wait for the next one")

	// Too many tries end the challenge, a new one begins with r.
	for range 5 {
		p.types(wrong(good))
	}
	p.sees("✗ Too many wrong codes", "Press r for a new one").types("1").seesNo("│ 1 │")
	p.waits(time.Minute).press("r").seesNo("closed").types(p.appCode(id)).at("result")

	// What became of each challenge is kept.
	p.press("enter", "enter").at("factor").sees("✓ verified", "✗ too many tries")
	p.press("v").at("factor").sees("The QR code is gone")
}

// The last wrong code that a challenge takes closes it, also if the factor is not on
// the list.
func TestLastTry(t *testing.T) {
	p := withUser(t, 80, 24, 1)
	p.model.session.CodeLimit = local.MaxWrongCodes
	p.opens("marc@example.com").press("c").at("code")
	good := p.appCode(p.left("marc@example.com")[0].ID)
	for range local.MaxWrongCodes - 1 {
		p.types(wrong(good))
	}
	p.sees("✗ Wrong code (4 of 5). Try again").types(wrong(good))
	p.sees("✗ Too many wrong codes on this challenge. Press r for a new one", "this challenge is closed", "y copy").seesNo("Try again", "f fill in", "● now")
	calls := len(p.wire.calls)
	if p.types(good).at("code"); len(p.wire.calls) != calls {
		t.Error("another code was sent")
	}
	p.press("r").at("code").types(wrong(good)).sees("✗ Wrong code (1 of 5)").types(good).at("result")
}

// What was shown is hidden from who comes back from another screen.
func TestHiddenBehindAnother(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co")
	secret := words.InFours(p.newest().TOTP.Secret)[:9] // on a line of its own
	code := words.InHalves(p.appCode(p.newest().ID))
	for _, keys := range [][]string{{"i", "esc"}, {"i", "i"}, {"f1", "esc"}} {
		p.press("s").sees(secret).press(keys...).at("qr").seesNo(secret)
		p.press("enter").at("code").press("o").sees(code).press(keys...).at("code").seesNo(code)
		p.press("o").sees(code).press("esc").at("qr")
	}
	p.press("s").sees(secret).send(tea.ResumeMsg{}) // after ctrl+z
	p.seesNo(secret)
}

// On a small terminal the notice and the note on the clocks leave the code of the test
// phone to be seen.
func TestSmallCodeScreen(t *testing.T) {
	p := newPerson(t, 40, 12).enrollTOTP("Foo", "a@b.co").press("enter", "o")
	id := p.newest().ID
	code := p.appCode(id)
	shown := "test phone: " + code[:3] + " " + code[3:] + " for 30 s"
	for range 2 {
		if p.types(wrong(code)); !strings.Contains(p.screen(), shown) { // with plain spaces
			t.Errorf("%q is not on the screen:\n%s", shown, p.screen())
		}
	}
	p.press("o").seesNo(shown).press("o").sees(shown).types(code).at("result")
	if p.press("c", "o").types(code).sees("✗ Wrong code (1 so far)", "! If you used this code before, wait for the next one"); !strings.Contains(p.screen(), shown) {
		t.Errorf("%q is not on the screen:\n%s", shown, p.screen())
	}
}

func TestExpiry(t *testing.T) {
	p := newPerson(t, 80, 24).enrollSMS("+15005550006").press("c", "enter").at("code")
	code := p.smsCode("+15005550006")
	p.waits(19 * time.Second).sees("expires in 9:41")
	p.waits(10 * time.Minute).sees("expired · r starts a new one")
	p.types(code).sees("✗ The challenge has expired. Press r for a new one")
	p.press("r").sees("expires in 10:00").types(p.smsCode("+15005550006")).at("result")
}

// The same challenge is verified in two windows: the second one says so.
func TestAlreadyVerified(t *testing.T) {
	p := newPerson(t, 80, 24).enrollOTP().press("c")
	s := p.model.screen.(codeScreen)
	_, err := p.model.session.API.VerifyChallenge(context.Background(), workos.VerifyChallengeOpts{ChallengeID: s.challenge.ID, Code: s.phone.code})
	if err != nil {
		t.Fatal(err)
	}
	p.types(s.phone.code).at("code").sees("already verified", "only once")
}

// Every failure of a call is explained on the screen where the call was made, and what
// was typed is kept.
func TestFailures(t *testing.T) {
	refused := func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }
	tests := []struct {
		name  string
		fault func(*http.Request) (*http.Response, error)
		sees  []string
	}{
		{"401", answer(401, "application/json", `{"message":"Unauthorized"}`), []string{"refused the API key (401)", "WORKOS_API_KEY"}},
		{"429", answer(429, "application/json", `{"code":"rate_limit_exceeded","message":"slow down"}`, "Retry-After", "30"), []string{"(429)", "try again in 30 seconds"}},
		{"500", answer(500, "application/json", `{"message":"oops"}`), []string{"500 oops", "try again", "req_test"}},
		{"HTML 502", answer(502, "text/html", `<html><body>Bad</body></html>`), []string{"502"}},
		{"connection refused", refused, []string{"can't be reached: connection refused", "check the network"}},
		{"truncated JSON", answer(201, "application/json", `{"id":"auth_fac`), []string{"may have been enrolled", "enrolling the same again is safe: press enter"}},
		{"a sentence for the field", answer(422, "application/json", `{"message":"m","errors":[{"field":"phone_number","message":"phone_number must be mobile"}]}`), []string{"✗ phone_number must be mobile"}},
		{"redirect", answer(302, "text/html", `<html>`, "Location", "https://login.example.com/?k=1"), []string{"redirect to https://login.example.com (302), which was not followed", "not enrolled"}},
		{"phone refused", answer(422, "application/json", `{"code":"invalid_phone_number","message":"Phone number is invalid: '+15005550006'"}`), []string{"✗ Phone number is invalid"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPerson(t, 80, 24).press("n", "down", "enter").types("+15005550006")
			p.wire.fault = tt.fault
			p.press("enter").at("enrollForm").sees(tt.sees...).sees("+15005550006").seesNo("Enrolling…", "<html>")
			if p.model.notice.text == "" && p.model.screen.(enrollFormScreen).fields[0].refusal == "" {
				t.Error("nothing is told")
			}
			p.wire.fault = nil
			p.types(" ").press("enter").at("message")
		})
	}
}

func TestFactorDeletedElsewhere(t *testing.T) {
	p := threeFactors(t, 80, 24)
	id := p.newest().ID
	if err := p.model.session.API.DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: id}); err != nil {
		t.Fatal(err)
	}
	p.press("c").at("factors").sees("✗", "404")
	p.press("r").sees("2 factors refreshed, 1 gone", "✗ gone")
	p.press("x").at("confirm").sees("Remove this factor from the list?").press("right", "enter").sees("2 factors")
}

// A server that never answers: esc leaves at once, a challenge is cancelled, an
// enrollment keeps running, and its result is announced wherever the person is then.
func serverThatNeverAnswers(t *testing.T) *person {
	t.Helper()
	p := threeFactors(t, 80, 24)
	release := make(chan struct{})
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		select {
		case <-release:
			return nil, nil
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	late := make(chan []tea.Cmd)
	// hang presses a key and lets its call hang.
	hang := func(name string) {
		p.t.Helper()
		cmds := p.update(keyPress(name))
		go func() { late <- resolve(cmds) }()
	}
	// arrive gives the delayed result to the machine.
	arrive := func() {
		for _, cmd := range <-late {
			for queue := p.run(cmd); len(queue) > 0; queue = queue[1:] {
				queue = append(queue, p.run(queue[0])...)
			}
		}
	}

	hang("c")
	p.sees("Starting challenge…", "esc cancel").press("c").sees("Starting challenge…")
	p.press("esc").at("factors").sees("Cancelled").seesNo("Starting")
	arrive() // the cancelled call is not announced
	p.at("factors").seesNo("✗")

	p.press("n", "down", "down", "enter")
	hang("enter")
	p.sees("Enrolling…").press("enter").sees("Enrolling…")
	p.press("esc").at("factors").sees("Enrolling keeps running in the background")
	close(release)
	arrive()
	p.at("factors").sees("✓ Enrolled Generic OTP", "4 factors")
	return p
}

func TestServerThatNeverAnswers(t *testing.T) { serverThatNeverAnswers(t) }

// resolve runs commands, batches taken apart, and returns what gives their messages.
func resolve(cmds []tea.Cmd) []tea.Cmd {
	var out []tea.Cmd
	for _, cmd := range cmds {
		if cmd == nil {
			continue
		}
		switch msg := cmd().(type) {
		case tea.BatchMsg:
			out = append(out, resolve(msg)...)
		default:
			out = append(out, func() tea.Msg { return msg })
		}
	}
	return out
}

// Sending the same form again after a lost answer must not enroll twice.
func TestSameFormSameKey(t *testing.T) {
	p := newPerson(t, 80, 24).press("n", "down", "enter").types("+15005550006")
	var sent []string
	lose := true
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r.Header.Get("Idempotency-Key"))
		if !lose {
			return nil, nil
		}
		if resp, err := p.wire.engine.RoundTrip(r); err == nil {
			resp.Body.Close()
		}
		return nil, errors.New("connection reset")
	}
	p.press("enter").at("enrollForm").sees("can't be reached", "may have been enrolled", "enrolling the same again is safe")
	lose = false
	p.press("esc", "enter").press("ctrl+u").types("+1 500 555 0006").press("enter").at("message").press("esc")
	if sent[0] == "" || sent[0] != sent[len(sent)-1] {
		t.Errorf("the keys were %q, want the same", sent)
	}
	if n := len(p.store.Records()); n != 1 {
		t.Errorf("%d factors, want 1", n)
	}
	p.press("esc", "n", "down", "enter").types("+15005550006").press("enter").at("message").press("esc", "esc").sees("2 factors")
}

// adding adds factors to the list by their IDs.
func adding(t *testing.T) *person {
	t.Helper()
	p := threeFactors(t, 80, 24)
	id := p.newest().ID
	p.press("a").pastes(id + "\n").press("enter").at("factors").sees("already on the list")
	p.press("enter", "x", "right", "enter").sees("2 factors")
	p.press("a").pastes("auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ").press("enter").at("add").sees("has no factor with this ID").seesNo("environment")
	p.press("ctrl+u").pastes("  " + id + " ").press("enter").at("factor").sees(id).press("esc").sees("3 factors")

	p.press("f1", "esc", "enter", "x", "right", "enter", "a").pastes(id)
	p.lock()
	p.press("enter").at("unsaved").sees("The factor was found", id)
	p.unlock()
	p.press("enter").at("factor").press("esc")
	return p
}

func TestAdd(t *testing.T) { adding(t) }

// lock makes the factor file unwritable, for root too: a folder stands in the
// way of the lock file or the new file.
func (p *person) lock() {
	p.t.Helper()
	if err := os.Rename(filepath.Dir(p.path), filepath.Dir(p.path)+".away"); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Dir(p.path), nil, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) unlock() {
	p.t.Helper()
	if err := os.Remove(filepath.Dir(p.path)); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Rename(filepath.Dir(p.path)+".away", filepath.Dir(p.path)); err != nil {
		p.t.Fatal(err)
	}
}

// unsavedEverywhere lets saves fail after calls that worked: the screen names
// the factor, saves again, and what is never saved is there at the end.
func unsavedEverywhere(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, 80, 24)
	// failing lets a call work and its save fail.
	failing := func(path string, keys func()) {
		t.Helper()
		p.wire.fault = func(r *http.Request) (*http.Response, error) {
			if strings.Contains(r.URL.Path, path) {
				p.lock()
				p.wire.fault = nil
			}
			return nil, nil
		}
		keys()
	}
	p.press("n", "enter").types("Foo").press("tab").types("a@b.co").press("tab").press("tab").press("down")
	failing("enroll", func() { p.press("enter") })
	p.at("unsaved").sees("The factor is enrolled, but the factor file could not be written")
	if unsaved := p.store.Unsaved(); len(unsaved) != 1 || !strings.HasPrefix(unsaved[0].ID, "auth_factor_") {
		t.Errorf("unsaved at the end is %v", unsaved)
	}
	p.press("enter").at("unsaved").sees("Still not saved")
	p.unlock()
	p.press("enter").at("qr").sees("✓ Saved")
	if unsaved := p.store.Unsaved(); len(unsaved) > 0 {
		t.Errorf("unsaved after the save is %v", unsaved)
	}
	id := p.newest().ID

	p.press("enter").at("code")
	failing("verify", func() { p.types(p.appCode(id)) })
	p.at("unsaved").sees("The factor is verified", id).press("esc").at("result").press("esc").sees("! not saved")
	p.unlock()

	p.press("n", "down", "enter").types("+15005550006")
	failing("enroll", func() { p.press("enter") })
	p.at("unsaved").press("esc").at("message").press("esc", "esc")
	p.unlock()
	p.press("n", "down", "enter").types("+15005550007")
	failing("enroll", func() { p.press("enter") })
	p.unlock()
	p.at("unsaved").press("enter").at("message").press("esc", "esc")
	p.press("n", "down", "down", "enter")
	failing("enroll", func() { p.press("enter") })
	p.unlock()
	p.at("unsaved").press("enter").at("code").sees("Enter the code").press("esc").at("factor").press("esc").at("factors")
	p.press("n", "down", "down", "enter")
	failing("enroll", func() { p.press("enter") })
	p.at("unsaved").press("esc").at("code").press("esc").at("factor")
	p.unlock()
	return p
}

// goneOnUnsaved continues to the QR code of a factor that could not be saved.
func goneOnUnsaved(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, 80, 24).press("n", "enter").types("Foo").press("tab").types("a@b.co")
	p.wire.fault = func(*http.Request) (*http.Response, error) {
		p.lock()
		p.wire.fault = nil
		return nil, nil
	}
	return p.press("enter").at("unsaved").press("esc").at("qr").sees("Not saved")
}

func TestUnsaved(t *testing.T) {
	p := unsavedEverywhere(t)
	p.press("e", "x", "enter").at("factor").press("esc").seesNo("ot saved") // the next save takes all along
}

// A factor file that can't be written: nothing is enrolled, since the id would
// be lost.
func TestNotWritable(t *testing.T) {
	p := newPerson(t, 80, 24)
	if err := os.WriteFile(filepath.Dir(p.path), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.press("n", "down", "enter").types("+15005550006").press("enter").at("enrollForm")
	p.sees("Nothing was enrolled", "+15005550006")
	if len(p.wire.calls) > 0 {
		t.Errorf("the API was called: %v", p.wire.calls)
	}
}

// brokenStore starts on a broken factor file, and again when it is fixed.
func brokenStore(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, 80, 24)
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.path, []byte(`{"version":`), 0o600); err != nil {
		t.Fatal(err)
	}
	p.restart(80, 24)
	p.at("storeError").sees("factors.json", "The file was not changed").press("n", "r").at("storeError").sees("The factor file still can't be read")
	if err := os.Remove(p.path); err != nil {
		t.Fatal(err)
	}
	return p.press("r").at("factors").sees("No factors on your list yet")
}

func TestBrokenStore(t *testing.T) { brokenStore(t) }

// The program ends while an enrollment is under way: it waits for its end, and
// the factor is in the file.
func TestQuitWhileEnrolling(t *testing.T) {
	p := newPerson(t, 80, 24).press("n", "down", "enter").types("+15005550006")
	entered, release := make(chan struct{}), make(chan struct{})
	p.wire.fault = func(*http.Request) (*http.Response, error) {
		close(entered)
		<-release
		return nil, nil
	}
	cmds := p.update(keyPress("enter"))
	go resolve(cmds)
	<-entered
	p.press("ctrl+c")
	outcomes, ended := p.model.Finish(time.Minute, func(n int) {
		if n != 1 {
			t.Errorf("%d effects under way, want 1", n)
		}
		close(release)
	})
	if !ended || len(outcomes) != 1 || outcomes[0].Failed || !strings.HasPrefix(outcomes[0].Text, "enrolled ") {
		t.Fatalf("the enrollment has not ended, or not well: %+v", outcomes)
	}
	s, err := p.openStore()
	if err != nil || len(s.Records()) != 1 {
		t.Errorf("the file has %v, %v; want the factor", s.Records(), err)
	}
}

// What fails after the person quit is told then: also what failed in the moment of
// quitting, and what only its screen would have told.
func TestQuitBeforeAFailure(t *testing.T) {
	for name, test := range map[string]struct {
		do   func(p *person)
		key  string
		want string
	}{
		"enroll": {func(p *person) {
			p.press("n", "down", "enter").types("+15005550006")
			p.wire.fault = answer(422, "application/json", `{"message":"no"}`)
		}, "enter", "enrolling +• •••-•••-0006 failed: no (422)"},
		"enroll, and the response is lost": {func(p *person) {
			p.press("n", "down", "enter").types("+15005550006")
			p.wire.fault = answer(201, "application/json", `{"id`)
		}, "enter", "enrolling +• •••-•••-0006 failed: the response is not JSON (201) · the factor may have been enrolled · request req_test"},
		"delete": {func(p *person) {
			p.enrollOTP().press("d").at("confirm")
			p.wire.fault = answer(403, "application/json", `{"message":"no"}`)
		}, "y", "deleting Generic OTP (auth_factor_"},
		"picture": {func(p *person) {
			p.enrollTOTP("Foo", "a@b.co").at("qr")
			p.model.session.SavePNG = func(string, []byte, bool) (string, error) { return "", errors.New("disk full") }
		}, "p", "saving failed: disk full"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, 80, 24)
			test.do(p)
			resolve(p.update(keyPress(test.key))) // its result does not reach the screens
			outcomes, ended := p.model.Finish(time.Minute, func(int) { t.Error("nothing is under way") })
			if !ended || len(outcomes) != 1 || !outcomes[0].Failed || !strings.HasPrefix(outcomes[0].Text, test.want) || strings.Contains(outcomes[0].Text, "safe") {
				t.Errorf("%+v, want %q", outcomes, test.want)
			}
		})
	}
	p := newPerson(t, 80, 24).press("n", "down", "enter").types("+15005550006")
	p.wire.fault = answer(422, "application/json", `{"message":"no"}`)
	p.press("enter").sees("No (422)")
	if outcomes, _ := p.model.Finish(time.Minute, func(int) {}); len(outcomes) > 0 {
		t.Errorf("told twice: %+v", outcomes)
	}
}

// Secrets go at the first verification, and the QR code with them.
func TestSecretErased(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co")
	id := p.newest().ID
	if !p.newest().HasSecret() {
		t.Fatal("the secret is not kept before the first verification")
	}
	p.press("enter").types(p.appCode(id)).at("result").press("enter", "enter").at("factor").seesNo("v QR code", "kept until")
	if p.newest().HasSecret() {
		t.Error("the secret is kept after the first verification")
	}
	if file, _ := os.ReadFile(p.path); strings.Contains(string(file), "secret\"") {
		t.Errorf("the file has the secret: %s", file)
	}
}

// Text from outside can't move the cursor or reorder the screen.
func TestControlCharactersFromOutside(t *testing.T) {
	p := newPerson(t, 80, 24)
	_, err := p.store.Put(context.Background(), store.Record{
		Factor: workos.Factor{ID: "auth_factor_1", Type: workos.TOTP, CreatedAt: workos.At(start),
			TOTP: &workos.TOTPDetails{Issuer: "Foo\x1b[2J\x07\u202e", User: "a\r\nb\x9b31m"}},
		Label: "l\x1b]0;x\x07",
	})
	if err != nil {
		t.Fatal(err)
	}
	p.press("r")
	for _, keys := range []string{"", "enter", "d"} {
		p.press(strings.Fields(keys)...)
		if strings.ContainsAny(p.model.View(), "\x1b\x07\r\u202e\u009b") {
			t.Errorf("after %q the screen has control characters: %q", keys, p.model.View())
		}
	}
}

// A secret or a code that was asked for is hidden again after a while, or with
// the screen; asking again starts over.
func TestHiddenAgain(t *testing.T) {
	p := newPerson(t, 80, 24).enrollTOTP("Foo", "a@b.co").press("s").sees("Type this secret")
	p.waits(20*time.Second).press("s", "s").waits(20 * time.Second).sees("Type this secret")
	p.waits(11 * time.Second).seesNo("Type this secret").sees("s show secret")
	p.press("s", "enter", "esc").at("qr").seesNo("Type this secret")

	p.press("enter", "o").sees("o hide code").waits(29 * time.Second).sees("o hide code")
	p.waits(time.Second).seesNo("o hide code").sees("••• •••")
}

// A notice about the factor file is shown at the start.
func TestNoticeAtTheStart(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("modes are another thing there")
	}
	p := newPerson(t, 80, 24)
	p.enrollOTP().press("esc")
	if err := os.Chmod(p.path, 0o644); err != nil {
		t.Fatal(err)
	}
	p.restart(80, 24)
	p.sees("! Other users could read", "1 factor").press("down").seesNo("ther users")
	p.restart(80, 24)
	p.seesNo("ther users")

	// Another notice does not hide it, nor is that one lost.
	if err := os.Chmod(p.path, 0o644); err != nil {
		t.Fatal(err)
	}
	p.notice = "the locale has no UTF-8"
	p.restart(80, 24)
	p.sees("! Other users could read", "· the locale has no UTF-8")
}

// A notice at the start is not lost where the factor file can't be read at first.
func TestNoticeAfterABrokenFile(t *testing.T) {
	p := newPerson(t, 80, 24)
	p.enrollOTP()
	good, err := os.ReadFile(p.path)
	if err != nil {
		t.Fatal(err)
	}
	p.notice = "the locale has no UTF-8"
	for key, mends := range map[string]func() error{
		"r": func() error { return os.WriteFile(p.path, good, 0o600) },
		"b": func() error { return nil },
	} {
		if err := os.WriteFile(p.path, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		p.restart(80, 24)
		p.at("storeError")
		if err := mends(); err != nil {
			t.Fatal(err)
		}
		p.press(key).at("factors").sees("he locale has no UTF-8")
	}
}
