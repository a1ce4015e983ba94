package factors

import "testing"

func TestRefreshedCount(t *testing.T) {
	for want, n := range map[string][2]int{
		"0 factors refreshed":                 {0, 0},
		"1 factor refreshed":                  {1, 0},
		"1 factor could not be refreshed":     {0, 1},
		"2 factors could not be refreshed":    {0, 2},
		"2 factors refreshed, 1 could not be": {2, 1},
	} {
		if got := RefreshedCount(n[0], n[1]); got != want {
			t.Errorf("%v is %q, want %q", n, got, want)
		}
	}
}
