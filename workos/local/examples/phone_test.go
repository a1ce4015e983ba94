// Package examples has tests of an app against mfa-tui serve, in each language the same,
// and the files that start it in containers. The client here is this repository's. In an
// app it is github.com/workos/workos-go, with workos.WithBaseURL(server.URL).
package examples

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"testing"

	"mfa-tui/workos"
)

// server is what serve prints when it is ready.
type server struct{ URL, APIKey string }

// serve starts a server of its own for a test. It needs mfa-tui on the PATH.
func serve(t *testing.T) (s server) {
	cmd := exec.CommandContext(t.Context(), "mfa-tui", "serve", "--port", "0", "--json")
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Wait() }) // the end of the test has killed it
	must(t, json.NewDecoder(out).Decode(&s))
	return s
}

// The code of a text message is valid.
func TestPhone(t *testing.T) {
	ctx, server := t.Context(), serve(t)
	client, err := workos.NewClient(workos.ClientOpts{APIKey: server.APIKey, BaseURL: server.URL})
	must(t, err)

	factor, err := client.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"})
	must(t, err)
	challenge, err := client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: factor.ID})
	must(t, err)
	resp, err := http.Get(server.URL + "/_emulate/sms")
	must(t, err)
	defer resp.Body.Close()
	var messages []struct{ Code string }
	must(t, json.NewDecoder(resp.Body).Decode(&messages))
	verified, err := client.VerifyChallenge(ctx, workos.VerifyChallengeOpts{ChallengeID: challenge.ID, Code: messages[0].Code})
	must(t, err)
	if !verified.Valid {
		t.Errorf("%+v", verified)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
