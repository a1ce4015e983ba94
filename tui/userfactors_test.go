package tui

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"mfa-tui/workos"
)

// The factor of a lost phone is deleted with four keys and an address.
func TestLostPhone(t *testing.T) {
	p := withUser(t, 80, 24, 2)
	lost := p.left("marc@example.com")[0]
	p.press("u").types(" Marc@Example.com ").press("enter").sees("Factors › Users › marc@example.com ", "2 factors · Marc Turing · user_", "▌ SMS +• •••-•••-0002 created 1 hour ago")
	p.press("d").at("confirm").sees("Delete this factor of marc@example.com permanently?", "phone +1 500-555-0002", lost.ID, "Factors › Users › marc@")
	p.press("y").at("userFactors").sees("1 factor", "✓ Deleted +• •••-•••-0002", "▌ TOTP Foo marc-1").seesNo("SMS")
	if left := p.left("marc@example.com"); len(left) != 1 || left[0].ID == lost.ID {
		t.Errorf("left are %v", left)
	}
	p.press("esc").at("users").sees("Marc@Example.com").press("esc").at("factors").sees("3 factors")
}

// A question about a user's factor stands on no, and no goes back.
func TestLostPhoneKept(t *testing.T) {
	for _, keys := range []string{"d n", "d enter", "d esc", "enter d n esc"} {
		p := withUser(t, 80, 24, 2).opens("marc@example.com")
		p.press(strings.Fields(keys)...).at("userFactors").sees("2 factors")
		if len(p.left("marc@example.com")) != 2 {
			t.Errorf("%s deletes", keys)
		}
	}
}

// A factor enrolled for a user is theirs, is in the factor file too, and leads
// back to them. Deleted there, it is also gone from the list.
func TestEnrollForUser(t *testing.T) {
	p := withUser(t, 80, 24, 1).opens("marc@example.com").press("n").at("enrollType").sees("marc@example.com › Enroll")
	p.press("enter").at("enrollForm").sees("│ marc@example.com │ whose factor it is").types("Foo Corp").press("enter").at("qr").sees("Users › marc@")
	r := p.newest()
	if left := p.left("marc@example.com"); r.UserID == "" || len(left) != 2 || left[0].ID != r.ID || r.UserID != left[0].UserID {
		t.Errorf("the file has %v, the user %v", r.Factor, left)
	}
	p.resizes(50, 24).press("z").seesNo("Users ›").press("z").resizes(80, 24).sees("Users ›")
	p.press("enter").at("code").types(p.appCode(r.ID)).at("result").sees("✓ Verified").press("enter").at("userFactors")
	p.sees("2 factors", "▌ TOTP Foo Corp marc@example.com ✓ verified just now").press("enter").at("factor").sees("✓ verified just now", "y copy ID")
	p.press("d").sees("of marc@example.com").press("y").at("userFactors").sees("1 factor", "▌ TOTP Foo marc-1", "✓ Deleted Foo Corp")
	if _, kept := p.store.Record(r.ID); kept {
		t.Error("the deleted factor is still in the factor file")
	}

	p.press("n", "down", "enter").types("+15005550009").press("enter").at("message").press("esc").at("factor").press("esc").at("userFactors").sees("2 factors", "▌ SMS +• •••-•••-0009")
	p.press("esc", "esc").at("factors").sees("4 factors")
}

// The secret of a factor enrolled for a user is not kept beside the factor file.
func TestEnrollForUserKeepsNoSecret(t *testing.T) {
	p := withUser(t, 80, 24, 0).opens("marc@example.com").press("n", "enter").types("Foo").press("enter").at("qr")
	p.press("esc", "x").sees("this factor of marc@example.com", "find it with its user").press("y").at("userFactors").sees("1 factor").press("enter").at("factor").sees("– not on your list").seesNo("QR code", "e edit label", "x remove", "never")
	if s := p.model.screen.(forUserScreen).list.records[0]; s.TOTP.Secret+s.TOTP.URI+s.TOTP.QRCode != "" {
		t.Error("the secret is kept")
	}
}

// A factor that is not in the factor file is challenged as any other.
func TestChallengeOfUser(t *testing.T) {
	p := withUser(t, 80, 24, 2).opens("marc@example.com")
	p.press("c").at("message").press("enter").at("code").seesNo("!", "history").types(p.smsCode("+15005550002")).at("result").sees("✓ Verified")
	p.press("enter").at("userFactors").sees("▌ SMS").press("down", "c").at("code").sees("marc@example.com › Foo · marc-1")
	id := p.left("marc@example.com")[1].ID
	p.types(wrong(p.appCode(id))).sees("✗ Wrong code (1 so far)").seesNo("history").types(p.appCode(id)).at("result")
	p.press("c").at("code").press("esc").at("userFactors")
	if _, kept := p.store.Record(id); kept {
		t.Error("the challenge has put the factor into the file")
	}
}

// The factors come in pages, the next one when the choice reaches the end.
func TestUserFactorsPages(t *testing.T) {
	p := withUser(t, 80, 24, 60).opens("marc@example.com").sees("25 factors so far, more below", "+• •••-•••-0060")
	for range 23 {
		p.press("down")
	}
	p.sees("25 factors so far").press("down").sees("50 factors so far, more below", "▌ SMS +• •••-•••-0036")
	p.press("end").sees("60 factors · page 4 of 4 · Marc", "▌ TOTP Foo marc-11").seesNo("more below").press("end", "down").sees("▌ TOTP Foo marc-1 ")
	p.press("home", "up").sees("▌ SMS +• •••-•••-0060").press("pgdown", "pgup", "pgdown").sees("▌ SMS +• •••-•••-0044")
	if n := len(p.wire.calls); n != 4 {
		t.Errorf("%d calls, want 4: %v", n, p.wire.calls)
	}
	p.press("r").sees("25 factors so far", "▌ SMS +• •••-•••-0044")
}

// Deleting the factor that the next page begins behind loses none.
func TestUserFactorsPageBehindDeleted(t *testing.T) {
	p := withUser(t, 80, 24, 27).opens("marc@example.com")
	p.wire.fault = answer(429, "application/json", `{"code":"rate_limit_exceeded"}`, "Retry-After", "30")
	p.press("end").sees("(429)", "try again in 30 seconds", "25 factors so far", "▌ TOTP Foo marc-3 ")
	p.wire.fault = nil
	p.press("d", "y").at("userFactors").sees("26 factors", "▌ SMS +• •••-•••-0004").seesNo("more below")
	p.press("end").sees("▌ TOTP Foo marc-1 ")
}

// Deleting all that is loaded loads the page that is then the first.
func TestUserFactorsPageDeleted(t *testing.T) {
	p := withUser(t, 80, 24, 3)
	p.wire.fault = func(r *http.Request) (*http.Response, error) { // pages of one
		r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "limit=25", "limit=1", 1)
		return nil, nil
	}
	p.opens("marc@example.com").sees("1 factor so far", "▌ TOTP Foo marc-3").press("d", "y").at("userFactors").sees("1 factor so far", "▌ SMS")
	p.press("d", "y").sees("1 factor · Marc", "▌ TOTP Foo marc-1").press("d", "y").sees("No factors")
}

func TestUserWithoutFactors(t *testing.T) {
	p := withUser(t, 80, 24, 1).opens("marc@example.com").press("d", "y").sees("No factors", "n enroll")
	p.press("d", "enter", "c").at("userFactors").press("n", "esc").at("userFactors").sees("No factors")
}

// A list that comes back to its beginning has an end.
func TestUserFactorsWithoutEnd(t *testing.T) {
	p := withUser(t, 80, 24, 30)
	page := func(r *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(r.URL.Path, "/auth_factors") {
			return nil, nil
		}
		return answer(200, "application/json", `{"data":[{"id":"auth_factor_1","type":"generic_otp"},{"id":""}],"list_metadata":{"after":"auth_factor_1"}}`)(r)
	}
	p.wire.fault = page
	p.opens("marc@example.com").sees("1 factor so far").press("end").sees("1 factor ·").seesNo("more below").press("end", "end")
	if n := len(p.wire.calls); n != 3 {
		t.Errorf("calls %v", p.wire.calls)
	}
}

// A user, or a factor, that was deleted meanwhile.
func TestUserDeletedElsewhere(t *testing.T) {
	p := withUser(t, 80, 24, 2).opens("marc@example.com")
	gone := p.left("marc@example.com")[0]
	if err := p.model.session.API.DeleteFactor(context.Background(), workos.DeleteFactorOpts{FactorID: gone.ID}); err != nil {
		t.Fatal(err)
	}
	p.press("d", "y").at("userFactors").sees("1 factor", "Already gone at the local engine: ")
	p.wire.fault = answer(404, "application/json", `{"code":"entity_not_found","message":"User not found"}`)
	p.press("r").at("userFactors").sees("✗ The local engine no longer has this user (404)")
}

// A user's factor whose enrollment is not saved: the screen between leads on.
func TestUnsavedForUser(t *testing.T) {
	p := withUser(t, 80, 24, 0).opens("marc@example.com").press("n", "down", "enter").types("+15005550009")
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/enroll") {
			p.lock()
			p.wire.fault = nil
		}
		return nil, nil
	}
	p.press("enter").at("unsaved").sees("The factor is enrolled, but", "Users › marc@example.com")
	p.press(":").seesNo("list of factors", "lab", "are saved").sees("quit", "prints the IDs").press("esc").at("unsaved") // which must not be left so
	p.unlock()
	p.press("enter").at("message").press("esc").at("factor").press("esc").at("userFactors").sees("1 factor")
}
