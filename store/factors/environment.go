package factors

import (
	"context"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize/english"

	"mfa-tui/store"
	"mfa-tui/store/factors/words"
)

// Elsewhere says which factors the factor file has in other environments, such as
// "3 factors of client_1, 1 factor of the local engine". It is empty if there are none.
func (l *List) Elsewhere() string {
	const most = 3
	var parts []string
	others := l.Store.Others()
	for i, e := range others {
		if i == most && len(others) > most+1 {
			parts = append(parts, fmt.Sprintf("more in %d other environments", len(others)-most))
			break
		}
		name := words.Clean(e.Name)
		if e.Name == store.Local {
			name = "the local engine"
		}
		parts = append(parts, EnvironmentCount(e)+" of "+name)
	}
	return strings.Join(parts, ", ")
}

// EnvironmentCount is how many factors an environment has, in words.
func EnvironmentCount(e store.Environment) string {
	if e.Err != "" {
		return "factors that can't be read"
	}
	return english.Plural(e.Factors, "factor", "")
}

// MoveHere moves all factors of another environment to this list. A factor that both
// have is merged.
func (l *List) MoveHere(ctx context.Context, from string) (store.Moved, error) {
	ctx, cancel := finishing(ctx)
	defer cancel()
	return l.Store.Move(ctx, from, l.Store.Environment())
}

// MoveQuestion asks before the factors of another environment are moved to this list.
func (l *List) MoveQuestion(e store.Environment) Question {
	return Question{
		Text: fmt.Sprintf("Move %s of %s to this list?", EnvironmentCount(e), words.Clean(e.Name)),
		Warning: fmt.Sprintf("This list is %s. Move them only if both names mean the same environment: otherwise %s will not know these factors.",
			words.Clean(l.Store.Environment()), l.Service()),
	}
}

// Moved says what a move did.
func Moved(m store.Moved, from, to string) string {
	text := fmt.Sprintf("moved %s from %s to %s", english.Plural(m.Factors, "factor", ""), words.Clean(from), words.Clean(to))
	if m.Merged > 0 {
		text += fmt.Sprintf(", %d merged", m.Merged)
	}
	return text
}
