package emulate_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/emulate"
	"mfa-tui/workos/local"
)

// started is an engine with an SMS and a TOTP factor, in the same process.
func started(t *testing.T) (engine *local.Engine, phone *emulate.Client, api *workos.Client, sms, totp workos.Factor) {
	t.Helper()
	engine = local.New(local.Options{})
	api, err := workos.NewClient(workos.ClientOpts{APIKey: "k", Transport: engine})
	if err != nil {
		t.Fatal(err)
	}
	enroll := func(opts workos.EnrollFactorOpts) workos.Factor {
		f, err := api.EnrollFactor(t.Context(), opts)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	return engine, emulate.New("http://localhost", engine), api,
		enroll(workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+15005550006"}),
		enroll(workos.EnrollFactorOpts{Type: workos.TOTP, TOTPIssuer: "Foo", TOTPUser: "a"})
}

func challenge(t *testing.T, api *workos.Client, f workos.Factor) string {
	t.Helper()
	c, err := api.ChallengeFactor(t.Context(), workos.ChallengeFactorOpts{FactorID: f.ID})
	if err != nil {
		t.Fatal(err)
	}
	return c.ID
}

// What the phone shows is what the engine itself says.
func TestPhone(t *testing.T) {
	engine, phone, api, sms, totp := started(t)
	if phone.Find(t.Context()) != nil {
		t.Error("the engine is not found")
	}
	c := challenge(t, api, sms)
	wantBody, wantCode, _ := engine.SMS(t.Context(), c)
	if body, code, err := phone.SMS(t.Context(), c); body != wantBody || code != wantCode || code == "" || err != nil {
		t.Errorf("%q with %q, %v", body, code, err)
	}
	if body, code, err := phone.SMS(t.Context(), challenge(t, api, totp)); body+code != "" || err != nil {
		t.Errorf("another challenge has %q with %q, %v", body, code, err)
	}
	all, err := phone.Messages(t.Context(), "")
	if err != nil || len(all) != 1 || all[0].ChallengeID != c || all[0].FactorID != sms.ID || all[0].ID == "" || all[0].SentAt.IsZero() {
		t.Errorf("%+v, %v", all, err)
	}
	if newer, err := phone.Messages(t.Context(), all[0].ID); len(newer) != 0 || err != nil {
		t.Errorf("%+v, %v", newer, err)
	}
	if _, err := phone.Messages(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "since must be") {
		t.Error(err)
	}
	if _, err := phone.Code(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "not found: 'x'") {
		t.Error(err)
	}
}

// When the next code comes is a time of this computer's clock, even if the engine's is
// another one: a person counts the seconds by it.
func TestAuthenticatorOfAMovedClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		engine, phone, _, _, totp := started(t)
		time.Sleep(7 * time.Second) // of the bubble's clock, which begins at a full minute
		if err := engine.MoveClock(10*time.Minute + 5*time.Second); err != nil {
			t.Fatal(err)
		}
		want, wantNext, _, _ := engine.AuthenticatorCode(t.Context(), totp.ID)
		code, next, until, err := phone.AuthenticatorCode(t.Context(), totp.ID)
		if code != want || next != wantNext || time.Until(until) != 18*time.Second || err != nil {
			t.Errorf("%s, then %s in %s, %v; want %s, then %s", code, next, time.Until(until), err, want, wantNext)
		}
	})
}

// A wait may be longer than the engine's.
func TestLongWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, phone, api, sms, _ := started(t)
		began := time.Now()
		if code, found, err := phone.AwaitCode(t.Context(), sms.ID, "", 95*time.Second); found || code.Code != "" || err != nil || time.Since(began) != 95*time.Second {
			t.Errorf("%+v, %t, %v after %s", code, found, err, time.Since(began))
		}
		began = time.Now()
		go func() {
			time.Sleep(80 * time.Second) // of the bubble's clock
			challenge(t, api, sms)
			challenge(t, api, sms)
		}()
		code, found, err := phone.AwaitCode(t.Context(), sms.ID, "", 5*time.Minute)
		if !found || code.Code == "" || err != nil || time.Since(began) != 80*time.Second {
			t.Errorf("%+v, %t, %v after %s", code, found, err, time.Since(began))
		}
		synctest.Wait()
		all, err := phone.Next(t.Context(), "")
		if err != nil || len(all) != 2 || all[0].ID != "message_1" {
			t.Errorf("%+v, %v", all, err)
		}
		go func() {
			time.Sleep(2 * time.Minute) // of the bubble's clock
			challenge(t, api, sms)
		}()
		if all, err = phone.Next(t.Context(), "message_2"); err != nil || len(all) != 1 || all[0].ID != "message_3" {
			t.Errorf("%+v, %v", all, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := phone.Next(ctx, "message_3"); err == nil {
			t.Error("nobody gave up")
		}
	})
}

// What is not an engine, or is one that does not answer this client, is not found, and its
// answers are not read as messages.
func TestNotAnEngine(t *testing.T) {
	for name, h := range map[string]http.HandlerFunc{
		"another server": func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "[]") },
		"refused": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Mfa-Tui-Engine", "1")
			w.WriteHeader(http.StatusForbidden)
		},
		"no JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Mfa-Tui-Engine", "1")
			io.WriteString(w, "<html>")
		},
	} {
		server := httptest.NewServer(h)
		phone := emulate.New(server.URL+"/", http.DefaultTransport)
		if phone.Find(t.Context()) == nil {
			t.Errorf("%s is found", name)
		}
		if all, err := phone.Messages(t.Context(), ""); err == nil {
			t.Errorf("%s has messages: %+v", name, all)
		}
		server.Close()
		if phone.Find(t.Context()) == nil {
			t.Errorf("%s is found after its end", name)
		}
	}
}
