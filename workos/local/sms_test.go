package local_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"mfa-tui/workos"
)

func TestPhoneNumbers(t *testing.T) {
	for number, ok := range map[string]bool{
		phone: true, "+4915123456789": true, "+1234567": true, "+123456789012345": true,
		"15005550006": true,
		"foo":         false, "555": false, "+1 (500) 555-0006": false, "1 500 555 0006": false, "1-500-555-0006": false, "0015005550006": false,
		"+05005550006": false, "+123456": false, "+1234567890123456": false, "+1500555000６": false,
		phone + " ": false, "+" + phone: false, phone + "\n": false,
	} {
		f, err := newLab(t).EnrollFactor(ctx, workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: number})
		switch {
		case ok && (err != nil || f.SMS == nil || f.SMS.PhoneNumber != "+"+strings.TrimPrefix(number, "+")):
			t.Errorf("%q: %+v, %v", number, f.SMS, err)
		case !ok && !workos.IsInvalidPhoneNumber(err):
			t.Errorf("%q: %v, want an invalid phone number", number, err)
		}
	}
}

func TestTemplates(t *testing.T) {
	for template, want := range map[string]string{
		"":                               "Your verification code is CODE.",
		"{{code}}":                       "CODE",
		"{{code}} is it. Yes: {{code}}!": "CODE is it. Yes: CODE!",
		"{{code}}{{code}}":               "CODECODE",
		"100% {{{code}}} $1":             "100% {CODE} $1",
		"Ваш код {{code}} 🔑\n@b.co":      "Ваш код CODE 🔑\n@b.co",
		"no code":                        "no code", // sent as it is, and nobody can finish
		"{{ code }} {{CODE}} {code}":     "{{ code }} {{CODE}} {code}",
	} {
		l := newLab(t)
		f := l.enroll(smsOpts)
		c := l.challengeWith(workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: template})
		body, sentAt := l.lastSMS(phone)
		if got := digits.ReplaceAllString(body, "CODE"); got != want || !sentAt.Equal(start) {
			t.Errorf("%q was sent as %q at %s, want %q", template, body, sentAt, want)
		}
		for i, code := range digits.FindAllString(body, -1) {
			if i == 0 {
				l.wants(true, c, code)
			} else if !strings.HasPrefix(digits.FindString(body), code) {
				t.Errorf("two codes in %q", body)
			}
		}
	}
}

func TestNewestMessage(t *testing.T) {
	l := newLab(t)
	to := l.enroll(workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+4915123456789"})
	f := l.enroll(smsOpts)
	for i := range 3 {
		l.challengeWith(workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: fmt.Sprint("message ", i)})
		l.wait(time.Second)
		l.challengeWith(workos.ChallengeFactorOpts{FactorID: to.ID, SMSTemplate: "to another phone"})
		if body, sentAt := l.lastSMS(phone); body != fmt.Sprint("message ", i) || !sentAt.Equal(l.time().Add(-time.Second)) {
			t.Errorf("the newest is %q of %s, want message %d", body, sentAt, i)
		}
	}
	if body, sentAt := l.lastSMS("+1"); body != "" || !sentAt.IsZero() {
		t.Errorf("a phone without messages has %q of %s", body, sentAt)
	}
}

// The outbox holds 100 messages.
func TestOutboxEnds(t *testing.T) {
	l := newLab(t)
	f := l.enroll(smsOpts)
	to := l.enroll(workos.EnrollFactorOpts{Type: workos.SMS, PhoneNumber: "+4915123456789"})
	l.challenge(f)
	for range 99 {
		l.challenge(to)
	}
	if body, _ := l.lastSMS(phone); body == "" {
		t.Error("the oldest of 100 messages is gone")
	}
	l.challenge(to)
	if body, _ := l.lastSMS(phone); body != "" {
		t.Error("there are more than 100 messages")
	}
}

// Only a text message is sent as one.
func TestNoMessageForOtherTypes(t *testing.T) {
	for _, opts := range []workos.EnrollFactorOpts{totpOpts, genericOpts} {
		opts.PhoneNumber = phone
		l := newLab(t)
		f := l.enroll(opts)
		l.challengeWith(workos.ChallengeFactorOpts{FactorID: f.ID, SMSTemplate: "{{code}}"})
		for _, number := range []string{phone, ""} {
			if body, _ := l.lastSMS(number); body != "" || f.SMS != nil {
				t.Errorf("%s: %q was sent", f.Type, body)
			}
		}
	}
}
