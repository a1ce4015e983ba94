package local_test

import (
	"context"
	"testing"

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
