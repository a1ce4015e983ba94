package tui

import (
	"regexp"
	"slices"
	"testing"
	"time"
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

// A failed challenge does not hide that the factor was verified before: its line says both
// where there is room, else what stands beside the list does.
func TestListKeepsAnEarlierVerification(t *testing.T) {
	p := threeFactors(t, 80, 24).press("c", "o")
	p.types(p.shownCode()).at("result").waits(time.Hour).press("c", "o").types(wrong(p.shownCode())).press("esc", "esc").at("factors")
	p.sees("▌ OTP Generic OTP ✗ wrong code just now").seesNo("verified")
	p.resizes(120, 40).sees("✗ wrong code just now", "verified 2026-01-15").resizes(240, 50).sees("✗ wrong code just now · verified 1 hour ago")
}
