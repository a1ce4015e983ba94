package tui

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/diff"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// tales lead to every screen and state that has a golden file. Each begins with
// a TOTP factor, an SMS factor and a generic one.
var tales = []struct {
	name string
	do   func(*person)
}{
	{"factors", func(p *person) {}},
	{"factors-challenged", func(p *person) {
		p.press("c").types(p.shownCode()).press("enter").waits(time.Minute).press("c").types(wrong(p.shownCode())).press("esc")
		p.press("down", "c", "enter").types(p.smsCode("+15005550006")).press("enter").waits(time.Minute)
		p.press("down", "c", "esc")
	}},
	{"factors-empty", func(p *person) { p.press("X", "right", "enter", "down") }},
	{"factors-elsewhere", func(p *person) { p.press("X", "y").onServer().hasOthers().press("down") }},
	{"environments", func(p *person) { p.press("X", "y").onServer().hasOthers().press("e", "down") }},
	{"confirm-move", func(p *person) { p.press("X", "y").onServer().hasOthers().press("e", "enter") }},
	{"factors-filter", func(p *person) { p.press("/").types("foo") }},
	{"factors-no-match", func(p *person) { p.press("/").types("bar") }},
	{"factors-help", func(p *person) { p.press("?") }},
	{"palette", func(p *person) { p.press("enter", ":") }},
	{"palette-found", func(p *person) { p.press("enter", ":").types("foo") }},
	{"enroll-type", func(p *person) { p.press("n") }},
	{"enroll-totp", func(p *person) { p.press("n", "enter").types("Foo: Corp").press("tab").types("a@b.co") }},
	{"enroll-sms", func(p *person) { p.press("n", "down", "enter").types("+1 (500) 555-0006") }},
	{"enroll-otp", func(p *person) { p.press("n", "down", "down", "enter") }},
	{"qr", func(p *person) { p.press("down", "down", "enter", "v") }},
	{"qr-secret", func(p *person) { p.press("down", "down", "enter", "v", "s") }},
	{"qr-zoom", func(p *person) { p.press("down", "down", "enter", "v", "z") }},
	{"qr-long", func(p *person) { p.enrollTOTP(longIssuer, longUser) }},
	{"qr-long-sextants", func(p *person) { p.enrollTOTP(longIssuer, longUser).press("m") }},
	{"qr-saved", func(p *person) {
		p.folder = "/home/alan.turing/Documents/authenticators/"
		p.press("down", "down", "enter", "v", "p")
	}},
	{"qr-osc52", func(p *person) {
		p.model.session.Copy = func(string) (Copied, error) {
			return Copied{How: "sent to the terminal's clipboard (OSC 52). Your terminal may ignore that"}, nil
		}
		p.press("down", "down", "enter", "v", "y")
	}},
	{"factor-totp", func(p *person) { p.press("down", "down", "enter") }},
	{"factor-history", func(p *person) { p.hasHistory(50).press("enter", "pgdown", "pgdown") }},
	{"factor-sms", func(p *person) {
		p.press("down", "c", "enter").types("000000").press("esc", "enter")
	}},
	{"message", func(p *person) { p.press("down", "c") }},
	{"message-no-code", func(p *person) { p.press("down", "c", "ctrl+u").types("hello") }},
	{"code-totp", func(p *person) { p.press("down", "down", "c").types("492") }},
	{"code-totp-shown", func(p *person) { p.press("down", "down", "c", "o") }},
	{"code-sms", func(p *person) { p.press("down", "c", "enter").waits(19 * time.Second) }},
	{"code-otp", func(p *person) { p.press("c", "o") }},
	{"code-wrong", func(p *person) { p.press("c").types(wrong(p.shownCode())) }},
	{"result", func(p *person) { p.press("c").types(p.shownCode()) }},
	{"confirm-delete", func(p *person) { p.press("d", "right") }},
	{"confirm-live", func(p *person) { p.model.session.Mode = factors.Live; p.press("d").types("j9").press("enter") }},
	{"confirm-clear", func(p *person) { p.press("X") }},
	{"add", func(p *person) { p.press("a").types("auth_factor_01FVYZ5QM8N98T9ME5BCB2BBMJ") }},
	{"lab", func(p *person) { p.press("L", "down") }},
	{"label", func(p *person) { p.press("enter", "e", "ctrl+u").types("my label") }},
	{"calls", func(p *person) { p.press("c", "i") }},
	{"calls-response", func(p *person) { p.press("c", "i", "down", "enter", "tab") }},
	{"calls-curl", func(p *person) { p.press("c").types("123456").press("i", "enter", "tab", "tab") }},
	{"calls-go", func(p *person) { p.press("down", "c", "enter", "i", "enter", "tab", "tab", "tab") }},
	{"calls-python", func(p *person) { p.press("down", "c", "enter", "i", "enter", "shift+tab") }},
	{"calls-help", func(p *person) { p.press("i", "enter", "?") }},
	{"users", func(p *person) {
		p.hasUser("ada@example.com", 0)
		p.waits(time.Hour).hasUser("marc@example.com", 1)
		p.waits(time.Minute).press("u").waits(listPause)
	}},
	{"users-filter", func(p *person) {
		p.hasUser("ada@example.com", 0)
		p.hasUser("marc@example.com", 0)
		p.press("u").waits(listPause).types("marc@")
	}},
	{"users-none", func(p *person) { p.press("u").types("bob@example.com").press("enter") }},
	{"users-several", func(p *person) {
		p.wire.fault = answer(200, "application/json", `{"data":[{"id":"user_01KF0RK7901MVCGJBDQ04PN1E2","email":"marc@example.com","first_name":"Marc","last_name":"Turing"},`+
			`{"id":"user_01KF0RK7901MVCGJBDQ04PN1E3","email":"marc@example.org"}],"list_metadata":{}}`)
		p.press("u").types("marc@example").press("enter", "down")
	}},
	{"user-factors", func(p *person) { p.hasUser("marc@example.com", 3); p.waits(time.Hour).opens("marc@example.com") }},
	{"user-factors-pages", func(p *person) { p.hasUser("marc@example.com", 30); p.opens("marc@example.com").press("pgdown") }},
	{"user-factors-empty", func(p *person) { p.hasUser("marc@example.com", 0); p.opens("marc@example.com") }},
	{"user-factors-unread", func(p *person) {
		p.hasUser("marc@example.com", 1)
		p.press("u").types("marc@example.com")
		p.wire.fault = func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/auth_factors") {
				return answer(429, "application/json", `{"code":"rate_limit_exceeded"}`, "Retry-After", "30")(r)
			}
			return nil, nil
		}
		p.press("enter")
	}},
	{"user-factors-delete", func(p *person) { p.hasUser("marc@example.com", 1); p.opens("marc@example.com").press("d") }},
	{"user-factors-enroll", func(p *person) { p.hasUser("marc@example.com", 1); p.opens("marc@example.com").press("n", "enter") }},
	{"user-factors-factor", func(p *person) { p.hasUser("marc@example.com", 1); p.opens("marc@example.com").press("enter") }},
	{"unsaved", func(p *person) {
		r := p.newest()
		s := p.model.session
		p.model.screen = unsavedScreen{s, "The factor is enrolled", r, fmt.Errorf("can't write /data/factors.json: no space left on device"), show(newFactorsScreen(s, ""))}
	}},
	{"store-vanished", func(p *person) {
		s := p.model.session
		p.model.screen = storeVanishedScreen{s, "/data/factors.json", show(newFactorsScreen(s, ""))}
	}},
	{"console-empty", func(p *person) { p.serves() }},
	{"console-calls", func(p *person) { p.serves().hasClients().press("down", "down") }},
	{"console-calls-filter", func(p *person) { p.serves().hasClients().press("/").types("verify not") }},
	{"console-call", func(p *person) { p.serves().hasClients().press("down", "enter") }},
	{"console-messages", func(p *person) { p.serves().hasClients().press("2", "down") }},
	{"console-message", func(p *person) { p.serves().hasClients().press("2", "down", "enter") }},
	{"console-factors", func(p *person) { p.serves().hasClients().press("3", "down") }},
	{"console-users", func(p *person) { p.serves().hasClients().press("4") }},
	{"console-add-user", func(p *person) { p.serves().press("4", "n").types("marc@") }},
	{"console-delete-user", func(p *person) { p.serves().hasClients().press("4", "d") }},
	{"console-help", func(p *person) { p.serves().hasClients().press("?") }},
	{"store-error", func(p *person) {
		p.model.screen = storeErrorScreen{p.model.session, &store.BrokenError{
			Path: "/data/factors.json", Err: errors.New("it is empty"), Backup: "/data/factors.json.bak", BackupAt: p.now.Add(-time.Hour),
		}}
	}},
}

// goldenSizes are the size that most terminals have, the smallest one and a large one.
var goldenSizes = [][2]int{{80, 24}, {40, 12}, {120, 40}}

// TestGoldens compares every screen with a file. go test ./tui -run Goldens -update
// rewrites the files; look at them before you commit them.
func TestGoldens(t *testing.T) {
	owned := map[string]bool{}
	rare := map[int][]string{ // widths at which some tales alone are told
		112: {"qr-zoom"},    // where the whole terminal has room for a larger code
		110: {"qr-long"},    // where its code has just the room for half blocks
		160: {"code-wrong"}, // beside the call tape
		200: {"factors-challenged", "factor-history", "enroll-totp", "code-totp", "result"},
	}
	for _, size := range slices.Concat(goldenSizes, [][2]int{{112, 52}, {110, 40}, {160, 34}, {200, 50}}) {
		for _, tale := range tales {
			if told, ok := rare[size[0]]; ok && !slices.Contains(told, tale.name) || !ok && tale.name == "qr-zoom" {
				continue
			}
			name := fmt.Sprintf("%s-%dx%d", tale.name, size[0], size[1])
			owned[name+".txt"] = true
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := threeFactors(t, size[0], size[1])
				tale.do(p)
				compare(t, filepath.Join("testdata", name+".txt"), trimmed(p.screen()))
			})
		}
	}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Type().IsRegular() && !owned[f.Name()] {
			t.Errorf("testdata/%s belongs to no tale", f.Name())
		}
	}
}

// Every screen of the table has a tale, and so a golden file.
func TestEveryScreenHasATale(t *testing.T) {
	told := map[string]bool{}
	for _, tale := range tales {
		p := threeFactors(t, 80, 24)
		tale.do(p)
		told[screenName(p.model.screen)] = true
	}
	for _, m := range slices.Concat(moves, consoleMoves) {
		if !told[m.to] {
			t.Errorf("no tale ends at %s", m.to)
		}
	}
}

// trimmed is a screen without the spaces at the ends of its lines.
func trimmed(screen string) string {
	lines := strings.Split(screen, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

func compare(t *testing.T, path, got string) {
	t.Helper()
	if *updateFiles {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the screen has changed; if it should, go test ./tui -run Goldens -update writes it\n%s",
			diff.Diff(path, want, "the screen", []byte(got)))
	}
}
