package guard_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"mfa-tui/workos/guard"
)

func TestParse(t *testing.T) {
	if n, err := guard.Parse(strconv.Atoi, "5"); n != 5 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := guard.Parse(strconv.Atoi, "x"); !errors.Is(err, strconv.ErrSyntax) {
		t.Errorf("its own error became %v", err)
	}
	first := func(text []byte) (byte, error) { return text[0], nil }
	if b, err := guard.Parse(first, nil); b != 0 || err == nil || !strings.Contains(err.Error(), "can't be read: mfa-tui has a fault (runtime error: index out of range") {
		t.Errorf("%d, %v", b, err)
	}
}
