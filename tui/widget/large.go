package widget

import "strings"

// largeDigits are the digits in three rows of three cells.
var largeDigits = [...][3]string{
	{"┏━┓", "┃ ┃", "┗━┛"}, {" ╻ ", " ┃ ", " ╹ "}, {"╺━┓", "┏━┛", "┗━╸"}, {"╺━┓", " ━┫", "╺━┛"}, {"╻ ╻", "┗━┫", "  ╹"},
	{"┏━╸", "┗━┓", "╺━┛"}, {"┏━╸", "┣━┓", "┗━┛"}, {"╺━┓", "  ┃", "  ╹"}, {"┏━┓", "┣━┫", "┗━┛"}, {"┏━┓", "┗━┫", "╺━┛"},
}

// Large draws a code in three rows, to read from afar. What is no digit is a gap.
func Large(code string) string {
	var rows [3]string
	for _, r := range code {
		for i := range rows {
			if r >= '0' && r <= '9' {
				rows[i] += largeDigits[r-'0'][i]
			}
			rows[i] += " "
		}
	}
	return strings.Join(rows[:], "\n")
}
