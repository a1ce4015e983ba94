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
func (l *List) DeleteQuestion() Question {
	return Question{"Delete this factor permanently at " + l.Service() + "?", "It can no longer be used to verify."}
}

// RemoveQuestion asks before factors are removed from the list.
func (l *List) RemoveQuestion(records ...store.Record) Question {
	service := l.Service()
	switch {
	case len(records) != 1:
		return Question{fmt.Sprintf("Remove all %d factors from the list?", len(records)),
			"They still exist at " + service + ". A backup is saved first, beside the factor file."}
	case records[0].UserID != "":
		return Question{"Remove this factor from the list?", "It still exists at " + service + ", where you can find it with its user."}
	}
	return Question{"Remove this factor from the list?", "It still exists at " + service + ". Save its ID: you need it to add it again."}
}

// FileAdvice says what to do about a factor file that can't be read, before trying
// again, and when the backup was written that can be restored, zero if there is none.
func FileAdvice(err error) (advice string, backup time.Time) {
	var broken *store.BrokenError
	if !errors.As(err, &broken) {
		return "Fix it", time.Time{}
	}
	if broken.Backup != "" {
		backup = broken.BackupAt
	}
	return "Nothing in it was changed. Its IDs are the only way back to the factors, so don't delete it: fix it, or move it away", backup
}
