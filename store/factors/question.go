package factors

import (
	"errors"
	"fmt"
	"time"

	"mfa-tui/store"
)

// Question is what to ask before something that can't be undone.
type Question struct {
	Text    string // ends in a question mark
	Warning string // what follows from yes
}

// DeleteQuestion asks before a factor is deleted at WorkOS and here.
func DeleteQuestion() Question {
	return Question{"Delete this factor permanently?", "It can no longer be used to verify"}
}

// RemoveQuestion asks before factors are removed from the list.
func (l *List) RemoveQuestion(records ...store.Record) Question {
	if len(records) > 1 {
		return Question{
			fmt.Sprintf("Remove all %d factors from your list?", len(records)),
			"They still exist at " + l.Service() + ". A backup is saved first",
		}
	}
	warning := "It still exists at " + l.Service() + ". Save its ID: you need it to add it again"
	if len(records) == 1 && records[0].UserID != "" {
		warning = "It still exists at " + l.Service() + ", where you can find it with its user"
	}
	return Question{"Remove this factor from your list?", warning}
}

// FileAdvice says what to do about a factor file that can't be read, and when the
// backup was written that can be restored, zero if there is none.
func FileAdvice(err error) (advice string, backup time.Time) {
	var broken *store.BrokenError
	if !errors.As(err, &broken) {
		return "fix it, then try again", time.Time{}
	}
	if broken.Backup != "" {
		backup = broken.BackupAt
	}
	return "nothing in it was changed; its IDs are the only way back to the factors, so don't delete it: fix it, or move it away, then try again", backup
}
