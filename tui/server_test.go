package tui

import (
	"context"
	"net/http"
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/workos"
	"mfa-tui/workos/local"
	"mfa-tui/workos/watch"
)

// verified lets a client answer a new challenge of a phone's factor.
func (p *person) verified(factorID, number string) *person {
	p.t.Helper()
	c := p.challenged(factorID)
	p.now = p.now.Add(26 * time.Second)
	if !p.answered(c, p.smsCode(number)).Valid {
		p.t.Fatal("the code is wrong")
	}
	return p.called()
}

// A challenge that nobody answers expires on the screen too, by time alone or when the lab
// moves the clock, also at the wish of a client.
func TestServerExpires(t *testing.T) {
	for name, pass := range map[string]func(*person){
		"time":   func(p *person) { p.now = p.now.Add(11 * time.Minute); p.send(minuteMsg{}) },
		"client": func(p *person) { _ = p.engine.MoveClock(11 * time.Minute); p.called() },
		"person": func(p *person) { _ = p.engine.MoveClock(11 * time.Minute); p.press("down", "up") },
	} {
		t.Run(name, func(t *testing.T) {
			p := newPerson(t, 80, 40).serves().hasClients().press("3").seesNo("expired")
			pass(p)
			p.sees("expired").press("enter").at("factor").sees("expired")
			p = newPerson(t, 80, 40).serves().hasClients().press("3", "enter").at("factor").seesNo("expired")
			pass(p)
			p.at("factor").sees("expired")
		})
	}
}

// What changes while something lies over a screen, or during a call, is seen after it.
func TestServerCatchesUp(t *testing.T) {
	const number = "+15005550007"
	for _, over := range []string{"i", ":"} {
		p := newPerson(t, 80, 40).serves().hasClients().press("3", "enter").at("factor").press(over)
		p.verified(p.store.Records()[0].ID, number).press("esc").at("factor").sees("✓ verified")
	}
	p := newPerson(t, 80, 40).serves().hasClients().press("3", "enter").at("factor")
	sms := p.store.Records()[0].ID
	p.wire.fault = func(r *http.Request) (*http.Response, error) {
		p.wire.fault = nil
		p.verified(sms, number).seesNo("✓ verified")
		return p.engine.RoundTrip(r)
	}
	p.press("r").at("factor").sees("✓ verified")
}

// Where nothing ticks, a change right after another is shown a second later.
func TestServerTellsTheLastChange(t *testing.T) {
	p := newPerson(t, 80, 40).serves().hasClients().press("3", "enter").at("factor")
	for range 3 {
		p.waits(time.Second)
	}
	sms := p.store.Records()[0].ID
	for range 2 {
		p.challenged(sms)
		p.called().sees("of 3 verified")
	}
	p.waits(time.Second).sees("of 4 verified")
}

// Factors of a user come and go while their list is open, also below another screen.
func TestServerUserFactors(t *testing.T) {
	p := newPerson(t, 80, 40).serves().hasClients().press("4", "enter").at("userFactors").sees("1 factor ", "Foo Corp")
	enroll := func() string {
		f := must(p.client().EnrollUserFactor(t.Context(), workos.EnrollUserFactorOpts{UserID: p.model.session.live.users[0].ID, Type: workos.TOTP, TOTPIssuer: "Bar", TOTPUser: "ada"}))
		p.called().waits(time.Second)
		return f.Factor.ID
	}
	id := enroll()
	calls := len(p.calls.Calls())
	p.sees("2 factors", "Bar", "▌ TOTP Foo Corp").press("enter").at("factor")
	if err := p.client().DeleteFactor(t.Context(), workos.DeleteFactorOpts{FactorID: id}); err != nil {
		t.Fatal(err)
	}
	p.called().waits(time.Second).press("esc").at("userFactors").sees("1 factor ").seesNo("Bar")
	if n := len(p.calls.Calls()); n != calls+1 {
		t.Errorf("%d calls to see what is known", n-calls-1)
	}
}

// A verification is as old as it is, not as the challenge.
func TestServerVerifiedAt(t *testing.T) {
	p := newPerson(t, 80, 40).serves().hasClients().press("3")
	sms := p.store.Records()[0]
	p.verified(sms.ID, "+15005550007")
	if r, _ := p.store.Record(sms.ID); !r.VerifiedAt.Equal(p.now) || !r.History[len(r.History)-1].At.Before(p.now) {
		t.Errorf("%s, want %s: %+v", r.VerifiedAt, p.now, r.History)
	}
}

// All factors are copied once a second at most, and then what came last is there.
func TestServerIsAskedRarely(t *testing.T) {
	p := newPerson(t, 120, 40).serves().hasClients()
	spy := &spy{Engine: p.engine}
	p.model.session.Serving.Server, p.model.session.Lab = spy, spy
	p.press("3")
	for range 25 {
		p.now = p.now.Add(100 * time.Millisecond)
		must(p.client().EnrollFactor(t.Context(), workos.EnrollFactorOpts{Type: workos.GenericOTP}))
		p.called()
	}
	if spy.copies != 3 {
		t.Errorf("%d copies in 2.5 seconds", spy.copies)
	}
	if p.waits(time.Second).sees("[3 factors] 27"); spy.copies != 4 || len(p.store.Records()) != 27 {
		t.Errorf("%d factors after %d copies", len(p.store.Records()), spy.copies)
	}
	asked := spy.asked
	if p.sees(p.appCode(p.store.Records()[26].ID)[:3]); p.model.View() == "" || spy.asked != asked {
		t.Errorf("drawing asks the engine %d times", spy.asked-asked)
	}
	for range store.HistoryLimit + 3 {
		p.challenged(p.store.Records()[0].ID)
	}
	p.called().waits(time.Second)
	if n := len(p.store.Records()[0].History); n != store.HistoryLimit {
		t.Errorf("%d challenges", n)
	}
}

// The countdown is that of the code, whatever the time of day.
func TestServerCountsDown(t *testing.T) {
	p := newPerson(t, 80, 24).serves().hasClients()
	p.model.session.Serving.Server = &spy{Engine: p.engine, left: 12 * time.Second}
	p.press("3").sees("─ 12 s").waits(time.Second).sees("─ 11 s")
}

// A message that a person saw on the test phone is not new to them, and another one is.
func TestServerSeenOnThePhone(t *testing.T) {
	p := newPerson(t, 80, 24).serves().hasClients().sees("2 new").press("2", "3", "c", "enter").at("code").sees("new message").press("esc", "esc", "1").called()
	p.at("console").sees("2 messages 3").seesNo("new")
	sms := p.store.Records()[0].ID
	p.challenged(sms)
	p.called().sees("1 new")
}

// spy counts how often the engine is asked.
type spy struct {
	*local.Engine
	asked, copies int
	left          time.Duration // until the next code, if it is not the engine's
}

func (s *spy) SeenFactors(ctx context.Context, challenges int) ([]watch.Factor, error) {
	s.copies++
	return s.Engine.SeenFactors(ctx, challenges)
}

func (s *spy) Armed() []string {
	s.asked++
	return s.Engine.Armed()
}

func (s *spy) ClockOffset() time.Duration {
	s.asked++
	return s.Engine.ClockOffset()
}

func (s *spy) AuthenticatorCode(ctx context.Context, id string) (code, next string, until time.Time, err error) {
	s.asked++
	code, next, until, err = s.Engine.AuthenticatorCode(ctx, id)
	if s.left > 0 {
		until = s.Time().Add(s.left)
	}
	return code, next, until, err
}

// A key is shown so far that it is known again, and a short one not at all.
func TestMaskedKey(t *testing.T) {
	for key, want := range map[string]string{
		"sk_test_default": "sk_test_def…", "sk_test_123456": "sk_test_…", "sk_test_longer_key": "sk_test_lon…", "ab": "…", "sk_live_secret": "sk_…", "": "…",
	} {
		if got := maskedKey(key); got != want {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}
