package factors

import (
	"fmt"

	"mfa-tui/store"
)

// Question asks before something that can't be undone.
type Question struct {
	Text    string // ends in a question mark
	Warning string // what happens then
}

// DeleteQuestion asks before a factor is deleted.
var DeleteQuestion = Question{"Delete this factor permanently?", "It can no longer be used to verify."}

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
