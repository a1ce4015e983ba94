package factors_test

import (
	"testing"
	"time"

	"mfa-tui/store"
	"mfa-tui/store/factors"
)

func TestHistoryInWords(t *testing.T) {
	for want, after := range map[string]time.Duration{
		"after 9 seconds, second try": 9 * time.Second, "after 1 second, second try": time.Millisecond, "after 3 minutes, second try": 2*time.Minute + time.Second,
		"second try": -time.Second, // the clock was moved back
	} {
		if got := factors.Answered(after, 1); got != want {
			t.Errorf("%s: %q, want %q", after, got, want)
		}
	}
	for wrong, want := range []string{"first", "second", "third", "fourth", "fifth", "6th"} {
		if got := factors.Answered(-1, wrong); got != want+" try" {
			t.Errorf("after %d wrong codes: %q", wrong, got)
		}
	}
	history := []store.Attempt{{Outcome: store.OutcomeVerified}, {Outcome: store.OutcomeExpired}, {Outcome: store.OutcomeVerified}}
	if got := factors.VerifiedCount(history) + factors.VerifiedCount(nil); got != "2 of 3 verified" {
		t.Error(got)
	}
}
