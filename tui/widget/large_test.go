package widget

import (
	"strings"
	"testing"
)

func TestLarge(t *testing.T) {
	want := `
 ╻  ╺━┓ ╺━┓ ╻ ╻ ┏━╸
 ┃  ┏━┛  ━┫ ┗━┫ ┗━┓
 ╹  ┗━╸ ╺━┛   ╹ ╺━┛
┏━╸ ╺━┓ ┏━┓ ┏━┓ ┏━┓
┣━┓   ┃ ┣━┫ ┗━┫ ┃ ┃
┗━┛   ╹ ┗━┛ ╺━┛ ┗━┛`
	got := "\n" + Large("12345") + "\n" + Large("67890")
	var rows []string
	for _, row := range strings.Split(got, "\n") {
		rows = append(rows, strings.TrimRight(row, " "))
	}
	if got := strings.Join(rows, "\n"); got != want {
		t.Errorf("%s", got)
	}
	if a, b := Large("12"), Large("1 2"); strings.Index(b, "\n") != strings.Index(a, "\n")+1 {
		t.Errorf("the gap is not one cell wide:\n%s", b)
	}
}
