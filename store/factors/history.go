package factors

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
)

// VerifiedCount says how many of a factor's challenges were verified, e.g. "3 of 4
// verified", empty if there was none.
func VerifiedCount(history []store.Attempt) string {
	verified := 0
	for _, a := range history {
		if a.Outcome == store.OutcomeVerified {
			verified++
		}
	}
	if len(history) == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d verified", verified, len(history))
}

// Answered says how long after its challenge the right code came, and after how many
// wrong ones, e.g. "after 9 seconds, second try". A clock that was moved back leaves the
// time out.
func Answered(after time.Duration, wrong int) string {
	took := ""
	if after >= 0 {
		took = "after " + words.Span(after)
	}
	return words.Join(", ", took, try(wrong+1))
}

// try is the n-th try in words.
func try(n int) string {
	names := []string{"first", "second", "third", "fourth", "fifth"}
	if n > len(names) {
		return humanize.Ordinal(n) + " try"
	}
	return names[n-1] + " try"
}
