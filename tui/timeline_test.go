package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// history is a challenge a minute with these results, oldest first.
func history(results ...store.Outcome) []store.Attempt {
	var all []store.Attempt
	for i, o := range results {
		all = append(all, store.Attempt{ChallengeID: fmt.Sprint(i), At: workos.At(start.Add(time.Duration(i) * time.Minute)), Outcome: o})
	}
	return all
}

func TestTimeline(t *testing.T) {
	const ok, wrong, open, late, used = store.OutcomeVerified, store.OutcomeWrongCode, store.OutcomeOpen, store.OutcomeExpired, store.OutcomeAlreadyVerified
	p := newPerson(t, 80, 24)
	p.now = start.Add(10 * time.Minute)
	for _, tt := range []struct {
		name string
		t    timeline
		w, h int
		want string
	}{
		{"none", timeline{}, 40, 20, ""},
		{"no room", timeline{history: history(ok)}, 40, 2, ""},
		{"all", timeline{history: history(ok, wrong, open, late, used)}, 41, 20,
			"challenges ✓ ✗ – ! ✗ 1 of 5 verified |  | ✗ already used 6 min ago | ! expired 7 min ago | – not answered 8 min ago | ✗ wrong code 9 min ago | ✓ verified 10 min ago"},
		{"few rows", timeline{history: history(ok, wrong, ok)}, 40, 4, "challenges ✓ ✗ ✓ 2 of 3 verified |  | ✓ verified 8 min ago | 2 earlier"},
		{"few columns", timeline{history: history(ok, ok, ok, ok, ok, wrong)}, 37, 3, "challenges ✓ ✓ ✗ 5 of 6 verified |  | 6 earlier"},
		{"the open one", timeline{history: history(wrong, open), open: "1", wrong: 2}, 40, 20, "challenges ✗ 0 of 1 verified |  | ● now 2 wrong codes | ✗ wrong code 10 min ago"},
		{"only the open one", timeline{history: history(open), open: "0"}, 40, 20, ""},
		{"exact", timeline{history: history(ok), exact: true}, 60, 20, "challenges ✓ 1 of 1 verified |  | ✓ verified 2026-01-15 12:00:00 UTC · 10 minutes ago"},
	} {
		tt.t.session = p.model.session
		var got []string
		for _, l := range tt.t.view(tt.w, tt.h) {
			if w := ansi.StringWidth(l); w > tt.w {
				t.Errorf("%s: %d columns of %d: %q", tt.name, w, tt.w, l)
			}
			got = append(got, strings.Join(strings.Fields(l), " "))
		}
		if len(got) > tt.h || strings.Join(got, " | ") != tt.want {
			t.Errorf("%s:\n%s, want\n%s", tt.name, strings.Join(got, " | "), tt.want)
		}
	}
}

// A value that is too wide is wrapped in its column, and no label is lost.
func TestTable(t *testing.T) {
	st := newPerson(t, 80, 24).model.session.styles
	rows := []factors.Fact{{"ID", "auth_factor_01KF0RDQG0DBK7GFTFQSVVZRJ4"}, {"secret", "kept until the first verification"}, {"user", "a"}}
	for w, want := range map[int]string{
		47: "ID       auth_factor_01KF0RDQG0DBK7GFTFQSVVZRJ4\nsecret   kept until the first verification\nuser     a",
		60: "ID           auth_factor_01KF0RDQG0DBK7GFTFQSVVZRJ4\nsecret       kept until the first verification\nuser         a",
		38: "ID\nauth_factor_01KF0RDQG0DBK7GFTFQSVVZRJ4\nsecret       kept until the first\n             verification\nuser         a",
		30: "ID\nauth_factor_01KF0RDQG0DBK7GFTF\nQSVVZRJ4\nsecret       kept until the\n             first\n             verification\nuser         a",
		1:  "",
	} {
		lines := strings.Split(ansi.Strip(table(st, rows, w)), "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " ")
		}
		if got := strings.Join(lines, "\n"); want != "" && got != want {
			t.Errorf("in %d columns:\n%s", w, got)
		}
	}
}

// Facts and challenges stand beside each other where there is room, and each column
// stops at its end.
func TestFactorPage(t *testing.T) {
	p := threeFactors(t, 120, 24).hasHistory(50).press("enter").at("factor")
	p.sees("ID auth_factor_", "challenges", "9 of 50 verified").press("end").sees("ID auth_factor_", "12:02:00 UTC · 51 minutes ago").seesNo("↓")
	alone := newPerson(t, 120, 24).enrollTOTP("Foo Corp", longUser+".example").press("esc").at("factor").screen()
	if !strings.Contains(alone, "user         "+longUser+".example") {
		t.Errorf("the user has less than the width that is there:\n%s", alone)
	}
	p.resizes(80, 24).press("home").sees("ID auth_factor_", "challenges", "9 of 50 verified", "↓")
	p.press("end").sees("12:02:00 UTC · 51 minutes ago").seesNo("ID auth_factor_", "↓")
}

// The list shows the challenges of the chosen factor where it shows its facts.
func TestListShowsChallenges(t *testing.T) {
	threeFactors(t, 120, 40).hasHistory(3).sees("challenges ✗ ✓ ✗ 1 of 3 verified", "✗ already used").resizes(120, 12).sees("Generic OTP").seesNo("of 3 verified")
}

// On a small terminal the results of the challenges are in the first row.
func TestResultMarksOnASmallTerminal(t *testing.T) {
	p := threeFactors(t, 40, 12).press("c").at("code")
	p.types(wrong(p.shownCode())).press("esc", "c").at("code").press("f").at("result").sees("✓ Verified ✗ ✓ Generic OTP", "↓ ")
	p.resizes(80, 24).sees("✓ Verified Generic OTP", "challenges ✗ ✓ 1 of 2 verified")
}
