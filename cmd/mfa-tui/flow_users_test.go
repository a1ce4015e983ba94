//go:build unix

package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"mfa-tui/workos/local"
)

// TestLostPhone helps a user of a server who lost a phone: four keys and the
// address. Then another factor is enrolled, and is there after a restart.
func TestLostPhone(t *testing.T) {
	t.Parallel()
	const lost, other = "auth_factor_01PHONE", "auth_factor_01APP"
	engine := local.New(local.Options{APIKey: testKey, Seed: &local.Seed{
		Users: []local.SeedUser{{ID: "user_01ALAN", Email: "alan@example.com", FirstName: "Alan"}},
		Factors: []local.SeedFactor{
			{ID: other, Type: "totp", UserID: "user_01ALAN", Issuer: "Foo Corp", User: "alan", Secret: "JBSWY3DPEHPK3PXP"},
			{ID: lost, Type: "sms", UserID: "user_01ALAN", PhoneNumber: "+15005550006"},
		},
	}})
	server := httptest.NewServer(engine)
	defer server.Close()
	s := newSeat(t, "WORKOS_API_KEY="+testKey, "WORKOS_CLIENT_ID=client_1", "WORKOS_BASE_URL="+server.URL)
	x := s.start("--log", "log")
	x.sees("TEST", "No factors on your list yet")
	x.press("u").sees("E-mail address or name")
	x.press("alan@example.com").sees("┃ alan@example.com")
	x.press(enter).sees("Users › alan@example.com", "2 factors · Alan · user_01ALAN", "▌ SMS   +• •••-•••-0006")
	x.press("d").sees("Delete this factor of alan@example.com permanently?", lost)
	x.press("y").sees("1 factor", "✓ Deleted", "▌ TOTP  Foo Corp  ")
	if got := statusOf(t, server.URL+"/auth/factors/"+lost); got != http.StatusNotFound {
		t.Errorf("the lost factor is there: %d", got)
	}
	if got := statusOf(t, server.URL+"/auth/factors/"+other); got != http.StatusOK {
		t.Errorf("the other factor is not there: %d", got)
	}

	x.press("n").sees("Generic OTP")
	x.press(enter).sees("Issuer", "alan@example.com")
	x.press("Foo Corp" + tab + enter)
	app := x.authenticator()
	x.press(enter).sees("from your authenticator app")
	x.press(app.code(0)).sees("✓ Verified")
	x.press(enter).sees("2 factors · Alan", "▌ TOTP  Foo Corp  ", "alan@example.com")
	x.press("q").ends()
	checkNoSecret(t, filepath.Join(s.home, "log"), testKey, app.secret, "alan@", "5550006")

	x = s.start()
	if screen := x.sees("1 factor", "alan@example.com", "✓ verified"); strings.Contains(screen, "0006") {
		t.Errorf("the user's other factors are on the list:\n%s", screen)
	}
	x.press("q").ends()
}

// statusOf is the status of a GET with the key.
func statusOf(t *testing.T, url string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+testKey)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}
