package factors_test

import (
	"testing"

	"mfa-tui/store"
	"mfa-tui/store/factors"
	"mfa-tui/workos"
)

func TestRefreshedCount(t *testing.T) {
	for want, n := range map[string][2]int{
		"0 factors refreshed":                 {0, 0},
		"1 factor refreshed":                  {1, 0},
		"1 factor could not be refreshed":     {0, 1},
		"2 factors could not be refreshed":    {0, 2},
		"2 factors refreshed, 1 could not be": {2, 1},
	} {
		if got := factors.RefreshedCount(n[0], n[1]); got != want {
			t.Errorf("%v is %q, want %q", n, got, want)
		}
	}
}

// A question about a factor says whose it is, if that is known; no other does.
func TestQuestionNamesTheOwner(t *testing.T) {
	fx := newFixture(t)
	for _, tt := range []struct {
		q     factors.Question
		owner string
		want  string
	}{
		{factors.DeleteQuestion, "", "Delete this factor permanently?"},
		{factors.DeleteQuestion, "ada@b.co", "Delete this factor of ada@b.co permanently?"},
		{fx.RemoveQuestion(store.Record{}), "ada@b.co", "Remove this factor of ada@b.co from the list?"},
		{factors.DeleteUserQuestion(workos.User{Email: "ada@b.co"}), "ada@b.co", "Delete the user ada@b.co?"},
	} {
		if got := tt.q.Of(tt.owner); got != tt.want {
			t.Errorf("of %q: %s, want %s", tt.owner, got, tt.want)
		}
	}
}
