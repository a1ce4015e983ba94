package widget

import (
	"fmt"
	"testing"
)

func TestPicker(t *testing.T) {
	for _, tt := range []struct {
		p                       Picker
		first, end, page, pages int
		view                    string
	}{
		{Picker{At: 0, N: 0, Rows: 3}, 0, 0, 1, 1, ""},
		{Picker{At: 1, N: 3, Rows: 3}, 0, 3, 1, 1, "0\n[1]\n2"},
		{Picker{At: 3, N: 7, Rows: 3}, 3, 6, 2, 3, "[3]\n4\n5"},
		{Picker{At: 6, N: 7, Rows: 3}, 6, 7, 3, 3, "[6]"},
		{Picker{At: 9, N: 2, Rows: 3}, 0, 2, 1, 1, "0\n[1]"}, // the list has become shorter
		{Picker{At: -1, N: 2, Rows: 0}, 0, 1, 1, 2, "[0]"},   // no room at all
	} {
		first, end := tt.p.Page()
		page, pages := tt.p.Pages()
		view := tt.p.View(func(at int, chosen bool) string {
			if chosen {
				return fmt.Sprintf("[%d]", at)
			}
			return fmt.Sprint(at)
		})
		if first != tt.first || end != tt.end || page != tt.page || pages != tt.pages || view != tt.view {
			t.Errorf("%+v shows %d to %d, page %d of %d:\n%s", tt.p, first, end, page, pages, view)
		}
	}
}

func TestPickerMoves(t *testing.T) {
	p := Picker{At: 4, N: 7, Rows: 3}
	for by, want := range map[int]int{1: 5, -1: 3, 3: 6, -3: 1, 9: 6, -9: 0} {
		if got := p.By(by); got != want {
			t.Errorf("%d on is %d, want %d", by, got, want)
		}
	}
	if got := (Picker{}).By(1); got != 0 {
		t.Errorf("in an empty list it goes to %d", got)
	}
	for row, want := range map[int]bool{-1: false, 0: true, 2: true, 3: false} {
		if at, ok := p.Row(row); ok != want || ok && at != 3+row {
			t.Errorf("row %d is %d, %v", row, at, ok)
		}
	}
	if _, ok := (Picker{At: 6, N: 7, Rows: 3}).Row(1); ok {
		t.Error("there is something below the last line")
	}
}
