package local

import (
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
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

// The second comparison with a costly hash is a cheap one.
func TestRehash(t *testing.T) {
	costly, err := bcrypt.GenerateFromPassword([]byte("correct horse"), bcrypt.MinCost+1)
	if err != nil {
		t.Fatal(err)
	}
	u := &user{PasswordHash: string(costly)}
	if err := u.rehash("correct horse"); err != nil || !u.passwordIs("correct horse") || u.passwordIs("x") {
		t.Errorf("%q, %v", u.PasswordHash, err)
	}
	if cost, err := bcrypt.Cost([]byte(u.PasswordHash)); cost != bcrypt.MinCost || err != nil {
		t.Errorf("cost %d, %v", cost, err)
	}
}
