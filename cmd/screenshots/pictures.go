package main

import "fmt"

// picture is a screen worth showing, and the way to it.
type picture struct {
	name       string
	title      string // what it shows, for those who can't see it
	cols, rows int
	lead       func(*terminal) error
}

// The keys that are not letters.
const (
	enter = "\r"
	down  = "\x1b[B"
)

// pictures are those of README.md and tui/README.md. Each begins at the list of factors. What is
// waited for last is on the last line that changes.
var pictures = []picture{
	{"list", "The list of factors, with all that is known of the chosen one beside it", 120, 16, func(t *terminal) error {
		return t.keys(step{"", "? help"})
	}},
	{"qr", "A QR code to scan, with what to do if it does not scan beside it", 84, 24, func(t *terminal) error {
		return t.keys(step{down, "› TOTP  Foo Corp"}, step{enter, "v view QR code"}, step{"v", "enter verify"})
	}},
	{"factor", "A factor with its id, its times and its last challenge", 92, 18, func(t *terminal) error {
		return t.keys(step{down + down, "› SMS"}, step{enter, "e edit label"})
	}},
	{"code", "Six cells for the code, and the test phone with the message beside them", 100, 15, func(t *terminal) error {
		code, err := receiveCode(t)
		if err != nil {
			return err
		}
		return t.keys(step{code[:3], fmt.Sprintf("│ %c ││ %c ││ %c │ │ _ │", code[0], code[1], code[2])})
	}},
	{"result", "Verified, with the challenge that was answered", 92, 13, func(t *terminal) error {
		code, err := receiveCode(t)
		if err != nil {
			return err
		}
		return t.keys(step{code, "enter factors"})
	}},
	{"confirm", "The question before a factor is deleted, with the cursor on no", 92, 15, func(t *terminal) error {
		return t.keys(step{down + down, "› SMS"}, step{"d", "←→ choose"})
	}},
}

// receiveCode challenges the phone and returns the code of the message.
func receiveCode(t *terminal) (string, error) {
	if err := t.keys(step{down + down, "› SMS"}, step{"c", "enter send"}, step{enter, "sent to"}); err != nil {
		return "", err
	}
	return t.finds(`code is\D*(\d{6})`)
}
