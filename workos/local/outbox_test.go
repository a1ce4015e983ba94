package local_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
	"mfa-tui/workos/local"
)

// The outbox has the messages of all numbers, the newest first.
func TestMessages(t *testing.T) {
	ctx := context.Background()
	engine := local.New(local.Options{})
	if all, err := engine.Messages(ctx); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	client, err := workos.NewClient(workos.ClientOpts{APIKey: "k", Transport: engine})
	if err != nil {
		t.Fatal(err)
	}
	for _, phone := range []string{"+15005550006", "+15005550007"} {
		f, err := client.EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: phone})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.ChallengeFactor(ctx, workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: "to " + phone + " {{code}}"}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := engine.Messages(ctx)
	if err != nil || len(all) != 2 || all[0].To != "+15005550007" || all[1].To != "+15005550006" ||
		all[0].Body[:15] != "to +15005550007" || all[0].SentAt.IsZero() {
		t.Errorf("%v, %v", all, err)
	}
}

// The message of a challenge is its own, whatever else came to the phone: two factors may
// be on one phone, and a message may be lost or have other digits in it.
func TestSMSOfAChallenge(t *testing.T) {
	l := newLab(t)
	one, two := l.sms(), l.sms()
	challenge := func(f workos.Factor, template string) workos.Challenge {
		return l.challengeWith(workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: template})
	}
	first := challenge(one, "Ticket 123456: code{{code}}x")
	bare := challenge(two, "no code, but 123456")
	ok(l.engine.AddHook(local.Hook{Method: "POST", Path: "*", LostSMS: true, Count: 1}))(t)
	lost := challenge(one, "{{code}}")
	totp := l.challenge(l.totp())

	body, code, err := l.engine.SMS(ctx, first.ID)
	if err != nil || body != "Ticket 123456: code"+code+"x" {
		t.Errorf("the first message is %q with code %q, %v", body, code, err)
	}
	l.wants(true, first, code)
	if body, code, err := l.engine.SMS(ctx, bare.ID); err != nil || code != "" || body != "no code, but 123456" {
		t.Errorf("the message without a code is %q with code %q, %v", body, code, err)
	}
	for _, c := range []workos.Challenge{lost, totp, {}} {
		if body, code, err := l.engine.SMS(ctx, c.ID); body != "" || code != "" || err != nil {
			t.Errorf("challenge %q has the message %q with code %q, %v", c.ID, body, code, err)
		}
	}
	for _, m := range ok(l.engine.Messages(ctx))(t) {
		if want := map[string]string{first.ID: one.ID, bare.ID: two.ID}[m.ChallengeID]; m.FactorID != want {
			t.Errorf("the message %q is of factor %q, want %q", m.Body, m.FactorID, want)
		}
	}
}

// The newest challenge is the one that was started last, even if the clock was set back.
func TestNewestChallenge(t *testing.T) {
	l := labOn(t, &disk{}, 1)
	one, two := l.sms(), l.sms()
	newest := func(f workos.Factor) string { return l.newestChallenge(f.ID) }
	if id := newest(one); id != "" {
		t.Errorf("a factor without a challenge has %q", id)
	}
	if err := l.engine.MoveClock(time.Hour); err != nil {
		t.Fatal(err)
	}
	l.challenge(one)
	l.engine.ResetClock()
	c, other := l.challenge(one), l.challenge(two)
	l.restart()
	if newest(one) != c.ID || newest(two) != other.ID {
		t.Errorf("the newest are %s and %s, want %s and %s", newest(one), newest(two), c.ID, other.ID)
	}
	if status, body, err := l.tool(ctx, "/factors/unknown/code"); status != 404 || err != nil {
		t.Errorf("an unknown factor has %s, %v", body, err)
	}
}

// A state of an older version does not say of which factor a message is: its challenge
// does, if that is still there. Its messages get ids.
func TestOutboxOfOlderVersion(t *testing.T) {
	message := func(n string) string {
		return `{"to":"` + phone + `","body":"` + n + `","code":"` + n + `","challenge_id":"` + n + `","sent_at":"2026-01-15T12:00:00Z"}`
	}
	state := edited(`{"f":{"id":"f","type":"sms"}}`, `{"2":{"id":"2","factor_id":"f"},"3":{"id":"3","factor_id":"f"}}`, `{}`)
	storage := &disk{data: []byte(strings.Replace(state, `"outbox":null`, `"outbox":[`+message("1")+`,`+message("3")+`,`+message("2")+`]`, 1))}
	l := labOn(t, storage, 1)
	for range 2 { // as it was, and as it is written back
		var of []string
		for _, m := range ok(l.engine.Messages(ctx))(t) {
			of = append(of, m.ChallengeID+m.FactorID+m.ID)
		}
		if got := strings.Join(of, " "); got != "2fmessage_3 3fmessage_2 1message_1" {
			t.Errorf("the messages and their factors are %s", got)
		}
		if id := l.newestChallenge("f"); id != "2" {
			t.Errorf("the newest challenge is %q", id)
		}
		l.totp()
		l.restart()
	}
	l.challenge(l.sms())
	if all := ok(l.engine.Messages(ctx))(t); all[0].ID != "message_4" {
		t.Errorf("the next message is %s", all[0].ID)
	}
}

// newestChallenge is the challenge whose code the phone shows for a factor, empty if there
// is none.
func (l *lab) newestChallenge(factorID string) string {
	l.t.Helper()
	status, body, err := l.tool(ctx, "/factors/"+factorID+"/code")
	var shown struct {
		ID string `json:"challenge_id"`
	}
	if err = errors.Join(err, json.Unmarshal([]byte(body), &shown)); err != nil || status != 200 {
		l.t.Fatalf("%d %s, %v", status, body, err)
	}
	return shown.ID
}
