package local

import (
	"strings"
	"testing"
)

// What another program hashed is right, and nothing but it: the first is PHP's.
func TestPassword(t *testing.T) {
	long := strings.Repeat("x", maxPassword)
	hash, err := hashPassword(long)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		hash, password string
		want           bool
	}{
		{"$2y$04$InZwyk4WAe8f8g24565q1u7gab0qAeLM0.Mz5VBuFA.FvuQFaOYBW", "correct horse", true},
		{"$2y$04$InZwyk4WAe8f8g24565q1u7gab0qAeLM0.Mz5VBuFA.FvuQFaOYBW", "correct horsf", false},
		{"$2y$04$InZwyk4WAe8f8g24565q1u7gab0qAeLM0.Mz5VBuFA.FvuQFaOYBW", "", false},
		{hash, long, true},
		{hash, long + "x", false}, // of which bcrypt would read only the first part
		{hash, long[1:], false},
		{"", "", false},
		{"", "x", false},
	} {
		if u := (&user{PasswordHash: test.hash}); u.passwordIs(test.password) != test.want {
			t.Errorf("%q is the password of %q: %t", test.password, test.hash, !test.want)
		}
	}
}
