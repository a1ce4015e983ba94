package tui

import (
	"strings"
	"testing"

	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

// In LIVE one key is too little: the end of the ID has to be typed.
func TestDeleteInLive(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {40, 12}} {
		p := threeFactors(t, size[0], size[1])
		p.model.session.Mode = factors.Live
		id := p.newest().ID
		p.press("d").at("confirm").sees("This is a LIVE environment", "Delete this factor permanently?", id, "┃ Last 4 characters of the ID", "Type them, then press enter").seesNo("[ No ]")
		p.press("enter").sees("✗ Type them first").press("y", "enter", "enter").at("confirm").sees("✗ The ID does not end in y").press("backspace").seesNo("does not end")
		p.types("n").press("esc").at("factors").sees("3 factors")
		p.press("d", "enter").at("confirm").types(id[len(id)-5 : len(id)-1]).press("enter").at("confirm").press("ctrl+u")
		p.types(strings.ToLower(id[len(id)-4:])).press("enter").at("factors").sees("2 factors", "✓ Deleted Generic OTP ("+id[:12])
		if _, err := p.model.session.API.GetFactor(t.Context(), workos.GetFactorOpts{FactorID: id}); err == nil {
			t.Error("it is still there")
		}
		p.press("x").at("confirm").sees("This is a LIVE environment", "[ No ]").press("y").sees("1 factor")
	}
	p := threeFactors(t, 80, 24)
	p.press("d").seesNo("LIVE environment").press("y").at("factors").sees("2 factors")
}

// A question says what a factor is, and whose.
func TestQuestionNamesTheFactor(t *testing.T) {
	p := threeFactors(t, 80, 24).press("G", "e").types("alan").press("enter", "d")
	p.sees("type TOTP", "label alan", "issuer Foo Corp", "user alan.turing@example.com", "ID auth_factor_", "┃ [ No ]")
	p.press("enter").at("factors").press("down", "x").sees("still exists at the local engine")
	p.resizes(40, 12).sees("TOTP alan Foo Corp", "auth_factor_", "┃ [ No ]")
}

// A question about many factors shows as many as fit, with their IDs.
func TestQuestionAboutMany(t *testing.T) {
	p := newPerson(t, 80, 24).holds(manyRecords(1000)).press("X")
	if body := strings.Split(p.screen(), "\n"); strings.TrimSpace(body[4]) != "" || strings.TrimSpace(body[len(body)-4]) == "" || strings.TrimSpace(body[len(body)-5]) != "" {
		t.Errorf("no air around the table:\n%s", p.screen())
	}
	p.sees("Remove all 1000 factors", "TYPE NAME DETAILS ID", "OTP label 999 Generic OTP auth_factor_000999", "more", "┃ [ No ]").resizes(40, 12).sees("more", "┃ [ No ]")
}

// A lost phone is compared with a whole number, and whoever deletes a user's factor sees
// what the user has then.
func TestQuestionAboutAPhone(t *testing.T) {
	p := withUser(t, 80, 24, 2).opens("marc@example.com").press("d").sees("phone +1 500-555-0002", "1 other factor stays: TOTP Foo · marc-1").resizes(40, 12).sees("1 other factor stays", "auth_factor_")
	p.model.session.Mode = factors.Live
	p.press("n", "d").sees("+1 500-555-0002", "auth_factor_", "┃ Last 4 characters of the ID").press("esc")
	p.model.session.Mode = factors.Local
	p.press("x").resizes(80, 24).press("d", "y").at("userFactors").press("d").sees("! This is the last factor of marc@example.com").press("n", "esc", "esc")
	p.press("G", "d").sees("Delete this factor").seesNo("stay", "last factor")
}
