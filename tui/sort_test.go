package tui

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/muesli/termenv"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

// listed are the names on the list, from the top, as far as the screen shows them.
func (p *person) listed() []string {
	var names []string
	for _, m := range regexp.MustCompile(`(?m)^ (?:▌| ) (?:TOTP|SMS|OTP) +(\S+)`).FindAllStringSubmatch(p.screen(), -1) {
		names = append(names, m[1])
	}
	return names
}

func (p *person) lists(want ...string) *person {
	p.t.Helper()
	if got := p.listed(); !slices.Equal(got, want) {
		p.t.Errorf("the list is %q, want %q:\n%s", got, want, p.screen())
	}
	return p
}

// labelled is a person with generic factors of these labels, the last one newest.
func labelled(t *testing.T, labels ...string) *person {
	t.Helper()
	p := newPerson(t, 80, 24)
	for _, l := range labels {
		p.waits(time.Minute).enrollOTP().press("enter", "esc", "e").types(l).press("enter")
	}
	return p
}

func TestSort(t *testing.T) {
	p := labelled(t, "beta", "Alpha", "gamma")
	p.lists("gamma", "Alpha", "beta")
	p.press("s").lists("Alpha", "beta", "gamma").sees("by name", "▌ OTP gamma") // the selection stays on its factor
	p.press("up", "c").types(p.shownCode()).at("result").press("enter").sees("✓ verified")
	p.lists("Alpha", "beta", "gamma") // the order outlives the screen
	p.press("s").lists("beta", "gamma", "Alpha").sees("last verified first")
	p.press("s").lists("gamma", "Alpha", "beta").sees("newest first").seesNo("last verified")
}

// The chosen factor stays chosen; after a deletion the next one is.
func TestPositionIsKept(t *testing.T) {
	for name, test := range map[string]struct {
		keys []string
		want string
	}{
		"delete in the middle":       {[]string{"down", "d", "y"}, "▌ OTP beta"},
		"delete the last":            {[]string{"down", "down", "down", "d", "y"}, "▌ OTP beta"},
		"delete from the factor":     {[]string{"down", "enter", "d", "y"}, "▌ OTP beta"},
		"delete while filtered":      {[]string{"/", "a", "enter", "down", "d", "y"}, "▌ OTP beta"},
		"the filter stays":           {[]string{"/", "a", "enter", "down", "d", "y"}, "3 of 3"},
		"remove from the factor":     {[]string{"down", "enter", "x", "y"}, "▌ OTP beta"},
		"not deleted":                {[]string{"down", "d", "n"}, "▌ OTP gamma"},
		"refresh all":                {[]string{"down", "down", "r"}, "▌ OTP beta"},
		"refresh while filtered":     {[]string{"/", "a", "enter", "down", "r"}, "▌ OTP gamma"},
		"sort while filtered":        {[]string{"/", "a", "enter", "down", "s"}, "▌ OTP gamma"},
		"resize":                     {[]string{"down", "down"}, "▌ OTP beta"},
		"leave a deletion under way": {[]string{"down", "d", "esc"}, "▌ OTP gamma"},
	} {
		t.Run(name, func(t *testing.T) {
			p := labelled(t, "alpha", "beta", "gamma", "delta")
			p.press(test.keys...)
			if name == "resize" {
				p.resizes(40, 12).resizes(120, 40).resizes(80, 24)
			}
			p.at("factors").sees(test.want)
		})
	}
}

// A failed challenge does not hide that the factor was verified before: its line says so
// in as many words as there is room for, in the list and among a user's factors alike.
func TestListKeepsAnEarlierVerification(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c", "o")
	p.types(p.shownCode()).at("result").waits(time.Hour).press("c", "o").types(wrong(p.shownCode())).press("esc", "esc").at("factors")
	p.sees("▌ OTP Generic OTP ✗ wrong code just now · ✓").resizes(60, 24).sees("✗ wrong code · ✓").resizes(240, 50).sees("✗ wrong code just now · verified 1 hour ago")
	p.resizes(80, 24).waits(7 * time.Minute).press("down").sees("✗ wrong code 7 min · ✓")

	p = withUser(t, 80, 24, 2).opens("marc@example.com").press("c", "enter")
	p.types(p.smsCode("+15005550002")).at("result").press("enter").at("userFactors").sees("▌ SMS +• •••-•••-0002 ✓ verified just now")
	p.waits(time.Hour).press("c", "enter").types(wrong(p.smsCode("+15005550002"))).press("esc").at("userFactors").sees("▌ SMS +• •••-•••-0002 ✗ wrong code just now · verified 1 hour ago")
}

// What a line says of the last challenge is searched too, and marked where it stands.
func TestFilterFindsResults(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c").types("000000").press("esc", "/")
	for typed, want := range map[string]string{
		"wrong": "▌ OTP Generic OTP ✗ wrong code just now", "sms not challenged": "▌ SMS +• •••-•••-0006 – not challenged yet",
	} {
		p.types(typed).sees("1 of 3", want).press("ctrl+u")
	}
	p.types("verified").sees("No matches").press("esc")

	st, query := newStyles(colourful(termenv.TrueColor), DarkTheme), factors.NewQuery("wrong")
	list := factorList{session: &session{styles: st}, query: query, state: func(store.Record) (factors.State, []string) { return factors.Failed, []string{"✗ wrong code"} }}
	if got, want := list.end(store.Record{}, 20), st.accent.Underline(true).Render("wrong"); !strings.Contains(got, want) {
		t.Errorf("%q has no %q", got, want)
	}
}
